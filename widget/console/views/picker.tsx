// Canned replies at hand while one writes: a slash at the beginning of a word opens the list, arrows and Enter put one in
// at the caret. The keyboard stays in the text; the list is told to screen readers by the text's active descendant.

import type { RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CannedReply, ConversationRow } from "../../wire/console";
import { Keys } from "../design/button";
import { asked, filled, gaps, type Known } from "../state/canned";
import { type Hub, useHub } from "../state/hub";
import { t } from "../text";

const MOST = 30;

export interface Picker {
  readonly id: string;
  readonly replies: readonly CannedReply[];
  readonly chosen: number;
  readonly open: boolean;
  /** Look again where the caret is. */
  look(): void;
  shut(): void;
  choose(at: number): void;
  insert(reply: CannedReply | undefined): void;
  /** True when the key was for the list. */
  pressed(event: KeyboardEvent): boolean;
}

export function knownOf(hub: Hub, row: ConversationRow): Known {
  return { row, visitor: hub.visitor(row.visitor), operator: hub.me.value.name, siteNames: hub.siteNames.value };
}

export function usePicker(row: ConversationRow, area: RefObject<HTMLTextAreaElement | null>): Picker {
  const hub = useHub();
  const id = useId();
  const [words, setWords] = useState<string | null>(null);
  const [chosen, setChosen] = useState(0);
  /** Where a slash was waved away; it stays a slash until it is typed anew. */
  const refused = useRef(-1);
  const replies = words === null ? [] : hub.canned.find(words, row.queue).slice(0, MOST);
  const open = words !== null && (replies.length > 0 || words === "");

  const look = () => {
    const text = area.current;
    const found = text && text.selectionStart === text.selectionEnd ? asked(text.value, text.selectionStart) : null;
    if (!found || found.from !== refused.current) refused.current = -1;
    const next = found && refused.current < 0 ? found.words : null;
    if (next !== words) setWords(next), setChosen(0);
  };
  const shut = () => setWords(null);
  const insert = (reply: CannedReply | undefined) => {
    const text = area.current;
    const found = text && asked(text.value, text.selectionStart);
    if (!reply || !text || !found) return shut();
    const said = filled(reply.text, knownOf(hub, row));
    const behind = text.value.slice(text.selectionStart);
    hub.canned.used(reply.id);
    shut();
    type(text, found.from, text.selectionStart, said + (/^\s/.test(behind) || said.endsWith("\n") ? "" : " "));
    const first = gaps(said)[0];
    if (first) text.setSelectionRange(found.from + first.from, found.from + first.to);
  };
  const pressed = (event: KeyboardEvent): boolean => {
    if (!open) return false;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape") (refused.current = asked(area.current!.value, area.current!.selectionStart)?.from ?? -1), shut();
    else if (!replies.length) return false;
    else if (event.key in steps) setChosen((chosen + steps[event.key]! + replies.length) % replies.length);
    else if ((event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && !event.shiftKey)) insert(replies[chosen]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { id, replies, chosen, open, look, shut, choose: setChosen, insert, pressed };
}

/** As if typed, so that the browser's own undo knows it. */
function type(area: HTMLTextAreaElement, from: number, to: number, words: string): void {
  area.focus();
  area.setSelectionRange(from, to);
  if (document.execCommand?.("insertText", false, words)) return;
  area.setRangeText(words, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function PickerList({ picker, row }: { picker: Picker; row: ConversationRow }) {
  const hub = useHub();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const option = list.current?.querySelector("[aria-selected=true]");
    if (option && "scrollIntoView" in option) option.scrollIntoView({ block: "nearest" });
  }, [picker.chosen, picker.replies]);
  if (!picker.open) return null;
  const known = knownOf(hub, row);
  return (
    <div class="picker" onPointerDown={(event) => event.preventDefault()}>
      {picker.replies.length > 0 ? (
        <div class="picker-list" role="listbox" id={picker.id} aria-label={t("canned.pick")} ref={list}>
          {picker.replies.map((reply, at) => (
            <div key={reply.id} class="picker-option" role="option" id={`${picker.id}-${at}`} aria-selected={at === picker.chosen}
              onPointerMove={() => at !== picker.chosen && picker.choose(at)} onClick={() => picker.insert(reply)}>
              <span class="picker-head">
                <b dir="auto">/{reply.shortcut}</b>
                {reply.title && <span class="cut" dir="auto">{reply.title}</span>}
                <span class="tag">{t(reply.owner ? "canned.own" : "canned.shared")}</span>
              </span>
              <span class="picker-text cut" dir="auto"><Marked text={filled(reply.text, known)} /></span>
            </div>
          ))}
        </div>
      ) : <p class="picker-none quiet">{t("canned.none.yet")}</p>}
      <p class="picker-foot quiet">
        <span role="status" class="unseen">{t("canned.found", { count: picker.replies.length })}</span>
        <span><Keys keys="↑ ↓" /> {t("canned.walk")}</span> <span><Keys keys="enter" /> {t("canned.insert")}</span> <span><Keys keys="esc" /> {t("canned.away")}</span>
      </p>
    </div>
  );
}

/** The text, with the places that are still open marked. */
export function Marked({ text }: { text: string }) {
  let end = 0;
  const parts = gaps(text).flatMap(({ from, to }) => {
    const before = text.slice(end, from);
    end = to;
    return [before, <mark class="gap" key={from}>{text.slice(from, to)}</mark>];
  });
  return <>{parts}{text.slice(end)}</>;
}
