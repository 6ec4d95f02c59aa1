"""What a stage sees of the database: a snapshot to read, or a transaction to write.

Both are thin on purpose: SQL in, tuples out, because a SQLModel session per message costs ninety times the group commit
at 32 waiting writers. The clock and random ids come through here, so that stages are tested without sleeping or guessing.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Params = Sequence[Any] | Mapping[str, Any]
"""Values for `?` or for `:name`."""


class Read:
    """One snapshot: every statement sees the database as it was at the first one."""

    __slots__ = ("_connection", "_execute", "now")

    def __init__(self, connection: sqlite3.Connection, now: int) -> None:
        self._connection = connection
        self._execute = connection.execute
        self.now = now
        """UTC microseconds, the same for the whole action."""

    def one(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """The first row, or None. Also for `INSERT … RETURNING`."""
        row: tuple[Any, ...] | None = self._execute(sql, params).fetchone()
        return row

    def all(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """All rows."""
        return self._execute(sql, params).fetchall()


class Tx(Read):
    """A write transaction. Belongs to the writer's thread and to the running action: do not keep it."""

    __slots__ = ("_random", "published")

    def __init__(self, connection: sqlite3.Connection, now: int, random: Callable[[int], bytes]) -> None:
        super().__init__(connection, now)
        self._random = random
        self.published: list[tuple[str, object]] = []
        """(topic, event) pairs so far, in order; the store hands them on after the commit."""

    def run(self, sql: str, params: Params = ()) -> int:
        """Execute one statement; the number of rows it changed (-1 for a SELECT)."""
        return self._execute(sql, params).rowcount

    def many(self, sql: str, rows: Sequence[Params]) -> None:
        """Execute one statement for each of `rows`."""
        self._connection.executemany(sql, rows)

    def new_id(self) -> bytes:
        """16 random bytes."""
        return self._random(16)

    def publish(self, topic: str, event: object) -> None:
        """Tell `topic` on the event loop once this is durable; forgotten when the action fails."""
        self.published.append((topic, event))
