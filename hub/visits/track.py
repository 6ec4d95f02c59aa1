"""Visits and page views as they are stored.

A visit is one touchpoint, so its id is the touch id that intake gave it and everything that happened in it hangs there. It goes on
over all tabs of the browser and ends with 30 idle minutes. A page view belongs to the tab that opened it; the same tab that
reconnects on the same address goes on with the page it had.
"""

from urllib.parse import parse_qs, urlsplit

import msgspec

from hub.store import Read, Tx

IDLE = 30 * 60 * 1_000_000
"""A visit without a sign of life for so long is over (microseconds)."""
MOST_PAGES = 500
"""Page views kept of one visit; from then on the last one is written over."""

SQL_CURRENT = """
SELECT id, number, opened_at, pages FROM visit
WHERE visitor = :visitor AND closed_at IS NULL AND last_at > :since ORDER BY last_at DESC LIMIT 1"""
SQL_LATEST = "SELECT id FROM visit WHERE visitor = :visitor ORDER BY last_at DESC LIMIT 1"
SQL_COUNT = "UPDATE visitor SET visits = visits + 1 WHERE id = :visitor RETURNING visits"
SQL_BEGIN = """
INSERT INTO visit (id, visitor, site, number, opened_at, last_at, referrer, language, zone, device, source, medium, campaign,
network, pages) VALUES (:id, :visitor, :site, :number, :now, :now, :referrer, :language, :zone, :device, :source, :medium,
:campaign, :network, 0)"""
SQL_LAST_OF_TAB = """
SELECT n, url, active_ms FROM page_view WHERE visit = :visit AND tab = :tab ORDER BY n DESC LIMIT 1"""
SQL_NEXT_PAGE = """
UPDATE visit SET pages = min(pages + 1, max(pages, :most)), last_at = :now WHERE id = :visit RETURNING pages"""
SQL_LOOK = """
INSERT INTO page_view (visit, n, tab, url, title, at, active_ms) VALUES (:visit, :n, :tab, :url, :title, :now, 0)
ON CONFLICT (visit, n) DO UPDATE SET tab = excluded.tab, url = excluded.url, title = excluded.title, at = excluded.at,
active_ms = 0, scroll = 0"""
SQL_RETITLE = "UPDATE page_view SET title = :title WHERE visit = :visit AND n = :n AND title = ''"
SQL_DWELL = """
UPDATE page_view SET active_ms = max(active_ms, :active_ms), scroll = max(scroll, :scroll)
WHERE visit = :visit AND n = :n"""
SQL_ACTIVE = "SELECT coalesce(sum(active_ms), 0) FROM page_view WHERE visit = :visit AND n <> :n"
SQL_ORIGIN = """
SELECT referrer, language, zone, device, source, medium, campaign, network FROM visit WHERE id = :visit"""
SQL_SEEN = "UPDATE visit SET last_at = max(last_at, :at) WHERE id = :visit"
SQL_CLOSE_IDLE = """
UPDATE visit SET closed_at = last_at WHERE id IN (
  SELECT id FROM visit WHERE closed_at IS NULL AND last_at <= :since ORDER BY last_at LIMIT :most) RETURNING id"""
SQL_LAST_PAGE = (
    "SELECT n, url, title, at FROM page_view WHERE visit = :visit ORDER BY at DESC, n DESC LIMIT 1"
)
SQL_PAGES = (
    "SELECT url, title, at, active_ms, scroll FROM page_view WHERE visit = :visit ORDER BY n LIMIT :most"
)
SQL_VISIT = "SELECT visitor, site, opened_at, pages FROM visit WHERE id = :visit"
SQL_SUMMARY = """
SELECT v.id, v.opened_at, v.last_at, v.pages, v.number, v.referrer, v.closed_at IS NOT NULL,
coalesce((SELECT sum(active_ms) FROM page_view p WHERE p.visit = v.id), 0) FROM visit v WHERE v.id = :visit"""


class Visit(msgspec.Struct, frozen=True):
    """A visit going on. `number` is 1 for the browser's first; `opened_at` in microseconds."""

    id: bytes
    number: int
    opened_at: int
    pages: int


class PageView(msgspec.Struct, frozen=True):
    """A page of a visit; `active_ms` is the attention it had before."""

    n: int
    active_ms: int
    fresh: bool


class Dwell(msgspec.Struct, frozen=True):
    """How long a page has been looked at and how far down (per cent), to be written in batches."""

    visit: bytes
    n: int
    active_ms: int
    scroll: int
    at: int


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a visit came from, as its first page and its browser say; `network` is an address cut short."""

    referrer: str = ""
    language: str = ""
    zone: str = ""
    device: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""
    network: str = ""


def origin_of(url: str, referrer: str, *, language: str, zone: str, device: str, network: str) -> Origin:
    """The origin of a visit that begins on this address; campaigns are told by its `utm_…` parameters."""
    try:
        asked = parse_qs(urlsplit(url).query, max_num_fields=100)
    except ValueError:
        asked = {}
    source, medium, campaign = (
        asked.get(f"utm_{name}", [""])[0][:100] for name in ("source", "medium", "campaign")
    )
    return Origin(
        referrer=referrer,
        language=language,
        zone=zone,
        device=device,
        source=source,
        medium=medium,
        campaign=campaign,
        network=network,
    )


class VisitSummary(msgspec.Struct, frozen=True):
    """A visit in one line of a timeline. Times in microseconds, attention in milliseconds."""

    id: bytes
    opened_at: int
    last_at: int
    pages: int
    number: int
    referrer: str
    closed: bool
    active_ms: int


OURS = "#hub:"
"""What a fragment begins with that the hub itself put into a link."""


def web_url(text: str) -> str:
    """The address of a page as it may be shown and linked: http or https, else nothing.

    A page says its own address, and whoever writes a page may say `javascript:` or something that no parser takes; no list in a
    console, and no rule over a visit, should have to know. A name and password in an address are dropped, and so is a fragment of our
    own: the link in a mail carries a code that is its reader's alone.
    """
    text = text.strip().partition(OURS)[0]
    try:
        parts = urlsplit(text)
        good = (
            parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) and text.isprintable()
        )
    except ValueError:
        return ""
    if not good:
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else text


def current(read: Read, visitor: bytes) -> Visit | None:
    """The visit this browser is in, if it is not over."""
    row = read.one(SQL_CURRENT, {"visitor": visitor, "since": read.now - IDLE})
    return Visit(*row) if row else None


def latest(read: Read, visitor: bytes) -> bytes | None:
    """The last visit of this browser, over or not."""
    row = read.one(SQL_LATEST, {"visitor": visitor})
    return row[0] if row else None


def begin(tx: Tx, *, visit: bytes, visitor: bytes, site: str, origin: Origin) -> Visit:
    """Store a new visit under the touch id that intake gave it."""
    row = tx.one(SQL_COUNT, {"visitor": visitor})
    number = row[0] if row else 1
    values = {"id": visit, "visitor": visitor, "site": site, "number": number, "now": tx.now}
    tx.run(SQL_BEGIN, {**values, **msgspec.structs.asdict(origin)})
    return Visit(visit, number, tx.now, 0)


def came_from(read: Read, visit: bytes) -> Origin:
    """Where a visit came from, as its first page said."""
    row = read.one(SQL_ORIGIN, {"visit": visit})
    return Origin(**dict(zip(Origin.__struct_fields__, row, strict=True))) if row else Origin()


def attention_before(read: Read, visit: bytes, n: int) -> float:
    """Seconds of attention that the visit's other pages have had."""
    row = read.one(SQL_ACTIVE, {"visit": visit, "n": n})
    return row[0] / 1000 if row else 0.0


def look(tx: Tx, visit: bytes, tab: str, url: str, title: str) -> PageView:
    """The tab looks at this address: a new page view, or the one it had when it only reconnected."""
    last = tx.one(SQL_LAST_OF_TAB, {"visit": visit, "tab": tab})
    if last is not None and last[1] == url:
        tx.run(SQL_RETITLE, {"visit": visit, "n": last[0], "title": title})
        return PageView(last[0], last[2], fresh=False)
    row = tx.one(SQL_NEXT_PAGE, {"visit": visit, "now": tx.now, "most": MOST_PAGES})
    assert row is not None, "a visit was begun before its pages"
    tx.run(SQL_LOOK, {"visit": visit, "n": row[0], "tab": tab, "url": url, "title": title, "now": tx.now})
    return PageView(row[0], 0, fresh=True)


def dwell(tx: Tx, batch: list[Dwell]) -> None:
    """Write attention; it only ever grows, so a late or repeated batch does no harm."""
    tx.many(
        SQL_DWELL, [{"visit": d.visit, "n": d.n, "active_ms": d.active_ms, "scroll": d.scroll} for d in batch]
    )
    tx.many(SQL_SEEN, [{"visit": d.visit, "at": d.at} for d in batch])


def close_idle(tx: Tx, most: int = 200) -> list[bytes]:
    """End up to `most` visits without a sign of life for 30 minutes, at the time of their last one. Returns their ids."""
    return [row[0] for row in tx.all(SQL_CLOSE_IDLE, {"since": tx.now - IDLE, "most": most})]


def pages(read: Read, visit: bytes, most: int = 500) -> list[tuple[str, str, int, int, int]]:
    """Pages of a visit in order: (url, title, at in microseconds, attention in milliseconds, scroll in per cent)."""
    return [(r[0], r[1], r[2], r[3], r[4]) for r in read.all(SQL_PAGES, {"visit": visit, "most": most})]


def last_page(read: Read, visit: bytes) -> tuple[int, str, str, int] | None:
    """(number, url, title, at in microseconds) of the page that was looked at last."""
    row = read.one(SQL_LAST_PAGE, {"visit": visit})
    return (row[0], row[1], row[2], row[3]) if row else None


def site_of(read: Read, visit: bytes) -> str | None:
    """Key of the site a visit belongs to; None for no such visit."""
    row = read.one(SQL_VISIT, {"visit": visit})
    return row[1] if row else None


def visitor_of(read: Read, visit: bytes) -> bytes | None:
    """The browser a visit is of."""
    row = read.one(SQL_VISIT, {"visit": visit})
    return row[0] if row else None


def summary(read: Read, visit: bytes) -> VisitSummary | None:
    """One line about a visit."""
    row = read.one(SQL_SUMMARY, {"visit": visit})
    return VisitSummary(*row) if row else None
