// The line to the hub: a WebSocket, or a held POST where sockets do not pass, behind one small interface.
//
// It does not queue: whoever speaks asks `ready` and says everything again after a welcome (topics subscribe anew with
// what they have, the outbox resends what was not answered). So a line may break at any moment without a rule of its own.
// Half-open lines (a laptop that slept, a dead proxy) are found by beats: one that stays unanswered ends the line.

import { signal } from "@preact/signals";
import type { FromTab, ToTab, Welcome } from "../../wire/console";
import { pause } from "./backoff";
import { untouched } from "./touch";
import { PollLine } from "./pollline";
import { type Ending, type Line, type LineEvents, SocketLine } from "./socketline";

/** `denied`: the hub will not have us (do not retry). `out`: signed out, or asked to be. */
export type LineState = "connecting" | "online" | "offline" | "denied" | "out";

const WELCOME_WITHIN = 8_000;
const ANSWER_WITHIN = 8_000;
const DOUBTED_WITHIN = 1_500;
const SETTLED_AFTER = 10_000;
/** Where two sockets in a row got no welcome and POSTs did, they are used this long before a socket is tried again. */
const POLL_FOR = 300_000;

export class Transport {
  readonly state = signal<LineState>("connecting");
  /** When the next attempt is due (milliseconds since the epoch), for the banner; null while one is under way. */
  readonly retryAt = signal<number | null>(null);
  /** The hub's clock minus ours, in milliseconds. */
  readonly offset = signal(0);
  readonly reason = signal("");
  /** The browser says that the network is gone, and the hub has not said otherwise yet. */
  readonly doubted = signal(false);

  private line: Line | null = null;
  private attempt = 0;
  private failedSockets = 0;
  private pollUntil = 0;
  private polledLast = false;
  private beatEvery = 25_000;
  private timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly tab: string,
    private readonly onFrame: (frame: ToTab) => void,
  ) {
    addEventListener("online", this.wake);
    addEventListener("offline", this.lost);
    document.addEventListener("visibilitychange", this.wake);
  }

  /** Frames may be sent now. */
  get ready(): boolean {
    return this.state.peek() === "online";
  }

  open(): void {
    if (this.line) return;
    this.stop("retry");
    this.retryAt.value = null;
    if (this.state.peek() !== "offline") this.state.value = "connecting";
    const events: LineEvents = { open: this.greet, frame: this.take, end: this.ended };
    this.line = this.shouldPoll() ? new PollLine(events) : new SocketLine(events);
    this.after("welcome", WELCOME_WITHIN, () => this.drop());
  }

  /** After two failures the two ways take turns: a network that is down must not cost the socket its place. */
  private shouldPoll(): boolean {
    return Date.now() < this.pollUntil || (this.failedSockets > 0 && this.failedSockets % 2 === 0 && !this.polledLast);
  }

  /** Says it if there is somebody to hear it; tells whether. */
  send(frame: FromTab): boolean {
    if (!this.ready || !this.line) return false;
    this.line.send(frame);
    return true;
  }

  /** Ends it for good: signed out here. */
  close(): void {
    removeEventListener("online", this.wake);
    removeEventListener("offline", this.lost);
    document.removeEventListener("visibilitychange", this.wake);
    for (const name of [...this.timers.keys()]) this.stop(name);
    this.state.value = "out";
    this.line?.close();
    this.line = null;
  }

  private greet = (): void => this.line?.send({ t: "hello", tab: this.tab, idle: untouched() });

  /** Somebody touched this tab after a while: the hub hears it now and not with the next beat. */
  touched = (): void => void this.send({ t: "beat", idle: untouched() });

  private take = (frame: ToTab): void => {
    this.stop("answer");
    this.doubted.value = false;
    if (frame.t === "welcome") this.welcomed(frame);
    if (frame.t === "beat") this.offset.value = frame.now - Date.now();
    this.onFrame(frame);
  };

  private welcomed(frame: Welcome): void {
    this.stop("welcome");
    if (this.line instanceof PollLine && this.failedSockets) this.pollUntil = Date.now() + POLL_FOR;
    this.failedSockets = 0;
    this.offset.value = frame.now - Date.now();
    this.beatEvery = Math.max(1, frame.beat) * 1000;
    this.state.value = "online";
    this.after("settled", SETTLED_AFTER, () => (this.attempt = 0));
    this.scheduleBeat();
  }

  private scheduleBeat(): void {
    this.after("beat", this.beatEvery, () => {
      this.beat();
      this.scheduleBeat();
    });
  }

  private beat(within = ANSWER_WITHIN): void {
    if (!this.send({ t: "beat", idle: untouched() }) || this.timers.has("answer")) return;
    this.after("answer", within, () => this.drop());
  }

  /** The network came back, or the tab did: find out at once whether the line still lives. */
  private wake = (): void => {
    if (document.visibilityState === "hidden") return;
    if (this.ready) this.beat();
    else if (!this.line && this.timers.has("retry")) this.open();
  };

  /** The browser thinks so; a hub on this machine or in this house may answer all the same. */
  private lost = (): void => {
    if (!this.ready) return;
    this.doubted.value = true;
    this.stop("answer");
    this.beat(DOUBTED_WITHIN);
  };

  /** A line that does not answer: let it go and behave as if it had ended. */
  private drop(): void {
    const line = this.line;
    line?.close();
    this.ended({ code: 1006, reason: "" });
  }

  private ended = (ending: Ending): void => {
    if (!this.line) return;
    const spoke = this.ready;
    this.doubted.value = false;
    this.polledLast = this.line instanceof PollLine;
    if (!this.polledLast && !spoke) this.failedSockets++;
    this.line = null;
    for (const name of [...this.timers.keys()]) this.stop(name);
    if (ending.code === 4401) return void (this.state.value = "out");
    if (ending.code === 1008 || ending.code === 4400) return this.deny(ending);
    this.state.value = "offline";
    const wait = Math.max(pause(this.attempt++, Math.random, ending.code), (ending.retryAfter ?? 0) * 1000);
    this.retryAt.value = Date.now() + wait;
    this.after("retry", wait, () => this.open());
  };

  private deny(ending: Ending): void {
    this.reason.value = ending.reason;
    this.state.value = "denied";
  }

  private after(name: string, wait: number, run: () => void): void {
    this.stop(name);
    this.timers.set(name, setTimeout(() => (this.timers.delete(name), run()), wait));
  }

  private stop(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
}
