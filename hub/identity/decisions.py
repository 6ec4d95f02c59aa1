"""Operators' decisions: append-only rows, and what they do to the evidence.

A decision names touchpoints and identifiers, never customers, whose ids move. It changes what counts as evidence (a touchpoint gets a
node of its own, loses a claim, an identifier joins nobody any longer), the rule does the rest, and revoking it gives exactly the
records there were without it. A decision may name what nobody has seen yet; it waits for it.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from hub.contract import Identifier, kind_of
from hub.identity import judging, lookups, nodes
from hub.identity.events import RecordEvent
from hub.identity.nodes import Moving, Side
from hub.identity.settling import RANKS, component
from hub.identity.terms import is_personal
from hub.store.tx import Read, Tx

OPS: Final = ("same", "never", "detach", "block", "unblock", "pin", "retract", "revoke")

SQL_DECIDE = """
INSERT INTO decision (id, at, author, op, a_touch, a_kind, a_value, b_touch, b_kind, b_value, target, attribute, value, note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
SQL_DECISION = """
SELECT id, at, op, a_touch, a_kind, a_value, b_touch, b_kind, b_value, target, attribute, value FROM decision WHERE id = ?"""
SQL_REVOKES = "SELECT id FROM decision WHERE op = 'revoke' AND target = ?"
SQL_RULE = "INSERT INTO ruling (decision, at, op, a, b) VALUES (?, ?, ?, ?, ?)"
SQL_UNRULE = "DELETE FROM ruling WHERE decision = ?"
SQL_TAKE = "INSERT INTO taken (decision, touch, kind, value) VALUES (?, ?, ?, ?)"
SQL_UNTAKE = "DELETE FROM taken WHERE decision = ?"
SQL_PIN = "INSERT INTO pin (decision, at, touch, attribute, value) VALUES (?, ?, ?, ?, ?)"
SQL_UNPIN = "DELETE FROM pin WHERE decision = ?"
SQL_BLOCKS = """
SELECT id, op FROM decision WHERE op IN ('block', 'unblock') AND a_kind = ? AND a_value = ? ORDER BY at DESC, id DESC"""
SQL_NEVERS_BETWEEN = """
SELECT r.decision FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key
JOIN evidence o ON o.key = CASE r.a WHEN e.key THEN r.b ELSE r.a END
WHERE e.customer = ? AND e.ruled AND r.op = 'never' AND o.customer = ?"""
SQL_MERGE = """
SELECT anchor, other_anchor FROM record_event
WHERE kind = 'merged' AND ((customer = :a AND other = :b) OR (customer = :b AND other = :a)) ORDER BY n DESC LIMIT 1"""
SQL_PROOFS = """
SELECT min(e.first), c.kind, c.level FROM evidence e INDEXED BY evidence_telling CROSS JOIN claim c ON c.evidence = e.key
WHERE e.customer = ? AND e.tells AND e.first IS NOT NULL AND c.links > 0 AND c.kind NOT IN ('device', 'session')
GROUP BY c.kind, c.level"""
SQL_ARRIVED = "SELECT 1 FROM touchpoint WHERE id = ?"
SQL_DIRTY = "SELECT c.dirty FROM evidence e JOIN component c ON c.label = e.component WHERE e.key = ?"

SHAPES: Final[dict[str, tuple[Any, ...]]] = {
    "same": (bytes | Identifier, bytes | Identifier),
    "never": (bytes | Identifier, bytes | Identifier),
    "detach": (bytes, Identifier),
    "block": (Identifier,),
    "unblock": (Identifier,),
    "pin": (bytes,),
    "retract": (bytes,),
}
"""What each operation names."""


class UnknownDecision(LookupError):
    """No decision has this id."""


class BadDecision(ValueError):
    """The decision cannot be read: a side is missing, or the operation is unknown."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a decision. `decision` is None when there was nothing to decide, and `answer` says why, in a sentence.

    `waiting`: it names a touchpoint that has not arrived yet, and takes effect when it does. `pending`: the records it touches are
    large, and are being worked out; `record_event` tells when. `against`: decisions in force that stop this one; revoke them first.
    """

    decision: bytes | None
    events: tuple[RecordEvent, ...] = ()
    answer: str = ""
    waiting: bool = False
    pending: bool = False
    against: tuple[bytes, ...] = ()


class Spoken(msgspec.Struct, frozen=True):
    """A decision as it was taken, at the end of a chain of revocations."""

    key: bytes
    at: int
    op: str
    sides: tuple[Side, ...]
    attribute: str = ""
    value: str = ""


def decide(
    tx: Tx,
    op: str,
    *,
    author: str,
    a: Side | None = None,
    b: Side | None = None,
    decision: bytes | None = None,
    attribute: str = "",
    value: str = "",
    note: str = "",
) -> Decided:
    """Record an operator's decision and bring the records to it.

    - same: `a` and `b` are one person. A side that is a touch id stands for its whole record: the row names the touchpoint that
      proves best who that is.
    - never: `a` and `b` are two people. The two ids of a merge take that merge back; the id of a record stands for the person the
      record is about; any other touch id for whoever was there.
    - detach: the identifier `b` was not this person's, in the touchpoint `a` alone.
    - block, unblock: the identifier `a` joins nobody any longer, or joins whatever else is thought of it.
    - pin: `value` is the `attribute` of whoever the touchpoint `a` is about, whatever is said elsewhere.
    - retract: nothing that the touchpoint `a` said counts.
    - revoke: `decision` no longer counts; revoking a revocation puts it in force again.

    Raises BadDecision, UnknownDecision, or UnknownKind.
    """
    if op == "revoke":
        return _revoke(tx, author, decision, note)
    sides = _sides_of(op, a, b, attribute)
    if op == "same" and (nothing := _same_already(tx, *sides)) is not None:
        return nothing
    sides = stand_for(tx, op, sides)
    if op in ("same", "never") and nodes.node_key(sides[0]) == nodes.node_key(sides[1]):
        return Decided(decision=None, answer="both sides are the same touchpoint: nobody is two people")
    made = tx.new_id()
    columns = [column for side in (*sides, None)[:2] for column in _columns(side)]
    tx.run(SQL_DECIDE, (made, tx.now, author, op, *columns, None, attribute or None, value or None, note))
    spoken = Spoken(made, tx.now, op, sides, attribute, value)
    happened = _bring(tx, spoken, made, counts=True)
    waiting = any(isinstance(side, bytes) and tx.one(SQL_ARRIVED, (side,)) is None for side in sides)
    answer = "recorded; it takes effect when the touchpoint it names arrives" if waiting else "recorded"
    return Decided(
        decision=made, events=happened, answer=answer, waiting=waiting, pending=_is_pending(tx, sides)
    )


def _sides_of(op: str, a: Side | None, b: Side | None, attribute: str) -> tuple[Side, ...]:
    """What a decision names, once it is known to be complete."""
    shape = SHAPES.get(op)
    sides = tuple(side for side in (a, b) if side is not None)
    fits = shape is not None and len(sides) == len(shape) and all(map(isinstance, sides, shape))
    if not fits or (op == "pin") != bool(attribute):
        raise BadDecision(
            f"expected same or never with two sides, detach with a touchpoint and an identifier, block or unblock with an identifier, "
            f"pin with a touchpoint and an attribute, retract with a touchpoint, or revoke with a decision; got {op!r}, a={a!r}, b={b!r}"
        )
    for side in sides:
        if isinstance(side, Identifier):
            kind_of(side.kind)
    return sides


def _same_already(tx: Read, a: Side, b: Side) -> Decided | None:
    if a == b:
        return Decided(
            decision=None, answer="this is one customer already: merging with oneself changes nothing"
        )
    if isinstance(a, Identifier) or isinstance(b, Identifier):
        return None
    try:
        left, right = lookups.resolve(tx, a), lookups.resolve(tx, b)
    except lookups.UnknownAnchor:
        return None
    if left == right:
        return Decided(decision=None, answer="these are one customer already: merging changes nothing")
    against = tuple(dict.fromkeys(row[0] for row in tx.all(SQL_NEVERS_BETWEEN, (left, right))))
    if against:
        answer = "an operator decided that these are two people; revoke that decision first"
        return Decided(decision=None, answer=answer, against=against)
    return None


def stand_for(tx: Read, op: str, sides: Sequence[Side]) -> tuple[Side, ...]:
    """What a decision about these names: of two records, or two people, what stands for them best."""
    if len(sides) != 2 or op not in ("same", "never"):
        return tuple(sides)
    if op == "never":
        return _as_they_were(tx, *sides)
    return _best_anchor(tx, sides[0]), _best_anchor(tx, sides[1])


def _best_anchor(tx: Read, side: Side) -> Side:
    """The touchpoint of the same record with the strongest claim: a visit that is anonymous today may be another's tomorrow."""
    if isinstance(side, Identifier):
        return side
    row = tx.one(nodes.SQL_NODE_OF_TOUCH, (side,))
    if row is None:
        return side
    known = component(tx, row[2])
    if known.customer == row[1] and not known.dirty:  # one record, and its summary knows
        return bytes(known.summary.best[2] if known.summary.best else row[1])
    said = [
        (RANKS[level], kind_of(kind).priority, touch)
        for touch, kind, level in tx.all(SQL_PROOFS, (row[1],))
        if is_personal((kind, ""))
    ]
    return bytes(min(said)[2] if said else row[1])


def _as_they_were(tx: Read, a: Side, b: Side) -> tuple[Side, Side]:
    """What stands best for the two sides of a `never`. The first touchpoint of a record is often an anonymous visit, and which
    of two records it goes with is the very question, so a side named by a record's id is replaced by better evidence."""
    if isinstance(a, Identifier) or isinstance(b, Identifier):
        return a, b
    merge = tx.one(SQL_MERGE, {"a": a, "b": b})
    if merge is not None:
        return merge[0], merge[1]
    row = tx.one(nodes.SQL_NODE_OF_TOUCH, (a,))
    if row is not None and row[1] == a:
        best = _best_anchor(tx, a)
        return (a if best == b else best), b
    if row is not None and row[1] == b:
        best = _best_anchor(tx, b)
        return a, (b if best == a else best)
    return a, b


def _columns(side: Side | None) -> tuple[Any, Any, Any]:
    if side is None:
        return (None, None, None)
    return (side, None, None) if isinstance(side, bytes) else (None, side.kind, side.value)


def _revoke(tx: Tx, author: str, decision: bytes | None, note: str) -> Decided:
    if decision is None or tx.one(SQL_DECISION, (decision,)) is None:
        raise UnknownDecision(
            f"no decision has the id {decision.hex() if decision else None}; nothing was revoked"
        )
    if not in_force(tx, decision):
        return Decided(decision=None, answer="this decision is revoked already")
    spoken = spoken_of(tx, decision)
    before = in_force(tx, spoken.key)
    made = tx.new_id()
    tx.run(SQL_DECIDE, (made, tx.now, author, "revoke", *(None,) * 6, decision, None, None, note))
    # Several revocations may speak of it, so one more or less need not change whether it counts.
    now = in_force(tx, spoken.key)
    if now == before:
        return Decided(decision=made, answer="recorded; other revocations decide whether the decision counts")
    happened = _bring(tx, spoken, made, counts=now)
    answer = "in force again" if now else "revoked"
    return Decided(decision=made, events=happened, answer=answer, pending=_is_pending(tx, spoken.sides))


def spoken_of(tx: Read, decision: bytes) -> Spoken:
    """The decision about people at the end of a chain of revocations."""
    while True:
        row = tx.one(SQL_DECISION, (decision,))
        assert row is not None, "revocations name decisions that exist"
        if row[2] != "revoke":
            return read_spoken(row)
        decision = row[9]


def read_spoken(row: tuple[Any, ...]) -> Spoken:
    """A row of SQL_DECISION that is no revocation."""
    key, at, op, *columns, _, attribute, value = row
    sides = tuple(side for side in (_side(columns[:3]), _side(columns[3:])) if side is not None)
    return Spoken(key, at, op, sides, attribute or "", value or "")


def _side(columns: list[Any]) -> Side | None:
    touch, kind, value = columns
    if touch is not None:
        return bytes(touch)
    return None if kind is None else Identifier(kind=kind, value=value)


def in_force(tx: Read, decision: bytes) -> bool:
    """Whether no revocation in force speaks against it."""
    return not any(in_force(tx, row[0]) for row in tx.all(SQL_REVOKES, (decision,)))


def _bring(tx: Tx, spoken: Spoken, cause: bytes, *, counts: bool) -> tuple[RecordEvent, ...]:
    """Let the evidence be what the decision makes of it, or what it is without, and settle what that touches."""
    _derive(tx, spoken, counts=counts)
    moving = Moving(tx)
    more: set[bytes] = set()
    if spoken.op in ("block", "unblock"):
        (side,) = spoken.sides
        assert isinstance(side, Identifier)
        more = judging.rule_on(tx, (side.kind, side.value), _latest_block(tx, side))
    elif spoken.op == "pin":
        return _is_known_otherwise(tx, spoken, cause)
    else:
        for side in spoken.sides if spoken.op in ("same", "never") else spoken.sides[:1]:
            if isinstance(side, bytes):
                moving.touch(side)
            else:
                moving.identifier(side)
    happened = moving.settle(cause, more)
    if spoken.op in ("retract", "detach") and not happened:
        return _is_known_otherwise(tx, spoken, cause)
    return happened


def _derive(tx: Tx, spoken: Spoken, *, counts: bool) -> None:
    """The derived row of a decision, while it counts."""
    key, at, op, sides = spoken.key, spoken.at, spoken.op, spoken.sides
    if not counts:
        for statement in (SQL_UNRULE, SQL_UNTAKE, SQL_UNPIN):
            tx.run(statement, (key,))
    elif op in ("same", "never"):
        tx.run(SQL_RULE, (key, at, op, nodes.node_key(sides[0]), nodes.node_key(sides[1])))
    elif op == "retract":
        tx.run(SQL_TAKE, (key, sides[0], None, None))
    elif op == "detach":
        tx.run(SQL_TAKE, (key, sides[0], *_columns(sides[1])[1:]))
    elif op == "pin":
        tx.run(SQL_PIN, (key, at, sides[0], spoken.attribute, spoken.value))


def _latest_block(tx: Read, side: Identifier) -> str | None:
    rows = tx.all(SQL_BLOCKS, (side.kind, side.value))
    return next((str(op) for key, op in rows if in_force(tx, key)), None)


def _is_known_otherwise(tx: Read, spoken: Spoken, cause: bytes) -> tuple[RecordEvent, ...]:
    """Nobody moved, but what is known of whoever the touchpoint is about is another."""
    row = tx.one(nodes.SQL_NODE_OF_TOUCH, (spoken.sides[0],))
    return () if row is None else (RecordEvent(kind="changed", customer=row[1], cause=cause, anchor=row[1]),)


def _is_pending(tx: Read, sides: tuple[Side, ...]) -> bool:
    keys = [nodes.node_key(side) for side in sides]
    named = [(side.kind, side.value) for side in sides if isinstance(side, Identifier)]
    return any(row[0] for key in keys if (row := tx.one(SQL_DIRTY, (key,)))) or any(
        tx.one(judging.SQL_IS_BEHIND, key) for key in named
    )
