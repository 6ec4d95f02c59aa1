// One conversation on the desk: who and where they are, what was said, where to answer, and what can be done with it.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ConversationRow, TypingRow } from "../../wire/console";
import { Avatar, Wait } from "../design/avatar";
import { Button } from "../design/button";
import { Menu, type MenuEntry } from "../design/menu";
import { EmptyState } from "../design/surfaces";
import { Counting } from "../design/time";
import { TrustDot } from "../design/trust";
import { useConversation } from "../state/history";
import { answeredIn, useCase } from "../state/cases";
import { type Hub, useHub, useTopic, useVisitor } from "../state/hub";
import { runKey, useKey } from "../state/keys";
import { itemsOf } from "../state/topics";
import { t } from "../text";
import { block, mayRule, nameOf, reopen, rewrite, take, takeOver } from "./acts";
import { FindIn } from "../state/findin";
import { Composer } from "./composer";
import { focusPane } from "./desk";
import { FindBar } from "./findin";
import { CloseDialog, TransferDialog } from "./dialogs";
import { linesOf, readUpTo } from "./lines";
import { PageLink } from "./linkify";
import { onDemand } from "./later";
import { ChannelIcon, Priority } from "./talkrow";
import { HeadTags, TagDialog } from "./tags";
import { Transcript } from "./transcript";
import { Follow, type Followed } from "./case/follow";

const WhyHere = onDemand(async () => (await import("./routing/why")).WhyHere);
const CaseBar = onDemand(async () => (await import("./case/bar")).CaseBar);

interface Props {
  id: string;
  pinned: boolean;
  number: number;
  alone: boolean;
  focused: boolean;
  panelOpen: boolean;
  onPanel: () => void;
}

export function ConversationPane(props: Props) {
  const { id, number, focused } = props;
  const hub = useHub();
  const talk = useConversation(id);
  const head = talk.head ?? hub.conversations.value.find((row) => row.id === id) ?? null;
  const known = useCase(head, hub.conversations.value);
  const beside = useBeside();
  const others = [...beside.all.values()];
  const answering = head ? answeredIn([head, ...others.map((one) => one.row)], head, writing(hub, [id, ...beside.all.keys()])) : null;
  const pending = [id, ...beside.all.keys()].flatMap((one) => hub.outbox.messages(one));
  const unreadAfter = useUnreadLine(talk.loaded, head, talk.messages);
  const name = head ? nameOf(head) : t("visitor");
  const lines = useMemo(
    () => linesOf({ head, messages: talk.messages, pending: talk.apart ? [] : pending, me: hub.me.value, unreadAfter, uploaded: hub.uploads.known,
      beside: talk.apart ? [] : others }),
    [head, talk.messages, talk.apart, hub.outbox.pending.value, unreadAfter, beside.all],
  );
  const { newest } = talk;
  const [find, setFind] = useState<FindIn | null>(null);
  const endFind = () => {
    find?.end();
    setFind(null);
    focusPane(id);
  };
  useKey("talk.find", () => (find ? document.querySelector<HTMLElement>(`#pane-${id} .find-in input`)?.focus() : setFind(new FindIn(id))), () => hub.desk.eyeOn(id));
  useKey("desk.away", () => hub.desk.putAway(id), () => !head && hub.desk.eyeOn(id));
  useArrived(hub, [talk.messages, ...others.map((one) => one.messages)].flat(), pending);
  useLooking(hub, id);
  const live = itemsOf(useTopic(`live:${id}`), "typing");

  return (
    <section class={`pane${focused ? " focused" : ""}${props.pinned ? "" : " preview"}`} id={`pane-${id}`} tabIndex={-1} style={{ order: number }}
      aria-label={t("pane.label", { number, name })} onFocusCapture={() => hub.desk.look(id)}
      onPointerDown={() => hub.desk.look(id)}>
      {head && <Head row={head} {...props} live={live} />}
      {head && known.page && (known.page.members.length > 0 || known.page.proposals.length > 0) && <CaseBar row={head} page={known.page} put={known.put} />}
      {known.page?.members.map((member) => member.id !== id && <Follow key={member.id} id={member.id} tell={beside.tell} />)}
      {find && <FindBar find={find} onClose={endFind} />}
      {talk.loaded ? (
        <Transcript lines={lines} name={name} newest={newest} more={talk.more || others.some((one) => one.more)} older={talk.older}
          loadOlder={() => [talk, ...others].forEach((one) => one.more && one.loadOlder())}
          apart={talk.apart} loadNewer={talk.loadNewer} reach={talk.reach} toNewest={talk.toNewest}
          spot={find ? find.spot.value : hub.desk.spot.value?.id === id ? hub.desk.spot.value : null}
          words={find?.words.value ?? ""} hits={find?.hits.value ?? NO_HITS}
          onSeen={(seq) => {
            hub.cursors.seen(id, newest, seq);
            for (const one of others) hub.cursors.seen(one.row.id, one.newest, seq && one.newest);
          }}
          onAgain={(key) => hub.outbox.again(key)} onRewrite={(key) => (rewrite(hub, key), requestAnimationFrame(() => focusPane(id)))} onDiscard={(key) => hub.outbox.discard(key)} />
      ) : <Unseen id={id} orphan={!head} />}
      {answering && <Composer key={answering.id} row={answering} live={liveWords(live, hub.me.value.id, name)} />}
    </section>
  );
}

const NO_HITS: readonly number[] = [];

/** What is said in the other conversations of the same case, each followed by a `Follow`. */
function useBeside(): { all: ReadonlyMap<string, Followed>; tell: (id: string, followed: Followed | null) => void } {
  const [all, setAll] = useState<ReadonlyMap<string, Followed>>(new Map());
  const tell = useMemo(() => (id: string, followed: Followed | null) =>
    setAll((before) => {
      if (!followed && !before.has(id)) return before;
      const after = new Map(before);
      if (followed) after.set(id, followed);
      else after.delete(id);
      return after;
    }), []);
  return { all, tell };
}

/** The conversation of a case in which something is being written: the words must not move away under the hand. */
const writing = (hub: Hub, ids: readonly string[]): string | null => ids.find((id) => hub.drafts.all.value.get(id)?.text.trim()) ?? null;

/** Nothing to show yet; after a while, that there may be nothing to come. Without a head this is where the way off the desk is. */
function Unseen({ id, orphan }: { id: string; orphan: boolean }) {
  const { desk, line } = useHub();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 4_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="transcript" aria-busy="true">
      {late && line.state.value === "online" && <EmptyState icon="alert" title={t("pane.unseen")}>
        <p>{t("pane.unseen.lead")}</p>
        {orphan && <div class="actions"><Button label={t("pane.away")} keyName="desk.away" onClick={() => desk.putAway(id)} /></div>}
      </EmptyState>}
    </div>
  );
}

/** Fixed when the pane opens, so that the line does not run away while one reads. */
function useUnreadLine(loaded: boolean, head: ConversationRow | null, messages: Parameters<typeof readUpTo>[0]): number {
  const fixed = useRef<number | null>(null);
  if (fixed.current === null && loaded && head) fixed.current = readUpTo(messages, head.unread ?? 0);
  return fixed.current ?? 0;
}

/** What the topic shows by now need not be kept as pending. */
function useArrived(hub: Hub, messages: readonly { client_id?: string | null }[], pending: ReturnType<Hub["outbox"]["messages"]>): void {
  useEffect(() => {
    const stored = new Set(messages.map((message) => message.client_id));
    for (const { reply } of pending) if (stored.has(reply.id)) hub.outbox.discard(reply.id);
  });
}

/** Tells colleagues that this operator has the conversation before their eyes. */
function useLooking(hub: Hub, id: string): void {
  useEffect(() => {
    const look = () => hub.cursors.viewing(id, document.visibilityState === "visible");
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      hub.cursors.viewing(id, false);
    };
  }, [hub, id]);
}

function liveWords(live: readonly TypingRow[], me: string, name: string): string {
  const typing = live.filter((row) => row.typing && !row.id.includes(me));
  if (!typing.length) return "";
  if (typing.some((row) => row.who === "visitor")) return t("live.typing", { name });
  return t("live.typing", { name: typing[0]!.name });
}

function Head({ row, number, alone, pinned, panelOpen, onPanel, live }: Props & { row: ConversationRow; live: readonly TypingRow[] }) {
  const hub = useHub();
  const [asking, setAsking] = useState<"" | "transfer" | "close" | "tags" | "why">("");
  const mine = row.operator === hub.me.value.id && row.status === "open";
  const closed = row.status === "closed";
  const others = live.filter((one) => one.viewing && one.who === "operator" && !one.id.includes(hub.me.value.id));
  const away = () => hub.desk.putAway(row.id);
  const may = !closed && mayRule(hub, row);
  const blockable = row.visitor != null;
  const claim = () => void (row.status === "waiting" ? take(hub, row) : takeOver(hub, row));
  const eye = () => hub.desk.eyeOn(row.id);
  useKey("talk.take", claim, () => eye() && !mine && may);
  useKey("talk.transfer", () => setAsking("transfer"), () => eye() && may);
  useKey("talk.close", () => setAsking("close"), () => eye() && may);
  useKey("talk.reopen", () => void reopen(hub, row.id), () => eye() && closed);
  useKey("talk.block", () => void block(hub, row, !row.blocked), () => eye() && blockable);
  useKey("talk.tags", () => setAsking("tags"), eye);
  useKey("desk.away", away, eye);
  useKey("desk.pin", () => hub.desk.pin(row.id), eye);

  const entries: MenuEntry[] = [
    ...(!may ? [] : [
      { label: t("transfer"), icon: "transfer", keyName: "talk.transfer", narrow: true, run: () => setAsking("transfer") } as const,
      { label: t("close.talk"), icon: "check", keyName: "talk.close", narrow: true, run: () => setAsking("close") } as const,
    ]),
    { label: t("findin.label"), icon: "search", keyName: "talk.find", run: () => runKey("talk.find") },
    { label: t("tags.edit"), icon: "tag", keyName: "talk.tags", run: () => setAsking("tags") },
    { label: t("why.here"), icon: "split", run: () => setAsking("why") },
    { label: t("panel.toggle"), icon: "panel", keyName: "desk.panel", narrow: true, run: onPanel },
    ...(closed ? [{ label: t("reopen"), icon: "undo", keyName: "talk.reopen", run: () => void reopen(hub, row.id) } as const] : []),
    ...(pinned ? [] : [{ label: t("pane.pin"), icon: "pin", keyName: "desk.pin", run: () => hub.desk.pin(row.id) } as const]),
    { label: t("pane.away"), icon: "cross", keyName: "desk.away", run: away },
    ...(blockable ? [null, { label: t(row.blocked ? "unblock" : "block"), icon: "block", keyName: "talk.block", grave: !row.blocked, run: () => void block(hub, row, !row.blocked) } as const] : []),
  ];
  const since = closed ? null : (row.waiting_since ?? null);
  return (
    <header class="pane-head">
      <div class="pane-who">
        <span class="pane-back"><Button label={t("pane.back")} icon="left" only="icon" kind="plain" onClick={away} /></span>
        <Avatar name={row.name} seed={row.customer} since={since} site={row.site} />
        <div class="pane-words">
          <h2>
            <span class="cut" dir="auto">{nameOf(row)}</span>
            <TrustDot level={row.level} />
            {since !== null && <Wait since={since} site={row.site} />}
            <Priority row={row} />
            {row.blocked && <span class="tag">{t("blocked.tag")}</span>}
          </h2>
          <Where row={row} />
        </div>
        {!alone && <kbd class="pane-number figures" data-tip={t("pane.number", { number })}>{number}</kbd>}
        <div class="pane-acts">
          {others.map((one) => (
            <span key={one.id} data-tip={t("live.viewing", { name: one.name })}><Avatar name={one.name} seed={one.id} size="small" /></span>
          ))}
          {may && <Button label={t("transfer")} icon="transfer" only="icon" kind="plain" keyName="talk.transfer" onClick={() => setAsking("transfer")} />}
          {may && <Button label={t("close.talk")} icon="check" only="icon" kind="plain" keyName="talk.close" onClick={() => setAsking("close")} />}
          <Button label={t("panel.toggle")} icon="panel" only="icon" kind="plain" keyName="desk.panel" pressed={panelOpen} onClick={onPanel} />
          <Menu entries={entries} label={t("pane.more")}>
            {(open, toggle) => <Button label={t("pane.more")} icon="more" only="icon" kind="plain" expanded={open} onClick={toggle} />}
          </Menu>
        </div>
      </div>
      <HeadTags row={row} onEdit={() => setAsking("tags")} />
      {asking === "why" && <WhyHere row={row} onClose={() => setAsking("")} />}
      {asking === "tags" && <TagDialog row={row} onClose={() => setAsking("")} />}
      {asking === "transfer" && <TransferDialog row={row} onClose={() => setAsking("")} />}
      {asking === "close" && <CloseDialog row={row} onClose={() => setAsking("")} />}
    </header>
  );
}

/** The page they are on now, or the channel they came by and what about. */
function Where({ row }: { row: ConversationRow }) {
  const visitor = useVisitor(row.visitor);
  if (!visitor)
    return (
      <p class="pane-where quiet">
        <ChannelIcon channel={row.channel} />
        <span class="cut" dir="auto">{[row.visitor ? t("where.left") : t("where.channel", { channel: row.channel }), row.subject || row.site].filter(Boolean).join(" · ")}</span>
      </p>
    );
  return (
    <p class="pane-where">
      <i class={`presence ${visitor.attentive ? "available" : "away"}`} data-tip={t(visitor.attentive ? "where.here" : "visitors.elsewhere")} />
      <PageLink url={visitor.url} title={visitor.title} />
      <Counting before={visitor.active_before} since={visitor.since} running={visitor.attentive} />
    </p>
  );
}
