// The shop floor: what is known of a visitor at a glance, and how visitors are sorted, sought and put onto shelves.
//
// Pure, so that the order of five hundred people can be tested. Seconds are counted here from `since`, never sent.

import type { VisitorRow } from "../../wire/console";

export type Column =
  | "who" | "page" | "seconds" | "scroll" | "pages" | "visits" | "from" | "language" | "local" | "cart" | "arrived" | "site" | "helped";

export interface Order {
  by: Column | "need";
  down: boolean;
}

/** Who lingers and has nobody first, longest first; then who was invited; then who came last. */
export const BY_NEED: Order = { by: "need", down: true };

/** Seconds of attention on the page they are on. */
export function onPage(row: VisitorRow, at: number): number {
  return row.active_before + (row.attentive ? Math.max(0, at - row.since) / 1000 : 0);
}

/** Their page can show it, nobody talks with them, no invitation is open, and they have not declined one in this visit. */
export const mayInvite = (row: VisitorRow): boolean => !row.told_by && !row.conversation && !["offered", "shown", "declined"].includes(row.invitation ?? "");

/** Lingers, and nobody has offered help yet. */
export const needsSomebody = (row: VisitorRow): boolean => row.lingering != null && mayInvite(row);

export const returning = (row: VisitorRow): boolean => row.visits > 1;

export function hostOf(url: string): string {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
}

/** Where they came from, in a word: the campaign's source, else the host of the page before, unless it is the shop itself. */
export function cameFrom(row: VisitorRow): string {
  const host = hostOf(row.referrer ?? "");
  return row.source || (host === hostOf(row.url) ? "" : host);
}

const clocks = new Map<string, Intl.DateTimeFormat | null>();

/** Minutes since midnight where the visitor is; null when their zone is not known. */
export function localMinutes(zone: string | undefined, at: number): number | null {
  if (!zone) return null;
  let clock = clocks.get(zone);
  if (clock === undefined) {
    try {
      clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
    } catch {
      clock = null; // not a zone this browser knows
    }
    clocks.set(zone, clock);
  }
  if (!clock) return null;
  const [hour, minute] = clock.format(at).split(":").map(Number);
  return hour! * 60 + minute!;
}

const LAST = "\uffff";
const lower = (text: string): string => text.toLocaleLowerCase() || LAST;

const VALUE: Record<Column, (row: VisitorRow, at: number) => string | number> = {
  who: (row) => lower(row.name),
  page: (row) => lower(row.title || row.url),
  seconds: onPage,
  scroll: (row) => row.scroll ?? 0,
  pages: (row) => row.pages,
  visits: (row) => row.visits,
  from: (row) => lower(cameFrom(row)),
  language: (row) => lower(row.language ?? ""),
  local: (row, at) => localMinutes(row.zone, at) ?? -1,
  cart: (row) => row.cart_value ?? 0,
  arrived: (row) => row.arrived,
  site: (row) => row.site,
  helped: (row) => lower(row.operator_name || row.invitation || ""),
};

/** Figures are most useful from the top, words from the start of the alphabet. */
export const firstDown = (by: Column): boolean => !["who", "page", "from", "language", "site", "helped"].includes(by);

/** Those who were invited and linger stay near the top, so that their answer is seen. */
const rank = (row: VisitorRow): number =>
  needsSomebody(row) ? 0 : row.lingering != null && !row.conversation && row.invitation !== "declined" ? 1 : 2;

function byNeed(a: VisitorRow, b: VisitorRow): number {
  const first = rank(a);
  if (first !== rank(b)) return first - rank(b);
  if (first < 2 && a.lingering !== b.lingering) return a.lingering! - b.lingering!;
  return b.arrived - a.arrived || (a.id < b.id ? -1 : 1);
}

/** In the wanted order; equal ones by need, so that the result never depends on how they came in. */
export function sorted(rows: readonly VisitorRow[], { by, down }: Order, at: number): VisitorRow[] {
  if (by === "need") return [...rows].sort(byNeed);
  const value = VALUE[by];
  const sign = down ? -1 : 1;
  return rows
    .map((row) => ({ row, value: value(row, at) }))
    .sort((a, b) => (a.value < b.value ? -sign : a.value > b.value ? sign : byNeed(a.row, b.row)))
    .map(({ row }) => row);
}

/** What the floor is narrowed to; what is not said lets everybody pass. */
export interface Narrow {
  readonly lingering?: true;
  readonly cart?: true;
  readonly returning?: true;
  readonly watched?: true;
  readonly helped?: "yes" | "no";
  readonly site?: string;
  readonly language?: string;
  readonly device?: string;
}

/** How many wishes a filter has. */
export const wishes = (narrow: Narrow): number => Object.values(narrow).filter(Boolean).length;

/** The language without its region: who filters for French means all of it. */
export const tongue = (row: VisitorRow): string => (row.language ?? "").split("-")[0]!.toLowerCase();

export function narrowed(rows: readonly VisitorRow[], by: Narrow, watched: ReadonlySet<string>): readonly VisitorRow[] {
  if (!wishes(by)) return rows;
  return rows.filter((row) =>
    (!by.lingering || row.lingering != null)
    && (!by.cart || !!(row.cart_count || row.cart_value))
    && (!by.returning || returning(row))
    && (!by.watched || watched.has(row.customer))
    && (!by.helped || (by.helped === "yes") === (row.conversation != null))
    && (!by.site || row.site === by.site)
    && (!by.language || tongue(row) === by.language)
    && (!by.device || row.device === by.device));
}

/** Those in whose row every one of the words occurs. */
export function sought(rows: readonly VisitorRow[], text: string): VisitorRow[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...rows];
  return rows.filter((row) => {
    const all = [row.name, row.title, row.url, cameFrom(row), row.campaign, row.language, row.site, row.operator_name, row.device];
    const own = all.join("\n").toLocaleLowerCase();
    return words.every((word) => own.includes(word));
  });
}

export interface Shelf {
  /** The page without query and fragment. */
  readonly key: string;
  readonly title: string;
  readonly url: string;
  readonly rows: readonly VisitorRow[];
  /** How many linger there and have nobody. */
  readonly needs: number;
}

export function pageOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

/** The first part of the path: `/shoes/42` and `/shoes` are one section; "/" is the start of the site. */
export function sectionOf(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return `${origin}/${pathname.split("/")[1] ?? ""}`;
  } catch {
    return url;
  }
}

/** The words of an address's last part: "blue-vases" is "Blue vases", "p" stays "/p"; "" for the start of a site. */
export function spoken(address: string): string {
  const last = address.split("/").slice(3).filter(Boolean).at(-1) ?? "";
  let words = last;
  try {
    words = decodeURIComponent(last);
  } catch {
    // a lonely per cent sign: as it is
  }
  if (words.length > 0 && words.length < 3) return `/${words}`;
  words = words.replace(/\.\w{2,5}$/, "").replace(/[-_+]+/g, " ").trim();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** Visitors before the page they look at, or before its section. Those where somebody needs help first, then the busiest. */
export function shelves(rows: readonly VisitorRow[], by: "page" | "section" = "page"): Shelf[] {
  const byPage = new Map<string, VisitorRow[]>();
  for (const row of rows) {
    const key = by === "page" ? pageOf(row.url) : sectionOf(row.url);
    const there = byPage.get(key);
    if (there) there.push(row);
    else byPage.set(key, [row]);
  }
  return [...byPage]
    .map(([key, there]) => {
      const own = there.sort(byNeed);
      const named = own.find((row) => row.title);
      return { key, title: by === "page" ? (named?.title ?? "") : spoken(key), url: own[0]!.url, rows: own, needs: own.filter(needsSomebody).length };
    })
    .sort((a, b) => Number(b.needs > 0) - Number(a.needs > 0) || b.rows.length - a.rows.length || (a.key < b.key ? -1 : 1));
}
