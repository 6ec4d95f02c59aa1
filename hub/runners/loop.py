"""The plugins' own event loop, in its own thread, and the calls into it.

A plugin that blocks this loop delays other plugins and never the core: the core awaits a future with a deadline and
goes on. Whatever a plugin raises, SystemExit included, becomes a value that the core can look at. Cancelling a call
cancels the plugin's coroutine and waits a little for it to tidy up.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger("hub.runners")

GRACE = 5.0
"""Seconds a cancelled call gets to tidy up before it is left behind."""


class Overdue(Exception):
    """A plugin did not answer within its deadline."""


class Broken(Exception):
    """A plugin raised something that would have ended the thread; `error` is what it was."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.error = error


class PluginLoop:
    """Start once, call from the core's loop, stop once."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop
        self._stopping = False
        self._jobs: set[_Job[Any]] = set()
        self._thread = threading.Thread(target=self._run, name="plugins", daemon=True)

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        while not self._stopping:
            try:
                self._loop.run_forever()
            except (
                BaseException
            ):  # a task a plugin made by itself raised SystemExit: that ends no loop of ours
                log.exception("a plugin's own task tried to end the plugins' event loop; it goes on")
        self._loop.close()

    async def call(self, work: Callable[[], Coroutine[Any, Any, T]], *, deadline: float | None) -> T:
        """Run `work()` over there and return its result or raise its exception.

        Raises Overdue after `deadline` seconds (the coroutine is cancelled, its end is not awaited) and Broken for
        what is no ordinary exception.
        """
        job = _Job(work, asyncio.get_running_loop(), self._jobs)
        self._loop.call_soon_threadsafe(job.start, self._loop)
        try:
            await asyncio.wait([job.done], timeout=deadline)
        except asyncio.CancelledError:
            self._loop.call_soon_threadsafe(job.cancel)
            await asyncio.wait([job.done], timeout=GRACE)
            raise
        if job.done.done():
            return job.result()
        self._loop.call_soon_threadsafe(job.cancel)
        raise Overdue(f"no answer within {deadline:g} seconds")

    async def answers(self, seconds: float) -> bool:
        """Whether the loop turns: False when something has blocked it for `seconds`."""
        core, turned = asyncio.get_running_loop(), asyncio.Event()
        self._loop.call_soon_threadsafe(lambda: _say(core, turned.set))
        try:
            async with asyncio.timeout(seconds):
                await turned.wait()
        except TimeoutError:
            return False
        return True

    def stack(self) -> list[FrameType]:
        """What the thread is executing right now, innermost first: says who blocks it."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        frames = []
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
        return frames

    async def stop(self, deadline: float) -> bool:
        """End the thread; False when a plugin blocks it and it was left behind (it is a daemon)."""
        self._stopping = True
        if not self._thread.is_alive():
            return True
        self._loop.call_soon_threadsafe(self._wind_up, deadline / 2)
        await asyncio.to_thread(self._thread.join, deadline)
        return not self._thread.is_alive()

    def _wind_up(self, deadline: float) -> None:
        """Cancel what plugins left running, so that it does not warn when the loop is closed, then stop."""
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()

        async def wait() -> None:
            if tasks:
                await asyncio.wait(tasks, timeout=deadline)
            await self._loop.shutdown_asyncgens()
            self._loop.stop()

        self._waiter = self._loop.create_task(wait())


class _Job(Generic[T]):
    """One call. `done` belongs to the core's loop and is resolved there, with nothing: the outcome lies in the job."""

    def __init__(
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        core: asyncio.AbstractEventLoop,
        jobs: set[_Job[Any]],
    ) -> None:
        self.done: asyncio.Future[None] = core.create_future()
        self._work, self._core, self._jobs = work, core, jobs
        self._task: asyncio.Task[None] | None = None
        self._value: list[T] = []
        self._error: BaseException | None = None
        self._cancelled = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._cancelled:
            self._finish()
            return
        self._jobs.add(self)
        self._task = loop.create_task(self._contained())
        # Not at the end of the work: a task that is cancelled before its first step never gets to its end.
        self._task.add_done_callback(self._ended)

    def cancel(self) -> None:
        self._cancelled = True
        if self._task is not None:
            self._task.cancel()

    def result(self) -> T:
        if self._error is None:
            return self._value[0]
        if isinstance(self._error, Exception):
            raise self._error
        raise Broken(self._error)

    async def _contained(self) -> None:
        try:
            self._value.append(await self._work())
        except BaseException as error:  # becomes the caller's to judge; it must not end the thread
            self._error = error

    def _ended(self, _task: asyncio.Task[None]) -> None:
        self._jobs.discard(self)
        self._finish()

    def _finish(self) -> None:
        if self._cancelled and not self._value and self._error is None:
            self._error = asyncio.CancelledError()
        _say(self._core, self._resolve)

    def _resolve(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


def _say(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:  # the core's loop is closed: nobody waits any more
        log.debug("a plugin answered after the hub had stopped")
