"""Cursors: how far each side has received and read.

States of messages are not stored per message: a cursor per side says it for all of them, only moves forward, and can be sent
again with every resume. A customer's cursors count in the leg's numbers, an operator's in the conversation's; what the customer may
know of the operators' side is kept translated on the leg.
"""

from hub.store import Tx

SQL_CUSTOMER = """
UPDATE leg SET delivered = max(delivered, min(:delivered, leg_seq)), read = max(read, min(:read, leg_seq))
WHERE id = :leg AND (delivered < min(:delivered, leg_seq) OR read < min(:read, leg_seq))"""
SQL_OPERATOR = """
INSERT INTO reader (conversation, operator, delivered, read)
SELECT id, :operator, min(:delivered, seq), min(:read, seq) FROM conversation WHERE id = :conversation
ON CONFLICT (conversation, operator) DO UPDATE
SET delivered = max(reader.delivered, excluded.delivered), read = max(reader.read, excluded.read)
WHERE reader.delivered < excluded.delivered OR reader.read < excluded.read"""
SQL_ANSWERED = """
INSERT INTO reader (conversation, operator, delivered, read) VALUES (:conversation, :operator, :seq, :seq)
ON CONFLICT (conversation, operator) DO UPDATE SET delivered = excluded.delivered, read = excluded.read"""
# Backwards from the cursor: the first message with a number of the leg is the one, however long the conversation.
_STAFF_AT = """coalesce((SELECT leg_seq FROM message WHERE conversation = :conversation AND seq <= {cursor}
  AND leg = :leg AND leg_seq IS NOT NULL ORDER BY seq DESC LIMIT 1), 0)"""
SQL_STAFF_ON_LEG = f"""
UPDATE leg SET
staff_delivered = max(staff_delivered, {_STAFF_AT.format(cursor=":delivered")}),
staff_read = max(staff_read, {_STAFF_AT.format(cursor=":read")})
WHERE id = :leg"""


def customer(tx: Tx, leg: bytes, delivered: int, read: int) -> bool:
    """Move the customer's cursors forward, never past what exists. False when nothing moved."""
    delivered = max(delivered, read)
    return tx.run(SQL_CUSTOMER, {"leg": leg, "delivered": delivered, "read": read}) > 0


def operator(tx: Tx, conversation: bytes, leg: bytes, who: bytes, delivered: int, read: int) -> bool:
    """Move an operator's cursors forward, and what the customer may know of them. False when nothing moved."""
    delivered = max(delivered, read)
    asked = {"conversation": conversation, "operator": who, "delivered": delivered, "read": read}
    if not tx.run(SQL_OPERATOR, asked):
        return False
    tx.run(SQL_STAFF_ON_LEG, {"conversation": conversation, "leg": leg, "delivered": delivered, "read": read})
    return True


def answered(tx: Tx, conversation: bytes, who: bytes, seq: int) -> None:
    """An operator has just said message `seq`, the newest: they have read all before it. `thread.append` has moved the leg's cursors."""
    tx.run(SQL_ANSWERED, {"conversation": conversation, "operator": who, "seq": seq})
