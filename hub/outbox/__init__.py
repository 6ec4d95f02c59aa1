"""The outbox: what must leave, decided in the database. It awaits nobody; the runners do.

In: the leg and message that a reply puts here, in its own transaction. Out: due deliveries under a lease, and what
became of each. Messages of one leg leave one after another; a failed one lets the next go. A result counts only while
its lease is the row's, so an attempt that comes back too late changes nothing.
"""

from __future__ import annotations

import random

import msgspec

from hub.store import Read, Tx

TOPIC = "outbox"
"""A connection's name is published here when something new waits for it."""
OUTCOMES = "deliveries"
"""An Outcome is published here when a delivery has come to its end or its receipt arrived."""

SECOND = 1_000_000
PAUSES = (5, 30, 120, 600, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 27 * 3600)
"""Seconds between attempts while the other side is away: ten more tries in some 73 hours, as webhooks are retried."""
MOST_BUGS = 5
"""Attempts that end in a plugin's bug before the message is put aside."""

_ROW = "id, connection, leg, message, attempts, lease"

SQL_ADD = """
INSERT INTO outbox (connection, leg, message, state, attempts, created_at, due_at, leased_until, why)
VALUES (:connection, :leg, :message, 'waiting', 0, :now, :now, 0, '')
ON CONFLICT (leg, message) DO NOTHING
"""
SQL_DUE = f"""
SELECT {_ROW} FROM outbox AS this
WHERE connection = :connection AND state = 'waiting' AND due_at <= :now AND leased_until <= :now
AND NOT EXISTS (SELECT 1 FROM outbox AS earlier
                WHERE earlier.leg = this.leg AND earlier.state = 'waiting' AND earlier.id < this.id)
ORDER BY id LIMIT :limit
"""
SQL_LEASE = "UPDATE outbox SET lease = ?, leased_until = ?, attempts = attempts + 1 WHERE id = ?"
SQL_FINISH = """
UPDATE outbox SET state = :state, why = :why, external_id = :external_id, finished_at = :now, lease = NULL, leased_until = 0
WHERE id = :id AND lease = :lease AND state = 'waiting'
"""
SQL_POSTPONE = """
UPDATE outbox SET due_at = :due_at, why = :why, attempts = :attempts, lease = NULL, leased_until = 0
WHERE id = :id AND lease = :lease AND state = 'waiting'
"""
SQL_NEXT = """
SELECT min(max(due_at, leased_until)) FROM outbox WHERE connection = :connection AND state = 'waiting'
"""
SQL_RECEIPT = """
UPDATE outbox SET state = :state WHERE connection = :connection AND external_id = :external_id
AND (state = 'sent' OR (state = 'delivered' AND :state = 'read'))
RETURNING leg, message
"""
SQL_RECLAIM = "UPDATE outbox SET lease = NULL, leased_until = 0 WHERE state = 'waiting' AND lease IS NOT NULL"
SQL_RETRY = """
UPDATE outbox SET state = 'waiting', attempts = 0, due_at = :now, why = '', finished_at = NULL
WHERE leg = :leg AND message = :message AND state IN ('failed', 'quarantined')
RETURNING connection
"""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery to make now, under a lease. `attempt` counts from 1."""

    id: int
    connection: str
    leg: bytes
    message: bytes
    attempt: int
    lease: bytes


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How far a message came on its leg: sent, delivered, read, failed or quarantined."""

    leg: bytes
    message: bytes
    state: str
    why: str = ""


def enqueue(tx: Tx, *, connection: str, leg: bytes, message: bytes) -> None:
    """This message must leave by this leg. Asking twice is asking once."""
    if tx.run(SQL_ADD, {"connection": connection, "leg": leg, "message": message, "now": tx.now}):
        tx.publish(TOPIC, connection)


def lease_due(tx: Tx, connection: str, *, limit: int, seconds: float) -> list[Due]:
    """Up to `limit` deliveries that are due, at most one per leg, ours for `seconds`."""
    rows = tx.all(SQL_DUE, {"connection": connection, "now": tx.now, "limit": limit})
    until = tx.now + int(seconds * SECOND)
    due = []
    for row_id, name, leg, message, attempts, _ in rows:
        lease = tx.new_id()
        tx.run(SQL_LEASE, (lease, until, row_id))
        due.append(
            Due(id=row_id, connection=name, leg=leg, message=message, attempt=attempts + 1, lease=lease)
        )
    return due


def reclaim(tx: Tx) -> int:
    """Take back every lease: only for a hub that has just started and holds the lock of its database, so that whoever held one is dead.

    What was under way may have gone out; it goes out once more, under the same id.
    """
    return tx.run(SQL_RECLAIM)


def sent(tx: Tx, due: Due, *, state: str = "sent", external_id: str | None = None) -> bool:
    """The other side took it. `state` may already be delivered or read. False when the lease was lost."""
    return _finish(tx, due, state, "", external_id)


def failed(tx: Tx, due: Due, why: str) -> bool:
    """The other side will never take it."""
    return _finish(tx, due, "failed", why, None)


def postpone(tx: Tx, due: Due, why: str, *, retry_after: float | None = None) -> bool:
    """The other side is away: again after a pause; failed for good when the pauses are used up."""
    if due.attempt > len(PAUSES):
        return failed(tx, due, f"given up after {due.attempt} attempts: {why}")
    pause = PAUSES[due.attempt - 1] * (0.8 + 0.4 * random.random())
    return _again(tx, due, why, max(pause, retry_after or 0.0), due.attempt)


def broke(tx: Tx, due: Due, why: str) -> bool:
    """The plugin broke on it: a few more tries, then quarantine, so that what is behind it can go on."""
    if due.attempt >= MOST_BUGS:
        return _finish(tx, due, "quarantined", why, None)
    return _again(tx, due, why, PAUSES[due.attempt - 1], due.attempt)


def give_back(tx: Tx, due: Due, why: str, *, seconds: float = 0.0) -> bool:
    """It was not tried (we shut down, or an operator must reconnect first): the attempt does not count."""
    return _again(tx, due, why, seconds, due.attempt - 1)


def receipt(tx: Tx, connection: str, external_id: str, state: str) -> bool:
    """A later receipt: delivered or read. Never backwards. False when nothing changed."""
    rows = tx.all(SQL_RECEIPT, {"state": state, "connection": connection, "external_id": external_id})
    for leg, message in rows:
        tx.publish(OUTCOMES, Outcome(leg=leg, message=message, state=state))
    return bool(rows)


def retry(tx: Tx, *, leg: bytes, message: bytes) -> bool:
    """An operator asks for another round for a failed or quarantined message. False when there is none."""
    row = tx.one(SQL_RETRY, {"leg": leg, "message": message, "now": tx.now})
    if row is not None:
        tx.publish(TOPIC, row[0])
    return row is not None


def next_due(read: Read, connection: str) -> int | None:
    """When to look again, in UTC microseconds; None when nothing waits."""
    row = read.one(SQL_NEXT, {"connection": connection})
    return None if row is None else row[0]


def _finish(tx: Tx, due: Due, state: str, why: str, external_id: str | None) -> bool:
    values = {"state": state, "why": why[:1000], "external_id": external_id, "now": tx.now}
    done = tx.run(SQL_FINISH, {**values, "id": due.id, "lease": due.lease}) > 0
    if done:
        tx.publish(OUTCOMES, Outcome(leg=due.leg, message=due.message, state=state, why=why))
        tx.publish(TOPIC, due.connection)  # the next message of this leg may go now
    return done


def _again(tx: Tx, due: Due, why: str, seconds: float, attempts: int) -> bool:
    values = {"due_at": tx.now + int(seconds * SECOND), "why": why[:1000], "attempts": attempts}
    return tx.run(SQL_POSTPONE, {**values, "id": due.id, "lease": due.lease}) > 0
