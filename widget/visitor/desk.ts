/** What the parts of the panel get: the border to the tracker, the conversation, and what there is to show. Types only. */

import type { FeatureOffer, SiteLook } from "../wire/visitor.ts";
import type { Chat } from "./chat.ts";
import type { Core } from "./core.ts";

/** What came with the last welcome, and whether there is a line. */
export interface Around {
  site: SiteLook;
  features: readonly FeatureOffer[];
  up: boolean;
}

export interface Desk extends Core, Chat {
  around(): Around;
}
