"""Cases at the door: what a conversation goes on with, what is proposed for it and why; and an operator's word on it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import Actor
from hub.actions import cases, guard
from hub.conversations import cases as bonds
from hub.conversations import view
from hub.store import Read, Tx
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.wire import Refusal, hex_id, id_hex, millis
from hub.wire.cases import CasePage, CaseProposal, CaseReason, CaseStep, DecideCase
from hub.wire.console import ConversationRow

READ = "GET /api/conversations/{conversation}/case"
DECIDE = "POST /api/conversations/{conversation}/case"


def routes(route: Router, hall: Hall) -> list[Route]:
    """Cases, for the sitemap."""

    async def read(request: Request, asks: Asks) -> Response:
        conversation = hex_id(request.path_params["conversation"])
        return Json(await hall.store.read(_page, asks.actor, READ, conversation))

    async def decide(request: Request, asks: Asks) -> Response:
        conversation = hex_id(request.path_params["conversation"])
        asked = await json_of(hall, request, DecideCase)
        return Json(await hall.store.write(_decided, asks.actor, conversation, asked))

    path = "/api/conversations/{conversation}/case"
    return [route("GET", path, read), route("POST", path, decide)]


def _decided(tx: Tx, actor: Actor, conversation: bytes, asked: DecideCase) -> CasePage:
    guard.may_see(tx, actor, DECIDE, conversation)
    if asked.verdict == "split":
        cases.split(tx, actor.id, conversation)
    else:
        if asked.other is None:
            raise Refusal("bad_request", f"other: expected the conversation to {asked.verdict}, got nothing")
        other = hex_id(asked.other)
        guard.may_see(tx, actor, DECIDE, other)
        guard.may_see(tx, actor, DECIDE, bonds.head_of(tx, other))
        (cases.join if asked.verdict == "join" else cases.decline)(tx, actor.id, conversation, other)
    return _page(tx, actor, DECIDE, conversation)


def _page(read: Read, actor: Actor, what: str, conversation: bytes) -> CasePage:
    guard.may_see(read, actor, what, conversation)
    case = bonds.together(read, conversation)
    proposed = [one for one in cases.proposed(read, conversation) if guard.sees(read, actor, what, one.head)]
    return CasePage(
        members=[_row(read, one) for one in case if guard.sees(read, actor, what, one)]
        if len(case) > 1
        else [],
        proposals=[
            CaseProposal(
                row=_row(read, one.head),
                probability=round(one.weighed.probability, 3),
                reasons=[
                    CaseReason(word=it.word, weight=round(it.weight, 2), shown=list(it.shown))
                    for it in one.weighed.reasons
                ],
            )
            for one in proposed
        ],
        steps=[_step(step) for step in bonds.steps(read, conversation)],
        likely=bonds.LIKELY,
    )


def _row(read: Read, conversation: bytes) -> ConversationRow:
    found = view.row(read, conversation)
    assert found is not None, "a conversation of a case exists"
    return found


def _step(step: bonds.Step) -> CaseStep:
    return CaseStep(
        op=step.op,
        at=millis(step.at),
        other=id_hex(step.head),
        name=step.name,
        reasons=[
            CaseReason(
                word=it["word"], weight=round(it.get("weight", 0.0), 2), shown=list(it.get("shown", ()))
            )
            for it in step.reasons
        ],
    )
