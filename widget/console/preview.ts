// The stage of the live preview: the very widget that shops load, on a line that ends here.
//
// It runs in a frame of the console (sandboxed, so it shares no storage with it) and stands where WebSocket stands before the
// loader comes. The look arrives by message, with every change of the draft; the widget hears it as it would from the hub.

import "./preview.css";
import type { FromPage, SiteLook, ToPage } from "../wire/visitor.ts";

interface Staged {
  look: SiteLook;
  language: string;
  scheme: "light" | "dark";
  open: boolean;
}

const CONVERSATION = "0".repeat(32);
let staged: Staged | null = null;
let line: Line | null = null;

/** The hub's side of a visitor's socket: welcomes, says what changed, and takes whatever is written for the visitor's. */
class Line {
  readyState = 0;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  private seq = 0;

  constructor() {
    line = this;
    setTimeout(() => {
      this.readyState = 1;
      this.onopen?.();
    });
  }

  send(text: string): void {
    const frame = JSON.parse(text) as FromPage;
    const now = Date.now();
    if (frame.t === "hello" && staged)
      this.say({ t: "welcome", site: staged.look, now, beat: 3600, tracking: "off" });
    else if (frame.t === "open" || frame.t === "say") {
      this.say({ t: "sent", client_id: frame.client_id, conversation: CONVERSATION, seq: ++this.seq, at: now });
      this.say({ t: "talk", talk: { id: CONVERSATION, status: "waiting", seq: this.seq } });
    } else if ("client_id" in frame) this.say({ t: "noted", client_id: frame.client_id });
  }

  close(): void {}

  say(frame: ToPage): void {
    queueMicrotask(() => this.onmessage?.({ data: JSON.stringify(frame) }));
  }
}

addEventListener("message", ({ source, data }: MessageEvent<Staged>) => {
  if (source !== parent) return;
  const first = !staged;
  staged = data;
  if (first) begin(data);
  else line?.say({ t: "features", site: data.look, features: [] });
});

/** A frame cannot be told which colours its reader prefers; so the widget's sheets are read as if it had been. */
function prefer(scheme: Staged["scheme"]): void {
  document.documentElement.style.colorScheme = scheme;
  const { replaceSync } = CSSStyleSheet.prototype;
  CSSStyleSheet.prototype.replaceSync = function (text) {
    replaceSync.call(this, text.replace(/\(prefers-color-scheme:\s*dark\)/g, scheme === "dark" ? "(min-width:0)" : "(max-width:0)"));
  };
}

function begin({ language, scheme, open }: Staged): void {
  document.documentElement.lang = language;
  prefer(scheme);
  Object.assign(globalThis, { WebSocket: Line });
  const hub = (...given: unknown[]) => void (hub.q ??= []).push(given);
  hub.q = [] as unknown[][];
  Object.assign(globalThis, { hub });
  if (open) hub("open");
  const script = document.createElement("script");
  script.src = "/widget.js";
  Object.assign(script.dataset, { site: "preview", language });
  document.head.append(script);
}

parent.postMessage("ready", "*"); // says nothing that anybody may not know
