/**
 * The line for networks that let no WebSocket through: one request is held open by the hub until it has something to
 * say; a second one carries what the page says, and is answered at once.
 *
 * The hub numbers its frames and keeps them until a later `after` acknowledges them, so an answer that got lost is
 * given again, and one that came twice (both requests may bring it) is recognised. Anything that goes wrong ends the
 * line: the next hello says what the page has, which is all the repair there is, here as with the WebSocket. Bodies
 * go as text/plain because that needs no preflight.
 */

import type { FromPage, ToPage } from "../wire/visitor.ts";
import type { Dial } from "./transport.ts";

interface Answer {
  socket: string;
  frames: [number, ToPage][];
  /** The hub hangs up, with a WebSocket's close code. */
  close?: number;
}

/** Bytes of frames in one request; the hub takes 64 KiB of body, and what it refused would be said again for ever. */
const MOST = 65_000;

export const poll: Dial = (origin, hello, heard, gone) => {
  const url = origin + "/visitor/poll";
  const abort = new AbortController();
  let socket: string | null = null;
  let after = 0;
  const waiting: string[] = []; // frames as JSON: a page that taught arrays toJSON cannot spoil the list
  let sending = false;
  let closed = false;

  const body = () => {
    let bytes = 0;
    const full = waiting.findIndex((frame) => (bytes += new TextEncoder().encode(frame).length + 1) > MOST);
    const frames = waiting.splice(0, full < 0 ? waiting.length : full || 1);
    return `{"socket":${JSON.stringify(socket)},"after":${after},"frames":[${frames}]}`;
  };
  const over = (code: number) => {
    if (closed) return;
    closed = true;
    abort.abort();
    gone(code);
  };
  const ask = async () => {
    const reply = await fetch(url, {
      method: "POST",
      body: body(),
      headers: { "Content-Type": "text/plain" },
      credentials: "omit",
      referrerPolicy: "no-referrer", // the shop's own policy may be to tell the whole address
      cache: "no-store",
      signal: abort.signal,
    });
    if (!reply.ok) return over(CODES[reply.status] ?? 0);
    const answer: Answer = await reply.json();
    if (closed) return;
    socket = answer.socket;
    for (const [n, frame] of answer.frames) {
      if (n <= after) continue;
      after = n;
      heard(frame);
    }
    if (answer.close) over(answer.close);
  };
  const listen = async () => {
    while (!closed) {
      const [asked, known] = [Date.now(), after];
      await ask();
      // A hub (or a proxy before it) that answers at once with nothing must not be asked in a circle.
      if (after === known && Date.now() - asked < 500) await new Promise((go) => setTimeout(go, 1_000));
    }
  };
  const speak = async () => {
    if (sending || closed || !socket) return;
    sending = true;
    while (waiting.length && !closed) await ask();
    sending = false;
  };
  const failed = () => over(0);

  waiting.push(JSON.stringify(hello));
  ask().then(() => {
    speak().catch(failed);
    return listen();
  }).catch(failed);

  return {
    send(frame: FromPage) {
      waiting.push(JSON.stringify(frame));
      // A tick later, so that what is said in one go travels in one request.
      setTimeout(() => speak().catch(failed), 0);
    },
    close() {
      if (socket && waiting.length && !closed) navigator.sendBeacon?.(url, body());
      closed = true;
      abort.abort();
    },
  };
};

/** HTTP statuses as the close codes of a WebSocket that mean the same. */
const CODES: Record<number, number> = { 400: 4400, 403: 1008, 404: 4404, 413: 1009, 429: 1013, 503: 1013 };
