"""Visitors whom only another tracker tells of, on the board of who is here.

Nothing says when they leave, and there is no socket to reach them by: they stay for a few minutes after the last page view that was told
of, attention is not counted, and nobody can invite them. Only where the connection asks for it, because a page that carries the
widget as well would be there twice: the two know the same browser by ids that nothing joins.
"""

from collections.abc import Sequence

from hub import identity
from hub.store import Read
from hub.tracking import Event
from hub.visits import events, reported, track
from hub.visits.live import Board, Presence, Tab, Who
from hub.web.hall import Hall
from hub.web.tracking_keys import Key
from hub.wire import level_word

FRESH = 5 * 60 * 1_000_000
"""Microseconds after the last page view for which somebody counts as here."""
MOST = 500
"""Told visitors on the board: the public key stands in pages, so anybody can make some up."""


async def show(hall: Hall, key: Key, told: Sequence[Event]) -> None:
    """These events have been written: whoever looked at a page just now is here."""
    since = hall.clock() - FRESH
    fresh = {
        reported.visitor_id(key.connection, event.anonymous_id)
        for event in told
        if event.call in ("page", "screen") and event.anonymous_id and event.at > since
    }
    room = MOST - sum(bool(presence.told_by) for presence in hall.board.present())
    here = [visitor for visitor in fresh if hall.board.get(visitor) or (room := room - 1) >= 0]
    if here:
        for presence in await hall.store.read(_present, here, key.connection, key.site_key):
            _enter(hall.board, presence, hall.clock())


def _enter(board: Board, presence: Presence, now: int) -> None:
    if presence.leaving_at is not None and presence.leaving_at > now:
        board.arrive(presence, presence.tab, presence.tabs[presence.tab])


def _present(read: Read, visitors: Sequence[bytes], connection: str, site: str) -> list[Presence]:
    found = (_presence(read, visitor, connection, site) for visitor in visitors)
    return [presence for presence in found if presence is not None]


def _presence(read: Read, visitor: bytes, connection: str, site: str) -> Presence | None:
    visit = track.current(read, visitor)
    last = track.last_page(read, visit.id) if visit else None
    if visit is None or last is None:
        return None
    n, url, title, at = last
    tab = Tab(n=n, url=track.web_url(url), title=title, since=at, attentive=False, heard=at)
    who, origin = identity.header(read, visit.id), track.came_from(read, visit.id)
    return Presence(
        visitor=visitor,
        visit=visit.id,
        site=site,
        who=Who(who.customer, who.name, level_word(who.here)),
        arrived=visit.opened_at,
        visits=visit.number,
        pages=visit.pages,
        referrer=track.web_url(origin.referrer),
        language=origin.language,
        tabs={connection: tab},
        tab=connection,
        device=origin.device,
        zone=origin.zone,
        source=origin.source,
        campaign=origin.campaign,
        cart=events.cart_of(read, visitor),
        told_by=connection,
        leaving_at=at + FRESH,
    )
