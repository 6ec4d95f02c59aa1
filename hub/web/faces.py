"""An operator's picture, at the door: chosen, taken away, and handed out."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import media
from hub.actions import announce
from hub.conversations import faces
from hub.store import Tx
from hub.web.asking import Asks, Router, body_of
from hub.web.hall import Hall


def routes(route: Router, hall: Hall) -> list[Route]:
    """For the sitemap."""

    async def choose(request: Request, asks: Asks) -> Response:
        hall.origins.demand_own(request.scope)
        largest = media.faces.LARGEST
        data = await body_of(request, largest, f"picture: expected at most {largest // 1_000_000} MB")
        face = await asyncio.to_thread(media.faces.face, data)
        await hall.store.write(_keep, asks.actor.id, face)
        return Response(b"", 204)

    async def forget(request: Request, asks: Asks) -> Response:
        hall.origins.demand_own(request.scope)
        await hall.store.write(_keep, asks.actor.id, None)
        return Response(b"", 204)

    return [route("POST", "/api/me/picture", choose), route("DELETE", "/api/me/picture", forget)]


def _keep(tx: Tx, operator: bytes, face: bytes | None) -> None:
    faces.keep(tx, operator, face)
    announce.team(tx, operator)
