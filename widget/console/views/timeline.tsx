// Everything that happened with this customer, newest first; a visit is one line that unfolds to its pages.

import { useSignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { TimelineItem } from "../../wire/console";
import { Button } from "../design/button";
import { money } from "../design/figures";
import { Icon, type IconName } from "../design/icons";
import { Menu } from "../design/menu";
import { duration, Time } from "../design/time";
import { api } from "../state/api";
import { useHub } from "../state/hub";
import { known, t } from "../text";
import { onDemand } from "./later";
import { VisitPathOf } from "./path";
import { attribute } from "./record";

const SeveralDialog = onDemand(() => import("./evidence/several").then((part) => part.SeveralDialog));

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
  /** What whoever it is about is called. */
  name: string;
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
/** Touchpoints that are decided at once. */
const MOST = 50;

type Op = "detach" | "retract";
interface Choosing {
  /** Null while nobody chooses. */
  readonly chosen: ReadonlySet<string> | null;
  toggle(id: string): void;
  ask(op: Op, touches: readonly string[]): void;
}
const Chooser = createContext<Choosing>({ chosen: null, toggle: () => {}, ask: () => {} });

export function Timeline({ customer, name, items, more }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [asking, setAsking] = useState<{ op: Op; touches: readonly string[] } | null>(null);
  const [wish, setWish] = useState(ALL);
  const narrowed = wish.group !== "" || wish.channel !== "" || wish.words.trim() !== "";
  const channels = useRef(new Set<string>());
  for (const item of items) channels.current.add(item.channel);
  const toggle = (id: string) => setChosen((now) => {
    const next = new Set(now);
    return (next.delete(id) || next.add(id)), next;
  });
  const choosing: Choosing = { chosen, toggle, ask: (op, touches) => setAsking({ op, touches }) };
  // What is decided about touchpoints may take them to another record, and nothing is chosen any longer.
  const close = () => (setAsking(null), setChosen(null));
  return (
    <section class="customer-part">
      <h3>{t("customer.timeline")}
        <Button label={t("timeline.choose")} icon="checks" only="icon" kind="plain" small pressed={chosen !== null} onClick={() => setChosen(chosen ? null : new Set())} /></h3>
      <Wishes wish={wish} channels={[...channels.current].sort()} onWish={setWish} />
      <Chooser.Provider value={choosing}>
        {narrowed ? <Narrowed key={JSON.stringify(wish)} customer={customer} wish={wish} newest={items[0]?.id} /> : <Everything customer={customer} items={items} more={more} />}
      </Chooser.Provider>
      {chosen && <Chosen ids={[...chosen]} onAsk={choosing.ask} onClose={() => setChosen(null)} />}
      {asking && <SeveralDialog op={asking.op} touches={asking.touches} name={name} onClose={close} />}
    </section>
  );
}

/** Stays in sight while touchpoints are being chosen. */
function Chosen({ ids, onAsk, onClose }: { ids: readonly string[]; onAsk: Choosing["ask"]; onClose: () => void }) {
  return (
    <div class="save-bar timeline-chosen" role="region" aria-label={t("timeline.choose")}>
      <span role="status">{t("timeline.chosen", { count: ids.length })}</span>
      <Button label={t("no")} small kind="plain" onClick={onClose} />
      <Button label={t("timeline.detach")} icon="split" small disabled={!ids.length} onClick={() => onAsk("detach", ids)} />
      <Button label={t("timeline.retract")} icon="block" small disabled={!ids.length} onClick={() => onAsk("retract", ids)} />
    </div>
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

function Everything({ customer, items, more }: Omit<Props, "name">) {
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
  return (
    <li>
      <Pick item={item} />
      {visit ? <button type="button" class="touch" aria-expanded={open} onClick={() => setOpen(!open)}>{line}</button>
        : conversation ? <button type="button" class="touch" onClick={() => desk.open(conversation)}>{line}</button>
        : <div class="touch">{line}</div>}
      {visit && open && <VisitPathOf visit={visit} />}
    </li>
  );
}

/** What can be decided about this touchpoint: beside it while it is pointed at, or a box to tick while several are chosen. */
function Pick({ item }: { item: TimelineItem }) {
  const { chosen, toggle, ask } = useContext(Chooser);
  if (chosen === null)
    return <span class="touch-acts"><Button label={t("timeline.retract")} icon="block" only="icon" kind="plain" small onClick={() => ask("retract", [item.id])} /></span>;
  const picked = chosen.has(item.id);
  return <input class="touch-pick" type="checkbox" checked={picked} disabled={!picked && chosen.size >= MOST} aria-label={t("timeline.pick", { what: touchTitle(item) })} onChange={() => toggle(item.id)} />;
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
