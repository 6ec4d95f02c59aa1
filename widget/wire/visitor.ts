// Generated from hub/wire/visitor.py by widget/generate_wire.py; change that and run `make wire`.

// What a shop page and the hub say to each other.
//
// The first frame is always `hello`: it carries the visitor's token (never in a URL) and what the page already has, so a
// reconnect is the same as a first connect. It says nothing of the page or the person before it: that follows, in a `page`,
// when the welcome says that tracking is on. Commands that store something carry a `client_id` and are sent again until
// they are acknowledged. A page only ever knows `seq` of its own leg, which has no holes: notes and other legs do not count.

import type { AnswerBy, Attachment, Author, CartLine, ClientId, Count, Cursors, Device, Id, Level, MaybeText, Page, Percent, Refused, Short, Status, Token, Url } from "./common.ts";
export type { AnswerBy, Attachment, Author, CartLine, ClientId, Count, Cursors, Device, Id, Level, MaybeText, Page, Percent, Refused, Short, Status, Token, Url };

/** First frame of every socket. */
export interface Hello {
  t: "hello";
  /** At least 1 long, at most 64 long. */
  site: string;
  /** Made by the page at load; the same over reconnects of that page. */
  tab: ClientId;
  token?: Token | null;
  conversation?: Id | null;
  /** The last `seq` of that conversation that the page holds. Absent: 0. */
  have?: Count;
  /** At most 35 long. Absent: "". */
  language?: string;
  /** What the visitor has said to being tracked, if anything. Absent: "". */
  consent?: "" | "granted" | "denied";
  /** Their browser asks sites not to track (Global Privacy Control, or Do Not Track). Absent: false. */
  gpc?: boolean;
}

/**
 * Where the visitor is: after every welcome that says tracking is on, and at every other page of a single-page
 * shop.
 */
export interface Look {
  t: "page";
  page: Page;
  /** Seconds of attention this page had before this socket opened. At least 0, at most 86400. Absent: 0.0. */
  active?: number;
  /** At most 64 long. Absent: "". */
  zone?: string;
  /** Absent: "". */
  device?: Device;
}

/**
 * Still here; doubles as the ping. `active` counts the seconds this page view was visible and used; it begins
 * anew with each.
 */
export interface Beat {
  t: "beat";
  /** At least 0, at most 86400. Absent: 0.0. */
  active?: number;
  /** How far down the page has been seen. Absent: 0. */
  scroll?: Percent;
}

/** The visitor says yes or no to being tracked on this site. */
export interface Consent {
  t: "consent";
  granted: boolean;
}

/**
 * Something happened on the page. Names the hub knows: product, search, form_error, checkout, order; any other
 * is kept as it is.
 */
export interface Track {
  t: "track";
  client_id: ClientId;
  /** At least 1 long, at most 80 long. */
  name: string;
  /** Absent: {}. */
  properties?: Record<string, unknown>;
}

/** What lies in the cart now. */
export interface Cart {
  t: "cart";
  client_id: ClientId;
  /** At most 200 long. Absent: []. */
  items?: CartLine[];
  /** At least 0, at most 1000000000.0. Absent: 0.0. */
  value?: number;
  /** Pattern ^([A-Z]{3})?$. Absent: "". */
  currency?: string;
}

/** Begin a conversation with its first message. Where one is open already, the message joins it. */
export interface Open {
  t: "open";
  client_id: ClientId;
  /** May be empty when there are attachments. */
  text: MaybeText;
  name?: Short | null;
  email?: string | null;
  phone?: string | null;
  /** Absent: "here". */
  answer_by?: AnswerBy;
  /** At most 10 long. Absent: []. */
  attachments?: Id[];
  /** The invitation this answers. */
  invitation?: Id | null;
}

/** One more message. */
export interface Say {
  t: "say";
  client_id: ClientId;
  conversation: Id;
  /** May be empty when there are attachments. */
  text: MaybeText;
  /** At most 10 long. Absent: []. */
  attachments?: Id[];
}

/** Nobody could answer so far: the answer may come to this address. */
export interface Reach {
  t: "reach";
  client_id: ClientId;
  conversation: Id;
  /** At least 3 long, at most 320 long. */
  email: string;
}

/** The visitor began or stopped typing. */
export interface Typing {
  t: "typing";
  conversation: Id;
  on: boolean;
}

/** The page has received up to `delivered`, and the visitor has seen up to `read`. */
export interface Cursor {
  t: "cursor";
  conversation: Id;
  /** Absent: 0. */
  delivered?: Count;
  /** Absent: 0. */
  read?: Count;
}

/** The visitor closes the conversation. */
export interface End {
  t: "end";
  client_id: ClientId;
  conversation: Id;
}

/** What the visitor did with an invitation. */
export interface Answer {
  t: "answer";
  invitation: Id;
  fate: "shown" | "accepted" | "declined";
}

/** What the visitor did with a page that an operator pushed (message `seq`). */
export interface Followed {
  t: "followed";
  conversation: Id;
  seq: Count;
  fate: "accepted" | "declined";
}

/** How it was. */
export interface Rate {
  t: "rate";
  client_id: ClientId;
  conversation: Id;
  /** At least 1, at most 5. */
  score: number;
  /** At most 2000 long. Absent: "". */
  remark?: string;
}

/**
 * Where can I download what was said? In the language that the panel speaks and the visitor's zone, neither of
 * which is kept.
 */
export interface Transcript {
  t: "transcript";
  client_id: ClientId;
  conversation: Id;
  /** At most 35 long. Absent: "". */
  language?: string;
  /** At most 64 long. Absent: "". */
  zone?: string;
  /**
   * Send it there instead (answered by `noted`): all of it to an address that is proven, else a mail with the
   * way to it. At most 320 long. Absent: "".
   */
  email?: string;
}

/** What is stored about this browser? */
export interface Mine {
  t: "mine";
  client_id: ClientId;
}

/** Delete what is stored about this browser. */
export interface Forget {
  t: "forget";
  client_id: ClientId;
}

/** The shop's own server vouches for this visitor with a signed token (JWT, HS256). */
export interface Identify {
  t: "identify";
  client_id: ClientId;
  token: Token;
}

/** The visitor followed the link in a mail: the address it went to is theirs, and the conversation goes on here. */
export interface ComeBack {
  t: "come_back";
  client_id: ClientId;
  token: Token;
}

/** The visitor logged out of the shop: forget who this is and start as a new visitor. */
export interface Reset {
  t: "reset";
}

/** A frame of a page feature, named `feature.verb`; never stored. */
export interface Feature {
  t: "feature";
  /** Pattern ^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$, at most 64 long. */
  name: string;
  data?: unknown;
}

export type FromPage =
  | Hello
  | Look
  | Beat
  | Consent
  | Track
  | Cart
  | Open
  | Say
  | Reach
  | Typing
  | Cursor
  | End
  | Answer
  | Followed
  | Rate
  | Transcript
  | Mine
  | Forget
  | Identify
  | ComeBack
  | Reset
  | Feature;

/** How the widget looks and what it promises here and now. */
export interface SiteLook {
  name: string;
  accent: string;
  language: string;
  /** Absent: "". */
  greeting?: string;
  /** Somebody is there to answer now. Absent: false. */
  attended?: boolean;
  /**
   * They have their hands full: whoever has not begun to talk should leave a message instead. No place in a line
   * is lost by it. Absent: false.
   */
  full?: boolean;
  /** Within opening hours. Absent: true. */
  open?: boolean;
  /** When a closed site opens next. */
  opens?: number | null;
  /** Ways in which an answer can come when nobody is there. Absent: []. */
  answers?: AnswerBy[];
  /** Whether to ask how it was, at the end. Absent: true. */
  rating?: boolean;
  /** Whoever leaves the page is answered by e-mail, if they gave an address. Absent: false. */
  mails?: boolean;
}

/** A page feature that may be used now. `script` is an address on the hub, loaded at first use. */
export interface FeatureOffer {
  name: string;
  /** Absent: "". */
  label?: string;
  script?: string | null;
  data?: unknown;
}

/** Who answers, as a visitor may know them. */
export interface Person {
  name: string;
  /** Absent: "". */
  initials?: string;
  /** Its path on the hub, for everybody and for ever; empty: show the initials. Absent: "". */
  picture?: string;
}

/** The conversation's state as its visitor sees it. */
export interface Talk {
  id: Id;
  status: Status;
  /** Number of its last message in this leg. */
  seq: Count;
  operator?: Person | null;
  /** Absent: Cursors of defaults. */
  mine?: Cursors;
  /** Absent: Cursors of defaults. */
  theirs?: Cursors;
  /** While it waits: 1 is next. */
  position?: Count | null;
  /** Seconds that most customers waited lately; None when there is nothing to tell it from. */
  wait?: Count | null;
  rated?: number | null;
  /**
   * It has gone on by e-mail, and what was said there is not shown here: nobody has proven that the address is
   * theirs. Absent: false.
   */
  mailed?: boolean;
}

/** A page that an operator offers to open. Always http(s), on one of the site's own origins. */
export interface Push {
  url: Url;
  /** Absent: "". */
  title?: string;
  /** Absent: "". */
  fate?: "" | "accepted" | "declined";
}

/** An operator offers to talk. */
export interface Invited {
  t: "invited";
  invitation: Id;
  text: string;
  operator: Person;
}

/** What became of an invitation: it was answered, perhaps in another tab, or is too old to be. */
export interface Fate {
  t: "fate";
  invitation: Id;
  fate: "accepted" | "declined" | "expired";
}

/** Your command is stored for good (or nothing was to be stored). */
export interface Noted {
  t: "noted";
  client_id: string;
}

/** Where to download what you asked for; good for a few minutes. */
export interface Link {
  t: "link";
  client_id: string;
  url: string;
}

/** What is stored about this browser, in figures; `since` is the first visit. */
export interface Stored {
  t: "stored";
  client_id: string;
  since?: number | null;
  /** Absent: 0. */
  visits?: Count;
  /** Absent: 0. */
  pages?: Count;
  /** Absent: 0. */
  events?: Count;
  /** Absent: 0. */
  conversations?: Count;
  /** Absent: 0. */
  messages?: Count;
  /** Absent: false. */
  cart?: boolean;
  /** Whether this browser is known by a cookie, or somebody vouched for who sits there. Absent: "observed". */
  level?: Level;
}

/** One message of the visitor's leg. `client_id` is set on the visitor's own. */
export interface Said {
  t: "said";
  conversation: Id;
  seq: Count;
  author: Author;
  text: string;
  at: number;
  /** Absent: "text". */
  kind?: string;
  /** Absent: "". */
  name?: string;
  client_id?: string | null;
  /** Absent: []. */
  attachments?: Attachment[];
  push?: Push | null;
}

/** Answer to `hello`. `messages` are those after `have`; with `resync` they are the newest and the rest is dropped. */
export interface Welcome {
  t: "welcome";
  site: SiteLook;
  now: number;
  /** Seconds between beats. */
  beat: number;
  /** Keep this one from now on (absent: the one you sent). */
  token?: string | null;
  talk?: Talk | null;
  /** Absent: []. */
  messages?: Said[];
  /** Absent: false. */
  resync?: boolean;
  /** Absent: []. */
  features?: FeatureOffer[];
  /** Absent: "observed". */
  level?: Level;
  /**
   * on: tell which `page` this is. off: nothing but an opened chat is stored. ask: the same, until the visitor
   * has said yes or no (`consent`). wait: the same, and the page itself asks them. Absent: "on".
   */
  tracking?: "on" | "off" | "ask" | "wait";
  /** What the form before a chat may ask: only what nobody has told yet. Absent: []. */
  ask?: ("name" | "email")[];
  /** An invitation that is still open. */
  invited?: Invited | null;
}

/** The visit that your page belongs to from now on. */
export interface Visiting {
  t: "visit";
  visit: Id;
}

/** Your message is stored for good, under this number. */
export interface Sent {
  t: "sent";
  client_id: string;
  conversation: Id;
  seq: Count;
  at: number;
}

/** The conversation's state moved on. */
export interface TalkChanged {
  t: "talk";
  talk: Talk;
}

/** The other side began or stopped typing. */
export interface SomebodyTypes {
  t: "typing";
  conversation: Id;
  on: boolean;
  /** Absent: "". */
  name?: string;
}

/** The signed token was good. `token` replaces the visitor's own. */
export interface Identified {
  t: "identified";
  client_id: string;
  level: Level;
  token?: string | null;
}

/** A frame of a page feature for this page. */
export interface FeatureFrame {
  t: "feature";
  name: string;
  data?: unknown;
}

/** What may be used now has changed. */
export interface Features {
  t: "features";
  site: SiteLook;
  features: FeatureOffer[];
}

/** Answer to a beat. */
export interface Pong {
  t: "beat";
  now: number;
}

/** You missed something that cannot be replayed here: say `hello` again with `have` 0. */
export interface Resync {
  t: "resync";
  /**
   * Whoever sat here is nobody any longer (in any tab): keep nothing of theirs, and begin as somebody new.
   * Absent: false.
   */
  anew?: boolean;
}

export type ToPage =
  | Welcome
  | Visiting
  | Sent
  | Said
  | TalkChanged
  | SomebodyTypes
  | Identified
  | Invited
  | Fate
  | Noted
  | Link
  | Stored
  | FeatureFrame
  | Features
  | Pong
  | Refused
  | Resync;
