"""What the desk asks for while somebody works there: hits inside a conversation, tags in use, how it is in the queues."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import search
from hub.access import Actor
from hub.actions import guard
from hub.conversations import tags, waiting
from hub.store import Read
from hub.web.answers import Json
from hub.web.asking import Asks, Router
from hub.web.hall import Hall
from hub.wire import hex_id, id_hex, millis
from hub.wire.console import FoundIn, QueueLoad, QueueLoads, TagsInUse

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

    return [
        route("GET", FIND, found),
        route("GET", "/api/tags", in_use),
        route("GET", "/api/queues", queues),
    ]


def _found(read: Read, actor: Actor, conversation: bytes, text: str) -> FoundIn:
    guard.may_see(read, actor, f"GET {FIND}", conversation)
    hits, more = search.within(read, conversation, text)
    return FoundIn(hits=hits, more=more)


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
