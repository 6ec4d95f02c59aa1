// The questions before a conversation changes hands or ends.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ConversationRow, OperatorRow, Outcome, QueueLoad } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { Choices, Dialog } from "../design/dialog";
import { api } from "../state/api";
import { plain } from "../state/canned";
import { useHub } from "../state/hub";
import { readers } from "../state/mentions";
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

/** One place it can go to. */
interface Target {
  value: string;
  name: string;
  body: ComponentChildren;
  disabled?: boolean;
}

const PRESENT = ["available", "busy", "away", "invisible"];

/** Colleagues who may see it: those with room before those without, the present first. */
function usePeople(row: ConversationRow): Target[] {
  const hub = useHub();
  const mine = hub.me.value.id;
  const rank = (one: OperatorRow) => Number((one.load ?? 0) >= (one.limit ?? 0)) * 10 + PRESENT.indexOf(one.presence);
  return readers(hub.operators.value, row, "").filter((one) => one.id !== row.operator && one.presence !== "offline").sort((a, b) => rank(a) - rank(b)).map((one) => {
    const full = (one.load ?? 0) >= (one.limit ?? 0);
    return {
      value: `operator:${one.id}`,
      name: one.name,
      disabled: full,
      body: (
        <>
          <Avatar name={one.name} seed={one.id} size="small" />
          <span class="cut" dir="auto">{one.id === mine ? t("me.self", { name: one.name }) : one.name}</span>
          <span class="more figures">
            <i class={`presence ${one.presence}`} /> {t(`presence.${one.presence}`)} · {t(full ? "load.full" : "load", { load: one.load ?? 0, limit: one.limit ?? 0 })}
          </span>
        </>
      ),
    };
  });
}

/** Queues, with how many wait there and who could answer, as far as the hub has told. */
function useQueues(row: ConversationRow): Target[] {
  const hub = useHub();
  const [loads, setLoads] = useState<readonly QueueLoad[]>([]);
  useEffect(() => void api.queues().then(({ items }) => setLoads(items), () => {}), []);
  return hub.queues.value.filter((one) => one.id !== row.queue || row.status === "open").map((one) => {
    const load = loads.find((each) => each.id === one.id);
    return {
      value: `queue:${one.id}`,
      name: one.name,
      body: (
        <>
          <span class="cut" dir="auto">{one.name}</span>
          <span class="more figures">
            {t("queue")}
            {load && <> · {load.waiting ? t("queue.waiting", { count: load.waiting }) : t("queue.empty")} · {t("queue.here", { count: load.here ?? 0 })}</>}
          </span>
        </>
      ),
    };
  });
}

export function TransferDialog({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const hub = useHub();
  const [to, setTo] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const [note, setNote] = useState("");
  const all: Target[] = [...usePeople(row), ...useQueues(row)];
  const options = all.filter((one) => plain(one.name).includes(plain(words.trim())));
  const free = options.filter((one) => !one.disabled);
  const chosen = free.find((one) => one.value === to) ?? (words.trim() ? free[0] : undefined);
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !free.length) return;
    const at = free.indexOf(chosen!);
    setTo(free[at < 0 ? (step > 0 ? 0 : free.length - 1) : (at + step + free.length) % free.length]!.value);
    event.preventDefault();
  };
  const yes = () => {
    const [kind, id] = (chosen?.value ?? "").split(":");
    onClose();
    void transfer(hub, row, kind === "operator" ? { operator: id! } : { queue: id! }, chosen?.name ?? "", note.trim());
  };
  return (
    <Dialog title={t("transfer.title", { name: nameOf(row) })} lead={t("transfer.lead")} yes={t("transfer.yes")} ready={chosen !== undefined} onYes={yes} onClose={onClose}>
      <input class="input" type="search" value={words} dir="auto" autofocus placeholder={t("transfer.find")} aria-label={t("transfer.find")}
        onInput={(event) => setWords(event.currentTarget.value)} onKeyDown={walk} />
      {options.length ? <Choices name="to" label={t("transfer.to")} value={chosen?.value ?? null} options={options} onChange={setTo} /> : <p class="quiet">{t(all.length ? "find.none" : "transfer.nobody")}</p>}
      <label class="field">
        <span>{t("transfer.note")}</span>
        <textarea class="input" rows={2} maxLength={8000} value={note} dir="auto" placeholder={t("transfer.note.hint")} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}
