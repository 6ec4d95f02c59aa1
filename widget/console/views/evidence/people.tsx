// Decisions on who is who. They are never final: each one leaves with an "undo", and stays revocable in the record.

import { useState } from "preact/hooks";
import type { Customer, TimelineItem } from "../../../wire/console";
import type { Deciding } from "../../../wire/evidence";
import { Avatar } from "../../design/avatar";
import { Choices, Dialog } from "../../design/dialog";
import { Time } from "../../design/time";
import { TrustDot } from "../../design/trust";
import { useHub, useTopic } from "../../state/hub";
import { useSearch } from "../../state/seeking";
import { oneOf } from "../../state/topics";
import { t } from "../../text";
import { decideThis, nameOf } from "../acts";
import { attribute } from "../record";
import { summary, touchTitle } from "../timeline";
import { NoteField } from "./decide";
import { isReady, PreviewOf, usePreview } from "./preview";

interface Candidate {
  id: string;
  name: string;
  level: Customer["level"];
  where: string;
}

/** Everybody this desk knows of at the moment, in conversations and on the site, and whom a search over all customers finds. */
function useCandidates(not: string, words: string): Candidate[] {
  const hub = useHub();
  const search = useSearch(words).page.value;
  const near = new Map<string, Candidate>();
  for (const row of hub.conversations.value)
    near.set(row.customer, { id: row.customer, name: row.name, level: row.level, where: row.last_text || row.site });
  for (const row of hub.visitors.value)
    if (!near.has(row.customer)) near.set(row.customer, { id: row.customer, name: row.name, level: row.level, where: row.title || row.url });
  const fold = words.trim().toLocaleLowerCase();
  const found = new Map([...near].filter(([, one]) => `${one.name} ${one.where}`.toLocaleLowerCase().includes(fold)));
  for (const hit of search?.customers ?? [])
    if (!found.has(hit.id)) found.set(hit.id, { id: hit.id, name: hit.name, level: hit.level, where: hit.text.map(([piece]) => piece).join("") });
  found.delete(not);
  return [...found.values()].sort((a, b) => (a.name ? 0 : 1) - (b.name ? 0 : 1) || a.name.localeCompare(b.name)).slice(0, MOST);
}

const MOST = 40;

export function SamePersonDialog({ record, onClose }: { record: Customer; onClose: () => void }) {
  const hub = useHub();
  const [other, setOther] = useState<Candidate | null>(null);
  const [sought, setSought] = useState("");
  const [note, setNote] = useState("");
  const shown = useCandidates(record.id, sought);
  const all = other && !shown.some((one) => one.id === other.id) ? [other, ...shown] : shown;
  const name = nameOf(record);
  const wish: Deciding | null = other && { op: "same", a: record.id, b: other.id };
  const looked = usePreview(wish);
  const yes = () => {
    if (!other || !wish) return;
    onClose();
    void decideThis(hub, wish, note.trim(), t("same.done", { a: name, b: nameOf(other) }));
  };
  const options = all.map((one) => ({
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
    <Dialog title={t("same.title", { name })} lead={t("same.lead")} yes={t("same.yes")} wide ready={isReady(looked)} onYes={yes} onClose={onClose}>
      <input class="input" type="search" value={sought} maxLength={200} placeholder={t("same.search")} aria-label={t("same.search")} dir="auto" autofocus onInput={(event) => setSought(event.currentTarget.value)} />
      {options.length
        ? <div class="same-list scroll"><Choices name="other" label={t("same.who")} value={other?.id ?? null} options={options} onChange={(id) => setOther(all.find((one) => one.id === id) ?? null)} /></div>
        : <p class="quiet" role="status">{sought.trim() ? t("find.none") : t("same.nobody")}</p>}
      {other && <Sides key={other.id} one={record} other={other} />}
      <PreviewOf looked={looked} />
      <NoteField value={note} onChange={setNote} />
    </Dialog>
  );
}

/** Both records beside each other, what is equal marked: who decides sees what becomes one. */
function Sides({ one, other }: { one: Customer; other: Candidate }) {
  const found = oneOf(useTopic(`customer:${other.id}`), "customer");
  if (!found) return <p class="quiet" role="status">{t("loading")}</p>;
  const [left, right] = [factsOf(one), factsOf(found)];
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return (
    <table class="sides">
      <caption class="unseen">{t("same.sides")}</caption>
      <thead><tr><td /><th scope="col"><bdi>{nameOf(one)}</bdi></th><th scope="col"><bdi>{nameOf(found)}</bdi></th></tr></thead>
      <tbody>
        {keys.map((key) => {
          const equal = left.get(key)?.value === right.get(key)?.value;
          return (
            <tr key={key} class={equal ? "equal" : ""}>
              <th scope="row">{attribute(key)}</th>
              <Side fact={left.get(key)} /><Side fact={right.get(key)} />
            </tr>
          );
        })}
        <tr><th scope="row">{t("customer.timeline")}</th><td class="figures">{one.touchpoints ?? 0}</td><td class="figures">{found.touchpoints ?? 0}</td></tr>
      </tbody>
    </table>
  );
}

interface Fact {
  readonly value: string;
  readonly level: Customer["level"];
}

function Side({ fact }: { fact: Fact | undefined }) {
  if (!fact) return <td class="quiet">–</td>;
  return <td><TrustDot level={fact.level} /> <bdi>{fact.value}</bdi></td>;
}

function factsOf(record: Customer): Map<string, Fact> {
  const facts = new Map<string, Fact>();
  for (const field of record.fields ?? []) facts.set(field.attribute, { value: field.chosen.value, level: field.chosen.level });
  for (const held of record.identifiers ?? [])
    if (held.kind !== "device" && held.kind !== "session") {
      const before = facts.get(held.kind);
      if (before?.value.split(", ").includes(held.value)) continue;
      facts.set(held.kind, before ? { ...before, value: `${before.value}, ${held.value}` } : { value: held.value, level: held.level });
    }
  return facts;
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
  const wish: Deciding | null = a && b ? { op: "never", a, b } : null;
  const looked = usePreview(wish);
  const yes = () => {
    if (!wish) return;
    onClose();
    void decideThis(hub, wish, note.trim(), t("two.done", { name: nameOf(record) }));
  };
  return (
    <Dialog title={t("two.title", { name: nameOf(record) })} lead={t("two.lead")} yes={t("two.yes")} wide ready={isReady(looked)} onYes={yes} onClose={onClose}>
      <div class="two-columns">
        <div class="field"><span>{t("two.first")}</span><Choices name="a" label={t("two.first")} value={a} options={options(b)} onChange={setA} /></div>
        <div class="field"><span>{t("two.second")}</span><Choices name="b" label={t("two.second")} value={b} options={options(a)} onChange={setB} /></div>
      </div>
      <PreviewOf looked={looked} />
      <NoteField value={note} onChange={setNote} />
    </Dialog>
  );
}
