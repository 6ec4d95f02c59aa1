/**
 * Going to a page that an operator suggested, and back again with what was typed.
 *
 * What stood in the form fields of the page that is left is kept for this tab only, and put back when the visitor
 * returns. Passwords, card numbers, hidden fields and files are left alone.
 */

import type { Desk } from "./desk.ts";
import type { Words } from "./sentences.ts";
import css from "./push.css?text";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Kept {
  n: number;
  name: string;
  type: string;
  value: string;
  checked: boolean;
}

const MOST = 200;
const SECRET = /pass|card|cvc|cvv|iban|\bpin\b|secret|token|otp/i;

/** The fields of the page that may be kept. */
export const controls = (page: ParentNode): Control[] =>
  [...page.querySelectorAll<Control>("input, textarea, select")].slice(0, MOST).filter(({ type, name, id, autocomplete }) =>
    !/^(password|hidden|file|submit|button|reset|image)$/.test(type) && !/^cc-|password|one-time/.test(autocomplete) && !SECRET.test(`${name} ${id}`));

export const keep = (page: ParentNode): Kept[] =>
  controls(page).map((control, n) => ({
    n, name: control.name || control.id, type: control.type, value: control.value.slice(0, 5_000), checked: !!(control as HTMLInputElement).checked,
  }));

/** Puts values back where the same fields are; the page's own code hears of it. */
export function restore(page: ParentNode, kept: readonly Kept[]): void {
  const all = controls(page);
  for (const { n, name, type, value, checked } of kept) {
    const control = all[n];
    if (!control || (control.name || control.id) !== name || control.type !== type) continue;
    const box = control as HTMLInputElement;
    const same = /^(checkbox|radio)$/.test(type) ? box.checked === checked : control.value === value;
    if (same) continue;
    if (/^(checkbox|radio)$/.test(type)) box.checked = checked;
    else control.value = value;
    for (const event of ["input", "change"]) control.dispatchEvent(new Event(event, { bubbles: true }));
  }
}

export default function push(desk: Desk, words: Words) {
  const { el, icon, notes, press } = desk;
  desk.style(css);

  /** Where one came from: a chip that stays until it is used or sent away. */
  const chip = (url: string) => {
    const element = el("div", "back", { lang: desk.language },
      press("back-go", "", () => location.assign(url), icon("M19 12H5m5-5-5 5 5 5", 18), words.back),
      press("tool", words.dismiss, () => {
        element.remove();
        notes.set("back", null);
      }, icon("m8 8 8 8m0-8-8 8", 16)));
    desk.frame.prepend(element);
  };

  return {
    go(url: string) {
      if (url.split("#")[0] === location.href.split("#")[0]) return location.assign(url);
      notes.set("back", JSON.stringify({ url: location.href, fields: keep(document) }));
      location.assign(url);
    },
    back() {
      const { url, fields } = JSON.parse(notes.get("back")!) as { url: string; fields: Kept[] };
      if (!/^https?:/.test(url)) return;
      if (url !== location.href) return chip(url);
      notes.set("back", null);
      restore(document, fields);
    },
  };
}
