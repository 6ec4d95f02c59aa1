"""Settle components: load the nodes they hold, apply the rule, write what differs, say what moved.

Everything derived about the loaded nodes is computed anew (which components they form, what is known of each, which record each node
is in), so any change of evidence may be made first and settled afterwards. Some 40 µs a node; so what has more than `INLINE` nodes is
left as it was, marked, and worked out on a read snapshot moments later (`working.py`).
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from hub.contract import Level, kind_of
from hub.identity import events, rule, summary
from hub.identity.connecting import connected
from hub.identity.events import RecordEvent
from hub.identity.names import Name, fold
from hub.identity.summary import Summary
from hub.identity.terms import DEFAULT, LINKS, SHARED, Node, Rules, Ruling, Said
from hub.store.tx import Read, Tx

INLINE: Final = 200
"""Nodes that are settled within the transaction."""

REWRITTEN: Final = 1_000
"""Rows of nodes or claims that one transaction rewrites without reading them: some 15 µs each."""

SQL_NODES = "SELECT key, first, names, customer, component FROM evidence WHERE component = ?"
SQL_LINKS = """
SELECT c.evidence, c.kind, c.value, c.level, c.links FROM evidence e JOIN claim c ON c.evidence = e.key
WHERE e.component = ? AND c.links > 0"""
SQL_RULINGS = """
SELECT DISTINCT r.decision, r.at, r.op, r.a, r.b FROM evidence e JOIN ruling r ON r.a = e.key OR r.b = e.key
WHERE e.component = ? AND e.ruled"""
SQL_COMPONENT = "SELECT version, customer, dirty, summary FROM component WHERE label = ?"
SQL_PUT_COMPONENT = """
INSERT INTO component (label, version, customer, dirty, summary) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (label) DO UPDATE SET version = version + 1, customer = excluded.customer, dirty = excluded.dirty,
                                  summary = excluded.summary"""
SQL_DROP_COMPONENT = "DELETE FROM component WHERE label = ?"
SQL_MOVE = "UPDATE evidence SET customer = ?, component = ? WHERE key = ?"
SQL_RELABEL = "UPDATE evidence SET component = ? WHERE component = ?"
SQL_COUNT = "SELECT count(*) FROM (SELECT 1 FROM evidence WHERE component = ? LIMIT ?)"
SQL_IS_DIRTY = "SELECT 1 FROM component WHERE label = ? AND dirty"
SQL_ALONE = (
    "UPDATE evidence SET customer = first WHERE component = ? AND customer IS NULL AND first IS NOT NULL"
)
SQL_RULES = "SELECT rules FROM identity_state"

Row = tuple[bytes | None, bytes]
"""(customer, component) of a node."""


def rules_of(tx: Read) -> Rules:
    """The settings of the rule in force."""
    row = tx.one(SQL_RULES)
    return DEFAULT if row is None else _rules(row[0])


@lru_cache(maxsize=4)
def _rules(text: str) -> Rules:
    return msgspec.json.decode(text, type=Rules)


class Component(msgspec.Struct, frozen=True):
    """What is stored of a component."""

    label: bytes
    version: int
    customer: bytes | None
    dirty: bool
    summary: Summary


def component(tx: Read, label: bytes) -> Component:
    """One component, which exists."""
    row = tx.one(SQL_COMPONENT, (label,))
    assert row is not None, "every node's component is stored"
    return Component(label, row[0], row[1], bool(row[2]), msgspec.json.decode(row[3], type=Summary))


def put(tx: Tx, label: bytes, customer: bytes | None, about: Summary, *, dirty: bool = False) -> None:
    """Store a component; its version moves on."""
    tx.run(SQL_PUT_COMPONENT, (label, 1, customer, dirty, msgspec.json.encode(about).decode()))


class Loaded:
    """The nodes of some components with their joining claims, the rulings among them, and what the database says of each now."""

    def __init__(self, tx: Read, components: Iterable[bytes]) -> None:
        self.rows: dict[bytes, Row] = {}
        self.nodes: dict[bytes, Node] = {}
        rulings: dict[bytes, Ruling] = {}
        self.labels = list(dict.fromkeys(components))
        for label in self.labels:
            said: dict[bytes, list[Said]] = {}
            for key, kind, value, level, links in tx.all(SQL_LINKS, (label,)):
                said.setdefault(key, []).append(Said((kind, value), RANKS[level], STATUS[links]))
            for key, first, names, *row in tx.all(SQL_NODES, (label,)):
                self.rows[key] = (row[0], row[1])
                self.nodes[key] = Node(key, first, tuple(sorted(said.get(key, ()))), names_of(names))
            for found in tx.all(SQL_RULINGS, (label,)):
                rulings[found[0]] = Ruling(*found)
        self.rulings = list(rulings.values())


STATUS: Final = {1: LINKS, 2: SHARED}
"""The status the rule gives a claim, by `claim.links`: 2 is a desk's."""
RANKS: Final = {str(level): level.rank for level in Level}


@lru_cache(maxsize=8192)
def names_of(text: str) -> tuple[Name, ...]:
    """The names stored with a node."""
    return tuple(fold(name) for name in msgspec.json.decode(text))


class Settled(msgspec.Struct, frozen=True):
    """What the rule makes of loaded nodes: the row of each, and of each component its one customer, if any, and its summary."""

    rows: Mapping[bytes, Row]
    components: Mapping[bytes, tuple[bytes | None, Summary]]


def settle(
    tx: Tx, components: Iterable[bytes], cause: bytes, vanished: Sequence[tuple[bytes | None, bytes]] = ()
) -> tuple[RecordEvent, ...]:
    """Bring every node of these components to its record, now or, where they are many, soon. `vanished`: (customer, node that took
    over) for nodes that were dissolved on the way, so that events tell of them too."""
    labels = sorted(set(components))
    # What is being worked out may be connected with more than carries its label, so it is not settled by itself.
    if _are_many(tx, labels) or any(tx.one(SQL_IS_DIRTY, (label,)) for label in labels):
        return defer(tx, labels, cause)
    found = Loaded(tx, labels)
    settled = solve(found, rules_of(tx))
    return write(tx, found, settled, cause, vanished)


def _are_many(tx: Read, labels: Sequence[bytes]) -> bool:
    left = INLINE + 1
    for label in labels:
        row = tx.one(SQL_COUNT, (label, left))
        assert row is not None
        left -= row[0]
        if left <= 0:
            return True
    return False


def defer(tx: Tx, labels: Sequence[bytes], cause: bytes) -> tuple[RecordEvent, ...]:
    """Keep the records as they are until they have been worked out; who is new stands alone meanwhile. What is small comes under the
    label of the largest; what is not keeps its own, and whoever works out one of them finds the others."""
    sizes = {label: row[0] for label in labels if (row := tx.one(SQL_COUNT, (label, 1 << 40)))}
    smallest_first = sorted(sizes, key=lambda label: (sizes[label], label))
    into = smallest_first[-1]
    come = 0
    for label in smallest_first:
        tx.run(SQL_ALONE, (label,))
        if label != into and come + sizes[label] <= REWRITTEN:
            come += sizes[label]
            tx.run(SQL_RELABEL, (into, label))
            tx.run(SQL_DROP_COMPONENT, (label,))
        else:
            more = come if label == into else 0
            put(tx, label, None, Summary(nodes=sizes[label] + more), dirty=True)
    return ()


def solve(found: Loaded, rules: Rules) -> Settled:
    """Apply the rule; labels in use are kept where they still fit."""
    nodes = found.nodes
    sames = [(r.a, r.b) for r in found.rulings if r.op == "same" and r.a in nodes and r.b in nodes]
    rows: dict[bytes, Row] = {}
    components: dict[bytes, tuple[bytes | None, Summary]] = {}
    groups = sorted(connected(nodes.values(), lambda _: True, sames), key=len, reverse=True)
    for group, label in zip(groups, _labels(groups, found.rows), strict=True):
        members = [nodes[key] for key in group]
        about = summary.of_nodes(members, found.rulings)
        customers: list[bytes | None] = []
        for record in rule.partition(members, found.rulings, rules).records:
            customers.append(min((first for key in record if (first := nodes[key].first)), default=None))
            rows.update((key, (customers[-1], label)) for key in record)
        one = len(customers) == 1 and about.is_one_record(rules)
        components[label] = (customers[0] if one else None, about)
    return Settled(rows, components)


def write(
    tx: Tx, found: Loaded, settled: Settled, cause: bytes, vanished: Sequence[tuple[bytes | None, bytes]] = ()
) -> tuple[RecordEvent, ...]:
    """Write what differs from what was loaded, and what moved."""
    tx.many(SQL_MOVE, [(*row, key) for key, row in settled.rows.items() if row != found.rows[key]])
    for label in set(found.labels) - settled.components.keys():
        tx.run(SQL_DROP_COMPONENT, (label,))
    for label, (customer, about) in settled.components.items():
        put(tx, label, customer, about)
    moves = [(found.rows[key][0], row[0]) for key, row in settled.rows.items()]
    moves += [(customer, settled.rows[into][0]) for customer, into in vanished]
    happened = events.compare(moves, anchors(found), cause)
    events.store(tx, happened)
    return happened


def anchors(found: Loaded) -> dict[bytes, bytes]:
    """For each customer as it was, the touchpoint that stands for that person best: one with the strongest claim; among anonymous
    ones one of the very visit that made the difference, which would else stay behind when a merge is taken back; then the first."""
    fresh = {
        said.key for node in found.nodes.values() if found.rows[node.key][0] is None for said in node.claims
    }
    best: dict[bytes, tuple[tuple[int, int, int, bytes], bytes]] = {}
    for node in found.nodes.values():
        customer = found.rows[node.key][0]
        if customer is not None and node.first is not None:
            nearest = min(
                (kind_of(said.key[0]).priority for said in node.claims if said.key in fresh), default=100
            )
            proof = summary.best_of(node)
            rank = (*(proof[:2] if proof else (9, 0)), nearest, node.first)
            best[customer] = min(best.get(customer, (rank, node.first)), (rank, node.first))
    return {customer: touch for customer, (_, touch) in best.items()}


def _labels(groups: Sequence[Sequence[bytes]], rows: Mapping[bytes, Row]) -> list[bytes]:
    """A label for each group: the one most of its nodes carry, unless a larger group has it; else a new one."""
    taken: set[bytes] = set()
    labels = []
    for group in groups:
        counts: dict[bytes, int] = {}
        for key in group:
            if (label := rows[key][1]) not in taken:
                counts[label] = counts.get(label, 0) + 1
        labels.append(max(counts, key=lambda label: (counts[label], label)) if counts else os.urandom(16))
        taken.add(labels[-1])
    return labels
