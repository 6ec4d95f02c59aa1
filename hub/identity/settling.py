"""Settle components: load the nodes they hold, apply the rule, write what differs, say what moved.

Everything derived about the loaded nodes is computed anew (which components they form, which of them verified claims connect, which
record each is in), so any change of evidence may be made first and settled afterwards. Cost: some 40 µs a node.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from hub.contract import Group, Level, kind_of
from hub.identity import events, rule
from hub.identity.events import RecordEvent
from hub.identity.rule import Key, Node, Ruling
from hub.store.tx import Read, Tx

SQL_NODES = "SELECT key, first, customer, component, person FROM evidence WHERE component = ?"
SQL_LINKS = """
SELECT c.evidence, c.kind, c.value, c.level FROM evidence e JOIN claim c ON c.evidence = e.key
WHERE e.component = ? AND c.links"""
SQL_RULINGS = """
SELECT r.decision, r.at, r.op, r.a, r.b FROM evidence e JOIN ruling r ON r.a = e.key
WHERE e.component = ? AND e.ruled"""
SQL_MOVE = "UPDATE evidence SET customer = ?, component = ?, person = ? WHERE key = ?"

Row = tuple[bytes | None, bytes, bytes | None]
"""(customer, component, person) of a node."""


class Loaded:
    """The nodes of some components with their claims, the rulings among them, and what the database says of each now."""

    def __init__(self, tx: Read, components: Iterable[bytes]) -> None:
        self.rows: dict[bytes, Row] = {}
        self.nodes: dict[bytes, Node] = {}
        self.rulings: list[Ruling] = []
        for component in dict.fromkeys(components):
            said: dict[bytes, list[tuple[Key, int]]] = {}
            for key, kind, value, level in tx.all(SQL_LINKS, (component,)):
                said.setdefault(key, []).append(((kind, value), Level(level).rank))
            for key, first, *row in tx.all(SQL_NODES, (component,)):
                self.rows[key] = (row[0], row[1], row[2])
                self.nodes[key] = Node(key, first, tuple(sorted(said.get(key, ()))))
            self.rulings += [Ruling(*found) for found in tx.all(SQL_RULINGS, (component,))]


def settle(
    tx: Tx, components: Iterable[bytes], cause: bytes, vanished: Sequence[tuple[bytes | None, bytes]] = ()
) -> tuple[RecordEvent, ...]:
    """Bring every node of these components to its record. `vanished`: (customer, node that took over) for nodes that
    were dissolved on the way, so that events tell of them too."""
    found = Loaded(tx, components)
    settled = solve(found.nodes.values(), found.rulings, found.rows)
    tx.many(SQL_MOVE, [(*row, key) for key, row in settled.items() if row != found.rows[key]])
    moves = [(found.rows[key][0], row[0]) for key, row in settled.items()]
    moves += [(customer, settled[into][0]) for customer, into in vanished]
    happened = events.compare(moves, anchors(found), cause)
    events.store(tx, happened)
    return happened


def solve(nodes: Iterable[Node], rulings: Sequence[Ruling], rows: Mapping[bytes, Row]) -> dict[bytes, Row]:
    """(customer, component, person) of each node by the rule; labels in use are kept where they still fit."""
    by_key = {node.key: node for node in nodes}
    sames = [(r.a, r.b) for r in rulings if r.op == "same" and r.a in by_key and r.b in by_key]
    components = connected(by_key.values(), lambda _key, _rank: True, sames)
    people = connected((n for n in by_key.values() if any(_proves(*claim) for claim in n.claims)), _proves)
    person = {key: label for group in people for label in [_label(group, rows, 2)] for key in group}
    settled: dict[bytes, Row] = {}
    for group in components:
        label = _label(group, rows, 1)
        for record in rule.partition([by_key[key] for key in group], rulings).records:
            customer = min((first for key in record if (first := by_key[key].first)), default=None)
            settled.update((key, (customer, label, person.get(key))) for key in record)
    return settled


def connected(
    nodes: Iterable[Node], counts: Callable[[Key, int], bool], pairs: Iterable[tuple[bytes, bytes]] = ()
) -> list[list[bytes]]:
    """Groups of nodes that claims for which `counts` holds, or `pairs`, connect."""
    group: dict[bytes, list[bytes]] = {}
    holder: dict[Key, bytes] = {}

    def join(a: bytes, b: bytes) -> None:
        small, large = sorted((group[a], group[b]), key=len)
        if small is not large:
            large += small
            group.update(dict.fromkeys(small, large))

    for node in nodes:
        group[node.key] = [node.key]
        for identifier, rank in node.claims:
            if counts(identifier, rank):
                join(holder.setdefault(identifier, node.key), node.key)
    for a, b in pairs:
        join(a, b)
    return list({id(g): g for g in group.values()}.values())


def anchors(found: Loaded) -> dict[bytes, bytes]:
    """For each customer as it was, the touchpoint that stands for that person best: one with the strongest claim; among anonymous
    ones one of the very visit that made the difference, which would else stay behind when a merge is taken back; then the first."""
    fresh = {
        key for node in found.nodes.values() if found.rows[node.key][0] is None for key, _ in node.claims
    }
    best: dict[bytes, tuple[tuple[int, int, int, bytes], bytes]] = {}
    for node in found.nodes.values():
        customer = found.rows[node.key][0]
        if customer is not None and node.first is not None:
            nearest = min((kind_of(key[0]).priority for key, _ in node.claims if key in fresh), default=100)
            rank = (*strength(node), nearest, node.first)
            best[customer] = min(best.get(customer, (rank, node.first)), (rank, node.first))
    return {customer: touch for customer, (_, touch) in best.items()}


def strength(node: Node) -> tuple[int, int]:
    """How well a node says who somebody is; smaller is better."""
    return min(
        (
            (rank, kind_of(key[0]).priority)
            for key, rank in node.claims
            if kind_of(key[0]).group is Group.PERSONAL
        ),
        default=(9, 0),
    )


def _proves(identifier: Key, rank: int) -> bool:
    return rank == 0 and kind_of(identifier[0]).group is Group.PERSONAL


def _label(group: Sequence[bytes], rows: Mapping[bytes, Row], column: int) -> bytes:
    """The label most of them carry already, if the node it was named after is among them; else a new one. A label is always
    the key of a member, so two groups never get the same."""
    members = set(group)
    counts: dict[bytes, int] = {}
    for key in group:
        label = rows[key][column] if key in rows else None
        if label in members:
            counts[label] = counts.get(label, 0) + 1
    return max(counts, key=lambda label: (counts[label], label)) if counts else min(group)
