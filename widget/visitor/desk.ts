/** What the parts of the panel get: the border to the tracker, the conversation, and what there is to show. Types only. */

import type { FeatureOffer, SiteLook, ToPage, Welcome } from "../wire/visitor.ts";
import type { Chat } from "./chat.ts";
import type { Core } from "./core.ts";
import type * as dom from "./dom.ts";
import type { Made, Name } from "./more.ts";
import type { fill, Texts } from "./texts.ts";

/** What came with the last welcome, and whether there is a line. */
export interface Around extends Pick<Welcome, "ask" | "tracking"> {
  site: SiteLook;
  features: readonly FeatureOffer[];
  up: boolean;
}

/** Where parts put what they show, and what they have to say in a send. */
export interface Places {
  panel: HTMLElement;
  head: HTMLElement;
  /** Between transcript and composer. */
  shelf: HTMLElement;
  /** Within the composer, above the text. */
  tray: HTMLElement;
  input: HTMLTextAreaElement;
  /** Before a message goes out; false keeps it where it is. */
  gate?: () => boolean;
  /** Said in the greeting's place. */
  greeting?: { text: string };
}

export interface Desk extends Core, Chat, Pick<typeof dom, "el" | "icon" | "on" | "press" | "write"> {
  around(): Around;
  texts: Texts;
  fill: typeof fill;
  /** Runs `then` with a part, which may have to be loaded first. */
  part<N extends Name>(name: N, then: (part: Made<N>) => void): void;
  places: Places;
  /** Everything is shown anew. */
  refresh(): void;
  /** Who listens to frames beside the conversation. */
  hear: Set<(frame: ToPage) => void>;
}
