"""The board: who is on the sites this minute. In memory, for the event loop's thread only.

It is a live topic, numbered by (epoch, n): the epoch is this process, so a console that reconnects to a restarted hub takes
a new snapshot instead of trusting old numbers. A visitor stays for a few seconds after the last socket closed, because going from one
page to the next closes one socket and opens another. Seconds are not sent: a row says since when and what was before.
"""

import secrets
from collections.abc import Callable, Iterator

import msgspec

from hub.visits.track import Dwell
from hub.wire import id_hex, millis
from hub.wire.common import Level, Page
from hub.wire.console import VisitorRow

GRACE = 8_000_000
"""Microseconds between the last socket's end and the visitor's leaving the board."""


class Who(msgspec.Struct):
    """The customer behind a visitor, as of the last time it was looked up."""

    customer: bytes
    name: str
    level: Level


class Tab(msgspec.Struct):
    """One open page of a visitor."""

    n: int
    url: str
    title: str
    since: int
    active: float = 0.0
    attentive: bool = True
    heard: int = 0
    written: float = 0.0


class Presence(msgspec.Struct):
    """A visitor on the board. `tab` is the page looked at last."""

    visitor: bytes
    visit: bytes
    site: str
    who: Who
    arrived: int
    visits: int
    pages: int
    referrer: str
    language: str
    tabs: dict[str, Tab]
    tab: str
    conversation: bytes | None = None
    operator_name: str = ""
    leaving_at: int | None = None


Listener = Callable[[int, bytes, "VisitorRow | None"], None]


class Board:
    """Everybody on the sites. `listen` hears (n, visitor, row or None) for each change."""

    def __init__(self) -> None:
        self.epoch = secrets.token_hex(8)
        self.n = 0
        self._present: dict[bytes, Presence] = {}
        self._listener: Listener = lambda n, visitor, row: None

    def listen(self, listener: Listener) -> None:
        """Set the one listener."""
        self._listener = listener

    def __len__(self) -> int:
        return len(self._present)

    def get(self, visitor: bytes) -> Presence | None:
        """The visitor, when here."""
        return self._present.get(visitor)

    def rows(self, site: str | None = None) -> Iterator[VisitorRow]:
        """Everybody's row: with `n`, the snapshot of the topic."""
        for presence in self._present.values():
            if site is None or presence.site == site:
                yield row_of(presence)

    def arrive(self, presence: Presence, key: str, tab: Tab) -> None:
        """A page opened a socket, or came back with one."""
        known = self._present.get(presence.visitor)
        if known is not None:
            # Who was about to leave has come back on another page; the tab kept for the board's sake is gone.
            presence.tabs = known.tabs if known.leaving_at is None else {}
            presence.conversation = presence.conversation or known.conversation
            presence.operator_name = presence.operator_name or known.operator_name
        presence.tabs[key] = tab
        presence.tab = key
        self._present[presence.visitor] = presence
        self._changed(presence)

    def look(self, visitor: bytes, key: str, page: Page, n: int, pages: int, now: int) -> Dwell | None:
        """A tab went to another page. Returns the attention of the page it left."""
        presence = self._present.get(visitor)
        if presence is None:
            return None
        left = presence.tabs.get(key)
        presence.tabs[key] = Tab(n=n, url=page.url, title=page.title, since=now, heard=now)
        presence.tab, presence.pages = key, pages
        self._changed(presence)
        return _dwell(presence, left, now) if left is not None and left.n != n else None

    def beat(self, visitor: bytes, key: str, active: float, now: int) -> None:
        """A tab is still here and has had so many seconds of attention."""
        presence = self._present.get(visitor)
        tab = presence.tabs.get(key) if presence else None
        if presence is None or tab is None:
            return
        attentive = active > tab.active
        changed = attentive != tab.attentive
        tab.active, tab.since, tab.attentive, tab.heard = max(active, tab.active), now, attentive, now
        if attentive and presence.tab != key:
            presence.tab, changed = key, True
        if changed:
            self._changed(presence)

    def left(self, visitor: bytes, key: str, now: int) -> Dwell | None:
        """A tab's socket ended. Returns what is to be written of its page."""
        presence = self._present.get(visitor)
        tab = presence.tabs.pop(key, None) if presence else None
        if presence is None or tab is None:
            return None
        if not presence.tabs:
            presence.leaving_at = now + GRACE
            presence.tabs[key] = tab
            tab.attentive = False
        elif presence.tab == key:
            presence.tab = next(iter(presence.tabs))
        self._changed(presence)
        return _dwell(presence, tab, now)

    def sweep(self, now: int) -> None:
        """Take off the board who left and did not come back."""
        gone = [p for p in self._present.values() if p.leaving_at is not None and p.leaving_at <= now]
        for presence in gone:
            del self._present[presence.visitor]
            self._tell(presence.visitor, None)

    def unwritten(self, now: int) -> list[Dwell]:
        """Attention since the last call, of all pages open now."""
        batch = []
        for presence in self._present.values():
            for tab in presence.tabs.values():
                if tab.active > tab.written and (dwell := _dwell(presence, tab, now)):
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
        self._changed(presence)

    def here(self) -> list[bytes]:
        """Visitors on the board."""
        return list(self._present)

    def _changed(self, presence: Presence) -> None:
        self._tell(presence.visitor, row_of(presence))

    def _tell(self, visitor: bytes, row: VisitorRow | None) -> None:
        self.n += 1
        self._listener(self.n, visitor, row)


def row_of(presence: Presence) -> VisitorRow:
    """What consoles see of a visitor."""
    tab = presence.tabs[presence.tab]
    return VisitorRow(
        id=id_hex(presence.visitor),
        visit=id_hex(presence.visit),
        customer=id_hex(presence.who.customer),
        name=presence.who.name,
        level=presence.who.level,
        site=presence.site,
        url=tab.url,
        title=tab.title,
        since=millis(tab.since),
        active_before=tab.active,
        attentive=tab.attentive,
        arrived=millis(presence.arrived),
        pages=presence.pages,
        visits=presence.visits,
        referrer=presence.referrer,
        language=presence.language,
        conversation=id_hex(presence.conversation) if presence.conversation else None,
        operator_name=presence.operator_name,
    )


def _dwell(presence: Presence, tab: Tab | None, now: int) -> Dwell | None:
    if tab is None or not tab.active:
        return None
    return Dwell(presence.visit, tab.n, int(tab.active * 1000), now)
