/**
 * What a page before this one, or a mail, left to be gone on with. The panel asks for this part where there is a trace of it.
 */

import type { Desk } from "./desk.ts";

export default function resume(desk: Desk) {
  const { notes } = desk;
  const code = /^#hub:go-on=([\w-]+)$/.exec(location.hash)?.[1];
  if (code) {
    // Nobody else on the page needs it, nor the address that is copied to a friend.
    history.replaceState(history.state, "", location.pathname + location.search);
    desk.open();
    desk.part("mailed", (mailed) => mailed.ask(code));
  }
  if (notes.get("back")) desk.part("push", (push) => push.back());
  if (notes.get("invited")) desk.part("invite", (invite) => invite.resume());
}
