// Routing rules: what becomes of a conversation as it begins. Written as a draft, tried on what was, and only then kept. Alt and an arrow
// key move the rule one is in.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Rule, RulesEdition, RulesPage, Trial } from "../../../wire/routing";
import { Button } from "../../design/button";
import { Icon } from "../../design/icons";
import { EmptyState } from "../../design/surfaces";
import { Time } from "../../design/time";
import { voice } from "../../language";
import "../../parts/routing/words";
import "../../parts/settings/words";
import { api, ApiError } from "../../state/api";
import { toast } from "../../state/toasts";
import { t } from "../../text";
import { sentence } from "../acts";
import "../routing.css";
import { fresh, moved, wrongIn } from "../routing/drafting";
import { RuleEditor } from "../routing/editor";
import { Conditions, type Names, Outcomes } from "../routing/telling";
import { TrialResult, TriedFigures } from "../routing/trial";

const same = (a: readonly Rule[], b: readonly Rule[]): boolean => JSON.stringify(a) === JSON.stringify(b);

export function Routing() {
  const page = useSignal<RulesPage | null>(null);
  const failed = useSignal<string | null>(null);
  const draft = useSignal<readonly Rule[] | null>(null);
  const editing = useSignal<string | null>(null);
  const wrong = useSignal<Readonly<Record<string, string>>>({});
  const busy = useSignal(false);
  const trial = useSignal<{ of: readonly Rule[]; result: Trial } | null>(null);

  const during = async <T,>(asked: Promise<T>): Promise<T | null> => {
    busy.value = true;
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      wrong.value = error.fields;
      if (page.peek()) toast(sentence(error.message || t("settings.unreachable")), { bad: true });
      else failed.value = error.message;
      return null;
    } finally {
      busy.value = false;
    }
  };
  const take = (found: RulesPage | null): boolean => {
    if (!found) return false;
    page.value = found;
    draft.value = null;
    wrong.value = {};
    return true;
  };
  useEffect(() => void during(api.routing()).then(take), []);

  if (!page.value) return failed.value === null ? <p class="quiet" role="status">{t("loading")}</p> : <p class="field-wrong" role="alert">{failed.value || t("settings.unreachable")}</p>;
  const { edition, rules: kept, queues = [], replies = [] } = page.value;
  const rules = draft.value ?? kept;
  const names: Names = Object.fromEntries([...queues, ...replies].map((one) => [one.value, one.label]));
  const set = (next: readonly Rule[]) => {
    draft.value = same(next, kept) ? null : next;
    wrong.value = {};
  };
  const put = (rule: Rule) => set(rules.map((one) => (one.id === rule.id ? rule : one)));
  const move = (at: number, by: number) => {
    set(moved(rules, at, by));
    const { id } = rules[at]!;
    requestAnimationFrame(() => document.getElementById(`rule-${id}`)?.focus());
  };
  const add = () => {
    const made = fresh(t("routing.add"));
    set([...rules, made]);
    editing.value = made.id;
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`#rule-${made.id} input.input`)?.select());
  };
  const restore = async (to: number) => {
    if (take(await during(api.restoreRouting(to, page.peek()!.edition)))) toast(t("settings.undone"));
  };
  const save = async () => {
    if (!take(await during(api.keepRouting(rules, edition)))) return;
    editing.value = null;
    toast(t("routing.saved"), { undo: () => void restore(edition) });
  };
  const attempt = async () => {
    const result = await during(api.tryRouting(rules));
    if (!result) return;
    wrong.value = result.problems ?? {};
    const first = Object.values(wrong.value)[0];
    if (first) toast(sentence(first), { bad: true });
    else trial.value = { of: rules, result };
  };
  return (
    <div class="routing-page">
      <p class="file-lead">{t("routing.lead")}</p>
      {!rules.length && <EmptyState icon="transfer" title={t("routing.empty")}><p>{t("routing.empty.lead")}</p></EmptyState>}
      <ol class="routing-rules">
        {rules.map((rule, at) => (
          <Card key={rule.id} rule={rule} at={at} last={rules.length - 1} names={names} open={editing.value === rule.id} page={page.value!} wrong={wrongIn(wrong.value, at)}
            tried={trial.value ? <TriedFigures one={trial.value.result.rules?.find((one) => one.rule === rule.id)} /> : null}
            onOpen={(open) => (editing.value = open ? rule.id : null)} onChange={put} onMove={(by) => move(at, by)} onDrop={() => set(rules.filter((one) => one.id !== rule.id))} />
        ))}
      </ol>
      <p class="actions">
        <Button label={t("routing.add")} icon="plus" {...(rules.length ? {} : { kind: "first" as const })} onClick={add} disabled={rules.length >= 100} />
        {rules.length > 0 && <Button label={t(busy.value ? "routing.trying" : "routing.try")} icon="search" disabled={busy.value} onClick={() => void attempt()} />}
      </p>
      {trial.value && <TrialResult trial={trial.value.result} rules={trial.value.of} stale={!same(trial.value.of, rules)} />}
      <History page={page.value} busy={busy.value} onRestore={(n) => void restore(n)} />
      {draft.value && (
        <div class="save-bar" role="region" aria-label={t("settings.changed")}>
          <span>{t("settings.changed")}</span>
          <Button label={t("settings.discard")} onClick={() => { draft.value = null; editing.value = null; wrong.value = {}; }} />
          <Button label={t("settings.save")} kind="first" disabled={busy.value} onClick={() => void save()} />
        </div>
      )}
    </div>
  );
}

interface CardProps {
  rule: Rule;
  at: number;
  last: number;
  names: Names;
  open: boolean;
  page: RulesPage;
  wrong: readonly [string, string][];
  tried: preact.ComponentChildren;
  onOpen: (open: boolean) => void;
  onChange: (rule: Rule) => void;
  onMove: (by: number) => void;
  onDrop: () => void;
}

function Card({ rule, at, last, names, open, page, wrong, tried, onOpen, onChange, onMove, onDrop }: CardProps) {
  const { name } = rule;
  const pressed = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    onMove(event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    <li class={`routing-rule${rule.enabled ? "" : " off"}`} id={`rule-${rule.id}`} tabIndex={-1} onKeyDown={pressed}>
      <div class="routing-head">
        <span class="routing-number figures" aria-hidden="true">{voice.value.figures.format(at + 1)}</span>
        <b class="cut" dir="auto">{name}</b>
        <label class="check"><input type="checkbox" checked={!!rule.enabled} onChange={(event) => onChange({ ...rule, enabled: event.currentTarget.checked })} /><span>{t("routing.on")}</span></label>
        <span class="routing-acts">
          <Button label={t("routing.up", { name })} icon="up" only="icon" kind="plain" small disabled={at === 0} onClick={() => onMove(-1)} />
          <Button label={t("routing.down", { name })} icon="down" only="icon" kind="plain" small disabled={at === last} onClick={() => onMove(1)} />
          <Button label={t("routing.edit", { name })} icon="edit" only="icon" kind="plain" small pressed={open} onClick={() => onOpen(!open)} />
          <Button label={t("routing.drop", { name })} icon="cross" only="icon" kind="plain" small onClick={onDrop} />
        </span>
      </div>
      {open ? <RuleEditor rule={rule} page={page} wrong={wrong} onChange={onChange} onDone={() => onOpen(false)} /> : (
        <>
          <p class="routing-does"><Conditions rule={rule} /></p>
          <p class="routing-does"><Icon name="right" /> <Outcomes then={rule.then} names={names} /></p>
          {wrong.map(([place, words]) => <p class="field-wrong" role="alert" key={place}>{words}</p>)}
        </>
      )}
      {tried}
      {!!rule.by && <p class="quiet routing-by"><bdi>{rule.by}</bdi> · <Time at={rule.at ?? 0} /></p>}
    </li>
  );
}

function History({ page, busy, onRestore }: { page: RulesPage; busy: boolean; onRestore: (n: number) => void }) {
  const changes = page.history ?? [];
  if (!changes.length) return null;
  return (
    <details class="setting-history">
      <summary>{t("settings.history", { count: changes.length })}</summary>
      <ol>
        {changes.map((one) => (
          <li key={one.n}>
            <Time at={one.at} /> <bdi class="by">{one.by || t("settings.somebody")}</bdi>
            <ul>{told(one).map((line) => <li key={line} dir="auto">{line}</li>)}</ul>
            {one.n !== page.edition && <Button label={t("routing.restore")} icon="undo" small disabled={busy} onClick={() => onRestore(one.n)} />}
          </li>
        ))}
      </ol>
    </details>
  );
}

function told({ added = [], changed = [], dropped = [], moved: order = false }: RulesEdition): string[] {
  const lines: [string, readonly string[]][] = [["added", added], ["changed", changed], ["dropped", dropped]];
  const said = lines.filter(([, some]) => some.length).map(([what, some]) => t(`routing.change.${what}` as "routing.change.added", { names: some.join(", ") }));
  return order ? [...said, t("routing.change.moved")] : said;
}
