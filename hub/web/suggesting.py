"""The suggestions desk at the door: who may be one person, with what each side says; and an operator's word on it."""

import struct
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import identity
from hub.access import Actor
from hub.actions import suggest
from hub.identity import shelves, suggesting
from hub.identity.matching.model import probability
from hub.identity.shelves import TOP, Place, Shelf, Suggested
from hub.identity.suggesting import QUEUE_BITS, Said
from hub.store import Read
from hub.web import customers
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.wire import Refusal, hex_id, id_hex, level_word, millis
from hub.wire.suggestions import (
    JudgedSuggestion,
    JudgeSuggestion,
    Suggestion,
    SuggestionPage,
    SuggestionPair,
    SuggestionSide,
    SuggestionStep,
)

PAGE: Final = 20
LATEST: Final = 3
"""Touchpoints shown of each side."""
PLACE: Final = struct.Struct(">d16s16s")
COUNTED: Final = 10_000
SQL_HEARD = f"""
SELECT count(*), max(id) FROM (
  SELECT t.id FROM evidence e JOIN touchpoint t ON t.evidence = e.key WHERE e.customer = :customer LIMIT {COUNTED})"""
SAYS: Final = {"given": ("name", "given"), "surname": ("name", "surname")}
"""Where a field's values are, when not under its own name."""


def routes(route: Router, hall: Hall) -> list[Route]:
    """Suggestions, for the sitemap."""

    async def read(request: Request, asks: Asks) -> Response:
        asked = request.query_params
        if (customer := asked.get("customer")) is not None:
            return Json(await hall.store.read(_of_customer, hex_id(customer)))
        shelf = asked.get("shelf", "queue")
        if shelf not in ("queue", "more"):
            raise Refusal("bad_request", f"shelf: expected queue or more, got {shelf[:40]!r}")
        wanted: Shelf = "queue" if shelf == "queue" else "more"
        return Json(await hall.store.read(_page, wanted, _place(asked.get("before"))))

    async def judge(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, JudgeSuggestion)
        answer = await judged(hall, asks.actor, asked)
        assert asks.operator is not None, "the policy lets operators in"
        if asked.verdict == "again":
            await hall.pairs.look()
        else:
            await hall.pairs.judged(asked.a, asked.b, asks.operator)
        return Json(answer)

    async def pair(request: Request, asks: Asks) -> Response:
        sides = [hex_id(request.query_params.get(side, "")) for side in "ab"]
        return Json(await hall.store.read(_pair, *sides))

    return [
        route("GET", "/api/suggestions", read),
        route("POST", "/api/suggestions", judge),
        route("GET", "/api/suggestions/pair", pair),
    ]


async def judged(hall: Hall, actor: Actor, asked: JudgeSuggestion) -> JudgedSuggestion:
    """Carry out an operator's word. Refusals: see `actions.suggest.judge`."""
    customer, decision = await hall.store.write(
        suggest.judge,
        id_hex(actor.id),
        hex_id(asked.a),
        hex_id(asked.b),
        asked.verdict,
        asked.note,
        asked.days,
    )
    return JudgedSuggestion(customer=id_hex(customer), decision=id_hex(decision) if decision else None)


def _page(read: Read, shelf: Shelf, before: Place) -> SuggestionPage:
    found = shelves.page(read, shelf, before, PAGE)
    last = found[-1] if len(found) == PAGE else None
    return SuggestionPage(
        items=_shown(read, found),
        next=PLACE.pack(last.bits, last.a, last.b).hex() if last else None,
        queue=shelves.waiting(read, "queue"),
        more=shelves.waiting(read, "more"),
        pending=suggesting.pending(read),
    )


def _of_customer(read: Read, customer: bytes) -> SuggestionPage:
    try:
        today = identity.resolve(read, customer)
    except identity.UnknownAnchor as error:
        raise Refusal("not_found", str(error)) from None
    found = _shown(read, shelves.of_customer(read, today, PAGE))
    queue = sum(1 for item in found if item.shelf == "queue")
    return SuggestionPage(items=found, queue=queue, more=len(found) - queue, pending=suggesting.pending(read))


def _pair(read: Read, a: bytes, b: bytes) -> SuggestionPair:
    try:
        one, other = identity.resolve(read, a), identity.resolve(read, b)
    except identity.UnknownAnchor as error:
        raise Refusal("not_found", str(error)) from None
    if one == other:
        raise Refusal("not_found", "these are one customer by now; read the suggestions anew")
    others = _others(read, one, other)
    ours, theirs = customers.customer(read, one), customers.customer(read, other)
    return SuggestionPair(
        a=ours,
        b=theirs,
        fields=customers.together(read, one, other),
        touchpoints=ours.touchpoints + theirs.touchpoints,
        latest_a=customers.timeline(read, one, None).items[:LATEST],
        latest_b=customers.timeline(read, other, None).items[:LATEST],
        others=others or 0,
        unseen=others is None,
    )


def _others(read: Read, a: bytes, b: bytes) -> int | None:
    """Touchpoints of nobody of these two that joining them would move: the decision is tried out on a copy. None: too many to tell."""
    try:
        found = identity.preview(read, "same", a=a, b=b)
    except identity.TooLarge:
        return None
    return sum(move.touches for move in found.moves if move.before not in (a, b))


def _place(text: str | None) -> Place:
    """Where the page before ended, as its `next` said."""
    if text is None:
        return TOP
    try:
        bits, a, b = PLACE.unpack(bytes.fromhex(text))
    except (ValueError, struct.error):
        raise Refusal(
            "bad_request", f"before: expected `next` of the page before, got {text[:90]!r}"
        ) from None
    return float(bits), a, b


def _shown(read: Read, found: list[Suggested]) -> list[Suggestion]:
    """What is there to judge: a pair that has become one, or lost a side, since it was looked at is left out."""
    return [shown for one in found if (shown := _suggestion(read, one)) is not None]


def _suggestion(read: Read, one: Suggested) -> Suggestion | None:
    try:
        a, b = _side(read, one.a), _side(read, one.b)
    except identity.UnknownAnchor:
        return None
    if a.customer == b.customer:
        return None
    ours, theirs = shelves.said_by(read, one.a), shelves.said_by(read, one.b)
    return Suggestion(
        a=a,
        b=b,
        probability=round(probability(one.bits), 4),
        bits=round(one.bits, 3),
        prior=round(one.prior, 3),
        steps=[
            SuggestionStep(field=field, level=level, bits=bits, a=_says(ours, field), b=_says(theirs, field))
            for field, level, bits in one.steps
        ],
        shelf="queue" if one.bits >= QUEUE_BITS else "more",
        accounts=one.accounts,
        found=millis(one.found_at),
        until=None if one.until is None else millis(one.until),
    )


def _says(said: Said, field: str) -> str:
    return " · ".join(value for name in SAYS.get(field, (field,)) for value in said.get(name, ()) if value)


def _side(read: Read, anchor: bytes) -> SuggestionSide:
    who = identity.header(read, anchor)
    row = read.one(SQL_HEARD, {"customer": who.customer})
    assert row is not None
    count, last = row
    return SuggestionSide(
        customer=id_hex(who.customer),
        name=who.name,
        level=level_word(who.level),
        touchpoints=count,
        last=int.from_bytes(last[:6], "big"),
    )
