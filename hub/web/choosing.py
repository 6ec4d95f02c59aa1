"""What operators choose for themselves, at the door."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.actions import choose
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall


def routes(route: Router, hall: Hall) -> list[Route]:
    """For the sitemap."""

    async def chosen(request: Request, asks: Asks) -> Response:
        choices = await json_of(hall, request, choose.Choices)
        await hall.store.write(choose.choose, asks.actor.id, choices)
        return Json(choices)

    return [route("POST", "/api/me/choices", chosen)]
