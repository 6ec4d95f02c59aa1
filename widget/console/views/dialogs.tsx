// The questions before a conversation changes hands or ends.

import { useState } from "preact/hooks";
import type { ConversationRow, Outcome } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { Choices, Dialog } from "../design/dialog";
import { useHub } from "../state/hub";
import { t } from "../text";
import { close, nameOf, transfer } from "./acts";
import { TagField } from "./tags";

const OUTCOMES: readonly Outcome[] = ["resolved", "unresolved", "spam"];

export function CloseDialog({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const hub = useHub();
  const [outcome, setOutcome] = useState<Outcome>("resolved");
  const [tags, setTags] = useState<string[]>(row.tags ?? []);
  const yes = () => {
    onClose();
    void close(hub, row, outcome, tags);
  };
  return (
    <Dialog title={t("close.title", { name: nameOf(row) })} lead={t("close.lead")} yes={t("close.yes")} onYes={yes} onClose={onClose}>
      <Choices name="outcome" label={t("close.outcome")} value={outcome} onChange={setOutcome}
        options={OUTCOMES.map((one) => ({ value: one, body: <><b>{t(`outcome.${one}`)}</b><span class="more">{t(`outcome.${one}.means`)}</span></> }))} />
      <TagField value={tags} onChange={setTags} />
    </Dialog>
  );
}

export function TransferDialog({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const hub = useHub();
  const [to, setTo] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const people = hub.operators.value.filter((one) => one.id !== row.operator && one.presence !== "offline");
  const queues = hub.queues.value.filter((one) => one.id !== row.queue || row.status === "open");
  const options = [
    ...people.map((one) => ({
      value: `operator:${one.id}`,
      name: one.name,
      body: (
        <>
          <Avatar name={one.name} seed={one.id} size="small" />
          <span class="cut" dir="auto">{one.id === hub.me.value.id ? t("me.self", { name: one.name }) : one.name}</span>
          <span class="more figures"><i class={`presence ${one.presence}`} /> {t(`presence.${one.presence}`)} · {t("load", { load: one.load ?? 0, limit: one.limit ?? 0 })}</span>
        </>
      ),
    })),
    ...queues.map((one) => ({ value: `queue:${one.id}`, name: one.name, body: <><span class="cut" dir="auto">{one.name}</span><span class="more">{t("queue")}</span></> })),
  ];
  const yes = () => {
    const [kind, id] = (to ?? "").split(":");
    const name = options.find((one) => one.value === to)?.name ?? "";
    onClose();
    void transfer(hub, row, kind === "operator" ? { operator: id! } : { queue: id! }, name, note.trim());
  };
  return (
    <Dialog title={t("transfer.title", { name: nameOf(row) })} lead={t("transfer.lead")} yes={t("transfer.yes")} ready={to !== null} onYes={yes} onClose={onClose}>
      {options.length ? <Choices name="to" label={t("transfer.to")} value={to} options={options} onChange={setTo} /> : <p class="quiet">{t("transfer.nobody")}</p>}
      <label class="field">
        <span>{t("transfer.note")}</span>
        <textarea class="input" rows={2} maxLength={8000} value={note} dir="auto" placeholder={t("transfer.note.hint")} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}
