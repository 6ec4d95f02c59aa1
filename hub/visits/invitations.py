"""Invitations: one offer to talk, shown to one visitor, and what became of it.

    offered → shown → accepted | declined
         └──────┴───→ expired (not answered in time, or the visit ended)

A fate is set once; what arrives after it changes nothing. One invitation at a time is open for a visitor, and who declined
is left alone for the rest of the visit. Words that answer one all the same (written in another tab, or late) are kept together
with what they answer, but are no acceptance.
"""

from typing import Literal

import msgspec

from hub.store import Read, Tx
from hub.wire import Refusal

LIFE = 10 * 60 * 1_000_000
"""Microseconds until an unanswered invitation expires."""

Fate = Literal["shown", "accepted", "declined"]

_COLUMNS = "id, visitor, visit, operator, text, offered_at, fate, conversation"
SQL_OFFER = """
INSERT INTO invitation (id, visitor, visit, operator, text, offered_at, fate, fate_at)
VALUES (:id, :visitor, :visit, :operator, :text, :now, 'offered', :now)"""
SQL_GET = f"SELECT {_COLUMNS} FROM invitation WHERE id = :id"
SQL_OPEN = f"""
SELECT {_COLUMNS} FROM invitation WHERE visitor = :visitor AND fate IN ('offered', 'shown') AND offered_at > :since
ORDER BY offered_at DESC LIMIT 1"""
SQL_DECLINED = (
    "SELECT 1 FROM invitation WHERE visitor = :visitor AND visit = :visit AND fate = 'declined' LIMIT 1"
)
SQL_MEET = """
UPDATE invitation SET fate = :fate, fate_at = :now WHERE id = :id AND visitor = :visitor AND offered_at > :since
AND (fate = 'offered' OR (fate = 'shown' AND :fate <> 'shown'))"""
SQL_LED_TO = "UPDATE invitation SET conversation = :conversation WHERE id = :id"
SQL_EXPIRE = """
UPDATE invitation SET fate = 'expired', fate_at = :now WHERE fate IN ('offered', 'shown') AND offered_at <= :since
RETURNING visitor, id"""


class Invitation(msgspec.Struct, frozen=True):
    """One offer; `offered_at` in microseconds."""

    id: bytes
    visitor: bytes
    visit: bytes
    operator: bytes
    text: str
    offered_at: int
    fate: str
    conversation: bytes | None


def offer(tx: Tx, *, visitor: bytes, visit: bytes, operator: bytes, text: str) -> Invitation:
    """Make an offer; the same operator's same words are the same offer.

    Refusals: no_change when one is open already, or the visitor declined one in this visit.
    """
    before = open_of(tx, visitor)
    if before is not None and (before.operator, before.text) == (operator, text):
        return before
    if before is not None:
        raise Refusal("no_change", "an invitation is open already; wait for the visitor's answer")
    if tx.one(SQL_DECLINED, {"visitor": visitor, "visit": visit}):
        raise Refusal("no_change", "the visitor declined an invitation in this visit; leave them in peace")
    invitation = tx.new_id()
    values = {"id": invitation, "visitor": visitor, "visit": visit, "operator": operator, "text": text}
    tx.run(SQL_OFFER, {**values, "now": tx.now})
    return Invitation(invitation, visitor, visit, operator, text, tx.now, "offered", None)


def get(read: Read, invitation: bytes) -> Invitation | None:
    """An invitation, if there is such a one."""
    row = read.one(SQL_GET, {"id": invitation})
    return Invitation(*row) if row else None


def open_of(read: Read, visitor: bytes) -> Invitation | None:
    """The invitation this visitor may answer now."""
    row = read.one(SQL_OPEN, {"visitor": visitor, "since": read.now - LIFE})
    return Invitation(*row) if row else None


def meet(tx: Tx, invitation: bytes, visitor: bytes, fate: Fate) -> bool:
    """What the visitor did with it. False when it had met its fate before, is too old, or is somebody else's."""
    values = {"id": invitation, "visitor": visitor, "fate": fate, "now": tx.now, "since": tx.now - LIFE}
    return tx.run(SQL_MEET, values) > 0


def answered(tx: Tx, invitation: bytes, visitor: bytes) -> Invitation | None:
    """The offer that this visitor's words answer: accepted by them, unless it had met its fate or was over.

    None when it is somebody else's, or has led to a conversation already.
    """
    found = get(tx, invitation)
    if found is None or found.visitor != visitor or found.conversation is not None:
        return None
    meet(tx, invitation, visitor, "accepted")
    return get(tx, invitation)


def led_to(tx: Tx, invitation: bytes, conversation: bytes) -> None:
    """The conversation that came of it."""
    tx.run(SQL_LED_TO, {"id": invitation, "conversation": conversation})


def expire(tx: Tx) -> list[tuple[bytes, bytes]]:
    """End offers nobody answered. Returns their visitors and ids."""
    return [(row[0], row[1]) for row in tx.all(SQL_EXPIRE, {"now": tx.now, "since": tx.now - LIFE})]
