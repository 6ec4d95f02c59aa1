// The queues, for admins: which there are, who serves them, what waits in them now.

import { useState } from "preact/hooks";
import type { QueueRow } from "../../wire/console";
import { Avatar, Wait } from "../design/avatar";
import { Button } from "../design/button";
import { Choices, Dialog } from "../design/dialog";
import { newId } from "../state/ids";
import { useHub } from "../state/hub";
import { toast } from "../state/toasts";
import { t } from "../text";
import { act } from "./acts";
import { Ticks } from "./ticks";

type Asking = { what: "edit"; queue: QueueRow | null } | { what: "archive"; queue: QueueRow } | null;

export function Queues() {
  const hub = useHub();
  const [asking, setAsking] = useState<Asking>(null);
  const rows = [...hub.queueRows.value].sort((a, b) => a.name.localeCompare(b.name));
  const here = rows.filter((queue) => queue.archived == null);
  const old = rows.filter((queue) => queue.archived != null);
  const restore = (queue: QueueRow) => void act(hub, { t: "queue_restore", queue: queue.id });
  return (
    <div class="people">
      <p class="people-lead"><span class="quiet">{t("queues.lead")}</span> <Button label={t("queues.add")} icon="plus" kind="first" onClick={() => setAsking({ what: "edit", queue: null })} /></p>
      <ul class="people-list" aria-label={t("settings.queues")}>
        {here.map((queue) => (
          <Row key={queue.id} queue={queue} onEdit={() => setAsking({ what: "edit", queue })}
            onArchive={here.length > 1 && !queue.sites?.length ? () => setAsking({ what: "archive", queue }) : null} />
        ))}
      </ul>
      {old.length > 0 && <h3>{t("queues.archived")}</h3>}
      {old.length > 0 && (
        <ul class="people-list" aria-label={t("queues.archived")}>
          {old.map((queue) => (
            <li class="people-row out" key={queue.id}>
              <div class="people-words wide"><p class="people-name"><b class="cut" dir="auto">{queue.name}</b></p></div>
              <Button label={t("queues.restore.of", { name: queue.name })} tip={t("queues.restore")} icon="undo" only="icon" kind="plain" onClick={() => restore(queue)} />
            </li>
          ))}
        </ul>
      )}
      {asking?.what === "edit" && <QueueDialog queue={asking.queue} onClose={() => setAsking(null)} />}
      {asking?.what === "archive" && <ArchiveDialog queue={asking.queue} onClose={() => setAsking(null)} />}
    </div>
  );
}

const FACES = 6;

function Row({ queue, onEdit, onArchive }: { queue: QueueRow; onEdit: () => void; onArchive: (() => void) | null }) {
  const hub = useHub();
  const within = hub.conversations.value.filter((row) => row.queue === queue.id);
  const waits = within.filter((row) => row.status === "waiting");
  const first = waits.map((row) => row.waiting_since).filter((at) => at != null).sort((a, b) => a - b)[0];
  const members = hub.operators.value.filter((one) => queue.members?.includes(one.id));
  return (
    <li class="people-row queue-row">
      <div class="people-words wide">
        <p class="people-name">
          <b class="cut" dir="auto">{queue.name}</b>
          {queue.sites?.map((site) => <span class="tag" key={site} data-tip={t("queues.site.tip")}>{hub.siteNames.value[site] || site}</span>)}
        </p>
        <p class="people-more quiet">{t("queues.waiting", { count: waits.length })} {first != null && <Wait since={first} />} · {t("queues.open", { count: within.length - waits.length })}</p>
      </div>
      <p class="people-faces">
        {members.slice(0, FACES).map((one) => <span key={one.id} data-tip={`${one.name}\n${t(`presence.${one.presence}`)}`}><Avatar name={one.name} seed={one.id} size="small" /></span>)}
        {members.length > FACES && <span class="quiet figures">+{members.length - FACES}</span>}
        {members.length ? <span class="unseen">{members.map((one) => one.name).join(", ")}</span> : <span class="none-serve">{t("queues.nobody")}</span>}
      </p>
      <span class="people-acts">
        <Button label={t("queues.edit.of", { name: queue.name })} tip={t("queues.edit")} icon="edit" only="icon" kind="plain" onClick={onEdit} />
        {onArchive && <Button label={t("queues.archive.of", { name: queue.name })} tip={t("queues.archive")} icon="archive" only="icon" kind="plain" onClick={onArchive} />}
      </span>
    </li>
  );
}

function QueueDialog({ queue, onClose }: { queue: QueueRow | null; onClose: () => void }) {
  const hub = useHub();
  const [id] = useState(() => queue?.id ?? newId());
  const [name, setName] = useState(queue?.name ?? "");
  const [members, setMembers] = useState<ReadonlySet<string>>(new Set(queue?.members ?? []));
  const named = queue?.sites?.length ? queue.sites.map((site) => hub.siteNames.value[site] || site).join(", ") : "";
  const yes = async () => {
    // Members who cannot sign in now are kept: they are in no list, and nobody meant to take them out.
    if (await act(hub, { t: "queue_save", queue: id, name: name.trim(), members: [...members] })) onClose();
  };
  return (
    <Dialog title={t(queue ? "queues.edit.title" : "queues.add")} lead={t("queues.edit.lead")} yes={t("canned.save")} ready={!!name.trim()} onYes={() => void yes()} onClose={onClose}>
      <label class="field">
        <span>{t("queues.name")}</span>
        <input class="input" value={name} maxLength={80} dir="auto" autofocus={!queue} disabled={!!named} onInput={(event) => setName(event.currentTarget.value)} />
        {named && <span class="quiet">{t("queues.named", { site: named })}</span>}
      </label>
      <Ticks label={t("queues.members")} all={hub.operators.value.map((one) => ({ id: one.id, name: one.name, more: t(`presence.${one.presence}`) }))}
        on={members} none={t("transfer.nobody")} onChange={setMembers} />
    </Dialog>
  );
}

function ArchiveDialog({ queue, onClose }: { queue: QueueRow; onClose: () => void }) {
  const hub = useHub();
  const [to, setTo] = useState<string | null>(null);
  const within = hub.conversations.value.filter((row) => row.queue === queue.id).length;
  const others = hub.queues.value.filter((one) => one.id !== queue.id);
  const yes = async () => {
    const more = to ? { to } : {};
    if (!(await act(hub, { t: "queue_archive", queue: queue.id, ...more }))) return;
    onClose();
    toast(t("queues.archived.done", { name: queue.name }), { undo: () => void act(hub, { t: "queue_restore", queue: queue.id }) });
  };
  return (
    <Dialog title={t("queues.archive.title", { name: queue.name })} lead={within ? t("queues.archive.where", { count: within }) : t("queues.archive.lead")}
      yes={t("queues.archive")} ready={!within || to !== null} onYes={() => void yes()} onClose={onClose}>
      {within > 0 && <Choices name="to" label={t("queues.archive.to")} value={to} onChange={setTo} options={others.map((one) => ({ value: one.id, body: <span class="cut" dir="auto">{one.name}</span> }))} />}
    </Dialog>
  );
}
