"""From a path to a database that is whole, ours and current, or a refusal that says what to do.

A new file is written complete beside its place and then moved there, so it is never seen half made. An older one is
copied to `NAME.before-REVISION` and then migrated in one transaction.
"""

import errno
import os
import sqlite3
from functools import cache
from pathlib import Path

from hub import migrations
from hub.store import restoring
from hub.store.connecting import open_writer
from hub.store.errors import StoreCorrupt, StoreRefused, StoreTooNew, StoreUnwritable
from hub.store.files import sync
from hub.store.mark import mark_path, promised

CHECKED_AT_START = 1 << 30
"""Bytes; a larger file is checked by the nightly job alone, for the check reads all of it."""


def prepare(path: Path, *, held_before: bool = False) -> None:
    """Create, check or migrate the database at `path`. The caller holds its lock file. Raises StoreRefused.

    `held_before`: whether the lock file tells of an earlier hub.
    """
    try:
        restoring.finish(path.parent)
        if not path.exists():
            if trace := _trace(path, held_before=False):
                raise StoreCorrupt(_emptied(path, trace, "none"))
            create(path)
        elif path.stat().st_size == 0 and (trace := _trace(path, held_before)):
            raise StoreCorrupt(_emptied(path, trace, "an empty file"))
        elif not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        else:
            _bring_up_to_date(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    except sqlite3.DatabaseError as error:
        raise refusal(path, error) from error


def create(path: Path) -> None:
    """A new, empty, migrated database."""
    made = path.with_name(f"{path.name}.new")
    with open(made, "wb", opener=_private) as file:
        file.write(schema_image())
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)
    sync(path.parent)


@cache
def schema_image() -> bytes:
    """The bytes of an empty database after all migrations. Made once per process: Alembic takes its time."""
    from hub.migrations.running import upgrade

    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        upgrade(connection)
        return connection.serialize()
    finally:
        connection.close()


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Read every page and look for damage. Raises StoreCorrupt."""
    found = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise StoreCorrupt(_damaged(path, "; ".join(" ".join(it.split()) for it in found)))


def refusal(path: Path, error: sqlite3.Error) -> StoreRefused:
    """The refusal that fits what SQLite said about opening or reading `path`."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreCorrupt(_damaged(path, str(error)))
    return _unwritable(path, error)


def _bring_up_to_date(path: Path) -> None:
    pages = promised(path)
    connection = open_writer(path, "FULL")
    try:
        if path.stat().st_size <= CHECKED_AT_START:
            check(connection, path)
        # What a dead hub wrote and could not sync may stand in the kernel's memory alone, taken for written: nothing new goes behind it.
        _, found, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if found < pages:
            raise StoreCorrupt(_cut(path, pages, found))
        mark_path(path).unlink(missing_ok=True)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        head, revision = migrations.revisions()[-1], revision_of(connection, path)
        if revision != head:
            _migrate(connection, path, head, copy=revision is not None)
    finally:
        connection.close()


def revision_of(connection: sqlite3.Connection, path: Path) -> str | None:
    """The revision of a database this hub can open; None of an empty one. Raises StoreCorrupt, StoreTooNew."""
    known, revision = migrations.revisions(), migrations.current(connection)
    if revision is None and not _empty(connection):
        raise StoreCorrupt(_foreign(path))
    if revision is not None and revision not in known:
        raise StoreTooNew(_too_new(path, revision, known[-1]))
    return revision


def _trace(path: Path, held_before: bool) -> str:
    """What beside an empty file says that a hub has been here; nothing beside a new one."""
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size:
        return wal.name
    found = [
        it.name for it in (path.parent / "media", *path.parent.glob(f"{path.name}.before-*")) if it.exists()
    ]
    return found[0] if found else f"{path.name}.lock" if held_before else ""


def _migrate(connection: sqlite3.Connection, path: Path, head: str, *, copy: bool) -> None:
    from hub.migrations.running import upgrade

    if copy:
        snapshot(connection, path.with_name(f"{path.name}.before-{head}"))
    connection.execute("PRAGMA foreign_keys=OFF")  # a batch migration rebuilds tables that others refer to
    upgrade(connection)


def snapshot(connection: sqlite3.Connection, target: Path) -> None:
    """A consistent copy of an open database at `target`, complete or not there at all."""
    made = target.with_name(f"{target.name}.new")
    made.unlink(missing_ok=True)
    os.close(os.open(made, os.O_CREAT | os.O_WRONLY, 0o600))
    copy = sqlite3.connect(made)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, which who reads it leaves alone
    finally:
        copy.close()
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(target)
    sync(target.parent)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _unwritable(path: Path, error: Exception) -> StoreUnwritable:
    reason = getattr(error, "strerror", None) or str(error)
    return StoreUnwritable(
        f"{path}: expected a database this hub can read and write, got: {reason}; check that the folder exists, that "
        f"the user who runs the hub (uid {os.geteuid()}) may write to it, and that the disk has space"
    )


def _damaged(path: Path, found: str) -> str:
    return (
        f"{path}: expected a whole SQLite database, found: {found}; nothing was changed. "
        f"Keep this file and its -wal aside, restore the last good backup or a copy named {path.name}.before-… (`hub restore` does it), and start again"
    )


def _cut(path: Path, pages: int, found: int) -> str:
    return (
        f"{path}-wal: expected the log of the last {pages} changed pages, as the hub that ran here had confirmed them, found {max(found, 0)}: "
        "the log was cut, damaged or deleted, and the last messages before the hub ended are missing. Put the log back, or restore the last "
        f"good backup (`hub restore` does it); to go on without them, or when another program has tidied up the database, delete {mark_path(path).name} and start again"
    )


def _emptied(path: Path, trace: str, found: str) -> str:
    return (
        f"{path}: expected the hub's database, found {found}, though {trace} says that there was one; nothing was changed. "
        f"Restore the last good backup or a copy named {path.name}.before-… (`hub restore` does it); to begin anew, move this folder away"
    )


def _foreign(path: Path) -> str:
    return (
        f"{path}: expected a database made by this hub, found tables of another program; nothing was changed. "
        "Point [hub] data at another folder"
    )


def _too_new(path: Path, revision: str, head: str) -> str:
    return (
        f"{path}: expected revision {head} or older, found {revision}, which a newer hub has written; nothing was changed. "
        f"Start the newer version again, or restore the copy it made before upgrading ({path.name}.before-…)"
    )
