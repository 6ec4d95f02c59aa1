/**
 * Where the visitor writes.
 *
 * Enter sends, Shift+Enter begins a line, and an Enter that only confirms what an input method proposes does neither.
 * The text survives a page change. Typing is told at its start and at its end, not per key.
 */

import type { Desk } from "./desk.ts";
import type { Tray } from "./files.ts";
import { el, ICONS, icon, on, press } from "./dom.ts";
import type { Texts } from "./texts.ts";

/** Milliseconds without a key after which the visitor no longer types. */
const PAUSE = 4_000;
export const MAX_TEXT = 8_000;

export interface Composer {
  element: HTMLElement;
  /** Files to go with the next message. */
  add(files: Iterable<File>): void;
  /** The panel was opened; with `focus` to write. */
  show(focus: boolean): void;
}

export function composer(desk: Desk, texts: Texts): Composer {
  const input = el("textarea", "input", {
    rows: "1", placeholder: texts.write, "aria-label": texts.write, dir: "auto", enterkeyhint: "send", autocomplete: "off",
  });
  const send = el("button", "send", { type: "submit", "aria-label": texts.send, title: texts.send }, icon(ICONS.send));
  const picker = el("input", "", { type: "file", multiple: "", hidden: "" });
  const attach = press("tool", texts.attach, () => picker.click(), icon(ICONS.attach));
  const smile = press("tool", texts.emoji, () => desk.part("emoji", (emoji) => emoji.unfold(smile)), icon(ICONS.smile));
  const shelf = el("div", "tray");
  const full = el("p", "full", { role: "alert" });
  const element = el("form", "composer", {}, full, shelf, el("div", "box", {}, attach, picker, input, smile, send));
  let tray: Tray | undefined;
  let wanted = false; // to be sent when the files have arrived
  Object.assign(desk.places, { tray: shelf, input });

  let typing = false;
  let timer: ReturnType<typeof setTimeout>;
  const types = (on: boolean) => {
    clearTimeout(timer);
    if (on !== typing) desk.types((typing = on));
    if (on) timer = setTimeout(types, PAUSE, false);
  };

  const fit = () => {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`; // five lines at most: max-height
    send.disabled = !input.value.trim() && !tray?.any();
  };

  const add = (files: Iterable<File>) => {
    const list = [...files]; // a list of files empties with its input
    if (!list[0]) return;
    desk.part("files", (files) => {
      tray = files;
      files.add(list, () => {
        fit();
        if (wanted) submit();
      });
    });
  };

  // Never cut what somebody wrote or pasted: say that it is too long, and let them decide what goes.
  const tooLong = () => {
    const { data } = desk.around().features.find(({ name }) => name === "text") ?? {};
    return input.value.trim().length > ((data as { max_length?: number } | undefined)?.max_length ?? MAX_TEXT);
  };

  const submit = () => {
    wanted = !!tray?.busy();
    if (wanted || (!input.value.trim() && !tray?.any())) return;
    if (desk.places.gate?.() === false) return;
    full.textContent = tooLong() ? texts.too_long : desk.say(input.value, tray?.ready()) ? "" : texts.full;
    if (full.textContent) return;
    input.value = "";
    tray?.clear();
    types(false);
    desk.notes.set("draft", null);
    fit();
  };

  input.value = desk.notes.get("draft") ?? "";
  on(input, "input", () => {
    fit();
    types(!!input.value);
    desk.notes.set("draft", input.value || null);
  });
  on(input, "blur", () => types(false));
  on(picker, "change", () => (add(picker.files ?? []), (picker.value = "")));
  on(input, "paste", (event: ClipboardEvent) => {
    const files = event.clipboardData?.files ?? [];
    if (files[0]) add(files), event.preventDefault();
  });
  on(input, "keydown", (event: KeyboardEvent) => {
    // 229: Safari ends the composition before the Enter that did so arrives.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  on(element, "submit", (event: SubmitEvent) => {
    event.preventDefault();
    submit();
    input.focus();
  });
  return {
    element,
    add,
    show(focus) {
      fit();
      if (focus) input.focus({ preventScroll: true });
    },
  };
}
