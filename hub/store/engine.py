"""`Store`: what the event loop sees of the database. Sync core, async shell: an action or a query is a plain function
over a `Tx` or a `Read`, and these four methods run it where it belongs."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from hub.store.connecting import Synchronous, open_reader, open_writer
from hub.store.errors import StoreCorrupt, StoreError, StoreUnavailable
from hub.store.journal import Journal
from hub.store.lockfile import LockFile
from hub.store.preparing import check, prepare, refusal
from hub.store.readers import Readers
from hub.store.tx import Read, Tx
from hub.store.writer import Counters, Writer

FIRST_PAUSE, LONGEST_PAUSE, INSISTS = 0.1, 5.0, 60.0
"""Seconds: between attempts to write what must be written, and for how long; a hub that is to stop must be able to."""

P = ParamSpec("P")
T = TypeVar("T")

SWITCH_SECONDS = 0.0005
"""With Python's default of 5 ms a busy writer thread costs the event loop 43 ms p99; with this 3.3 ms (measured)."""

_beside: ContextVar[Callable[[Tx], None] | None] = ContextVar("beside", default=None)


@contextmanager
def beside(note: Callable[[Tx], None]) -> Iterator[None]:
    """While this lasts, every action that this task writes is stored together with what `note(tx)` writes: both or neither."""
    token = _beside.set(note)
    try:
        yield
    finally:
        _beside.reset(token)


class Store:
    """One database file, opened by one hub, used from one event loop.

    After a commit the store first resolves the futures of the group and then, once every coroutine that awaited one has
    gone on to its next await, publishes the group's events in the order their actions ran. So an acknowledged writer
    sees its result before others hear of it. Groups follow each other in the order of their commits. (A writer that
    wrapped its await in a task of its own, as `wait_for` and `gather` do, gets its result a turn of the loop later.)

    Cancelling an await does not undo the action: a message whose sender has just gone is still a message.
    """

    def __init__(
        self, path: Path, lock: LockFile, writer: Writer, readers: Readers, journal: Journal
    ) -> None:
        self.path, self.journal = path, journal
        self._lock, self._writer, self._readers = lock, writer, readers
        self._loop = asyncio.get_running_loop()

    @classmethod
    async def open(
        cls,
        path: Path | str,
        *,
        clock: Callable[[], int],
        publish: Callable[[str, object], None],
        synchronous: Synchronous = "FULL",
        random: Callable[[int], bytes] = os.urandom,
        readers: int = 3,
    ) -> "Store":
        """Lock, check, create or migrate the database at `path`, and start its threads.

        `clock` tells UTC microseconds and `random` n random bytes; both are called on the store's threads. `publish` is
        called on the event loop. `synchronous="NORMAL"` is faster and may lose the last acknowledged writes with the
        power. Raises StoreRefused (StoreLocked, StoreTooNew, StoreUnwritable, StoreCorrupt), with nothing changed.
        """
        path = Path(path)
        lock = LockFile.take(path)
        try:
            await asyncio.to_thread(prepare, path, held_before=lock.held_before)
            sys.setswitchinterval(min(SWITCH_SECONDS, sys.getswitchinterval()))
            loop = asyncio.get_running_loop()
            journal = Journal(path)
            writer = Writer(
                lambda: open_writer(path, synchronous),
                clock=clock, random=random, publish=publish, loop=loop, tend=journal.tend, let_go=journal.let_go,
            )  # fmt: skip
            reading = Readers(lambda: open_reader(path), count=readers, clock=clock, loop=loop)
            return cls(path, lock, writer, reading, journal)
        except BaseException:
            lock.release()
            raise

    async def write(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `action(tx, …)` in the next group; returns its result once that is durable.

        Raises what the action raised, after taking back its rows alone; StoreUnavailable when the disk did not confirm;
        StoreClosed after `close`.
        """
        future: asyncio.Future[T] = self._future()
        self._writer.submit(self._writer.interactive, (_noted(action), args, kwargs, future))
        try:
            return await future
        finally:
            del future  # an error's traceback keeps this frame, and the future the error

    async def write_surely(
        self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, and again until the disk confirms it, for a minute: for what has happened outside already and must be known
        here. Asking twice must do no harm."""
        ends, pause = self._loop.time() + INSISTS, FIRST_PAUSE
        while True:
            try:
                return await self.write(action, *args, **kwargs)
            except StoreUnavailable:
                if self._loop.time() > ends:
                    raise
                await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def write_background(
        self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, but after everything interactive: for imports, pulls, rebuilds. Keep each action below 10 ms,
        because an interactive one may have to wait for it; write long work as many actions."""
        future: asyncio.Future[T] = self._future()
        self._writer.submit(self._writer.background, (_noted(action), args, kwargs, future))
        try:
            return await future
        finally:
            del future  # an error's traceback keeps this frame, and the future the error

    async def read(self, query: Callable[Concatenate[Read, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `query(read, …)` on a reader thread, in one snapshot that contains every write awaited before.

        Raises what the query raised; sqlite3.OperationalError when it tries to write.
        """
        future: asyncio.Future[T] = self._future()
        self._readers.submit((query, args, kwargs, future))
        try:
            return await future
        finally:
            del future  # an error's traceback keeps this frame, and the future the error

    async def close(self) -> None:
        """Write and answer what waits, then let go of the file. Harmless twice."""
        self._readers.stop()
        # Readers first: the last connection to close checkpoints and takes the -wal away, and only the writer may.
        await asyncio.to_thread(self._readers.join)
        self._writer.stop()
        await asyncio.to_thread(self._writer.join)
        self.journal.close()
        self._lock.release()

    def _future(self) -> asyncio.Future[Any]:
        if asyncio.get_running_loop() is not self._loop:
            raise StoreError(
                "the store was asked from another event loop than the one that opened it; plugins reach it through their context"
            )
        return self._loop.create_future()

    async def look_for_damage(self) -> str | None:
        """Read every page on a connection of its own, beside everybody else; what is wrong, or None. Takes a second per gigabyte or
        so. After damage was found nothing is written any more."""
        why = await asyncio.to_thread(_damage_of, self.path)
        if why is not None:
            self._writer.stop_for_damage(why)
        return why

    @property
    def trouble(self) -> str | None:
        """Why the last writes were not confirmed; None while they are."""
        return self._writer.trouble

    @property
    def waiting(self) -> int:
        """Actions that the writer has not begun."""
        return len(self._writer.interactive) + len(self._writer.background)

    @property
    def counters(self) -> Counters:
        """What has been written since the start; grows while you look."""
        return self._writer.counters


def _noted(action: Callable[..., Any]) -> Callable[..., Any]:
    note = _beside.get()
    if note is None:
        return action

    def both(tx: Tx, /, *args: Any, **kwargs: Any) -> Any:
        note(tx)
        return action(tx, *args, **kwargs)

    return both


def _damage_of(path: Path) -> str | None:
    try:
        connection = open_reader(path)
        try:
            check(connection, path)
        finally:
            connection.close()
    except StoreCorrupt as error:
        return str(error)
    except sqlite3.DatabaseError as error:
        return str(refusal(path, error))
    return None
