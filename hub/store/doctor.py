"""What `hub doctor` wants to know about the ground the store stands on: plain facts, each with a verdict and advice."""

import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from hub.store.connecting import open_reader
from hub.store.errors import StoreError
from hub.store.preparing import check, revision_of

SOUND_SQLITE = (3, 51, 3)
FREE_BYTES = 1 << 30
FREE_SHARE = 0.05
OPEN_FILES = 20_000
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this is wrong: this program did not exist."""


class Fact(NamedTuple):
    """One finding. `advice` is empty when all is well."""

    name: str
    value: str
    ok: bool
    advice: str = ""


def facts(database: Path, *, clock: Callable[[], int]) -> list[Fact]:
    """The facts about `database` (which need not exist yet) and its machine; `clock` tells UTC microseconds.

    Reads every page of the database when it exists. Raises nothing: a fact that cannot be found out says why.
    """
    return [sqlite_version(), disk(database.parent), open_files(), time(clock()), *_file(database)]


def sqlite_version() -> Fact:
    """Below 3.51.3 a second connection that writes or checkpoints may corrupt a WAL database."""
    sound = sqlite3.sqlite_version_info >= SOUND_SQLITE
    advice = "safe, because this hub writes and checkpoints on one connection; never write to the file with another program"
    return Fact("SQLite", sqlite3.sqlite_version, sound, "" if sound else advice)


def disk(folder: Path) -> Fact:
    """Space for the database and attachments."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        return Fact("disk free", "unknown", False, f"{folder}: {error.strerror}; create the data folder")
    enough = usage.free >= FREE_BYTES and usage.free >= FREE_SHARE * usage.total
    value = f"{usage.free / 2**30:.1f} GiB of {usage.total / 2**30:.1f} GiB"
    return Fact(
        "disk free", value, enough, "" if enough else "make room: a full disk refuses every new message"
    )


def open_files() -> Fact:
    """Each socket is one file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = soft == resource.RLIM_INFINITY or soft >= OPEN_FILES
    advice = (
        f"raise it (ulimit -n {OPEN_FILES}, or LimitNOFILE= in the unit): each visitor on the site needs one"
    )
    return Fact("open files", f"{soft} (at most {hard})", enough, "" if enough else advice)


def time(now: int) -> Fact:
    """Tokens, timeouts and statistics need a clock that is roughly right."""
    moment = datetime.fromtimestamp(now / 1e6, UTC)
    sane = moment >= BUILT
    advice = "set the clock and switch on time synchronisation: sign-in tokens and timers depend on it"
    return Fact("clock", moment.isoformat(timespec="seconds"), sane, "" if sane else advice)


def _file(database: Path) -> Iterator[Fact]:
    if not database.exists():
        yield Fact("database", f"{database} (not there yet)", True)
        return
    try:
        connection = open_reader(database)
    except sqlite3.Error as error:
        yield Fact("database", str(database), False, f"it cannot be read: {error}")
        return
    try:
        yield from _inside(connection, database)
    finally:
        connection.close()


def _inside(connection: sqlite3.Connection, database: Path) -> Iterator[Fact]:
    try:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        wal = mode == "wal"
        yield Fact(
            "journal mode", mode, wal, "" if wal else "open it once with `hub serve`, which switches to WAL"
        )
        check(connection, database)
        revision_of(connection, database)
        size = database.stat().st_size / 2**20
        yield Fact("database", f"{database}, {size:.1f} MiB, whole", True)
    except (sqlite3.Error, StoreError) as error:
        yield Fact("database", str(database), False, str(error))
