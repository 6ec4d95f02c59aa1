// Text of a message with its web addresses made clickable. Only http and https; everything else stays text.

import type { ComponentChildren } from "preact";

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+/g;
const TRAILING = /[.,;:!?)\]}'"]+$/;

export function Linked({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(TRAILING, "");
    parts.push(text.slice(from, found.index));
    parts.push(<a href={address} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">{address}</a>);
    from = found.index + address.length;
  }
  parts.push(text.slice(from));
  return <>{parts}</>;
}

/** The page somebody is on. A link only where the address is http or https: anything else is shown, not followed. */
export function PageLink({ url, title }: { url: string; title: string }) {
  const words = title || url;
  if (!/^https?:\/\//i.test(url)) return <span class="cut" dir="auto" data-tip={url}>{words}</span>;
  return <a class="cut" href={url} target="_blank" rel="noopener noreferrer nofollow" dir="auto" data-tip={url}>{words}</a>;
}
