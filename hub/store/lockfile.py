"""One hub per database: a lock file beside it, held as long as the process lives.

The kernel drops the lock when its holder dies, however it dies, so a stale file never keeps anybody out; the pid inside
is only there to be named. SQLite's own locks would let a second hub in, and both would write.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from hub.store.errors import StoreLocked, StoreUnwritable


class LockFile:
    """Held from `take` to `release`, or as a context manager."""

    def __init__(self, descriptor: int, *, held_before: bool) -> None:
        self._descriptor = descriptor
        self.held_before = held_before

    @classmethod
    def take(cls, database: Path) -> Self:
        """Lock `database`. Raises StoreLocked naming the holder, or StoreUnwritable."""
        path = lock_path(database)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnwritable(
                f"{path}: expected to create the lock file there, got: {error.strerror}; "
                f"let the user who runs the hub (uid {os.geteuid()}) write to {path.parent}"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pid = _pid(descriptor)
            os.close(descriptor)
            raise StoreLocked(_locked(database, pid), pid) from None
        held_before = os.fstat(descriptor).st_size > 0
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return cls(descriptor, held_before=held_before)

    def release(self) -> None:
        """Let the next hub in. The file stays: removing it would race with whoever has just opened it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def lock_path(database: Path) -> Path:
    """Where the lock of a database is."""
    return database.with_name(f"{database.name}.lock")


def _pid(descriptor: int) -> int:
    text = os.pread(descriptor, 20, 0).strip()
    return int(text) if text.isdigit() else 0


def _locked(database: Path, pid: int) -> str:
    holder = f"process {pid}" if pid else "a process that has not yet said its number"
    return (
        f"{database}: expected to be the only hub on this database, but {holder} holds it; "
        "stop that hub first, or start this one with another data folder"
    )
