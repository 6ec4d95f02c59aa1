// What the rules would have done with past conversations, beside what was done with them.

import type { Rule, Trial, Tried, TriedRule } from "../../../wire/routing";
import { Button } from "../../design/button";
import { Icon } from "../../design/icons";
import { Time } from "../../design/time";
import { voice } from "../../language";
import { useHub } from "../../state/hub";
import { t } from "../../text";
import { nameOf } from "../acts";

const figure = (number: number): string => voice.value.figures.format(number);
const day = (at: number): string => new Intl.DateTimeFormat(voice.value.locale, { dateStyle: "medium" }).format(at);

/** Beside one rule: how many it fits. */
export function TriedFigures({ one }: { one: TriedRule | undefined }) {
  if (!one) return null;
  return <p class="routing-figures figures"><Icon name="search" /> {t("routing.tried.rule", { matched: figure(one.matched ?? 0), differing: figure(one.differing ?? 0) })}</p>;
}

export function TrialResult({ trial, rules, stale }: { trial: Trial; rules: readonly Rule[]; stale: boolean }) {
  const tried = trial.tried ?? [];
  return (
    <section class="preview routing-trial" aria-label={t("routing.try")} role="status">
      <h3>{t("routing.tried", { figure: figure(trial.looked_at), date: trial.since ? day(trial.since) : "–" })}</h3>
      {stale && <p class="quiet">{t("routing.tried.stale")}</p>}
      {!tried.length ? <p>{t("routing.tried.none")}</p> : <ul>{tried.map((one) => <TriedRow key={one.conversation} one={one} rules={rules} />)}</ul>}
    </section>
  );
}

function TriedRow({ one, rules }: { one: Tried; rules: readonly Rule[] }) {
  const { desk } = useHub();
  const names = one.rules.map((id) => rules.find((rule) => rule.id === id)?.name).filter((name) => name !== undefined);
  return (
    <li>
      <p class="routing-title">
        <Button label={nameOf(one)} kind="plain" small icon="desk" onClick={() => { desk.open(one.conversation, true); desk.go("desk"); }} />
        <Time at={one.at} /> <span class="quiet cut" dir="auto">{one.words}</span>
      </p>
      <p class="routing-does">
        <span class="tag" dir="auto">{names.join(", ")}</span> {!one.differs && !one.answer && <span class="quiet">{t("routing.tried.same")}</span>}
        {one.queue && one.queue !== one.queue_was && <Change label={t("routing.do.queue")} before={one.queue_was ?? ""} after={one.queue} />}
        {(one.priority ?? "normal") !== (one.priority_was ?? "normal") &&
          <Change label={t("routing.do.priority")} before={t(`priority.${one.priority_was ?? "normal"}`)} after={t(`priority.${one.priority ?? "normal"}`)} />}
        {!!one.tags?.length && <Change label={t("routing.do.tags")} after={one.tags.join(", ")} />}
        {one.answer && <Change label={t("routing.do.answer")} after={one.answer} />}
        {one.close && one.close !== one.close_was && <Change label={t("routing.do.close")} before={one.close_was ? t(`outcome.${one.close_was}`) : ""} after={t(`outcome.${one.close}`)} />}
      </p>
    </li>
  );
}

function Change({ label, before, after }: { label: string; before?: string; after: string }) {
  return <span class="routing-outcome"><span class="quiet">{label}</span> {before && <><del><bdi>{before}</bdi></del> <Icon name="right" /></>} <ins><bdi>{after}</bdi></ins></span>;
}
