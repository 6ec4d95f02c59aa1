/**
 * What the panel has beyond talking: the parts, each a file of its own that is loaded when it is first used, and the
 * sentences of all of them in the reader's language.
 *
 * A part gets the desk and its sentences, and imports no running code of the panel: what both imported, the bundler
 * would put into a third file that every opening of the chat would pay for. The list stands here and not in the panel
 * for the same reason: names of files with hashes in them do not compress.
 */

import css from "./more.css?text";
import type { Desk } from "./desk.ts";
import { load } from "./sentences.ts";

const LOAD = {
  cover: () => import("./cover.ts"),
  emoji: () => import("./emoji.ts"),
  face: () => import("./face.ts"),
  features: () => import("./features.ts"),
  files: () => import("./files.ts"),
  form: () => import("./form.ts"),
  invite: () => import("./invite.ts"),
  mailed: () => import("./mailed.ts"),
  menu: () => import("./menu.ts"),
  mine: () => import("./mine.ts"),
  push: () => import("./push.ts"),
  queue: () => import("./queue.ts"),
  rate: () => import("./rate.ts"),
  reach: () => import("./reach.ts"),
  resume: () => import("./resume.ts"),
  rich: () => import("./rich.ts"),
  sound: () => import("./sound.ts"),
};

export type Name = keyof typeof LOAD;
export type Made<N extends Name> = ReturnType<Awaited<ReturnType<(typeof LOAD)[N]>>["default"]>;

/** What brings the parts of one desk, each once; a part that did not come is asked for again next time. */
export default function more(desk: Desk): <N extends Name>(name: N) => Promise<Made<N>> {
  desk.style(css);
  // For the next hello: see the tracker, which must not be the first to use Intl.
  if (desk.lasting.get("token")) desk.lasting.set("zone", Intl.DateTimeFormat().resolvedOptions().timeZone);
  const made: Record<string, Promise<unknown> | undefined> = {};
  return <N extends Name>(name: N) =>
    (made[name] ??= Promise.all([LOAD[name](), load(desk.language)]).then(
      ([module, words]) => module.default(desk, words),
      (error) => {
        made[name] = undefined;
        throw error;
      },
    )) as Promise<Made<N>>;
}
