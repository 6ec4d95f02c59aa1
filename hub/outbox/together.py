"""Several answers in a row to somebody who has left leave as one mail.

One that would wait rides with the one that waits already: its row has the state `riding`, and stands `beside` the other's message. It
does so only as long as that one has never been tried, so every attempt carries the same words under the same id, whatever breaks in
between; and only where nothing of their lane stands between them, both are one operator's, and it brings no files, so neither order
nor signature nor size can be wrong. What becomes of the one that carries becomes of all it carries.
"""

from hub.store import Read, Tx

RIDING = "riding"
LONGEST = 5
"""Times its own wait that the first of them waits for others at most."""

SQL_CARRIER = """
SELECT x.id, x.item FROM outbox x JOIN message c ON c.id = x.item AND c.leaves JOIN message m ON m.id = :item AND m.leaves
WHERE x.id = (SELECT max(id) FROM outbox WHERE connection = :connection AND lane = :lane AND state = 'waiting')
AND x.kind = 'message' AND x.first_at IS NULL AND m.leg = c.leg
AND c.kind = 'text' AND m.kind = 'text' AND c.operator = m.operator AND json_extract(m.data, '$.attachments') IS NULL"""
SQL_RIDE = f"""
INSERT INTO outbox (kind, connection, lane, beside, item, state, attempts, bugs, doubts, created_at, due_at, why)
VALUES ('message', :connection, :lane, :beside, :item, '{RIDING}', 0, 0, 0, :now, :now, '') ON CONFLICT (lane, item, connection) DO NOTHING"""
# One behind others has its time from them, and that is far in the future.
SQL_WAIT_ON = """
UPDATE outbox SET due_at = max(due_at, min(:now + :after, created_at + :longest)) WHERE id = :id"""
_CARRIED = "connection = :connection AND lane = :lane AND beside = :item"
SQL_CARRIED = f"SELECT item FROM outbox WHERE {_CARRIED} AND state = '{RIDING}' ORDER BY id"
SQL_ARRIVED = f"""
UPDATE outbox SET state = :state, why = :why, external_id = :external_id, finished_at = :now
WHERE {_CARRIED} AND state = '{RIDING}' RETURNING item"""
SQL_TOLD = f"""
UPDATE outbox SET state = :state, why = :why, finished_at = coalesce(finished_at, :now)
WHERE {_CARRIED} AND kind = 'message' AND state IN ('sent', 'delivered', 'quarantined') RETURNING item"""
SQL_AGAIN = f"""
UPDATE outbox SET state = '{RIDING}', why = '', finished_at = NULL
WHERE {_CARRIED} AND kind = 'message' AND state IN ('quarantined', 'failed') RETURNING item"""


def ride(tx: Tx, connection: str, lane: bytes, item: bytes, after: int) -> bool:
    """Let this message leave with the one that waits before it, which waits on for as long; False when it leaves by itself."""
    where = {"connection": connection, "lane": lane, "item": item}
    row = tx.one(SQL_CARRIER, where)
    if row is None or not tx.run(SQL_RIDE, {**where, "beside": row[1], "now": tx.now}):
        return False
    tx.run(SQL_WAIT_ON, {"id": row[0], "now": tx.now, "after": after, "longest": LONGEST * after})
    return True


def carried(read: Read, connection: str, lane: bytes, item: bytes) -> list[bytes]:
    """The messages that leave with this one, in order."""
    return [row[0] for row in read.all(SQL_CARRIED, {"connection": connection, "lane": lane, "item": item})]


def ended(
    tx: Tx, connection: str, lane: bytes, item: bytes, state: str, why: str, external_id: str | None
) -> list[bytes]:
    """What came of it came of those it carried. Returns them."""
    where = {"connection": connection, "lane": lane, "item": item}
    values = {"state": state, "why": why[:1000], "external_id": external_id, "now": tx.now}
    return [row[0] for row in tx.all(SQL_ARRIVED, {**where, **values})]


def told(tx: Tx, connection: str, lane: bytes, item: bytes, state: str, why: str) -> list[bytes]:
    """The same for what the other side says later."""
    where = {"connection": connection, "lane": lane, "item": item}
    return [row[0] for row in tx.all(SQL_TOLD, {**where, "state": state, "why": why[:1000], "now": tx.now})]


def again(tx: Tx, connection: str, lane: bytes, item: bytes) -> list[bytes]:
    """It is tried once more, with those it carried that have not left by themselves meanwhile."""
    return [row[0] for row in tx.all(SQL_AGAIN, {"connection": connection, "lane": lane, "item": item})]
