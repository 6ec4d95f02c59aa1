"""Compute everything derived anew from the log: after the rules or the normaliser changed, or to see that nothing drifted.

`renew` walks the log and brings every touchpoint to the node where it belongs by today's reading, a slice at a time; what moved is told
like any other change. `differences` compares the live records with the batch answer and changes nothing.
"""

import msgspec

from hub.identity import judging, oracle
from hub.identity.events import RecordEvent
from hub.identity.nodes import Moving
from hub.identity.settling import settle
from hub.identity.terms import Rules
from hub.intake import normalise
from hub.store.tx import Read, Tx

SQL_STATE = """
INSERT INTO identity_state (id, rules, normaliser) VALUES (1, ?, ?)
ON CONFLICT (id) DO UPDATE SET rules = excluded.rules, normaliser = excluded.normaliser"""
SQL_NEXT = "SELECT id FROM touchpoint WHERE id > ? ORDER BY id LIMIT ?"
SQL_LIVE = "SELECT t.id, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence"
SQL_COMPONENT_OF = "SELECT e.component FROM touchpoint t JOIN evidence e ON e.key = t.evidence WHERE t.id = ?"
SQL_WATCHED = (
    "SELECT DISTINCT c.kind, c.value FROM touchpoint t JOIN claim c ON c.evidence = t.evidence WHERE t.id = ?"
)


class Renewed(msgspec.Struct, frozen=True):
    """One slice of the walk: the last touch id looked at (None at the end of the log), and what moved."""

    last: bytes | None
    events: tuple[RecordEvent, ...]


class Difference(msgspec.Struct, frozen=True):
    """A touchpoint whose customer is not the one the rule gives it."""

    touch: bytes
    live: bytes | None
    expected: bytes


def set_rules(tx: Tx, rules: Rules) -> None:
    """The settings of the rule from now on. What is there already follows with `renew`."""
    tx.run(SQL_STATE, (msgspec.json.encode(rules).decode(), normalise.VERSION))


def renew(tx: Tx, after: bytes = b"", limit: int = 50) -> Renewed:
    """Read the next touchpoints of the log anew."""
    found = [row[0] for row in tx.all(SQL_NEXT, (after, limit))]
    if not found:
        return Renewed(None, ())
    moving = Moving(tx)
    for touch in found:
        moving.touch(touch)
    keys = {(kind, value) for touch in found for kind, value in tx.all(SQL_WATCHED, (touch,))}
    for key in sorted(keys):
        judging.recount(tx, key)
    return Renewed(found[-1], moving.settle(found[0], judging.turn(tx, keys)))


def differences(read: Read) -> list[Difference]:
    """Where live state is not what the rule makes of the log: none, unless something is wrong."""
    expected = oracle.customers(read)
    live = dict(read.all(SQL_LIVE))
    return [
        Difference(touch, live.get(touch), customer)
        for touch, customer in expected.items()
        if live.get(touch) != customer
    ]


def repair(tx: Tx, touches: list[bytes]) -> tuple[RecordEvent, ...]:
    """Settle the components of these touchpoints anew."""
    labels = {row[0] for touch in touches if (row := tx.one(SQL_COMPONENT_OF, (touch,)))}
    return settle(tx, labels, touches[0]) if labels else ()
