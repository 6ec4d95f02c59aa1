"""What the desk asks for while somebody works there: hits inside a conversation, tags in use, pages of a
site, how it is in the queues."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import search
from hub.access import Actor
from hub.actions import guard
from hub.conversations import tags, waiting
from hub.store import Read
from hub.visits import lately
from hub.web.answers import Json
from hub.web.asking import Asks, Router
from hub.web.hall import Hall
from hub.wire import hex_id, id_hex, millis
from hub.wire.console import FoundIn, QueueLoad, QueueLoads, SitePage, SitePages, TagsInUse

FIND = "/api/conversations/{conversation}/find"


def routes(route: Router, hall: Hall) -> list[Route]:
    """What is read while one works, for the sitemap."""

    async def found(request: Request, asks: Asks) -> Response:
        conversation = hex_id(request.path_params["conversation"])
        text = request.query_params.get("q", "")
        await search.freshen(hall.store)
        return Json(await hall.store.read(_found, asks.actor, conversation, text))

    async def in_use(request: Request, asks: Asks) -> Response:
        team = None if asks.actor.kind == "admin" else asks.actor.id
        return Json(TagsInUse(items=await hall.store.read(tags.in_use, team)))

    async def queues(request: Request, asks: Asks) -> Response:
        return Json(QueueLoads(items=await hall.store.read(_loads)))

    async def pages(request: Request, asks: Asks) -> Response:
        return Json(SitePages(items=await hall.store.read(_pages, request.path_params["site"])))

    return [
        route("GET", FIND, found),
        route("GET", "/api/tags", in_use),
        route("GET", "/api/queues", queues),
        route("GET", "/api/sites/{site}/pages", pages),
    ]


def _found(read: Read, actor: Actor, conversation: bytes, text: str) -> FoundIn:
    guard.may_see(read, actor, f"GET {FIND}", conversation)
    hits, more = search.within(read, conversation, text)
    return FoundIn(hits=hits, more=more)


def _pages(read: Read, site: str) -> list[SitePage]:
    return [SitePage(url=url, title=title, at=millis(at)) for url, title, at in lately.pages(read, site)]


def _loads(read: Read) -> list[QueueLoad]:
    return [
        QueueLoad(
            id=id_hex(it.queue),
            name=it.name,
            waiting=it.waiting,
            oldest=None if it.oldest is None else millis(it.oldest),
            here=it.here,
        )
        for it in waiting.loads(read)
    ]
