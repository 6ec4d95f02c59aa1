"""What a page's frames about the visit do. A page that is not tracked may say them all; nothing comes of it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from hub.actions import arrive, own, tell
from hub.config import SiteSection
from hub.web import limits
from hub.wire import encode, id_hex, level_word, millis
from hub.wire import visitor as wire

if TYPE_CHECKING:
    from hub.web.visitor import VisitorSession as Page

Verb = Callable[["Page", Any], Awaitable[None]]
Tracking = Literal["on", "off", "ask", "wait"]


TRACKING: Mapping[str, Tracking] = {"none": "on", "required": "ask", "wait": "wait"}
"""What a site's `consent` means for a visitor who has not answered."""


def tracking_of(site: SiteSection, asked: wire.Hello) -> Tracking:
    """What may be kept of this page: the visitor's own word first, then their browser's, then the site's rule."""
    if asked.consent == "granted":
        return "on"
    if asked.consent == "denied" or (asked.gpc and site.honour_gpc):
        return "off"
    return TRACKING[site.consent]


async def look(page: "Page", asked: wire.Look) -> None:
    """Where the page is: the first after a welcome, or another address without a reload. What may not be tracked is not heard."""
    if not page.tracked:
        return
    page.seen = asked
    visitor, visit = page.visitor, page.visit
    view = None
    if visit:
        page.hall.limits.take("pages", id_hex(visitor), limits.PAGES)
        view = await page.hall.store.write_background(arrive.look, visitor, visit, page.tab, asked.page)
        if page.visit != visit:  # another tab has said no to being tracked, or had everything forgotten
            return
    if view is None:
        await page.enter(asked)
        return
    left = page.hall.board.look(page.visitor, page.tab, asked.page, view.n, view.n, page.hall.clock())
    if left is not None:
        await page.hall.store.write_background(arrive.dwell, [left])


async def beat(page: "Page", asked: wire.Beat) -> None:
    """Still here."""
    now = page.hall.clock()
    page.hall.board.beat(page.visitor, page.tab, asked.active, asked.scroll, now)
    page.tell(encode(wire.Pong(now=millis(now))))


async def consent(page: "Page", asked: wire.Consent) -> None:
    """Yes or no to being tracked. A no counts for every tab of the browser at once."""
    if not page.withdraws(asked):
        page.hall.limits.take("hellos", page.address, limits.SOCKETS)
    others = page.hall.pages_of(page.visitor)
    await page.decide(granted=asked.granted)
    if not asked.granted:
        for other in others:
            if other is not page:
                await other.withdraw()


async def track(page: "Page", asked: wire.Track) -> None:
    """Something happened on the page."""
    if page.visit:
        page.hall.limits.take("events", id_hex(page.visitor), limits.EVENTS)
        fresh = await page.hall.store.write_background(
            tell.event,
            page.site_key,
            page.visitor,
            page.visit,
            asked.client_id,
            asked.name,
            asked.properties,
        )
        if fresh:
            page.hall.board.happened(page.visitor, asked.name, asked.properties)
    page.say(wire.Noted(client_id=asked.client_id))


async def cart(page: "Page", asked: wire.Cart) -> None:
    """What lies in the cart now."""
    if page.visit:
        page.hall.limits.take("events", id_hex(page.visitor), limits.EVENTS)
        held = await page.hall.store.write_background(
            tell.cart, page.visitor, page.visit, asked.items, asked.value, asked.currency
        )
        page.hall.board.holds(page.visitor, held)
    page.say(wire.Noted(client_id=asked.client_id))


async def mine(page: "Page", asked: wire.Mine) -> None:
    """What is stored about this browser?"""
    found = await page.hall.store.read(own.figures, page.visitor)
    page.say(
        wire.Stored(
            client_id=asked.client_id,
            since=millis(found.since) if found.since is not None else None,
            visits=found.visits,
            pages=found.pages,
            events=found.events,
            conversations=found.conversations,
            messages=found.messages,
            cart=found.cart,
            level=level_word(found.level),
        )
    )


async def forget(page: "Page", asked: wire.Forget) -> None:
    """Delete it, and begin as a stranger who is not tracked."""
    visitor = page.visitor
    pages = page.hall.pages_of(visitor) or [page]
    if visitor:
        # Before the deletion, so that no tab of this browser adds to what is being deleted.
        for each in pages:
            each.untrack()
        await page.hall.files.drop(await page.hall.store.write(own.forget, visitor))
    page.say(wire.Noted(client_id=asked.client_id))
    for each in pages:
        each.begin_anew()


TRACK: Mapping[type, Verb] = {
    wire.Look: look,
    wire.Beat: beat,
    wire.Consent: consent,
    wire.Track: track,
    wire.Cart: cart,
    wire.Mine: mine,
    wire.Forget: forget,
}
