// How the house stands now, for admins: what waits in which queue, who is there, and what everybody has in hand. All figures
// are of this moment and counted from the same rows that the desk shows; nothing here is an average.

import { useState } from "preact/hooks";
import type { ConversationRow, OperatorRow, QueueRow } from "../../wire/console";
import { Avatar, Wait } from "../design/avatar";
import { Button } from "../design/button";
import { EmptyState } from "../design/surfaces";
import { Time } from "../design/time";
import { useHub } from "../state/hub";
import { byWait } from "../state/waits";
import { t } from "../text";
import { nameOf } from "./acts";
import { TransferDialog } from "./dialogs";
import { onDemand } from "./later";

const Offered = onDemand(() => import("./offered").then((part) => part.Offered));

/** A queue's topic shows the newest so many; above that a figure is a least. */
const MOST = 1_000;
const ORDER = ["available", "busy", "invisible", "away", "offline"];

export function Team() {
  const hub = useHub();
  const [handing, setHanding] = useState<ConversationRow | null>(null);
  const queues = hub.queueRows.value.filter((queue) => queue.archived == null).sort((a, b) => a.name.localeCompare(b.name));
  const people = [...hub.operators.value].sort((a, b) => ORDER.indexOf(a.presence) - ORDER.indexOf(b.presence) || a.name.localeCompare(b.name));
  const rows = hub.conversations.value;
  const waiting = rows.filter((row) => row.status === "waiting");
  const open = rows.filter((row) => row.status === "open");
  const here = people.filter((one) => one.presence !== "offline");
  const free = here.filter((one) => one.presence === "available").length;
  return (
    <main class="page team" aria-busy={!hub.loaded.value}>
      <header class="page-head"><h1>{t("nav.team")}</h1></header>
      {/* Longer than the window on a busy day: scrolled by keys, too. */}
      <div class="team-body scroll" tabIndex={0} role="group" aria-label={t("nav.team")}>
        <dl class="team-figures">
          <Figure name={t("team.waiting")} value={waiting.length} since={oldest(waiting)} urgent={waiting.length > 0} />
          <Figure name={t("team.unanswered")} value={open.filter((row) => row.waiting_since != null).length} since={oldest(open)} />
          <Figure name={t("team.available")} value={free} more={t("team.here", { count: here.length })} urgent={!free && waiting.length > 0} />
          <Figure name={t("team.open")} value={open.length} more={t("team.room", { count: here.reduce((sum, one) => sum + (one.limit ?? 0), 0) })} />
        </dl>
        <section class="team-queues" aria-labelledby="team-queues">
          <h2 id="team-queues">{t("settings.queues")}</h2>
          <ul class="people-list">
            {queues.map((queue) => <QueueLine key={queue.id} queue={queue} rows={rows.filter((row) => row.queue === queue.id)} people={here} />)}
          </ul>
        </section>
        <Offered />
        <section class="team-people" aria-labelledby="team-people">
          <h2 id="team-people">{t("team.people")}</h2>
          {!people.length && <EmptyState icon="people" title={t("team.empty")} />}
          <ul class="people-list">
            {people.map((one) => <Person key={one.id} one={one} rows={open.filter((row) => row.operator === one.id).sort(byWait)} onHand={setHanding} />)}
          </ul>
        </section>
      </div>
      {handing && <TransferDialog row={handing} onClose={() => setHanding(null)} />}
    </main>
  );
}

/** Since when the one who waits longest waits; null when nobody does. */
function oldest(rows: readonly ConversationRow[]): number | null {
  const all = rows.map((row) => row.waiting_since).filter((at): at is number => at != null);
  return all.length ? Math.min(...all) : null;
}

function Figure({ name, value, since = null, more, urgent = false }: { name: string; value: number; since?: number | null; more?: string; urgent?: boolean }) {
  return (
    <div class={urgent ? "urgent" : ""}>
      <dt>{name}</dt>
      <dd><b class="figures">{value}</b> {since !== null ? <span class="quiet">{t("team.longest")} <Wait since={since} /></span> : more && <span class="quiet">{more}</span>}</dd>
    </div>
  );
}

function QueueLine({ queue, rows, people }: { queue: QueueRow; rows: readonly ConversationRow[]; people: readonly OperatorRow[] }) {
  const hub = useHub();
  const waits = rows.filter((row) => row.status === "waiting").sort(byWait);
  const owed = rows.filter((row) => row.status === "open" && row.waiting_since != null).sort(byWait)[0];
  const serving = people.filter((one) => queue.members?.includes(one.id));
  const free = serving.filter((one) => one.presence === "available").length;
  const first = waits[0];
  return (
    <li class="team-queue">
      <p class="people-name"><b class="cut" dir="auto">{queue.name}</b>
        {queue.members?.length ? <span class={free || !waits.length ? "quiet" : "none-serve"}>{t("team.free", { free, count: serving.length })}</span>
          : <span class="none-serve">{t("queues.nobody")}</span>}</p>
      <p class="team-counts">
        <span>{t("queues.waiting", { count: waits.length })}{rows.length >= MOST && "+"}</span>
        <span class="quiet">{t("queues.open", { count: rows.length - waits.length })}</span>
      </p>
      <p class="team-oldest">
        {first && <Talk row={first} label={t("team.waits")} onOpen={() => hub.desk.open(first.id)} />}
        {owed && <Talk row={owed} label={t("team.owed", { name: owed.operator_name ?? "" })} onOpen={() => hub.desk.open(owed.id)} />}
        {!first && !owed && <span class="quiet">{t("team.calm")}</span>}
      </p>
    </li>
  );
}

function Talk({ row, label, onOpen }: { row: ConversationRow; label?: string; onOpen: () => void }) {
  return (
    <button type="button" class="team-talk" onClick={onOpen} data-tip={row.last_text || undefined}>
      <Avatar name={row.name} seed={row.customer} size="small" />
      <span class="cut" dir="auto">{nameOf(row)}</span>
      {row.waiting_since != null && <Wait since={row.waiting_since} />}
      {label && <span class="quiet cut">{label}</span>}
    </button>
  );
}

function Person({ one, rows, onHand }: { one: OperatorRow; rows: readonly ConversationRow[]; onHand: (row: ConversationRow) => void }) {
  const hub = useHub();
  const { load = 0, limit = 0, since = 0 } = one;
  return (
    <li class={`team-person ${one.presence}`}>
      <Avatar name={one.name} seed={one.id} presence={one.presence} />
      <div class="people-words">
        <p class="people-name"><b class="cut" dir="auto">{one.id === hub.me.value.id ? t("me.self", { name: one.name }) : one.name}</b></p>
        <p class="people-more quiet">
          <span>{t(one.automatic ? "presence.automatic" : `presence.${one.presence}`)}</span>
          {!!since && <span>· <Time at={since} /></span>}
        </p>
      </div>
      <div class="team-load" role="img" aria-label={t("team.load", { load, limit })}>
        <span class={`bar${load >= limit ? " full" : ""}`} aria-hidden="true"><i style={{ inlineSize: `${limit ? Math.min(100, (load / limit) * 100) : 0}%` }} /></span>
        <span class="figures" aria-hidden="true">{t("load", { load, limit })}</span>
      </div>
      <ul class="team-talks" aria-label={t("team.talks", { name: one.name })}>
        {rows.map((row) => (
          <li key={row.id}>
            <Talk row={row} onOpen={() => hub.desk.open(row.id)} />
            <Button label={t("team.hand", { name: nameOf(row) })} tip={t("transfer")} icon="transfer" only="icon" kind="plain" small onClick={() => onHand(row)} />
          </li>
        ))}
      </ul>
    </li>
  );
}
