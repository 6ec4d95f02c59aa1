// How the evidence is drawn: what happened on one side, what it carries on the other, a line for each "carries". Pure.
//
// Two columns stay readable where a cloud of dots does not, and are a list for whoever cannot see the lines. What is many is
// folded: touchpoints that carry the same become one box, browsers that did the same become one, and behind the last place
// stands the rest. Nothing depends on chance, so the picture of a record is the same every time.

import type { Explanation, Level, WhyTouch } from "../../../wire/evidence";

/** Boxes in a column, the one for all others included. */
export const MOST = 9;

export interface TouchBox {
  readonly id: string;
  /** Places in `Explanation.touches`, oldest first. */
  readonly touches: readonly number[];
  /** Touchpoints it stands for. */
  readonly count: number;
  /** It stands for what had no place of its own. */
  readonly rest: boolean;
}

export interface KeyBox {
  readonly id: string;
  /** Places in `Explanation.identifiers`. */
  readonly identifiers: readonly number[];
  /** Place in `Explanation.links`, where it is a decision. */
  readonly link: number | null;
  readonly rest: boolean;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  /** The surest of what it stands for. */
  readonly level: Level;
  /** Counts as evidence of who this is. */
  readonly joins: boolean;
}

export interface Picture {
  readonly touches: readonly TouchBox[];
  readonly keys: readonly KeyBox[];
  readonly lines: readonly Line[];
}

const SURE: readonly Level[] = ["verified", "observed", "asserted"];
const BROWSERS = new Set(["device", "session"]);

interface Group {
  readonly places: number[];
  readonly count: number;
}

export function picture(said: Explanation, most = MOST): Picture {
  const touches = columns(groupTouches(said), most);
  const boxOf = new Map<number, number>();
  touches.forEach((box, at) => box.places.forEach((place) => boxOf.set(place, at)));
  const keys = groupKeys(said, boxOf);
  const decisions = (said.links ?? []).flatMap((link, at) => (link.decision ? [{ link: at, places: link.touches }] : []));
  const shown = columns(keys, Math.max(2, most - Math.min(decisions.length, most - 2)));
  const touchBoxes = touches.map((group, at): TouchBox => ({ id: `t${at}`, touches: group.places, count: group.count, rest: group.rest }));
  const keyBoxes: KeyBox[] = [
    ...decisions.slice(0, most - 2).map((one): KeyBox => ({ id: `d${one.link}`, identifiers: [], link: one.link, rest: false })),
    ...shown.map((group, at): KeyBox => ({ id: `k${at}`, identifiers: group.places, link: null, rest: group.rest })),
  ];
  const lines = linesOf(said, touchBoxes, keyBoxes);
  return { touches: touchBoxes, keys: untangled(keyBoxes, touchBoxes, lines), lines };
}

/** Touchpoints of a kind that carry the same stand together; the order is that of the first of each. */
function groupTouches(said: Explanation): Group[] {
  const groups = new Map<string, number[]>();
  (said.touches ?? []).forEach((touch, place) => {
    const held = (touch.holds ?? []).filter((one) => one.joins ?? true).map((one) => carried(said, one.identifier)).sort();
    const key = `${touch.item.kind}|${[...new Set(held)].join(",")}`;
    groups.set(key, [...(groups.get(key) ?? []), place]);
  });
  return [...groups.values()].map((places) => ({ places, count: sum(places.map((place) => said.touches![place]!.touches)) }));
}

/** Which visit it was tells nothing that the browser does not. */
function carried(said: Explanation, identifier: number): string {
  return said.identifiers?.[identifier]?.kind === "session" ? "" : String(identifier);
}

/** Identifiers, those of visits left aside unless they join several boxes; browsers that are carried by the same boxes stand together. */
function groupKeys(said: Explanation, boxOf: ReadonlyMap<number, number>): Group[] {
  const groups = new Map<string, number[]>();
  (said.identifiers ?? []).forEach((one, place) => {
    const boxes = [...new Set(holders(said, place).map((touch) => boxOf.get(touch)!))].sort((a, b) => a - b);
    if (!boxes.length || (one.kind === "session" && boxes.length < 2)) return;
    const key = BROWSERS.has(one.kind) ? `${one.kind}|${boxes.join(",")}` : String(place);
    groups.set(key, [...(groups.get(key) ?? []), place]);
  });
  return [...groups.values()].map((places) => ({ places, count: sum(places.map((place) => holders(said, place).length)) }));
}

export function holders(said: Explanation, identifier: number): number[] {
  return (said.touches ?? []).flatMap((touch, place) => (holds(touch, identifier) ? [place] : []));
}

const holds = (touch: WhyTouch, identifier: number): boolean => (touch.holds ?? []).some((one) => one.identifier === identifier);

/** At most so many boxes: the weightiest keep a place of their own, the others share the last. */
function columns(groups: readonly Group[], most: number): (Group & { rest: boolean })[] {
  if (groups.length <= most) return groups.map((group) => ({ ...group, rest: false }));
  const byWeight = [...groups.keys()].sort((a, b) => groups[b]!.count - groups[a]!.count || a - b);
  const own = new Set(byWeight.slice(0, most - 1));
  const rest = groups.filter((_, at) => !own.has(at));
  return [
    ...groups.filter((_, at) => own.has(at)).map((group) => ({ ...group, rest: false })),
    { places: rest.flatMap((group) => group.places), count: sum(rest.map((group) => group.count)), rest: true },
  ];
}

function linesOf(said: Explanation, touches: readonly TouchBox[], keys: readonly KeyBox[]): Line[] {
  const lines: Line[] = [];
  for (const box of touches)
    for (const key of keys) {
      if (key.link !== null) {
        const joined = new Set(said.links![key.link]!.touches);
        if (box.touches.some((place) => joined.has(place))) lines.push({ from: box.id, to: key.id, level: "verified", joins: true });
        continue;
      }
      const found = box.touches.flatMap((place) => (said.touches![place]!.holds ?? []).filter((one) => key.identifiers.includes(one.identifier)));
      if (!found.length) continue;
      const level = SURE.find((each) => found.some((one) => one.level === each))!;
      lines.push({ from: box.id, to: key.id, level, joins: found.some((one) => one.joins ?? true) });
    }
  return lines;
}

/** What is carried by the upper boxes stands higher; the box for all others stays last. */
function untangled(keys: readonly KeyBox[], touches: readonly TouchBox[], lines: readonly Line[]): KeyBox[] {
  const row = new Map(touches.map((box, at) => [box.id, at]));
  const middle = (key: KeyBox): number => {
    const rows = lines.filter((line) => line.to === key.id).map((line) => row.get(line.from)!);
    return rows.length ? sum(rows) / rows.length : touches.length;
  };
  return [...keys].sort((a, b) => Number(a.rest) - Number(b.rest) || middle(a) - middle(b) || a.id.localeCompare(b.id, "en", { numeric: true }));
}

const sum = (figures: readonly number[]): number => figures.reduce((one, other) => one + other, 0);

/** The height at which the box at this place stands, when `count` boxes share `height` evenly. */
export const middleOf = (at: number, count: number, height: number): number => ((at + 0.5) * height) / Math.max(1, count);
