// A list that opens while one writes: a sign (a slash, an @) and the beginning of a word open it, arrows and Enter put something
// in at the caret. The keyboard stays in the text; the list is told to screen readers by the text's active descendant.

import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Keys } from "../design/button";
import { t } from "../text";

const MOST = 30;

/** What is looked for, and where its sign stands. */
export type Asked = (text: string, caret: number) => { from: number; words: string } | null;

interface Kind<T> {
  asked: Asked;
  find: (words: string) => readonly T[];
  /** Words for the place of the sign; and what of them is to be written over at once. */
  put: (one: T) => { text: string; over?: { from: number; to: number } | undefined };
  /** Open even when nothing is found, as long as only the sign was typed. */
  always?: boolean;
}

export interface Typed<T> {
  readonly id: string;
  readonly found: readonly T[];
  readonly chosen: number;
  readonly open: boolean;
  /** Look again where the caret is. */
  look(): void;
  shut(): void;
  choose(at: number): void;
  insert(one: T | undefined): void;
  /** True when the key was for the list. */
  pressed(event: KeyboardEvent): boolean;
}

export function useTyped<T>(area: RefObject<HTMLTextAreaElement | null>, kind: Kind<T>): Typed<T> {
  const id = useId();
  const [words, setWords] = useState<string | null>(null);
  const [chosen, setChosen] = useState(0);
  /** Where a sign was waved away; it stays a sign until it is typed anew. */
  const refused = useRef(-1);
  const found = words === null ? [] : kind.find(words).slice(0, MOST);
  const open = words !== null && (found.length > 0 || (words === "" && kind.always === true));

  const look = () => {
    const text = area.current;
    const asked = text && text.selectionStart === text.selectionEnd ? kind.asked(text.value, text.selectionStart) : null;
    if (!asked || asked.from !== refused.current) refused.current = -1;
    const next = asked && refused.current < 0 ? asked.words : null;
    if (next !== words) setWords(next), setChosen(0);
  };
  const shut = () => setWords(null);
  const insert = (one: T | undefined) => {
    const text = area.current;
    const asked = text && kind.asked(text.value, text.selectionStart);
    if (!one || !text || !asked) return shut();
    const { text: said, over } = kind.put(one);
    const behind = text.value.slice(text.selectionStart);
    shut();
    type(text, asked.from, text.selectionStart, said + (/^\s/.test(behind) || said.endsWith("\n") ? "" : " "));
    if (over) text.setSelectionRange(asked.from + over.from, asked.from + over.to);
  };
  const pressed = (event: KeyboardEvent): boolean => {
    if (!open) return false;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape") (refused.current = kind.asked(area.current!.value, area.current!.selectionStart)?.from ?? -1), shut();
    else if (!found.length) return false;
    else if (event.key in steps) setChosen((chosen + steps[event.key]! + found.length) % found.length);
    else if ((event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && !event.shiftKey)) insert(found[chosen]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { id, found, chosen, open, look, shut, choose: setChosen, insert, pressed };
}

/** As if typed, so that the browser's own undo knows it. */
function type(area: HTMLTextAreaElement, from: number, to: number, words: string): void {
  area.focus();
  area.setSelectionRange(from, to);
  if (document.execCommand?.("insertText", false, words)) return;
  area.setRangeText(words, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function TypedList<T>({ list, label, count, keyOf, empty, children }: {
  list: Typed<T>;
  label: string;
  /** How many were found, in words. */
  count: string;
  keyOf: (one: T) => string;
  empty?: ComponentChildren;
  children: (one: T) => ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const option = box.current?.querySelector("[aria-selected=true]");
    if (option && "scrollIntoView" in option) option.scrollIntoView({ block: "nearest" });
  }, [list.chosen, list.found]);
  if (!list.open) return null;
  return (
    <div class="picker" onPointerDown={(event) => event.preventDefault()}>
      {list.found.length > 0 ? (
        <div class="picker-list" role="listbox" id={list.id} aria-label={label} ref={box}>
          {list.found.map((one, at) => (
            <div key={keyOf(one)} class="picker-option" role="option" id={`${list.id}-${at}`} aria-selected={at === list.chosen}
              onPointerMove={() => at !== list.chosen && list.choose(at)} onClick={() => list.insert(one)}>
              {children(one)}
            </div>
          ))}
        </div>
      ) : <p class="picker-none quiet">{empty}</p>}
      <p class="picker-foot quiet">
        <span role="status" class="unseen">{count}</span>
        <span><Keys keys="↑ ↓" /> {t("canned.walk")}</span> <span><Keys keys="enter" /> {t("canned.insert")}</span> <span><Keys keys="esc" /> {t("canned.away")}</span>
      </p>
    </div>
  );
}
