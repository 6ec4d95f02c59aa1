"""The write-ahead log is kept short. SQLite moves it into the database by itself every few thousand pages, but it begins the file anew
only in a moment when nobody reads from it, which under steady reading may never come; and a reader that never ends lets it grow
without end.

So the writer looks once a second. A log beyond the limit is emptied for good, which waits a tenth of a second for queries under way;
our own queries have a deadline (`readers`). What then still holds it is another program: that is measured, named and told.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from time import monotonic

from hub.store.connecting import BUSY_MS
from hub.store.mark import Mark

LIMIT = 32 << 20
"""Bytes: twice what lies between two of SQLite's own checkpoints."""
LOOK, AGAIN = 1.0, 5.0
"""Seconds between looks, and between attempts that somebody's reading has made vain."""
PATIENCE_MS = 100


class Journal:
    """The log of one database. `tend` on the writer's thread; the rest from anywhere."""

    def __init__(self, database: Path, limit: int = LIMIT) -> None:
        self.path = database.with_name(f"{database.name}-wal")
        self._limit = limit
        self._mark = Mark(database)
        self._next = 0.0
        self.size = 0
        """Bytes, when it was last looked at."""
        self.held_since: float | None = None
        """Since when (monotonic seconds) it is beyond its limit and cannot be emptied."""

    def tend(self, connection: sqlite3.Connection) -> None:
        """After a commit: note how long the log is, and empty it when that is too long."""
        self._mark.note()
        now = monotonic()
        if now < self._next:
            return
        self._next = now + LOOK
        self.size = self._measured()
        if self.size <= self._limit:
            self.held_since = None
        elif self._emptied(connection):
            self.size, self.held_since = self._measured(), None
        else:
            self._next = now + AGAIN
            self.held_since = self.held_since or now

    def let_go(self) -> None:
        """Before a connection is closed, which may take the log away."""
        self._mark.let_go()

    def close(self) -> None:
        """After the last connection was closed."""
        self._mark.close()

    def _emptied(self, connection: sqlite3.Connection) -> bool:
        self._mark.withdraw()
        return empty(connection)

    def _measured(self) -> int:
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0


def empty(connection: sqlite3.Connection) -> bool:
    """Move the whole log into the database, synced, and begin it anew. False when somebody still reads from it, or the disk refuses."""
    with suppress(sqlite3.Error):
        connection.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
        try:
            busy, _pages, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        return not busy
    return False


def others(database: Path) -> list[str]:
    """Other programs of this user's that have the database open, as `sqlite3 (process 4242)`; as far as this machine tells."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(process.name) != os.getpid() and any(
                it.readlink() == database.absolute() for it in (process / "fd").iterdir()
            ):
                found.append(f"{(process / 'comm').read_text().strip()} (process {process.name})")
    return found
