// Generated from hub/wire/visitor.py by widget/generate_wire.py; change that and run `make wire`.

// What a shop page and the hub say to each other.
//
// The first frame is always `hello`: it carries the visitor's token (never in a URL) and what the page already has, so a
// reconnect is the same as a first connect. Commands that store something carry a `client_id` and are sent again until
// they are acknowledged. A page only ever knows `seq` of its own leg, which has no holes: notes and other legs do not count.

import type { Author, ClientId, Count, Cursors, Id, Level, Page, Refused, Short, Status, Text, Token } from "./common.ts";
export type { Author, ClientId, Count, Cursors, Id, Level, Page, Refused, Short, Status, Text, Token };

/** First frame of every socket. */
export interface Hello {
  t: "hello";
  /** At least 1 long, at most 64 long. */
  site: string;
  /** Made by the page at load; the same over reconnects of that page. */
  tab: ClientId;
  page: Page;
  token?: Token | null;
  conversation?: Id | null;
  /** The last `seq` of that conversation that the page holds. Absent: 0. */
  have?: Count;
  /** At most 35 long. Absent: "". */
  language?: string;
  /** At most 64 long. Absent: "". */
  zone?: string;
  /** Seconds of attention this page had before this socket opened. At least 0, at most 86400. Absent: 0.0. */
  active?: number;
}

/** The visitor went to another page without leaving the document (a single-page shop). */
export interface Look {
  t: "page";
  page: Page;
}

/** Still here; doubles as the ping. `active` counts the seconds this page was visible and used, from its load. */
export interface Beat {
  t: "beat";
  /** At least 0, at most 86400. Absent: 0.0. */
  active?: number;
}

/** Begin a conversation with its first message. Where one is open already, the message joins it. */
export interface Open {
  t: "open";
  client_id: ClientId;
  text: Text;
  name?: Short | null;
  email?: string | null;
}

/** One more message. */
export interface Say {
  t: "say";
  client_id: ClientId;
  conversation: Id;
  text: Text;
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

/** The shop's own server vouches for this visitor with a signed token (JWT, HS256). */
export interface Identify {
  t: "identify";
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
  | Open
  | Say
  | Typing
  | Cursor
  | End
  | Identify
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
}

/** Answer to `hello`. `messages` are those after `have`; with `resync` they are the newest and the rest is dropped. */
export interface Welcome {
  t: "welcome";
  visit: Id;
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
}

export type ToPage =
  | Welcome
  | Sent
  | Said
  | TalkChanged
  | SomebodyTypes
  | Identified
  | FeatureFrame
  | Features
  | Pong
  | Refused
  | Resync;
