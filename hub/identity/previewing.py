"""Show what a decision would do before anybody takes it: carry it out on a copy, and compare.

The copy is a database in memory that holds the components the decision can reach, nothing else; what runs on it is the very code that
would run on the real one, so a preview cannot say anything else than what happens. It needs a read snapshot only, so it belongs on a
reader. Milliseconds for a usual customer, a second or two for one of tens of thousands of nodes.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from heapq import nsmallest
from typing import Any, Final, NamedTuple

import msgspec

from hub.contract import Identifier
from hub.identity import decisions, judging, nodes, several, values, working
from hub.identity.decisions import Decided
from hub.identity.events import RecordEvent
from hub.identity.nodes import Side
from hub.identity.terms import Key, is_browser
from hub.store import scratch_tx
from hub.store.tx import Read, Tx

MOST_NODES: Final = 60_000
"""More than this is not previewed: the decision may be taken all the same, and revoked."""
MOST_SHOWN: Final = 5
"""Touchpoints that are named of each move."""
PIN: Final = 5
"""Columns of a pin."""
MOST_IDLE: Final = 500
"""Identifiers that join nobody of which it is asked who claims them as well."""

AT_ONCE: Final = 50
"""Components that one statement copies."""
_THESE = f"e.component IN ({', '.join('?' * AT_ONCE)})"
SQL_NODES_OF = f"SELECT e.* FROM evidence e WHERE {_THESE}"
SQL_CLAIMS_OF = f"SELECT c.* FROM evidence e JOIN claim c ON c.evidence = e.key WHERE {_THESE}"
SQL_ATTRIBUTES_OF = f"SELECT a.* FROM evidence e JOIN attribute a ON a.evidence = e.key WHERE {_THESE}"
SQL_COMPONENT_ROWS = f"SELECT e.* FROM component e WHERE {_THESE.replace('component', 'label')}"
SQL_RULINGS_OF = f"""
SELECT DISTINCT r.* FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key WHERE {_THESE} AND e.ruled"""
SQL_IDENTIFIERS_OF = f"""
SELECT DISTINCT i.* FROM evidence e JOIN claim c ON c.evidence = e.key JOIN identifier i USING (kind, value) WHERE {_THESE}"""
SQL_SIZE = f"SELECT count(*) FROM evidence e WHERE {_THESE}"
SQL_TOUCH = "SELECT * FROM touchpoint WHERE id = ?"
SQL_LEFT_BEHIND = "SELECT * FROM touchpoint WHERE evidence = ? AND id <> ? ORDER BY id LIMIT 1"
SQL_TAKEN_OF = "SELECT * FROM taken WHERE touch = ?"
# From the pins, which are few: without being told, SQLite walks every node to find them.
SQL_ALL_PINS = """
SELECT t.*, p.*, e.component FROM pin p CROSS JOIN touchpoint t ON t.id = p.touch CROSS JOIN evidence e ON e.key = t.evidence"""
SQL_FURNISHING = """
SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
AND tbl_name IN ('evidence', 'claim', 'attribute', 'touchpoint')"""
SQL_NEAR = "SELECT * FROM near WHERE kind = ? AND value = ?"
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
SQL_COMPONENTS_BY = """
SELECT DISTINCT e.component FROM claim c JOIN evidence e ON e.key = c.evidence WHERE c.kind = ? AND c.value = ? LIMIT ?"""
SQL_BEHIND = "SELECT * FROM behind"
SQL_PARTNERS_OF = """
SELECT DISTINCT o.component FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key
JOIN evidence o ON o.key IN (r.a, r.b) WHERE e.component = ? AND e.ruled"""
SQL_SOME_ON = "SELECT id FROM touchpoint WHERE evidence = ? ORDER BY id LIMIT 5"
SQL_CUSTOMERS = "SELECT key, customer, touches, first FROM evidence WHERE first IS NOT NULL"
SQL_WHO_TELLS = "SELECT DISTINCT customer FROM evidence WHERE tells AND customer IS NOT NULL"
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
        op,
        sides,
        decision,
        lambda tx: decisions.decide(
            tx, op, author="", a=a, b=b, decision=decision, attribute=attribute, value=value
        ),
    )


def preview_several(read: Read, op: str, touches: Sequence[bytes]) -> Preview:
    """What `decide_several` would do. Raises what it would, and TooLarge."""
    return _carried_out(
        read, op, touches, None, lambda tx: several.as_one(several.decide_several(tx, op, touches))
    )


def _carried_out(
    read: Read, op: str, sides: Sequence[Side], decision: bytes | None, decide: Callable[[Tx], Decided]
) -> Preview:
    with scratch_tx(now=read.now) as tx:
        copied = _Copy(read, tx, op, sides, decision)
        before = {row[0]: _Stood(*row[1:]) for row in tx.all(SQL_CUSTOMERS)}
        decided = decide(tx)
        happened = decided.events + _work_out(tx)
        moves = _moves(read, tx, before, copied.touches)
        touched = {customer for move in moves for customer in (move.before, move.after)}
        touched |= {event.customer for event in happened}
        touched |= {row[0] for touch in copied.touches if (row := tx.one(SQL_CUSTOMER_OF, (touch,)))}
        known = {stood.customer for stood in before.values()}
        fields = tuple(_fields(read, tx, touched, moves, known))
        return Preview(decided=decided, moves=moves, fields=fields, events=happened)


class _Stood(NamedTuple):
    """A node as it was: whose, of how many touchpoints, and the first of them."""

    customer: bytes
    touches: int
    first: bytes


@contextmanager
def _unfurnished(tx: Tx) -> Iterator[None]:
    """Without indexes and triggers, which are made again afterwards: rows come in at half the cost, and what triggers would keep up is
    copied already."""
    furnishing = tx.all(SQL_FURNISHING)
    for kind, name, _ in furnishing:
        tx.run(f"DROP {kind} {name}")
    yield
    for _, _, sql in furnishing:
        if "customer_total" not in sql:  # what a preview does not ask for
            tx.run(sql)


class _Copy:
    """What a decision about these sides can reach, copied."""

    def __init__(self, read: Read, tx: Tx, op: str, sides: Sequence[Side], decision: bytes | None) -> None:
        self.read, self.tx = read, tx
        # A decision may name a better touchpoint of the same record than it was asked about, and that one moves then.
        named = [*sides, *decisions.stand_for(read, op, sides)]
        self.touches = {side for side in named if isinstance(side, bytes)}
        self._sides = list(sides)
        self._idle: set[Key] = set()
        self._labels = self._reached()
        self._stop_at(MOST_NODES)
        with _unfurnished(tx):
            self._components(self._labels)
            near = self._desks_nearby()
            self._labels |= near
            self._stop_at(MOST_NODES)
            self._components(near)
            for touch in sorted(self.touches):
                self._touch(touch)
            self._pins()
        self._decisions(decision)
        self._put("behind", read.all(SQL_BEHIND))
        self._put("source_rank", read.all(SQL_SOURCES))
        self._put("identity_state", read.all(SQL_STATE))

    def _reached(self) -> set[bytes]:
        """The components of what is named, of whoever else claims what could turn, and of who is ruled with them."""
        found: set[bytes] = set()
        for side in self._sides:
            keys = [(side.kind, side.value)] if isinstance(side, Identifier) else self._claims_of(side)
            for key in keys:
                found |= {row[0] for row in self.read.all(SQL_COMPONENTS_BY, (*key, MOST_NODES + 1))}
            if isinstance(side, bytes) and (row := self.read.one(nodes.SQL_NODE_OF_TOUCH, (side,))):
                found.add(row[2])
        for label in set(found):
            found |= {row[0] for row in self.read.all(SQL_PARTNERS_OF, (label,))}
        return found

    def _desks_nearby(self) -> set[bytes]:
        """Where nodes that have been copied might sit by an identifier that joins nobody so far."""
        near = (
            judging.neighbour(self.read, key, links)
            for key in sorted(self._idle)[:MOST_IDLE]
            for links in (1, 2)
        )
        return {one for one in near if one is not None} - self._labels

    def _stop_at(self, most: int) -> None:
        size = sum(row[0] for some in _batches(self._labels) for row in self.read.all(SQL_SIZE, some))
        if size > most:
            raise TooLarge(f"{size} nodes are touched; at most {most} are shown beforehand")

    def _claims_of(self, touch: bytes) -> list[tuple[str, str]]:
        row = self.read.one(nodes.SQL_SAID_BY, (touch,))
        if row is None:
            return []
        return [(claim.kind, claim.value) for claim in nodes.said_by(row)[0]]

    def _components(self, labels: Iterable[bytes]) -> None:
        for some in _batches(labels):
            claims = self.read.all(SQL_CLAIMS_OF, some)
            idle = {(kind, value) for kind, value, *_, links in claims if not links}
            self._idle |= {key for key in idle if not is_browser(key)}
            self._put("claim", claims)
            for table, sql in (
                ("component", SQL_COMPONENT_ROWS),
                ("attribute", SQL_ATTRIBUTES_OF),
                ("ruling", SQL_RULINGS_OF),
                ("identifier", SQL_IDENTIFIERS_OF),
                ("evidence", SQL_NODES_OF),
            ):
                self._put(table, self.read.all(sql, some))

    def _touch(self, touch: bytes) -> None:
        read = self.read
        self._put("touchpoint", read.all(SQL_TOUCH, (touch,)))
        self._put("taken", read.all(SQL_TAKEN_OF, (touch,)))
        row, said = read.one(SQL_NODE_OF, (touch,)), self._claims_of(touch)
        if row is not None:
            said += [(claim.kind, claim.value) for claim in nodes.claims_of(read, row[0])]
            self._put("touchpoint", read.all(SQL_LEFT_BEHIND, (row[0], touch)))
        for key in set(said):  # only what a touchpoint that moves says is judged anew
            self._put("near", read.all(SQL_NEAR, key))
        for told in nodes.said(read, touch):
            if (earlier := nodes.said_before(read, touch, told)) is not None:
                self._put("touchpoint", read.all(SQL_TOUCH, earlier[:1]))

    def _pins(self) -> None:
        for row in self.read.all(SQL_ALL_PINS):
            if row[-1] in self._labels:
                self._put("pin", [row[-1 - PIN : -1]])
                self._put("touchpoint", [row[: -1 - PIN]])

    def _decisions(self, decision: bytes | None) -> None:
        read = self.read
        for side in self._sides:
            if isinstance(side, Identifier):
                self._put("near", read.all(SQL_NEAR, (side.kind, side.value)))
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


def _batches(labels: Iterable[bytes]) -> Iterator[list[bytes]]:
    """So many at once, filled up by repeating the last."""
    ordered = sorted(labels)
    for n in range(0, len(ordered), AT_ONCE):
        some = ordered[n : n + AT_ONCE]
        yield some + some[-1:] * (AT_ONCE - len(some))


def _work_out(tx: Tx) -> tuple[RecordEvent, ...]:
    """What the clockwork would do with a large record, at once."""
    happened: tuple[RecordEvent, ...] = ()
    while labels := working.pending(tx):
        plan = working.plan(tx, labels[0], MOST_NODES)
        for n in range(len(plan.steps) if plan else 0):
            assert plan is not None
            happened += working.carry_out(tx, plan, n) or ()
    return happened


def _moves(read: Read, tx: Tx, before: Mapping[bytes, _Stood], named: Iterable[bytes]) -> tuple[Move, ...]:
    """How many touchpoints go where. Only those a decision names can change their node; all others go with theirs."""
    found: Counter[tuple[bytes, bytes]] = Counter()
    some: dict[tuple[bytes, bytes], set[bytes]] = {}
    after = {row[0]: row[1] for row in tx.all(SQL_CUSTOMERS)}
    gone: dict[bytes, set[bytes]] = {}
    for touch in named:
        old, new = read.one(SQL_NODE_OF, (touch,)), tx.one(SQL_NODE_OF, (touch,))
        if old is not None and new is not None and old != new:
            gone.setdefault(old[0], set()).add(touch)
            pair = before[old[0]].customer, after[new[0]]
            found[pair] += 1
            some.setdefault(pair, set()).add(touch)
    went: dict[tuple[bytes, bytes], list[tuple[bytes, bytes]]] = {}
    for key, stood in before.items():
        if key in after and after[key] != stood.customer and (left := stood.touches - len(gone.get(key, ()))):
            pair = stood.customer, after[key]
            found[pair] += left
            went.setdefault(pair, []).append((stood.first, key))
    for pair, nodes_ in went.items():
        for _, key in nsmallest(MOST_SHOWN, nodes_):
            there = {row[0] for row in read.all(SQL_SOME_ON, (key,))}
            some.setdefault(pair, set()).update(there - gone.get(key, set()))
    return tuple(
        Move(before=old, after=new, touches=count, some=tuple(sorted(some[old, new]))[:MOST_SHOWN])
        for (old, new), count in sorted(found.items())
        if old != new
    )


def _chosen(tx: Read, customer: bytes) -> dict[str, str]:
    return {one.attribute: one.chosen.value for one in values.attributes(tx, customer)}


def _fields(
    read: Read, tx: Tx, touched: set[bytes], moves: tuple[Move, ...], known: Container[bytes]
) -> Iterator[FieldChange]:
    """The values that change, of everybody touched. Whoever is new is compared with whom most of their touchpoints come from."""
    telling = {row[0] for row in tx.all(SQL_WHO_TELLS)}  # of thousands who come into being few say anything
    source: dict[bytes, Move] = {}
    for move in moves:
        source[move.after] = max(source.get(move.after, move), move, key=lambda one: one.touches)
    was: dict[bytes, dict[str, str]] = {}
    for customer in sorted(touched):
        now = _chosen(tx, customer) if customer in telling else {}
        if not now and tx.one(SQL_IS_ANYBODY, (customer,)) is None:
            continue  # nobody has this id afterwards: its values are told of whoever has its touchpoints
        of = customer if customer in known or customer not in source else source[customer].before
        before = was[of] if of in was else was.setdefault(of, _chosen(read, of))
        for attribute in sorted(before.keys() | now.keys()):
            if before.get(attribute) != now.get(attribute):
                yield FieldChange(
                    customer=customer,
                    attribute=attribute,
                    before=before.get(attribute),
                    after=now.get(attribute),
                )
