// Who this is, and why the hub thinks so: the reconciled record with the source of each value, the chain of evidence
// with its undo, and everything that ever happened.

import { useState } from "preact/hooks";
import type { Customer, DecisionRow, RecordField, RecordIdentifier, VisitorRow } from "../../wire/console";
import { Avatar } from "../design/avatar";
import { Button } from "../design/button";
import { languageName } from "../design/figures";
import { Icon } from "../design/icons";
import { Counting, exact, Time } from "../design/time";
import { TrustDot } from "../design/trust";
import { cameFrom } from "../state/floor";
import { useHub, useTopic } from "../state/hub";
import { itemsOf, oneOf } from "../state/topics";
import { known, t } from "../text";
import { nameOf, revoke } from "./acts";
import { Help, Lingering } from "./glance";
import { PageLink } from "./linkify";
import { SamePersonDialog, TwoPeopleDialog } from "./people";
import { Timeline } from "./timeline";
import { VisitPathLive } from "./path";
import { Star } from "./watch";

interface Props {
  customer: string;
  visitor: VisitorRow | null;
  /** Over the panes, at the side that does not hide the pane it belongs to. */
  floating?: "at-start" | "at-end" | undefined;
  onClose: () => void;
}

export function CustomerPanel({ customer, visitor, floating, onClose }: Props) {
  const id = useToday(customer);
  const topic = useTopic(`customer:${id}`);
  const record = oneOf(topic, "customer");
  return (
    <aside class={`customer scroll${floating ? ` floating ${floating}` : ""}`} aria-label={t("customer.label")} aria-busy={!record}>
      <span class="customer-close">{record && <Star customer={record.id} name={nameOf(record)} />}<Button label={t("close")} icon="cross" only="icon" kind="plain" small keyName="desk.panel" onClick={onClose} /></span>
      {record && (
        <>
          <Who record={record} />
          {visitor && <Here visitor={visitor} />}
          <Record fields={record.fields ?? []} />
          <Identifiers rows={record.identifiers ?? []} />
          <Why record={record} touches={itemsOf(topic, "touch")} />
          <Timeline key={id} customer={id} items={itemsOf(topic, "touch")} more={topic?.more ?? false} />
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
  return (
    <header class="customer-who">
      <Avatar name={record.name} seed={record.id} size="big" />
      <div>
        <h2><bdi>{nameOf(record)}</bdi></h2>
        <p class="customer-level"><TrustDot level={record.level} /> {t(`trust.${record.level}`)}</p>
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
        {visitor.campaign && <span>{t("visitors.campaign", { name: visitor.campaign })}</span>}
        {visitor.language && <span>{languageName(visitor.language)}</span>}
        {visitor.device && <span>{t(`device.${visitor.device}`)}</span>}
        {!!visitor.scroll && <span>{t("visitors.scrolled", { share: visitor.scroll })}</span>}
      </p>
      <div class="here-help"><Help row={visitor} /></div>
      <VisitPathLive visitor={visitor} />
    </section>
  );
}

function attribute(name: string): string {
  const key = `attribute.${name}`;
  return known(key) ? t(key) : name.replace(/[_.]/g, " ");
}

function origin({ source, at, rule }: { source: string; at: number; rule?: string }): string {
  return [t("origin", { source, at: exact(at) }), rule ? t("origin.rule", { rule }) : ""].filter(Boolean).join("\n");
}

function Record({ fields }: { fields: readonly RecordField[] }) {
  if (!fields.length) return null;
  return (
    <section class="customer-part">
      <h3>{t("customer.record")}</h3>
      <dl class="record">{fields.map((field) => <Field key={field.attribute} field={field} />)}</dl>
    </section>
  );
}

function Field({ field }: { field: RecordField }) {
  const [open, setOpen] = useState(false);
  const others = field.others ?? [];
  return (
    <div class="record-field">
      <dt>{attribute(field.attribute)}</dt>
      <dd>
        <TrustDot level={field.chosen.level} detail={origin(field.chosen)} />
        <span class="value"><bdi>{field.chosen.value}</bdi></span>
        {others.length > 0 && (
          <button type="button" class="others figures" aria-expanded={open} data-tip={t("record.others", { count: others.length })} onClick={() => setOpen(!open)}>+{others.length}</button>
        )}
      </dd>
      {open && others.map((other, at) => (
        <dd class="other" key={at}><TrustDot level={other.level} detail={origin(other)} /><span class="value"><bdi>{other.value}</bdi></span></dd>
      ))}
    </div>
  );
}

/** Why an identifier does not join records; "" where it does. */
function standing(status: string): string {
  const key = `identifier.${status}`;
  return known(key) ? t(key) : "";
}

function Identifiers({ rows }: { rows: readonly RecordIdentifier[] }) {
  const told = rows.filter((row) => row.kind !== "device" && row.kind !== "session");
  const browsers = rows.filter((row) => row.kind === "device").length;
  if (!rows.length) return null;
  return (
    <section class="customer-part">
      <h3>{t("customer.identifiers")}</h3>
      <dl class="record">
        {told.map((row) => (
          <div class="record-field" key={`${row.kind}:${row.value}`}>
            <dt>{attribute(row.kind)}</dt>
            <dd>
              <TrustDot level={row.level} detail={[standing(row.status), exact(row.at)].filter(Boolean).join("\n")} />
              <span class={`value${row.status === "junk" ? " retired" : ""}`}><bdi>{row.value}</bdi></span>
            </dd>
          </div>
        ))}
        {browsers > 0 && <div class="record-field"><dt>{t("attribute.device")}</dt><dd><TrustDot level="observed" /><span class="value">{t("browsers", { count: browsers })}</span></dd></div>}
      </dl>
    </section>
  );
}

/** The chain of evidence, the decisions in it, and the two ways to change it. */
function Why({ record, touches }: { record: Customer; touches: ReturnType<typeof itemsOf<"touch">> }) {
  const [asking, setAsking] = useState<"" | "same" | "two">("");
  const why = record.why ?? [];
  const decisions = record.decisions ?? [];
  return (
    <section class="customer-part">
      <h3>{t("customer.why")}</h3>
      {why.length > 0 ? <ol class="why">{why.map((line, at) => <li key={at} dir="auto"><Icon name="link" /><span>{line}</span></li>)}</ol>
        : <p class="quiet">{t("customer.why.none")}</p>}
      {decisions.length > 0 && <ul class="decisions">{decisions.map((one) => <Decision key={one.id} one={one} />)}</ul>}
      <p class="customer-acts">
        <Button label={t("same.open")} icon="link" small onClick={() => setAsking("same")} />
        <Button label={t("two.open")} icon="split" small disabled={touches.length < 2} onClick={() => setAsking("two")} />
      </p>
      {asking === "same" && <SamePersonDialog record={record} onClose={() => setAsking("")} />}
      {asking === "two" && <TwoPeopleDialog record={record} touches={touches} onClose={() => setAsking("")} />}
    </section>
  );
}

function Decision({ one }: { one: DecisionRow }) {
  const hub = useHub();
  const key = `decision.${one.op}`;
  return (
    <li class={one.revoked ? "revoked" : ""}>
      <div>
        <p dir="auto"><b>{one.author}</b> {known(key) ? t(key) : one.op} <span class="quiet"><Time at={one.at} /></span></p>
        {one.note && <p class="quiet" dir="auto">{one.note}</p>}
      </div>
      {one.revoked ? <span class="tag">{t("decision.revoked")}</span>
        : one.op !== "revoke" && <Button label={t("undo")} icon="undo" small kind="plain" onClick={() => void revoke(hub, one.id)} />}
    </li>
  );
}
