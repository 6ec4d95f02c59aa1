// What the customer of a conversation has volunteered, and the marks on a text that would ask for it again.
//
// The table of words is loaded beside the sheet, after the desk stands: until both are there nothing is marked and nothing waits.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ConversationRow, Id } from "../../wire/console";
import type { SheetPage } from "../../wire/sheet";
import { api } from "./api";
import type { Again } from "./asking";

/** What the customers of the conversations on the desk have said, by customer. */
export const sheets = signal<ReadonlyMap<Id, SheetPage>>(new Map());
const rule = signal<typeof import("./asking") | null>(null);

/** Keeps the sheet of a conversation that is open: asked anew after each word of the customer's. */
export function useSheet(row: ConversationRow): void {
  const heard = row.last_author === "visitor" ? row.last_at : null;
  useEffect(() => {
    let wanted = true;
    api.sheet(row.id).then((page) => wanted && (sheets.value = new Map(sheets.value).set(row.customer, page)), () => undefined);
    if (!rule.value) void import("./asking").then((found) => (rule.value = found), () => undefined);
    return () => void (wanted = false);
  }, [row.id, row.customer, row.case, heard]);
}

/** What of these words was said already; `passes` is asked when they are to be sent, and holds them back once. */
export function useAgain(row: ConversationRow, text: string, note: boolean): { found: Again[]; held: boolean; passes: (words: string) => boolean } {
  const shown = useRef("");
  const told = (words: string): Again[] => {
    const sheet = sheets.value.get(row.customer);
    return note || !sheet || !rule.value ? [] : rule.value.again(words, sheet);
  };
  const passes = (words: string): boolean => {
    if (!told(words).length || shown.current === words) return true;
    shown.current = words;
    sheets.value = new Map(sheets.value); // drawn anew, with the second way to send it
    return false;
  };
  return { found: text.trim() ? told(text) : [], held: shown.current !== "" && shown.current === text.trim(), passes };
}
