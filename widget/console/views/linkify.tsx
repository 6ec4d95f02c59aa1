// Text of a message with its web addresses made clickable. Only http and https; everything else stays text.

import type { ComponentChildren } from "preact";
import { parts as addresses } from "../../visitor/link";
import { spans } from "../state/mentions";

/** `names`: colleagues whom an @ before their name calls. */
export function Linked({ text, names = [] }: { text: string; names?: readonly string[] }) {
  // The same rule as in the widget: what shows one name and leads to another is no link, for operators either.
  return (
    <>
      {addresses(text).map(({ text: piece, href }) =>
        href ? <a href={href} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">{piece}</a> : called(piece, names))}
    </>
  );
}

function called(text: string, names: readonly string[]): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const { from, to } of names.length ? spans(text, names) : []) {
    parts.push(text.slice(end, from), <b class="mention"><bdi>{text.slice(from, to)}</bdi></b>);
    end = to;
  }
  return [...parts, text.slice(end)];
}

/** The page somebody is on. A link only where the address is http or https: anything else is shown, not followed. */
export function PageLink({ url, title }: { url: string; title: string }) {
  const words = title || url;
  if (!/^https?:\/\//i.test(url)) return <span class="cut" dir="auto" data-tip={url}>{words}</span>;
  return <a class="cut" href={url} target="_blank" rel="noopener noreferrer nofollow" dir="auto" data-tip={url}>{words}</a>;
}
