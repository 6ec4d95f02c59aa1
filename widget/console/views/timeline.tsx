// Everything that happened with this customer, newest first; a visit is one line that unfolds to its pages.

import { useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { TimelineItem } from "../../wire/console";
import { Button } from "../design/button";
import { money } from "../design/figures";
import { Icon, type IconName } from "../design/icons";
import { duration, Time } from "../design/time";
import { api } from "../state/api";
import { useHub } from "../state/hub";
import { known, t } from "../text";
import { VisitPathOf } from "./path";

const ICONS: Record<string, IconName> = {
  visit: "globe", chat: "desk", message: "desk", conversation: "desk", mail: "mail", email: "mail", call: "phone", order: "cart", cart: "cart", note: "note",
};

/** What happened, in our words where we have them; the hub's title otherwise. */
export function touchTitle(item: TimelineItem): string {
  const number = item.detail?.["number"];
  if (item.kind === "visit" && typeof number === "number" && number > 1) return t("touch.visit.number", { number });
  const key = `touch.${item.kind}`;
  return known(key) ? t(key) : item.title || item.kind;
}

interface Props {
  customer: string;
  items: readonly TimelineItem[];
  more: boolean;
}

export function Timeline({ customer, items, more }: Props) {
  const older = useSignal<TimelineItem[]>([]);
  const next = useSignal<string | null | undefined>(undefined);
  const failed = useSignal(false);
  const all = new Map([...older.value, ...items].map((item) => [item.id, item]));
  const sorted = [...all.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  const from = next.value === undefined ? (more ? (sorted.at(-1)?.id ?? null) : null) : next.value;
  const load = async () => {
    if (!from) return;
    try {
      const page = await api.timeline(customer, from);
      older.value = [...older.value, ...page.items];
      next.value = page.next ?? null;
      failed.value = false;
    } catch {
      failed.value = true;
    }
  };
  return (
    <section class="customer-part">
      <h3>{t("customer.timeline")}</h3>
      {!sorted.length && <p class="quiet">{t("timeline.none")}</p>}
      <ol class="timeline">{sorted.map((item) => <Touch key={item.id} item={item} />)}</ol>
      {failed.value && <p class="quiet" role="alert">{t("timeline.failed")}</p>}
      {from && <Button label={t("more.older")} kind="plain" small onClick={load} />}
    </section>
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
