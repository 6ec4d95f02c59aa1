// The suggestions desk: one pair at a time, both records, why the hub asks, and one key for each answer.

import { useEffect, useState } from "preact/hooks";
import type { Suggestion } from "../../wire/suggestions";
import { Avatar } from "../design/avatar";
import { Button, Keys } from "../design/button";
import { Dialog } from "../design/dialog";
import { Icon } from "../design/icons";
import { EmptyState } from "../design/surfaces";
import { Time } from "../design/time";
import "../parts/pairs/words";
import { useHub } from "../state/hub";
import { KEYS, type KeyName, useKey } from "../state/keys";
import { lookAt } from "../state/looking";
import { DAYS, keyOf, pairsDesk, type PairsDesk } from "../state/pairs";
import { toast, toasts, undoLast } from "../state/toasts";
import { t } from "../text";
import { nameOf } from "./acts";
import { share } from "./pairs/figures";
import { AsOne, Records } from "./pairs/records";
import { Score } from "./pairs/score";

const SHELVES = ["queue", "more"] as const;

export function Pairs() {
  const hub = useHub();
  const desk = pairsDesk(hub);
  useEffect(() => desk.watch(), [desk]);
  const one = desk.current.value;
  return (
    <main class="page pairs">
      <Head desk={desk} />
      {one ? <Pair key={keyOf(one)} desk={desk} one={one} /> : <Nothing desk={desk} />}
      <p class="unseen" role="status">{one ? t("pairs.shown", { a: nameOf(one.a), b: nameOf(one.b), share: share(one.probability) }) : ""}</p>
    </main>
  );
}

function Head({ desk }: { desk: PairsDesk }) {
  const shelf = desk.shelf.value;
  const counts = desk.row.value;
  useKey("pairs.shelf", () => desk.show(shelf === "queue" ? "more" : "queue"));
  return (
    <header class="page-head pairs-head">
      <h1>{t("nav.pairs")}</h1>
      <p class="quiet pairs-lead">{t("pairs.lead")}</p>
      <div class="segments" role="group" aria-label={t("key.pairs.shelf")}>
        {SHELVES.map((name) => (
          <Button key={name} label={t(`pairs.${name}`)} kind="plain" small pressed={name === shelf} keyName="pairs.shelf" onClick={() => desk.show(name)}>
            <span class="figures quiet">{counts?.[name] ?? 0}</span>
          </Button>
        ))}
      </div>
    </header>
  );
}

function Nothing({ desk }: { desk: PairsDesk }) {
  useUndo(desk);
  if (desk.failed.value)
    return (
      <EmptyState icon="twins" title={t("pairs.unreachable")}>
        <p class="actions"><Button label={t("later.again")} icon="back" onClick={() => void desk.load()} /></p>
      </EmptyState>
    );
  if (!desk.items.value) return <p class="pairs-loading quiet" aria-busy="true">{t("loading")}</p>;
  const more = desk.shelf.value === "queue" ? (desk.row.value?.more ?? 0) : 0;
  return (
    <EmptyState icon="twins" title={t("pairs.empty")}>
      <p>{t("pairs.empty.lead")}</p>
      {desk.pending.value && <p class="quiet">{t("pairs.pending")}</p>}
      <p class="actions">
        {more > 0 && <Button label={t("pairs.empty.more", { count: more })} keyName="pairs.shelf" onClick={() => desk.show("more")} />}
        {desk.past.value.length > 0 && <Button label={t("key.pairs.undo")} icon="undo" keyName="pairs.undo" onClick={() => undo(desk)} />}
      </p>
    </EmptyState>
  );
}

/** What was done last is undone: of the toasts the newest, and when they have gone what this desk remembers. */
function undo(desk: PairsDesk): void {
  if (toasts.peek().some((one) => one.undo)) undoLast();
  else if (desk.past.peek().length) void desk.undo();
  else toast(t("pairs.undo.none"));
}

function useUndo(desk: PairsDesk): void {
  useKey("pairs.undo", () => undo(desk));
}

function Pair({ desk, one }: { desk: PairsDesk; one: Suggestion }) {
  const [asking, setAsking] = useState(false);
  const pair = desk.details.value.get(keyOf(one));
  const same = () => (one.accounts ? setAsking(true) : desk.judge("accept"));
  useUndo(desk);
  useKey("pairs.same", same);
  useKey("pairs.two", () => desk.judge("dismiss"));
  useKey("pairs.unsure", () => desk.judge("unsure"));
  useKey("pairs.skip", () => desk.skip());
  return (
    <>
      {/* Longer than most windows: it is scrolled by keys, too. */}
      <section class="pairs-body scroll" tabIndex={0} aria-label={t("pairs.compared")}>
        <div class="pairs-first">
          <Who one={one} />
          {(pair?.a.pending || pair?.b.pending) && <p class="quiet pairs-note" role="status"><Icon name="clock" /> {t("pairs.working")}</p>}
          {pair?.unseen && <p class="quiet pairs-note" role="status"><Icon name="alert" /> {t("pairs.large")}</p>}
          <Records one={one} pair={pair} />
        </div>
        <div class="pairs-second">
          <Score one={one} />
          {pair && <AsOne pair={pair} />}
        </div>
      </section>
      <Answers desk={desk} one={one} onSame={same} />
      {asking && (
        <Dialog title={t("pairs.account.title")} lead={t("pairs.account.lead")} yes={t("key.pairs.same")} onClose={() => setAsking(false)}
          onYes={() => (setAsking(false), desk.judge("accept"))} />
      )}
    </>
  );
}

function Who({ one }: { one: Suggestion }) {
  const hub = useHub();
  const open = (id: string) => (lookAt(id), hub.desk.go("visitors"));
  return (
    <div class="pairs-who">
      {[one.a, one.b].map((side) => (
        <button type="button" class="pairs-side" key={side.customer} data-tip={t("customer.wide")} onClick={() => open(side.customer)}>
          <Avatar name={side.name} seed={side.customer} />
          <b class="cut" dir="auto">{nameOf(side)}</b>
        </button>
      ))}
      <p class="pairs-share">
        <b class="figures">{share(one.probability)}</b> <span class="quiet">{t("pairs.likely")}</span>
        {one.accounts && <span class="tag pairs-accounts" data-tip={t("pairs.account.lead")}><Icon name="alert" /> {t("pairs.account")}</span>}
        {one.until != null && <span class="tag">{t("pairs.until")} <Time at={one.until} /></span>}
      </p>
    </div>
  );
}

/** Nothing is chosen beforehand where both have proved who they are. */
function Answers({ desk, one, onSame }: { desk: PairsDesk; one: Suggestion; onSame: () => void }) {
  const days = desk.days.value;
  return (
    <footer class="pairs-answers" aria-label={t("pairs.answers")} role="group">
      <Button label={t("key.pairs.same")} icon="check" kind={one.accounts ? "" : "first"} keyName="pairs.same" onClick={onSame}><Hint name="pairs.same" /></Button>
      <Button label={t("key.pairs.two")} icon="split" keyName="pairs.two" onClick={() => desk.judge("dismiss")}><Hint name="pairs.two" /></Button>
      <span class="pairs-unsure">
        <Button label={t("key.pairs.unsure")} icon="clock" keyName="pairs.unsure" onClick={() => desk.judge("unsure")}><Hint name="pairs.unsure" /></Button>
        <select class="input" aria-label={t("pairs.days")} data-tip={t("pairs.days")} value={String(days)} onChange={(event) => (desk.days.value = Number(event.currentTarget.value))}>
          {DAYS.map((count) => <option key={count} value={String(count)}>{t("pairs.days.count", { count })}</option>)}
        </select>
      </span>
      <Button label={t("key.pairs.skip")} icon="right" kind="plain" keyName="pairs.skip" disabled={(desk.items.value?.length ?? 0) < 2} onClick={() => desk.skip()}><Hint name="pairs.skip" /></Button>
      <Button label={t("undo")} icon="undo" kind="plain" keyName="pairs.undo" disabled={!desk.past.value.length} onClick={() => undo(desk)}><Hint name="pairs.undo" /></Button>
    </footer>
  );
}

/** The key, where there is a keyboard: this desk is worked by it. */
const Hint = ({ name }: { name: KeyName }) => <span class="pairs-key" aria-hidden="true"><Keys keys={KEYS[name]} /></span>;
