"""The quarantine at the door, for admins: what could not be delivered, or not be read when it came, with all that is known of it, and what
shall become of it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import outbox
from hub.actions import undelivered
from hub.intake import asides
from hub.store import Read
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.wire import Refusal, hex_id, id_hex, millis
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
        again = asked.verdict == "again"
        item = None if asked.item is None else hex_id(asked.item)
        come_in = [item] if item else await hall.store.read(asides.of, asked.connection)
        read = [one for one in come_in if await _read_again(hall, one, again=again, alone=item is not None)]
        if not read or item is None:
            while (
                await hall.store.write(undelivered.decide, asked.connection, item, again=again)
                and item is None
            ):
                pass
        endpoint = hall.features.webhooks.get(asked.connection)
        if again and endpoint is not None and endpoint.held:
            await endpoint.again()  # to tell it something is to say that it is back
        return Json(await hall.store.read(_page))

    return [route("GET", "/api/undelivered", page), route("POST", "/api/undelivered", judge)]


async def _read_again(hall: Hall, item: bytes, *, again: bool, alone: bool) -> bool:
    """Decide about what came in; False when this is none of it. Refusals: too_large, of one `alone` of which only the beginning is kept."""
    held = await hall.store.read(asides.one, item)
    if held is None:
        return False
    if not again:
        await hall.store.write(asides.give_up, item)
    elif not held.whole and not alone:
        return True
    elif not held.whole:
        raise Refusal("too_large", "only the beginning of it is kept; it is still where it came from")
    elif why := await hall.features.read_again(held.connection, held.aside):
        await hall.store.write(asides.still, item, why)
    else:
        await hall.store.write(asides.done, item, held)
    return True


def _page(read: Read) -> UndeliveredPage:
    out = [_shown(one) for one in outbox.aside(read, SHOWN)]
    come_in = [_came(one) for one in asides.listed(read, SHOWN)]
    found = sorted([*out, *come_in], key=lambda one: -one.last)[:SHOWN]
    count = sum(outbox.counts(read).values()) + sum(asides.counts(read).values())
    return UndeliveredPage(items=found, count=count)


def _came(one: asides.Kept) -> Undelivered:
    return Undelivered(
        item=id_hex(one.id),
        connection=one.connection,
        kind="incoming",
        attempts=one.tries,
        made=millis(one.created_at),
        last=millis(one.at),
        why=one.why,
        raw=one.raw.decode("utf-8", "replace")[:LONGEST],
    )


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
