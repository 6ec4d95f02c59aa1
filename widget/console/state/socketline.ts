// One WebSocket to the hub, and what any line (socket or poll) looks like from above.

import type { FromTab, ToTab } from "../../wire/console";

export interface Ending {
  code: number;
  reason: string;
  /** Seconds the hub asks us to stay away. */
  retryAfter?: number;
}

export interface LineEvents {
  open(): void;
  frame(frame: ToTab): void;
  /** Called at most once, and not after `close`. */
  end(ending: Ending): void;
}

export interface Line {
  send(frame: FromTab): void;
  /** Let go without a further event. */
  close(): void;
}

export class SocketLine implements Line {
  private readonly socket: WebSocket;

  constructor(events: LineEvents) {
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/console`);
    this.socket.onopen = () => events.open();
    this.socket.onmessage = (message) => events.frame(JSON.parse(message.data as string) as ToTab);
    this.socket.onclose = (close) => events.end({ code: close.code, reason: close.reason });
  }

  send(frame: FromTab): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  close(): void {
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close(1000);
  }
}
