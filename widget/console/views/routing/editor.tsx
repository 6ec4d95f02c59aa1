// One rule, being written: its name, what must hold, and what happens then.

import { useId, useState } from "preact/hooks";
import type { Condition, Fact, Op, Priority, Rule, RulesPage, Then } from "../../../wire/routing";
import type { Outcome } from "../../../wire/common";
import { Button } from "../../design/button";
import { t } from "../../text";
import { TagField } from "../tags";
import { asking, FACTS, kindOf, linesOf, OPS } from "./drafting";
import { factName, languageName, opName } from "./telling";

interface Props {
  rule: Rule;
  page: RulesPage;
  wrong: readonly [string, string][];
  onChange: (rule: Rule) => void;
  onDone: () => void;
}

export function RuleEditor({ rule, page, wrong, onChange, onDone }: Props) {
  const id = useId();
  const set = (part: Partial<Rule>) => onChange({ ...rule, ...part });
  const put = (at: number, one: Condition) => set({ when: rule.when.map((before, n) => (n === at ? one : before)) });
  return (
    <div class="routing-editor">
      <label class="field" for={`${id}-name`}>{t("routing.name")}
        <input id={`${id}-name`} class="input" value={rule.name} maxLength={200} dir="auto" onInput={(event) => set({ name: event.currentTarget.value })} />
      </label>
      <fieldset>
        <legend>
          {t("routing.when")}{" "}
          {rule.when.length > 1 && (
            <select class="input" aria-label={t("routing.when")} value={rule.match ?? "all"} onChange={(event) => set({ match: event.currentTarget.value as "all" | "any" })}>
              <option value="all">{t("routing.match.all")}</option>
              <option value="any">{t("routing.match.any")}</option>
            </select>
          )}
        </legend>
        {rule.when.map((one, at) => (
          <ConditionRow key={at} one={one} number={at + 1} page={page} onChange={(next) => put(at, next)}
            {...(rule.when.length > 1 ? { onDrop: () => set({ when: rule.when.filter((_, n) => n !== at) }) } : {})} />
        ))}
        {rule.when.length < 20 && <Button label={t("routing.condition.add")} icon="plus" kind="plain" small onClick={() => set({ when: [...rule.when, asking("words")] })} />}
      </fieldset>
      <Thens then={rule.then ?? {}} page={page} onChange={(then) => set({ then })} />
      {wrong.map(([place, words]) => <p class="field-wrong" role="alert" key={place}>{words}</p>)}
      <p class="actions"><Button label={t("routing.done")} icon="check" onClick={onDone} /></p>
    </div>
  );
}

interface Row {
  one: Condition;
  number: number;
  page: RulesPage;
  onChange: (one: Condition) => void;
  onDrop?: () => void;
}

function ConditionRow({ one, number, page, onChange, onDrop }: Row) {
  const ops = OPS[kindOf(one.fact)];
  return (
    <div class="routing-condition" role="group" aria-label={t("routing.condition", { number })}>
      <select class="input" aria-label={t("routing.fact")} value={one.fact} onChange={(event) => onChange(asking(event.currentTarget.value as Fact, one))}>
        {FACTS.map((fact) => <option key={fact} value={fact}>{factName(fact)}</option>)}
      </select>
      <select class="input" aria-label={t("routing.op")} value={one.op} disabled={ops.length < 2} onChange={(event) => onChange({ ...one, op: event.currentTarget.value as Op })}>
        {ops.map((op) => <option key={op} value={op}>{opName(op)}</option>)}
      </select>
      <Value one={one} page={page} onChange={(value) => onChange({ ...one, value })} />
      {onDrop && <Button label={t("routing.condition.drop")} icon="cross" only="icon" kind="plain" small onClick={onDrop} />}
    </div>
  );
}

const LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "ar", "he", "ja", "zh"];

function Value({ one, page, onChange }: { one: Condition; page: RulesPage; onChange: (value: Condition["value"]) => void }) {
  const { value } = one;
  if (typeof value === "boolean")
    return (
      <select class="input" aria-label={t("routing.value")} value={value ? "yes" : "no"} onChange={(event) => onChange(event.currentTarget.value === "yes")}>
        <option value="yes">{t("routing.yes")}</option>
        <option value="no">{t("routing.no")}</option>
      </select>
    );
  if (typeof value === "number")
    return <input class="input short figures" type="number" min={0} step="any" aria-label={t("routing.value")} value={value} onInput={(event) => event.currentTarget.valueAsNumber >= 0 && onChange(event.currentTarget.valueAsNumber)} />;
  const offered = one.fact === "language" ? LANGUAGES.map((code) => ({ value: code, label: languageName(code) }))
    : one.fact === "site" ? (page.sites ?? []) : one.fact === "connection" ? (page.connections ?? []) : [];
  if (offered.length && value.every((each) => offered.some((choice) => choice.value === each)))
    return (
      <span class="checks" role="group" aria-label={t("routing.value")}>
        {offered.map((choice) => (
          <label class="check" key={choice.value}>
            <input type="checkbox" checked={value.includes(choice.value)} onChange={(event) => onChange(event.currentTarget.checked ? [...value, choice.value] : value.filter((each) => each !== choice.value))} />
            <span>{choice.label}</span>
          </label>
        ))}
      </span>
    );
  return <Lines value={value} hint={t(kindOf(one.fact) === "words" ? "routing.hint.words" : "routing.hint.names")} onChange={onChange} />;
}

/** Keeps what was typed, so that a new line or a space at the end is not taken from under the hand. */
function Lines({ value, hint, onChange }: { value: string[]; hint: string; onChange: (value: string[]) => void }) {
  const [text, setText] = useState(value.join("\n"));
  return (
    <textarea class="input routing-lines" rows={Math.min(6, Math.max(2, text.split("\n").length))} aria-label={t("routing.value")} placeholder={hint} data-tip={hint} dir="auto" value={text}
      onInput={(event) => {
        setText(event.currentTarget.value);
        onChange(linesOf(event.currentTarget.value));
      }} />
  );
}

function Thens({ then, page, onChange }: { then: Then; page: RulesPage; onChange: (then: Then) => void }) {
  const set = (part: Partial<Then>) => onChange({ ...then, ...part });
  return (
    <fieldset class="routing-then">
      <legend>{t("routing.then")}</legend>
      <Pick label={t("routing.do.queue")} value={then.queue ?? ""} options={page.queues ?? []} onChange={(queue) => set({ queue: queue || null })} />
      <Pick label={t("routing.do.priority")} value={then.priority ?? ""} options={(["urgent", "normal", "low"] as const).map((value) => ({ value, label: t(`priority.${value}`) }))}
        onChange={(priority) => set({ priority: (priority as Priority) || null })} />
      <Pick label={t("routing.do.answer")} lead={t("routing.do.answer.lead")} value={then.answer ?? ""} options={page.replies ?? []} onChange={(answer) => set({ answer: answer || null })} />
      <Pick label={t("routing.do.close")} value={then.close ?? ""} options={(["resolved", "unresolved", "spam"] as const).map((value) => ({ value, label: t(`outcome.${value}`) }))}
        onChange={(close) => set({ close: (close as Outcome) || null })} />
      <div class="routing-tags"><TagField value={then.tags ?? []} onChange={(tags) => set({ tags })} /></div>
      <label class="check"><input type="checkbox" checked={!!then.stop} onChange={(event) => set({ stop: event.currentTarget.checked })} /><span>{t("routing.do.stop")}</span></label>
    </fieldset>
  );
}

function Pick({ label, lead, value, options, onChange }: { label: string; lead?: string; value: string; options: readonly { value: string; label: string }[]; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} class="input" value={value} data-tip={lead} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{t("routing.usual")}</option>
        {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
      </select>
    </div>
  );
}
