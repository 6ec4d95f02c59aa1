// Generated from hub/wire/settings.py by widget/generate_wire.py; change that and run `make wire`.

// What the console's settings read and write, over plain HTTP, for admins.
//
// A site works by hub.toml over what the console keeps over the default. Every setting says which of the three it is.

import type { Count, Id } from "./common.ts";
export type { Count, Id };

import type { SiteLook } from "./visitor.ts";
export type { SiteLook };

export type Source = "file" | "console" | "default";

/**
 * One setting of a site. `line` is where it stands in the file; `at` and `by` when and by whom it was set in the
 * console.
 */
export interface SiteSetting {
  name: string;
  value: unknown;
  source: Source;
  default?: unknown;
  /** The file decides it, or it is the file's alone. Absent: false. */
  locked?: boolean;
  line?: number | null;
  at?: number | null;
  /** Absent: "". */
  by?: string;
  /** The console keeps a value that the file overrules. Absent: false. */
  shadowed?: boolean;
}

/** Settings that were changed together. */
export interface SettingsChange {
  id: Id;
  at: number;
  by: string;
  /** Name, value before, value after; null: not set here. */
  settings: [string, unknown, unknown][];
  /** Absent: false. */
  may_undo?: boolean;
}

/** Pages of an origin have loaded the widget within the last day; `url` is the newest, where it may be known. */
export interface SnippetSeen {
  origin: string;
  at: number;
  /** Absent: "". */
  url?: string;
}

/** Pages of an origin that no site lists have asked for the widget. */
export interface TurnedAway {
  origin: string;
  at: number;
  count: Count;
  /** The site whose key they carry, where they got as far as to say it. Absent: "". */
  site?: string;
}

/** Whether a site is open, and until when that stays so; `until` is null when it does for a month. */
export interface OpenNow {
  open: boolean;
  until?: number | null;
  /** The time on the site's own clock, as 2026-11-22T09:30. Absent: "". */
  at?: string;
}

/** A site, and all that it works by. */
export interface SiteSettings {
  key: string;
  origins: string[];
  settings: SiteSetting[];
  look: SiteLook;
  opening: OpenNow;
  /** Number of the last change: what a change is based on. Absent: 0. */
  n?: Count;
  /** Absent: []. */
  seen?: SnippetSeen[];
  /** Absent: []. */
  changes?: SettingsChange[];
}

/** `GET /api/settings`. Every write answers with it as well. */
export interface SettingsPage {
  sites: SiteSettings[];
  /** Absent: []. */
  turned_away?: TurnedAway[];
  /** Absent: "hub.toml". */
  file?: string;
  /** Absent: "". */
  folder?: string;
  /** Absent: "". */
  public_url?: string;
  /** Absent: []. */
  zones?: string[];
  /** Languages that the widget speaks. Absent: []. */
  languages?: string[];
}

/** `POST /api/settings/sites/SITE`: values by name; null takes one back. `seen` is the site's `n`. */
export interface KeepSettings {
  values: Record<string, unknown>;
  seen: Count;
}

/** `POST /api/settings/sites/SITE/undo`. */
export interface UndoSettings {
  change: Id;
}

/** `POST /api/settings/sites/SITE/preview`: how the site would work; nothing is kept. */
export interface DraftSettings {
  values: Record<string, unknown>;
}

/** Its answer: how the site would work, or what is wrong with the draft, by place. */
export interface SitePreview {
  look?: SiteLook | null;
  opening?: OpenNow | null;
  /** Absent: {}. */
  problems?: Record<string, string>;
}

/** One setting of the configuration. A secret has no value, but says where it comes from. */
export interface FileSetting {
  path: string;
  value: string;
  source: Source;
  line?: number | null;
  /** Absent: false. */
  secret?: boolean;
}

/** `GET /api/settings/file`: everything that hub.toml can say, with what counts. */
export interface FilePage {
  file: string;
  folder: string;
  settings: FileSetting[];
}

/**
 * How a connection, or an endpoint of the owner's (`webhook:NAME`), works. Times are since the hub's start;
 * `oldest` is when the first of those that wait was written.
 */
export interface ConnectionFacts {
  name: string;
  kind: string;
  plugin: string;
  version: string;
  state: string;
  since: number;
  /** Absent: "". */
  why?: string;
  last_in?: number | null;
  last_out?: number | null;
  /** Absent: 0. */
  waiting?: Count;
  oldest?: number | null;
  /** Deliveries in quarantine, for somebody to look at. Absent: 0. */
  aside?: Count;
  /**
   * Its plugin is at work, so that another try can be asked for; what its table says may keep it from that.
   * Absent: false.
   */
  runs?: boolean;
  /** Absent: 0. */
  restarts?: Count;
  /** Where its table stands in the file. */
  line?: number | null;
  /** The last error, which may be over. Absent: "". */
  error?: string;
  error_at?: number | null;
  /** Absent: "". */
  traceback?: string;
}

/**
 * A delivery that waits for somebody to look: after a bug, after its last try, or because nobody knows whether
 * it arrived.
 */
export interface Undelivered {
  /** The id under which it leaves, in every attempt. */
  item: Id;
  connection: string;
  /** message, question or webhook; incoming: it came in and could not be read. */
  kind: string;
  attempts: Count;
  made: number;
  /** When it was put aside. */
  last: number;
  why: string;
  /** What was to be sent, or what came. Absent: "". */
  raw?: string;
  /** When it was first tried. */
  first?: number | null;
  conversation?: Id | null;
}

/**
 * `GET /api/undelivered`, newest first, and the answer to a POST there. `count`: of all, also of those that are
 * not shown.
 */
export interface UndeliveredPage {
  items: Undelivered[];
  /** Absent: 0. */
  count?: Count;
}

/** `POST /api/undelivered`: one more round of tries, or none; without `item` for all of a connection. */
export interface JudgeUndelivered {
  connection: string;
  verdict: "again" | "give_up";
  item?: Id | null;
}

/** `GET /api/connections`, and the answer to `POST /api/connections/NAME/again`, which has one try at once. */
export interface ConnectionsPage {
  connections: ConnectionFacts[];
  /** Absent: "hub.toml". */
  file?: string;
}
