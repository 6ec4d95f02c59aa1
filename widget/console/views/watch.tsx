// Keeping an eye on somebody: the star that does it, the list of all of them, and what is said when one comes back.

import type { Level, WatchRow } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { Button } from "../design/button";
import { Dialog } from "../design/dialog";
import { Icon } from "../design/icons";
import { Time } from "../design/time";
import { TrustDot } from "../design/trust";
import { ring } from "../state/chime";
import { type Hub, useHub } from "../state/hub";
import { choose, lookAt } from "../state/looking";
import { toast } from "../state/toasts";
import { type Sighting, watchWords } from "../state/watched";
import { t } from "../text";
import { nameOf, watch } from "./acts";

export function Star({ customer, name }: { customer: string; name: string }) {
  const hub = useHub();
  const on = hub.watched.customers.value.has(customer);
  return (
    <span class={on ? "star on" : "star"}>
      <Button label={t(on ? "watch.end" : "watch")} icon="star" only="icon" kind="plain" small pressed={on} keyName="floor.watch"
        onClick={() => void watch(hub, customer, name, !on)} />
    </span>
  );
}

/** In lists only the watched carry a mark. */
export function WatchMark({ customer }: { customer: string }) {
  const { watched } = useHub();
  if (!watched.customers.value.has(customer)) return null;
  return <span class="mark-icon star on" role="img" aria-label={t("watch.mark")} data-tip={t("watch.mark")}><Icon name="star" /></span>;
}

export function WatchList({ onClose }: { onClose: () => void }) {
  const hub = useHub();
  const rows = hub.watched.rows.value;
  const here = new Map(hub.visitors.value.map((row) => [row.customer, row]));
  const present = rows.filter((row) => here.has(row.customer));
  const open = (row: WatchRow) => {
    onClose();
    const visitor = here.get(row.customer);
    if (visitor) choose(visitor.id);
    else lookAt(row.customer);
  };
  return (
    <Dialog title={t("watch.list")} lead={t("watch.list.lead")} onClose={onClose}>
      {!rows.length && <p class="quiet">{t("watch.list.none")}</p>}
      <ul class="watch-list">
        {[...present, ...rows.filter((row) => !present.includes(row))].map((row) => {
          const visitor = here.get(row.customer);
          return (
            <li key={row.id}>
              <button type="button" class="watch-row" onClick={() => open(row)}>
                <Avatar name={row.name} seed={row.customer} size="small" />
                <span class="touch-words">
                  <Named name={nameOf(row)} level={row.level} />
                  <span class="quiet cut" dir="auto">{visitor ? t("watch.here", { page: visitor.title || visitor.url }) : <>{t("watch.since")} <Time at={row.at} /></>}</span>
                </span>
                {visitor && <span class="presence-dot available" role="img" aria-label={t("customer.here")} />}
              </button>
              <Button label={t("watch.end")} icon="cross" only="icon" kind="plain" small onClick={() => void watch(hub, row.customer, nameOf(row), false)} />
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}

function Named({ name, level }: { name: string; level: Level }) {
  return <span class="named"><span class="cut" dir="auto">{name}</span><TrustDot level={level} /></span>;
}

/** One of the watched is back, or fills the cart: a toast, a quiet sound, a sentence for screen readers. */
export function tellSighting(hub: Hub, { row, what }: Sighting): void {
  const words = t(what === "back" ? "watch.back" : "watch.cart", { name: nameOf(row), page: row.title || row.url });
  watchWords.value = words;
  ring(Date.now(), "watched");
  toast(words, { go: { label: t("watch.look"), run: () => (choose(row.id), hub.desk.go("visitors")) } });
}
