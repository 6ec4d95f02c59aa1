// Generated from hub/wire/common.py by widget/generate_wire.py; change that and run `make wire`.

// What frames of both sockets are made of.
//
// The limits stand here, as types, so that a frame that breaks one is refused by the parser, and the browser's code can
// be generated with the same figures.

/** Bytes in one frame, either way. */
export const MAX_FRAME = 65536;

/** A public id: 32 hex characters. Pattern ^[0-9a-f]{32}$. */
export type Id = string;

/**
 * What a browser calls its own command, so that sending it twice is sending it once; at least 8 random
 * characters. At least 8 long, at most 64 long, pattern ^[A-Za-z0-9_-]+$.
 */
export type ClientId = string;
export const MAX_CLIENT_ID = 64;

/** The text of one message. At least 1 long, at most 8000 long. */
export type Text = string;
export const MAX_TEXT = 8000;

/** At most 8000 long. */
export type MaybeText = string;
export const MAX_MAYBE_TEXT = 8000;

/** At most 200 long. */
export type Short = string;
export const MAX_SHORT = 200;

/** At most 2048 long. */
export type Url = string;
export const MAX_URL = 2048;

/** At most 4096 long. */
export type Token = string;
export const MAX_TOKEN = 4096;

/** What a browser can count to, and well within what the database can. At least 0, at most 9007199254740991. */
export type Count = number;

export type Author = "visitor" | "operator" | "bot" | "system";

export type Status = "waiting" | "open" | "closed";

export type Level = "verified" | "observed" | "asserted";

export type Presence = "available" | "busy" | "away" | "invisible";

export type Outcome = "resolved" | "unresolved" | "spam";

export type Priority = "urgent" | "normal" | "low";

export type Device = "phone" | "tablet" | "desktop" | "";

export type AnswerBy = "here" | "email" | "phone";

/** At least 0, at most 100. */
export type Percent = number;

/**
 * A picture or file of a message. `url` is good for a while and only for this file; ask again (a resume) for a
 * fresh one.
 */
export interface Attachment {
  id: Id;
  name: string;
  type: string;
  size: Count;
  url: string;
  /** A picture that may be shown in place; everything else is a download. Absent: false. */
  inline?: boolean;
  /** Absent: 0. */
  width?: Count;
  /** Absent: 0. */
  height?: Count;
  /** Absent: "". */
  thumb?: string;
}

/** One line of a cart. */
export interface CartLine {
  name: Short;
  /** At least 0, at most 1000000000.0. Absent: 0.0. */
  price?: number;
  /** At least 0, at most 1000000.0. Absent: 1.0. */
  quantity?: number;
  /** Absent: "". */
  sku?: Short;
  /** Absent: "". */
  url?: Url;
}

/** The page a visitor is on, as the page itself says. */
export interface Page {
  url: Url;
  /** At most 300 long. Absent: "". */
  title?: string;
  /** Absent: "". */
  referrer?: Url;
}

/** How far a side has received and read, as the last message's number; 0 is nothing yet. */
export interface Cursors {
  /** Absent: 0. */
  delivered?: Count;
  /** Absent: 0. */
  read?: Count;
}

/** A command was not carried out. `code` is stable; `message` is a sentence; nothing was stored. */
export interface Refused {
  t: "refused";
  code: string;
  message: string;
  client_id?: string | null;
  /** Absent: {}. */
  fields?: Record<string, string>;
  /** Seconds until it makes sense to try again; None when trying again will not help. */
  retry_after?: number | null;
}
