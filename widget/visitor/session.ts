/**
 * Keeps one line to the hub open for as long as the page lives.
 *
 * Says hello first and again after every loss, beats, notices a line that only looks open, and falls back to
 * long-poll where two WebSockets in a row did not open. Where one did in this tab, it takes five: then the hub is
 * restarting rather than the network forbidding them, and a restart must not leave everybody on the dearer line.
 * It knows nothing about conversations.
 */

import type { Beat, FromPage, Hello, ToPage } from "../wire/visitor.ts";
import { pause } from "./backoff.ts";
import type { Dial, Line } from "./transport.ts";
import { guard } from "./words.ts";

/** Milliseconds from dialling to welcome after which a line counts as not opened. */
const PATIENCE = 10_000;

export interface Wiring {
  origin: string;
  socket: Dial;
  /** Brings the long-poll, which most visitors never need. */
  poll(): Promise<{ poll: Dial }>;
  /** The kind of line that worked last in this tab, on this site. */
  last: string | null;
  hello(): Hello;
  beat(): Beat;
  heard(frame: ToPage): void;
  /** Welcomed, by which kind of line; or lost. */
  up(kind: "socket" | "poll" | null): void;
  random?(): number;
}

export interface Session {
  /** False while there is no welcomed line; nothing is kept. */
  send(frame: FromPage): boolean;
  /** Hang up and say hello again, soon: something is missing. */
  again(): void;
  /** Dial at once if there is no line (the network or the visitor came back). */
  now(): void;
  /** The line is known to be dead. */
  lost(): void;
  /** The page goes away, perhaps to come back from the browser's back/forward cache. */
  leave(): void;
  /** The page is here (again). */
  enter(): void;
}

export function session(wiring: Wiring): Session {
  const random = wiring.random ?? Math.random;
  let line: Line | undefined;
  let poll: Dial | undefined;
  let welcomed = false;
  let polling = false;
  let worked = wiring.last === "socket"; // WebSockets do get through here
  let here = false;
  let over = false;
  let failures = 0; // in a row; forgotten when a line has proved itself by an answered beat
  // Now and then even a tab that needed the long-poll tries again.
  let unopened = wiring.last === "poll" && random() > 0.2 ? 2 : 0;
  let asked = 0; // when the first beat went out that is not answered yet
  let period = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pulse: ReturnType<typeof setInterval> | undefined;

  const connect = guard(() => {
    clearTimeout(timer);
    if (line || !here || over) return;
    const round = worked ? 6 : 3;
    polling = unopened % round === round - 1;
    if (polling && !poll) {
      wiring.poll().then((late) => ((poll = late.poll), connect()), () => (unopened++, drop(0)));
      return;
    }
    let silent = true;
    const mine: Line = (line = (polling ? poll! : wiring.socket)(
      wiring.origin,
      wiring.hello(),
      guard((frame: ToPage) => {
        if (line !== mine) return;
        silent = false;
        asked = 0;
        if (frame.t === "welcome") welcome(frame.beat);
        if (frame.t === "beat") failures = 0;
        wiring.heard(frame);
      }),
      guard((code: number) => {
        if (line !== mine) return;
        if (!silent) unopened = polling ? 2 : 0;
        else if (code < 1008) unopened++;
        drop(code);
      }),
    ));
    timer = setTimeout(() => {
      if (line !== mine) return;
      if (silent) unopened++;
      drop(0);
    }, PATIENCE);
  });

  const welcome = (seconds: number) => {
    clearTimeout(timer);
    welcomed = true;
    period = (seconds || 15) * 1000;
    let half = 0;
    clearInterval(pulse);
    pulse = setInterval(guard(() => {
      if (asked && Date.now() - asked > 1.4 * period) drop(0);
      else if (++half % 2 === 0) beat();
    }), period / 2);
    worked = !polling;
    wiring.up(polling ? "poll" : "socket");
  };

  const beat = () => {
    if (send(wiring.beat())) asked ||= Date.now();
  };

  const hangUp = () => {
    const old = line;
    line = undefined;
    asked = 0;
    clearTimeout(timer);
    clearInterval(pulse);
    old?.close();
    if (welcomed) wiring.up(((welcomed = false), null));
  };

  const drop = (code: number) => {
    hangUp();
    const wait = pause(code, failures++, random());
    if (wait === null) over = true;
    else timer = setTimeout(connect, wait);
  };

  const send = (frame: FromPage) => {
    if (welcomed) line!.send(frame);
    return welcomed;
  };

  return {
    send,
    again: () => drop(0),
    now() {
      if (line) beat();
      else connect();
    },
    lost: () => line && drop(0),
    leave() {
      send(wiring.beat());
      here = false;
      hangUp();
    },
    enter() {
      here = true;
      connect();
    },
  };
}
