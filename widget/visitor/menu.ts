/**
 * The menu of the panel: end, download, sound, and what is stored.
 *
 * A menu in the sense of WAI-ARIA would need arrow keys that nobody expects of four buttons; these are plain buttons
 * in a group, reached by Tab. What cannot be undone is asked for once more, in place.
 */

import type { Desk } from "./desk.ts";
import type { Words } from "./sentences.ts";
import css from "./menu.css?text";

export default function menu(desk: Desk, words: Words) {
  const { el, on, press } = desk;
  desk.style(css);
  const group = el("div", "menu", { role: "group", hidden: "" });
  desk.places.head.append(group);
  let opener: HTMLElement | undefined;

  const fold = (back?: boolean) => {
    if (group.hidden) return;
    group.hidden = true;
    opener?.setAttribute("aria-expanded", "false");
    if (back) opener?.focus();
  };
  const item = (text: string, run: () => void) => press("item", "", run, text);
  const act = (text: string, run: () => void) => item(text, () => (fold(true), run()));

  const sure = () => {
    group.replaceChildren(el("p", "sure", {}, words.end_sure), act(words.end, desk.end), act(words.cancel, () => {}));
    group.querySelector("button")?.focus();
  };

  const transcript = (conversation: string) => {
    const client_id = desk.newId();
    const heard = desk.guard((frame: { t: string; client_id?: string | null; url?: string }) => {
      if (frame.client_id !== client_id) return;
      desk.hear.delete(heard);
      // The address answers with an attachment: the tab it opens in closes by itself.
      if (frame.t === "link") el("a", "", { href: new URL(frame.url!, desk.origin).href, target: "_blank", rel: "noopener", download: "" }).click();
    }) as Parameters<typeof desk.hear.add>[0];
    desk.hear.add(heard);
    desk.send({ t: "transcript", client_id, conversation, language: desk.language, zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  };

  /** The same by e-mail, to an address that is asked for in the menu's place. */
  const byMail = (conversation: string) => {
    const client_id = desk.newId();
    const input = el("input", "field", { type: "email", autocomplete: "email", maxlength: "320", placeholder: words.email, "aria-label": words.email, dir: "auto" });
    const said = el("p", "sure", { role: "status" }, words.by_mail);
    const form = el("form", "by-mail", { novalidate: "" }, input, el("button", "offer solid", { type: "submit" }, desk.texts.send));
    input.value = desk.notes.get("gave") ?? "";
    const heard = desk.guard((frame: { t: string; client_id?: string | null; code?: string }) => {
      if (frame.client_id !== client_id) return;
      if (frame.t === "noted") {
        desk.hear.delete(heard);
        form.remove();
      }
      desk.write(said, frame.t === "noted" ? desk.fill(words.by_mail_done, { to: `\u2068${input.value.trim()}\u2069` })
        : frame.code === "rate_limited" ? words.by_mail_often : frame.code === "bad_request" ? words.need_email : desk.texts.unavailable);
    }) as Parameters<typeof desk.hear.add>[0];
    desk.hear.add(heard);
    on(form, "submit", (event: Event) => {
      event.preventDefault();
      const email = input.value.trim();
      if (!/^[^\s@]+@[^\s@.]+\.[^\s@]+$/.test(email)) return desk.write(said, words.need_email);
      if (!desk.send({ t: "transcript", client_id, conversation, language: desk.language, email })) desk.write(said, desk.texts.offline);
    });
    group.replaceChildren(said, form);
    input.focus();
  };

  const items = () => {
    const { talk } = desk.room();
    const { tracking = "on", up } = desk.around();
    const muted = desk.lasting.get("mute");
    return [
      ...(talk && up ? [act(words.transcript, () => transcript(talk.id))] : []),
      ...(talk && up && desk.around().site.mails ? [item(words.by_mail, () => byMail(talk.id))] : []),
      act(muted ? words.sound_on : words.sound_off, () => desk.lasting.set("mute", muted ? null : "1")),
      ...(up ? [act(words.mine, () => desk.part("mine", (mine) => mine.open()))] : []),
      act(tracking === "on" ? words.track_off : words.track_on, () => desk.decide(tracking !== "on")),
      ...(desk.live() ? [item(words.end, sure)] : []),
    ];
  };

  on(desk.places.head, "keydown", (event: KeyboardEvent) => {
    if (event.key !== "Escape" || group.hidden) return;
    event.stopPropagation(); // the first Escape folds the menu, the next one the panel
    fold(true);
  });
  on(desk.places.panel, "focusout", ({ target, relatedTarget }: FocusEvent) => {
    if (group.contains(target as Node) && relatedTarget && !group.contains(relatedTarget as Node) && relatedTarget !== opener) fold();
  });
  on(desk.places.panel, "pointerdown", ({ target }: Event) => {
    if (!group.contains(target as Node) && !opener?.contains(target as Node)) fold();
  });

  return {
    unfold(button: HTMLElement) {
      if (!group.hidden) return fold(true);
      opener = button;
      group.setAttribute("aria-label", desk.texts.more);
      group.replaceChildren(...items());
      group.hidden = false;
      button.setAttribute("aria-expanded", "true");
      group.querySelector("button")?.focus();
    },
  };
}
