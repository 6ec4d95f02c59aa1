/**
 * The widget's first part: who is here, on which page, for how long, and the button.
 *
 * This file only puts the parts together. All that concerns a conversation is in the panel's bundle, which gets every
 * frame since the last welcome when it comes, so it does not matter how late that is. Long-poll is loaded when needed.
 */

import type { Hello, ToPage, Welcome } from "../wire/visitor.ts";
import { install } from "./api.ts";
import { attention } from "./attention.ts";
import { type Shell, shell } from "./button.ts";
import type { Panel } from "./core.ts";
import type { Errands } from "./errands.ts";
import { memory } from "./memory.ts";
import { pages } from "./navigation.ts";
import { session } from "./session.ts";
import { CHAT, KNOWN, RIGHT_TO_LEFT } from "./texts/languages.ts";
import { socket } from "./transport.ts";
import { clip, failed, guard, newId } from "./words.ts";

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

/** Narrower or lower than this (a phone, a page enlarged to 200 %) the panel covers the page, and opens only when asked to. */
const NARROW = 480;

export default function start({ site, origin, language: wish, queue }: Boot): void {
  const scope = `hub:${site}:`;
  const lasting = memory(() => localStorage, scope);
  const notes = memory(() => sessionStorage, scope);
  let tabs: BroadcastChannel | undefined; // to the other tabs of this site; some browsers have none, and some forbid it where they forbid storage
  const tab = newId();
  const clock = () => performance.now();
  const seconds = attention(clock(), !document.hidden);
  let since: ToPage[] = []; // what came since, and with, the last welcome: for a panel that is loaded later
  let ui: Shell | undefined;
  let panel: Panel | undefined;
  let coming: Promise<void> | undefined;
  let errands: Promise<Errands> | undefined;
  let open = false;
  let aim = false; // to write: the panel takes the focus when it comes
  let news: "reset" | "again" | undefined; // for the other tabs, once this one is welcome anew
  let tracking: Welcome["tracking"] | null = null; // null before the first welcome
  let way: string; // the kind of line
  let first: (() => void) | undefined; // lets the next tab begin
  let far = 0; // pixels scrolled, at most, on this page
  let language = "en";
  let title = () => document.title;
  let url = location.href; // of the page that the seconds are counted for

  // Nothing of the page, or of the person before it, is told while it may not be tracked.
  const beat = () => ({
    t: "beat" as const,
    ...(tracking === "on" && {
      active: seconds.seconds(clock()),
      scroll: Math.min(100, ((100 * (far + innerHeight)) / document.documentElement.scrollHeight) | 0),
    }),
  });
  const moved = () => {
    ui?.stay();
    line.send(beat()); // its seconds belong to the page that was left
    const next = page().url;
    if (next !== url) seconds.restart(clock()), (far = 0);
    url = next;
    look();
  };
  const page = pages(() => title(), moved);
  // The first use of Intl costs a page 15 ms; the panel, which needs it anyway, keeps the zone's name for later visits.
  const west = Math.round(new Date().getTimezoneOffset() / 60);
  const look = () => tracking === "on" && line.send({
    t: "page",
    page: page(),
    active: seconds.seconds(clock()),
    zone: lasting.get("zone") ?? `Etc/GMT${west < 0 ? "" : "+"}${west}`,
    device: matchMedia("(pointer:fine)").matches ? "desktop" : Math.min(screen.width, screen.height) < 600 ? "phone" : "tablet",
  });
  const hello = (): Hello => ({
    t: "hello",
    site,
    tab,
    token: lasting.get("token"),
    language: clip(navigator.language ?? "", 35),
    consent: (lasting.get("consent") ?? "") as "" | "granted" | "denied",
    gpc: !!(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl || navigator.doNotTrack === "1",
    ...panel?.resume(),
  });

  const heard = (frame: ToPage) => {
    if ("token" in frame && frame.token) lasting.set("token", frame.token);
    if (frame.t === "beat") return ui?.stay();
    if (frame.t === "resync" && frame.anew) return forget();
    if (frame.t === "welcome") welcome(frame);
    if (frame.t === "features") ui?.look(frame.site);
    errands?.then((bag) => bag.heard(frame));
    if (panel) panel.heard(frame);
    else {
      since.push(frame);
      if (/feature$|said|talk|invited/.test(frame.t)) load();
    }
  };

  /** The shadow root, in the reader's language. */
  const build = (spoken = "") => {
    if (ui) return ui;
    language = [wish, document.documentElement.lang, spoken]
      .map((tag = "") => tag.slice(0, 2).toLowerCase())
      .find((tag) => tag && KNOWN.includes(tag)) ?? language;
    ui = shell(CHAT[language] ?? "Chat", RIGHT_TO_LEFT.includes(language));
    on(ui.button, "click", () => show(!open, true));
    on(ui.button, "pointerenter focus", load);
    if (notes.get("open") && Math.min(innerWidth, innerHeight) > NARROW) open = true;
    return ui;
  };

  const welcome = (frame: Welcome) => {
    since = [];
    tracking = frame.tracking ?? "on";
    look(); // before anything that happened on it
    build(frame.site.language).look(frame.site);
    ui!.stay();
    if (tracking === "on") notes.set("line", way);
    else if (!frame.talk) lasting.set("token", null); // nobody is known by it any more
    if (news) tellTabs(news), (news = undefined);
    first?.();
    ask();
    if (lasting.names("event:")[0]) tell();
    if (panel) return;
    if (open) show(true, false, true);
    else if (frame.talk || frame.invited || notes.get("back") || url.includes("hub:") || lasting.names("out:")[0]) load();
  };

  // --- consent

  let bar: Promise<(on: boolean) => void> | undefined;
  const ask = () => {
    const on = tracking === "ask" && !lasting.get("consent");
    if (on) bar ??= import("./consent.ts").then(({ default: make }) => make({ ...build(), language, decide }));
    bar?.then((show) => show(on)).catch(failed);
  };
  const decide = (yes: unknown) => {
    const granted = yes === true;
    lasting.set("consent", granted ? "granted" : "denied");
    news = "again";
    ask();
    line.send({ t: "consent", granted }) || line.again();
  };

  const tell = (...given: unknown[]) => {
    errands ??= import("./errands.ts").then(({ default: make }) => make({ lasting, send: line.send, newId, clip, tracking: () => tracking }));
    errands.then((bag) => bag.add(...given)).catch(failed);
  };

  const load = () =>
    (coming ??= import("./panel.ts")
      .then(({ default: begin }) =>
        begin({
          ...ui!, ...line, site, clip, decide, failed, origin, language, lasting, notes, guard, newId, tabs: tellTabs,
          titles: (plain) => (title = plain),
          open: () => show(true, true),
          close: () => show(false, true),
        }))
      .then((made) => {
        panel = made;
        for (const frame of since) made.heard(frame);
        since = [];
        made.show(open, aim);
        if (!line.send(beat())) made.lost(); // it went meanwhile
      })
      .catch((error) => {
        coming = undefined; // the next click tries again
        failed(error);
      }));

  const show = (on: boolean, focus: boolean, quiet?: boolean) => {
    open = on;
    notes.set("open", on ? "1" : null);
    if (!quiet) tellTabs({ open });
    if (!ui) return; // the welcome opens it
    ui.button.setAttribute("aria-expanded", `${on}`);
    aim = focus;
    if (panel) panel.show(on, focus);
    else if (on) load();
  };

  /** Whoever sat here has gone: what they wrote and did not send goes with the panel; the next welcome brings a new one. */
  const forget = () => {
    errands?.then((bag) => bag.clear());
    for (const name of notes.names("")) notes.set(name, null);
    panel?.forget();
    panel = coming = undefined;
    line.again();
  };

  const on = (target: EventTarget, names: string, run: (event: Event) => void) => {
    for (const name of names.split(" ")) target.addEventListener(name, guard(run), true);
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
      if (kind) way = kind;
      else panel?.lost();
    },
  });

  // Not while the page lies in the browser's cache: what is spoken to there is thrown out.
  const join = () => {
    try {
      tabs = new BroadcastChannel(scope);
      tabs.onmessage = guard(({ data }: MessageEvent) => {
        // Another tab has become a new visitor, or one who may be tracked: the shared memory has it by now.
        if (data === "reset") forget();
        else if (data === "again") line.again();
        else if (data.read) panel?.elsewhere(data);
        else if (Math.min(innerWidth, innerHeight) > NARROW) show(data.open, false, true);
      });
    } catch {}
  };
  const tellTabs = (news: unknown) => tabs?.postMessage(news);
  join();

  on(document, "pointermove pointerdown keydown scroll", () => seconds.input(clock()));
  on(document, "scroll", () => (far = Math.max(far, scrollY)));
  on(document, "invalid", ({ target }) => tell("form_error", target));
  on(document, "visibilitychange", () => {
    seconds.visible(clock(), !document.hidden);
    line.now();
    panel?.look();
  });
  on(self, "online", line.now);
  on(self, "offline", line.lost);
  on(self, "pagehide", () => (line.leave(), tabs?.close()));
  on(self, "pageshow", (event) => (event as PageTransitionEvent).persisted && (join(), line.enter())); // back from the browser's cache of whole pages

  install({
    identify: (given) => tell(1, given),
    reset() {
      line.send({ t: "reset" });
      news = "reset";
      lasting.set("token", null);
      forget();
    },
    page: moved,
    open: () => show(true, true),
    close: () => show(false, false),
    track: tell,
    cart: (held) => tell(0, held),
    consent: decide,
  }, queue);
  // Tabs that a new visitor opens at once wait for each other: the first one's token is theirs too.
  if (lasting.get("token") || !navigator.locks) line.enter();
  else
    navigator.locks.request(scope, () => new Promise<void>((done) => {
      first = done;
      setTimeout(done, 5_000);
      line.enter();
    })).catch(line.enter);
}
