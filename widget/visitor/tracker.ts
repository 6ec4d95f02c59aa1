/**
 * The widget's first part: who is here, on which page, for how long, and the button.
 *
 * This file only puts the parts together. All that concerns a conversation is in the panel's bundle, which gets every
 * frame since the last welcome when it comes, so it does not matter how late that is. Long-poll is loaded when needed.
 */

import type { Hello, Identify, ToPage, Welcome } from "../wire/visitor.ts";
import { install } from "./api.ts";
import { attention } from "./attention.ts";
import { type Shell, shell } from "./button.ts";
import type { Panel } from "./core.ts";
import { memory } from "./memory.ts";
import { pages } from "./navigation.ts";
import { session } from "./session.ts";
import { CHAT, KNOWN, RIGHT_TO_LEFT } from "./texts/languages.ts";
import { socket } from "./transport.ts";
import { clip, guard, newId } from "./words.ts";

/** What the loader knows. */
export interface Boot {
  site: string;
  /** Where the hub lives, from the loader's own address. */
  origin: string;
  /** `data-language` of the tag: overrules the page and the site. */
  language: string | undefined;
  /** Calls that waited. */
  queue: ArrayLike<ArrayLike<unknown>>;
}

/** Narrower than this the panel covers the page, and opens only when asked to. */
const NARROW = 480;

export default function start({ site, origin, language: wish, queue }: Boot): void {
  const scope = `hub:${site}:`;
  const lasting = memory(() => localStorage, scope);
  const notes = memory(() => sessionStorage, scope);
  const tabs = channel(scope);
  const tab = newId();
  const clock = () => performance.now();
  const seconds = attention(clock(), !document.hidden);
  let since: ToPage[] = []; // what came since, and with, the last welcome: for a panel that is loaded later
  let identity: Identify | undefined;
  let ui: Shell | undefined;
  let panel: Panel | undefined;
  let coming: Promise<void> | undefined;
  let open = false;
  let resetting = false; // other tabs follow once there is a new token
  let language = "en";
  let title = () => document.title;
  let url = location.href; // of the page that the seconds are counted for

  const beat = () => ({ t: "beat" as const, active: seconds.seconds(clock()) });
  const moved = () => {
    ui?.stay();
    line.send(beat()); // its seconds belong to the page that was left
    const next = page();
    if (next.url !== url) seconds.restart(clock());
    url = next.url;
    line.send({ t: "page", page: next });
  };
  const page = pages(() => title(), moved);
  const hello = (): Hello => ({
    t: "hello",
    site,
    tab,
    page: page(),
    token: lasting.get("token"),
    language: clip(navigator.language ?? "", 35),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "",
    active: beat().active,
    ...panel?.resume(),
  });

  const heard = (frame: ToPage) => {
    if ("token" in frame && frame.token) lasting.set("token", frame.token);
    if (frame.t === "beat") return ui?.stay();
    if (frame.t === "welcome") welcome(frame);
    if (frame.t === "features") ui?.look(frame.site);
    if (identity && "client_id" in frame && frame.client_id === identity.client_id) {
      identity = undefined;
      if (frame.t === "refused") console.warn("hub: identify was refused:", frame.message);
    }
    if (panel) panel.heard(frame);
    else {
      since.push(frame);
      if (/feature$|said|talk/.test(frame.t)) load();
    }
  };

  const welcome = (frame: Welcome) => {
    since = [];
    if (!ui) {
      language = [wish, document.documentElement.lang, frame.site.language]
        .map((tag = "") => tag.slice(0, 2).toLowerCase())
        .find((tag) => tag && KNOWN.includes(tag)) ?? language;
      ui = shell(CHAT[language] ?? "Chat", RIGHT_TO_LEFT.includes(language));
      on(ui.button, "click", () => show(!open, true));
      on(ui.button, "pointerenter focus", load);
      if (notes.get("open") && innerWidth > NARROW) open = true;
    }
    ui.look(frame.site);
    ui.stay();
    if (identity) line.send(identity);
    if (resetting) tabs?.postMessage((resetting = false));
    if (panel) return;
    if (open) show(true, false);
    else if (frame.talk || lasting.names("out:").length) load();
  };

  const load = () =>
    (coming ??= import("./panel.ts")
      .then(({ default: begin }) =>
        begin({
          ...ui!, ...line, origin, language, lasting, notes, tabs, guard, newId,
          titles: (plain) => (title = plain),
          open: () => show(true, true),
          close: () => show(false, true),
        }))
      .then((made) => {
        panel = made;
        for (const frame of since) made.heard(frame);
        since = [];
        if (!line.send(beat())) made.lost(); // it went meanwhile
      })
      .catch((error) => {
        coming = undefined; // the next click tries again
        console.debug("hub:", error);
      }));

  const show = (on: boolean, focus: boolean) => {
    open = on;
    notes.set("open", on ? "1" : null);
    if (!ui) return; // the welcome opens it
    ui.button.setAttribute("aria-expanded", `${on}`);
    if (panel) panel.show(on, focus);
    else if (on) load().then(guard(() => panel?.show(open, focus)));
  };

  const forget = () => {
    identity = undefined;
    panel?.forget();
    line.again();
  };

  const on = (target: EventTarget, names: string, run: () => void) => {
    for (const name of names.split(" ")) target.addEventListener(name, guard(run), { passive: true, capture: true });
  };

  const line = session({
    origin,
    socket,
    poll: () => import("./poll.ts"),
    last: notes.get("line"),
    beat,
    hello,
    heard,
    up(kind) {
      if (kind) notes.set("line", kind);
      else panel?.lost();
    },
  });

  on(document, "pointermove pointerdown keydown scroll", () => seconds.input(clock()));
  on(document, "visibilitychange", () => {
    seconds.visible(clock(), !document.hidden);
    line.now();
    panel?.look();
  });
  on(self, "online", line.now);
  on(self, "offline", line.lost);
  on(self, "pagehide", line.leave);
  on(self, "pageshow", line.enter); // back from the browser's cache of whole pages
  // Another tab has become a new visitor, whose token lies in the shared memory by now.
  if (tabs) tabs.onmessage = guard(({ data }: MessageEvent) => data || forget());

  const kept: unknown[][] = []; // bounded; for the part of the widget that will send it
  const keep = (...given: unknown[]) => void (kept.push(given) > 100 && kept.shift());

  install({
    identify(given) {
      identity = { t: "identify", client_id: newId(), token: (given as { token: string }).token };
      line.send(identity);
    },
    reset() {
      line.send({ t: "reset" });
      lasting.set("token", null);
      resetting = true;
      forget();
    },
    page: moved,
    open: () => show(true, true),
    close: () => show(false, false),
    track: keep,
    cart: keep,
  }, queue);
  line.enter();
}

/** To the other tabs of this site; some browsers have none, and some forbid it where they forbid storage. */
function channel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}
