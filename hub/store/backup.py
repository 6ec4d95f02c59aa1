"""A copy of the data folder that is whole: taken while the hub runs, and put back when it does not.

The database is copied by `VACUUM INTO` on a read-only connection: one snapshot, compact, without what was deleted, and never begun
anew because somebody writes (the backup API of SQLite begins again each time another connection commits). Files are copied after it:
a file stands on the disk before the row that names it is committed, so every file that the copy's rows name is there.
"""

import shutil
import sqlite3
from pathlib import Path
from typing import NamedTuple

from hub.store.connecting import open_reader
from hub.store.errors import StoreRefused
from hub.store.lockfile import LockFile
from hub.store.preparing import refusal, revision_of, sync

DATABASE = "hub.db"
MEDIA = "media"
KEYS = ("push.key",)
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
    if not (data / DATABASE).exists():
        raise StoreRefused(
            f"{data / DATABASE}: expected the hub's database, found none; is this the hub's data folder?"
        )
    partial = target.with_name(target.name + PARTIAL)
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        _copy_database(data / DATABASE, partial / DATABASE)
        _copy_files(data, partial)
        taken = verify(partial)
        _sync_tree(partial)
        partial.rename(target)
        sync(target.parent)
    except OSError as error:
        raise StoreRefused(
            f"{target}: expected to write the backup there, got: {error.strerror}; nothing was kept"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return taken._replace(folder=target)


def verify(folder: Path) -> Taken:
    """Read a backup whole. Raises StoreRefused when it is damaged, not ours, or of a newer hub."""
    path = folder / DATABASE
    if not path.exists():
        raise StoreRefused(f"{folder}: expected a backup, a folder with {DATABASE} in it, found none")
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
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Taken(folder, revision or "", messages, size)


def restore(backup: Path, data: Path, *, stamp: str) -> Path | None:
    """Put a backup in the place of the data folder's contents, which go to `before-restore-STAMP` inside it.

    Returns where they went; None when there was nothing. Raises StoreRefused, StoreLocked while a hub runs; nothing is changed then.
    """
    verify(backup)
    data.mkdir(parents=True, exist_ok=True)
    with LockFile.take(data / DATABASE):
        new = data / f"restoring-{stamp}"
        shutil.rmtree(new, ignore_errors=True)
        try:
            shutil.copytree(backup, new)
            _sync_tree(new)
        except OSError as error:
            shutil.rmtree(new, ignore_errors=True)
            raise StoreRefused(
                f"{data}: expected room for the backup, got: {error.strerror}; nothing was changed"
            ) from error
        aside = _put_aside(data, data / f"before-restore-{stamp}")
        for entry in list(new.iterdir()):
            entry.rename(data / entry.name)
        new.rmdir()
        sync(data)
    return aside


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


def _put_aside(data: Path, aside: Path) -> Path | None:
    """The database with its log first and all together: neither is anything without the other."""
    names = [f"{DATABASE}{end}" for end in ("-wal", "-shm", "")]
    there = [data / name for name in (*names, MEDIA, *KEYS) if (data / name).exists()]
    if not there:
        return None
    aside.mkdir(mode=0o700)
    for path in there:
        path.rename(aside / path.name)
    sync(aside)
    return aside


def _sync_tree(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        sync(path)
