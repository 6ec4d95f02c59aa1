"""The queue: who is next, under which lease, and what becomes of it. It awaits nobody; the runners do.

Rows of one lane leave one after another. Only the first of a lane has a `due_at` in reach; those behind it are BLOCKED until it has
ended, so that a long backlog costs the next look nothing. A result counts only while its lease is the row's, so an attempt that comes
back too late changes nothing.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from hub.conversations import thread
from hub.outbox import policy, together
from hub.store import Read, Tx

TOPIC = "outbox"
"""A connection's name is published here when something new waits for it."""
OUTCOMES = "deliveries"
"""An Outcome is published here when a delivery has come to its end, is tried anew, or its receipt arrived."""

SECOND = policy.SECOND
BLOCKED = 2**62
HERE = "here"
"""The state of what did not have to leave in the end."""
MOST_BUGS = 5
"""Attempts that end in a plugin's bug before the row is put aside."""
MOST_DOUBTS = 1
"""Attempts of which nobody knows whether they got through, that are followed by another."""

_ROW = "id, kind, connection, lane, beside, item, attempts, bugs, doubts, lease, first_at, expires_at"
_EARLIER = """EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.connection = {row}connection
AND earlier.{way} = {row}{way} AND earlier.state = 'waiting'{first})"""
_IN_LANE = _EARLIER.format(row="outbox.", way="lane", first=" AND earlier.id < outbox.id")
_BESIDE = _EARLIER.format(row="outbox.", way="beside", first=" AND earlier.id < outbox.id")

SQL_ADD = f"""
INSERT INTO outbox (kind, connection, lane, beside, item, state, attempts, bugs, doubts, created_at, due_at, expires_at, why)
VALUES (:kind, :connection, :lane, :beside, :item, 'waiting', 0, 0, 0, :now,
CASE WHEN {_EARLIER.format(row=":", way="lane", first="")} OR {_EARLIER.format(row=":", way="beside", first="")}
THEN {BLOCKED} ELSE :due_at END, :expires_at, '')
ON CONFLICT (lane, item, connection) DO NOTHING
"""
SQL_DUE = f"""
SELECT {_ROW} FROM outbox WHERE connection = :connection AND state = 'waiting' AND due_at <= :now
AND NOT EXISTS (SELECT 1 FROM outbox AS other WHERE other.connection = outbox.connection AND other.lane = outbox.lane
                AND other.state = 'waiting' AND other.id <> outbox.id
                AND (other.id < outbox.id OR (other.lease IS NOT NULL AND other.due_at > :now)))
AND NOT {_BESIDE} ORDER BY due_at, id LIMIT :limit
"""
SQL_LEASE = """
UPDATE outbox SET lease = :lease, due_at = :until, attempts = attempts + 1, doubts = :doubts, first_at = coalesce(first_at, :now)
WHERE id = :id"""
SQL_FINISH = """
UPDATE outbox SET state = :state, why = :why, external_id = :external_id, finished_at = :now, lease = NULL,
bugs = :bugs, doubts = :doubts WHERE id = :id AND lease IS :lease AND state = 'waiting'
"""
SQL_POSTPONE = f"""
UPDATE outbox SET due_at = CASE WHEN {_IN_LANE} OR {_BESIDE} THEN {BLOCKED} ELSE :due_at END, why = :why, attempts = :attempts,
bugs = :bugs, doubts = :doubts, lease = NULL WHERE id = :id AND lease = :lease AND state = 'waiting'
"""
SQL_FREE_LANE = f"""
UPDATE outbox SET due_at = :now WHERE id = (SELECT min(id) FROM outbox WHERE connection = :connection AND lane = :way
AND state = 'waiting') AND due_at = {BLOCKED} AND NOT {_BESIDE}"""
SQL_FREE_BESIDE = f"""
UPDATE outbox SET due_at = :now WHERE id = (SELECT min(id) FROM outbox WHERE connection = :connection AND beside = :way
AND state = 'waiting') AND due_at = {BLOCKED} AND NOT {_IN_LANE}"""
SQL_BLOCK_LANE = f"""
UPDATE outbox SET due_at = {BLOCKED} WHERE connection = :connection AND lane = :lane AND state = 'waiting' AND lease IS NULL
AND {_IN_LANE}"""
SQL_FREE_ALL = f"""
UPDATE outbox SET due_at = :now WHERE state = 'waiting' AND due_at = {BLOCKED} AND NOT {_IN_LANE} AND NOT {_BESIDE}"""
SQL_NEXT = """
SELECT min(due_at), (SELECT min(expires_at) FROM outbox
                     WHERE connection = :connection AND state = 'waiting' AND expires_at IS NOT NULL)
FROM outbox WHERE connection = :connection AND state = 'waiting'"""
SQL_RECEIPT = """
UPDATE outbox SET state = :state WHERE connection = :connection AND external_id = :external_id
AND (state = 'sent' OR (state = 'delivered' AND :state = 'read'))
RETURNING kind, lane, item
"""
# It may have left by another leg than the one it was said on.
_LANES = (
    "SELECT id FROM leg WHERE conversation = (SELECT conversation FROM message WHERE id = :item AND leaves)"
)
SQL_TOLD = f"""
UPDATE outbox SET state = :state, why = :why, finished_at = coalesce(finished_at, :now)
WHERE connection = :connection AND item = :item AND lane IN ({_LANES})
AND CASE :state WHEN 'delivered' THEN state IN ('sent', 'quarantined') WHEN 'sent' THEN state = 'quarantined'
ELSE state IN ('sent', 'delivered', 'quarantined') END RETURNING lane"""
SQL_SENT_BY = f"""
SELECT 1 FROM outbox WHERE connection = :connection AND item = :item AND lane IN ({_LANES})"""
SQL_RECLAIM = """
UPDATE outbox SET lease = NULL, due_at = :now, attempts = attempts - 1, doubts = doubts + 1 WHERE state = 'waiting' AND lease IS NOT NULL"""
SQL_HASTEN = f"""
UPDATE outbox SET due_at = :now WHERE connection = :connection AND state = 'waiting' AND lease IS NULL AND due_at <> {BLOCKED}"""
SQL_UNTIMED = """
SELECT id, lane, created_at FROM outbox WHERE connection = :connection AND state = 'waiting' AND kind = 'message'"""
SQL_TIME = "UPDATE outbox SET expires_at = ? WHERE id = ?"
SQL_EXPIRED = f"""
SELECT {_ROW}, why FROM outbox WHERE connection = :connection AND state = 'waiting' AND expires_at <= :now
AND (lease IS NULL OR due_at <= :now) ORDER BY id LIMIT 200"""
SQL_LANE = "SELECT lane FROM outbox WHERE id = ?"
SQL_MOVE = (
    "UPDATE outbox SET lane = :into WHERE connection = :connection AND lane = :lane AND state = 'waiting'"
)


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery to make now, under a lease. `attempt` counts from 1."""

    id: int
    kind: str
    connection: str
    lane: bytes
    beside: bytes | None
    item: bytes
    attempt: int
    bugs: int
    doubts: int
    lease: bytes | None
    first_at: int
    expires_at: int | None


class Needless(Exception):
    """Whom a message was to leave for has it by now."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How far something came: waiting (again), sent, delivered, read, here, failed or quarantined."""

    kind: str
    lane: bytes
    item: bytes
    state: str
    why: str = ""


def enqueue(tx: Tx, *, connection: str, leg: bytes, message: bytes, after: int = 0) -> None:
    """This message must leave by this leg, not before `after` microseconds: with one that waits as well, if it may (`together`).
    Asking twice is asking once."""
    if not after or not together.ride(tx, connection, leg, message, after):
        add(tx, "message", connection, leg, message, after=after)


def ask(tx: Tx, *, connection: str, conversation: bytes, question: bytes, seconds: float) -> None:
    """This question must reach a bot, and is worth nothing after `seconds`."""
    add(tx, "question", connection, conversation, question, expires_at=tx.now + int(seconds * SECOND))


def add(
    tx: Tx,
    kind: str,
    connection: str,
    lane: bytes,
    item: bytes,
    *,
    beside: bytes | None = None,
    expires_at: int | None = None,
    after: int = 0,
) -> None:
    """This item must leave, behind what waits of its lane, and of what it stands `beside`; `after`: microseconds it waits at least."""
    row = {"kind": kind, "connection": connection, "lane": lane, "beside": beside, "item": item}
    if tx.run(SQL_ADD, {**row, "expires_at": expires_at, "now": tx.now, "due_at": tx.now + after}):
        tx.publish(TOPIC, connection)


def lease_due(
    tx: Tx,
    connection: str,
    *,
    limit: int,
    seconds: float,
    window: float | None = None,
    doubts: int = MOST_DOUBTS,
) -> list[Due]:
    """Up to `limit` deliveries that are due, at most one per lane, ours for `seconds`; what has expired is failed on the way.

    `window`: the seconds after a customer's last word in which a message is still taken. `doubts`: how many attempts of unknown
    outcome may be followed by another.
    """
    expire(tx, connection, window)
    due: list[Due] = []
    rows = tx.all(SQL_DUE, {"connection": connection, "now": tx.now, "limit": limit}) if limit > 0 else []
    for row in rows:
        it = _due(row)
        if it.lease is not None:  # an attempt that never came back
            it = msgspec.structs.replace(it, doubts=it.doubts + 1)
        if it.doubts > doubts:
            why = "nobody knows whether it arrived: the hub was interrupted while sending it, more than once"
            _finish(tx, it, "quarantined", why, None)
            continue
        leased = msgspec.structs.replace(
            it, lease=tx.new_id(), attempt=it.attempt + 1, first_at=it.first_at or tx.now
        )
        until = tx.now + int(seconds * SECOND)
        values = {"id": it.id, "lease": leased.lease, "doubts": it.doubts, "until": until, "now": tx.now}
        tx.run(SQL_LEASE, values)
        due.append(leased)
    return due


def expire(tx: Tx, connection: str, window: float | None = None) -> None:
    """What nobody would take any more has failed. A customer who writes again opens the window again."""
    if window is not None:
        for row_id, leg, created_at in tx.all(SQL_UNTIMED, {"connection": connection}):
            heard = thread.heard_at(tx, leg) or created_at
            tx.run(SQL_TIME, (heard + int(window * SECOND), row_id))
    for *row, why in tx.all(SQL_EXPIRED, {"connection": connection, "now": tx.now}):
        ended = (
            "its time has run out"
            if window is None
            else "the time in which the channel takes a reply is over"
        )
        _finish(tx, _due(row), "failed", f"{ended}{': ' + why if why else ''}", None)


def reclaim(tx: Tx) -> int:
    """Take back every lease: only for a hub that has just started and holds the lock of its database, so that whoever held one is dead.

    What was under way may have gone out; it goes out once more, under the same id. That we died is no try of theirs that failed.
    """
    taken = tx.run(SQL_RECLAIM, {"now": tx.now})
    tx.run(SQL_FREE_ALL, {"now": tx.now})
    return taken


def sent(tx: Tx, due: Due, *, state: str = "sent", external_id: str | None = None) -> bool:
    """The other side took it. `state` may already be delivered or read. False when the lease was lost."""
    return _finish(tx, due, state, "", external_id)


def needless(tx: Tx, due: Due) -> bool:
    """It need not leave any more: whom it was for has it already."""
    return _finish(tx, due, HERE, "", None)


def failed(tx: Tx, due: Due, why: str) -> bool:
    """The other side will never take it."""
    return _finish(tx, due, "failed", why, None)


def put_aside(tx: Tx, due: Due, why: str) -> bool:
    """Into the quarantine, where somebody looks; what is behind it goes on."""
    return _finish(tx, due, "quarantined", why, None)


def postpone(
    tx: Tx,
    due: Due,
    why: str,
    *,
    retry_after: float | None = None,
    doubtful: bool = False,
    doubts: int = MOST_DOUBTS,
) -> bool:
    """The other side is away: again by its policy; aside when its tries are used up, failed when it expires before the next.

    `doubtful`: it may have arrived all the same; of those `doubts` are followed by another attempt.
    """
    if doubtful:
        due = msgspec.structs.replace(due, doubts=due.doubts + 1)
        if due.doubts > doubts:
            return put_aside(tx, due, f"nobody knows whether it arrived: {why}")
    at = policy.next_try(
        attempt=due.attempt,
        first_at=due.first_at,
        now=tx.now,
        expires_at=due.expires_at,
        retry_after=retry_after,
    )
    if at is not None:
        return _again(tx, due, why, at, due.attempt)
    if due.expires_at is not None:
        return failed(tx, due, f"it could not be sent in time: {why}")
    return put_aside(tx, due, f"given up after {due.attempt} attempts: {why}")


def broke(tx: Tx, due: Due, why: str) -> bool:
    """The plugin broke on it: a few more tries, then quarantine, so that what is behind it can go on."""
    due = msgspec.structs.replace(due, bugs=due.bugs + 1)
    return put_aside(tx, due, why) if due.bugs >= MOST_BUGS else postpone(tx, due, why)


def give_back(tx: Tx, due: Due, why: str, *, seconds: float = 0.0, doubtful: bool = False) -> bool:
    """An operator must reconnect first, or we shut down: the attempt does not count, unless as a `doubtful` one."""
    due = msgspec.structs.replace(due, doubts=due.doubts + doubtful)
    return _again(tx, due, why, tx.now + int(seconds * SECOND), due.attempt - 1)


def receipt(tx: Tx, connection: str, external_id: str, state: str) -> bool:
    """A later receipt: delivered or read. Never backwards. False when nothing changed."""
    rows = tx.all(SQL_RECEIPT, {"state": state, "connection": connection, "external_id": external_id})
    for kind, lane, item in rows:
        tx.publish(OUTCOMES, Outcome(kind=kind, lane=lane, item=item, state=state))
    return bool(rows)


def told(tx: Tx, connection: str, message: bytes, state: str, why: str = "") -> bool | None:
    """What the other side says later of a message: delivered, read, or failed, which is final. Never backwards.

    True when that is new, False when not, None when this connection has sent no such message.
    """
    asked = {"connection": connection, "item": message, "state": state, "why": why[:1000], "now": tx.now}
    row = tx.one(SQL_TOLD, asked)
    if row is None:
        return None if tx.one(SQL_SENT_BY, {"connection": connection, "item": message}) is None else False
    for item in (message, *together.told(tx, connection, row[0], message, state, why)):
        tx.publish(OUTCOMES, Outcome(kind="message", lane=row[0], item=item, state=state, why=why))
    return True


def hasten(tx: Tx, connection: str) -> None:
    """An operator has seen to a connection: what waits for its next try is due now."""
    tx.run(SQL_HASTEN, {"connection": connection, "now": tx.now})
    tx.publish(TOPIC, connection)


def follow(tx: Tx, connection: str, lane: bytes, into: bytes) -> None:
    """Two lanes are one from now on (their customers are): what waits in the first waits in the second, in the order it was written."""
    if tx.run(SQL_MOVE, {"connection": connection, "lane": lane, "into": into}):
        line_up(tx, connection, into)


def line_up(tx: Tx, connection: str, lane: bytes) -> None:
    """A lane whose order was changed from outside: its first may go, the others stand behind it."""
    tx.run(SQL_BLOCK_LANE, {"connection": connection, "lane": lane})
    tx.run(SQL_FREE_LANE, {"connection": connection, "way": lane, "now": tx.now})
    tx.publish(TOPIC, connection)


def next_due(read: Read, connection: str) -> int | None:
    """When to look again, in UTC microseconds; None when nothing waits."""
    row = read.one(SQL_NEXT, {"connection": connection})
    moments = [at for at in row or () if at is not None]
    return min(moments, default=None)


def _due(row: Sequence[Any]) -> Due:
    return Due(
        id=row[0],
        kind=row[1],
        connection=row[2],
        lane=row[3],
        beside=row[4],
        item=row[5],
        attempt=row[6],
        bugs=row[7],
        doubts=row[8],
        lease=row[9],
        first_at=row[10] or 0,
        expires_at=row[11],
    )


def _finish(tx: Tx, due: Due, state: str, why: str, external_id: str | None) -> bool:
    values = {"state": state, "why": why[:1000], "external_id": external_id, "now": tx.now}
    counts = {"bugs": due.bugs, "doubts": due.doubts}
    done = tx.run(SQL_FINISH, {**values, **counts, "id": due.id, "lease": due.lease}) > 0
    if done:
        _free(tx, due)
        others = together.ended(tx, due.connection, due.lane, due.item, state, why, external_id)
        for item in (due.item, *others):
            tx.publish(OUTCOMES, Outcome(kind=due.kind, lane=due.lane, item=item, state=state, why=why))
        tx.publish(TOPIC, due.connection)  # the next of this lane may go now
    return done


def _free(tx: Tx, due: Due) -> None:
    # The row's own lane, not that of the lease: its customer may have become part of another in between.
    row = tx.one(SQL_LANE, (due.id,))
    assert row is not None
    tx.run(SQL_FREE_LANE, {"connection": due.connection, "way": row[0], "now": tx.now})
    if due.beside is not None:
        tx.run(SQL_FREE_BESIDE, {"connection": due.connection, "way": due.beside, "now": tx.now})


def _again(tx: Tx, due: Due, why: str, at: int, attempts: int) -> bool:
    values = {
        "due_at": at,
        "why": why[:1000],
        "attempts": attempts,
        "bugs": due.bugs,
        "doubts": due.doubts,
    }
    return tx.run(SQL_POSTPONE, {**values, "id": due.id, "lease": due.lease}) > 0
