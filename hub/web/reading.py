"""What the console reads in pages: conversations, messages, hits of a search, a customer's timeline, a visit's path."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import identity, search
from hub.access import Actor
from hub.actions import guard
from hub.conversations import listing, view
from hub.store import Read
from hub.visits import events, track
from hub.web import lists, searching, tracking_problems
from hub.web.answers import Json
from hub.web.asking import Asks, Router
from hub.web.customers import Wanted, wanted
from hub.web.customers import timeline as timeline_page
from hub.web.hall import Hall
from hub.web.tracking_keys import KIND
from hub.wire import Refusal, hex_id, millis
from hub.wire.common import CartLine
from hub.wire.console import (
    ConversationPage,
    EventSeen,
    MessagePage,
    PageSeen,
    SearchPage,
    TimelinePage,
    TrackingProblems,
    VisitPath,
)


def routes(route: Router, hall: Hall) -> list[Route]:
    """Everything that is only read, for the sitemap."""

    async def listed(request: Request, asks: Asks) -> Response:
        wanted, before = lists.asked(request.query_params, asks.actor.id)
        team = None if asks.actor.kind == "admin" else asks.actor.id
        page: ConversationPage = await hall.store.read(listing.listed, team, wanted, before)
        return Json(page)

    async def searched(request: Request, asks: Asks) -> Response:
        before = searching.bookmark(request.query_params.get("before"))
        text = request.query_params.get("q", "")
        await search.freshen(hall.store)
        page: SearchPage = await hall.store.read(searching.page, asks.actor, text, before)
        return Json(page)

    async def messages(request: Request, asks: Asks) -> Response:
        conversation = hex_id(request.path_params["conversation"])
        before = lists.number(request.query_params.get("before"), "before")
        after = lists.number(request.query_params.get("after"), "after")
        page: MessagePage = await hall.store.read(_page_of, asks.actor, conversation, before, after)
        return Json(msgspec.structs.replace(page, items=[hall.signed(item) for item in page.items]))

    async def timeline(request: Request, asks: Asks) -> Response:
        before = request.query_params.get("before")
        page: TimelinePage = await hall.store.read(
            _timeline_of,
            hex_id(request.path_params["customer"]),
            hex_id(before) if before else None,
            wanted(request.query_params),
        )
        return Json(page)

    async def visit(request: Request, asks: Asks) -> Response:
        path: VisitPath = await hall.store.read(_path_of, hex_id(request.path_params["visit"]))
        return Json(path)

    async def problems(request: Request, asks: Asks) -> Response:
        tracking = [it.name for it in hall.config.connections if it.kind == KIND]
        found = await hall.store.read(tracking_problems.listed, tracking)
        return Json(TrackingProblems(problems=found))

    return [
        route("GET", "/api/conversations", listed),
        route("GET", "/api/search", searched),
        route("GET", "/api/conversations/{conversation}/messages", messages),
        route("GET", "/api/customers/{customer}/timeline", timeline),
        route("GET", "/api/visits/{visit}", visit),
        route("GET", "/api/tracking/problems", problems),
    ]


def _page_of(
    read: Read, actor: Actor, conversation: bytes, before: int | None, after: int | None
) -> MessagePage:
    guard.may_see(read, actor, "GET /api/conversations/{conversation}/messages", conversation)
    return (
        view.page(read, conversation, before) if after is None else view.page_after(read, conversation, after)
    )


def _timeline_of(read: Read, anchor: bytes, before: bytes | None, asked: Wanted | None) -> TimelinePage:
    try:
        return timeline_page(read, identity.resolve(read, anchor), before, asked)
    except identity.UnknownAnchor:
        raise Refusal("not_found", f"no customer {anchor.hex()}") from None


def _path_of(read: Read, visit: bytes) -> VisitPath:
    if track.site_of(read, visit) is None:
        raise Refusal("not_found", f"no visit {visit.hex()}")
    seen = [
        PageSeen(url=url, title=title, at=millis(at), active=ms / 1000, scroll=scroll)
        for url, title, at, ms, scroll in track.pages(read, visit)
    ]
    told = [
        EventSeen(name=it.name, at=millis(it.at), properties=it.properties)
        for it in events.of_visit(read, visit)
    ]
    cart = events.cart_of(read, track.visitor_of(read, visit) or b"")
    lines = [CartLine(**msgspec.structs.asdict(item)) for item in cart.items] if cart else []
    return VisitPath(
        visit=visit.hex(),
        pages=seen,
        events=told,
        cart=lines,
        cart_value=cart.value if cart else 0.0,
        currency=cart.currency if cart else "",
    )
