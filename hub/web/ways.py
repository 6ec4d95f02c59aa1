"""Where an answer to a conversation would go now, and where else it can."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import Actor
from hub.actions import guard
from hub.actions.outgoing import Here
from hub.conversations import legs, thread
from hub.store import Read
from hub.web.answers import Json
from hub.web.asking import Asks, Router
from hub.web.hall import Hall
from hub.wire import hex_id, millis
from hub.wire.ways import Ways, WayThere

READ = "GET /api/conversations/{conversation}/ways"
SQL_SEEN = "SELECT max(last_at) FROM visit WHERE visitor = :visitor"


def routes(route: Router, hall: Hall) -> list[Route]:
    """Ways, for the sitemap."""

    async def read(request: Request, asks: Asks) -> Response:
        conversation = hex_id(request.path_params["conversation"])
        return Json(await hall.store.read(_ways, asks.actor, conversation, hall.is_here))

    return [route("GET", "/api/conversations/{conversation}/ways", read)]


def _ways(read: Read, actor: Actor, conversation: bytes, here: Here) -> Ways:
    guard.may_see(read, actor, READ, conversation)
    talk = thread.get(read, conversation)
    found = legs.ways_of(read, talk)
    there = talk.visitor is not None and here(talk.visitor)
    seen = read.one(SQL_SEEN, {"visitor": talk.visitor}) if talk.visitor and not there else None
    return Ways(
        best=legs.best(found, here=there, called=legs.is_called(read, talk)).name,
        ways=[_shown(way) for way in found],
        here=there,
        left=millis(seen[0]) if seen and seen[0] else None,
    )


def _shown(way: legs.Way) -> WayThere:
    return WayThere(
        name=way.name,
        channel=way.channel,
        address=way.address,
        takes=way.takes,
        proven=way.proven,
        used=way.leg is not None and (way.heard_at is not None or way.leg.leg_seq > 0),
    )
