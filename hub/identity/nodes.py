"""Which node a touchpoint is on, and its moving from one to another.

Touchpoints that say the same share a node. One that a decision names has its own, or the decision would speak about all of them; when
the last decision about it is revoked it returns, and nothing tells any more that it was ever away. An identifier that a decision names
gets an empty node, for it may not have been seen yet. `Moving` collects what must be settled afterwards.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from hub.contract import AttributeClaim, Claim, Identifier, Level
from hub.identity import judging, values
from hub.identity.events import RecordEvent
from hub.identity.settling import put, rules_of, settle
from hub.identity.standing import linking
from hub.identity.summary import Summary
from hub.identity.terms import LINKS, Key, Said
from hub.intake import AcceptedClaim, evidence_key, normalise, own_key, read_claims, read_names
from hub.store.tx import Read, Tx

SQL_NODE_OF_TOUCH = """
SELECT e.key, e.customer, e.component, e.names FROM touchpoint t JOIN evidence e ON e.key = t.evidence WHERE t.id = ?"""
SQL_IS_COMPONENT = "SELECT 1 FROM component WHERE label = ?"
SQL_NODE = "SELECT component, first, customer FROM evidence WHERE key = ?"
SQL_SAID_BY = "SELECT claims, attributes, region, held FROM touchpoint WHERE id = ?"
SQL_NAMED = """
SELECT EXISTS (SELECT 1 FROM ruling WHERE a = :own), EXISTS (SELECT 1 FROM ruling WHERE b = :own),
       EXISTS (SELECT 1 FROM taken WHERE touch = :touch)"""
SQL_TAKEN = "SELECT kind, value FROM taken WHERE touch = ?"
SQL_TOUCH_MOVES = "UPDATE touchpoint SET evidence = ? WHERE id = ?"
SQL_RULED_FLAG = "UPDATE evidence SET ruled = ? WHERE key = ?"
SQL_FIRST_LEFT = "SELECT min(id) FROM touchpoint WHERE evidence = ?"
SQL_SET_FIRST = "UPDATE evidence SET first = ? WHERE key = ?"
SQL_DROP_CLAIMS = "DELETE FROM claim WHERE evidence = ?"
SQL_DROP_NODE = "DELETE FROM evidence WHERE key = ?"
SQL_DROP_ATTRIBUTES = "DELETE FROM attribute WHERE evidence = ?"
SQL_SAID = "SELECT evidence, connection, occurred_at, attributes FROM touchpoint WHERE id = ?"
SQL_SAID_BEFORE = """
SELECT id, occurred_at, attributes FROM touchpoint WHERE evidence = ? AND id < ? AND connection = ? AND attributes <> '[]'
ORDER BY id DESC LIMIT 50"""
_THIS = "evidence = ? AND attribute = ? AND connection = ? AND level = ? AND value = ? AND confidence = ?"
SQL_STANDS = f"SELECT touches, touch FROM attribute WHERE {_THIS}"
SQL_UNSAID = f"DELETE FROM attribute WHERE {_THIS}"
SQL_SAID_LESS = f"UPDATE attribute SET touches = touches - 1, touch = ?, at = ? WHERE {_THIS}"
SQL_SAID_BY_OTHERS = f"UPDATE attribute SET touches = touches - 1 WHERE {_THIS}"
SQL_CLAIMS = "SELECT kind, value, level, status FROM claim WHERE evidence = ?"
# What it says and whose it is is kept up by triggers from here on; its touchpoint and attributes are stored before the node.
SQL_ADD_EVIDENCE = """
INSERT INTO evidence (key, first, customer, component, ruled, names, tells, last, touches)
SELECT n.*, EXISTS (SELECT 1 FROM attribute a WHERE a.evidence = n.key), (SELECT max(id) FROM touchpoint t WHERE t.evidence = n.key),
       (SELECT count(*) FROM touchpoint t WHERE t.evidence = n.key)
FROM (SELECT ? AS key, ? AS first, ? AS customer, ? AS component, ? AS ruled, ? AS names) n"""
SQL_ADD_CLAIM = "INSERT INTO claim (kind, value, evidence, level, status, links) VALUES (?, ?, ?, ?, ?, ?)"
Side = bytes | Identifier
"""What a decision names: a touch id, or an identifier (normalised)."""


class Content(msgspec.Struct, frozen=True):
    """What counts of a touchpoint: its claims and names, without what decisions have taken away."""

    key: bytes
    claims: tuple[AcceptedClaim, ...]
    names: tuple[str, ...]


def node_key(side: Side) -> bytes:
    """The key of the node a decision gives to what it names, known before that has arrived."""
    if isinstance(side, bytes):
        return own_key(side)
    return blake2b(f"{side.kind}\0{side.value}".encode(), digest_size=16, person=b"identifier").digest()


def is_named(tx: Read, touch: bytes) -> tuple[bool, bool]:
    """Whether a same or never names a touchpoint, and whether any decision that gives it a node of its own does."""
    row = tx.one(SQL_NAMED, {"own": own_key(touch), "touch": touch})
    assert row is not None
    return bool(row[0] or row[1]), any(row)


def said_by(row: tuple[Any, ...]) -> tuple[tuple[AcceptedClaim, ...], tuple[str, ...]]:
    """Claims and names of a row of SQL_SAID_BY, read by today's rules."""
    claims, _ = read_claims(msgspec.json.decode(row[0], type=list[Claim]), row[2], held=bool(row[3]))
    return claims, read_names(msgspec.json.decode(row[1], type=list[AttributeClaim]))


def what_counts(
    tx: Read, touch: bytes, claims: Sequence[AcceptedClaim], names: Sequence[str], *, own: bool
) -> Content:
    """Node and content of a touchpoint that said this. `own`: it is named in a decision."""
    if not own:
        return Content(evidence_key(touch, claims, names), tuple(sorted(claims)), tuple(names))
    taken = {(kind, value) for kind, value in tx.all(SQL_TAKEN, (touch,))}
    if (None, None) in taken:
        return Content(own_key(touch), (), ())
    kept = tuple(claim for claim in sorted(claims) if (claim.kind, claim.value) not in taken)
    return Content(own_key(touch), kept, tuple(names))


def insert(
    tx: Tx,
    first: bytes | None,
    content: Content,
    customer: bytes | None,
    component: bytes,
    joining: Iterable[Said],
    *,
    ruled: bool,
) -> None:
    """Write a node and its claims, of which those in `joining` join."""
    names = msgspec.json.encode(content.names).decode()
    links = {said.key: 1 if said.status == LINKS else 2 for said in joining}
    tx.run(SQL_ADD_EVIDENCE, (content.key, first, customer, component, ruled, names))
    tx.many(
        SQL_ADD_CLAIM,
        [
            (c.kind, c.value, content.key, c.level, c.status, links.get((c.kind, c.value), 0))
            for c in content.claims
        ],
    )


class Moving:
    """Nodes on the move within one decision: what must be settled, and who was dissolved into whom."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.components: set[bytes] = set()
        self.vanished: list[tuple[bytes | None, bytes]] = []
        self._turned: set[Key] = set()

    def touch(self, touch: bytes) -> bool:
        """Bring a touchpoint to the node where the decisions in force want it, and say whether that is another, or says something
        else; one that has not arrived waits."""
        tx = self.tx
        row, said = tx.one(SQL_NODE_OF_TOUCH, (touch,)), tx.one(SQL_SAID_BY, (touch,))
        if row is None or said is None:
            return False
        node, customer, component, names = row
        self.components.add(component)
        ruled, own = is_named(tx, touch)
        content = what_counts(tx, touch, *said_by(said), own=own)
        there = Content(node, tuple(sorted(claims_of(tx, node))), tuple(msgspec.json.decode(names)))
        if content != there:
            self._leave(node, touch, there.names)
            self._enter(touch, content, customer, component)
        elif own or content.key == own_key(touch):
            tx.run(SQL_DROP_ATTRIBUTES, (node,))
            _say(tx, touch)
        if content.key == own_key(touch):
            tx.run(SQL_RULED_FLAG, (ruled, content.key))
        return content != there

    def identifier(self, side: Identifier) -> None:
        """Give an identifier its empty node while a decision names it."""
        tx, key = self.tx, node_key(side)
        named = tx.one(SQL_NAMED, {"own": key, "touch": b""}) != (0, 0, 0)
        node = tx.one(SQL_NODE, (key,))
        if node is not None:
            self.components.add(node[0])
            if not named:
                drop(tx, key)
        elif named:
            status = normalise.status(side.kind, side.value)
            claim = AcceptedClaim(kind=side.kind, value=side.value, level=Level.VERIFIED, status=status)
            self._insert(None, Content(key, (claim,), ()), None, tx.new_id(), ruled=True)

    def settle(self, cause: bytes, more: Iterable[bytes] = ()) -> tuple[RecordEvent, ...]:
        """Settle everything that was touched."""
        self.components |= judging.turn(self.tx, self._turned)
        return settle(self.tx, self.components | set(more), cause, self.vanished)

    def _leave(self, node: bytes, touch: bytes, names: Sequence[str]) -> None:
        """The touchpoint is about to leave a node, which may be nobody's then."""
        tx = self.tx
        take_back(tx, touch)
        tx.run(SQL_TOUCH_MOVES, (b"", touch))
        row = tx.one(SQL_FIRST_LEFT, (node,))
        assert row is not None
        if row[0] is not None:
            tx.run(SQL_SET_FIRST, (row[0], node))
            return
        claims = claims_of(tx, node)
        drop(tx, node)
        self._turned |= judging.left(tx, judging.said_of(claims), names)

    def _enter(self, touch: bytes, content: Content, customer: bytes | None, component: bytes) -> None:
        tx = self.tx
        there = tx.one(SQL_NODE, (content.key,))
        if there is None:
            self._insert(touch, content, customer, component, ruled=False)
        else:
            self.components.add(there[0])
            self.vanished.append((customer, content.key))
            tx.run(SQL_SET_FIRST, (min(touch, there[1]), content.key))
        tx.run(SQL_TOUCH_MOVES, (content.key, touch))
        _say(tx, touch)

    def _insert(
        self, first: bytes | None, content: Content, customer: bytes | None, component: bytes, *, ruled: bool
    ) -> None:
        said = judging.said_of(content.claims)
        looks = judging.look(self.tx, said)
        joining = linking(said, {key: found.status for key, found in looks.items()})
        insert(self.tx, first, content, customer, component, joining, ruled=ruled)
        if self.tx.one(SQL_IS_COMPONENT, (component,)) is None:
            put(self.tx, component, None, Summary())
        if first is not None:
            self._turned |= judging.entered(self.tx, said, content.names, rules_of(self.tx))
        near = {looks[one.key].links if one.status == LINKS else looks[one.key].desk for one in joining}
        self.components |= {label for label in (*near, component) if label is not None}


def claims_of(tx: Read, node: bytes) -> list[AcceptedClaim]:
    """What a node claims."""
    rows = tx.all(SQL_CLAIMS, (node,))
    return [AcceptedClaim(kind=k, value=v, level=Level(level), status=status) for k, v, level, status in rows]


def drop(tx: Tx, node: bytes) -> None:
    """Forget a node and what it claims."""
    for statement in (SQL_DROP_CLAIMS, SQL_DROP_ATTRIBUTES, SQL_DROP_NODE):
        tx.run(statement, (node,))


def said(tx: Read, touch: bytes) -> list[tuple[Any, ...]]:
    """What a touchpoint says of whoever it is about, as rows of its node."""
    row = tx.one(SQL_SAID, (touch,))
    if row is None or row[3] == "[]":
        return []
    node, connection, at, text = row
    return values.rows(node, touch, connection, at, msgspec.json.decode(text, type=list[AttributeClaim]))


def _say(tx: Tx, touch: bytes) -> None:
    """Add what a touchpoint says to its node; a retracted one says nothing."""
    if (None, None) not in tx.all(SQL_TAKEN, (touch,)):
        tx.many(values.SQL_SAY, said(tx, touch))


def take_back(tx: Tx, touch: bytes) -> None:
    """Its node no longer says what this touchpoint said. Of thousands that share a node nobody else's words are read, unless it was
    the latest who said something."""
    for row in said(tx, touch):
        this = row[:6]
        stands = tx.one(SQL_STANDS, this)
        if stands is None:
            continue
        earlier = said_before(tx, touch, row) if stands[0] > 1 and stands[1] == touch else None
        if earlier is not None:
            tx.run(SQL_SAID_LESS, (*earlier, *this))
        else:
            tx.run(SQL_SAID_BY_OTHERS if stands[0] > 1 and stands[1] != touch else SQL_UNSAID, this)


def said_before(tx: Read, touch: bytes, row: tuple[Any, ...]) -> tuple[bytes, int] | None:
    """The latest touchpoint on the same node, and its time, that said the same before this one did."""
    node, connection, before = row[0], row[2], touch
    while found := tx.all(SQL_SAID_BEFORE, (node, before, connection)):
        for before, at, text in found:
            claims = msgspec.json.decode(text, type=list[AttributeClaim])
            if any(one[:6] == row[:6] for one in values.rows(node, before, connection, at, claims)):
                return before, at
    return None
