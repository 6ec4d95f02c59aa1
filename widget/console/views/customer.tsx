// Who this is, and why the hub thinks so: the reconciled record with the source of each value, the chain of evidence
// with its undo, and everything that ever happened.

import { useState } from "preact/hooks";
import type { ConversationRow, Customer, DecisionRow, Joined, VisitorRow } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { Button } from "../design/button";
import { languageName } from "../design/figures";
import { Icon } from "../design/icons";
import { Counting, Time } from "../design/time";
import { TrustDot } from "../design/trust";
import { cameFrom } from "../state/floor";
import { useHub, useTopic } from "../state/hub";
import { useKey } from "../state/keys";
import { itemsOf, oneOf } from "../state/topics";
import { t } from "../text";
import { nameOf, revoke } from "./acts";
import { aboutWords, decisionWords } from "./deciding";
import { Beside } from "./beside";
import { Consents } from "./consents";
import { Help, Lingering, LocalTime } from "./glance";
import { PageLink } from "./linkify";
import { onDemand } from "./later";
import { Identifiers, inline, origin, Record } from "./record";
import { Timeline } from "./timeline";
import { VisitPathLive } from "./path";
import { Star } from "./watch";

const SamePersonDialog = onDemand(() => import("./evidence/people").then((part) => part.SamePersonDialog));
const TwoPeopleDialog = onDemand(() => import("./evidence/people").then((part) => part.TwoPeopleDialog));
const Sheet = onDemand(async () => (await import("./sheet/sheet")).Sheet);
const WhyDialog = onDemand(() => import("./evidence/why").then((part) => part.WhyDialog));

const EraseDialog = onDemand(() => import("./evidence/erase").then((part) => part.EraseDialog));

const MOST_TALKS = 5;
const MOST_LINKS = 5;

interface Props {
  customer: string;
  visitor: VisitorRow | null;
  /** Over the panes, at the side that does not hide the pane it belongs to. */
  floating?: "at-start" | "at-end" | undefined;
  /** The conversation it stands beside. */
  conversation?: string | undefined;
  onClose: () => void;
}

export function CustomerPanel({ customer, visitor, floating, conversation, onClose }: Props) {
  const [wide, setWide] = useState(false);
  useKey("floor.wide", () => setWide(!wide));
  const id = useToday(customer);
  const topic = useTopic(`customer:${id}`);
  const record = oneOf(topic, "customer");
  return (
    <aside class={`customer scroll${wide ? " whole" : floating ? ` floating ${floating}` : ""}`} aria-label={t("customer.label")} aria-busy={!record}>
      <span class="customer-close">{record && <Star customer={record.id} name={nameOf(record)} />}
        <Button label={t(wide ? "customer.narrow" : "customer.wide")} icon="wide" only="icon" kind="plain" small keyName="floor.wide" pressed={wide} onClick={() => setWide(!wide)} />
        <Button label={t("close")} icon="cross" only="icon" kind="plain" small keyName="desk.panel" onClick={onClose} /></span>
      {record && (
        <>
          <div class="customer-first">
            <Who record={record} />
            {record.pending && <p class="customer-pending" role="status"><Icon name="clock" /> {t("record.pending")}</p>}
            {visitor && <Here visitor={visitor} />}
            <Record record={record} />
            <Identifiers record={record} />
            <Consents rows={record.consents ?? []} />
            <Conversations rows={record.conversations ?? []} />
          </div>
          <div class="customer-beside">
            {conversation && <Sheet customer={id} />}
            <Beside key={`${id}${conversation ?? ""}`} customer={id} conversation={conversation ?? null} cart={!visitor} />
            <Why record={record} touches={itemsOf(topic, "touch")} />
            <Kept record={record} onGone={onClose} />
          </div>
          <div class="customer-time">
            <Timeline key={id} customer={id} name={nameOf(record)} items={itemsOf(topic, "touch")} more={topic?.more ?? false} />
          </div>
        </>
      )}
    </aside>
  );
}

/** The customer of today. After a division there is nothing to follow: the conversation's row says whose it is. */
function useToday(customer: string): string {
  const [moves, setMoves] = useState<{ from: string; to: string }>({ from: customer, to: customer });
  const id = moves.from === customer ? moves.to : customer;
  const moved = itemsOf(useTopic(`customer:${id}`), "moved").at(-1);
  if (moved?.kind === "merged" && moved.to !== id) setMoves({ from: customer, to: moved.to });
  return id;
}

function Who({ record }: { record: Customer }) {
  const named = record.fields?.find((field) => field.attribute === "name")?.chosen;
  return (
    <header class="customer-who">
      <Avatar name={record.name} seed={record.id} size="big" />
      <div>
        <h2><bdi>{nameOf(record)}</bdi></h2>
        <p class="customer-level"><TrustDot level={record.level} detail={named ? origin(named) : ""} /> {t(`trust.${record.level}`)}</p>
      </div>
    </header>
  );
}

function Here({ visitor }: { visitor: VisitorRow }) {
  const from = cameFrom(visitor);
  return (
    <section class="customer-part">
      <h3>{t("customer.here")} <Lingering row={visitor} /></h3>
      <p class="here-page">
        <PageLink url={visitor.url} title={visitor.title} />
        <b><Counting before={visitor.active_before} since={visitor.since} running={visitor.attentive} /></b>
      </p>
      <p class="facts">
        <span>{t("here.pages", { count: visitor.pages })}</span>
        <span>{visitor.visits > 1 ? t("here.visits", { count: visitor.visits }) : t("here.first")}</span>
        {from && <span data-tip={visitor.referrer || undefined}>{t("here.from", { host: from })}</span>}
        {visitor.told_by && <span data-tip={t("visitors.told.tip", { name: visitor.told_by })}>{t("visitors.told")}</span>}
        {visitor.campaign && <span>{t("visitors.campaign", { name: visitor.campaign })}</span>}
        {visitor.language && <span>{languageName(visitor.language)}</span>}
        {visitor.zone && <span>{t("here.clock")} <LocalTime zone={visitor.zone} /></span>}
        {visitor.device && <span>{t(`device.${visitor.device}`)}</span>}
        {!!visitor.scroll && <span>{t("visitors.scrolled", { share: visitor.scroll })}</span>}
      </p>
      <div class="here-help"><Help row={visitor} /></div>
      <VisitPathLive visitor={visitor} />
    </section>
  );
}

/** Their conversations, the newest first: one click from going on. */
function Conversations({ rows }: { rows: readonly ConversationRow[] }) {
  const { desk } = useHub();
  if (!rows.length) return null;
  return (
    <section class="customer-part">
      <h3>{t("customer.conversations")}</h3>
      <ul class="timeline">
        {rows.slice(0, MOST_TALKS).map((row) => (
          <li key={row.id}>
            <button type="button" class="touch" onClick={() => desk.open(row.id)}>
              <span class="touch-icon"><Icon name={row.channel === "email" ? "mail" : "desk"} /></span>
              <span class="touch-words">
                <span class="cut">{t(`filter.status.${row.status}`)}{row.outcome ? ` · ${t(`outcome.${row.outcome}`)}` : ""}</span>
                <span class="quiet cut" dir="auto">{[row.operator_name, row.site].filter(Boolean).join(" · ")}</span>
              </span>
              <span class="touch-time"><Time at={row.opened} /></span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the law gives a person: all that is kept of them as a file, and all of it erased. */
function Kept({ record, onGone }: { record: Customer; onGone: () => void }) {
  const { me } = useHub();
  const [erasing, setErasing] = useState(false);
  if (me.value.role !== "admin") return null;
  return (
    <section class="customer-part"><p class="customer-kept">
      <a class="button small plain" href={`/api/customers/${record.id}/export`} download><Icon name="save" /><span>{t("person.export")}</span></a>
      <Button label={t("person.erase")} icon="block" kind="plain" small onClick={() => setErasing(true)} />
      {erasing && <EraseDialog customer={record.id} name={nameOf(record)} onGone={onGone} onClose={() => setErasing(false)} />}
    </p></section>
  );
}

/** The chain of evidence in short, the decisions in it, and the ways to change it. */
function Why({ record, touches }: { record: Customer; touches: ReturnType<typeof itemsOf<"touch">> }) {
  const [asking, setAsking] = useState<"" | "same" | "two" | "why">("");
  const why = [...new Set((record.why ?? []).map(linkLine))];
  const decisions = record.decisions ?? [];
  return (
    <section class="customer-part">
      <h3>{t("customer.why")} <Button label={t("why.open")} icon="search" only="icon" kind="plain" small onClick={() => setAsking("why")} /></h3>
      {why.length > 0 ? <ol class="why">{why.slice(0, MOST_LINKS).map((line) => <li key={line}><Icon name="link" /><span>{line}</span></li>)}</ol>
        : <p class="quiet">{t((record.touchpoints ?? 0) > 1 ? "customer.why.many" : "customer.why.none")}</p>}
      {why.length > MOST_LINKS && <Button label={t("why.show", { count: why.length - MOST_LINKS })} small kind="plain" onClick={() => setAsking("why")} />}
      {decisions.length > 0 && <ul class="decisions" aria-label={t("decisions.label")}>{decisions.map((one) => <Decision key={one.id} one={one} />)}</ul>}
      <p class="customer-acts">
        <Button label={t("same.open")} icon="link" small onClick={() => setAsking("same")} />
        <Button label={t("two.open")} icon="split" small disabled={touches.length < 2} onClick={() => setAsking("two")} />
      </p>
      {asking === "same" && <SamePersonDialog record={record} onClose={() => setAsking("")} />}
      {asking === "two" && <TwoPeopleDialog record={record} touches={touches} onClose={() => setAsking("")} />}
      {asking === "why" && <WhyDialog record={record} onClose={() => setAsking("")} />}
    </section>
  );
}

function linkLine({ kind = "", value = "", author = "" }: Joined): string {
  if (kind === "device" || kind === "session") return t(`why.same.${kind}`);
  return kind ? t("why.same", { kind: inline(kind), value }) : t("why.same.decided", { author });
}

/** A decision in words, who took it, and who took it back. */
export function Decision({ one, onUndo }: { one: DecisionRow; onUndo?: () => void }) {
  const hub = useHub();
  const about = aboutWords(one);
  return (
    <li class={one.revoked ? "revoked" : ""}>
      <div>
        <p class="decided"><b><bdi>{one.author}</bdi></b> {decisionWords(one)} <span class="quiet"><Time at={one.at} /></span></p>
        {about && <p class="decided"><bdi>{about}</bdi></p>}
        {one.note && <p class="quiet" dir="auto">{one.note}</p>}
        {one.revoked && one.revoked_by && (
          <p class="quiet">{t("decision.revoked.by", { author: one.revoked_by })} <Time at={one.revoked_at ?? 0} />{one.revoked_note ? ` · ${one.revoked_note}` : ""}</p>
        )}
      </div>
      {one.revoked ? <span class="tag">{t("decision.revoked")}</span>
        : <Button label={t("undo")} icon="undo" small kind="plain" onClick={onUndo ?? (() => void revoke(hub, one.id))} />}
    </li>
  );
}
