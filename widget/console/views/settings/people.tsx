// By what people are told apart: how many values of a kind one person has, and from when an identifier is taken for several
// people's. Numbers are a draft until somebody has seen what they would do to everything there is; counting that takes as long
// as it takes, on the hub, and goes on while nobody looks.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Name, RuleNumber, RulesPage, RulesTrial } from "../../../wire/ruling";
import { Button } from "../../design/button";
import { Icon } from "../../design/icons";
import { Time } from "../../design/time";
import { TrustDot } from "../../design/trust";
import { voice } from "../../language";
import "../../parts/settings/words";
import { api, ApiError } from "../../state/api";
import { toast } from "../../state/toasts";
import { t } from "../../text";
import { nameOf, sentence } from "../acts";
import { listed } from "../deciding";
import { attribute } from "../record";

const NAMES = ["limits", "others", "crowds"] as const satisfies readonly Name[];
/** What most shops are asked about stands first; everything else is one click away. */
const FIRST = ["user_id", "email", "phone", "device", "session"];
const PAUSE = 1_000;

type Draft = Record<Name, Record<string, number | null>>;
const NOTHING: Draft = { limits: {}, others: {}, crowds: {} };
const isNothing = (draft: Draft): boolean => NAMES.every((name) => Object.keys(draft[name]).length === 0);

/** The same numbers, in whatever order they were changed. */
const keyOf = (numbers: Readonly<Record<string, Readonly<Record<string, number | null>>>>): string =>
  NAMES.flatMap((name) => Object.entries(numbers[name] ?? {}).map(([kind, number]) => `${name}.${kind}=${number}`)).sort().join();

export function People() {
  const page = useSignal<RulesPage | null>(null);
  const failed = useSignal<string | null>(null);
  const draft = useSignal<Draft>(NOTHING);
  const busy = useSignal(false);
  const trial = page.value?.trial ?? null;
  const unsettled = trial?.state === "counting" || !!page.value?.renewing;

  const ask = async (asked: Promise<RulesPage>): Promise<boolean> => {
    try {
      page.value = await asked;
      failed.value = null;
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (page.peek()) toast(sentence(error.message || t("settings.unreachable")), { bad: true });
      else failed.value = error.message;
      return false;
    }
  };
  useEffect(() => void ask(api.ruling()), []);
  useEffect(() => {
    if (!unsettled) return;
    const timer = setInterval(() => void api.ruling().then((found) => (page.value = found), () => {}), PAUSE); // the next look may find the hub again
    return () => clearInterval(timer);
  }, [unsettled]);

  if (!page.value) return failed.value === null ? <p class="quiet" role="status">{t("loading")}</p> : <p class="field-wrong" role="alert">{failed.value || t("settings.unreachable")}</p>;
  const set = (one: RuleNumber, value: number | null) => {
    const { [one.kind]: _before, ...rest } = draft.value[one.name];
    draft.value = { ...draft.value, [one.name]: value === one.value ? rest : { ...rest, [one.kind]: value } };
  };
  const during = async (asked: Promise<RulesPage>) => {
    busy.value = true;
    const done = await ask(asked);
    busy.value = false;
    return done;
  };
  const undo = async (change: string) => {
    if (await during(api.undoRuling(change))) toast(t("settings.undone"));
  };
  const keep = async () => {
    if (!(await during(api.keepRuling(draft.value, page.value?.n ?? 0)))) return;
    draft.value = NOTHING;
    const change = page.value?.changes?.[0]?.id;
    toast(t("people.applied"), change ? { undo: () => void undo(change) } : {});
  };
  const tried = trial !== null && keyOf(trial.numbers) === keyOf(draft.value);
  return (
    <div class="people-page">
      <p class="file-lead">{t("people.lead")}</p>
      {page.value.renewing && <p class="quiet" role="status"><Icon name="clock" /> {t("people.renewing")}</p>}
      <Numbers page={page.value} draft={draft.value} onSet={set} />
      {!isNothing(draft.value) && (
        <p class="actions">
          <Button label={t("people.try")} icon="search" kind={tried ? "" : "first"} disabled={busy.value || (tried && trial.state === "counting")} onClick={() => void during(api.tryRuling(draft.value))} />
          <Button label={t("settings.discard")} kind="plain" onClick={() => (draft.value = NOTHING)} />
        </p>
      )}
      {trial && (tried
        ? <Trial trial={trial} busy={busy.value} onKeep={() => void keep()} />
        : !isNothing(draft.value) && <p class="quiet" role="status">{t("people.outdated")}</p>)}
      <History page={page.value} busy={busy.value} onUndo={(change) => void undo(change)} />
    </div>
  );
}

interface NumbersProps {
  page: RulesPage;
  draft: Draft;
  onSet: (one: RuleNumber, value: number | null) => void;
}

function Numbers({ page, draft, onSet }: NumbersProps) {
  const kinds = [...new Set(page.numbers.map((one) => one.kind))];
  const rest = kinds.filter((kind) => !FIRST.includes(kind));
  const table = (some: readonly string[], label: string) => (
    <table class="people-table">
      <caption class="unseen">{label}</caption>
      <thead><tr><td />{NAMES.map((name) => <th scope="col" key={name}>{t(`people.${name}`)}</th>)}</tr></thead>
      <tbody>
        {some.map((kind) => (
          <tr key={kind}>
            <th scope="row">{kindName(kind)}</th>
            {NAMES.map((name) => <Cell key={name} name={name} one={page.numbers.find((each) => each.name === name && each.kind === kind)} draft={draft} onSet={onSet} />)}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <>
      {table(FIRST.filter((kind) => kinds.includes(kind)), t("settings.people"))}
      {rest.length > 0 && <details class="setting-history"><summary>{t("people.more")}</summary>{table(rest, t("people.more"))}</details>}
    </>
  );
}

function Cell({ name, one, draft, onSet }: { name: Name; one: RuleNumber | undefined; draft: Draft; onSet: NumbersProps["onSet"] }) {
  if (!one) return <td class="quiet" data-what={t(`people.${name}`)}>–</td>;
  const changed = one.kind in draft[one.name];
  const value = changed ? (draft[one.name][one.kind] ?? one.default ?? 0) : one.value;
  const foreign = one.default != null && value !== one.default;
  return (
    <td class={changed ? "changed" : ""} data-what={t(`people.${name}`)}>
      <span class="people-number">
        <input class="input short figures" type="number" min={1} max={1_000_000} required value={value} aria-label={`${t(`people.${one.name}`)}: ${kindName(one.kind)}`}
          onInput={(event) => Number.isInteger(event.currentTarget.valueAsNumber) && event.currentTarget.valueAsNumber >= 1 && onSet(one, event.currentTarget.valueAsNumber)} />
        {foreign && <Button label={t("people.shipped", { number: one.default! })} icon="undo" only="icon" kind="plain" small onClick={() => onSet(one, one.value === one.default ? one.value : one.default!)} />}
      </span>
    </td>
  );
}

const kindName = (kind: string): string => (kind === "session" ? t("people.session") : attribute(kind));

function Trial({ trial, busy, onKeep }: { trial: RulesTrial; busy: boolean; onKeep: () => void }) {
  if (trial.state === "failed") return <p class="field-wrong" role="alert">{t("people.failed")}</p>;
  if (trial.state === "counting") {
    const share = trial.share ?? 0;
    return (
      <section class="preview people-trial" aria-label={t("people.preview")} role="status">
        <p><Icon name="clock" /> {t("people.counting", { share: percent(share) })} <span class="quiet">{t("people.counting.lead")}</span></p>
        <progress max={1} value={share} aria-label={t("people.counting", { share: percent(share) })} />
      </section>
    );
  }
  const { customers = 0, would_be = 0, moved = 0, split = 0, joined = 0, apart = [], together = [] } = trial;
  const same = moved === 0 && split === 0 && joined === 0;
  return (
    <section class="preview people-trial" aria-label={t("people.preview")} role="status">
      <h3>{t("people.preview")}</h3>
      {same ? <p>{t("people.same")}</p> : (
        <>
          <p class="people-sum"><b class="figures">{t("people.customers", { before: customers, after: would_be })}</b> {t("people.moved", { count: moved })}</p>
          <div class="people-examples">
            {split > 0 && (
              <div>
                <h4><Icon name="split" /> {t("people.split", { count: split })}</h4>
                <ul>{apart.map(({ who, touches, more = 0 }) => (
                  <li key={who.id}><TrustDot level={who.level} /> <bdi>{nameOf(who)}</bdi> <span class="quiet figures">{t("people.parts", { parts: touches.map(figure).concat(more ? ["…"] : []).join(" + ") })}</span></li>
                ))}</ul>
              </div>
            )}
            {joined > 0 && (
              <div>
                <h4><Icon name="link" /> {t("people.joined", { count: joined })}</h4>
                <ul>{together.map(({ who, more = 0 }) => (
                  <li key={who[0]!.id}><TrustDot level={who[0]!.level} /> {listed([...who.map(nameOf), ...(more ? [t("people.others.more", { count: more })] : [])])}</li>
                ))}</ul>
              </div>
            )}
          </div>
        </>
      )}
      <p class="actions"><Button label={t("people.apply")} kind="first" disabled={busy} onClick={onKeep} /></p>
    </section>
  );
}

const figure = (number: number): string => voice.value.figures.format(number);
const percent = (share: number): string => new Intl.NumberFormat(voice.value.locale, { style: "percent" }).format(share);

function History({ page, busy, onUndo }: { page: RulesPage; busy: boolean; onUndo: (change: string) => void }) {
  const changes = page.changes ?? [];
  if (!changes.length) return null;
  const told = (number: number | null) => (number === null ? "–" : figure(number));
  return (
    <details class="setting-history">
      <summary>{t("settings.history", { count: changes.length })}</summary>
      <ol>
        {changes.map((one) => (
          <li key={one.id}>
            <Time at={one.at} /> <bdi class="by">{one.by || t("settings.somebody")}</bdi>
            <ul>
              {one.numbers.map(([name, kind, before, after]) => (
                <li key={`${name}${kind}`}>{kindName(kind)}: {t(`people.${name}`)} <del>{told(before)}</del> <Icon name="right" /> <ins>{told(after)}</ins></li>
              ))}
            </ul>
            {one.may_undo && <Button label={t("undo")} icon="undo" small disabled={busy} onClick={() => onUndo(one.id)} />}
          </li>
        ))}
      </ol>
    </details>
  );
}
