/**
 * The number of unread messages in the tab's title, and the page's own title kept safe meanwhile.
 *
 * The page may change its title at any time (single-page shops do at each view); what is not our own last writing is
 * the page's, so nothing has to be watched.
 */

export interface TitleBadge {
  /** The title as the page means it. */
  plain(): string;
  /** Shows the number, or takes it away at 0. */
  show(unread: number): void;
}

export function titleBadge(page: { title: string }): TitleBadge {
  let own = "";
  let shown = "";
  const plain = () => (shown && page.title === shown ? own : page.title);
  return {
    plain,
    show(unread) {
      own = plain();
      shown = unread ? `(${unread}) ${own}` : "";
      if (page.title !== (shown || own)) page.title = shown || own;
    },
  };
}
