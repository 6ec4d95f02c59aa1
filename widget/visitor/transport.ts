/**
 * A line to the hub: a WebSocket. The long-poll in poll.ts looks the same from outside.
 */

import type { FromPage, Hello, ToPage } from "../wire/visitor.ts";

export interface Line {
  send(frame: FromPage): void;
  /** Hangs up; `gone` is not called by this side's own closing in any way that matters. */
  close(): void;
}

/** Opens a line that says hello first. `gone` gets the close code, 0 where there is none. */
export type Dial = (origin: string, hello: Hello, heard: (frame: ToPage) => void, gone: (code: number) => void) => Line;

export const socket: Dial = (origin, hello, heard, gone) => {
  let ws: WebSocket;
  try {
    ws = new WebSocket(origin.replace(/^http/, "ws") + "/visitor");
  } catch {
    setTimeout(gone, 0, 0); // a page whose policy forbids the address: some browsers throw
    return { send() {}, close() {} };
  }
  ws.onopen = () => ws.send(JSON.stringify(hello));
  ws.onmessage = (event) => heard(JSON.parse(event.data));
  ws.onclose = (event) => gone(event.code);
  return {
    send: (frame) => ws.readyState === 1 && ws.send(JSON.stringify(frame)),
    close: () => ws.close(1000),
  };
};
