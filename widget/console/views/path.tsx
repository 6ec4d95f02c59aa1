// The way somebody took through the site: pages with seconds and depth, what happened on the way, what lies in the cart.

import { useEffect, useState } from "preact/hooks";
import type { CartLine, EventSeen, PageSeen, VisitorRow, VisitPath } from "../../wire/console";
import { money } from "../design/figures";
import { Icon } from "../design/icons";
import { Counting, duration, exact } from "../design/time";
import { api } from "../state/api";
import { known, t } from "../text";

const PAUSE = 1_500;
/** Steps that are shown of a long way; where somebody is now says more than where they began. */
const SHORT = 6;

type Got = VisitPath | "failed" | null;

/** Asks for the path, and again whenever `version` has changed; the old one stays until the new one is there. */
function usePath(visit: string, version: string): Got {
  const [got, setGot] = useState<{ visit: string; path: Got }>({ visit, path: null });
  useEffect(() => {
    let wanted = true;
    const ask = () => api.visit(visit).then(
      (path) => wanted && setGot({ visit, path }),
      () => wanted && setGot((was) => (was.visit === visit && was.path ? was : { visit, path: "failed" })),
    );
    const timer = setTimeout(() => void ask(), got.path && got.visit === visit ? PAUSE : 0);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [visit, version]);
  return got.visit === visit ? got.path : null;
}

/** Of somebody who is here: the page they are on counts on. */
export function VisitPathLive({ visitor }: { visitor: VisitorRow }) {
  const { url, pages, cart_value, cart_count, attentive, scroll } = visitor;
  const path = usePath(visitor.visit, [url, pages, cart_value, cart_count, attentive, scroll].join(" "));
  return <Path path={path} now={visitor} />;
}

/** Of a visit that is over. */
export function VisitPathOf({ visit }: { visit: string }) {
  return <Path path={usePath(visit, "")} />;
}

function Path({ path, now }: { path: Got; now?: VisitorRow }) {
  const [whole, setWhole] = useState(false);
  if (path === "failed") return <p class="path quiet">{t("path.failed")}</p>;
  if (!path) return <p class="path quiet" role="status">{t("loading")}</p>;
  const steps = [
    ...path.pages.map((page) => ({ at: page.at, page })),
    ...(path.events ?? []).map((event) => ({ at: event.at, event })),
  ].sort((a, b) => a.at - b.at);
  const last = path.pages.at(-1);
  const folded = whole || steps.length <= SHORT + 2 ? 0 : steps.length - SHORT;
  return (
    <>
      <ol class="path">
        {folded > 0 && <li><button type="button" class="unfold" onClick={() => setWhole(true)}>{t("path.earlier", { count: folded })}</button></li>}
        {steps.slice(folded).map((step, at) => ("page" in step ? <Page key={at} page={step.page} now={step.page === last && now?.url === last.url ? now : undefined} /> : <Happened key={at} event={step.event} />))}
      </ol>
      {!!path.cart?.length && <CartLines lines={path.cart} value={path.cart_value ?? 0} currency={path.currency ?? ""} />}
    </>
  );
}

function Page({ page, now }: { page: PageSeen; now: VisitorRow | undefined }) {
  const scroll = Math.max(page.scroll ?? 0, now?.scroll ?? 0);
  return (
    <li class={now ? "now" : ""} data-tip={[page.url, exact(page.at), scroll ? t("visitors.scrolled", { share: scroll }) : ""].filter(Boolean).join("\n")}>
      <span class="cut" dir="auto">{page.title || page.url}</span>
      <span class="figures path-scroll">{scroll ? `${scroll} %` : ""}</span>
      <span class="figures">{now ? <Counting before={now.active_before} since={now.since} running={now.attentive} /> : duration(page.active)}</span>
    </li>
  );
}

function Happened({ event }: { event: EventSeen }) {
  const key = `event.${event.name}`;
  return (
    <li class="event" data-tip={exact(event.at)}>
      <span class="cut" dir="auto"><Icon name="right" /> {known(key) ? t(key) : event.name} <span class="quiet">{gist(event.properties ?? {})}</span></span>
    </li>
  );
}

const TELLING = ["name", "query", "step", "field", "message", "title", "value"];

/** The one property that says most, else whatever is said first. */
function gist(properties: Record<string, unknown>): string {
  const told = Object.entries(properties).filter(([, value]) => typeof value === "string" || typeof value === "number");
  const best = TELLING.map((name) => told.find(([key]) => key === name)).find(Boolean) ?? told[0];
  return best ? String(best[1]) : "";
}

export function CartLines({ lines, value, currency }: { lines: readonly CartLine[]; value: number; currency: string }) {
  return (
    <table class="cart">
      <caption><Icon name="cart" /> {t("cart")}</caption>
      <tbody>
        {lines.map((line, at) => (
          <tr key={at}>
            <td class="figures">{line.quantity ?? 1} ×</td>
            <th scope="row" dir="auto">{line.name}</th>
            <td class="figures">{line.price ? money(line.price * (line.quantity ?? 1), currency) : ""}</td>
          </tr>
        ))}
      </tbody>
      {value > 0 && <tfoot><tr><td /><th scope="row">{t("cart.sum")}</th><td class="figures">{money(value, currency)}</td></tr></tfoot>}
    </table>
  );
}
