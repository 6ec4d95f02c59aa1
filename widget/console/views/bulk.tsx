// What can be done to several conversations at once, one after the other, with the count of those done; the closed ones can be
// reopened together.

import { useState } from "preact/hooks";
import type { ConversationRow, Outcome } from "../../wire/console";
import { Button } from "../design/button";
import { Choices, Dialog } from "../design/dialog";
import { useHub } from "../state/hub";
import { eachOf } from "../state/inbox";
import { toast } from "../state/toasts";
import { t } from "../text";
import { act } from "./acts";
import { TagField } from "./tags";

const OUTCOMES: readonly Outcome[] = ["resolved", "unresolved", "spam"];

export function BulkBar() {
  const hub = useHub();
  const { inbox } = hub;
  const [asking, setAsking] = useState<"" | "close" | "transfer" | "tags">("");
  const [done, setDone] = useState<{ of: number; at: number } | null>(null);
  const live = new Map(hub.conversations.value.map((row) => [row.id, row]));
  const chosen = [...(inbox.chosen.value ?? new Map<string, ConversationRow>()).values()];
  const rows = chosen.map((row) => live.get(row.id) ?? row);
  // Whoever took one since it was chosen goes on with it: an administrator may finish it, but not without having seen that.
  const taken = (row: ConversationRow, at: number) => row.operator != null && row.operator !== hub.me.value.id && row.operator !== chosen[at]!.operator;
  const open = rows.filter((row, at) => row.status !== "closed" && !taken(row, at));
  const waiting = rows.filter((row) => row.status === "waiting");

  const run = async (chosen: readonly ConversationRow[], one: (row: ConversationRow) => Promise<unknown>): Promise<ConversationRow[]> => {
    setDone({ of: chosen.length, at: 0 });
    const well = await eachOf(chosen, async (row) => (await one(row)) !== null, (at) => setDone({ of: chosen.length, at }));
    setDone(null);
    inbox.chosen.value = null;
    return well;
  };
  const take = async () => {
    const well = await run(waiting, (row) => act(hub, { t: "take", conversation: row.id }));
    toast(t("bulk.taken", { count: well.length }));
  };
  const close = async (outcome: Outcome) => {
    const well = await run(open, (row) => act(hub, { t: "close", conversation: row.id, outcome }));
    const undo = () => void eachOf(well, async (row) => (await act(hub, { t: "reopen", conversation: row.id })) !== null, () => {});
    toast(t("bulk.closed", { count: well.length }), well.length ? { undo } : {});
  };
  const transfer = async (queue: string) => {
    const given = new Map<string, string>();
    const well = await run(open, async (row) => {
      const done = await act(hub, { t: "transfer", conversation: row.id, queue, note: "" });
      if (done && row.operator === hub.me.peek().id) given.set(row.id, done.id);
      return done;
    });
    const back = well.filter((row) => given.has(row.id));
    const undo = () => void eachOf(back, async (row) => (await act(hub, { t: "untransfer", conversation: row.id, command: given.get(row.id)! })) !== null, () => {});
    toast(t("bulk.moved", { count: well.length }), back.length ? { undo } : {});
  };

  const tag = async (add: string[]) => {
    const well = await run(rows, (row) => act(hub, { t: "tag", conversation: row.id, add }));
    const undo = () => void eachOf(well, async (row) => (await act(hub, { t: "tag", conversation: row.id, drop: add.filter((one) => !row.tags?.includes(one)) })) !== null, () => {});
    toast(t("bulk.tagged", { count: well.length }), well.length ? { undo } : {});
  };

  return (
    <footer class="bulk" role="group" aria-label={t("bulk.label")}>
      {done ? (
        <label class="bulk-progress"><span role="status">{t("bulk.progress", { at: done.at, of: done.of })}</span><progress max={done.of} value={done.at} /></label>
      ) : (
        <>
          <span class="figures" role="status">{t("bulk.count", { count: rows.length })}</span>
          <Button label={t("take")} small disabled={!waiting.length} onClick={() => void take()} />
          <Button label={t("transfer")} small disabled={!open.length} onClick={() => setAsking("transfer")} />
          <Button label={t("close.talk")} small disabled={!open.length} onClick={() => setAsking("close")} />
          <Button label={t("tag")} small disabled={!rows.length} onClick={() => setAsking("tags")} />
        </>
      )}
      {asking === "tags" && <AskTags title={t("bulk.tag", { count: rows.length })} onYes={(add) => void tag(add)} onClose={() => setAsking("")} />}
      {asking === "close" && <Ask title={t("bulk.close", { count: open.length })} yes={t("close.yes")} first="resolved"
        options={OUTCOMES.map((one) => [one, t(`outcome.${one}`)])} onYes={(one) => void close(one as Outcome)} onClose={() => setAsking("")} />}
      {asking === "transfer" && <Ask title={t("bulk.transfer", { count: open.length })} yes={t("transfer.yes")} first={null}
        options={hub.queues.value.map((one) => [one.id, one.name])} onYes={(one) => void transfer(one)} onClose={() => setAsking("")} />}
    </footer>
  );
}

function AskTags({ title, onYes, onClose }: { title: string; onYes: (add: string[]) => void; onClose: () => void }) {
  const [tags, setTags] = useState<string[]>([]);
  return (
    <Dialog title={title} yes={t("tags.save")} ready={tags.length > 0} onYes={() => (onClose(), onYes(tags))} onClose={onClose}>
      <TagField value={tags} onChange={setTags} autofocus />
    </Dialog>
  );
}

function Ask({ title, yes, first, options, onYes, onClose }: {
  title: string;
  yes: string;
  first: string | null;
  options: readonly (readonly [string, string])[];
  onYes: (value: string) => void;
  onClose: () => void;
}) {
  const [value, setValue] = useState(first);
  return (
    <Dialog title={title} yes={yes} ready={value !== null} onYes={() => (onClose(), onYes(value!))} onClose={onClose}>
      <Choices name="bulk" label={title} value={value} onChange={setValue} options={options.map(([one, name]) => ({ value: one, body: <b>{name}</b> }))} />
    </Dialog>
  );
}
