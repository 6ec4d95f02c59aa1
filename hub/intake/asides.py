"""What a channel received and could not read: kept as it came, until somebody looks. One bad mail never stops those behind it.

It has no touchpoint and no customer, for nobody knows what it says. What is given up leaves its key, so that it is not set aside anew by
a channel that looks through everything again.
"""

import msgspec

from hub.contract import Aside
from hub.store import Read, Tx

TOPIC = "asides"
"""A connection's name is published here when what is aside changed."""
LARGEST = 32 * 1024 * 1024
MOST = 512 * 1024 * 1024
"""Bytes of one connection."""
BEGINNING = 64 * 1024
"""Bytes that are kept of what is larger, or too much."""
SHOWN = 20_000
LONGEST_KEY = 500
LONGEST_WHY = 1_000

SQL_PUT = """
INSERT INTO aside (id, connection, key, why, tries, created_at, at, size, raw)
VALUES (:id, :connection, :key, :why, 1, :now, :now, :size, :raw)
ON CONFLICT (connection, key) DO UPDATE SET why = excluded.why, tries = tries + 1, at = excluded.at WHERE given_up_at IS NULL"""
SQL_ROOM = "SELECT coalesce(sum(length(raw)), 0) FROM aside WHERE connection = :connection"
_WAITS = "given_up_at IS NULL"
SQL_LISTED = f"""
SELECT id, connection, why, tries, created_at, at, size, length(raw), substr(raw, 1, {SHOWN}) FROM aside WHERE {_WAITS}
ORDER BY at DESC, id DESC LIMIT :most"""
SQL_COUNT = f"SELECT connection, count(*) FROM aside WHERE {_WAITS} GROUP BY connection"
SQL_IDS = (
    f"SELECT id FROM aside WHERE connection = :connection AND {_WAITS} ORDER BY created_at, id LIMIT 500"
)
SQL_ONE = f"SELECT connection, key, why, tries, size, raw FROM aside WHERE id = :id AND {_WAITS}"
SQL_READ = "DELETE FROM aside WHERE connection = :connection AND key = :key"
SQL_DONE = "DELETE FROM aside WHERE id = :id AND tries = :tries"
SQL_STILL = f"UPDATE aside SET why = :why, tries = tries + 1, at = :now WHERE id = :id AND {_WAITS}"
SQL_GIVE_UP = (
    f"UPDATE aside SET given_up_at = :now, raw = x'' WHERE id = :id AND {_WAITS} RETURNING connection"
)
SQL_SPEAKS = f"SELECT id FROM aside WHERE {_WAITS} AND instr(lower(CAST(raw AS TEXT)), :word)"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One that waits, for lists. `raw` is its beginning; `whole`: all of it is kept, so that it can be read again. UTC microseconds."""

    id: bytes
    connection: str
    why: str
    tries: int
    created_at: int
    at: int
    size: int
    whole: bool
    raw: bytes


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One that is to be read again."""

    connection: str
    aside: Aside
    tries: int
    whole: bool


def put(tx: Tx, connection: str, key: str, raw: bytes, why: str) -> None:
    """Keep it, or, when it is here already, why it cannot be read now. What was given up stays so.

    Raises ValueError for a key that is none.
    """
    if not 1 <= len(key) <= LONGEST_KEY:
        raise ValueError(f"set_aside: expected a key of 1 to {LONGEST_KEY} characters, got {len(key)}")
    room = tx.one(SQL_ROOM, {"connection": connection})
    kept = raw if len(raw) <= min(LARGEST, MOST - (room[0] if room else 0)) else raw[:BEGINNING]
    row = {"id": tx.new_id(), "connection": connection, "key": key, "why": why[:LONGEST_WHY]}
    tx.run(SQL_PUT, {**row, "now": tx.now, "size": len(raw), "raw": kept})
    tx.publish(TOPIC, connection)


def listed(read: Read, most: int = 100) -> list[Kept]:
    """What waits, the newest first."""
    return [
        Kept(
            id=id_, connection=connection, why=why, tries=tries, created_at=created_at, at=at, size=size,
            whole=kept == size, raw=raw,
        )
        for id_, connection, why, tries, created_at, at, size, kept, raw in read.all(SQL_LISTED, {"most": most})
    ]  # fmt: skip


def counts(read: Read) -> dict[str, int]:
    """How many wait, by connection."""
    return dict(read.all(SQL_COUNT))


def of(read: Read, connection: str) -> list[bytes]:
    """What waits of a connection, the first first."""
    return [row[0] for row in read.all(SQL_IDS, {"connection": connection})]


def one(read: Read, id_: bytes) -> Held | None:
    """One that waits, whole."""
    row = read.one(SQL_ONE, {"id": id_})
    if row is None:
        return None
    connection, key, why, tries, size, raw = row
    aside = Aside(key=key, raw=raw, why=why)
    return Held(connection=connection, aside=aside, tries=tries, whole=len(raw) == size)


def arrived(tx: Tx, connection: str, key: str) -> None:
    """A touchpoint of this key could be read after all."""
    if tx.run(SQL_READ, {"connection": connection, "key": key}):
        tx.publish(TOPIC, connection)


def done(tx: Tx, id_: bytes, held: Held) -> None:
    """It was read again, unless it was set aside once more meanwhile."""
    tx.run(SQL_DONE, {"id": id_, "tries": held.tries})
    tx.publish(TOPIC, held.connection)


def still(tx: Tx, id_: bytes, why: str) -> None:
    """It could not be read again."""
    tx.run(SQL_STILL, {"id": id_, "why": why[:LONGEST_WHY], "now": tx.now})


def give_up(tx: Tx, id_: bytes) -> bool:
    """Nobody will read it. False when it waits no longer."""
    row = tx.one(SQL_GIVE_UP, {"id": id_, "now": tx.now})
    if row is not None:
        tx.publish(TOPIC, row[0])
    return row is not None


def speaking_of(read: Read, words: tuple[str, ...]) -> list[bytes]:
    """Those that contain one of these words, as far as that can be seen from outside."""
    return list({row[0] for word in words for row in read.all(SQL_SPEAKS, {"word": word.lower()})})
