// Above what was said: the matter it probably goes on with and why, one click for yes and one for no; or what it is one case with.

import { useState } from "preact/hooks";
import type { CasePage, CaseProposal, CaseReason, CaseStep, DecideCase } from "../../../wire/cases";
import type { ConversationRow } from "../../../wire/console";
import { Button } from "../../design/button";
import { Icon } from "../../design/icons";
import { Time } from "../../design/time";
import "../../parts/case/words";
import { api, ApiError } from "../../state/api";
import { useHub } from "../../state/hub";
import { toast } from "../../state/toasts";
import { t } from "../../text";
import { share } from "../pairs/figures";
import { ChannelIcon } from "../talkrow";
import "../case.css";

interface Props {
  row: ConversationRow;
  page: CasePage;
  put: (page: CasePage) => void;
}

export function CaseBar({ row, page, put }: Props) {
  const hub = useHub();
  const [busy, setBusy] = useState(false);
  const decide = async (asked: DecideCase, of = row.id): Promise<boolean> => {
    setBusy(true);
    try {
      const after = await api.decideCase(of, asked);
      if (of === row.id) put(after);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.message || t("act.refused"), { bad: true });
      return false;
    } finally {
      setBusy(false);
    }
  };
  const join = async (one: CaseProposal) => {
    if (!(await decide({ verdict: "join", other: one.row.id }))) return;
    hub.desk.open(one.row.id, true);
    hub.desk.putAway(row.id);
    toast(t("case.joined"), { undo: () => void decide({ verdict: "split" }).then((well) => well && hub.desk.open(row.id)) });
  };
  const split = async (member: ConversationRow) => {
    const head = page.members[0]!.id;
    if (!(await decide({ verdict: "split" }, member.id))) return;
    put(await api.case(row.id));
    toast(t("case.split"), { undo: () => void decide({ verdict: "join", other: head }, member.id).then(async () => put(await api.case(row.id))) });
  };
  if (page.members.length) return <Members row={row} page={page} busy={busy} onSplit={(member) => void split(member)} />;
  if (!page.proposals.length) return null;
  // What is unlikely is found by whoever looks for it, and asks nothing of anybody.
  const likely = page.proposals.filter((one) => one.probability >= page.likely).slice(0, 1);
  const rest = page.proposals.filter((one) => !likely.includes(one));
  return (
    <section class={`case${likely.length ? " likely" : ""}`} aria-label={t("case.label")} aria-busy={busy}>
      {likely.map((one) => (
        <Proposal key={one.row.id} one={one} likely busy={busy} onJoin={() => void join(one)} onDecline={() => void decide({ verdict: "decline", other: one.row.id })} />
      ))}
      {rest.length > 0 && (
        <details class="case-more">
          <summary>{t("case.others", { count: rest.length })}</summary>
          {rest.map((one) => (
            <Proposal key={one.row.id} one={one} likely={false} busy={busy} onJoin={() => void join(one)} onDecline={() => void decide({ verdict: "decline", other: one.row.id })} />
          ))}
        </details>
      )}
    </section>
  );
}

interface Proposed {
  one: CaseProposal;
  likely: boolean;
  busy: boolean;
  onJoin: () => void;
  onDecline: () => void;
}

function Proposal({ one, likely, busy, onJoin, onDecline }: Proposed) {
  const { desk } = useHub();
  return (
    <div class="case-proposal">
      <p class="case-lead">
        <Icon name="people" />
        <span>
          {t(likely ? "case.likely" : "case.maybe")}{" "}
          <button type="button" class="case-link" onClick={() => desk.open(one.row.id)}>
            <ChannelIcon channel={one.row.channel} /> <bdi class="cut">{one.row.last_text || t("visitor")}</bdi>
          </button>{" "}
          <Time at={one.row.last_at || one.row.opened} />
        </span>
        <span class="figures quiet" data-tip={t("case.share")}>{share(one.probability)}</span>
      </p>
      <Reasons of={one.reasons} />
      <p class="case-acts">
        <Button label={t("case.join")} small kind={likely ? "first" : ""} disabled={busy} onClick={onJoin} />
        <Button label={t("case.decline")} small kind="plain" disabled={busy} onClick={onDecline} />
      </p>
    </div>
  );
}

/** What speaks for it, in words; what speaks against it, too. */
function Reasons({ of }: { of: readonly CaseReason[] }) {
  return (
    <ul class="case-reasons">
      {of.map((one) => (
        <li key={one.word} class={(one.weight ?? 0) < 0 ? "against" : "for"}>
          <bdi>{t(`case.why.${one.word}` as "case.why.code", { words: (one.shown ?? []).join(", ") })}</bdi>
        </li>
      ))}
    </ul>
  );
}

function Members({ row, page, busy, onSplit }: { row: ConversationRow; page: CasePage; busy: boolean; onSplit: (member: ConversationRow) => void }) {
  const { desk } = useHub();
  const others = page.members.filter((member) => member.id !== row.id);
  const head = page.members[0]!;
  return (
    <details class="case together">
      <summary><Icon name="people" /> {t("case.together", { count: page.members.length })}</summary>
      <ul>
        {others.map((member) => (
          <li key={member.id}>
            <button type="button" class="case-link" onClick={() => desk.open(member.id)}>
              <ChannelIcon channel={member.channel} /> <bdi class="cut">{member.last_text || t("visitor")}</bdi>
            </button>
            <Time at={member.opened} />
            <Button label={t("case.separate")} small kind="plain" disabled={busy} onClick={() => onSplit(member.id === head.id ? row : member)} />
          </li>
        ))}
      </ul>
      {page.steps.map((step) => <Step key={`${step.op}${step.at}`} step={step} />)}
    </details>
  );
}

function Step({ step }: { step: CaseStep }) {
  const why = (step.reasons ?? []).filter((one) => (one.weight ?? 0) >= 0);
  return (
    <div class="case-step quiet">
      <span>{t(`case.step.${step.op}`, { name: step.name || t("case.hub") })} <Time at={step.at} /></span>
      {why.length > 0 && <Reasons of={why} />}
    </div>
  );
}
