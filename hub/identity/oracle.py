"""The batch answer: every customer computed from the log alone, by the rule over all evidence at once.

Reads the touchpoints as they were reported and the decisions, nothing derived. Live state must equal this after every action: the
tests hold the engine to it, and a nightly check can.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hub.contract import AttributeClaim, Claim, Group, Identifier, kind_of
from hub.identity import rule
from hub.identity.nodes import Side, node_key
from hub.identity.rule import Node, Ruling
from hub.intake import AcceptedClaim, evidence_key, normalise, own_key, read_claims
from hub.store.tx import Read

SQL_LOG = "SELECT id, claims, attributes, region FROM touchpoint"
SQL_ALL_DECISIONS = (
    "SELECT id, at, op, a_touch, a_kind, a_value, b_touch, b_kind, b_value, target FROM decision"
)


def customers(tx: Read) -> dict[bytes, bytes]:
    """{touch id: customer} for every touchpoint in the log. Seconds at 100,000 touchpoints: for checks, not for requests."""
    decided = _in_force(tx.all(SQL_ALL_DECISIONS))
    rulings = [Ruling(key, at, op, node_key(a), node_key(b)) for key, at, op, a, b in decided]
    named = {key for ruling in rulings for key in (ruling.a, ruling.b)}
    node_of: dict[bytes, bytes] = {}
    claims_of: dict[bytes, tuple[AcceptedClaim, ...]] = {}
    for touch, said, attributes, region in tx.all(SQL_LOG):
        claims, _ = read_claims(msgspec.json.decode(said, type=list[Claim]), region)
        shared = evidence_key(touch, claims, _names(attributes))
        node_of[touch] = own_key(touch) if own_key(touch) in named else shared
        claims_of[node_of[touch]] = claims
    nodes = [_node(key, touches, claims_of[key]) for key, touches in _grouped(node_of).items()]
    nodes += {
        node_key(side): _empty(side)
        for _, _, _, *sides in decided
        for side in sides
        if isinstance(side, Identifier)
    }.values()
    customer_of: dict[bytes, bytes] = {}
    by_key = {node.key: node for node in nodes}
    for record in rule.partition(nodes, rulings).records:
        first = min((node.first for key in record if (node := by_key[key]).first), default=None)
        customer_of.update((key, first) for key in record if first)
    return {touch: customer_of[key] for touch, key in node_of.items()}


def _node(key: bytes, touches: Iterable[bytes], claims: Iterable[AcceptedClaim]) -> Node:
    return Node(
        key,
        min(touches),
        tuple(
            sorted(((c.kind, c.value), c.level.rank) for c in claims if rule.links(c.kind, c.level, c.status))
        ),
    )


def _empty(side: Identifier) -> Node:
    joins = kind_of(side.kind).group is not Group.NEITHER
    return Node(node_key(side), None, (((side.kind, side.value), 0),) if joins else ())


def _names(attributes: str) -> list[str]:
    said = msgspec.json.decode(attributes, type=list[AttributeClaim])
    return sorted({name for a in said if a.attribute == "name" and (name := normalise.name(a.value))})


def _grouped(node_of: Mapping[bytes, bytes]) -> dict[bytes, list[bytes]]:
    groups: dict[bytes, list[bytes]] = {}
    for touch, key in node_of.items():
        groups.setdefault(key, []).append(touch)
    return groups


def _in_force(rows: list[tuple[Any, ...]]) -> list[tuple[bytes, int, str, Side, Side]]:
    against: dict[bytes, list[bytes]] = {}
    for row in rows:
        if row[2] == "revoke":
            against.setdefault(row[9], []).append(row[0])

    def counts(decision: bytes) -> bool:
        return not any(counts(revocation) for revocation in against.get(decision, ()))

    return [
        (row[0], row[1], row[2], _side(row[3:6]), _side(row[6:9]))
        for row in rows
        if row[2] in ("same", "never") and counts(row[0])
    ]


def _side(columns: tuple[Any, ...]) -> Side:
    touch, kind, value = columns
    return bytes(touch) if touch is not None else Identifier(kind=kind, value=value)
