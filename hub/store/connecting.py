"""How connections are opened: the pragmas, and who may do what.

Exactly one connection writes, and it alone checkpoints: SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when two
connections do so at once. Readers are opened read-only, which also forbids them to checkpoint.
"""

import sqlite3
from pathlib import Path
from typing import Literal

Synchronous = Literal["FULL", "NORMAL"]

BUSY_MS = 5000
STATEMENTS = 512
READING = (
    "PRAGMA mmap_size=2147418112",  # without it an identity lookup at 10^7 rows costs 18 times as much
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    f"PRAGMA busy_timeout={BUSY_MS}",
)
WRITING = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA journal_size_limit=67108864",  # a burst's long WAL gives its space back
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is deleted is gone from the file, too: who is erased must not lie in a free page
)


def open_writer(path: Path, synchronous: Synchronous) -> sqlite3.Connection:
    """The one connection that writes. The file must exist. Use it on one thread at a time."""
    return _open(path, "rw", (*READING, *WRITING, f"PRAGMA synchronous={synchronous}"))


def open_reader(path: Path) -> sqlite3.Connection:
    """A read-only connection."""
    return _open(path, "ro", READING)


def _open(path: Path, mode: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    # isolation_level=None: the driver must never begin or commit by itself. The store keeps each connection to one
    # thread at a time, but opens on one and closes on another.
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS,
        timeout=BUSY_MS / 1000,
    )
    try:
        for pragma in pragmas:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection
