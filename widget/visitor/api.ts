/**
 * `window.hub(command, …)`: what a shop's page may ask of the widget.
 *
 *   hub("identify", {token})   the shop's server vouches for this visitor (signed token)
 *   hub("reset")               the visitor logged out: forget who this is
 *   hub("page")                the visitor is on another page now (single-page shops; usually noticed without)
 *   hub("open"), hub("close")  the chat panel
 *   hub("track", name, {…})    something happened: product, search, checkout, order, or a name of the shop's own
 *   hub("cart", {items, value, currency})   what lies in the cart now
 *   hub("consent", true)       the visitor says yes to being tracked, or no
 *
 * Calls made before the widget is there wait in `hub.q`. A wrong call is a warning in the console, never an error:
 * a chat widget must not be what breaks a checkout.
 */

import { guard } from "./words.ts";

export type Commands = Record<string, (...given: unknown[]) => void>;

/** Puts `window.hub` in place and carries out what waited. */
export function install(commands: Commands, queue: ArrayLike<ArrayLike<unknown>>): void {
  const call = guard((name: unknown, ...given: unknown[]) => {
    const command = Object.hasOwn(commands, name as string) && commands[name as string];
    if (command) command(...given);
    else console.warn("hub: no such command:", name, Object.keys(commands));
  });
  (window as { hub?: unknown }).hub = call;
  for (const waiting of Array.from(queue)) call.apply(null, waiting as [unknown]);
}
