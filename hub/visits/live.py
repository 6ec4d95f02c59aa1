"""The board: who is on the sites this minute. In memory, for the event loop's thread only.

It is a live topic, numbered by (epoch, n): the epoch is this process, so a console that reconnects to a restarted hub takes
a new snapshot instead of trusting old numbers. A visitor stays for a few seconds after the last socket closed, because going from one
page to the next closes one socket and opens another. Seconds are not sent: a row says since when and what was before.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence

from hub.visits.conditions import Condition
from hub.visits.events import Cart
from hub.visits.presence import Presence, Tab, Who, dwell_of, facts_of, row_of
from hub.visits.track import Dwell, web_url
from hub.wire.common import Page
from hub.wire.console import VisitorRow

GRACE = 8_000_000
"""Microseconds between the last socket's end and the visitor's leaving the board."""

DRIFT = 2.0
"""Seconds by which a counter that consoles run by themselves may be wrong before they are told."""
STEP = 10
"""Per cent by which a page is seen further down before consoles are told."""

Listener = Callable[[int, bytes, VisitorRow | None], None]

__all__ = ["GRACE", "Board", "Presence", "Tab", "Who"]


class Board:
    """Everybody on the sites. `listen` hears (n, visitor, row or None) for each change."""

    def __init__(self, lingering: Mapping[str, Sequence[Condition]] | None = None) -> None:
        """`lingering`: for each site, the conditions of which one is enough."""
        self.epoch = secrets.token_hex(8)
        self.n = 0
        self._lingering = dict(lingering or {})
        self._present: dict[bytes, Presence] = {}
        self._listener: Listener = lambda n, visitor, row: None

    def listen(self, listener: Listener) -> None:
        """Set the one listener."""
        self._listener = listener

    def lingers(self, site: str, conditions: Sequence[Condition]) -> None:
        """Who counts as lingering on this site from now on."""
        self._lingering[site] = conditions

    def __len__(self) -> int:
        return len(self._present)

    def get(self, visitor: bytes) -> Presence | None:
        """The visitor, when here."""
        return self._present.get(visitor)

    def rows(self) -> Iterator[VisitorRow]:
        """Everybody's row: with `n`, the snapshot of the topic."""
        return map(row_of, self._present.values())

    def arrive(self, presence: Presence, key: str, tab: Tab) -> None:
        """A page opened a socket, or came back with one."""
        known = self._present.get(presence.visitor)
        if known is not None:
            # Who was about to leave has come back on another page; the tab kept for the board's sake is gone.
            presence.tabs = known.tabs if known.leaving_at is None else {}
            presence.pages = max(presence.pages, known.pages)
            presence.invitation = known.invitation
            presence.checkout_step = known.checkout_step
            presence.searches_without_result = known.searches_without_result
            presence.form_errors = known.form_errors
            before = known.tabs.get(key)
            # The same page on another socket: still the same lingering.
            if before is not None and before.n == tab.n:
                presence.lingering = known.lingering
        presence.tabs[key] = tab
        presence.tab = key
        self._present[presence.visitor] = presence
        self._changed(presence)

    def look(self, visitor: bytes, key: str, page: Page, n: int, pages: int, now: int) -> Dwell | None:
        """A tab went to another page. Returns the attention of the page it left."""
        presence = self._present.get(visitor)
        tab = presence.tabs.get(key) if presence else None
        if presence is None or tab is None:
            return None
        left = None
        if tab.n != n:
            left = dwell_of(presence, tab, now)
            presence.attention_before += tab.active
            tab.n, tab.active, tab.written, tab.scroll = n, 0.0, 0.0, 0
        tab.url, tab.title, tab.since, tab.heard = web_url(page.url), page.title, now, now
        presence.tab, presence.pages, presence.lingering = key, max(presence.pages, pages), None
        self._changed(presence)
        return left

    def beat(self, visitor: bytes, key: str, active: float, scroll: int, now: int) -> None:
        """A tab is still here, has had so many seconds of attention and been seen so far down."""
        presence = self._present.get(visitor)
        tab = presence.tabs.get(key) if presence else None
        if presence is None or tab is None:
            return
        attentive = active > tab.active
        drifted = presence.tab == key and abs(tab.shown(now) - max(active, tab.active)) > DRIFT
        changed = drifted or attentive != tab.attentive or scroll >= tab.told_scroll + STEP
        tab.active, tab.since, tab.attentive, tab.heard = max(active, tab.active), now, attentive, now
        tab.scroll = max(scroll, tab.scroll)
        if attentive and presence.tab != key:
            presence.tab, changed = key, True
        if changed:
            self._changed(presence)

    def left(self, visitor: bytes, key: str, tab: Tab, now: int) -> Dwell | None:
        """A tab's socket ended. Returns what is to be written of its page.

        A page that came back on another socket has another `tab` here by now; the old socket, whose end is often noticed
        late, takes nothing away then.
        """
        presence = self._present.get(visitor)
        if presence is None or presence.tabs.get(key) is not tab:
            return None
        del presence.tabs[key]
        if not presence.tabs:
            presence.leaving_at = now + GRACE
            presence.tabs[key] = tab
            tab.attentive = False
        elif presence.tab == key:
            presence.tab = next(iter(presence.tabs))
        self._changed(presence)
        dwell = dwell_of(presence, tab, now) if tab.active > tab.written else None
        tab.written = tab.active
        return dwell

    def sweep(self, now: int) -> None:
        """Take off the board who left and did not come back, and mark who lingers by now."""
        for presence in list(self._present.values()):
            if presence.leaving_at is not None and presence.leaving_at <= now:
                self.forget(presence.visitor)
            else:
                self._linger(presence, now)

    def forget(self, visitor: bytes) -> None:
        """Take somebody off the board at once."""
        if self._present.pop(visitor, None) is not None:
            self._tell(visitor, None)

    def unwritten(self, now: int) -> list[Dwell]:
        """Attention since the last call, of all pages open now."""
        batch = []
        for presence in self._present.values():
            for tab in presence.tabs.values():
                if tab.active > tab.written and (dwell := dwell_of(presence, tab, now)):
                    tab.written = tab.active
                    batch.append(dwell)
        return batch

    def known_as(self, visitor: bytes, who: Who) -> None:
        """Identity changed its mind about who this is."""
        presence = self._present.get(visitor)
        if presence is not None and presence.who != who:
            presence.who = who
            self._changed(presence)

    def talks(self, visitor: bytes, conversation: bytes | None, operator_name: str) -> None:
        """The visitor's open conversation, and who helps them."""
        presence = self._present.get(visitor)
        if presence is None or (presence.conversation, presence.operator_name) == (
            conversation,
            operator_name,
        ):
            return
        presence.conversation, presence.operator_name = conversation, operator_name
        if conversation is not None:
            presence.lingering = None
        self._changed(presence)

    def holds(self, visitor: bytes, cart: Cart | None) -> None:
        """What lies in the visitor's cart now."""
        presence = self._present.get(visitor)
        if presence is not None and presence.cart != cart:
            presence.cart = cart
            self._changed(presence)

    def happened(self, visitor: bytes, name: str, properties: Mapping[str, object]) -> None:
        """An event of the visit that facts count."""
        presence = self._present.get(visitor)
        if presence is None:
            return
        if name == "search" and not properties.get("results", 1):
            presence.searches_without_result += 1
        elif name == "form_error":
            presence.form_errors += 1
        elif name == "checkout" and isinstance(step := properties.get("step"), int | float):
            presence.checkout_step = max(presence.checkout_step, float(step))

    def invited(self, visitor: bytes, fate: str) -> None:
        """What became of the last invitation."""
        presence = self._present.get(visitor)
        if presence is not None and presence.invitation != fate:
            presence.invitation = fate
            self._changed(presence)

    def present(self) -> list[Presence]:
        """Everybody on the board."""
        return list(self._present.values())

    def _linger(self, presence: Presence, now: int) -> None:
        rules = self._lingering.get(presence.site)
        if not rules:
            return
        facts = facts_of(presence, now)
        lingers = any(rule.holds(facts) for rule in rules)
        if lingers != (presence.lingering is not None):
            presence.lingering = now if lingers else None
            self._changed(presence)

    def _changed(self, presence: Presence) -> None:
        presence.tabs[presence.tab].show()
        self._tell(presence.visitor, row_of(presence))

    def _tell(self, visitor: bytes, row: VisitorRow | None) -> None:
        self.n += 1
        self._listener(self.n, visitor, row)
