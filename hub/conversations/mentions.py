"""Mentions: colleagues whom a note calls by name.

Who is meant stands beside the text as an operator's id, so that a name that changes, or that two people share, misleads nobody. A
mention is unseen until its operator has read that far; unseen ones are the topic `mentions:ID`, one item for each conversation.
"""

from collections.abc import Iterable
from typing import Any

from hub.conversations import routing
from hub.store import Read, Tx
from hub.wire import Refusal, id_hex, millis
from hub.wire.console import Mention

SQL_ADD = """
INSERT INTO mention (operator, conversation, seq, at) VALUES (:operator, :conversation, :seq, :now)
ON CONFLICT DO NOTHING"""
SQL_SEEN = """
UPDATE mention SET seen_at = :now
WHERE conversation = :conversation AND operator = :operator AND seq <= :read AND seen_at IS NULL"""
SQL_AWAITED = "SELECT DISTINCT operator FROM mention WHERE conversation = :conversation AND seen_at IS NULL"
# Only what the operator may open: a conversation that went to another team calls nobody who cannot see it.
SQL_UNSEEN = """
SELECT m.conversation, m.seq, m.at, n.name, count(*), max(m.seq) FROM mention m
JOIN message n ON n.conversation = m.conversation AND n.seq = m.seq
JOIN conversation c ON c.id = m.conversation
JOIN operator o ON o.id = m.operator
WHERE m.operator = :operator AND m.seen_at IS NULL AND (:conversation IS NULL OR m.conversation = :conversation)
AND (o.role = 'admin' OR EXISTS (SELECT 1 FROM queue_member q WHERE q.queue = c.queue AND q.operator = o.id))
GROUP BY m.conversation ORDER BY max(m.seq)"""


def demand(read: Read, queue: bytes, mentioned: Iterable[bytes]) -> list[bytes]:
    """Those who are mentioned, each once. Refusals: not_found, forbidden when one may not see what waits in this queue."""
    whom = list(dict.fromkeys(mentioned))
    for operator in whom:
        who = routing.candidate(read, operator)
        if who.role != "admin" and not routing.serves(read, operator, queue):
            raise Refusal(
                "forbidden",
                f"{who.name} cannot see this conversation, so the note would call in vain; mention somebody of its team",
                fields={"operator": who.name},
            )
    return whom


def add(tx: Tx, conversation: bytes, seq: int, mentioned: Iterable[bytes]) -> None:
    """Message `seq` mentions them."""
    rows = [{"operator": who, "conversation": conversation, "seq": seq, "now": tx.now} for who in mentioned]
    tx.many(SQL_ADD, rows)


def seen(tx: Tx, conversation: bytes, operator: bytes, read: int) -> bool:
    """The operator has read so far; whether a mention was among it."""
    asked = {"conversation": conversation, "operator": operator, "read": read, "now": tx.now}
    return tx.run(SQL_SEEN, asked) > 0


def awaited(read: Read, conversation: bytes) -> list[bytes]:
    """Operators who are mentioned in it and have not seen it."""
    return [row[0] for row in read.all(SQL_AWAITED, {"conversation": conversation})]


def unseen(read: Read, operator: bytes) -> list[Mention]:
    """What the operator has not seen yet: the snapshot of their topic."""
    return [_item(row) for row in read.all(SQL_UNSEEN, {"operator": operator, "conversation": None})]


def one(read: Read, operator: bytes, conversation: bytes) -> Mention | None:
    """The same for one conversation; None when there is nothing to see."""
    row = read.one(SQL_UNSEEN, {"operator": operator, "conversation": conversation})
    return _item(row) if row else None


def _item(row: tuple[Any, ...]) -> Mention:
    conversation, seq, at, by, count, _ = row
    return Mention(id=id_hex(conversation), seq=seq, at=millis(at), by=by, count=count)
