"""A transaction over a fresh, migrated, in-memory database: all that a stage needs to be tested, in a millisecond."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hub.store.preparing import schema_image
from hub.store.tx import Tx

NOW = 1_700_000_000_000_000
"""A moment in November 2023."""


@contextmanager
def scratch_tx(*, now: int = NOW, random: Callable[[int], bytes] = os.urandom) -> Iterator[Tx]:
    """A Tx that belongs to nobody. Move the clock with `tx.now += …`; `tx.published` tells what was published."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.deserialize(schema_image())
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("BEGIN")
        yield Tx(connection, now, random)
    finally:
        connection.close()
