// The alarm of this browser: who rings, when it rings again, and what ends it.
//
// The hub keeps the round and who has seen it (`alarm`, `seen_at` of a row); here it becomes sound and a notification. A
// browser slows the timers of a hidden tab that is silent; this one sounds at least every 20 s while it matters, which
// browsers count as not silent.

import { computed, effect, signal, untracked } from "@preact/signals";
import type { ConversationRow, Id, Mention, Presence } from "../../wire/console";
import { t } from "../text";
import { caseOf } from "./cases";
import { awake, ring } from "./chime";
import type { Hub } from "./hub";
import { standFor } from "./leader";
import { notify } from "./notify";
import { isQuiet, quietUntil } from "./quiet";
import { recall, remember } from "./storage";
import { toast } from "./toasts";
import { byWait } from "./waits";

const FIRST = 10_000;
const THEN = 20_000;

/** Somebody waits and nobody has seen it. A mail has hours: only who sits before a page has an alarm. */
export const unseen = (row: ConversationRow): boolean =>
  row.status === "waiting" && row.seen_at == null && row.visitor != null && !row.blocked;

/** Whether it rings for an operator in this state: those who are available first, the busy when nobody came, then everybody. */
export function ringsFor(row: ConversationRow, presence: Presence): boolean {
  const least = presence === "available" ? 0 : presence === "away" ? 2 : 1;
  return unseen(row) && (row.alarm ?? 0) >= least;
}

/** When to ring: at once for somebody new or a further round, again after 10 s, then every 20 s, louder each time. */
export class Rounds {
  private known = new Map<Id, number>();
  private times = 0;
  private next = 0;

  /** How urgently to ring now (0 to 2), or null. */
  step(rows: readonly ConversationRow[], at: number): 0 | 1 | 2 | null {
    const before = this.known;
    this.known = new Map(rows.map((row) => [row.id, row.alarm ?? 0]));
    if (!rows.length) this.times = 0;
    if (!rows.length) return null;
    const news = rows.some((row) => (before.get(row.id) ?? -1) < (row.alarm ?? 0));
    if (news && !before.size) this.times = 0;
    if (!news && at < this.next) return null;
    this.next = at + (this.times++ === 0 ? FIRST : THEN);
    const highest = Math.max(...this.known.values());
    return Math.min(2, Math.max(highest, this.times - 1)) as 0 | 1 | 2;
  }
}

/** Those who ring here now, the longest wait first. */
export const ringing = signal<readonly ConversationRow[]>([]);

/** This browser took it: news of that is no news in its other tabs either. */
export const tookMyself = (id: Id): void => remember("took", { id, at: Date.now() });
const took = (id: Id): boolean => {
  const last = recall<{ id: Id; at: number }>("took");
  return last?.id === id && Date.now() - last.at < 30_000;
};

/** "I've seen it": for one, or for all that ring. */
export function seen(hub: Hub, rows: readonly ConversationRow[] = ringing.peek()): void {
  for (const { id } of rows) {
    hub.outbox.run({ t: "seen", conversation: id }).catch(() => {
      // taken or closed meanwhile, or not ours any longer: then nothing rings
    });
  }
}

/** What has changed among my own conversations since the last look. */
export class Mine {
  private before: ReadonlyMap<Id, ConversationRow> | null = null;

  news(rows: readonly ConversationRow[], me: Id): { written: ConversationRow[]; given: ConversationRow[] } {
    const before = this.before;
    this.before = new Map(rows.map((row) => [row.id, row]));
    if (!before) return { written: [], given: [] };
    const mine = rows.filter((row) => row.status === "open" && row.operator === me);
    const held = (row: ConversationRow) => before.get(row.id)?.operator === me;
    return {
      written: mine.filter((row) => held(row) && row.last_author === "visitor" && (row.last_at ?? 0) > (before.get(row.id)!.last_at ?? 0)),
      given: mine.filter((row) => !held(row)),
    };
  }
}

/** Which mentions have come since the last look; those that were there at the first are told by the list alone. */
export class Called {
  private known: ReadonlyMap<Id, number> | null = null;

  news(all: readonly Mention[]): Mention[] {
    const before = this.known;
    this.known = new Map(all.map((one) => [one.id, one.seq]));
    return before ? all.filter((one) => (before.get(one.id) ?? 0) < one.seq) : [];
  }
}

const name = (row: ConversationRow): string => row.name || t("visitor");
const open = (hub: Hub, row: ConversationRow) => () => hub.desk.open(row.id, row.status === "open");

/** Rings for as long as the console is open; returns how to end it. */
export function startRinging(hub: Hub): () => void {
  // The tabs that may sound stand in one line, all of them in another: a tab nobody clicked in cannot sound, but notify.
  const sounder = signal<ReturnType<typeof standFor> | null>(null);
  const speaker = standFor(`notify.${hub.me.peek().id}`);
  const shown = new Map<Id, Notification>();
  const rounds = new Rounds();
  const mine = new Mine();
  const called = new Called();
  const sounds = computed(() => sounder.value?.leads.value ?? false);
  let away = true; // the pane under the eyes was looked at before it rang

  const show = (row: ConversationRow, title: string) => {
    if (!speaker.leads.peek() || isQuiet() || document.hasFocus()) return;
    const one = notify(title, row.last_text ?? "", `hub.${row.id}`, open(hub, row));
    if (one) shown.set(row.id, one);
  };
  const look = () => {
    const rows = ringing.peek();
    for (const [id, one] of shown) if (!rows.some((row) => row.id === id)) one.close(), shown.delete(id);
    const urgency = isQuiet() ? null : rounds.step(rows, Date.now());
    if (urgency === null) return;
    if (sounds.peek()) ring(Date.now(), "waiting", urgency);
    for (const row of rows) show(row, t(row.alarm ? "alarm.nobody" : "alarm.waits", { name: name(row) }));
  };

  const ends = [
    effect(() => {
      if (awake.value) untracked(() => (sounder.value ??= standFor(`sound.${hub.me.peek().id}`)));
    }),
    effect(() => {
      quietUntil.value;
      const rows = hub.loaded.value ? hub.conversations.value.filter((row) => ringsFor(row, hub.presence.value)) : [];
      ringing.value = rows.sort(byWait);
      untracked(look);
    }),
    effect(() => {
      if (!hub.loaded.value) return;
      const { written, given } = mine.news(hub.conversations.value, hub.me.peek().id);
      untracked(() => {
        const unread = written.filter((row) => document.hidden || hub.desk.current.peek() !== row.id);
        const handed = given.filter((row) => !took(row.id));
        const hear = hub.presence.peek() !== "away" && sounds.peek();
        if (handed.length && hear) ring(Date.now(), "transferred");
        else if (unread.length && hear) ring(Date.now(), "message");
        for (const row of handed) show(row, t("alarm.given", { name: name(row) }));
        for (const row of unread) show(row, t("alarm.wrote", { name: name(row) }));
      });
    }),
    effect(() => {
      if (!hub.mentionsLoaded.value) return;
      const fresh = called.news([...hub.mentions.value.values()]);
      untracked(() => {
        const away = fresh.filter((one) => document.hidden || hub.desk.area.peek() !== "desk" || hub.desk.current.peek() !== one.id);
        if (away.length && hub.presence.peek() !== "away" && sounds.peek()) ring(Date.now(), "mentioned");
        for (const one of away) {
          const go = () => hub.desk.openAt(one.id, one.seq);
          const row = hub.conversations.peek().find((each) => each.id === one.id);
          const said = t("mention.told", { by: one.by, name: row ? name(row) : t("visitor") });
          toast(said, { go: { label: t("open"), run: go } });
          if (speaker.leads.peek() && !isQuiet() && !document.hasFocus()) notify(said, "", `hub.mention.${one.id}`, go);
        }
      });
    }),
    effect(() => {
      // To open a conversation is to have seen it. Which one lay open before the wait began says nothing.
      const id = hub.desk.area.value === "desk" ? hub.desk.current.value : null;
      const rows = untracked(() => {
        const open = hub.conversations.value.find((one) => one.id === id);
        return open ? hub.conversations.value.filter((one) => caseOf(one) === caseOf(open) && unseen(one)) : [];
      });
      if (rows.length && !away) untracked(() => seen(hub, rows));
      away = false;
    }),
  ];
  const timer = setInterval(look, 1000);
  return () => {
    clearInterval(timer);
    for (const end of ends) end();
    speaker.end();
    sounder.peek()?.end();
    for (const one of shown.values()) one.close();
    ringing.value = [];
  };
}
