// The same conversation over held POSTs, for networks that let no WebSocket through.
//
// One request at a time. The hub keeps its numbered frames until a later `after` acknowledges them, so a held request
// may be cut short whenever there is something to say; one that carries frames is never cut.

import type { FromTab, ToTab } from "../../wire/console";
import type { Line, LineEvents } from "./socketline";

interface Answer {
  socket: string;
  frames: [number, ToTab][];
  /** The hub ends this socket, with the code a WebSocket would close with. */
  close?: number;
}

/** Bytes of frames in one request; the hub takes 64 KiB of body, and what it refused would be said again for ever. */
const MOST = 64_000;

export class PollLine implements Line {
  private socket: string | null = null;
  private got = 0;
  private toSay: FromTab[] = [];
  private held: AbortController | null = null;
  /** Ends whatever is under way: on a dead network a request would hold one of the browser's few connections for minutes. */
  private readonly over = new AbortController();
  private closed = false;

  constructor(private readonly events: LineEvents) {
    queueMicrotask(() => {
      if (this.closed) return;
      events.open();
      void this.loop();
    });
  }

  send(frame: FromTab): void {
    this.toSay.push(frame);
    this.held?.abort();
  }

  close(): void {
    this.closed = true;
    this.held?.abort();
    this.over.abort();
  }

  private async loop(): Promise<void> {
    while (!this.closed) {
      const saying = this.fitting();
      try {
        if (!(await this.exchange(saying))) return;
      } catch (error) {
        if (this.closed) return;
        if (error instanceof DOMException && error.name === "AbortError") continue;
        return this.end(1006);
      }
    }
  }

  /** What goes into one request, the first that waits first. */
  private fitting(): FromTab[] {
    let bytes = 0;
    const size = (frame: FromTab) => new TextEncoder().encode(JSON.stringify(frame)).length + 1;
    const full = this.toSay.findIndex((frame) => (bytes += size(frame)) > MOST);
    return this.toSay.splice(0, full < 0 ? this.toSay.length : full || 1);
  }

  /** One request and its answer; false when the line has ended. */
  private async exchange(frames: FromTab[]): Promise<boolean> {
    this.held = frames.length ? null : new AbortController();
    const response = await fetch("/console/poll", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ socket: this.socket, after: this.got, frames }),
      signal: (this.held ?? this.over).signal,
    });
    this.held = null;
    if (!response.ok) return this.refused(response);
    const answer = (await response.json()) as Answer;
    this.socket = answer.socket;
    for (const [n, frame] of answer.frames) {
      if (this.closed) return false;
      if (n <= this.got) continue;
      this.got = n;
      this.events.frame(frame);
    }
    if (answer.close !== undefined) this.end(answer.close);
    return !this.closed;
  }

  private refused(response: Response): false {
    const codes: Record<number, number> = { 401: 4401, 403: 1008, 400: 4400, 429: 1013, 503: 1013 };
    this.end(codes[response.status] ?? 1006, Number(response.headers.get("retry-after")) || 0);
    return false;
  }

  private end(code: number, retryAfter = 0): void {
    if (this.closed) return;
    this.closed = true;
    this.events.end({ code, reason: "", retryAfter });
  }
}
