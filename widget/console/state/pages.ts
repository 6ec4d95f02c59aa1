// Pages of the sites that visitors have been on: what this tab has seen, and before that what the hub tells, for whoever wants to show one to a customer.

import type { VisitorRow } from "../../wire/console";
import { pageOf } from "./floor";

export interface SitePage {
  readonly url: string;
  readonly title: string;
  readonly at: number;
}

const KEPT = 300;

export class Pages {
  private readonly bySite = new Map<string, Map<string, SitePage>>();

  /** A visitor was seen on this page. Fragments and queries are dropped: they are the visitor's, not the page's. */
  note(row: VisitorRow): void {
    if (!/^https?:/i.test(row.url)) return;
    const pages = this.bySite.get(row.site) ?? new Map<string, SitePage>();
    this.bySite.set(row.site, pages);
    const url = pageOf(row.url);
    const title = row.title || pages.get(url)?.title || "";
    pages.delete(url);
    pages.set(url, { url, title, at: row.since });
    if (pages.size > KEPT) pages.delete(pages.keys().next().value!);
  }

  /** The latest first; `before`: what the hub knows of the time before this tab. */
  of(site: string, before: readonly SitePage[] = []): SitePage[] {
    const own = [...(this.bySite.get(site)?.values() ?? [])].reverse();
    return [...own, ...before.filter((page) => !own.some((one) => one.url === page.url))];
  }
}
