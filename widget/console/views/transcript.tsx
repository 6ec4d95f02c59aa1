// What was said. It never moves under the reader: at the end it follows new words, further up it stays where it is and
// a pill tells how many are new; older messages come in above without a jump.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Push } from "../../wire/console";
import { Button } from "../design/button";
import { Icon } from "../design/icons";
import { clockTime, dayName, exact } from "../design/time";
import { now } from "../state/clock";
import type { Older } from "../state/history";
import { useHub } from "../state/hub";
import { t } from "../text";
import { sentence } from "./acts";
import { Attachments } from "./attachments";
import { useMarks } from "./findin";
import { onDemand } from "./later";
import { lastOurs, type Line, type Said } from "./lines";
import { Linked, PageLink } from "./linkify";
import { ChannelIcon } from "./talkrow";

const WayMark = onDemand(async () => (await import("./ways/goes")).WayMark);
const Letter = onDemand(async () => (await import("./mail/letter")).Letter);

const AT_END = 32;
const LONG = 1200;

interface Props {
  lines: readonly Line[];
  name: string;
  newest: number;
  more: boolean;
  older: Older;
  loadOlder: () => void;
  /** What is shown is a stretch in the middle; newer messages follow that are not here. */
  apart?: boolean;
  loadNewer?: () => void;
  /** Shows what is around a message that is not drawn. */
  reach?: (seq: number) => void;
  toNewest?: () => void;
  /** The message somebody searched for. */
  spot?: { readonly seq: number } | null;
  /** Words to be marked, and the messages that have them. */
  words?: string;
  hits?: readonly number[];
  onSeen: (seq: number) => void;
  onAgain: (key: string) => void;
  onRewrite: (key: string) => void;
  onDiscard: (key: string) => void;
}

export function Transcript(props: Props) {
  const { lines, newest, more, older, loadOlder, onSeen, apart = false, spot = null } = props;
  const box = useRef<HTMLDivElement>(null);
  const place = useScrollPlace(box, lines, apart);
  const [leftAt, setLeftAt] = useState<number | null>(null);
  const last = lastOurs(lines);

  useSpot(box, props);
  useMarks(box, props.words ?? "", props.hits ?? [], spot?.seq ?? null, lines);
  useSeen(place.atEnd, apart ? 0 : newest, onSeen);
  const scrolled = () => {
    const atEnd = place.note();
    setLeftAt((was) => (atEnd && !apart ? null : (was ?? newest)));
    if (more && older === "idle" && box.current!.scrollTop < 240) loadOlder();
    else if (apart && older === "idle" && box.current!.scrollHeight - box.current!.scrollTop - box.current!.clientHeight < 240) props.loadNewer?.();
  };
  const fresh = leftAt === null ? 0 : Math.max(0, newest - leftAt);

  return (
    <div class="transcript">
      <div class="transcript-scroll scroll" ref={box} onScroll={scrolled} tabIndex={0} role="log" aria-live="polite" aria-busy={older === "loading"}
        aria-label={t("transcript.label", { name: props.name })}>
        <div class="transcript-lines">
          <div class="transcript-older">
            {older === "loading" && <span class="quiet">{t("loading")}</span>}
            {older === "failed" && <Button label={t("transcript.again")} small onClick={loadOlder} />}
            {older === "idle" && more && <Button label={t("more.older")} kind="plain" small onClick={loadOlder} />}
          </div>
          {lines.map((line) => (
            <OneLine key={line.key} line={line} last={line.key === last} name={props.name} onAgain={props.onAgain} onRewrite={props.onRewrite} onDiscard={props.onDiscard} />
          ))}
        </div>
      </div>
      {(leftAt !== null || apart) && (
        <button type="button" class={`pill${fresh ? " fresh" : ""}`} onClick={() => (props.toNewest?.(), place.toEnd(), setLeftAt(null))} aria-label={t("transcript.end")}>
          {fresh > 0 && <span>{t("transcript.new", { count: fresh })}</span>}
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

/** Keeps the reader's place: at the end when they were at the end, else on the same message. */
function useScrollPlace(box: { current: HTMLDivElement | null }, lines: readonly Line[], apart: boolean) {
  const atEnd = useRef(true);
  /** The end of a stretch in the middle is no end: what joins it must not carry the reader away. */
  const wasApart = useRef(false);
  const before = useRef<{ key: string | undefined; height: number }>({ key: undefined, height: 0 });
  const toEnd = () => box.current && (box.current.scrollTop = box.current.scrollHeight);
  const note = (): boolean => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    return (atEnd.current = scrollHeight - scrollTop - clientHeight < AT_END);
  };
  useLayoutEffect(() => {
    const element = box.current!;
    const first = lines.find((line) => line.is === "said")?.key;
    const prepended = before.current.key !== undefined && first !== before.current.key;
    if (before.current.key === undefined && first !== undefined) showFirst(element);
    else if (atEnd.current && !apart && !wasApart.current) toEnd();
    else if (prepended) element.scrollTop += element.scrollHeight - before.current.height;
    if (apart || wasApart.current) note();
    wasApart.current = apart;
    before.current = { key: first, height: element.scrollHeight };
  }, [lines]);
  useEffect(() => {
    const resized = new ResizeObserver(() => atEnd.current && toEnd());
    resized.observe(box.current!);
    return () => resized.disconnect();
  }, []);
  const showFirst = (element: HTMLElement) => {
    const line = element.querySelector<HTMLElement>(".line-unread");
    toEnd();
    if (line && line.offsetTop < element.scrollTop) element.scrollTop = line.offsetTop - 16;
    note();
  };
  const leave = () => {
    atEnd.current = true;
    wasApart.current = false;
    toEnd();
  };
  return { atEnd, note, toEnd: leave };
}

/** Brings the wanted message into view, older pages and all, and marks it for a while. */
function useSpot(box: { current: HTMLDivElement | null }, { spot, lines, reach }: Props): void {
  const shown = useRef<object | null>(null);
  const reached = useRef<object | null>(null);
  useEffect(() => {
    if (!spot || shown.current === spot || !lines.length) return;
    const element = box.current!.querySelector<HTMLElement>(`[data-seq="${spot.seq}"]`);
    if (!element) {
      if (reached.current !== spot) (reached.current = spot), reach?.(spot.seq);
      return;
    }
    shown.current = spot;
    element.querySelector<HTMLElement>(".unfold")?.click();
    const [said, frame] = [element.getBoundingClientRect(), box.current!.getBoundingClientRect()];
    box.current!.scrollTop += said.top - frame.top - Math.max(16, (frame.height - said.height) / 2); // not scrollIntoView: it moves the page as well
    element.classList.add("sought");
    element.addEventListener("animationend", () => element.classList.remove("sought"), { once: true });
  }, [spot, lines]);
}

/** A message counts as seen when it is on the screen of a tab somebody looks at. */
function useSeen(atEnd: { current: boolean }, newest: number, onSeen: (seq: number) => void): void {
  useEffect(() => {
    const look = () => onSeen(document.visibilityState === "visible" && atEnd.current ? newest : 0);
    look();
    document.addEventListener("visibilitychange", look);
    addEventListener("focus", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      removeEventListener("focus", look);
    };
  });
}

interface LineProps {
  line: Line;
  last: boolean;
  name: string;
  onAgain: (key: string) => void;
  onRewrite: (key: string) => void;
  onDiscard: (key: string) => void;
}

function OneLine({ line, ...rest }: LineProps) {
  if (line.is === "day") return <h3 class="line-day"><span>{dayName(line.at, now.peek())}</span></h3>;
  if (line.is === "unread") return <p class="line-unread"><span>{t("transcript.unread")}</span></p>;
  if (line.side === "system") return <p class="line-system" dir="auto" data-tip={exact(line.at)}>{line.text}</p>;
  return <Bubble said={line} {...rest} />;
}

function Bubble({ said, last, name, onAgain, onRewrite, onDiscard }: Omit<LineProps, "line"> & { said: Said }) {
  const who = said.mine ? t("you") : said.side === "theirs" ? name : said.name || t(said.bot ? "bot" : "us");
  return (
    <article data-seq={said.beside ? undefined : (said.seq ?? undefined)} class={`said ${said.side}${said.first ? " first" : ""}${said.last ? " last" : ""} ${said.delivery ?? ""}`}>
      {said.first ? (
        <p class="said-by">
          {said.side === "note" && <Icon name="note" />}
          {said.beside && <ChannelIcon channel={said.beside.channel} />}
          {!said.mine && <b class="cut"><bdi>{who}</bdi></b>}
          {said.side === "note" && <span class="said-only">{t("note.only")}</span>}
          {said.bot && <span class="tag">{t("bot")}</span>}
          {said.way && <WayMark {...said.way} />}
          <time class="figures" dateTime={new Date(said.at).toISOString()} data-tip={exact(said.at)}>{clockTime(said.at)}</time>
        </p>
      ) : <span class="unseen">{who}</span>}
      {said.push ? <Offered push={said.push} />
        : said.text && <div class="bubble" dir="auto" data-tip={said.first ? undefined : exact(said.at)}><Words text={said.text} called={said.mentions} /></div>}
      {said.letter && <Letter of={said.letter} />}
      {said.files.length > 0 && <Attachments files={said.files} />}
      {said.unseenFiles > 0 && <p class="quiet">{t("file.count", { count: said.unseenFiles })}</p>}
      {said.delivery === "failed" ? (
        <p class="said-problem" role="alert">
          <span class="said-why"><Icon name="alert" /> {t("failed.lead", { reason: sentence(said.problem ?? "") })}</span>
          {said.seq === null && <><Button label={t("again")} small onClick={() => onAgain(said.key)} />
            <Button label={t("rewrite")} small onClick={() => onRewrite(said.key)} />
            <Button label={t("discard")} small kind="plain" onClick={() => onDiscard(said.key)} /></>}
        </p>
      ) : (last || said.delivery === "sending") && said.delivery && <State delivery={said.delivery} />}
    </article>
  );
}

/** A page we offered, and what the customer did with it. */
function Offered({ push }: { push: Push }) {
  const fate = push.fate || "open";
  return (
    <div class={`offer ${fate}`}>
      <Icon name="page" />
      <span class="file-words">
        <PageLink url={push.url} title={push.title ?? ""} />
        <span class="offer-fate" role="status">{t(`push.fate.${fate}`)}</span>
      </span>
    </div>
  );
}

function State({ delivery }: { delivery: Exclude<Said["delivery"], null> }) {
  const { line } = useHub();
  if (delivery === "sending" && line.state.value !== "online") return <p class="said-state sending"><Icon name="clock" /> {t("delivery.kept")}</p>;
  const icon = delivery === "sending" ? "clock" : delivery === "sent" ? "check" : "checks";
  return <p class={`said-state ${delivery}`}><Icon name={icon} /> {t(`delivery.${delivery}`)}</p>;
}

/** Very long words are folded, so that one message does not push a whole conversation away. */
function Words({ text, called }: { text: string; called: readonly string[] }) {
  const { operators } = useHub();
  const names = called.length ? operators.value.filter((one) => called.includes(one.id)).map((one) => one.name) : [];
  const [whole, setWhole] = useState(text.length <= LONG);
  return (
    <>
      <span class={whole ? "" : "folded"}><Linked text={text} names={names} /></span>
      {!whole && <button type="button" class="unfold" onClick={() => setWhole(true)}>{t("more.whole", { count: text.length })}</button>}
    </>
  );
}
