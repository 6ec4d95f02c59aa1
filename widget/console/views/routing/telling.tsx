// Routing rules in words: what is looked at, how it is compared, and what happens then. The same in the settings and beside a conversation.

import type { Condition, Found, Rule, Then } from "../../../wire/routing";
import { voice } from "../../language";
import "../../parts/routing/words";
import { type AnyKey, t } from "../../text";

/** A code of the wire as part of a text's name. */
const named = (prefix: string, code: string): AnyKey => `routing.${prefix}.${code.replaceAll(" ", ".")}` as AnyKey;

export const factName = (fact: Condition["fact"]): string => t(named("fact", fact));
export const opName = (op: Condition["op"]): string => t(named("op", op));

export const languageName = (code: string): string => new Intl.DisplayNames(voice.value.locale, { type: "language", fallback: "code" }).of(code) ?? code;

function valueOf(one: Pick<Condition, "fact" | "value">): string[] {
  if (typeof one.value === "boolean") return [t(one.value ? "routing.yes" : "routing.no")];
  if (typeof one.value === "number") return [voice.value.figures.format(one.value)];
  return one.fact === "language" ? one.value.map((code) => (code.includes("*") ? code : languageName(code))) : one.value;
}

const MOST = 8;

/** One comparison: "Subject and text has one of refund, invoice". */
export function Compared({ one }: { one: Condition | Found }) {
  const values = valueOf(one);
  return (
    <span class="routing-compared">
      {factName(one.fact)} <span class="quiet">{opName(one.op)}</span>{" "}
      {values.slice(0, MOST).map((value, at) => <span key={at}>{at > 0 && ", "}<b dir="auto">{value}</b></span>)}
      {values.length > MOST && " …"}
    </span>
  );
}

/** What a rule looks for, as one sentence. */
export function Conditions({ rule }: { rule: Rule }) {
  return (
    <>
      {rule.when.map((one, at) => (
        <span key={at}>{at > 0 && <i class="routing-joint"> {t(rule.match === "any" ? "routing.or" : "routing.and")} </i>}<Compared one={one} /></span>
      ))}
    </>
  );
}

/** Names of queues and replies by their ids. */
export type Names = Readonly<Record<string, string>>;

/** What a rule does, one by one: label and value. */
export function outcomes(then: Then | undefined, names: Names): [AnyKey, string][] {
  if (!then) return [];
  const found: [AnyKey, string][] = [];
  if (then.queue) found.push(["routing.do.queue", names[then.queue] ?? ""]);
  if (then.priority) found.push(["routing.do.priority", t(`priority.${then.priority}`)]);
  if (then.tags?.length) found.push(["routing.do.tags", then.tags.join(", ")]);
  if (then.answer) found.push(["routing.do.answer", names[then.answer] ?? ""]);
  if (then.close) found.push(["routing.do.close", t(`outcome.${then.close}`)]);
  if (then.stop) found.push(["routing.do.stop", ""]);
  return found;
}

export function Outcomes({ then, names }: { then: Then | undefined; names: Names }) {
  const found = outcomes(then, names);
  if (!found.length) return <span class="quiet">{t("routing.nothing")}</span>;
  return (
    <>
      {found.map(([label, value]) => (
        <span class="routing-outcome" key={label}><span class="quiet">{t(label)}</span> {value && <b dir="auto">{value}</b>}</span>
      ))}
    </>
  );
}
