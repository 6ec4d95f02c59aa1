// Everything that happened with this customer, newest first; a visit is one line that unfolds to its pages.

import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { TimelineItem } from "../../wire/console";
import { Button } from "../design/button";
import { money } from "../design/figures";
import { Icon, type IconName } from "../design/icons";
import { Menu } from "../design/menu";
import { duration, Time } from "../design/time";
import { api } from "../state/api";
import { useHub } from "../state/hub";
import { known, t } from "../text";
import { VisitPathOf } from "./path";
import { attribute } from "./record";

const ICONS: Record<string, IconName> = {
  visit: "globe", chat: "desk", message: "desk", conversation: "desk", mail: "mail", email: "mail", call: "phone", order: "cart", cart: "cart", note: "note", entry: "edit",
};

/** What happened, in our words where we have them; the hub's title otherwise. */
export function touchTitle(item: TimelineItem): string {
  const number = item.detail?.["number"];
  if (item.kind === "visit" && typeof number === "number" && number > 1) return t("touch.visit.number", { number });
  if (item.kind === "entry") return t(item.detail?.["taken_back"] ? "entry.taken" : "entry.title", { field: attribute(String(item.detail?.["field"] ?? "")) });
  const key = `touch.${item.kind}`;
  return known(key) ? t(key) : item.title || item.kind;
}

interface Props {
  customer: string;
  items: readonly TimelineItem[];
  more: boolean;
}

/** What a timeline can be narrowed to; each stands for the kinds that channels report under several names. */
const GROUPS = {
  visits: "visit",
  talks: "chat,message,mail,email,call,conversation",
  orders: "order,cart",
  entries: "entry,note",
} as const;
type Group = keyof typeof GROUPS;

interface Wish {
  readonly group: Group | "";
  readonly channel: string;
  readonly words: string;
}
const ALL: Wish = { group: "", channel: "", words: "" };
const PAUSE = 250;

export function Timeline({ customer, items, more }: Props) {
  const [wish, setWish] = useState(ALL);
  const narrowed = wish.group !== "" || wish.channel !== "" || wish.words.trim() !== "";
  const channels = useRef(new Set<string>());
  for (const item of items) channels.current.add(item.channel);
  return (
    <section class="customer-part">
      <h3>{t("customer.timeline")}</h3>
      <Wishes wish={wish} channels={[...channels.current].sort()} onWish={setWish} />
      {narrowed ? <Narrowed key={JSON.stringify(wish)} customer={customer} wish={wish} newest={items[0]?.id} /> : <Everything customer={customer} items={items} more={more} />}
    </section>
  );
}

function Wishes({ wish, channels, onWish }: { wish: Wish; channels: readonly string[]; onWish: (wish: Wish) => void }) {
  const [words, setWords] = useState(wish.words);
  useEffect(() => {
    if (words === wish.words) return;
    const timer = setTimeout(() => onWish({ ...wish, words }), PAUSE);
    return () => clearTimeout(timer);
  }, [words, wish]);
  return (
    <div class="timeline-wishes">
      <input class="input" type="search" value={words} maxLength={200} placeholder={t("timeline.find")} aria-label={t("timeline.find")} dir="auto" onInput={(event) => setWords(event.currentTarget.value)} />
      <div class="timeline-kinds"><div class="segments" role="group" aria-label={t("timeline.kinds")}>
        {(["", ...Object.keys(GROUPS)] as (Group | "")[]).map((group) => (
          <Button key={group} label={t(`timeline.${group || "all"}`)} kind="plain" small pressed={wish.group === group} onClick={() => onWish({ ...wish, group })} />
        ))}
      </div>
      {(channels.length > 1 || wish.channel) && (
        <Menu label={t("filter.channel")} side="end"
          entries={["", ...channels].map((channel) => ({ label: channel || t("timeline.channels"), chosen: wish.channel === channel, run: () => onWish({ ...wish, channel }) }))}>
          {(open, toggle) => <Button label={wish.channel || t("timeline.channels")} icon="down" kind="plain" small pressed={wish.channel !== ""} expanded={open} onClick={toggle} />}
        </Menu>
      )}
      </div>
    </div>
  );
}

/** Read from the hub page by page; a page may be short while there is more to look at. */
function Narrowed({ customer, wish, newest }: { customer: string; wish: Wish; newest: string | undefined }) {
  const [found, setFound] = useState<readonly TimelineItem[]>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const [state, setState] = useState<"loading" | "idle" | "failed">("loading");
  const asked = { ...(wish.group ? { kind: GROUPS[wish.group] } : {}), ...(wish.channel ? { channel: wish.channel } : {}), ...(wish.words.trim() ? { q: wish.words.trim() } : {}) };
  const load = async (before: string | null, already: readonly TimelineItem[]) => {
    setState("loading");
    try {
      const page = await api.timeline(customer, before, asked);
      setFound([...already, ...page.items]);
      setNext(page.next ?? null);
      setState("idle");
    } catch {
      setState("failed");
    }
  };
  // Something new has happened: the first page tells whether it is wanted.
  useEffect(() => void load(null, []), [newest]);
  return (
    <>
      <ol class="timeline">{found.map((item) => <Touch key={item.id} item={item} />)}</ol>
      {state === "loading" && <p class="quiet busy" role="status">{t("loading")}<progress /></p>}
      {state === "idle" && !found.length && !next && <p class="quiet" role="status">{t("timeline.nothing")}</p>}
      {state === "idle" && !found.length && next && <p class="quiet" role="status">{t("timeline.nothing.yet")}</p>}
      {state === "failed" && <p class="quiet" role="alert">{t("timeline.failed")}</p>}
      {(next || state === "failed") && state !== "loading" && <Button label={t(state === "failed" ? "again" : "more.older")} kind="plain" small onClick={() => void load(next ?? null, next === undefined ? [] : found)} />}
    </>
  );
}

function Everything({ customer, items, more }: Props) {
  const older = useSignal<TimelineItem[]>([]);
  const next = useSignal<string | null | undefined>(undefined);
  const state = useSignal<"idle" | "loading" | "failed">("idle");
  const all = new Map([...older.value, ...items].map((item) => [item.id, item]));
  const sorted = [...all.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  const from = next.value === undefined ? (more ? (sorted.at(-1)?.id ?? null) : null) : next.value;
  const load = async () => {
    if (!from) return;
    state.value = "loading";
    try {
      const page = await api.timeline(customer, from);
      older.value = [...older.value, ...page.items];
      next.value = page.next ?? null;
      state.value = "idle";
    } catch {
      state.value = "failed";
    }
  };
  return (
    <>
      {!sorted.length && <p class="quiet">{t("timeline.none")}</p>}
      <ol class="timeline">{sorted.map((item) => <Touch key={item.id} item={item} />)}</ol>
      {state.value === "failed" && <p class="quiet" role="alert">{t("timeline.failed")}</p>}
      {state.value === "loading" ? <p class="quiet busy" role="status">{t("loading")}<progress /></p>
        : from && <Button label={t("more.older")} kind="plain" small onClick={() => void load()} />}
    </>
  );
}

function Touch({ item }: { item: TimelineItem }) {
  const [open, setOpen] = useState(false);
  const { desk } = useHub();
  const detail = item.detail ?? {};
  const visit = item.kind === "visit" ? String(detail["visit"] ?? item.id) : null;
  const conversation = typeof detail["conversation"] === "string" ? detail["conversation"] : null;
  const line = (
    <>
      <span class="touch-icon"><Icon name={ICONS[item.kind] ?? ICONS[item.channel] ?? "link"} /></span>
      <span class="touch-words">
        <span class="cut" dir="auto">{touchTitle(item)}</span>
        <span class="quiet cut">{summary(item)}</span>
      </span>
      <span class="touch-time"><Time at={item.at} /></span>
    </>
  );
  if (visit)
    return (
      <li>
        <button type="button" class="touch" aria-expanded={open} onClick={() => setOpen(!open)}>{line}</button>
        {open && <VisitPathOf visit={visit} />}
      </li>
    );
  if (conversation) return <li><button type="button" class="touch" onClick={() => desk.open(conversation)}>{line}</button></li>;
  return <li><div class="touch">{line}</div></li>;
}

/** One line of facts: minutes and pages of a visit, what an order or a cart is worth, the source of the rest. */
export function summary(item: TimelineItem): string {
  const detail = item.detail ?? {};
  if (item.kind === "entry") return [detail["value"], detail["by"]].filter(Boolean).join(" · ");
  const { pages, seconds, items } = detail;
  const pieces = Array.isArray(items) ? items.length : 0;
  const number = item.kind === "order" ? (detail["id"] ?? detail["order_id"]) : undefined;
  const facts = [
    typeof number === "string" || typeof number === "number" ? t("order.number", { number: String(number) }) : "",
    worth(detail),
    pieces ? t("cart.items", { count: pieces }) : "",
    typeof seconds === "number" && seconds > 0 ? duration(seconds) : "",
    typeof pages === "number" ? t("here.pages", { count: pages }) : "",
    item.title && item.title !== touchTitle(item) ? item.title : (item.source ?? ""),
  ];
  return facts.filter(Boolean).join(" · ") || item.channel;
}

/** What an order or a cart is worth, by whichever name the shop calls it. */
function worth(detail: Record<string, unknown>): string {
  const found = [detail["total"], detail["value"], detail["revenue"], detail["cart_value"]].map(Number).find((amount) => Number.isFinite(amount) && amount > 0);
  const currency = detail["currency"];
  return found === undefined ? "" : money(found, typeof currency === "string" ? currency : "");
}
