"""The quarantine at the door, for admins: what could not be delivered, with all that is known of it, and what shall become of it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import outbox
from hub.actions import undelivered
from hub.store import Read
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.wire import hex_id, id_hex, millis
from hub.wire.settings import JudgeUndelivered, Undelivered, UndeliveredPage

SHOWN = 100
LONGEST = 20_000
"""Characters that are shown of what was to be sent."""


def routes(route: Router, hall: Hall) -> list[Route]:
    """The quarantine, for the sitemap; `route` asks the policy first."""

    async def page(request: Request, asks: Asks) -> Response:
        return Json(await hall.store.read(_page))

    async def judge(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, JudgeUndelivered)
        item = None if asked.item is None else hex_id(asked.item)
        again = asked.verdict == "again"
        while (
            await hall.store.write(undelivered.decide, asked.connection, item, again=again) and item is None
        ):
            pass
        endpoint = hall.features.webhooks.get(asked.connection)
        if again and endpoint is not None and endpoint.held:
            await endpoint.again()  # to tell it something is to say that it is back
        return Json(await hall.store.read(_page))

    return [route("GET", "/api/undelivered", page), route("POST", "/api/undelivered", judge)]


def _page(read: Read) -> UndeliveredPage:
    found = outbox.aside(read, SHOWN)
    return UndeliveredPage(items=[_shown(one) for one in found], count=sum(outbox.counts(read).values()))


def _shown(one: outbox.Aside) -> Undelivered:
    return Undelivered(
        item=id_hex(one.item),
        connection=one.connection,
        kind=one.kind,
        conversation=id_hex(one.conversation) if one.conversation else None,
        attempts=one.attempts,
        made=millis(one.created_at),
        first=millis(one.first_at) if one.first_at else None,
        last=millis(one.aside_at),
        why=one.why,
        raw=one.raw[:LONGEST],
    )
