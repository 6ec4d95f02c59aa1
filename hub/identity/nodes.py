"""Nodes of their own for what decisions name: cut out, and put back exactly.

Touchpoints that say the same share a node. One that a decision names leaves it, or the decision would speak about all of them; when
the last decision about it is revoked it returns, and nothing tells any more that it was ever away. An identifier gets an empty node,
for it may not have been seen yet. Everybody here says which components must be settled afterwards.
"""

from hashlib import blake2b

import msgspec

from hub.contract import AttributeClaim, Identifier, Level
from hub.identity import placing, values
from hub.intake import AcceptedClaim, evidence_key, own_key
from hub.store.tx import Read, Tx

SQL_NODE_OF_TOUCH = """
SELECT e.key, e.customer, e.component, e.person, e.names FROM touchpoint t JOIN evidence e ON e.key = t.evidence WHERE t.id = ?"""
SQL_NODE = "SELECT component, first, names, customer FROM evidence WHERE key = ?"
SQL_CLAIMS = "SELECT kind, value, level, status FROM claim WHERE evidence = ?"
SQL_TOUCH_MOVES = "UPDATE touchpoint SET evidence = ? WHERE id = ?"
SQL_RULED_FLAG = "UPDATE evidence SET ruled = ? WHERE key = ?"
SQL_FIRST_LEFT = "SELECT min(id) FROM touchpoint WHERE evidence = ?"
SQL_SET_FIRST = "UPDATE evidence SET first = ? WHERE key = ?"
SQL_DROP_CLAIMS = "DELETE FROM claim WHERE evidence = ?"
SQL_DROP_NODE = "DELETE FROM evidence WHERE key = ?"
SQL_DROP_ATTRIBUTES = "DELETE FROM attribute WHERE evidence = ?"
SQL_SAID = (
    "SELECT id, connection, occurred_at, attributes FROM touchpoint WHERE evidence = ? AND attributes <> '[]'"
)

Side = bytes | Identifier
"""What a decision names: a touch id, or an identifier (normalised)."""


def node_key(side: Side) -> bytes:
    """The key of the node a decision gives to what it names, known before that has arrived."""
    if isinstance(side, bytes):
        return own_key(side)
    return blake2b(f"{side.kind}\0{side.value}".encode(), digest_size=16, person=b"identifier").digest()


def isolate_touch(tx: Tx, touch: bytes) -> set[bytes]:
    """Give a touchpoint a node of its own; the components to settle."""
    row = tx.one(SQL_NODE_OF_TOUCH, (touch,))
    if row is None:
        return set()
    shared, customer, component, person, names = row
    own = own_key(touch)
    if shared != own:
        placing.insert(
            tx,
            own,
            touch,
            claims_of(tx, shared),
            msgspec.json.decode(names),
            (customer, component, person),
            ruled=True,
        )
        tx.run(SQL_TOUCH_MOVES, (own, touch))
        _retell(tx, own)
        _shrink(tx, shared)
    else:
        tx.run(SQL_RULED_FLAG, (True, own))
    return {component}


def isolate_identifier(tx: Tx, side: Identifier) -> set[bytes]:
    """An empty node that claims the identifier, for it may not have been seen yet; the components to settle."""
    key = node_key(side)
    near = placing.neighbours(tx, [(side.kind, side.value)])
    if tx.one(SQL_NODE, (key,)) is None:
        claim = AcceptedClaim(kind=side.kind, value=side.value, level=Level.VERIFIED, status="links")
        placing.insert(tx, key, None, [claim], [], (None, key, None), ruled=True)
    return near | {key}


def return_touch(tx: Tx, touch: bytes, vanished: list[tuple[bytes | None, bytes]]) -> set[bytes]:
    """Put a touchpoint back on the node it shares with those that say the same; the components to settle."""
    own = own_key(touch)
    node = tx.one(SQL_NODE, (own,))
    assert node is not None
    component, _, names, customer = node
    claims = claims_of(tx, own)
    said = msgspec.json.decode(names)
    shared = evidence_key(touch, claims, said)
    if shared == own:
        tx.run(SQL_RULED_FLAG, (False, own))
        return {component}
    there = tx.one(SQL_NODE, (shared,))
    if there is None:
        row = tx.one(SQL_NODE_OF_TOUCH, (touch,))
        assert row is not None
        placing.insert(tx, shared, touch, claims, said, (row[1], row[2], row[3]), ruled=False)
    else:
        vanished.append((customer, shared))
        tx.run(SQL_SET_FIRST, (min(touch, there[1]), shared))
    tx.run(SQL_TOUCH_MOVES, (shared, touch))
    _retell(tx, shared)
    drop(tx, own)
    return {component} if there is None else {component, there[0]}


def claims_of(tx: Read, node: bytes) -> list[AcceptedClaim]:
    """What a node claims."""
    rows = tx.all(SQL_CLAIMS, (node,))
    return [AcceptedClaim(kind=k, value=v, level=Level(level), status=status) for k, v, level, status in rows]


def _shrink(tx: Tx, node: bytes) -> None:
    """A touchpoint has left this node."""
    row = tx.one(SQL_FIRST_LEFT, (node,))
    assert row is not None
    if row[0] is None:
        drop(tx, node)
    else:
        tx.run(SQL_SET_FIRST, (row[0], node))
        _retell(tx, node)


def drop(tx: Tx, node: bytes) -> None:
    """Forget a node and what it claims."""
    for statement in (SQL_DROP_CLAIMS, SQL_DROP_ATTRIBUTES, SQL_DROP_NODE):
        tx.run(statement, (node,))


def _retell(tx: Tx, node: bytes) -> None:
    """Compute a node's attributes anew from its touchpoints."""
    tx.run(SQL_DROP_ATTRIBUTES, (node,))
    for touch, connection, at, text in tx.all(SQL_SAID, (node,)):
        said = msgspec.json.decode(text, type=list[AttributeClaim])
        tx.many(values.SQL_SAY, values.rows(node, touch, connection, at, said))
