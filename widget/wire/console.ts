// Generated from hub/wire/console.py by widget/generate_wire.py; change that and run `make wire`.

// What an operator's tab and the hub say to each other.
//
// The tab subscribes to topics. A topic's snapshot plus its events is the topic's next snapshot; every event puts or drops
// one item by id, so applying one twice does no harm. Durable topics are numbered by `n` from a counter in the database and
// can be resumed; live ones (`visitors`, `live:ID`) by (epoch, n) of this process, and another epoch means a new snapshot.
//
// Topics: `queue:ID` (conversations of a queue) · `conversation:ID` · `customer:ID` · `team` (operators) ·
// `queues` (all, and who serves them) · `operators` (for admins: everybody with a login, and links that were not used yet) ·
// `canned` (shared canned replies) · `canned:ID` (those of an operator, for their eyes only) · `watching:ID` (whom an operator watches,
// for their eyes only) · `mentions:ID` (notes that call this operator and that they have not seen; for their eyes only) ·
// `health` (plugins and connections) · `visitors` · `live:ID` (who types and looks at a conversation) ·
// `eyes:QUEUE` (who looks at which conversation of a queue) · `offers` (what each site offers now, and why).
// Commands carry an `id` of the tab's making and are answered by `done` or `refused` with it.

import type { AnswerBy, Attachment, Author, CartLine, ClientId, Count, Cursors, Device, Id, Level, MaybeText, Outcome, Percent, Presence, Priority, Refused, Short, Status, Url } from "./common.ts";
export type { AnswerBy, Attachment, Author, CartLine, ClientId, Count, Cursors, Device, Id, Level, MaybeText, Outcome, Percent, Presence, Priority, Refused, Short, Status, Url };

import type { Push } from "./visitor.ts";
export type { Push };

export type Role = "admin" | "operator";

/** Pattern ^[a-z]+(:[0-9a-f]{32})?$, at most 64 long. */
export type TopicName = string;
export const MAX_TOPIC_NAME = 64;

/** A tag as somebody types it; the hub keeps at most 40 characters, in lower case. At least 1 long, at most 80 long. */
export type TagText = string;
export const MAX_TAG_TEXT = 80;

/** First frame of every socket; the session cookie has already said who this is. */
export interface Hello {
  t: "hello";
  tab: ClientId;
  /** Seconds since the operator last touched anything in this tab. Absent: 0. */
  idle?: Count;
}

/** Still here; renews the lease of the operator's presence. */
export interface Beat {
  t: "beat";
  /**
   * Seconds since the operator last touched anything in this tab, where it says so; at once with the first touch
   * after a while.
   */
  idle?: Count | null;
}

/** Follow a topic. With `n` (and `epoch` for a live one), from there on; else from a snapshot. */
export interface Subscribe {
  t: "subscribe";
  topic: TopicName;
  n?: Count | null;
  epoch?: string | null;
}

/** No longer follow it. */
export interface Unsubscribe {
  t: "unsubscribe";
  topic: TopicName;
}

/** Base of what is carried out once and answered once. */
export interface Command {
  id: ClientId;
}

/** A message to the customer, or with kind `note` to colleagues only. `id` is the message's client id. */
export interface Reply extends Command {
  t: "reply";
  conversation: Id;
  /** May be empty when there are attachments. */
  text: MaybeText;
  /** Absent: "text". */
  kind?: "text" | "note";
  /** At most 10 long. Absent: []. */
  attachments?: Id[];
  /** Operators whom a note calls by name. At most 20 long. Absent: []. */
  mentions?: Id[];
  /**
   * Where to: `site`, or CONNECTION:ADDRESS of those that `GET /api/conversations/ID/ways` lists. Empty: the
   * best. At most 400 long. Absent: "".
   */
  way?: string;
}

/** Offer the customer a page of the site; they decide. */
export interface PushPage extends Command {
  t: "push";
  conversation: Id;
  url: Url;
  /** Absent: "". */
  title?: Short;
}

/** Offer a visitor to talk. */
export interface Invite extends Command {
  t: "invite";
  visitor: Id;
  /** At least 1 long, at most 500 long. */
  text: string;
}

/** Claim a waiting conversation; exactly one operator wins. */
export interface Take extends Command {
  t: "take";
  conversation: Id;
}

/** Acknowledge the alarm for somebody who waits: I have seen it. The first one counts. */
export interface Seen extends Command {
  t: "seen";
  conversation: Id;
}

/** Give it to an operator or back to a queue, with a note for whoever takes it. */
export interface Transfer extends Command {
  t: "transfer";
  conversation: Id;
  operator?: Id | null;
  queue?: Id | null;
  /** At most 8000 long. Absent: "". */
  note?: string;
}

/** Undo my transfer `command`, as long as nobody has answered since. */
export interface Untransfer extends Command {
  t: "untransfer";
  conversation: Id;
  command: ClientId;
}

/** Put tags on it, and take others off. */
export interface Tag extends Command {
  t: "tag";
  conversation: Id;
  /** At most 20 long. Absent: []. */
  add?: TagText[];
  /** At most 20 long. Absent: []. */
  drop?: TagText[];
}

/** Finish it. With `tags`, these are its tags from now on. */
export interface Close extends Command {
  t: "close";
  conversation: Id;
  outcome: Outcome;
  tags?: TagText[] | null;
}

/** Open a closed one again, for me. */
export interface Reopen extends Command {
  t: "reopen";
  conversation: Id;
}

/** Refuse further conversations from this visitor's browser, or allow them again. */
export interface Block extends Command {
  t: "block";
  conversation: Id;
  /** Absent: true. */
  on?: boolean;
}

/** Say whether new conversations may come. */
export interface SetPresence extends Command {
  t: "presence";
  state: Presence;
}

/** After how many minutes without a touch in any tab I am away; 0 is never. */
export interface SetIdle extends Command {
  t: "idle";
  /** At least 0, at most 480. */
  minutes: number;
}

/** Open conversations of one operator at a time. At least 1, at most 100. */
export type Limit = number;

/** Another role, limit (None: the house's) or other queues, which replace those before. For admins. */
export interface ChangeOperator extends Command {
  t: "operator_change";
  operator: Id;
  role: Role;
  limit?: Limit | null;
  /** At most 200 long. Absent: []. */
  queues?: Id[];
}

/** Put an operator out at once, or let them in again. For admins. */
export interface SetActive extends Command {
  t: "operator_active";
  operator: Id;
  on: boolean;
}

/** A link that was not used yet works no longer. For admins. */
export interface DropLink extends Command {
  t: "link_drop";
  link: Id;
}

/** Keep a queue, new or changed, and who serves it. `queue` is its id, made by the tab. For admins. */
export interface SaveQueue extends Command {
  t: "queue_save";
  queue: Id;
  /** At least 1 long, at most 80 long. */
  name: string;
  /** At most 1000 long. Absent: []. */
  members?: Id[];
}

/** Nothing waits there any more; what is open in it goes on in `to`. For admins. */
export interface ArchiveQueue extends Command {
  t: "queue_archive";
  queue: Id;
  to?: Id | null;
}

/** An archived queue is there again. For admins. */
export interface RestoreQueue extends Command {
  t: "queue_restore";
  queue: Id;
}

/**
 * An operator's decision on who is who. `a` and `b` are ids of customers or touchpoints; `revoke` undoes `decision`.
 *
 * same, never: two sides. detach: the identifier `kind` `identifier` was not this person's in the touchpoint `a`. block, unblock:
 * that identifier joins nobody, or may join again. pin: `value` is the `attribute` of whoever `a` is. retract: nothing that was
 * said in `a` counts. `touches`, in place of `a`: retract all of them, or detach all they carry; `decisions`: revoke all of them.
 */
export interface Decide extends Command {
  t: "decide";
  op: "same" | "never" | "detach" | "block" | "unblock" | "pin" | "retract" | "revoke";
  a?: Id | null;
  b?: Id | null;
  decision?: Id | null;
  /** At most 50 long. Absent: []. */
  touches?: Id[];
  /** At most 500 long. Absent: []. */
  decisions?: Id[];
  /** At most 64 long. Absent: "". */
  kind?: string;
  /** At most 1000 long. Absent: "". */
  identifier?: string;
  /** At most 64 long. Absent: "". */
  attribute?: string;
  /** At most 5000 long. Absent: "". */
  value?: string;
  /** At most 1000 long. Absent: "". */
  note?: string;
}

/**
 * What a canned reply may leave open: `{{customer.name}}`, or `{{customer.name|there}}` with words for when it
 * is not known.
 */
export type Variable = "customer.name" | "customer.first_name" | "operator.name" | "page.title" | "page.url" | "site.name";

/** Base of keeping a canned reply. `reply` is its id, made by the tab: keeping it twice is keeping it once. */
export interface CannedText extends Command {
  reply: Id;
  shortcut: Short;
  text: MaybeText;
  /** Absent: "". */
  title?: Short;
  /** Offered in conversations of this queue only; None: in all. */
  queue?: Id | null;
}

/** Keep a canned reply of my own, new or changed. */
export interface SaveCanned extends CannedText {
  t: "canned_save";
}

/** Keep a canned reply that everybody has, new or changed. For admins. */
export interface SaveShared extends CannedText {
  t: "shared_save";
}

/** Delete a canned reply of my own; one that is gone already is no mistake. */
export interface DropCanned extends Command {
  t: "canned_drop";
  reply: Id;
}

/** Delete a canned reply that everybody has. For admins. */
export interface DropShared extends Command {
  t: "shared_drop";
  reply: Id;
}

/** Be told when this customer comes back or puts something into the cart, or no longer. */
export interface Watch extends Command {
  t: "watch";
  customer: Id;
  /** Absent: true. */
  on?: boolean;
}

/**
 * Say something of a customer in an operator's own name: `field` is email, phone, name or an attribute's name.
 *
 * It becomes a touchpoint of this operator, asserted; what was known before stays behind it. `done.message` is the touchpoint's id.
 */
export interface EditRecord extends Command {
  t: "edit";
  customer: Id;
  /** Pattern ^[a-z][a-z0-9_]{0,39}\Z. */
  field: string;
  /** At least 1 long, at most 500 long. */
  value: string;
}

/** What an operator said of a customer in this touchpoint no longer counts. */
export interface TakeBack extends Command {
  t: "take_back";
  touch: Id;
}

/** This tab has received up to `delivered`, and its operator has seen up to `read` (numbers of the conversation). */
export interface Cursor {
  t: "cursor";
  conversation: Id;
  /** Absent: 0. */
  delivered?: Count;
  /** Absent: 0. */
  read?: Count;
}

/** The operator began or stopped typing. */
export interface Typing {
  t: "typing";
  conversation: Id;
  on: boolean;
}

/** The operator looks at this conversation, or no longer. */
export interface Viewing {
  t: "viewing";
  conversation: Id;
  on: boolean;
}

export type FromTab =
  | Hello
  | Beat
  | Subscribe
  | Unsubscribe
  | Reply
  | PushPage
  | Invite
  | Take
  | Seen
  | Transfer
  | Untransfer
  | Tag
  | Close
  | Reopen
  | Block
  | SetPresence
  | SetIdle
  | ChangeOperator
  | SetActive
  | DropLink
  | SaveQueue
  | ArchiveQueue
  | RestoreQueue
  | Decide
  | SaveCanned
  | SaveShared
  | DropCanned
  | DropShared
  | Watch
  | EditRecord
  | TakeBack
  | Cursor
  | Typing
  | Viewing;

/** A queue this operator serves. */
export interface QueueBrief {
  id: Id;
  name: string;
}

/** Who is signed in. */
export interface Me {
  id: Id;
  name: string;
  login: string;
  role: Role;
  /** Absent: []. */
  queues?: QueueBrief[];
  /** Absent: "available". */
  presence?: Presence;
  /** Absent: 4. */
  limit?: Count;
  /** What they chose to read; empty: as the browser says. So with the zone. Absent: "". */
  language?: string;
  /** Absent: "". */
  zone?: string;
  /** Minutes without a touch after which they are away; 0 is never. Absent: 10. */
  idle?: Count;
}

/** A conversation in a list (topics `queue:ID`, and the head of `conversation:ID`). */
export interface ConversationRow {
  k: "row";
  id: Id;
  queue: Id;
  status: Status;
  customer: Id;
  name: string;
  level: Level;
  channel: string;
  site: string;
  opened: number;
  seq: Count;
  operator?: Id | null;
  /** Absent: "". */
  operator_name?: string;
  /** Absent: "". */
  last_text?: string;
  /** Absent: "visitor". */
  last_author?: Author;
  /** Absent: 0. */
  last_at?: number;
  /** When the customer's oldest unanswered word came; None when the last word is ours. */
  waiting_since?: number | null;
  /** Messages after the assigned operator's read cursor that are not the operators' own. Absent: 0. */
  unread?: Count;
  outcome?: Outcome | null;
  /** Absent: false. */
  blocked?: boolean;
  /** The browser (matches `VisitorRow.id`), where there is one. */
  visitor?: Id | null;
  /** How far the customer's side has got, in this conversation's numbers. Absent: Cursors of defaults. */
  customer_cursors?: Cursors;
  /** Where the customer wants the answer when nobody was there. Absent: "here". */
  answer_by?: AnswerBy;
  score?: number | null;
  /** The customer's rating, 1 to 5, and what they wrote with it. Absent: "". */
  remark?: string;
  /**
   * While it waits: rounds of the alarm that nobody acknowledged. 0 rings those who are available, 1 the busy
   * ones as well. Absent: 0.
   */
  alarm?: Count;
  /** When somebody acknowledged the alarm; it rings nowhere from then on. */
  seen_at?: number | null;
  /** Their name. Absent: "". */
  seen_by?: string;
  /** The customer was told that nobody could answer so far. Absent: false. */
  told?: boolean;
  /** Absent: []. */
  tags?: string[];
  /** It goes on with this conversation: lists show that one alone. */
  case?: Id | null;
  /** What it is about, where its channel has subjects. Absent: "". */
  subject?: string;
  /** Urgent ones are served before the others, low ones after them. Absent: "normal". */
  priority?: Priority;
  /** Where it has gone on by several ways: the channel of the last word. Absent: "". */
  last_channel?: string;
  /** Absent: 1. */
  legs?: Count;
}

/** A file that was not kept, and why. */
export interface LeftOut {
  name: string;
  size: Count;
  why: "too_large" | "quota" | "bad_file";
}

/** What a message has besides its text where it came by a channel like mail. */
export interface Mail {
  /**
   * What it came under, without any `Re:`, where that is not what the conversation has been about before.
   * Absent: "".
   */
  subject?: string;
  /** Absent: []. */
  to?: string[];
  /** When it was written, as it says itself. Absent: 0. */
  at?: number;
  /** There is a body to show as it was laid out: `GET /api/conversations/ID/messages/SEQ/body`. Absent: false. */
  html?: boolean;
  /** Pictures elsewhere, which that body shows only when asked to. Absent: 0. */
  pictures?: Count;
  /** It repeats earlier messages: `GET /api/conversations/ID/messages/SEQ/quoted`. Absent: false. */
  quoted?: boolean;
  /** Absent: "". */
  automatic?: "" | "reply" | "bulk" | "bounce";
  /** It was written outside of the hub, by somebody of the business. Absent: false. */
  ours?: boolean;
  /** verified: the sender's address was authenticated; else it is only what the mail says. Absent: "". */
  proof?: "" | "verified";
  /** It says it follows a conversation that its sender took no part in, so it began one of its own. Absent: false. */
  strange?: boolean;
  /**
   * It says it follows a conversation of its sender's, but nothing proves that it is from them, so it began one
   * of its own. Absent: false.
   */
  unproven?: boolean;
  /** Files that came with it and were not kept. Absent: []. */
  left_out?: LeftOut[];
}

/** `GET /api/conversations/ID/messages/SEQ/quoted`: what a message repeats of earlier ones. */
export interface Quoted {
  text: string;
}

/** One message; `seq` has no holes within the conversation. */
export interface Message {
  k: "message";
  id: Id;
  conversation: Id;
  seq: Count;
  author: Author;
  text: string;
  at: number;
  /** Absent: "text". */
  kind?: string;
  /** Absent: "". */
  name?: string;
  operator?: Id | null;
  /** Absent: "". */
  channel?: string;
  client_id?: string | null;
  /** Set only where an outside system answers for it; for sockets read the cursors. */
  delivery?: "sent" | "delivered" | "read" | "failed" | null;
  /** The channel it leaves by besides, for a customer who has left the page it was said on. Absent: "". */
  by?: string;
  /** The address it leaves to. Absent: "". */
  to?: string;
  /** Why it failed. Absent: "". */
  why?: string;
  /** Absent: []. */
  attachments?: Attachment[];
  push?: Push | null;
  /** Operators whom this note calls. Absent: []. */
  mentions?: Id[];
  mail?: Mail | null;
}

/** The item with this id is no longer in the topic. */
export interface Gone {
  k: "gone";
  id: string;
}

/** Somebody on a site now. Seconds on the page = `active_before` + (attentive ? now - since : 0). */
export interface VisitorRow {
  k: "visitor";
  id: Id;
  visit: Id;
  customer: Id;
  name: string;
  level: Level;
  site: string;
  url: string;
  title: string;
  since: number;
  active_before: number;
  attentive: boolean;
  arrived: number;
  pages: Count;
  visits: Count;
  /** Absent: "". */
  referrer?: string;
  /** Absent: "". */
  language?: string;
  /** IANA name of the zone their clock shows. Absent: "". */
  zone?: string;
  conversation?: Id | null;
  /** Absent: "". */
  operator_name?: string;
  /** Absent: "". */
  device?: Device;
  /** Absent: "". */
  source?: string;
  /** Absent: "". */
  campaign?: string;
  /** Absent: 0. */
  scroll?: Percent;
  /** Absent: 0.0. */
  cart_value?: number;
  /** Absent: 0. */
  cart_count?: Count;
  /** Absent: "". */
  currency?: string;
  /** Since when they linger, by the site's rules; None when they do not. */
  lingering?: number | null;
  /** The connection of another tracker that tells of them: they can be seen, and not reached. Absent: "". */
  told_by?: string;
  /** Absent: "". */
  invitation?: "" | "offered" | "shown" | "accepted" | "declined" | "expired";
}

/** One value and where it comes from. */
export interface Provenance {
  value: string;
  level: Level;
  source: string;
  at: number;
  /** Absent: "". */
  rule?: string;
  /** Set when an operator said it: their name. Absent: "". */
  operator?: string;
  /** The touchpoint it was said in; given for what an operator said, which can be taken back. */
  touch?: Id | null;
  /** The touchpoint it was said in last; what a pin of this value names. */
  said_in?: Id | null;
}

/** An attribute of the reconciled record: the chosen value, why, and the runners-up. */
export interface RecordField {
  attribute: string;
  chosen: Provenance;
  /** Absent: []. */
  others?: Provenance[];
  /** The decision that holds the chosen value, whatever is said elsewhere. */
  pin?: Id | null;
  /** Absent: "". */
  pinned_by?: string;
}

/**
 * What counts of being written to, for a purpose (`contact`: at all) and an address; without `kind` for all of
 * them.
 */
export interface RecordConsent {
  purpose: string;
  granted: boolean;
  said: Provenance;
  /** Absent: "". */
  kind?: string;
  /** Absent: "". */
  value?: string;
  /** Absent: []. */
  earlier?: Provenance[];
}

/** An identifier the customer has. */
export interface RecordIdentifier {
  kind: string;
  value: string;
  level: Level;
  status: string;
  at: number;
  /** Absent: "". */
  source?: string;
  /** Set when an operator said it first: their name. Absent: "". */
  operator?: string;
  /** As in `Provenance`. */
  touch?: Id | null;
  /** The touchpoint that carried it first. */
  said_in?: Id | null;
}

/** An operator's decision that concerns this customer, and who took it back, when and why. */
export interface DecisionRow {
  id: Id;
  op: string;
  author: string;
  at: number;
  /** Absent: "". */
  note?: string;
  /** Absent: false. */
  revoked?: boolean;
  /** Absent: "". */
  a?: string;
  /** Absent: "". */
  b?: string;
  /**
   * Who or what the sides are today, in order: the name of a customer (empty: nobody has one), or an identifier.
   * Absent: [].
   */
  names?: string[];
  /** Today's customer of the first side. */
  customer?: Id | null;
  /** Absent: "". */
  revoked_by?: string;
  /** Absent: 0. */
  revoked_at?: number;
  /** Absent: "". */
  revoked_note?: string;
}

/**
 * One link of the chain of evidence, for a line of a record: an identifier (a browser has no `value`), or a
 * decision of `author`.
 */
export interface Joined {
  /** Absent: "". */
  kind?: string;
  /** Absent: "". */
  value?: string;
  /** Absent: "". */
  author?: string;
}

/** One reconciled customer, with the chain of evidence. */
export interface Customer {
  k: "customer";
  id: Id;
  name: string;
  level: Level;
  /** Absent: []. */
  fields?: RecordField[];
  /** Absent: []. */
  identifiers?: RecordIdentifier[];
  /** Absent: []. */
  consents?: RecordConsent[];
  /** Absent: []. */
  decisions?: DecisionRow[];
  /** Absent: []. */
  why?: Joined[];
  /** Absent: 0. */
  touchpoints?: Count;
  /** Absent: []. */
  conversations?: ConversationRow[];
  /** The record is large and still being worked out; it may change by itself. Absent: false. */
  pending?: boolean;
}

/** One touchpoint of the customer. */
export interface TimelineItem {
  k: "touch";
  id: Id;
  kind: string;
  channel: string;
  at: number;
  title: string;
  /** Absent: "". */
  source?: string;
  /** Absent: {}. */
  detail?: Record<string, unknown>;
}

/** This customer is now (part of) another record: follow that one. */
export interface Moved {
  k: "moved";
  id: Id;
  to: Id;
  kind: "merged" | "split";
}

/** A colleague. */
export interface OperatorRow {
  k: "operator";
  id: Id;
  name: string;
  role: string;
  presence: Presence | "offline";
  /** What they have in hand, in chats: a call is worth several, a mail a part of one. Absent: 0.0. */
  load?: number;
  /** Absent: 0. */
  limit?: Count;
  /** Those whose conversations they see; an admin sees all. Absent: []. */
  queues?: Id[];
  /** When this presence began; 0: they were never here. Absent: 0. */
  since?: number;
  /** It came by itself, for want of a touch, and ends with the next one. Absent: false. */
  automatic?: boolean;
  /** Its address; empty: show the initials. Absent: "". */
  picture?: string;
}

/** An operator as admins see them (topic `operators`), whether they may sign in or not. */
export interface MemberRow {
  k: "member";
  id: Id;
  login: string;
  name: string;
  role: Role;
  active: boolean;
  joined: number;
  /** Open conversations at a time, where it is not the house's limit. */
  limit?: Count | null;
}

/** A link that was not used yet (topic `operators`): for a new operator, or for the password of `operator`. */
export interface LinkRow {
  k: "link";
  id: Id;
  at: number;
  ends: number;
  by: string;
  operator?: Id | null;
  /** Absent: "". */
  name?: string;
  /** Whom it is for. Absent: "". */
  note?: string;
  role?: Role | null;
  limit?: Count | null;
  /** Absent: []. */
  queues?: Id[];
}

/** A queue and who serves it (topic `queues`). */
export interface QueueRow {
  k: "queue";
  id: Id;
  name: string;
  /** Since when nothing waits there any more. */
  archived?: number | null;
  /**
   * Sites of the configuration whose conversations wait here; while there are any, its name is theirs to change.
   * Absent: [].
   */
  sites?: Short[];
  /** Absent: []. */
  members?: Id[];
}

/** A plugin or connection and how it is. */
export interface HealthRow {
  k: "health";
  id: string;
  kind: string;
  state: string;
  /** Absent: "". */
  reason?: string;
  /** Absent: 0. */
  since?: number;
}

/** Somebody has just decided whether `a` and `b` are one person; `name` is theirs. */
export interface JudgedPair {
  a: Id;
  b: Id;
  at: number;
  by: Id;
  name: string;
}

/**
 * How many pairs wait on the suggestions desk, surest and less sure; the one item of its live topic, called `desk`.
 *
 * `judged`: what operators have just decided, the latest last, so that nobody goes on thinking about it.
 */
export interface SuggestionsRow {
  k: "suggestions";
  id: string;
  /** Absent: 0. */
  queue?: Count;
  /** Absent: 0. */
  more?: Count;
  /** Absent: []. */
  judged?: JudgedPair[];
}

/** What visitors of a site are offered now, and why no more of it (live topic `offers`; `id` is the site's key). */
export interface OfferRow {
  k: "offer";
  id: string;
  name: string;
  queue: Id;
  /**
   * Everything can be kept · calls would take the last room · no room, but a short line · neither · those here
   * take nothing new · …
   */
  why: "room" | "few" | "line" | "full" | "away" | "nobody" | "closed";
  /** Absent: false. */
  chat?: boolean;
  /** None: there are no calls here. */
  voice?: boolean | null;
  /** Absent: false. */
  mail?: boolean;
  /** Absent: false. */
  callback?: boolean;
  /** Absent: false. */
  faq?: boolean;
  /** Chats that those who are available may have at once. Absent: 0. */
  seats?: Count;
  /** How many more can be taken; below zero where more wait. Absent: 0. */
  free?: number;
  /** Absent: 0. */
  waiting?: Count;
  /** Seconds a chat that begins now waits for room; None where nothing tells. */
  wait?: number | null;
}

/** Somebody types in, or looks at, the conversation of this live topic. */
export interface TypingRow {
  k: "typing";
  id: string;
  who: Author;
  name: string;
  /** Absent: false. */
  typing?: boolean;
  /** Absent: false. */
  viewing?: boolean;
}

/** A colleague looks at a conversation of this queue (live topic `eyes:QUEUE`), or types in it. */
export interface EyeRow {
  k: "eye";
  id: string;
  conversation: Id;
  operator: Id;
  name: string;
  /** Absent: false. */
  typing?: boolean;
}

/** A text to be said again, of everybody (no `owner`) or of one operator. */
export interface CannedReply {
  k: "canned";
  id: Id;
  shortcut: string;
  title: string;
  text: string;
  owner?: Id | null;
  queue?: Id | null;
  /** When it was last changed, Absent: 0. */
  at?: number;
  /** and by whom. Absent: "". */
  by?: string;
}

/** A customer whom an operator watches. `id` stays; `customer` is today's. */
export interface WatchRow {
  k: "watch";
  id: Id;
  customer: Id;
  name: string;
  level: Level;
  /** Since when they are watched. */
  at: number;
}

/** Notes in the conversation `id` that call this operator and that they have not seen. */
export interface Mention {
  k: "mention";
  id: Id;
  /** The newest of them. */
  seq: Count;
  at: number;
  /** Who wrote that one. */
  by: string;
  count: Count;
}

export type Item =
  | ConversationRow
  | Message
  | Gone
  | VisitorRow
  | Customer
  | TimelineItem
  | Moved
  | OperatorRow
  | HealthRow
  | SuggestionsRow
  | OfferRow
  | TypingRow
  | EyeRow
  | CannedReply
  | WatchRow
  | Mention
  | MemberRow
  | LinkRow
  | QueueRow;

/** Answer to `hello`. */
export interface Welcome {
  t: "welcome";
  me: Me;
  epoch: string;
  now: number;
  beat: number;
  /** Absent: []. */
  sites?: Short[];
  /** What the sites are called, by key. Absent: {}. */
  site_names?: Record<string, string>;
  /** Seconds within which their visitors should have an answer. Absent: {}. */
  site_targets?: Record<string, number>;
  /** Absent: []. */
  queues?: QueueBrief[];
  /** Absent: []. */
  operators?: OperatorRow[];
}

/** Who you are, what you may and which queues you serve has changed. Topics you may follow no longer have ended. */
export interface You {
  t: "you";
  me: Me;
}

/** All items of a topic (newest page for messages and touches; older ones by `GET`), as of `n`. */
export interface Snapshot {
  t: "snapshot";
  topic: string;
  n: Count;
  items: Item[];
  epoch?: string | null;
  /** Absent: false. */
  more?: boolean;
}

/**
 * Item `item` was put into, or dropped from, the topic.
 *
 * It follows whoever holds `after` or more (absent: n - 1); a tab that holds less has a gap and subscribes again with its
 * own n. A tab that holds n or more already ignores it.
 */
export interface Event {
  t: "event";
  topic: string;
  n: Count;
  item: Item;
  after?: Count | null;
  epoch?: string | null;
}

/** What you missed of this topic is gone: subscribe again without `n`. */
export interface Resync {
  t: "resync";
  topic: string;
}

/** The command was carried out, for good. */
export interface Done {
  t: "done";
  id: string;
  seq?: Count | null;
  at?: number | null;
  decision?: Id | null;
  /** Where one command was several decisions: all of them. Absent: []. */
  decisions?: Id[];
  /** Absent: "". */
  message?: string;
}

/** Answer to a beat. */
export interface Pong {
  t: "beat";
  now: number;
}

export type ToTab =
  | Welcome
  | You
  | Snapshot
  | Event
  | Resync
  | Done
  | Pong
  | Refused;

/**
 * `GET /api/conversations/ID/messages?before=SEQ` (or `after=SEQ`): a page of messages, oldest first; `more`: on
 * that side.
 */
export interface MessagePage {
  items: Message[];
  more: boolean;
}

/**
 * `GET /api/conversations?status=closed&before=CURSOR`: newest first; `next` continues.
 *
 * `status`: waiting, open, closed or all. Filters: `queue`, `operator`, `site`, `channel`, `outcome`, `rated` (1 or 0), `tag`, `mentioned` (1: in a
 * note that calls me), and `unanswered`,
 * milliseconds: has waited for a word since before.
 */
export interface ConversationPage {
  items: ConversationRow[];
  next?: string | null;
}

/** A tag, and on how many conversations it is, as far as that is counted. */
export interface TagUse {
  tag: string;
  count: Count;
}

/** `GET /api/tags`: what is on conversations I may see, the most used first. */
export interface TagsInUse {
  items: TagUse[];
}

/** How it is in a queue: how many wait, since when the first of them, and who could answer. */
export interface QueueLoad {
  id: Id;
  name: string;
  waiting: Count;
  oldest?: number | null;
  /** Operators of its team who are available or busy. Absent: 0. */
  here?: Count;
}

/** `GET /api/queues`: where a conversation can be handed to. */
export interface QueueLoads {
  items: QueueLoad[];
}

/** A page of a site, without the query and the fragment that were its visitor's. */
export interface SitePage {
  url: Url;
  title: string;
  /** When somebody last came to it. */
  at: number;
}

/** `GET /api/sites/KEY/pages`: what was looked at lately, the latest first. */
export interface SitePages {
  items: SitePage[];
}

/**
 * `GET /api/conversations/ID/find?q=TEXT`: numbers of the messages that fit, the newest first; `more`: only the
 * newest are told.
 */
export interface FoundIn {
  hits: Count[];
  /** Absent: false. */
  more?: boolean;
}

/** A piece of a text, and whether it is what was searched for. */
export type Piece = [string, boolean];

/** A message that was found. */
export interface TalkHit {
  conversation: ConversationRow;
  seq: Count;
  author: Author;
  at: number;
  text: Piece[];
  /** Absent: "". */
  name?: string;
  /** Absent: false. */
  note?: boolean;
}

/** A customer who was found, and their newest conversation. */
export interface CustomerHit {
  id: Id;
  name: string;
  level: Level;
  text: Piece[];
  /** Absent: []. */
  conversations?: ConversationRow[];
}

/** `GET /api/search?q=TEXT&before=CURSOR`: best first; customers come with the first page; `next` continues. */
export interface SearchPage {
  talks: TalkHit[];
  /** Absent: []. */
  customers?: CustomerHit[];
  /** Newest conversations with a tag that fits; with the first page, too. Absent: []. */
  tagged?: ConversationRow[];
  next?: string | null;
}

/**
 * `GET /api/customers/ID/timeline?before=TOUCH`: newest first.
 *
 * Narrowed by `kind` (several, with commas), `channel` and `q` (words that all occur). A narrowed page may be short, even empty, and
 * still have a `next`: there is more to look at.
 */
export interface TimelinePage {
  items: TimelineItem[];
  next?: string | null;
}

/**
 * `POST /api/canned/own/import` and `/shared/import`: how many replies of the file were new, and how many
 * replaced one.
 */
export interface CannedLoaded {
  added: Count;
  changed: Count;
}

/** A row of a panel, or a link: `url` is empty or begins with http. */
export interface PanelLine {
  label: string;
  /** Absent: "". */
  value?: string;
  /** Absent: "". */
  url?: string;
}

/** An action of a panel; `confirm` is asked first when it is not empty. */
export interface PanelButton {
  name: string;
  label: string;
  /** Absent: "". */
  confirm?: string;
}

/** What a plugin shows of a customer. */
export interface PanelView {
  name: string;
  title: string;
  /** Absent: "". */
  note?: string;
  /** Absent: []. */
  rows?: PanelLine[];
  /** Absent: []. */
  links?: PanelLine[];
  /** Absent: []. */
  actions?: PanelButton[];
  /** The plugin could not answer; there may be something to show later. Absent: false. */
  silent?: boolean;
}

/** What lies in the cart of one of the customer's browsers. */
export interface CartNow {
  visitor: Id;
  at: number;
  lines: CartLine[];
  /** Absent: 0.0. */
  value?: number;
  /** Absent: "". */
  currency?: string;
}

/**
 * `GET /api/customers/ID/panels?conversation=ID`: every plugin's panel that has something to say, and what lies
 * in carts now.
 */
export interface PanelPage {
  panels: PanelView[];
  /** Absent: []. */
  carts?: CartNow[];
}

/** `POST /api/customers/ID/panels/NAME` {action, conversation}: the plugin's sentence, and the panel as it is now. */
export interface PanelAnswer {
  message: string;
  panels: PanelView[];
}

/** One page of a visit. */
export interface PageSeen {
  url: Url;
  title: string;
  at: number;
  active: number;
  /** Absent: 0. */
  scroll?: Percent;
}

/** Something that happened in a visit. */
export interface EventSeen {
  name: string;
  at: number;
  /** Absent: {}. */
  properties?: Record<string, unknown>;
}

/** One event of another tracker that was left out; the event itself is not kept. */
export interface TrackingProblem {
  connection: string;
  /** Of its connection, counted from the first of the run. */
  n: Count;
  at: number;
  call: string;
  message_id: string;
  why: string;
}

/** Answer to `GET /api/tracking/problems`: those that are kept, the newest first. */
export interface TrackingProblems {
  problems: TrackingProblem[];
}

/** `GET /api/visits/ID`: the pages of one visit, in order. */
export interface VisitPath {
  visit: Id;
  pages: PageSeen[];
  /** Absent: []. */
  events?: EventSeen[];
  /** Absent: []. */
  cart?: CartLine[];
  /** Absent: 0.0. */
  cart_value?: number;
  /** Absent: "". */
  currency?: string;
}

/** A browser an operator is signed in with. */
export interface SessionRow {
  id: Id;
  at: number;
  used: number;
  /** Absent: "". */
  agent?: string;
  /** The one that asks. Absent: false. */
  mine?: boolean;
}

/** `GET /api/sessions` and `GET /api/operators/ID/sessions`: last used first. */
export interface SessionPage {
  items: SessionRow[];
}

/** `POST /api/operators/invite` and `POST /api/operators/ID/link`: said this once; only its hash is kept. */
export interface MadeLink {
  token: string;
  ends: number;
}

/**
 * `POST /api/links/look`: what a link leads to. `login` says whose password it renews; empty: it makes somebody
 * new.
 */
export interface OpenedLink {
  /** Absent: "". */
  login?: string;
  /** Absent: "". */
  note?: string;
}
