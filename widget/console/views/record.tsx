// What is known of a customer, each value with how sure it is and who said it, and the operator's own word beside it.

import { useState } from "preact/hooks";
import type { Customer, Provenance, RecordField, RecordIdentifier } from "../../wire/console";
import { Button } from "../design/button";
import { exact } from "../design/time";
import { TrustDot } from "../design/trust";
import { useHub } from "../state/hub";
import { known, t } from "../text";
import { takeBack } from "./acts";
import { Copy } from "./copy";
import { EditDialog } from "./editrecord";

export function attribute(name: string): string {
  const key = `attribute.${name}`;
  return known(key) ? t(key) : name.replace(/[_.]/g, " ");
}

/** Who said it and when; of the chosen value also why it was chosen. */
export function origin({ source, operator, at, rule }: Pick<Provenance, "source" | "operator" | "at" | "rule">): string {
  const who = operator ? t("origin.operator", { name: operator, at: exact(at) }) : t("origin", { source: source || t("origin.unknown"), at: exact(at) });
  const why = rule ? (known(`rule.${rule}`) ? t(`rule.${rule}` as "origin") : t("origin.rule", { rule })) : "";
  return [who, why].filter(Boolean).join("\n");
}

export function Record({ record }: { record: Customer }) {
  const [editing, setEditing] = useState<string | null>(null);
  const fields = record.fields ?? [];
  return (
    <section class="customer-part">
      <h3>{t("customer.record")} <Button label={t("edit.add")} icon="plus" only="icon" kind="plain" small onClick={() => setEditing("")} /></h3>
      {fields.length > 0
        ? <dl class="record">{fields.map((field) => <Field key={field.attribute} field={field} onEdit={() => setEditing(field.attribute)} />)}</dl>
        : <p class="quiet">{t("record.none")}</p>}
      {editing !== null && <EditDialog record={record} field={editing} onClose={() => setEditing(null)} />}
    </section>
  );
}

function Field({ field, onEdit }: { field: RecordField; onEdit: () => void }) {
  const [open, setOpen] = useState(false);
  const others = field.others ?? [];
  const name = attribute(field.attribute);
  return (
    <div class="record-field">
      <dt>{name}</dt>
      <dd>
        <TrustDot level={field.chosen.level} detail={origin(field.chosen)} />
        <span class="value"><bdi>{field.chosen.value}</bdi></span>
        {others.length > 0 && (
          <button type="button" class="others figures" aria-expanded={open} aria-label={t("record.others", { count: others.length })} data-tip={t("record.others", { count: others.length })} onClick={() => setOpen(!open)}>+{others.length}</button>
        )}
        <span class="record-acts">
          <TakeBack touch={field.chosen.touch} value={field.chosen.value} />
          <Copy text={field.chosen.value} what={name} />
          <Button label={t("edit.field", { field: name })} icon="edit" only="icon" kind="plain" small onClick={onEdit} />
        </span>
      </dd>
      {open && others.map((other, at) => (
        <dd class="other" key={at}>
          <TrustDot level={other.level} detail={origin(other)} /><span class="value"><bdi>{other.value}</bdi></span>
          <span class="quiet said-by">{other.operator || other.source}</span>
          <span class="record-acts"><TakeBack touch={other.touch} value={other.value} /></span>
        </dd>
      ))}
    </div>
  );
}

/** Only for what an operator said. */
function TakeBack({ touch, value }: { touch: string | null | undefined; value: string }) {
  const hub = useHub();
  if (!touch) return null;
  return <Button label={t("entry.take_back", { value })} icon="undo" only="icon" kind="plain" small onClick={() => void takeBack(hub, touch)} />;
}

/** Why an identifier does not join records; "" where it does. */
function standing(status: string): string {
  const key = `identifier.${status}`;
  return known(key) ? t(key) : "";
}

export function Identifiers({ record }: { record: Customer }) {
  const [editing, setEditing] = useState(false);
  const rows = record.identifiers ?? [];
  const told = rows.filter((row) => row.kind !== "device" && row.kind !== "session");
  const browsers = rows.filter((row) => row.kind === "device");
  return (
    <section class="customer-part">
      <h3>{t("customer.identifiers")} <Button label={t("edit.reach")} icon="plus" only="icon" kind="plain" small onClick={() => setEditing(true)} /></h3>
      <dl class="record">
        {told.map((row) => <Identified key={`${row.kind}:${row.value}`} row={row} />)}
        {browsers.length > 0 && (
          <div class="record-field"><dt>{t("attribute.device")}</dt>
            <dd><TrustDot level="observed" detail={t("browsers.since", { at: exact(Math.min(...browsers.map((row) => row.at))) })} /><span class="value">{t("browsers", { count: browsers.length })}</span></dd>
          </div>
        )}
      </dl>
      {!rows.length && <p class="quiet">{t("record.none")}</p>}
      {editing && <EditDialog record={record} field="email" onClose={() => setEditing(false)} />}
    </section>
  );
}

function Identified({ row }: { row: RecordIdentifier }) {
  const why = standing(row.status);
  const said = origin({ source: row.source ?? "", operator: row.operator ?? "", at: row.at });
  return (
    <div class="record-field">
      <dt>{attribute(row.kind)}</dt>
      <dd>
        <TrustDot level={row.level} detail={[said, why].filter(Boolean).join("\n")} />
        <span class={`value${row.status === "junk" ? " retired" : ""}`}><bdi>{row.value}</bdi></span>
        <span class="record-acts">
          <TakeBack touch={row.touch} value={row.value} />
          <Copy text={row.value} what={attribute(row.kind)} />
        </span>
      </dd>
    </div>
  );
}
