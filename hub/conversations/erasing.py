"""Delete what was said with somebody: for the erasure of a person, and nothing else. A few rows at a time.

The messages' own triggers take them out of the search index in the same transaction.
"""

from hub.store import Read, Tx

SQL_OF_ANCHOR = "SELECT id, queue FROM conversation WHERE anchor = :anchor"
SQL_LEGS = "SELECT id FROM leg WHERE conversation = :conversation"
SQL_MESSAGES = """
SELECT seq, id FROM message WHERE conversation = :conversation ORDER BY seq DESC LIMIT :most"""
SQL_DROP_MESSAGE = "DELETE FROM message WHERE conversation = :conversation AND seq = :seq"
SQL_DROP_BODY = "DELETE FROM message_body WHERE message = :message"
SQL_DROP_REFS = "DELETE FROM message_ref WHERE message = :message"
SQL_DROP = (
    "DELETE FROM message_ref WHERE conversation = :conversation",
    "DELETE FROM message_body WHERE conversation = :conversation",
    "DELETE FROM returned WHERE leg IN (SELECT id FROM leg WHERE conversation = :conversation)",
    "DELETE FROM leg WHERE conversation = :conversation",
    "DELETE FROM reader WHERE conversation = :conversation",
    "DELETE FROM conversation_tag WHERE conversation = :conversation",
    "DELETE FROM routing_decision WHERE conversation = :conversation",
    "DELETE FROM mention WHERE conversation = :conversation",
    "DELETE FROM case_member WHERE conversation = :conversation OR head = :conversation",
    "DELETE FROM case_step WHERE conversation = :conversation OR head = :conversation",
    "DELETE FROM push_sent WHERE conversation = :conversation",
    "DELETE FROM search_talk WHERE conversation = :conversation",
    "DELETE FROM conversation WHERE id = :conversation",
)


def of_touch(read: Read, anchor: bytes) -> list[tuple[bytes, bytes]]:
    """(conversation, queue) of what hangs on a touchpoint."""
    return [(row[0], row[1]) for row in read.all(SQL_OF_ANCHOR, {"anchor": anchor})]


def legs(read: Read, conversation: bytes) -> list[bytes]:
    """The legs of a conversation: the lanes its messages left by."""
    return [row[0] for row in read.all(SQL_LEGS, {"conversation": conversation})]


def erase_messages(tx: Tx, conversation: bytes, most: int) -> int:
    """Delete up to `most` of its messages; how many there were."""
    found = tx.all(SQL_MESSAGES, {"conversation": conversation, "most": most})
    for statement in (SQL_DROP_BODY, SQL_DROP_REFS):
        tx.many(statement, [{"message": message} for _, message in found])
    tx.many(SQL_DROP_MESSAGE, [{"conversation": conversation, "seq": seq} for seq, _ in found])
    return len(found)


def erase(tx: Tx, conversation: bytes) -> None:
    """Delete a conversation that has no messages any longer."""
    for statement in SQL_DROP:
        tx.run(statement, {"conversation": conversation})
