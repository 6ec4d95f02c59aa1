"""Operators' decisions: append-only rows, and the nodes they speak about.

A decision names touchpoints and identifiers, never customers, whose ids move. What it names gets a node of its own (touchpoints that
say the same share one otherwise), joins or parts records by the rule like any evidence, and goes back when the decision is revoked:
revoking gives exactly the records there were without it. A decision may name a touchpoint nobody has seen yet; it waits for it.
"""

from typing import Any, Final

import msgspec

from hub.contract import Identifier, kind_of
from hub.identity import lookups, nodes
from hub.identity.events import RecordEvent
from hub.identity.nodes import Side
from hub.identity.settling import Loaded, anchors, settle
from hub.store.tx import Read, Tx

OPS: Final = ("same", "never", "revoke")

SQL_DECIDE = """
INSERT INTO decision (id, at, author, op, a_touch, a_kind, a_value, b_touch, b_kind, b_value, target, note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
SQL_DECISION = (
    "SELECT id, at, op, a_touch, a_kind, a_value, b_touch, b_kind, b_value, target FROM decision WHERE id = ?"
)
SQL_REVOKES = "SELECT id FROM decision WHERE op = 'revoke' AND target = ?"
SQL_RULE = "INSERT INTO ruling (decision, at, op, a, b) VALUES (?, ?, ?, ?, ?)"
SQL_RULES = "SELECT 1 FROM ruling WHERE decision = ?"
SQL_UNRULE = "DELETE FROM ruling WHERE decision = ?"
SQL_RULED = "SELECT 1 FROM ruling WHERE a = :key OR b = :key LIMIT 1"
SQL_NEVERS_BETWEEN = """
SELECT r.decision FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key
JOIN evidence o ON o.key = CASE r.a WHEN e.key THEN r.b ELSE r.a END
WHERE e.customer = ? AND e.ruled AND r.op = 'never' AND o.customer = ?"""
SQL_MERGE = """
SELECT anchor, other_anchor FROM record_event
WHERE kind = 'merged' AND ((customer = :a AND other = :b) OR (customer = :b AND other = :a)) ORDER BY n DESC LIMIT 1"""
SQL_COMPONENTS_OF = "SELECT DISTINCT component FROM evidence WHERE customer = ?"


class UnknownDecision(LookupError):
    """No decision has this id."""


class BadDecision(ValueError):
    """The decision cannot be read: a side is missing, or the operation is unknown."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a decision. `decision` is None when there was nothing to decide, and `answer` says why, in a sentence.

    `waiting`: it names a touchpoint that has not arrived yet, and takes effect when it does. `against`: decisions in force that stop
    this one; revoke them first.
    """

    decision: bytes | None
    events: tuple[RecordEvent, ...] = ()
    answer: str = ""
    waiting: bool = False
    against: tuple[bytes, ...] = ()


def decide(
    tx: Tx,
    op: str,
    *,
    author: str,
    a: Side | None = None,
    b: Side | None = None,
    decision: bytes | None = None,
    note: str = "",
) -> Decided:
    """Record an operator's decision and bring the records to it.

    - same: `a` and `b` are one person. A side that is a touch id stands for its whole record: the row names the touchpoint that
      proves best who that is.
    - never: `a` and `b` are two people. The two ids of a merge take that merge back; the id of a record stands for the person the
      record is about; any other touch id for whoever was there.
    - revoke: `decision` no longer counts; revoking a revocation puts it in force again.

    Raises BadDecision, UnknownDecision, or UnknownKind.
    """
    if op == "revoke":
        return _revoke(tx, author, decision, note)
    if op not in OPS or a is None or b is None:
        raise BadDecision(
            f"expected same or never with two sides, or revoke with a decision; got {op!r}, a={a!r}, b={b!r}"
        )
    for side in (a, b):
        if isinstance(side, Identifier):
            kind_of(side.kind)
    if op == "same":
        nothing = _same_already(tx, a, b)
        if nothing is not None:
            return nothing
        a, b = _best_anchor(tx, a), _best_anchor(tx, b)
    else:
        a, b = _as_they_were(tx, a, b)
    if nodes.node_key(a) == nodes.node_key(b):
        return Decided(decision=None, answer="both sides are the same touchpoint: nobody is two people")
    made = tx.new_id()
    tx.run(SQL_DECIDE, (made, tx.now, author, op, *_columns(a), *_columns(b), None, note))
    happened = _put_in_force(tx, made, tx.now, op, (a, b))
    waiting = any(tx.one(nodes.SQL_NODE, (nodes.node_key(side),)) is None for side in (a, b))
    answer = "recorded; it takes effect when the touchpoint it names arrives" if waiting else "recorded"
    return Decided(decision=made, events=happened, answer=answer, waiting=waiting)


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


def _best_anchor(tx: Read, side: Side) -> Side:
    """The touchpoint of the same record with the strongest claim: a visit that is anonymous today may be another's tomorrow."""
    if isinstance(side, Identifier):
        return side
    row = tx.one(nodes.SQL_NODE_OF_TOUCH, (side,))
    if row is None:
        return side
    components = [found[0] for found in tx.all(SQL_COMPONENTS_OF, (row[1],))]
    return anchors(Loaded(tx, components))[row[1]]


def _as_they_were(tx: Read, a: Side, b: Side) -> tuple[Side, Side]:
    """What stands best for the two sides of a `never`. The first touchpoint of a record is often an anonymous visit, and which
    of two records it goes with is the very question, so a side named by a record's id is replaced by better evidence."""
    merge = tx.one(SQL_MERGE, {"a": a, "b": b}) if isinstance(a, bytes) and isinstance(b, bytes) else None
    if merge is not None:
        return merge[0], merge[1]
    if (
        isinstance(a, bytes)
        and isinstance(b, bytes)
        and (row := tx.one(nodes.SQL_NODE_OF_TOUCH, (a,))) is not None
    ):
        if row[1] == a:
            best = _best_anchor(tx, a)
            return (a if best == b else best), b
        if row[1] == b:
            best = _best_anchor(tx, b)
            return a, (b if best == a else best)
    return a, b


def _columns(side: Side) -> tuple[Any, Any, Any]:
    return (side, None, None) if isinstance(side, bytes) else (None, side.kind, side.value)


def _revoke(tx: Tx, author: str, decision: bytes | None, note: str) -> Decided:
    if decision is None or tx.one(SQL_DECISION, (decision,)) is None:
        raise UnknownDecision(
            f"no decision has the id {decision.hex() if decision else None}; nothing was revoked"
        )
    if not in_force(tx, decision):
        return Decided(decision=None, answer="this decision is revoked already")
    made = tx.new_id()
    tx.run(SQL_DECIDE, (made, tx.now, author, "revoke", *(None,) * 6, decision, note))
    key, at, op, sides = _spoken_of(tx, decision)
    # Several revocations may speak of it, so one more or less need not change whether it counts.
    now, before = in_force(tx, key), tx.one(SQL_RULES, (key,)) is not None
    if now == before:
        return Decided(decision=made, answer="recorded; other revocations decide whether the decision counts")
    if now:
        return Decided(decision=made, events=_put_in_force(tx, key, at, op, sides), answer="in force again")
    return Decided(decision=made, events=_take_back(tx, key, sides, made), answer="revoked")


def _spoken_of(tx: Read, decision: bytes) -> tuple[bytes, int, str, tuple[Side, Side]]:
    """The decision about people at the end of a chain of revocations."""
    while True:
        row = tx.one(SQL_DECISION, (decision,))
        assert row is not None, "revocations name decisions that exist"
        if row[2] != "revoke":
            return row[0], row[1], row[2], (_side(row[3:6]), _side(row[6:9]))
        decision = row[9]


def _side(columns: tuple[Any, ...]) -> Side:
    touch, kind, value = columns
    return bytes(touch) if touch is not None else Identifier(kind=kind, value=value)


def in_force(tx: Read, decision: bytes) -> bool:
    """Whether no revocation in force speaks against it."""
    return not any(in_force(tx, row[0]) for row in tx.all(SQL_REVOKES, (decision,)))


def _put_in_force(
    tx: Tx, decision: bytes, at: int, op: str, sides: tuple[Side, Side]
) -> tuple[RecordEvent, ...]:
    tx.run(SQL_RULE, (decision, at, op, nodes.node_key(sides[0]), nodes.node_key(sides[1])))
    components: set[bytes] = set()
    for side in sides:
        components |= (
            nodes.isolate_touch(tx, side) if isinstance(side, bytes) else nodes.isolate_identifier(tx, side)
        )
    return settle(tx, components, decision)


def _take_back(tx: Tx, decision: bytes, sides: tuple[Side, Side], cause: bytes) -> tuple[RecordEvent, ...]:
    tx.run(SQL_UNRULE, (decision,))
    components: set[bytes] = set()
    vanished: list[tuple[bytes | None, bytes]] = []
    for side in sides:
        key = nodes.node_key(side)
        node = tx.one(nodes.SQL_NODE, (key,))
        if node is None:
            continue
        components.add(node[0])
        if tx.one(SQL_RULED, {"key": key}):
            continue
        if isinstance(side, bytes):
            components |= nodes.return_touch(tx, side, vanished)
        else:
            nodes.drop(tx, key)
    return settle(tx, components, cause, vanished)
