// What is known of a customer, each value with how sure it is and who said it, and the operator's own word beside it.

import { useState } from "preact/hooks";
import type { Customer, Provenance, RecordField, RecordIdentifier } from "../../wire/console";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { exact } from "../design/time";
import { TrustDot } from "../design/trust";
import { voice } from "../language";
import { useHub } from "../state/hub";
import { known, t } from "../text";
import { nameOf, revoke, takeBack } from "./acts";
import { Copy } from "./copy";
import { EditDialog } from "./editrecord";
import type { Question } from "./evidence/decide";
import { onDemand } from "./later";

const DecideDialog = onDemand(() => import("./evidence/decide").then((part) => part.DecideDialog));

export function attribute(name: string): string {
  const key = `attribute.${name}`;
  return known(key) ? t(key) : name.replace(/[_.]/g, " ");
}

/** The same within a sentence: only German writes it large there, and abbreviations stay as they are. */
export function inline(name: string): string {
  const label = attribute(name);
  const small = voice.value.language !== "de" && !/^\p{Lu}{2}/u.test(label);
  return small ? label.charAt(0).toLocaleLowerCase(voice.value.locale) + label.slice(1) : label;
}

/** Who said it and when; of the chosen value also why it was chosen. */
export function origin({ source, operator, at, rule }: Pick<Provenance, "source" | "operator" | "at" | "rule">, by = ""): string {
  const who = operator ? t("origin.operator", { name: operator, at: exact(at) }) : t("origin", { source: source || t("origin.unknown"), at: exact(at) });
  const why = rule ? whyChosen(rule, by) : "";
  return [who, why].filter(Boolean).join("\n");
}

/** The rule that chose a value, in words. */
function whyChosen(rule: string, by = ""): string {
  if (rule === "pinned" && by) return t("rule.pinned.by", { name: by });
  return known(`rule.${rule}`) ? t(`rule.${rule}` as "origin") : t("origin.rule", { rule });
}

export function Record({ record }: { record: Customer }) {
  const [editing, setEditing] = useState<string | null>(null);
  const fields = record.fields ?? [];
  return (
    <section class="customer-part">
      <h3>{t("customer.record")} <Button label={t("edit.add")} icon="plus" only="icon" kind="plain" small onClick={() => setEditing("")} /></h3>
      {fields.length > 0
        ? <dl class="record">{fields.map((field) => <Field key={field.attribute} record={record} field={field} onEdit={() => setEditing(field.attribute)} />)}</dl>
        : <p class="quiet">{t("record.none")}</p>}
      {editing !== null && <EditDialog record={record} field={editing} onClose={() => setEditing(null)} />}
    </section>
  );
}

function Field({ record, field, onEdit }: { record: Customer; field: RecordField; onEdit: () => void }) {
  const hub = useHub();
  const [open, setOpen] = useState(false);
  const [ask, setAsk] = useState<Question | null>(null);
  const others = field.others ?? [];
  const name = attribute(field.attribute);
  const { chosen, pin } = field;
  const pinning = ({ value, said_in }: Provenance) => setAsk({
    wish: { op: "pin", a: said_in ?? record.id, attribute: field.attribute, value },
    title: t("pin.title", { field: name, name: nameOf(record) }), lead: t("pin.lead"), yes: t("pin.yes"), done: t("pin.done", { value }),
  });
  return (
    <div class="record-field">
      <dt>{name}</dt>
      <dd>
        <TrustDot level={chosen.level} detail={origin(chosen, field.pinned_by)} />
        <button type="button" class="tell" aria-expanded={open} data-tip={t("record.tell")} onClick={() => setOpen(!open)}>
          <span class="value"><bdi>{chosen.value}</bdi></span>
          {pin && <Icon name="pin" />}
          {others.length > 0 && <span class="others figures" role="img" aria-label={t("record.others", { count: others.length })}>+{others.length}</span>}
        </button>
        <span class="record-acts">
          <TakeBack touch={chosen.touch} value={chosen.value} />
          <Copy text={chosen.value} what={name} />
          <Button label={t("edit.field", { field: name })} icon="edit" only="icon" kind="plain" small onClick={onEdit} />
        </span>
      </dd>
      {open && (
        <dd class="told">
          <Told one={chosen} by={field.pinned_by ?? ""} />
          {pin ? <Button label={t("pin.off")} icon="pin" kind="plain" small onClick={() => void revoke(hub, pin)} />
            : others.some((other) => other.value !== chosen.value) && <Button label={t("pin.open")} icon="pin" kind="plain" small onClick={() => pinning(chosen)} />}
        </dd>
      )}
      {open && others.map((other, at) => (
        <dd class="other" key={at}>
          <TrustDot level={other.level} detail={origin(other)} />
          <span class="other-words"><span class="value"><bdi>{other.value}</bdi></span><span class="quiet said-by"><bdi>{other.operator || other.source}</bdi> · {exact(other.at)}</span></span>
          <span class="record-acts">
            <TakeBack touch={other.touch} value={other.value} />
            {other.value !== chosen.value && <Button label={t("pin.other", { value: other.value })} icon="pin" only="icon" kind="plain" small onClick={() => pinning(other)} />}
          </span>
        </dd>
      ))}
      {ask && <DecideDialog ask={ask} onClose={() => setAsk(null)} />}
    </div>
  );
}

/** How sure, who said it, when, and by which rule it stands here: what hovering the dot tells, for whoever cannot hover. */
function Told({ one, by }: { one: Provenance; by: string }) {
  return (
    <p class="quiet">
      {t(`trust.${one.level}`)}: {t(`trust.${one.level}.means`)}<br />
      {origin(one, by).split("\n").map((line) => <span class="line" key={line}>{line}</span>)}
    </p>
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
        {told.map((row) => <Identified key={`${row.kind}:${row.value}`} record={record} row={row} />)}
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

function Identified({ record, row }: { record: Customer; row: RecordIdentifier }) {
  const [open, setOpen] = useState(false);
  const [ask, setAsk] = useState<Question | null>(null);
  const why = standing(row.status);
  const said = origin({ source: row.source ?? "", operator: row.operator ?? "", at: row.at });
  const what = t("why.identifier", { kind: inline(row.kind), value: row.value });
  const held = { kind: row.kind, identifier: row.value };
  const blocking = (on: boolean): Question => ({
    wish: { op: on ? "block" : "unblock", ...held },
    title: t(on ? "block.id.title" : "unblock.id.title", { identifier: what }), lead: t(on ? "block.id.lead" : "unblock.id.lead"),
    yes: t(on ? "block.id.yes" : "unblock.id.yes"), done: t(on ? "block.id.done" : "unblock.id.done", { identifier: what }),
  });
  const detaching = (): Question => ({
    wish: { op: "detach", a: row.said_in ?? record.id, ...held },
    title: t("detach.title", { identifier: what }), lead: t("detach.first", { name: nameOf(record) }), yes: t("detach.yes"), done: t("detach.done", { identifier: what }),
  });
  const idle = row.status === "blocked" || row.status === "shared" || row.status === "role";
  return (
    <div class="record-field">
      <dt>{attribute(row.kind)}</dt>
      <dd>
        <TrustDot level={row.level} detail={[said, why].filter(Boolean).join("\n")} />
        <button type="button" class="tell" aria-expanded={open} data-tip={t("record.tell")} onClick={() => setOpen(!open)}>
          <span class={`value${row.status === "junk" || row.status === "blocked" ? " retired" : ""}`}><bdi>{row.value}</bdi></span>
          {row.status !== "links" && row.status !== "unverified" && <span class="others">{t(`standing.${row.status as "shared"}`)}</span>}
        </button>
        <span class="record-acts">
          <TakeBack touch={row.touch} value={row.value} />
          <Copy text={row.value} what={attribute(row.kind)} />
        </span>
      </dd>
      {open && (
        <dd class="told">
          <p class="quiet">{t(`trust.${row.level}`)}: {t(`trust.${row.level}.means`)}<br />
            <span class="line">{said}</span><span class="line">{why}</span></p>
          <span class="told-acts">
            {!idle && row.status !== "junk" && <Button label={t("detach.open")} icon="split" kind="plain" small onClick={() => setAsk(detaching())} />}
            {row.status !== "junk" && <Button label={t(idle ? "unblock.id" : "block.id")} icon="block" kind="plain" small onClick={() => setAsk(blocking(!idle))} />}
          </span>
        </dd>
      )}
      {ask && <DecideDialog ask={ask} onClose={() => setAsk(null)} />}
    </div>
  );
}
