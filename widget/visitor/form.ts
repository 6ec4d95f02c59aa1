/**
 * What the visitor may tell before the first word, and how they want the answer when nobody is there.
 *
 * Never a gate: the text field below works all the while, and everything is optional but the one address that an
 * answer by e-mail or phone cannot do without. Only what nobody has told yet is asked.
 */

import type { AnswerBy } from "../wire/visitor.ts";
import type { Desk } from "./desk.ts";
import css from "./form.css?text";
import type { Words } from "./sentences.ts";

type Field = "name" | "email" | "phone";

const KIND: Record<Field, [type: string, autocomplete: string, most: string]> = {
  name: ["text", "name", "200"],
  email: ["email", "email", "320"],
  phone: ["tel", "tel", "50"],
};
/** Enough to catch a slip of the finger; who can be reached is not known before somebody tries. */
const GOOD: Record<Field, RegExp> = { name: /./, email: /^[^\s@]+@[^\s@.]+\.[^\s@]+$/, phone: /(\d.*){5}/ };

export default function form(desk: Desk, words: Words) {
  const { el, fill, icon, notes, on, press } = desk;
  desk.style(css);
  const box = el("div", "form");
  const came = el("p", "came", { role: "status" });
  const wrong = el("p", "why", { role: "alert", id: "wrong" });
  const inputs = new Map<Field, HTMLInputElement>();
  desk.places.shelf.append(box, came);
  let shown = "";
  let by: AnswerBy = "here";
  let skipped = !!notes.get("skipped");

  const field = (name: Field) => {
    const [type, autocomplete, maxlength] = KIND[name];
    const known = inputs.get(name)?.value || desk.opening()[name] || "";
    const input = el("input", "field", { type, autocomplete, maxlength, placeholder: words[name], "aria-label": words[name], dir: "auto" });
    input.value = known;
    on(input, "keydown", (event: KeyboardEvent) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      desk.places.input.focus();
    });
    on(input, "input", () => {
      wrong.textContent = "";
      input.removeAttribute("aria-invalid");
    });
    inputs.set(name, input);
    return input;
  };
  const fields = (...names: Field[]) => el("div", "fields", {}, ...names.map(field));

  const before = (ask: readonly Field[]) => [
    el("div", "form-head", {}, el("p", "form-title", {}, words.who), press("tool", words.skip, skip, icon("m8 8 8 8m0-8-8 8", 16))),
    fields(...ask),
  ];
  const skip = () => {
    skipped = true;
    notes.set("skipped", "1");
    update();
    desk.places.input.focus();
  };

  /** Nobody is there, or all have their hands full: a sentence that promises only what the opening hours say, and the choice. */
  const away = (ask: readonly Field[]) => {
    const { opens, answers = [], attended } = desk.around().site;
    const when = opens && new Intl.DateTimeFormat(words.locale, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }).format(opens);
    const title = el("p", "form-title", {}, when ? fill(words.opens, { when }) : attended ? words.all_busy : words.nobody);
    if (!answers.includes(by)) by = answers[0] ?? "here";
    const needs: Field[] = ask.filter((name) => name === "name");
    if (by === "email" && ask.includes("email")) needs.push("email");
    if (by === "phone") needs.push("phone");
    const ways = el("div", "ways", { role: "radiogroup", "aria-label": words.answer_how }, ...answers.map(way));
    return [title, ...(answers.length > 1 ? [el("p", "how", { "aria-hidden": "true" }, words.answer_how), ways] : []), ...(by === "here" ? [] : [fields(...needs)])];
  };
  const way = (one: AnswerBy) => {
    const radio = el("input", "", { type: "radio", name: "by" });
    radio.checked = one === by;
    on(radio, "change", () => {
      by = one;
      shown = "";
      update();
      box.querySelector<HTMLElement>("input:checked")?.focus();
    });
    return el("label", "way", {}, radio, words[`by_${one}`]);
  };

  /** Before the message goes out: what was told goes with it. */
  desk.places.gate = () => {
    if (desk.live() || box.hidden) return true;
    const given: Partial<Record<Field, string>> = {};
    for (const [name, input] of inputs) if (input.isConnected && input.value.trim()) given[name] = input.value.trim();
    for (const [name, value] of Object.entries(given) as [Field, string][]) if (!GOOD[name].test(value)) return refuse(name);
    const need = by === "here" ? null : by;
    if (given.email) notes.set("gave", given.email);
    if (need && inputs.get(need)?.isConnected && !given[need]) return refuse(need);
    desk.opening({ ...given, ...(shown.startsWith("away") && { answer_by: by }) });
    notes.set("answer", shown.startsWith("away") ? JSON.stringify({ by, to: (need && given[need]) || "" }) : null);
    return true;
  };
  const refuse = (name: Field) => {
    const input = inputs.get(name)!;
    wrong.textContent = name === "phone" ? words.need_phone : words.need_email;
    input.setAttribute("aria-invalid", "true");
    input.focus();
    return false;
  };

  const update = () => {
    const { site, ask = [], up } = desk.around();
    const { talk } = desk.room();
    const begun = !!desk.live() || desk.entries().some(({ frame }) => frame.t === "open");
    const absent = !site.attended || site.open === false;
    // Whoever was invited has a hand held free for them.
    const leave = absent || (site.full && !desk.opening().invitation);
    const asks: readonly Field[] = skipped ? [] : ask;
    const next = begun || (!up && !shown) ? "" : leave ? `away ${by} ${ask} ${site.opens} ${site.answers} ${site.attended}` : asks.length && !talk ? `ask ${asks}` : "";
    if (next !== shown) {
      shown = next;
      wrong.textContent = "";
      box.replaceChildren(...(next.startsWith("away") ? away(ask) : next ? before(asks) : []), ...(next ? [wrong] : []));
    }
    box.hidden = !next;
    const { by: way, to } = JSON.parse(notes.get("answer") ?? "{}") as { by?: AnswerBy; to?: string };
    const waits = begun && (absent || (site.full && way && way !== "here")) && talk?.status !== "open";
    const place = (address?: string | null) => ({ to: address ? ` (\u2068${address}\u2069)` : "" });
    const gave = begun && talk?.status !== "open" && site.mails && notes.get("gave");
    desk.write(came, waits ? fill(words[`come_${way ?? "here"}`], place(to)) : gave ? fill(words.leave_email, place(gave)) : "");
  };
  return { update };
}
