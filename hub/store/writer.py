"""The writer: one thread, one connection, one transaction for all that waits.

Whoever waits while one commit runs forms the next group, so batches grow with the load and nobody lingers for company.
Each action runs in a savepoint: one that raises takes back its own rows and nothing else. The group's outcomes cross
to the event loop in one call.

What may go wrong under a group is SQLite losing the whole transaction: SQLITE_FULL inside a savepoint rolls back
*everything*. So after every error the writer looks whether it is still in a transaction, and after every failed commit
it gives the group up: no future of it is answered with success, and the connection is opened anew.
"""

import sqlite3
import threading
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from hub.store.errors import StoreClosed, StoreCorrupt, StoreUnavailable
from hub.store.journal import empty
from hub.store.tx import Tx

GROUP_ACTIONS = 512
GROUP_SECONDS = 0.010
PATIENCE = 8
"""Groups of interactive actions after which one waiting background action rides along, so that ingest never starves."""

Job = tuple[Callable[..., Any], tuple[Any, ...], Mapping[str, Any], "Future[Any]"]
Outcome = tuple["Future[Any]", Any, BaseException | None]
Published = tuple[str, object]
# What the disk, another process or memory causes, as opposed to a mistake in the action's SQL.
ENVIRONMENT = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
DISTRUST = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


@dataclass(slots=True)
class Counters:
    """What the writer has done since it started."""

    actions: int = 0
    """Actions run, failed ones included."""
    failed: int = 0
    """Actions that raised or were not confirmed."""
    groups: int = 0
    """Transactions committed."""
    lost: int = 0
    """Transactions that could not be committed."""


class Writer:
    """Runs actions on its own thread and hands the outcomes to the event loop."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        *,
        clock: Callable[[], int],
        random: Callable[[int], bytes],
        publish: Callable[[str, object], None],
        loop: AbstractEventLoop,
        tend: Callable[[sqlite3.Connection], None] = lambda connection: None,
        let_go: Callable[[], None] = lambda: None,
    ) -> None:
        """`tend` is called after each group, with the connection outside a transaction; `let_go` before a connection is closed."""
        self.counters = Counters()
        self.trouble: str | None = None
        """Why the last group was not confirmed; None when it was."""
        self.interactive: deque[Job] = deque()
        self.background: deque[Job] = deque()
        self._connect, self._clock, self._random = connect, clock, random
        self._publish, self._loop, self._tend, self._let_go = publish, loop, tend, let_go
        self._tx: Tx | None = Tx(connect(), 0, random)
        self._passed_over = 0
        self._damage: StoreCorrupt | None = None
        self._distrusted = False
        self._closing = False
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, lane: deque[Job], job: Job) -> None:
        """Queue a job; from the event loop only."""
        if self._closing:
            raise StoreClosed("the store is closed; this write was not started")
        lane.append(job)
        if not self._woken.is_set():
            self._woken.set()

    def stop(self) -> None:
        """Refuse new jobs and end once those that wait are written; from the event loop only."""
        self._closing = True
        self._woken.set()

    def join(self) -> None:
        """Wait for the end. Not on the event loop: it blocks."""
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()  # before looking: whoever appends after this look sets it again
            while self.interactive or self.background:
                self._group()
                if self._tx is not None:
                    self._tend(self._tx._connection)
            if self._closing:
                break
        if self._tx is not None:
            self._let_go()
            self._tx._connection.close()

    def _group(self) -> None:
        """One transaction, from what waits to its futures."""
        outcomes: list[Outcome] = []
        published: list[Published] = []
        try:
            tx = self._ready()
            tx.published = published
            tx._execute("BEGIN IMMEDIATE")
            self._fill(tx, outcomes)
            tx._execute("COMMIT")
            self.counters.groups += 1
            self.trouble = None
        except BaseException as error:  # whatever it was, nobody may wait for ever
            published.clear()
            self._give_up(outcomes, error)
        self.counters.actions += len(outcomes)
        with suppress(RuntimeError):  # the loop was closed without closing the store: nobody is left to tell
            self._loop.call_soon_threadsafe(self._deliver, outcomes, published)

    def _ready(self) -> Tx:
        if self._damage is not None:
            raise self._damage
        if self._tx is None:
            connection = self._connect()
            if self._distrusted:
                # What the kernel could not write it takes for written from then on, and syncing once more proves nothing. So
                # nothing is left to hang on those pages: the log is moved into the database, synced, and begun anew.
                self._distrusted = not empty(connection)
            self._tx = Tx(connection, 0, self._random)
        return self._tx

    def stop_for_damage(self, why: str) -> None:
        """Take no further write: the file was found to be damaged."""
        self._damage = self._damage or StoreCorrupt(
            f"the database is damaged ({why}); writing has stopped: {_AFTER_DAMAGE}"
        )
        self.trouble = str(self._damage)

    def _fill(self, tx: Tx, outcomes: list[Outcome]) -> None:
        """Run jobs until the group is full. Background jobs get groups of their own, so that whoever waits for an
        interactive commit does not wait for them too; only the patience rule lets one in."""
        closes_at = perf_counter() + GROUP_SECONDS
        interactive, background = self.interactive, self.background
        answering = False
        while len(outcomes) < GROUP_ACTIONS and perf_counter() < closes_at:
            if background and (self._passed_over >= PATIENCE or not (interactive or answering)):
                self._passed_over = 0
                self._step(tx, background.popleft(), outcomes)
            elif interactive:
                answering = True
                self._step(tx, interactive.popleft(), outcomes)
            else:
                break
        if answering and background:
            self._passed_over += 1

    def _step(self, tx: Tx, job: Job, outcomes: list[Outcome]) -> None:
        """Run one action in a savepoint. Raises _GroupLost when the whole transaction is gone."""
        action, args, kwargs, future = job
        outcomes.append((future, None, _UNFINISHED))
        tx.now = self._clock()
        heard = len(tx.published)
        tx._execute("SAVEPOINT action")
        try:
            result = action(tx, *args, **kwargs)
        except (
            BaseException
        ) as error:  # SystemExit too: no action may end the thread that everybody waits for
            if not tx._connection.in_transaction or _code(error) in DAMAGE:
                raise _GroupLost from error
            tx._execute("ROLLBACK TO action")
            tx._execute("RELEASE action")
            del tx.published[heard:]
            self.counters.failed += 1
            outcomes[-1] = (future, None, _told(error))
            del job, future  # the error's traceback keeps this frame, and the future will keep the error
        else:
            tx._execute("RELEASE action")
            outcomes[-1] = (future, result, None)

    def _give_up(self, outcomes: list[Outcome], error: BaseException) -> None:
        """Fail every action of the group that had no error of its own, and drop the connection. When the group could
        not even begin, fail all that waits: none of it would fare better."""
        cause = error.__cause__ if isinstance(error, _GroupLost) and error.__cause__ else error
        if _code(cause) in DAMAGE:
            self.stop_for_damage(str(cause))
        self._distrusted = self._distrusted or _code(cause) in DISTRUST
        self.trouble = str(self._damage or cause)
        if not outcomes:
            outcomes.extend((job[3], None, _UNFINISHED) for job in (*self.interactive, *self.background))
            self.interactive.clear()
            self.background.clear()
        for place, (future, _result, own) in enumerate(outcomes):
            if own is None or own is _UNFINISHED:
                self.counters.failed += 1
                outcomes[place] = (future, None, self._damage or _unconfirmed(cause))
        self.counters.lost += 1
        if self._tx is not None:
            self._let_go()
            with suppress(sqlite3.Error):
                self._tx._connection.close()
            self._tx = None

    def _deliver(self, outcomes: list[Outcome], published: list[Published]) -> None:
        """On the event loop: resolve the futures, then, after all that wait on them have run, tell the bus."""
        for future, result, error in outcomes:
            if future.done():  # cancelled while it was being written; the rows stay
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        outcomes.clear()  # frames that an error's traceback keeps hold this list
        if published:
            self._loop.call_soon(self._announce, published)

    def _announce(self, published: list[Published]) -> None:
        for topic, event in published:
            try:
                self._publish(topic, event)
            except Exception as error:
                self._loop.call_exception_handler(
                    {"message": f"publishing under {topic} failed", "exception": error}
                )


class _GroupLost(Exception):
    """SQLite has ended the transaction under the running group; the cause says why."""


_UNFINISHED = _GroupLost()
_AFTER_DAMAGE = "stop the hub, keep the file and its -wal aside, and restore the last good backup"


def _code(error: BaseException) -> int:
    """SQLite's primary result code, 0 for any other error."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _told(error: BaseException) -> BaseException:
    """What the caller of a failed action is told."""
    if _code(error) in ENVIRONMENT:
        return _unconfirmed(error)
    if isinstance(error, StopIteration):  # a future refuses to carry it
        return RuntimeError(f"an action raised StopIteration({error})")
    return error


def _unconfirmed(cause: BaseException) -> StoreUnavailable:
    error = StoreUnavailable(
        f"the write could not be confirmed to be on disk ({cause}); nothing was acknowledged, send it again. "
        "If this goes on: is the disk full, or does another program hold the database?"
    )
    error.__cause__ = cause
    return error
