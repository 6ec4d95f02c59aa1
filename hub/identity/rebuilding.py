"""Compute everything derived anew from the log: after the rules or the normaliser changed, or to see that nothing drifted.

`renew` walks the log and brings every touchpoint to the node where it belongs by today's reading, then judges every identifier, settles
every component and counts what is kept of nodes and customers, a slice at a time; what moved is told like any other change.
`differences` compares the live records with the batch answer and changes nothing.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from hub.identity import judging, nodes, oracle
from hub.identity.events import RecordEvent
from hub.identity.nodes import Moving
from hub.identity.settling import INLINE, Loaded, rules_of, settle, solve
from hub.identity.terms import LATER, Rules
from hub.store.tx import Read, Tx
from hub.tables import keeping

SQL_IS_DUE = "SELECT due FROM identity_state"
SQL_IS_DONE = "UPDATE identity_state SET due = 0 WHERE due = ?"
SQL_SOME_COMPONENTS = "SELECT label FROM component WHERE label >= ? AND NOT dirty ORDER BY label LIMIT ?"
SQL_TOUCHES_IN = """
SELECT t.id, t.evidence, t.claims, t.attributes, t.region, t.held FROM evidence e JOIN touchpoint t ON t.evidence = e.key
WHERE e.component = ? LIMIT 500"""
SQL_STATE = """
INSERT INTO identity_state (id, rules, due) VALUES (1, ?, 1) ON CONFLICT (id) DO UPDATE SET rules = excluded.rules, due = due + 1"""
SQL_NEXT_TOUCHES = "SELECT id FROM touchpoint WHERE id > ? ORDER BY id LIMIT ?"
SQL_NEXT_IDENTIFIERS = (
    "SELECT DISTINCT kind, value FROM claim WHERE (kind, value) > (?, ?) ORDER BY kind, value LIMIT ?"
)
SQL_NEXT_COMPONENTS = "SELECT label FROM component WHERE label > ? ORDER BY label LIMIT ?"
SQL_NEXT_NODES = "SELECT key FROM evidence WHERE key > ? ORDER BY key LIMIT ?"
SQL_MISKEPT = f"SELECT key FROM evidence WHERE key > ? AND key <= ? AND {keeping.MISKEPT}"
SQL_REKEEP = f"{keeping.REKEEP} WHERE key = ?"
SQL_ALL_MISKEPT = f"SELECT count(*) FROM evidence WHERE {keeping.MISKEPT}"
SQL_WRONG_TOTALS = f"""
WITH kept AS (SELECT customer, touches FROM customer_total WHERE customer > :after AND customer <= :until),
there AS ({keeping.TOTALS})
SELECT customer FROM (SELECT * FROM there EXCEPT SELECT * FROM kept)
UNION SELECT customer FROM (SELECT * FROM kept EXCEPT SELECT * FROM there)"""
SQL_NEXT_CUSTOMERS = "SELECT DISTINCT customer FROM evidence WHERE customer > ? ORDER BY customer LIMIT ?"
SQL_DROP_TOTAL = "DELETE FROM customer_total WHERE customer = ?"
SQL_TOTAL = """
INSERT INTO customer_total (customer, touches)
SELECT customer, sum(touches) FROM evidence WHERE customer = ? GROUP BY customer HAVING sum(touches) > 0"""
SQL_TOUCHPOINTS = "SELECT count(*) FROM touchpoint"
SQL_LIVE = "SELECT t.id, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence"
SQL_COMPONENT_OF = "SELECT e.component FROM touchpoint t JOIN evidence e ON e.key = t.evidence WHERE t.id = ?"


class Place(msgspec.Struct, frozen=True):
    """How far the walk has come: through the touchpoints, the identifiers, the components, the nodes, then the totals of customers;
    with the last one looked at."""

    walk: str = "touchpoints"
    last: tuple[bytes, str, str] = (b"", "", "")


class Renewed(msgspec.Struct, frozen=True):
    """One slice of the walk: where the next begins (None at the end), and what moved."""

    next: Place | None
    events: tuple[RecordEvent, ...]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Customers there are and would be, and how many touchpoints would belong to another one. `apart`: {customer of today: how many
    touchpoints each of those has whom it would be, the most first}; `together`: {the first of those that would be one: all of them}."""

    customers: int
    would_be: int
    moved: int
    apart: dict[bytes, tuple[int, ...]]
    together: dict[bytes, tuple[bytes, ...]]


class Difference(msgspec.Struct, frozen=True):
    """A touchpoint whose customer is not the one the rule gives it."""

    touch: bytes
    live: bytes | None
    expected: bytes


def set_rules(tx: Tx, rules: Rules) -> None:
    """The settings of the rule from now on. What is there already follows with `renew`, which is due until `renewed`."""
    tx.run(SQL_STATE, (msgspec.json.encode(rules).decode(),))


def try_rules(read: Read, rules: Rules) -> Trial:
    """What other settings would make of everything there is, before they are switched on. Seconds at 100,000 touchpoints."""
    return tried(oracle.log_of(read), rules)


def tried(log: oracle.Log, rules: Rules, told: Callable[[float], None] | None = None) -> Trial:
    """The same of a log that was read before, without the database: nobody waits for it. `told` hears which share is done, and may
    raise to end it."""
    now = oracle.answered(log, None, told and (lambda share: told(share / 2))).customers
    then = oracle.answered(log, rules, told and (lambda share: told((1 + share) / 2))).customers
    become, made_of = dict[bytes, Counter[bytes]](), dict[bytes, set[bytes]]()
    for touch, customer in now.items():
        become.setdefault(customer, Counter())[then[touch]] += 1
        made_of.setdefault(then[touch], set()).add(customer)
    return Trial(
        customers=len(become),
        would_be=len(made_of),
        moved=sum(then[touch] != customer for touch, customer in now.items()),
        apart={c: tuple(n for _, n in parts.most_common()) for c, parts in become.items() if len(parts) > 1},
        together={min(parts): tuple(sorted(parts)) for parts in made_of.values() if len(parts) > 1},
    )


def due(read: Read) -> int:
    """How often the rules were changed since everything was read by them; a walk that is to end in `renewed` asks before it begins."""
    row = read.one(SQL_IS_DUE)
    return 0 if row is None else int(row[0])


def is_outdated(read: Read) -> bool:
    """Whether the rules are others than those by which the records were made, and not everything was read anew since."""
    return due(read) > 0


def renewed(tx: Tx, seen: int) -> None:
    """Everything has been read anew since `due` was `seen`. Rules that were changed meanwhile, if only there and back, stay due: part
    of the walk went by others."""
    tx.run(SQL_IS_DONE, (seen,))


START = Place()


def renew(tx: Tx, place: Place = START, limit: int = 20) -> Renewed:
    """Compute the next few things anew, at most `limit`."""
    return WALKS[place.walk](tx, place, limit)


def _touchpoints(tx: Tx, place: Place, limit: int) -> Renewed:
    found = [row[0] for row in tx.all(SQL_NEXT_TOUCHES, (place.last[0], limit))]
    moving = Moving(tx)
    for touch in found:
        before = set(moving.components)
        if not moving.touch(touch):
            moving.components = before
    happened = moving.settle(found[0]) if found else ()
    return Renewed(Place("touchpoints", (found[-1], "", "")) if found else Place("identifiers"), happened)


def _identifiers(tx: Tx, place: Place, limit: int) -> Renewed:
    found = tx.all(SQL_NEXT_IDENTIFIERS, (*place.last[1:], limit))
    for kind, value in found:
        judging.recount(tx, (kind, value))
    touched = judging.turn(tx, [(kind, value) for kind, value in found])
    happened = settle(tx, touched, min(touched)) if touched else ()
    return Renewed(Place("identifiers", (b"", *found[-1])) if found else Place("components"), happened)


def _components(tx: Tx, place: Place, limit: int) -> Renewed:
    found = [row[0] for row in tx.all(SQL_NEXT_COMPONENTS, (place.last[0], limit))]
    happened: tuple[RecordEvent, ...] = ()
    for label in found:
        happened += settle(tx, [label], label)
    return Renewed(Place("components", (found[-1], "", "")) if found else Place("nodes"), happened)


def _nodes(tx: Tx, place: Place, limit: int) -> Renewed:
    found = [row[0] for row in tx.all(SQL_NEXT_NODES, (place.last[0], MANY * limit))]
    if not found:
        return Renewed(Place("totals"), ())
    for (key,) in tx.all(SQL_MISKEPT, (place.last[0], found[-1])):
        tx.run(SQL_REKEEP, (key,))
    return Renewed(Place("nodes", (found[-1], "", "")), ())


def _totals(tx: Tx, place: Place, limit: int) -> Renewed:
    after = place.last[0]
    found = [row[0] for row in tx.all(SQL_NEXT_CUSTOMERS, (after, MANY * limit))]
    for (customer,) in tx.all(SQL_WRONG_TOTALS, {"after": after, "until": found[-1] if found else LATER}):
        tx.run(SQL_DROP_TOTAL, (customer,))
        tx.run(SQL_TOTAL, (customer,))
    return Renewed(Place("totals", (found[-1], "", "")) if found else None, ())


MANY = 10
"""Nodes counted in the time that a touchpoint takes to be brought to its node."""
WALKS = {
    "touchpoints": _touchpoints,
    "identifiers": _identifiers,
    "components": _components,
    "nodes": _nodes,
    "totals": _totals,
}


def differences(read: Read) -> list[Difference]:
    """Where live state is not what the rule makes of the log: none, unless something is wrong."""
    expected = oracle.customers(read)
    live = dict(read.all(SQL_LIVE))
    return [
        Difference(touch, live.get(touch), customer)
        for touch, customer in expected.items()
        if live.get(touch) != customer
    ]


def verify(read: Read) -> dict[str, int]:
    """How many touchpoints there are, how many are not where the rule puts them, and of how many nodes and customers what is kept for
    quick reading is not what is there."""
    row, miskept = read.one(SQL_TOUCHPOINTS), read.one(SQL_ALL_MISKEPT)
    assert row is not None
    assert miskept is not None
    wrong = len(read.all(SQL_WRONG_TOTALS, {"after": b"", "until": LATER}))
    return {"touchpoints": row[0], "differences": len(differences(read)), "miskept": miskept[0] + wrong}


def drifted(read: Read, start: bytes, count: int = 20) -> list[bytes]:
    """A sample of components, recomputed: a touchpoint of each whose nodes or records are not what they should be."""
    rules, wrong = rules_of(read), []
    for (label,) in read.all(SQL_SOME_COMPONENTS, (start, count)):
        touches = read.all(SQL_TOUCHES_IN, (label,))
        found = Loaded(read, [label])
        if touches and (
            (len(found.nodes) <= INLINE and solve(found, rules).rows != found.rows)
            or any(_is_elsewhere(read, touch, node, said) for touch, node, *said in touches)
        ):
            wrong.append(touches[0][0])
    return wrong


def _is_elsewhere(read: Read, touch: bytes, node: bytes, said: list[Any]) -> bool:
    _, own = nodes.is_named(read, touch)
    return nodes.what_counts(read, touch, *nodes.said_by(tuple(said)), own=own).key != node


def repair(tx: Tx, touches: list[bytes]) -> tuple[RecordEvent, ...]:
    """Bring these touchpoints to their nodes and settle their components anew."""
    moving = Moving(tx)
    for touch in touches:
        moving.touch(touch)
    labels = moving.components | {row[0] for touch in touches if (row := tx.one(SQL_COMPONENT_OF, (touch,)))}
    return moving.settle(touches[0], labels) if labels else ()
