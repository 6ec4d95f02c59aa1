"""Why a record is one person, what a decision would do, and all that was decided: at the door."""

import struct
from collections import Counter
from collections.abc import Sequence
from heapq import nlargest
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import identity
from hub.actions.edit import KIND as ENTRY
from hub.contract import Group, Identifier, Level, UnknownKind, kind_of
from hub.store import Read
from hub.web import customers
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.wire import Refusal, hex_id, id_hex, level_word
from hub.wire.console import Decide, DecisionRow
from hub.wire.evidence import (
    Deciding,
    DecisionPage,
    Explanation,
    OtherCustomer,
    Preview,
    PreviewChange,
    PreviewMove,
    PreviewSide,
    WhyApart,
    WhyHold,
    WhyIdentifier,
    WhyLink,
    WhyTouch,
)

PAGE: Final = 50
PLACE: Final = struct.Struct(">q16s")
MOST_MOVES: Final = 40
"""Moves of a preview that are listed, the largest; a browser of thousands of visits falls apart into as many records."""
SQL_TOUCHES = "SELECT touches FROM customer_total WHERE customer = ?"
SQL_DECISION = """
SELECT id, at, author, op, note, a_touch, a_kind, a_value, b_touch, b_kind, b_value, attribute, value FROM decision WHERE id = ?"""
BROWSERS: Final = ("device", "session")


class Named(msgspec.Struct, frozen=True):
    """What a decision names."""

    a: bytes | Identifier | None
    b: bytes | Identifier | None
    decision: bytes | None


def named(asked: Deciding | Decide) -> Named:
    """The sides of a decision: touchpoints, and where the operation is about an identifier that one."""
    a, b = (None if side is None else hex_id(side) for side in (asked.a, asked.b))
    decision = None if asked.decision is None else hex_id(asked.decision)
    if not asked.kind:
        return Named(a, b, decision)
    held = Identifier(kind=asked.kind, value=asked.identifier)
    return Named(a, held, decision) if asked.op == "detach" else Named(held, b, decision)


def routes(route: Router, hall: Hall) -> list[Route]:
    """Evidence and decisions, for the sitemap."""

    async def why(request: Request, asks: Asks) -> Response:
        return Json(await hall.store.read(_explained, hex_id(request.path_params["customer"])))

    async def preview(request: Request, asks: Asks) -> Response:
        return Json(await hall.store.read(_previewed, await json_of(hall, request, Deciding)))

    async def decisions(request: Request, asks: Asks) -> Response:
        return Json(await hall.store.read(_decided, _place(request.query_params.get("before"))))

    return [
        route("GET", "/api/customers/{customer}/why", why),
        route("GET", "/api/decisions", decisions),
        route("POST", "/api/decisions/preview", preview),
    ]


def _explained(read: Read, customer: bytes) -> Explanation:
    try:
        today = identity.resolve(read, customer)
    except identity.UnknownAnchor as error:
        raise Refusal("not_found", str(error)) from None
    found = identity.explain(read, today)
    keys = {key: n for n, key in enumerate(found.statuses)}
    places = {piece.first: n for n, piece in enumerate(found.pieces)}
    entries = {piece.first for piece in found.pieces if customers.is_entry(read, piece.first)}
    return Explanation(
        customer=id_hex(today),
        touches=[_touch(read, piece, keys) for piece in found.pieces],
        identifiers=[_identifier(key, status, found) for key, status in found.statuses.items()],
        links=[_link(read, one, found, keys, places) for one in found.chain if not _of_entry(one, entries)]
        + _alike(found, keys, places),
        apart=[_apart(read, one, keys) for one in found.apart],
        more=found.more,
        large=found.large,
        pending=identity.is_being_worked_out(read, today),
    )


def _alike(
    found: identity.Explanation, keys: dict[tuple[str, str], int], places: dict[bytes, int]
) -> list[WhyLink]:
    """Touchpoints that say the very same are one piece of evidence, which nothing had to join: the best of what they all say did."""
    joined = {first for link in found.chain for first in link.firsts}
    links = []
    for piece in found.pieces:
        best = min((one for one in piece.carries if one.joins), key=_strength, default=None)
        if piece.touches > 1 and piece.first not in joined and best is not None:
            link = WhyLink(
                touches=[places[piece.first]], level=level_word(best.level), identifier=keys[best.identifier]
            )
            links.append(link)
    return links


def _strength(one: identity.Carried) -> tuple[bool, int, int]:
    kind = kind_of(one.identifier[0])
    return kind.group is Group.BROWSER, one.level.rank, kind.priority


def _of_entry(link: identity.Link, entries: set[bytes]) -> bool:
    """That an operator's entry is about this customer is a decision, too, and no news."""
    return link.decision is not None and not entries.isdisjoint(link.firsts)


def _touch(read: Read, piece: identity.Piece, keys: dict[tuple[str, str], int]) -> WhyTouch:
    item = customers.touch(read, piece.first)
    assert item is not None, "a node's first touchpoint is stored"
    holds = [
        WhyHold(identifier=keys[one.identifier], level=level_word(one.level), joins=one.joins)
        for one in piece.carries
    ]
    return WhyTouch(item=item, touches=piece.touches, holds=holds, names=list(piece.names))


def _identifier(key: tuple[str, str], status: str, found: identity.Explanation) -> WhyIdentifier:
    best = min(
        (one.level for piece in found.pieces for one in piece.carries if one.identifier == key),
        key=lambda level: level.rank,
    )
    value = "" if key[0] in BROWSERS else key[1]
    return WhyIdentifier(kind=key[0], value=value, level=level_word(best), status=status)


def _link(
    read: Read,
    link: identity.Link,
    found: identity.Explanation,
    keys: dict[tuple[str, str], int],
    places: dict[bytes, int],
) -> WhyLink:
    if link.decision is not None:
        touches = [places[first] for first in link.firsts if first in places]
        return WhyLink(touches=touches, level="verified", decision=_decision(read, link.decision))
    held = {
        places[piece.first]: one.level
        for piece in found.pieces
        for one in piece.carries
        if one.identifier == link.identifier and one.joins
    }
    weakest = max(held.values(), key=lambda level: level.rank, default=Level.ASSERTED)
    assert link.identifier is not None, "a link is an identifier or a decision"
    return WhyLink(touches=sorted(held), level=level_word(weakest), identifier=keys.get(link.identifier))


def _apart(read: Read, one: identity.Apart, keys: dict[tuple[str, str], int]) -> WhyApart:
    others = [identity.header(read, other) for other in one.others]
    return WhyApart(
        reason=one.reason,
        identifier=None if one.identifier is None else keys.get(one.identifier),
        decision=None if one.decision is None else _decision(read, one.decision),
        others=[OtherCustomer(id=id_hex(h.customer), name=h.name, level=level_word(h.level)) for h in others],
        more=one.more,
    )


def _decision(read: Read, decision: bytes) -> DecisionRow | None:
    row = read.one(SQL_DECISION, (decision,))
    return None if row is None else customers.decision(read, identity.ruled_of(read, row))


def _previewed(read: Read, asked: Deciding) -> Preview:
    names, touches = named(asked), [hex_id(one) for one in asked.touches]
    for side in (names.a, names.b, *touches):
        if isinstance(side, bytes):
            try:
                identity.resolve(read, side)
            except identity.UnknownAnchor as error:
                raise Refusal("not_found", str(error)) from None
    try:
        found = identity.preview_several(read, asked.op, touches) if touches else identity.preview(
            read, asked.op, a=names.a, b=names.b, decision=names.decision, attribute=asked.attribute, value=asked.value
        )  # fmt: skip
    except identity.TooLarge as error:
        return Preview(changes=True, answer=str(error), unseen=True, pending=True)
    except identity.UnknownDecision as error:
        raise Refusal("not_found", str(error)) from None
    except (identity.BadDecision, UnknownKind) as error:
        raise Refusal("bad_request", str(error)) from None
    return _shown(read, found, [side for side in (names.a, names.b, *touches) if isinstance(side, bytes)])


def _shown(read: Read, found: identity.Preview, named: list[bytes]) -> Preview:
    decided = found.decided
    listed = sorted(
        nlargest(MOST_MOVES, found.moves, key=lambda move: move.touches),
        key=lambda move: (move.before, move.after),
    )
    left = sum(move.touches for move in found.moves) - sum(move.touches for move in listed)
    sides = _sides(read, found, named, listed if left else None)
    shown = {side.customer for side in sides}
    born = {side.customer for side in sides if side.before == 0}
    fields = [
        PreviewChange(
            customer=id_hex(one.customer),
            attribute=one.attribute,
            # Who comes into being had nothing before: what it was in the record it comes from is told there.
            before=None if id_hex(one.customer) in born else one.before,
            after=one.after,
        )
        for one in found.fields
        if id_hex(one.customer) in shown and (one.after is not None or id_hex(one.customer) not in born)
    ]
    moves = [
        PreviewMove(
            before=id_hex(one.before),
            after=id_hex(one.after),
            touches=one.touches,
            some=[item for touch in one.some if (item := customers.touch(read, touch)) is not None],
        )
        for one in listed
    ]
    return Preview(
        changes=decided.decision is not None,
        answer=decided.answer,
        sides=sides,
        moves=moves,
        more=left,
        fields=fields,
        against=[row for key in decided.against if (row := _decision(read, key)) is not None],
        pending=decided.pending,
    )


def _sides(
    read: Read, found: identity.Preview, named: list[bytes], moves: Sequence[identity.Move] | None
) -> list[PreviewSide]:
    """Everybody it touches: who is named, who gives, who gets; where not all `moves` are listed, of those that are."""
    ids = [identity.resolve(read, side) for side in named]
    ids += [one for move in (found.moves if moves is None else moves) for one in (move.before, move.after)]
    if moves is None:
        ids += [one.customer for one in found.fields]
    comes = Counter[bytes]()
    for move in found.moves:
        comes[move.after] += move.touches
        comes[move.before] -= move.touches
    called = {one.customer: one.after for one in found.fields if one.attribute == "name"}
    return [_side(read, who, comes[who], called.get(who)) for who in dict.fromkeys(ids)]


def _side(read: Read, who: bytes, comes: int, called: str | None) -> PreviewSide:
    """One of them, to whom so many touchpoints come, and what they would be called if that is another name."""
    row = read.one(SQL_TOUCHES, (who,))
    before = row[0] if row else 0
    header = identity.header(read, who)
    name = header.name if before else called or ""
    level = level_word(header.level) if before else "observed"
    return PreviewSide(
        customer=id_hex(who), name=name, level=level, before=before, after=max(0, before + comes)
    )


def _decided(read: Read, before: tuple[int, bytes]) -> DecisionPage:
    found = identity.decided(read, before, PAGE, ENTRY)
    last = found[-1] if len(found) == PAGE else None
    return DecisionPage(
        items=[customers.decision(read, one) for one in found],
        next=PLACE.pack(last.at, last.decision).hex() if last else None,
    )


def _place(text: str | None) -> tuple[int, bytes]:
    """Where the page before ended, as its `next` said."""
    if text is None:
        return identity.LATEST
    try:
        at, key = PLACE.unpack(bytes.fromhex(text))
    except (ValueError, struct.error):
        raise Refusal(
            "bad_request", f"before: expected `next` of the page before, got {text[:90]!r}"
        ) from None
    return int(at), bytes(key)
