// Generated from hub/wire/ways.py by widget/generate_wire.py; change that and run `make wire`.

// Ways: where an answer to a conversation can go, and where it goes by itself.

import type { Short } from "./common.ts";
export type { Short };

/** One way to the customer. `name` is what `reply` takes as its `way`; of the page of theirs it is `site`. */
export interface WayThere {
  name: string;
  channel: string;
  /** Absent: "". */
  address?: string;
  /** Whether it takes a message now. Absent: true. */
  takes?: boolean;
  /**
   * The address is known to be theirs; the page: whoever sits there may read what was written by mail. Absent:
   * false.
   */
  proven?: boolean;
  /** Something has gone by it in this conversation. Absent: false. */
  used?: boolean;
}

/** Where answers go. `best` is the name of the one that is taken by itself. */
export interface Ways {
  best: Short;
  ways: WayThere[];
  /** A page of theirs is open now. Absent: false. */
  here?: boolean;
  /** When their page was last seen, if none is open. */
  left?: number | null;
}
