// Why a conversation is where it is: every rule that was looked at when it began, as it was then, and what it found.

import { useEffect, useState } from "preact/hooks";
import type { ConversationRow } from "../../../wire/console";
import type { Explained, Step } from "../../../wire/routing";
import { Dialog } from "../../design/dialog";
import { Icon } from "../../design/icons";
import { exact } from "../../design/time";
import "../../parts/routing/words";
import { api, ApiError } from "../../state/api";
import { useHub } from "../../state/hub";
import { type AnyKey, t } from "../../text";
import "../routing.css";
import { Compared, Outcomes } from "./telling";

export function WhyHere({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const [why, setWhy] = useState<Explained | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    api.whyHere(row.id).then(setWhy, (error: unknown) => setFailed(error instanceof ApiError ? error.message : ""));
  }, [row.id]);
  return (
    <Dialog title={t("why.here")} wide {...(why?.at ? { lead: exact(why.at) } : {})} onClose={onClose}>
      {failed !== null ? <p class="field-wrong" role="alert">{failed || t("act.refused")}</p> : why ? <Reasons why={why} /> : <p class="quiet" role="status">{t("loading")}</p>}
    </Dialog>
  );
}

function Reasons({ why }: { why: Explained }) {
  const { queues } = useHub();
  if (!why.decided) return <p>{t("routing.why.none")}</p>;
  const names = Object.fromEntries(queues.value.map((queue) => [queue.id, queue.name]));
  const usual = why.usual ?? true;
  return (
    <div class="routing-why">
      <p>{t(usual ? "routing.why.usual" : "routing.why.queue", { queue: why.queue ?? "" })}</p>
      {why.answered && <p><Icon name="mail" /> {t(`routing.answered.${why.answered}`)}</p>}
      <ol class="routing-steps">{(why.steps ?? []).map((step) => <Looked key={step.rule} step={step} names={names} />)}</ol>
    </div>
  );
}

function Looked({ step, names }: { step: Step; names: Readonly<Record<string, string>> }) {
  const counted = step.counted ?? [];
  return (
    <li class={step.matched ? "matched" : ""}>
      <p class="routing-title">
        <Icon name={step.matched ? "check" : "cross"} /> <b dir="auto">{step.name}</b>{" "}
        <span class="tag">{t(step.matched ? "routing.why.matched" : "routing.why.unmatched")}</span>
        {step.changed && <span class="tag">{t("routing.why.since")}</span>}
      </p>
      <ul>
        {(step.because ?? []).map((one, at) => (
          <li key={at}>
            <Compared one={one} />{" "}
            {one.found ? <span class="quiet">{t("routing.why.found")} <q dir="auto">{one.found}</q></span> : !step.matched && <span class="quiet">({t("routing.why.nothing")})</span>}
          </li>
        ))}
      </ul>
      {counted.length > 0 && <p class="routing-does"><span class="quiet">{t("routing.why.decided")}:</span> {counted.map((thing) => t(`routing.do.${thing}` as AnyKey)).join(", ")}</p>}
      {step.matched && <p class="routing-does"><Icon name="right" /> <Outcomes then={step.then} names={names} /></p>}
    </li>
  );
}
