"""A copy of the data folder that is whole: taken while the hub runs, and put back when it does not.

The database is copied by `VACUUM INTO` on a read-only connection: one snapshot, compact, without what was deleted, and never begun
anew because somebody writes (the backup API of SQLite begins again each time another connection commits). Files are copied after it:
a file stands on the disk before the row that names it is committed, so every file that the copy's rows name is there. A backup has
its name once it has been read back and is on the disk; until then it is `NAME.partial`, and locked by whoever writes it.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from hub.store import restoring
from hub.store.connecting import open_reader
from hub.store.errors import StoreRefused
from hub.store.files import DATABASE, KEYS, MEDIA, sync, sync_tree
from hub.store.lockfile import LockFile
from hub.store.preparing import refusal, revision_of

TRANSIENT = ("incoming",)
PARTIAL = ".partial"


class Taken(NamedTuple):
    """What a backup holds."""

    folder: Path
    revision: str
    messages: int
    bytes: int


def take(data: Path, target: Path) -> Taken:
    """Copy the data folder to `target`, which must not exist yet. Raises StoreRefused, with nothing left at `target`."""
    if target.exists():
        raise StoreRefused(f"{target}: expected a place where nothing is yet; name another")
    if restoring.begun(data):
        raise StoreRefused(f"{data}: a restore was interrupted there; start the hub once, which finishes it")
    if not (data / DATABASE).exists():
        raise StoreRefused(
            f"{data / DATABASE}: expected the hub's database, found none; is this the hub's data folder?"
        )
    partial = target.with_name(target.name + PARTIAL)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(partial):
            _copy_database(data / DATABASE, partial / DATABASE)
            _copy_files(data, partial)
            taken = _read(partial, partial / DATABASE)
            sync_tree(partial)
            partial.rename(target)
        sync(target.parent)
    except OSError as error:
        raise StoreRefused(
            f"{target}: expected to write the backup there, got: {error.strerror}; nothing was kept"
        ) from error
    return taken._replace(folder=target)


def verify(backup: Path) -> Taken:
    """Read a backup whole: a folder, or a database alone such as the copy made before an upgrade.

    Raises StoreRefused when it is damaged, not ours, of a newer hub, or not finished.
    """
    path = backup / DATABASE if backup.is_dir() else backup
    if not path.exists():
        raise StoreRefused(f"{backup}: expected a backup, a folder with {DATABASE} in it, found none")
    if backup.suffix == PARTIAL:
        raise StoreRefused(
            f"{backup}: expected a whole backup, found one that was interrupted; use another one"
        )
    return _read(backup, path)


def _read(backup: Path, path: Path) -> Taken:
    try:
        connection = open_reader(path)
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            if found != ["ok"]:
                raise StoreRefused(f"{path}: the backup is damaged: {'; '.join(found)}; use another one")
            revision = revision_of(connection, path)
            (messages,) = connection.execute("SELECT count(*) FROM message").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise refusal(path, error) from error
    files = backup.rglob("*") if backup.is_dir() else (backup,)
    return Taken(backup, revision or "", messages, sum(it.stat().st_size for it in files if it.is_file()))


def restore(backup: Path, data: Path, *, stamp: str) -> Path | None:
    """Put a backup in the place of the data folder's contents, which go to `before-restore-STAMP` inside it; of a database alone, in
    the place of the database alone.

    Returns where they went; None when there was nothing. Raises StoreRefused, StoreLocked while a hub runs; nothing is changed then.
    """
    verify(backup)
    data.mkdir(parents=True, exist_ok=True)
    with LockFile.take(data / DATABASE):
        restoring.finish(data)
        try:
            restoring.copy(backup, data, stamp)
        except OSError as error:
            raise StoreRefused(
                f"{data}: expected room for the backup, got: {error.strerror}; nothing was changed"
            ) from error
        return restoring.finish(data)


@contextmanager
def _alone(partial: Path) -> Iterator[None]:
    """The new folder, locked. What killed backups have left beside it goes, and what is left of this one."""
    for left in partial.parent.glob(f"*{PARTIAL}"):
        with suppress(OSError), _locked(left):
            shutil.rmtree(left, ignore_errors=True)
    partial.mkdir(mode=0o700)
    with _locked(partial):
        try:
            yield
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _copy_database(source: Path, target: Path) -> None:
    try:
        connection = open_reader(source)
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise refusal(source, error) from error
    target.chmod(0o600)


def _copy_files(data: Path, target: Path) -> None:
    if (data / MEDIA).is_dir():
        shutil.copytree(
            data / MEDIA,
            target / MEDIA,
            ignore=shutil.ignore_patterns(*TRANSIENT),
            copy_function=_copy_if_there,
        )
    for key in KEYS:
        if (data / key).exists():
            shutil.copy2(data / key, target / key)


def _copy_if_there(source: str, target: str) -> None:
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:  # deleted since: no row of the copy that counts names it for long
        return
