"""Show what a decision would do before anybody takes it: carry it out on a copy, and compare.

The copy is a database in memory that holds the components the decision can reach, nothing else; what runs on it is the very code that
would run on the real one, so a preview cannot say anything else than what happens. It needs a read snapshot only, so it belongs on a
reader. Milliseconds for a usual customer, a second or two for one of tens of thousands of nodes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import msgspec

from hub.contract import Identifier
from hub.identity import decisions, judging, nodes, several, values, working
from hub.identity.decisions import Decided
from hub.identity.events import RecordEvent
from hub.identity.nodes import Side
from hub.intake import evidence_key
from hub.store import scratch_tx
from hub.store.tx import Read, Tx

MOST_NODES: Final = 60_000
"""More than this is not previewed: the decision may be taken all the same, and revoked."""
MOST_SHOWN: Final = 5
"""Touchpoints that are named of each move."""
MOST_TOLD: Final = 2_000
"""Touchpoints with attributes that are copied for a node which one of them leaves."""

SQL_NODES_OF = "SELECT * FROM evidence WHERE component = ?"
SQL_CLAIMS_OF = "SELECT c.* FROM evidence e JOIN claim c ON c.evidence = e.key WHERE e.component = ?"
SQL_ATTRIBUTES_OF = "SELECT a.* FROM evidence e JOIN attribute a ON a.evidence = e.key WHERE e.component = ?"
SQL_COMPONENT_ROW = "SELECT * FROM component WHERE label = ?"
SQL_FIRSTS_OF = "SELECT t.* FROM evidence e JOIN touchpoint t ON t.id = e.first WHERE e.component = ?"
SQL_RULINGS_OF = "SELECT DISTINCT r.* FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key WHERE e.component = ? AND e.ruled"
SQL_TOUCH = "SELECT * FROM touchpoint WHERE id = ?"
SQL_LEFT_BEHIND = "SELECT * FROM touchpoint WHERE evidence = ? AND id <> ? ORDER BY id LIMIT 1"
SQL_TOLD_THERE = "SELECT * FROM touchpoint WHERE evidence = ? AND attributes <> '[]' ORDER BY id DESC LIMIT ?"
SQL_TAKEN_OF = "SELECT * FROM taken WHERE touch = ?"
SQL_ALL_PINS = "SELECT p.*, e.component FROM pin p JOIN touchpoint t ON t.id = p.touch JOIN evidence e ON e.key = t.evidence"
SQL_IDENTIFIERS = "SELECT i.* FROM evidence e JOIN claim c ON c.evidence = e.key JOIN identifier i USING (kind, value) WHERE e.component = ?"
SQL_NEAR_OF = """
SELECT DISTINCT n.* FROM evidence e JOIN claim c ON c.evidence = e.key JOIN near n USING (kind, value) WHERE e.component = ?"""
SQL_SOURCES = "SELECT * FROM source_rank"
SQL_STATE = "SELECT * FROM identity_state"
SQL_IN_COPY = "SELECT id FROM decision UNION SELECT decision FROM ruling"
SQL_HAS_DECISION = "SELECT 1 FROM decision WHERE id = ?"
SQL_TARGET = "SELECT target FROM decision WHERE id = ?"
SQL_IS_ANYBODY = "SELECT 1 FROM evidence WHERE customer = ? LIMIT 1"
SQL_DECISION_ROW = "SELECT * FROM decision WHERE id = ?"
SQL_REVOKED_BY = "SELECT * FROM decision WHERE op = 'revoke' AND target = ?"
SQL_BLOCK_ROWS = "SELECT * FROM decision WHERE op IN ('block', 'unblock') AND a_kind = ? AND a_value = ?"
SQL_MERGES = "SELECT * FROM record_event WHERE kind = 'merged' AND ((customer = :a AND other = :b) OR (customer = :b AND other = :a))"
SQL_COMPONENTS_BY = "SELECT DISTINCT e.component FROM claim c JOIN evidence e ON e.key = c.evidence WHERE c.kind = ? AND c.value = ? LIMIT 2000"
SQL_IDLE_CLAIMS = """
SELECT DISTINCT c.kind, c.value FROM evidence e JOIN claim c ON c.evidence = e.key
WHERE e.component = ? AND c.links = 0 AND c.kind NOT IN ('device', 'session') LIMIT 500"""
SQL_PARTNERS_OF = """
SELECT DISTINCT o.component FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key
JOIN evidence o ON o.key IN (r.a, r.b) WHERE e.component = ? AND e.ruled"""
SQL_SIZE = "SELECT count(*) FROM evidence WHERE component = ?"
SQL_ON_NODE = "SELECT count(*) FROM touchpoint WHERE evidence = ?"
SQL_SOME_ON = "SELECT id FROM touchpoint WHERE evidence = ? ORDER BY id LIMIT 5"
SQL_CUSTOMERS = "SELECT key, customer FROM evidence WHERE first IS NOT NULL"
SQL_CUSTOMER_OF = "SELECT e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence WHERE t.id = ?"
SQL_NODE_OF = "SELECT evidence FROM touchpoint WHERE id = ?"


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """So many touchpoints go from one customer to another; `after` may be an id that is nobody's yet."""

    before: bytes
    after: bytes
    touches: int
    some: tuple[bytes, ...] = ()
    """A few of them."""


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """The chosen value of an attribute of the customer `customer` (as of afterwards) would be another; None: there is none."""

    customer: bytes
    attribute: str
    before: str | None
    after: str | None


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision would do. `decided` as `decide` would answer, its id and its events' cause made up."""

    decided: Decided
    moves: tuple[Move, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    events: tuple[RecordEvent, ...] = ()


class TooLarge(ValueError):
    """More is touched than can be shown beforehand."""


def preview(
    read: Read,
    op: str,
    *,
    a: Side | None = None,
    b: Side | None = None,
    decision: bytes | None = None,
    attribute: str = "",
    value: str = "",
) -> Preview:
    """What `decide` would do with the same arguments. Raises what it would, and TooLarge."""
    sides = [side for side in (a, b) if side is not None]
    if op == "revoke" and decision is not None and read.one(decisions.SQL_DECISION, (decision,)) is not None:
        sides = list(decisions.spoken_of(read, decision).sides)
    return _carried_out(
        read,
        sides,
        decision,
        lambda tx: decisions.decide(
            tx, op, author="", a=a, b=b, decision=decision, attribute=attribute, value=value
        ),
    )


def preview_several(read: Read, op: str, touches: Sequence[bytes]) -> Preview:
    """What `decide_several` would do. Raises what it would, and TooLarge."""
    return _carried_out(
        read, touches, None, lambda tx: several.as_one(several.decide_several(tx, op, touches))
    )


def _carried_out(
    read: Read, sides: Sequence[Side], decision: bytes | None, decide: Callable[[Tx], Decided]
) -> Preview:
    with scratch_tx(now=read.now) as tx:
        copied = _Copy(read, tx, sides, decision)
        before = dict(tx.all(SQL_CUSTOMERS))
        chosen = {customer: _chosen(tx, customer) for customer in set(before.values()) if customer}
        decided = decide(tx)
        happened = decided.events + _work_out(tx)
        moves = _moves(read, tx, before, copied.touches)
        touched = {customer for move in moves for customer in (move.before, move.after)}
        touched |= {event.customer for event in happened}
        touched |= {row[0] for touch in copied.touches if (row := tx.one(SQL_CUSTOMER_OF, (touch,)))}
        return Preview(
            decided=decided, moves=moves, fields=tuple(_fields(tx, touched, moves, chosen)), events=happened
        )


class _Copy:
    """What a decision about these sides can reach, copied."""

    def __init__(self, read: Read, tx: Tx, sides: Iterable[Side], decision: bytes | None) -> None:
        self.read, self.tx = read, tx
        sides = list(sides)
        self.touches = {side for side in sides if isinstance(side, bytes)}
        # A decision may name a better touchpoint of the same record than it was asked about, and that one moves then.
        better = [decisions._best_anchor(read, side) for side in sides]
        if len(sides) == 2:
            better += decisions._as_they_were(read, sides[0], sides[1])
        self.touches.update(side for side in better if isinstance(side, bytes))
        self._labels: set[bytes] = set()
        self._sides = list(sides)
        self._reach()
        for label in sorted(self._labels):
            self._component(label)
        for touch in self.touches:
            self._touch(touch)
        self._decisions(decision)
        self._put("source_rank", read.all(SQL_SOURCES))
        self._put("identity_state", read.all(SQL_STATE))

    def _reach(self) -> None:
        """The components of what is named, of whoever else claims what could turn, of the desks nearby, and of who is ruled with them."""
        found: set[bytes] = set()
        for side in self._sides:
            keys = [(side.kind, side.value)] if isinstance(side, Identifier) else self._claims_of(side)
            for key in keys:
                found |= {row[0] for row in self.read.all(SQL_COMPONENTS_BY, key)}
            if isinstance(side, bytes) and (row := self.read.one(nodes.SQL_NODE_OF_TOUCH, (side,))):
                found.add(row[2])
        for label in set(found):
            found |= {row[0] for row in self.read.all(SQL_PARTNERS_OF, (label,))}
            for key in self.read.all(SQL_IDLE_CLAIMS, (label,)):
                near = (judging.neighbour(self.read, (key[0], key[1]), links) for links in (1, 2))
                found |= {one for one in near if one is not None}
        size = sum(row[0] for label in found if (row := self.read.one(SQL_SIZE, (label,))))
        if size > MOST_NODES:
            raise TooLarge(f"{size} nodes are touched; at most {MOST_NODES} are shown beforehand")
        self._labels = found

    def _claims_of(self, touch: bytes) -> list[tuple[str, str]]:
        row = self.read.one(nodes.SQL_SAID_BY, (touch,))
        if row is None:
            return []
        return [(claim.kind, claim.value) for claim in nodes.said_by(row)[0]]

    def _component(self, label: bytes) -> None:
        for table, sql in (
            ("component", SQL_COMPONENT_ROW),
            ("claim", SQL_CLAIMS_OF),
            ("attribute", SQL_ATTRIBUTES_OF),
            ("touchpoint", SQL_FIRSTS_OF),
            ("ruling", SQL_RULINGS_OF),
            ("identifier", SQL_IDENTIFIERS),
            ("near", SQL_NEAR_OF),
            ("evidence", SQL_NODES_OF),  # last, for triggers would else keep up what is copied already
        ):
            self._put(table, self.read.all(sql, (label,)))

    def _touch(self, touch: bytes) -> None:
        read = self.read
        self._put("touchpoint", read.all(SQL_TOUCH, (touch,)))
        self._put("taken", read.all(SQL_TAKEN_OF, (touch,)))
        row = read.one(SQL_NODE_OF, (touch,))
        if row is not None:
            self._put("touchpoint", read.all(SQL_LEFT_BEHIND, (row[0], touch)))
            self._put("touchpoint", read.all(SQL_TOLD_THERE, (row[0], MOST_TOLD)))
        said = read.one(nodes.SQL_SAID_BY, (touch,))
        if said is not None:  # where it returns to, when nothing names it any longer
            home = evidence_key(touch, *nodes.said_by(said))
            self._put("touchpoint", read.all(SQL_TOLD_THERE, (home, MOST_TOLD)))

    def _decisions(self, decision: bytes | None) -> None:
        read = self.read
        self._put("pin", [row[:-1] for row in read.all(SQL_ALL_PINS) if row[-1] in self._labels])
        for side in self._sides:
            if isinstance(side, Identifier):
                self._put("decision", read.all(SQL_BLOCK_ROWS, (side.kind, side.value)))
        waiting = [row[0] for row in self.tx.all(SQL_IN_COPY)] + ([decision] if decision else [])
        while waiting:
            one = waiting.pop()
            rows = read.all(SQL_DECISION_ROW, (one,)) + read.all(SQL_REVOKED_BY, (one,))
            fresh = [row for row in rows if self.tx.one(SQL_HAS_DECISION, (row[0],)) is None]
            self._put("decision", fresh)
            waiting += [row[0] for row in fresh if row[0] != one]
            waiting += [row[0] for row in read.all(SQL_TARGET, (one,)) if row[0] and fresh]
        if len(self._sides) == 2 and all(isinstance(side, bytes) for side in self._sides):
            self._put("record_event", read.all(SQL_MERGES, {"a": self._sides[0], "b": self._sides[1]}))

    def _put(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self.tx.many(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)


def _work_out(tx: Tx) -> tuple[RecordEvent, ...]:
    """What the clockwork would do with a large record, at once."""
    happened: tuple[RecordEvent, ...] = ()
    while labels := working.pending(tx):
        plan = working.plan(tx, labels[0])
        for n in range(len(plan.steps) if plan else 0):
            assert plan is not None
            happened += working.carry_out(tx, plan, n) or ()
    return happened


def _moves(read: Read, tx: Tx, before: dict[bytes, bytes], named: set[bytes]) -> tuple[Move, ...]:
    """How many touchpoints go where. Only those a decision names can change their node; all others go with theirs."""
    found: Counter[tuple[bytes, bytes]] = Counter()
    some: dict[tuple[bytes, bytes], list[bytes]] = {}
    after = dict(tx.all(SQL_CUSTOMERS))
    went: Counter[bytes] = Counter()
    for touch in named:
        old, new = read.one(SQL_NODE_OF, (touch,)), tx.one(SQL_NODE_OF, (touch,))
        if old is not None and new is not None and old != new:
            went[old[0]] += 1
            found[before[old[0]], after[new[0]]] += 1
            some.setdefault((before[old[0]], after[new[0]]), []).append(touch)
    for key, customer in before.items():
        if key in after and after[key] != customer:
            row = read.one(SQL_ON_NODE, (key,))
            assert row is not None
            found[customer, after[key]] += row[0] - went[key]
            if row[0] > went[key]:
                some.setdefault((customer, after[key]), []).extend(
                    one[0] for one in read.all(SQL_SOME_ON, (key,))
                )
    return tuple(
        Move(before=old, after=new, touches=count, some=tuple(sorted(set(some[old, new])))[:MOST_SHOWN])
        for (old, new), count in sorted(found.items())
        if old != new and count
    )


def _chosen(tx: Read, customer: bytes) -> dict[str, str]:
    return {one.attribute: one.chosen.value for one in values.attributes(tx, customer)}


def _fields(
    tx: Read, touched: set[bytes], moves: tuple[Move, ...], chosen: dict[bytes, dict[str, str]]
) -> Iterable[FieldChange]:
    for customer in sorted(touched):
        now = _chosen(tx, customer)
        if not now and tx.one(SQL_IS_ANYBODY, (customer,)) is None:
            continue  # nobody has this id afterwards: its values are told of whoever has its touchpoints
        came = [move for move in moves if move.after == customer]
        source = (
            customer
            if customer in chosen
            else max(came, key=lambda m: m.touches).before
            if came
            else customer
        )
        was = chosen.get(source, {})
        for attribute in sorted(was.keys() | now.keys()):
            if was.get(attribute) != now.get(attribute):
                yield FieldChange(
                    customer=customer,
                    attribute=attribute,
                    before=was.get(attribute),
                    after=now.get(attribute),
                )
