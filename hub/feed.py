"""Stage 4a: durable topics.

In: "item `key` of `kind` changed in `topic`", noted in the transaction that changed it. Out: numbered rows by which a reader who
was away catches up. The law: an old snapshot plus the changes since is the new snapshot. It holds because an item is always put
or dropped whole, and a resumed reader gets its present state; composing that state is each stage's own `view.py`, so this module
knows topics and numbers and nothing about what is in them.
"""

import msgspec

from hub.store import Read, Tx

UNSET = msgspec.UNSET

KEPT = 24 * 3600 * 1_000_000
"""How long changes can be resumed from, in microseconds."""
AT_ONCE = 1_000
"""Changes that are dropped in one transaction, so that whoever chats does not wait for a night's worth."""
MOST = 500
"""More missed changes than this are answered with a new snapshot: it is cheaper for both sides."""

# The newest number is in the newest row, or where the rows were cut: a message notes three changes, and a counter would be a
# second statement and a second page of each.
_HEAD = "coalesce((SELECT max(n) FROM feed WHERE topic = :topic), (SELECT kept_from FROM topic WHERE name = :topic), 0)"
SQL_NOTE = (
    f"INSERT INTO feed (topic, n, kind, key, at) VALUES (:topic, {_HEAD} + 1, :kind, :key, :at) RETURNING n"
)
SQL_HEAD = f"SELECT {_HEAD}, coalesce((SELECT kept_from FROM topic WHERE name = :topic), 0)"
SQL_SINCE = """
SELECT max(n), kind, key FROM feed WHERE topic = :topic AND n > :n GROUP BY kind, key ORDER BY max(n)"""
SQL_RESUMED = """
SELECT min(n), kind, key FROM feed WHERE topic = :topic AND n > :n GROUP BY kind, key ORDER BY min(n)"""
SQL_OLD = """
SELECT topic, max(n) FROM (SELECT topic, n FROM feed INDEXED BY feed_by_age WHERE at < :before ORDER BY at LIMIT :most)
GROUP BY topic"""
SQL_KEEP_FROM = """
INSERT INTO topic (name, kept_from) VALUES (:topic, :n)
ON CONFLICT (name) DO UPDATE SET kept_from = max(kept_from, excluded.kept_from)"""
SQL_PRUNE = "DELETE FROM feed WHERE topic = :topic AND n <= :n"


class Changed(msgspec.Struct, frozen=True):
    """What the bus carries: change `n` of a durable topic, with the item as it is now (None: dropped).

    `UNSET` means "look for yourself": the item is dear to compose and perhaps nobody is watching.
    """

    n: int
    kind: str
    key: bytes
    item: object | None


class Missed(msgspec.Struct, frozen=True):
    """An item that a reader has missed: the newest n at which it changed, or (`resumed`) the first."""

    n: int
    kind: str
    key: bytes


def note(tx: Tx, topic: str, kind: str, key: bytes, item: object | None) -> int:
    """Number a change and tell whoever listens, after commit. Returns its n (from 1, without gaps within the topic)."""
    row = tx.one(SQL_NOTE, {"topic": topic, "kind": kind, "key": key, "at": tx.now})
    assert row is not None
    n: int = row[0]
    tx.publish(topic, Changed(n, kind, key, item))
    return n


def head(read: Read, topic: str) -> int:
    """The newest n of a topic; 0 when nothing has happened in it yet."""
    return _head(read, topic)[0]


def since(read: Read, topic: str, n: int) -> list[Missed] | None:
    """What changed after n, each item once, oldest last change first; None when the reader must take a new snapshot.

    For a reading that many share: whoever holds a later n than the first of them needs only what stands behind it.
    """
    return _since(read, SQL_SINCE, topic, n)[1]


def resumed(read: Read, topic: str, n: int) -> list[Missed] | None:
    """`since` for one reader who was away: in the order in which things came to be, and the last one numbered as the newest change.

    A message that was delivered after the next one was said comes before it all the same. Should the line break in between, the
    rest is found again from the number of the last that arrived: its later changes are behind it.
    """
    newest, missed = _since(read, SQL_RESUMED, topic, n)
    if missed:
        missed[-1] = msgspec.structs.replace(missed[-1], n=newest)
    return missed


def _since(read: Read, sql: str, topic: str, n: int) -> tuple[int, list[Missed] | None]:
    newest, kept_from = _head(read, topic)
    if n > newest or n < kept_from or newest - n > MOST:
        return newest, None
    if n == newest:
        return newest, []
    return newest, [Missed(*found) for found in read.all(sql, {"topic": topic, "n": n})]


def prune(tx: Tx) -> int:
    """Drop some changes older than `KEPT`; readers further behind get a new snapshot. Returns how many topics were cut: call it
    again, in another transaction, until that is none."""
    old = tx.all(SQL_OLD, {"before": tx.now - KEPT, "most": AT_ONCE})
    for topic, n in old:
        tx.run(SQL_KEEP_FROM, {"topic": topic, "n": n})
        tx.run(SQL_PRUNE, {"topic": topic, "n": n})
    return len(old)


def _head(read: Read, topic: str) -> tuple[int, int]:
    """The newest number of a topic, and the oldest that can be resumed from."""
    row = read.one(SQL_HEAD, {"topic": topic})
    assert row is not None
    return row[0], row[1]
