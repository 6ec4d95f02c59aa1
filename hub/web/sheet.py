"""The sheet at the door: what a customer has volunteered anywhere, so that nobody asks for it again.

Words belong to the team they were said to. What was said to another team is told as known there, without its value: an operator
who needs it asks a colleague, and not the customer a second time.
"""

from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import Actor
from hub.actions import guard
from hub.conversations import routing, sheet, thread
from hub.store import Read
from hub.web.answers import Json
from hub.web.asking import Asks, Router
from hub.web.customers import operator_of
from hub.web.hall import Hall
from hub.wire import hex_id, id_hex, millis
from hub.wire.sheet import SheetAnswer, SheetFact, SheetPage

READ = "GET /api/conversations/{conversation}/sheet"


def routes(route: Router, hall: Hall) -> list[Route]:
    """The sheet, for the sitemap."""

    async def read(request: Request, asks: Asks) -> Response:
        conversation = hex_id(request.path_params["conversation"])
        return Json(await hall.store.read(_page, asks.actor, conversation))

    return [route("GET", "/api/conversations/{conversation}/sheet", read)]


def _page(read: Read, actor: Actor, conversation: bytes) -> SheetPage:
    guard.may_see(read, actor, READ, conversation)
    region = routing.region_of(read, thread.get(read, conversation).site)
    hidden: dict[bytes, str] = {}

    @cache
    def may_read(talk: bytes) -> bool:
        if (team := _hidden(read, actor, talk)) is not None:
            hidden[talk] = team
        return talk not in hidden

    known = sheet.sheet(read, conversation, region, may_read)
    return SheetPage(
        facts=[_fact(read, one, hidden) for one in known.facts],
        answers=[
            SheetAnswer(
                question=one.question,
                answer=one.answer,
                at=millis(one.at),
                conversation=id_hex(one.conversation),
                seq=one.seq,
            )
            for one in known.answers
            if may_read(one.conversation)
        ],
    )


def _fact(read: Read, one: sheet.Fact, hidden: dict[bytes, str]) -> SheetFact:
    if one.conversation in hidden:
        return SheetFact(
            kind=one.kind, value="", source=one.source, where=hidden[one.conversation], at=millis(one.at)
        )
    return SheetFact(
        kind=one.kind,
        value=one.value,
        source=one.source,
        where=operator_of(read, one.where) or one.where,
        at=millis(one.at),
        times=one.times,
        conversation=id_hex(one.conversation) if one.conversation else None,
        seq=one.seq,
        here=one.here,
    )


def _hidden(read: Read, actor: Actor, conversation: bytes) -> str | None:
    """The name of the team a conversation is with, when the asker may not read it."""
    if guard.sees(read, actor, READ, conversation):
        return None
    return routing.queue_name(read, thread.get(read, conversation).queue)
