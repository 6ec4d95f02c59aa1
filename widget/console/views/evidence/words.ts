// The chain of evidence in words: what happened, what it carries, and why others stayed apart.

import type { TimelineItem } from "../../../wire/console";
import type { Explanation, WhyApart, WhyIdentifier, WhyLink } from "../../../wire/evidence";
import { written } from "../../language";
import "../../parts/evidence/words";
import { now } from "../../state/clock";
import { daysApart, yearOf } from "../../state/calendar";
import { type AnyKey, known, t } from "../../text";
import { inline } from "../record";
import { listed } from "../deciding";
import { touchTitle } from "../timeline";

const NAMED = 3;
const day = written((locale, timeZone) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone }));
const longDay = written((locale, timeZone) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone }));

export function dayOf(at: number): string {
  if (daysApart(at, now.value) === 0) return t("time.today");
  return (yearOf(at) === yearOf(now.value) ? day : longDay).value.format(at);
}

/** What happened: an order by its own title, anything else by our word for it. */
export function happened(item: TimelineItem): string {
  const own = item.kind !== "visit" && item.kind !== "identify" && item.kind !== "entry" && item.title;
  return own || touchTitle(item);
}

/** "Visit, 3 May". */
export const touched = (item: TimelineItem): string => t("why.touch", { what: happened(item), day: dayOf(item.at) });

/** "verified account 42"; browsers have no name of their own. */
export function carriedWords(one: WhyIdentifier): string {
  if (one.kind === "device") return t("why.browser");
  if (one.kind === "session") return t("why.session");
  return t("why.identifier", { kind: inline(one.kind), value: one.value });
}

/** One link of the chain as a sentence. */
export function linkWords(link: WhyLink, said: Explanation): string {
  const pieces = link.touches.map((place) => said.touches?.[place]).filter((piece) => piece !== undefined);
  const names = [...new Set(pieces.map((piece) => touched(piece.item)))];
  // Touchpoints that say the very same are shown by the first of them.
  if (pieces.length === 1 && pieces[0]!.touches > 1) names.push(t("why.more", { count: pieces[0]!.touches - 1 }));
  const left = names.length - NAMED;
  const what = listed(left > 1 ? [...names.slice(0, NAMED), t("why.more", { count: left })] : names);
  if (link.decision) return t(what ? "why.link.decision" : "why.link.decided", { author: link.decision.author, what });
  const held = link.identifier == null ? undefined : said.identifiers?.[link.identifier];
  if (!held) return what;
  if (held.kind === "device" || held.kind === "session") return t(`why.link.${held.kind}`, { what });
  return t("why.link", { what, identifier: carriedWords(held), level: t(`why.level.${link.level}`) });
}

/** What stayed apart, and why. */
export function apartWords(one: WhyApart, said: Explanation): string {
  const held = one.identifier == null ? undefined : said.identifiers?.[one.identifier];
  const more = one.more ?? 0;
  const names = (one.others ?? []).map((other) => other.name || t("visitor"));
  const who = listed(more > 0 ? [...names, t("why.more", { count: more })] : names);
  const key = `why.apart.${one.reason}`;
  return t(known(key) ? (key as AnyKey) : "why.apart.choice", { who, identifier: held ? carriedWords(held) : "", author: one.decision?.author ?? "" });
}
