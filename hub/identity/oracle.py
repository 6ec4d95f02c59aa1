"""The batch answer: every customer computed from the log alone, by the rule over all evidence at once.

Reads the touchpoints as they were reported and the decisions, nothing derived. Live state must equal this after every action: the
tests hold the engine to it, `hub identity rebuild --verify` and the nightly check do.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from hub.contract import AttributeClaim, Claim, Identifier
from hub.identity import rule
from hub.identity.decisions import SQL_DECISION, Spoken, read_spoken
from hub.identity.names import fold
from hub.identity.nodes import Side, node_key
from hub.identity.settling import rules_of
from hub.identity.terms import Key, Node, Partition, Rules, Ruling, Said
from hub.intake import AcceptedClaim, evidence_key, normalise, own_key, read_claims, read_names
from hub.store.tx import Read

SQL_LOG = "SELECT id, claims, attributes, region, held FROM touchpoint"
SQL_ALL_DECISIONS = SQL_DECISION.removesuffix(" WHERE id = ?") + " ORDER BY at, id"

OFTEN: Final = 1_000
READING: Final = 0.6
"""The share of the whole that reading the claims takes, roughly; the rest is the rule's."""


class Answer(msgspec.Struct, frozen=True):
    """`customers`: {touch id: customer}. `nodes`: {touch id: node}. `partition`: as the rule gave it."""

    customers: dict[bytes, bytes]
    nodes: dict[bytes, bytes]
    partition: Partition


def customers(tx: Read) -> dict[bytes, bytes]:
    """{touch id: customer} for every touchpoint in the log. Seconds at 100,000 touchpoints: for checks, not for requests."""
    return answer(tx).customers


class Log(msgspec.Struct, frozen=True):
    """All the answer is made of, as it is stored; nothing else has to be asked of the database."""

    touchpoints: list[tuple[Any, ...]]
    decided: list[Spoken]
    rules: Rules


def log_of(tx: Read) -> Log:
    """The log as it is now, with the settings in force."""
    return Log(tx.all(SQL_LOG), in_force(tx.all(SQL_ALL_DECISIONS)), rules_of(tx))


def answer(tx: Read, rules: Rules | None = None) -> Answer:
    """Everything the rule says about the log, with the settings in force or others."""
    return answered(log_of(tx), rules)


def answered(log: Log, rules: Rules | None = None, told: Callable[[float], None] | None = None) -> Answer:
    """The same of a log that was read before: pure. `told` hears now and then which share is done, and may raise to end it."""
    told = told or _nobody
    decided = log.decided
    rulings = [
        Ruling(one.key, one.at, one.op, node_key(one.sides[0]), node_key(one.sides[1]))
        for one in decided
        if one.op in ("same", "never")
    ]
    named = {key for ruling in rulings for key in (ruling.a, ruling.b)}
    nodes, node_of = _nodes(log.touchpoints, decided, named, told)
    found = rule.records(nodes, rulings, _blocks(decided), rules or log.rules)
    told(1.0)
    first = {node.key: node.first for node in nodes}
    customer_of: dict[bytes, bytes] = {}
    for record in found.records:
        customer = min((touch for key in record if (touch := first[key])), default=None)
        customer_of.update((key, customer) for key in record if customer)
    return Answer({touch: customer_of[key] for touch, key in node_of.items()}, node_of, found)


def _nobody(share: float) -> None:
    """Who is told of progress where nobody asked."""


def _nodes(
    touchpoints: list[tuple[Any, ...]],
    decided: list[Spoken],
    ruled: set[bytes],
    told: Callable[[float], None],
) -> tuple[list[Node], dict[bytes, bytes]]:
    taken: dict[Side, set[Side | None]] = {}
    for one in decided:
        if one.op in ("detach", "retract"):
            taken.setdefault(one.sides[0], set()).add(one.sides[1] if one.op == "detach" else None)
    node_of: dict[bytes, bytes] = {}
    said: dict[bytes, tuple[tuple[AcceptedClaim, ...], tuple[str, ...]]] = {}
    for n, (touch, claimed, attributes, region, held) in enumerate(touchpoints):
        if n % OFTEN == 0:
            told(READING * n / len(touchpoints))
        claims, _ = read_claims(msgspec.json.decode(claimed, type=list[Claim]), region, held=bool(held))
        names = read_names(msgspec.json.decode(attributes, type=list[AttributeClaim]))
        without = taken.get(touch, set())
        is_own = bool(without) or own_key(touch) in ruled
        if None in without:
            claims, names = (), ()
        claims = tuple(c for c in claims if Identifier(kind=c.kind, value=c.value) not in without)
        node_of[touch] = own_key(touch) if is_own else evidence_key(touch, claims, names)
        said[node_of[touch]] = claims, names
    first: dict[bytes, bytes] = {}
    for touch, key in node_of.items():
        first[key] = min(first.get(key, touch), touch)
    nodes = [_node(key, first[key], *said[key]) for key in first]
    empty = {
        node_key(side): _empty(side)
        for one in decided
        if one.op in ("same", "never")
        for side in one.sides
        if isinstance(side, Identifier)
    }
    return [*nodes, *empty.values()], node_of


def _node(key: bytes, first: bytes, claims: tuple[AcceptedClaim, ...], names: tuple[str, ...]) -> Node:
    said = tuple(sorted(Said((c.kind, c.value), c.level.rank, c.status) for c in claims))
    return Node(key, first, said, tuple(map(fold, names)))


def _empty(side: Identifier) -> Node:
    status = normalise.status(side.kind, side.value)
    return Node(node_key(side), None, (Said((side.kind, side.value), 0, status),))


def _blocks(decided: list[Spoken]) -> Mapping[Key, str]:
    """The latest word on each identifier."""
    return {
        (side.kind, side.value): one.op
        for one in decided
        if one.op in ("block", "unblock")
        for side in one.sides
        if isinstance(side, Identifier)
    }


def in_force(rows: list[tuple[Any, ...]]) -> list[Spoken]:
    """The decisions that no revocation in force speaks against, oldest first."""
    against: dict[bytes, list[bytes]] = {}
    for row in rows:
        if row[2] == "revoke":
            against.setdefault(row[9], []).append(row[0])

    def counts(decision: bytes) -> bool:
        return not any(counts(revocation) for revocation in against.get(decision, ()))

    return [read_spoken(row) for row in rows if row[2] != "revoke" and counts(row[0])]
