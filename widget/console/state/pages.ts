// Pages of the sites that visitors have been on since this tab opened, for whoever wants to show one to a customer.

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

  /** The latest first. */
  of(site: string): SitePage[] {
    return [...(this.bySite.get(site)?.values() ?? [])].reverse();
  }
}
