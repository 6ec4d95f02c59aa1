// Where the words of a search stand in a text, by the rule of the hub's index: a word is a run of letters, digits and marks; case
// and diacritics do not count; the last word typed may be the beginning of one.

export interface Span {
  readonly from: number;
  readonly to: number;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const fold = (word: string): string => word.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

/** Words of what was typed; `begins` says of each whether it may go on. */
function terms(typed: string): { word: string; begins: boolean }[] {
  const found = [...typed.matchAll(WORD)];
  const open = /[\p{L}\p{N}\p{M}]$/u.test(typed.trimEnd());
  return found.map((one, at) => ({ word: fold(one[0]), begins: open && at === found.length - 1 }));
}

export function marks(text: string, typed: string): Span[] {
  const wanted = terms(typed);
  if (!wanted.length) return [];
  return [...text.matchAll(WORD)]
    .filter(([word]) => wanted.some((one) => (one.begins ? fold(word).startsWith(one.word) : fold(word) === one.word)))
    .map((one) => ({ from: one.index, to: one.index + one[0].length }));
}
