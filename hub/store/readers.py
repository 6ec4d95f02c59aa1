"""A few threads that read, each with a read-only connection of its own.

A query runs in one snapshot and never waits for the writer. It also never sees a commit that came after its first
statement, so a reader that must see its own write awaits the write first, and then it does.
"""

import sqlite3
import threading
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from time import monotonic
from typing import Any

from hub.store.errors import StoreClosed, StoreTooSlow
from hub.store.tx import Read

DEADLINE = 30.0
"""Seconds: as long as somebody reads, the log cannot begin anew, and whoever asked has long gone."""
STEPS = 50_000
"""Of SQLite's own, between two looks at the clock: a fraction of a millisecond."""

Query = tuple[Callable[..., Any], tuple[Any, ...], Mapping[str, Any], "Future[Any]"]


class Readers:
    """Runs queries on reader threads and hands their results to the event loop."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        *,
        count: int,
        clock: Callable[[], int],
        loop: AbstractEventLoop,
        deadline: float = DEADLINE,
    ) -> None:
        self._connect, self._clock, self._loop, self._deadline = connect, clock, loop, deadline
        self._queries: SimpleQueue[Query | None] = SimpleQueue()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._run, name=f"store-reader-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, query: Query) -> None:
        """Queue a query; from the event loop only."""
        if self._closing:
            raise StoreClosed("the store is closed; this read was not started")
        self._queries.put(query)

    def stop(self) -> None:
        """Refuse new queries and end once those that wait are answered; from the event loop only."""
        self._closing = True
        for _thread in self._threads:
            self._queries.put(None)

    def join(self) -> None:
        """Wait for the end. Not on the event loop: it blocks."""
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while (query := self._queries.get()) is not None:
            connection = self._answer(connection, query)
            del query  # an idle reader keeps no result alive
        if connection is not None:
            connection.close()

    def _answer(self, connection: sqlite3.Connection | None, query: Query) -> sqlite3.Connection | None:
        """Answer one query; returns the connection for the next, None when it should be opened anew."""
        function, args, kwargs, future = query
        result, error = None, None
        try:
            connection = connection or self._connect()
            result = self._snapshot(connection, function, args, kwargs)
        except BaseException as raised:  # nobody may wait for ever, and the thread serves the next query
            error = self._told(raised)
            if connection is not None and isinstance(raised, sqlite3.OperationalError):
                connection.close()
                connection = None
        with suppress(RuntimeError):  # the loop was closed without closing the store
            self._loop.call_soon_threadsafe(_deliver, future, result, error)
        del query, future, error  # an error's traceback keeps this frame
        return connection

    def _snapshot(
        self,
        connection: sqlite3.Connection,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> Any:
        ends = monotonic() + self._deadline
        connection.set_progress_handler(lambda: monotonic() > ends, STEPS)
        connection.execute("BEGIN")
        try:
            return function(Read(connection, self._clock()), *args, **kwargs)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _told(self, raised: BaseException) -> BaseException:
        if getattr(raised, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            error = StoreTooSlow(f"a query took longer than {self._deadline:g} s and was ended; ask for less")
            error.__cause__ = raised
            return error
        return RuntimeError(f"a query raised {raised!r}") if isinstance(raised, StopIteration) else raised


def _deliver(future: "Future[Any]", result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
