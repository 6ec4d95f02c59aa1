// "Why is this one person?": the chain of evidence in words and as a picture, what stayed apart and why, and the touchpoints it
// all rests on, each of which can be said not to be theirs.

import { useEffect, useState } from "preact/hooks";
import type { Customer } from "../../../wire/console";
import type { Explanation, WhyTouch } from "../../../wire/evidence";
import { Button } from "../../design/button";
import { Dialog } from "../../design/dialog";
import { Icon } from "../../design/icons";
import { TrustDot } from "../../design/trust";
import { api } from "../../state/api";
import { t } from "../../text";
import { nameOf } from "../acts";
import { DecideDialog, type Question } from "./decide";
import { Graph } from "./graph";
import { apartWords, carriedWords, linkWords, touched } from "./words";

const FIRST = 12;

export function WhyDialog({ record, onClose }: { record: Customer; onClose: () => void }) {
  const [said, setSaid] = useState<Explanation | null>(null);
  const [failed, setFailed] = useState(false);
  const [chosen, setChosen] = useState<readonly number[] | null>(null);
  const [ask, setAsk] = useState<Question | null>(null);
  const decided = (record.decisions ?? []).map((one) => `${one.id}${one.revoked ?? false}`).join();
  // Decisions move the evidence, and so does whatever arrives.
  useEffect(() => {
    setChosen(null);
    api.why(record.id).then(setSaid, () => setFailed(true));
  }, [record.id, record.touchpoints, decided]);
  return (
    <>
      <Dialog title={t("why.title", { name: nameOf(record) })} lead={t("why.lead")} wide onClose={onClose}>
        {!said ? <p class="quiet" role="status">{t(failed ? "later.failed" : "loading")}</p> : (
          <div class="whole-why">
            {said.large && <p class="quiet" role="status"><Icon name="alert" /> {t("why.large")}</p>}
            {said.pending && <p class="quiet" role="status"><Icon name="clock" /> {t("record.pending")}</p>}
            {!said.large && <Chain said={said} />}
            {!said.large && (said.touches?.length ?? 0) > 1 && <Graph said={said} onTouches={setChosen} />}
            <Apart said={said} />
            <Touches said={said} chosen={chosen} onAll={() => setChosen(null)} onAsk={setAsk} />
          </div>
        )}
      </Dialog>
      {ask && <DecideDialog ask={ask} onClose={() => setAsk(null)} />}
    </>
  );
}

function Chain({ said }: { said: Explanation }) {
  const links = said.links ?? [];
  return (
    <section aria-label={t("customer.why")}>
      <h3>{t("why.chain")}</h3>
      {links.length === 0 ? <p class="quiet">{t("customer.why.none")}</p> : (
        <ol class="why">
          {links.map((link, at) => (
            <li key={at}>
              {link.decision ? <Icon name="person" /> : <TrustDot level={link.level} />}
              <span>{linkWords(link, said)}{link.decision?.note && <span class="quiet"> · <bdi>{link.decision.note}</bdi></span>}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Apart({ said }: { said: Explanation }) {
  const apart = said.apart ?? [];
  if (!apart.length) return null;
  return (
    <section aria-label={t("why.apart")}>
      <h3>{t("why.apart")}</h3>
      <ul class="why">{apart.map((one, at) => <li key={at}><Icon name="split" /><span>{apartWords(one, said)}</span></li>)}</ul>
    </section>
  );
}

interface TouchesProps {
  said: Explanation;
  chosen: readonly number[] | null;
  onAll: () => void;
  onAsk: (ask: Question) => void;
}

function Touches({ said, chosen, onAll, onAsk }: TouchesProps) {
  const [all, setAll] = useState(false);
  const places = chosen ?? (said.touches ?? []).map((_, place) => place);
  const shown = all ? places : places.slice(0, FIRST);
  return (
    <section aria-label={t("why.touches")}>
      <h3>{t("why.touches")} {chosen && <Button label={t("why.all")} small kind="plain" onClick={onAll} />}</h3>
      <ul class="why-touches">{shown.map((place) => <Touch key={place} touch={said.touches![place]!} said={said} onAsk={onAsk} />)}</ul>
      {shown.length < places.length && <Button label={t("why.show", { count: places.length - shown.length })} small kind="plain" onClick={() => setAll(true)} />}
      {!!said.more && <p class="quiet">{t("why.left", { count: said.more })}</p>}
    </section>
  );
}

function Touch({ touch, said, onAsk }: { touch: WhyTouch; said: Explanation; onAsk: (ask: Question) => void }) {
  const held = (touch.holds ?? []).map((one) => ({ ...one, ...said.identifiers![one.identifier]!, sure: one.level }));
  const told = held.filter((one) => one.kind !== "session");
  const what = touched(touch.item);
  return (
    <li>
      <p><b>{what}</b>{touch.touches > 1 && <span class="quiet"> {t("why.like", { count: touch.touches - 1 })}</span>}</p>
      {told.map((one) => (
        <p class="why-held" key={one.identifier}>
          <TrustDot level={one.sure} />
          <span class={one.joins === false ? "quiet" : ""}><bdi>{carriedWords(one)}</bdi>{one.joins === false && ` · ${t("why.idle")}`}</span>
          {one.value && one.joins !== false && (
            <Button label={t("detach.open")} small kind="plain" icon="split" onClick={() => onAsk({
              wish: { op: "detach", a: touch.item.id, kind: one.kind, identifier: one.value },
              title: t("detach.title", { identifier: carriedWords(one) }), lead: t("detach.lead", { what }), yes: t("detach.yes"),
              done: t("detach.done", { identifier: carriedWords(one) }),
            })} />
          )}
        </p>
      ))}
    </li>
  );
}
