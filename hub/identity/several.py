"""The same decision about several touchpoints at once: retract them, or detach all they carry. Each is a row of its own, as if they
had been decided one by one; what they touch is settled once, and all of it is revoked the same way.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from hub.contract import Identifier
from hub.identity import decisions, nodes
from hub.identity.decisions import BadDecision, Decided, Spoken, UnknownDecision
from hub.identity.events import RecordEvent
from hub.identity.nodes import Moving
from hub.store.tx import Read, Tx

SQL_IS_ANYBODY = "SELECT 1 FROM evidence WHERE customer = ? LIMIT 1"

MOST: Final = 50
"""Touchpoints in one go: they are settled in one transaction."""
OPS: Final = ("detach", "retract")


class Several(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it: a decision for each touchpoint, or for each identifier that was detached from one; none where nothing was
    left to decide. `answer` and `pending` as in `Decided`."""

    decisions: tuple[bytes, ...]
    events: tuple[RecordEvent, ...] = ()
    answer: str = "recorded"
    pending: bool = False


def decide_several(tx: Tx, op: str, touches: Sequence[bytes], *, author: str = "", note: str = "") -> Several:
    """Retract these touchpoints, or detach every identifier they carry. Raises BadDecision."""
    if op not in OPS or not 1 <= len(touches) <= MOST:
        raise BadDecision(
            f"expected {' or '.join(OPS)} of 1 to {MOST} touchpoints; got {op!r} of {len(touches)}"
        )
    taken = [one for touch in dict.fromkeys(touches) for one in _spoken(tx, op, touch)]
    if not taken:
        return Several(decisions=(), answer="nothing that these touchpoints say counts any longer as it is")
    for one in taken:
        columns = [column for side in (*one.sides, None)[:2] for column in decisions._columns(side)]
        tx.run(decisions.SQL_DECIDE, (one.key, one.at, author, op, *columns, None, None, None, note))
    return _brought(tx, taken, [one.key for one in taken], counts=True)


def revoke_several(tx: Tx, keys: Iterable[bytes], *, author: str, note: str = "") -> Several:
    """Revoke decisions of that kind, exactly; those that are revoked already are left out. Raises UnknownDecision, BadDecision."""
    told, made = [], []
    for key in dict.fromkeys(keys):
        if tx.one(decisions.SQL_DECISION, (key,)) is None:
            raise UnknownDecision(f"no decision has the id {key.hex()}; nothing was revoked")
        spoken = decisions.spoken_of(tx, key)
        if spoken.op not in OPS or spoken.key != key:
            raise BadDecision(
                f"expected decisions to detach or retract; {key.hex()} is another, revoke it alone"
            )
        if decisions.in_force(tx, key):
            made.append(tx.new_id())
            tx.run(
                decisions.SQL_DECIDE,
                (made[-1], tx.now, author, "revoke", *(None,) * 6, key, None, None, note),
            )
            told.append(spoken)
    if not told:
        return Several(decisions=(), answer="these decisions are revoked already")
    return msgspec.structs.replace(_brought(tx, told, made, counts=False), answer="revoked")


def as_one(found: Several) -> Decided:
    """The same as the answer to one decision: its first stands for all."""
    first = found.decisions[0] if found.decisions else None
    return Decided(decision=first, events=found.events, answer=found.answer, pending=found.pending)


def _spoken(tx: Tx, op: str, touch: bytes) -> list[Spoken]:
    """What is to be recorded of one touchpoint; nothing where it has been decided already."""
    taken = set(tx.all(nodes.SQL_TAKEN, (touch,)))
    if (None, None) in taken:
        return []
    if op == "retract":
        return [Spoken(tx.new_id(), tx.now, op, (touch,))]
    row = tx.one(nodes.SQL_SAID_BY, (touch,))
    claims = nodes.said_by(row)[0] if row is not None else ()
    keys = dict.fromkeys((claim.kind, claim.value) for claim in claims)
    return [
        Spoken(tx.new_id(), tx.now, op, (touch, Identifier(kind=kind, value=value)))
        for kind, value in keys
        if (kind, value) not in taken
    ]


def _brought(tx: Tx, spoken: Sequence[Spoken], made: Sequence[bytes], *, counts: bool) -> Several:
    """Let the evidence be what they make of it, and settle that once."""
    for one in spoken:
        decisions._derive(tx, one, counts=counts and decisions.in_force(tx, one.key))
    moving = Moving(tx)
    sides = list(dict.fromkeys(one.sides[0] for one in spoken))
    before = _customers(tx, sides)
    for side in sides:
        assert isinstance(side, bytes), "they are about touchpoints"
        moving.touch(side)
    happened = moving.settle(made[0])
    told = {event.customer for event in happened}
    changed = tuple(
        RecordEvent(kind="changed", customer=who, cause=made[0], anchor=who)
        for who in dict.fromkeys((*before, *_customers(tx, sides)))
        if who not in told and tx.one(SQL_IS_ANYBODY, (who,)) is not None
    )
    pending = decisions._is_pending(tx, tuple(sides))
    return Several(decisions=tuple(made), events=(*happened, *changed), pending=pending)


def _customers(tx: Read, sides: Sequence[nodes.Side]) -> list[bytes]:
    rows = (tx.one(nodes.SQL_NODE_OF_TOUCH, (side,)) for side in sides)
    return [row[1] for row in rows if row is not None and row[1] is not None]
