"""The owner's endpoints: who is told what, written in the transaction that causes it.

An event is composed once, as the very bytes that every endpoint gets in every attempt, and has one id: a receiver that drops an id it
has seen gets each event exactly once. Events of a customer leave in the order in which they happened, and so do those of a conversation,
whoever its customer is by then. Nothing is composed when no endpoint wants it.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from hub.outbox import queue, undelivered
from hub.store import Read, Tx

PREFIX = "webhook:"
"""Of the connection of an endpoint. A channel's name cannot have a colon, so the two never meet."""
MAX_BODY = 20_000
"""Bytes; the specification's word is "less than 20 kB". A longer text is cut, and says so."""

MOST = 200
"""Deliveries that are set aside, or brought back, in one transaction."""

SQL_ENDPOINTS = "SELECT name FROM webhook"
SQL_KNOW = """
INSERT INTO webhook (name, events) VALUES (:name, :events) ON CONFLICT (name) DO UPDATE SET events = excluded.events"""
SQL_UNKNOW = "DELETE FROM webhook WHERE name = :name"
SQL_END = """
UPDATE outbox SET state = 'failed', why = 'this endpoint is no longer in hub.toml', finished_at = :now, lease = NULL
WHERE connection = :connection AND state IN ('waiting', 'quarantined')"""
SQL_WANTED = "SELECT name FROM webhook WHERE gone_at IS NULL AND instr(events, :event) > 0"
SQL_INSERT = "INSERT INTO webhook_event (id, event, at, body) VALUES (:id, :event, :now, :body)"
SQL_BODY = "SELECT body FROM webhook_event WHERE id = :id"
SQL_GONE = "UPDATE webhook SET gone_at = :now, why = :why WHERE name = :name AND gone_at IS NULL"
SQL_SET_ASIDE = """
UPDATE outbox SET state = 'quarantined', why = :why, finished_at = :now WHERE id IN (SELECT id FROM outbox
WHERE connection = :connection AND state = 'waiting' AND lease IS NULL ORDER BY id LIMIT :most) RETURNING lane, item"""
SQL_GONE_ASIDE = """
SELECT id FROM outbox WHERE connection = :connection AND state = 'quarantined' AND why = :why ORDER BY id LIMIT :most"""
SQL_BACK = "UPDATE webhook SET gone_at = NULL, why = '' WHERE name = :name"
SQL_WHY_GONE = "SELECT why FROM webhook WHERE name = :name AND gone_at IS NOT NULL"


def know(tx: Tx, endpoints: Mapping[str, Sequence[str]]) -> None:
    """These endpoints, by name, are told these events from now on, and no others. What waits for one that is no more has failed."""
    for (name,) in tx.all(SQL_ENDPOINTS):
        if name not in endpoints:
            tx.run(SQL_UNKNOW, {"name": name})
            tx.run(SQL_END, {"connection": PREFIX + name, "now": tx.now})
    for name, events in endpoints.items():
        tx.run(SQL_KNOW, {"name": name, "events": f",{','.join(events)},"})


def emit(
    tx: Tx,
    event: str,
    data: Callable[[], Mapping[str, Any] | None],
    *,
    customer: bytes | Callable[[], bytes],
    beside: bytes | None,
) -> None:
    """Something happened. `data` and `customer` are asked only when somebody wants to know; no data, no event."""
    wanted = tx.all(SQL_WANTED, {"event": f",{event},"})
    if not wanted or (told := data()) is None:
        return
    id_ = tx.new_id()
    body = body_of(event, tx.now, told)
    tx.run(SQL_INSERT, {"id": id_, "event": event, "now": tx.now, "body": body})
    lane = customer if isinstance(customer, bytes) else customer()
    for (name,) in wanted:
        queue.add(tx, "webhook", PREFIX + name, lane, id_, beside=beside)


def body_of(event: str, at: int, data: Mapping[str, Any]) -> str:
    """What is sent: type, timestamp (RFC 3339, UTC) and data, in less than `MAX_BODY` bytes."""
    moment = dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC).isoformat(timespec="milliseconds")
    told = dict(data)
    while True:
        body = msgspec.json.encode({"type": event, "timestamp": moment.replace("+00:00", "Z"), "data": told})
        if len(body) < MAX_BODY:
            return body.decode()
        told = _cut(told)


def _cut(data: dict[str, Any]) -> dict[str, Any]:
    """With half of its longest text or list."""
    name = max(data, key=lambda name: len(msgspec.json.encode(data[name])))
    value = data[name]
    half = value[: len(value) // 2] if isinstance(value, str | list) else None
    return {**data, name: half, "truncated": True}


def together(tx: Tx, into: bytes, other: bytes) -> None:
    """Two customers are one: what waits of either leaves in the order in which it happened."""
    for (name,) in tx.all(SQL_ENDPOINTS):
        queue.follow(tx, PREFIX + name, other, into)


def body(read: Read, event: bytes) -> bytes | None:
    """The bytes of an event, by its id."""
    row = read.one(SQL_BODY, {"id": event})
    return None if row is None else row[0].encode()


def gone(tx: Tx, name: str, why: str) -> None:
    """The endpoint says that it exists no longer: nothing is written for it any more. `set_aside` follows."""
    tx.run(SQL_GONE, {"name": name, "why": why, "now": tx.now})


def set_aside(tx: Tx, name: str) -> bool:
    """What waits for an endpoint that is gone would wait for ever: into quarantine with it, some at a time. Whether there may be more."""
    why = why_gone(tx, name)
    if why is None:
        return False
    values = {"connection": PREFIX + name, "why": why, "now": tx.now, "most": MOST}
    rows = tx.all(SQL_SET_ASIDE, values)
    if rows:
        lane, item = rows[-1]
        outcome = queue.Outcome(kind="webhook", lane=lane, item=item, state="quarantined", why=why)
        tx.publish(queue.OUTCOMES, outcome)
    return bool(rows)


def back(tx: Tx, name: str) -> bool:
    """An admin says that it exists again: it is told what was set aside for it, some at a time, and all that is new. Whether there is more."""
    why = why_gone(tx, name)
    rows = tx.all(SQL_GONE_ASIDE, {"connection": PREFIX + name, "why": why, "most": MOST})
    for (one,) in rows:
        undelivered.try_again(tx, one)
    if not rows:
        tx.run(SQL_BACK, {"name": name})
    return bool(rows)


def why_gone(read: Read, name: str) -> str | None:
    """Why it is told nothing; None when it is."""
    row = read.one(SQL_WHY_GONE, {"name": name})
    return None if row is None else row[0]
