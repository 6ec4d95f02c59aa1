// Decisions on who is who. They are never final: each one leaves with an "undo", and stays revocable in the record.

import { useState } from "preact/hooks";
import type { Customer, TimelineItem } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { Choices, Dialog } from "../design/dialog";
import { Time } from "../design/time";
import { TrustDot } from "../design/trust";
import { useHub } from "../state/hub";
import { t } from "../text";
import { decide, nameOf } from "./acts";
import { summary, touchTitle } from "./timeline";

interface Candidate {
  id: string;
  name: string;
  level: Customer["level"];
  where: string;
}

/** Everybody this desk knows of at the moment: in conversations and on the site. */
function useCandidates(not: string): Candidate[] {
  const hub = useHub();
  const found = new Map<string, Candidate>();
  for (const row of hub.conversations.value)
    found.set(row.customer, { id: row.customer, name: row.name, level: row.level, where: row.last_text || row.site });
  for (const row of hub.visitors.value)
    if (!found.has(row.customer)) found.set(row.customer, { id: row.customer, name: row.name, level: row.level, where: row.title || row.url });
  found.delete(not);
  return [...found.values()].sort((a, b) => (a.name ? 0 : 1) - (b.name ? 0 : 1) || a.name.localeCompare(b.name));
}

export function SamePersonDialog({ record, onClose }: { record: Customer; onClose: () => void }) {
  const hub = useHub();
  const [other, setOther] = useState<string | null>(null);
  const [sought, setSought] = useState("");
  const [note, setNote] = useState("");
  const all = useCandidates(record.id);
  const words = sought.trim().toLocaleLowerCase();
  const shown = all.filter((one) => `${one.name} ${one.where}`.toLocaleLowerCase().includes(words));
  const name = nameOf(record);
  const yes = () => {
    const chosen = all.find((one) => one.id === other);
    if (!chosen) return;
    onClose();
    void decide(hub, "same", record.id, chosen.id, note.trim(), t("same.done", { a: name, b: nameOf(chosen) }));
  };
  const options = shown.map((one) => ({
    value: one.id,
    body: (
      <>
        <Avatar name={one.name} seed={one.id} size="small" />
        <span class="cut" dir="auto">{nameOf(one)}</span>
        <TrustDot level={one.level} />
        <span class="more cut" dir="auto">{one.where}</span>
      </>
    ),
  }));
  return (
    <Dialog title={t("same.title", { name })} lead={t("same.lead")} yes={t("same.yes")} ready={other !== null} onYes={yes} onClose={onClose}>
      {all.length > 5 && <input class="input" type="search" value={sought} placeholder={t("same.search")} aria-label={t("same.search")} onInput={(event) => setSought(event.currentTarget.value)} />}
      {options.length ? <Choices name="other" label={t("same.who")} value={other} options={options} onChange={setOther} /> : <p class="quiet">{t("same.nobody")}</p>}
      <NoteField value={note} onChange={setNote} />
    </Dialog>
  );
}

export function TwoPeopleDialog({ record, touches, onClose }: { record: Customer; touches: readonly TimelineItem[]; onClose: () => void }) {
  const hub = useHub();
  const [a, setA] = useState<string | null>(null);
  const [b, setB] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const sorted = [...touches].sort((one, two) => two.at - one.at);
  const options = (not: string | null) => sorted.filter((one) => one.id !== not).map((one) => ({
    value: one.id,
    body: <><span class="touch-words"><span class="cut" dir="auto">{touchTitle(one)}</span><span class="quiet cut">{summary(one)}</span></span><span class="more"><Time at={one.at} /></span></>,
  }));
  const yes = () => {
    if (!a || !b) return;
    onClose();
    void decide(hub, "never", a, b, note.trim(), t("two.done", { name: nameOf(record) }));
  };
  return (
    <Dialog title={t("two.title", { name: nameOf(record) })} lead={t("two.lead")} yes={t("two.yes")} wide ready={!!a && !!b} onYes={yes} onClose={onClose}>
      <div class="two-columns">
        <div class="field"><span>{t("two.first")}</span><Choices name="a" label={t("two.first")} value={a} options={options(b)} onChange={setA} /></div>
        <div class="field"><span>{t("two.second")}</span><Choices name="b" label={t("two.second")} value={b} options={options(a)} onChange={setB} /></div>
      </div>
      <NoteField value={note} onChange={setNote} />
    </Dialog>
  );
}

function NoteField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <label class="field">
      <span>{t("decide.note")}</span>
      <input class="input" maxLength={1000} value={value} dir="auto" placeholder={t("decide.note.hint")} onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}
