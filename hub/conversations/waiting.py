"""Waiting, told honestly: how many are before you, and how long it took those who were served lately.

The expected wait is no promise and no average: it is what four of five of the last answered customers of the queue waited at most.
With fewer than five of them there is no figure, and none is shown. Who was invited found the first words already there, and counts for
nothing; neither does a mail, which waits for hours and for nobody at the door. A conversation handed back to a queue without an open
question waits since its last word. The urgent are before the others, and the low behind them.
"""

import msgspec

from hub.conversations.load import CHAT, WEIGHT
from hub.store import Read

LATELY = 4 * 3600 * 1_000_000
LEAST = 5
MOST = 50

SQL_BEFORE = """
SELECT count(*) FROM conversation w JOIN conversation c ON c.id = :conversation
WHERE w.queue = c.queue AND w.status = 'waiting'
AND (w.priority, coalesce(w.waiting_since, w.last_at), w.id) < (c.priority, coalesce(c.waiting_since, c.last_at), c.id)"""
SQL_WAITING = """
SELECT id, visitor FROM conversation WHERE queue = :queue AND status = 'waiting' AND visitor IS NOT NULL
ORDER BY priority, coalesce(waiting_since, last_at), id LIMIT :most"""
SQL_LATELY = f"""
SELECT c.first_reply_at - c.opened_at FROM conversation c
WHERE c.queue = :queue AND c.first_reply_at > :since AND c.first_reply_at > c.opened_at AND {WEIGHT} >= {CHAT}
ORDER BY c.first_reply_at DESC LIMIT :most"""

SQL_LOADS = """
SELECT q.id, q.name, count(c.id), min(coalesce(c.waiting_since, c.last_at)),
(SELECT count(*) FROM queue_member m JOIN presence p ON p.operator = m.operator
 WHERE m.queue = q.id AND p.until > :now AND p.state IN ('available', 'busy'))
FROM queue q LEFT JOIN conversation c ON c.queue = q.id AND c.status = 'waiting' GROUP BY q.id ORDER BY q.name"""


class Load(msgspec.Struct, frozen=True):
    """How it is in a queue: how many wait, since when the first of them (UTC microseconds), how many of its team are here."""

    queue: bytes
    name: str
    waiting: int
    oldest: int | None
    here: int


class Wait(msgspec.Struct, frozen=True):
    """`position` 1 is next; `seconds` is None when there is nothing to tell it from."""

    position: int
    seconds: int | None


def position(read: Read, conversation: bytes) -> int:
    """1 for whoever is next."""
    row = read.one(SQL_BEFORE, {"conversation": conversation})
    before: int = row[0] if row else 0
    return before + 1


def expected(read: Read, queue: bytes) -> int | None:
    """Seconds that 80 % of the customers answered in the last four hours waited at most; None for fewer than five."""
    found: list[int] = sorted(
        row[0] for row in read.all(SQL_LATELY, {"queue": queue, "since": read.now - LATELY, "most": MOST})
    )
    if len(found) < LEAST:
        return None
    return max(1, round(found[(len(found) * 4 - 1) // 5] / 1_000_000))


def loads(read: Read) -> list[Load]:
    """All queues, for whoever hands a conversation on."""
    return [Load(*row) for row in read.all(SQL_LOADS, {"now": read.now})]


def line(read: Read, queue: bytes, most: int = 200) -> list[tuple[bytes, bytes]]:
    """(conversation, visitor) of those who wait in a queue, the next one first."""
    return [(row[0], row[1]) for row in read.all(SQL_WAITING, {"queue": queue, "most": most})]
