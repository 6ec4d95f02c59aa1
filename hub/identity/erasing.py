"""Erase what touchpoints say: the log's rows go blank, everything derived from them goes, and a redelivery still counts as seen.

A blank touchpoint says nothing, so by the rule it is a record of its own, of nobody. Decisions that name it stay, harmless; the words
in them (notes, pinned values, identifiers nobody else claims) go as well.
"""

from collections.abc import Iterable, Sequence

import msgspec

from hub.contract import Claim, Identifier, Level
from hub.identity import decisions, nodes, suggesting
from hub.identity.events import RecordEvent
from hub.identity.nodes import Moving
from hub.intake import AcceptedClaim, read_claims
from hub.store.tx import Read, Tx

SQL_SAID = "SELECT claims, region FROM touchpoint WHERE id = ?"
SQL_BLANK = """
UPDATE touchpoint SET key = '', thread = NULL, claims = '[]', attributes = '[]', payload = '{}' WHERE id = ?"""
SQL_HUSH = "UPDATE decision SET note = '', value = NULL WHERE a_touch = :touch OR b_touch = :touch"
SQL_UNPIN = "DELETE FROM pin WHERE touch = ?"
SQL_RETRACTED = "SELECT id, a_touch FROM decision WHERE op = 'retract'"
SQL_IS_CLAIMED = """
SELECT 1 FROM claim c JOIN evidence e ON e.key = c.evidence WHERE c.kind = ? AND c.value = ? AND e.first IS NOT NULL LIMIT 1"""
SQL_ABOUT = """
SELECT id FROM decision WHERE op <> 'revoke'
AND ((a_kind = :kind AND a_value = :value) OR (b_kind = :kind AND b_value = :value))"""
SQL_FORGET_IDENTIFIER = """
UPDATE decision SET note = '', a_value = CASE WHEN a_kind = :kind AND a_value = :value THEN :blank ELSE a_value END,
  b_value = CASE WHEN b_kind = :kind AND b_value = :value THEN :blank ELSE b_value END WHERE id = :decision"""


def erase(tx: Tx, touches: Sequence[bytes], author: str) -> tuple[RecordEvent, ...]:
    """Blank these touchpoints and settle what they touched. At most some hundred at once: each component is settled once."""
    said = {identifier for touch in touches for identifier in _identifiers(tx, touch)}
    moving = Moving(tx)
    for touch in touches:
        nodes.take_back(tx, touch)
        tx.run(SQL_BLANK, (touch,))
        tx.run(SQL_HUSH, {"touch": touch})
        tx.run(SQL_UNPIN, (touch,))
        moving.touch(touch)
    happened = moving.settle(touches[0]) if touches else ()
    for touch in touches:
        suggesting._forget(tx, touch)  # each may have been the id of their record
    for identifier in sorted(said):
        happened += _forget(tx, identifier, author)
    return happened


def retracted(read: Read, identifiers: Iterable[Identifier]) -> tuple[bytes, ...]:
    """The touchpoints taken back by decision that carry one of these and prove nobody else: they are in no record, and speak of whoever
    these identifiers belong to all the same. Reads every decision of that kind."""
    theirs, found = {(held.kind, held.value) for held in identifiers}, set()
    for decision, touch in read.all(SQL_RETRACTED):
        if decisions.in_force(read, decision):
            claims = _claims(read, touch)
            proven = {(c.kind, c.value) for c in claims if c.level is Level.VERIFIED}
            if proven <= theirs and any((c.kind, c.value) in theirs for c in claims):
                found.add(bytes(touch))
    return tuple(sorted(found))


def _identifiers(tx: Read, touch: bytes) -> Iterable[Identifier]:
    return [Identifier(kind=claim.kind, value=claim.value) for claim in _claims(tx, touch)]


def _claims(tx: Read, touch: bytes) -> tuple[AcceptedClaim, ...]:
    row = tx.one(SQL_SAID, (touch,))
    return read_claims(msgspec.json.decode(row[0], type=list[Claim]), row[1])[0] if row else ()


def _forget(tx: Tx, identifier: Identifier, author: str) -> tuple[RecordEvent, ...]:
    """Decisions about an identifier that nobody claims any longer are revoked, and name it no more."""
    if tx.one(SQL_IS_CLAIMED, (identifier.kind, identifier.value)):
        return ()
    named = {"kind": identifier.kind, "value": identifier.value}
    happened: tuple[RecordEvent, ...] = ()
    for (decision,) in tx.all(SQL_ABOUT, named):
        if decisions.in_force(tx, decision):
            happened += decisions.decide(tx, "revoke", author=author, decision=decision).events
        tx.run(SQL_FORGET_IDENTIFIER, {**named, "blank": f"erased {decision.hex()}", "decision": decision})
    return happened
