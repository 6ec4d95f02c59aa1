"""The quarantine: what could not be delivered and waits for somebody to look, and what they decide.

Nothing here is tried by itself. "Try again" starts the schedule anew, under the same id; "give up" is final.
"""

from typing import Any

import msgspec

from hub.outbox import together
from hub.outbox.queue import OUTCOMES, TOPIC, Outcome, line_up
from hub.store import Read, Tx

_ROW = """id, kind, connection, lane, item, attempts, created_at, first_at, finished_at, why"""
SQL_ASIDE = f"""
SELECT {_ROW} FROM outbox WHERE state = 'quarantined' ORDER BY id DESC LIMIT :limit"""
SQL_COUNT = "SELECT connection, count(*) FROM outbox WHERE state = 'quarantined' GROUP BY connection"
SQL_MESSAGE = """
SELECT m.text, l.thread, m.name, m.at, m.conversation, m.kind FROM message m JOIN leg l ON l.id = :lane
WHERE m.id = :item AND m.leaves"""
SQL_EVENT = "SELECT body FROM webhook_event WHERE id = :item"
SQL_RETRY = """
UPDATE outbox SET state = 'waiting', attempts = 0, bugs = 0, doubts = 0, first_at = NULL, due_at = :now, why = '', finished_at = NULL,
expires_at = NULL, beside = CASE WHEN kind <> 'message' THEN beside END WHERE id = :id AND state IN ('quarantined', 'failed') RETURNING kind, connection, lane, item"""
SQL_GIVE_UP = """
UPDATE outbox SET state = 'failed', finished_at = :now WHERE id = :id AND state = 'quarantined' RETURNING kind, lane, item, why"""
SQL_PLACE = """
SELECT id FROM outbox WHERE connection = :connection AND state = 'quarantined' AND item = coalesce(:item, item) ORDER BY id LIMIT :most"""
SQL_OF_ITEM = (
    "SELECT id FROM outbox WHERE lane = :lane AND item = :item AND state IN ('failed', 'quarantined')"
)
SQL_OF_MESSAGE = """
SELECT x.id FROM outbox x JOIN message m ON m.id = x.item JOIN leg l ON l.id = x.lane AND l.conversation = m.conversation
WHERE m.conversation = :conversation AND m.seq = :seq AND x.kind = 'message' AND x.state IN ('failed', 'quarantined')"""
SQL_FORGET = """
DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE kind <> 'message' AND state NOT IN ('waiting', 'quarantined')
AND finished_at < :before LIMIT 500)"""
SQL_OVERLOOKED = """
UPDATE outbox SET state = 'failed', finished_at = :now WHERE id IN (SELECT id FROM outbox WHERE state = 'quarantined'
AND kind <> 'message' AND finished_at < :before LIMIT 500)"""
SQL_TOO_LONG = """
UPDATE outbox SET state = 'quarantined', finished_at = :now, why = 'it has waited for two weeks: ' || why WHERE id IN (SELECT id
FROM outbox WHERE state = 'waiting' AND lease IS NULL AND kind = 'webhook' AND created_at < :before LIMIT 500)"""
SQL_FORGET_EVENTS = """
DELETE FROM webhook_event WHERE id IN (SELECT id FROM webhook_event AS event WHERE at < :before
AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.item = event.id AND outbox.kind = 'webhook') LIMIT 500)"""

KEPT = 7 * 24 * 3600 * 1_000_000
"""Microseconds that events which have been delivered, or given up, are kept for whoever asks what was sent."""

WAITS = 14 * 24 * 3600 * 1_000_000
"""Microseconds that an event waits, whatever keeps it: its tries take 75 hours, those before it in its lane as long, and a connection
that is held waits for somebody who may never look."""
LOOKED = 30 * 24 * 3600 * 1_000_000
"""Microseconds in which somebody has to look at an event or question in quarantine, before it counts as given up."""


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery in quarantine. `raw` is what was to be sent, as it would have been; times in UTC microseconds."""

    id: int
    kind: str
    connection: str
    item: bytes
    conversation: bytes | None
    attempts: int
    created_at: int
    first_at: int | None
    aside_at: int
    why: str
    raw: str


def aside(read: Read, limit: int = 50) -> list[Aside]:
    """The quarantine, newest first."""
    rows = read.all(SQL_ASIDE, {"limit": limit})
    return [_aside(read, row) for row in rows]


def counts(read: Read) -> dict[str, int]:
    """How many are in quarantine, by connection."""
    return dict(read.all(SQL_COUNT))


def those_of(read: Read, connection: str, item: bytes | None, most: int = 500) -> list[int]:
    """What is in quarantine of a connection, the first first: all of it, or one item."""
    asked = {"connection": connection, "item": item, "most": most}
    return [row[0] for row in read.all(SQL_PLACE, asked)]


def try_again(tx: Tx, id_: int) -> bool:
    """Another round for a failed or quarantined delivery, with all its tries. False when there is none."""
    row = tx.one(SQL_RETRY, {"id": id_, "now": tx.now})
    if row is None:
        return False
    kind, connection, lane, item = row
    line_up(tx, connection, lane)
    for one in (item, *together.again(tx, connection, lane, item)):
        tx.publish(OUTCOMES, Outcome(kind=kind, lane=lane, item=one, state="waiting"))
    tx.publish(TOPIC, connection)
    return True


def give_up(tx: Tx, id_: int) -> bool:
    """It will not be delivered. False when it is not in quarantine."""
    row = tx.one(SQL_GIVE_UP, {"id": id_, "now": tx.now})
    if row is not None:
        kind, lane, item, why = row
        tx.publish(OUTCOMES, Outcome(kind=kind, lane=lane, item=item, state="failed", why=why))
    return row is not None


def retry(tx: Tx, *, leg: bytes, message: bytes) -> bool:
    """An operator asks for another round for a message that failed. False when there is none."""
    row = tx.one(SQL_OF_ITEM, {"lane": leg, "item": message})
    return row is not None and try_again(tx, row[0])


def retry_message(tx: Tx, conversation: bytes, seq: int) -> bool:
    """The same, by the message's place: wherever it left and failed. False when it has failed nowhere."""
    found = tx.all(SQL_OF_MESSAGE, {"conversation": conversation, "seq": seq})
    return sum(try_again(tx, row[0]) for row in found) > 0


def forget(tx: Tx) -> bool:
    """Remove events and questions that ended a week ago, and end what waits for nobody, a few at a time. True when there may be more;
    rows of messages stay, their state is shown."""
    before = {"before": tx.now - KEPT}
    ended = tx.run(SQL_OVERLOOKED, {"before": tx.now - LOOKED, "now": tx.now})
    ended += tx.run(SQL_TOO_LONG, {"before": tx.now - WAITS, "now": tx.now})
    return ended + tx.run(SQL_FORGET, before) + tx.run(SQL_FORGET_EVENTS, before) > 0


def _aside(read: Read, row: tuple[Any, ...]) -> Aside:
    id_, kind, connection, lane, item, attempts, created_at, first_at, finished_at, why = row
    conversation, raw = None, ""
    if kind == "message":
        found = read.one(SQL_MESSAGE, {"item": item, "lane": lane})
        if found is not None:
            text, address, author, at, conversation, form = found
            said = {
                "id": item.hex(),
                "address": address,
                "author": author,
                "at": at,
                "kind": form,
                "text": text,
            }
            raw = msgspec.json.format(msgspec.json.encode(said)).decode()
    elif kind == "webhook":
        event = read.one(SQL_EVENT, {"item": item})
        raw = "" if event is None else msgspec.json.format(event[0])
    return Aside(
        id=id_,
        kind=kind,
        connection=connection,
        item=item,
        conversation=conversation,
        attempts=attempts,
        created_at=created_at,
        first_at=first_at,
        aside_at=finished_at,
        why=why,
        raw=raw,
    )
