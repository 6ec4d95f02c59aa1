"""Visits that other trackers tell of: the same rows as our own pages make, but late, out of order, and perhaps twice.

Nothing here asks what time it is. An event belongs to the visit that its own time falls into, with 30 idle minutes at either end, so a
batch that a telephone kept for a day builds the same visits as one that came at once. Pages and events carry an origin, the hash of who
told of them and their own id for it, and are stored once.
"""

from hashlib import blake2b
from typing import Any

import msgspec

from hub.store import Tx
from hub.visits import events
from hub.visits.track import IDLE, MOST_PAGES, Origin

SQL_BROWSER = "INSERT INTO visitor (id, site, created_at, visits) VALUES (:id, :site, :at, 0) ON CONFLICT (id) DO NOTHING"
SQL_VISIT_AT = """
SELECT id, opened_at, last_at FROM visit WHERE visitor = :visitor AND last_at >= :at - :idle AND opened_at <= :at + :idle
ORDER BY abs(min(:at - opened_at, 0)) + max(:at - last_at, 0), last_at DESC LIMIT 1"""
SQL_COUNT = "UPDATE visitor SET visits = visits + 1 WHERE id = :visitor RETURNING visits"
SQL_BEGIN = """
INSERT INTO visit (id, visitor, site, number, opened_at, last_at, closed_at, referrer, language, zone, device, source, medium,
                   campaign, network, pages)
VALUES (:id, :visitor, :site, :number, :at, :at, :closed, :referrer, :language, :zone, :device, :source, :medium, :campaign,
        :network, 0)"""
SQL_STRETCH = """
UPDATE visit SET opened_at = min(opened_at, :at), last_at = max(last_at, :at),
closed_at = CASE WHEN closed_at IS NULL THEN NULL ELSE max(closed_at, :at) END WHERE id = :visit"""
SQL_PAGE_SEEN = "SELECT 1 FROM page_view WHERE origin = :origin"
SQL_NEXT_PAGE = "UPDATE visit SET pages = min(pages + 1, max(pages, :most)) WHERE id = :visit RETURNING pages"
SQL_PAGE = """
INSERT INTO page_view (visit, n, tab, url, title, at, origin) VALUES (:visit, :n, '', :url, :title, :at, :origin)
ON CONFLICT (visit, n) DO UPDATE SET tab = '', url = excluded.url, title = excluded.title, at = excluded.at,
origin = excluded.origin, active_ms = 0, scroll = 0"""
SQL_EVENT_SEEN = "SELECT 1 FROM visit_event WHERE origin = :origin"


def visitor_id(connection: str, browser: str) -> bytes:
    """The visitor behind another tracker's id for a browser. It has no token, so nobody can ever speak as this visitor."""
    return blake2b(f"{connection}:{browser}".encode(), digest_size=16, person=b"reported").digest()


def origin(connection: str, message_id: str) -> bytes:
    """16 bytes that are the same for the same message of the same connection."""
    return blake2b(f"{connection}:{message_id}".encode(), digest_size=16, person=b"message").digest()


def visit_at(tx: Tx, visitor: bytes, at: int) -> bytes | None:
    """The visit that a moment falls into."""
    row = tx.one(SQL_VISIT_AT, {"visitor": visitor, "at": at, "idle": IDLE})
    return row[0] if row else None


def begin(tx: Tx, *, visit: bytes, visitor: bytes, site: str, at: int, beginning: Origin) -> None:
    """Store a visit that began at `at`. One that is long over is closed at once."""
    row = tx.one(SQL_COUNT, {"visitor": visitor})
    values = {"id": visit, "visitor": visitor, "site": site, "at": at, "number": row[0] if row else 1}
    closed = at if at <= tx.now - IDLE else None
    tx.run(SQL_BEGIN, {**values, "closed": closed, **msgspec.structs.asdict(beginning)})


def know_browser(tx: Tx, visitor: bytes, site: str, at: int) -> None:
    """A browser is there, whether it was before or not."""
    tx.run(SQL_BROWSER, {"id": visitor, "site": site, "at": at})


def page(tx: Tx, visit: bytes, *, origin: bytes, url: str, title: str, at: int) -> None:
    """A page was looked at. From the most that are kept of a visit on, the last one is written over."""
    row = tx.one(SQL_NEXT_PAGE, {"visit": visit, "most": MOST_PAGES})
    assert row is not None, "a visit was begun before its pages"
    tx.run(SQL_PAGE, {"visit": visit, "n": row[0], "url": url, "title": title, "at": at, "origin": origin})
    tx.run(SQL_STRETCH, {"visit": visit, "at": at})


def page_seen(tx: Tx, origin: bytes) -> bool:
    """Whether this page view has been told of."""
    return tx.one(SQL_PAGE_SEEN, {"origin": origin}) is not None


def event_seen(tx: Tx, origin: bytes) -> bool:
    """Whether this event has been told of."""
    return tx.one(SQL_EVENT_SEEN, {"origin": origin}) is not None


def event(tx: Tx, visit: bytes, *, origin: bytes, name: str, at: int, properties: dict[str, Any]) -> None:
    """Something happened in a visit. Nothing beyond what a visit may hold is kept, nor properties beyond what an event may."""
    if events.is_full(tx, visit):
        return
    body = msgspec.json.encode(properties)
    if len(body) > events.LARGEST:
        body = b"{}"
    events.add(tx, visit, origin=origin, name=name, at=at, body=body)
    tx.run(SQL_STRETCH, {"visit": visit, "at": at})
