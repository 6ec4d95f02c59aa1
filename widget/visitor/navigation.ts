/**
 * Which page the visitor is on, in shops that never leave the document too.
 *
 * The history functions of the host page are left alone: routers and other widgets replace them as well, and a chain
 * of wrappers breaks in ways nobody finds. The Navigation API tells where it exists; elsewhere a look at the address
 * every second is enough, because a title needs about as long to follow its page.
 */

import type { Page } from "../wire/visitor.ts";
import { clip, guard } from "./words.ts";

/** Milliseconds a router gets to set the new title before the page is reported. */
const SETTLE = 300;

/** An anchor within a page is not another page; `#/…` and `#!…` are, in hash routers. */
export const place = (href: string): string => href.replace(/#(?![/!]).*$/, "");

/**
 * Calls `moved` when the visitor went to another page; `title` gives the page's own title. Returns what to call for
 * the present page as the hub wants to know it.
 */
export function pages(title: () => string, moved: () => void): () => Page {
  let here = place(location.href);
  let referrer = document.referrer;
  let timer: ReturnType<typeof setTimeout>;
  const check = guard(() => {
    const next = place(location.href);
    if (next === here) return;
    referrer = here;
    here = next;
    clearTimeout(timer);
    timer = setTimeout(guard(moved), SETTLE);
  });
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation?.addEventListener) navigation.addEventListener("currententrychange", check);
  else setInterval(check, 1_000);
  addEventListener("popstate", check);
  return () => ({ url: clip(location.href, 2_048), title: clip(title(), 300), referrer: clip(referrer, 2_048) });
}
