/**
 * The visitor's conversation while the page lives: room and outbox held together, cursors and typing.
 *
 * Everything that came from the hub goes through `heard`; everything the visitor does becomes a frame here. Nothing
 * in this file touches the document.
 */

import type { Attachment, Open, Rate, Refused, Said, ToPage } from "../wire/visitor.ts";
import type { Core } from "./core.ts";
import { type Entry, outbox } from "./outbox.ts";
import { changed, EMPTY, have, heard as taken, type Room, stored, unread, welcomed } from "./talk.ts";

/** Milliseconds after which "is typing" is no longer believed, should its end have been lost. */
const TYPES_FOR = 30_000;
/** Milliseconds within which a burst of messages is acknowledged in one frame. */
const BURST = 120;
/** Milliseconds a message may be behind the news of it. */
const LATE = 3_000;

/** What it needs of the page around it. */
export interface Surroundings extends Pick<Core, "lasting" | "notes" | "tabs" | "send" | "again" | "guard" | "newId"> {
  changed(): void;
}

/** What a conversation begins with besides its first message. */
export type Opening = Partial<Pick<Open, "name" | "email" | "phone" | "answer_by" | "invitation">>;

export type Chat = ReturnType<typeof chat>;

export function chat({ lasting, notes, tabs, send, again, guard, newId, changed: tell }: Surroundings) {
  let room: Room = EMPTY;
  let typist: string | null = null;
  let typistTimer: ReturnType<typeof setTimeout>;
  let looking = false;
  let read = 0; // what was seen here or in another tab, before the hub says so
  let reported = 0; // delivered, as last told to the hub on this line
  let cursorTimer: ReturnType<typeof setTimeout> | undefined;
  let gapTimer: ReturnType<typeof setTimeout>;
  let resync = false;
  const waiting = outbox(lasting, send);

  const become = (next: Room) => {
    if (next.talk?.id !== room.talk?.id) read = reported = 0;
    room = next;
  };
  const readTo = () => Math.max(read, room.talk?.mine?.read ?? 0);

  /** Tells the hub what came and what was seen, once for a burst of messages. */
  const report = () => {
    cursorTimer ??= setTimeout(guard(() => {
      cursorTimer = undefined;
      const talk = room.talk;
      const last = room.said.findLast(({ author }) => author !== "visitor")?.seq ?? 0;
      if (!talk || !last) return;
      const before = Math.max(reported, talk.mine?.delivered ?? 0);
      const news = looking && last > readTo();
      if (news) read = last;
      if (news) tabs({ conversation: talk.id, read });
      if (news || last > before || read > (talk.mine?.read ?? 0)) {
        if (send({ t: "cursor", conversation: talk.id, delivered: last, read: readTo() })) reported = last;
      }
      if (news) tell();
    }), BURST);
  };

  const types = (name: string | null) => {
    typist = name;
    clearTimeout(typistTimer);
    if (name !== null) typistTimer = setTimeout(guard(() => (types(null), tell())), TYPES_FOR);
  };

  const settle = () => {
    for (const { frame } of [...waiting.entries()]) {
      if (frame.t === "end" && (frame.conversation !== room.talk?.id || room.talk.status === "closed")) waiting.take(frame.client_id);
    }
  };

  // The hub says there are more messages than came: one was lost, and none after it will tell.
  const watchGap = () => {
    clearTimeout(gapTimer);
    if (behind()) gapTimer = setTimeout(guard(() => behind() && again()), LATE);
  };
  const behind = () => (room.talk?.seq ?? 0) > have(room);

  const refused = ({ client_id, code, message, retry_after }: Refused) => {
    const frame = waiting.entries().find((entry) => entry.frame.client_id === client_id)?.frame;
    if (!frame) return;
    if (retry_after != null) waiting.hold(frame.client_id, retry_after * 1000 + Math.random() * 250);
    // Written for a conversation that is not this visitor's any more (somebody else logged in): begin where we are now.
    else if (code === "not_found" && frame.t === "say" && frame.conversation !== live()) retry(frame.client_id);
    else if (!("text" in frame)) waiting.take(frame.client_id);
    else waiting.fail(frame.client_id, code, message);
  };

  const take = (message: Said) => {
    if (message.client_id) waiting.take(message.client_id);
    if (message.author !== "visitor") types(null);
    become(taken(room, message));
    if (room.ahead.length) again();
  };

  const heard = (frame: ToPage) => {
    switch (frame.t) {
      case "welcome":
        if (resync) become(EMPTY);
        resync = false;
        reported = 0;
        types(null);
        for (const { client_id } of frame.messages ?? []) if (client_id) waiting.take(client_id);
        become(welcomed(room, frame));
        waiting.renew();
        break;
      case "said":
        take(frame);
        break;
      case "sent": {
        const entry = waiting.take(frame.client_id);
        if (entry && "text" in entry.frame) become(stored(room, frame, entry.frame.text, entry.files));
        break;
      }
      case "noted":
        waiting.take(frame.client_id);
        break;
      case "talk":
        become(changed(room, frame.talk));
        break;
      case "typing":
        if (frame.conversation === room.talk?.id) types(frame.on ? (frame.name ?? "") : null);
        break;
      case "refused":
        refused(frame);
        break;
      case "resync":
        resync = true;
        again();
    }
    settle();
    watchGap();
    report();
    tell();
  };

  const live = () => (room.talk && room.talk.status !== "closed" ? room.talk.id : null);

  // Kept for the tab: whoever accepts an invitation may look at another page before writing.
  const opening = (more?: Opening): Opening => {
    const all = { ...JSON.parse(notes.get("opening") ?? "{}"), ...more };
    if (more) notes.set("opening", JSON.stringify(all));
    return all;
  };

  const say = (text: string, files: Attachment[] = []): boolean => {
    text = text.trim().replace(/\p{Cs}/gu, "\ufffd"); // half characters are no valid JSON text for the hub
    const conversation = live();
    const said = { client_id: newId(), text, ...(files[0] && { attachments: files.map(({ id }) => id) }) };
    const kept = !!(text || files[0]) && waiting.add(conversation ? { t: "say", conversation, ...said } : { t: "open", ...opening(), ...said }, files);
    if (kept && !conversation) notes.set("opening", null);
    tell();
    return kept;
  };

  const retry = (id: string) => {
    const entry = waiting.take(id);
    if (entry && "text" in entry.frame) say(entry.frame.text, entry.files);
  };

  return {
    heard,
    say,
    opening,
    /** How it was; sent until it is noted. */
    rate: (given: Pick<Rate, "conversation" | "score" | "remark">) => waiting.add({ t: "rate", client_id: newId(), ...given }),
    live,
    room: () => room,
    entries: (): readonly Entry[] => waiting.entries(),
    /** Name of whoever types on the other side ("" when nameless), or null. */
    typist: () => typist,
    unread: () => unread(room, readTo()),
    /** Says a failed message again, as a new one. */
    retry,
    /** Another tab showed the messages up to there. */
    elsewhere(seen: { conversation: string; read: number }) {
      if (seen.conversation !== room.talk?.id) return;
      read = Math.max(read, seen.read);
      tell();
    },
    end() {
      const conversation = live();
      if (conversation) waiting.add({ t: "end", client_id: newId(), conversation });
    },
    types(on: boolean) {
      const conversation = live();
      if (conversation) send({ t: "typing", conversation, on });
    },
    /** The visitor does, or does not, see the messages now. */
    look(on: boolean) {
      looking = on;
      if (on) report();
    },
    /** What a hello says about the conversation. */
    resume: () => (room.talk && !resync ? { conversation: room.talk.id, have: have(room) } : {}),
    /** A new visitor begins. */
    forget() {
      for (const { frame } of [...waiting.entries()]) waiting.take(frame.client_id);
      types(null);
      become(EMPTY);
      tell();
    },
  };
}
