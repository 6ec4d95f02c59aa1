"""A thread with an event loop in it, for one connection's plugin code, and the jobs that run there.

Nothing that a plugin does in it may end the thread, except closing the loop, which is noticed. What a plugin raises is put into words
here, on the plugin's own thread: an exception's `__str__` is plugin code, and may sleep for a minute.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, Generic, TypeVar

from hub.contract import AuthFailed, NotReady, Rejected
from hub.registry.health import Told, sentence_of, traceback_of

T = TypeVar("T")
log = logging.getLogger("hub.runners")

LONGEST_RETRY = 7 * 86_400.0
"""Seconds; a plugin that asks for a longer pause gets this one."""


class Broken(Told):
    """A bug of the plugin, in words: `sentence` and `traceback`. Nothing of the plugin's is in it."""

    @property
    def error(self) -> Broken:
        """Itself: what is told of it."""
        return self


class LoopThread:
    """Runs from the start on. Everything but `loop` is used from the core's thread."""

    def __init__(self, name: str) -> None:
        # By its class, not by the policy: a plugin may have set one.
        self.loop: asyncio.AbstractEventLoop = asyncio.SelectorEventLoop()
        self.jobs: set[Job[Any]] = set()
        """Only this thread touches it; a task that nobody holds may be collected while it waits."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"plugin {name}", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """False once it has ended: told to, or by a plugin that closed the loop."""
        return self._thread.is_alive()

    def post(self, call: Callable[..., object], *args: object) -> bool:
        """Have it called over there. False when there is no loop any more."""
        try:
            self.loop.call_soon_threadsafe(call, *args)
        except RuntimeError:
            return False
        return True

    def stack(self) -> list[FrameType]:
        """What it is executing right now, innermost first: says who blocks it."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        frames = []
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
        return frames

    def doing(self) -> str:
        """The call that is at work this instant; empty between calls."""
        task = asyncio.current_task(self.loop)
        return "" if task is None else task.get_name()

    def tasks(self) -> int:
        """How many tasks live in it."""
        try:
            return len(asyncio.all_tasks(self.loop))
        except RuntimeError:  # the set changed while it was read
            return 0

    def end(self, deadline: float) -> None:
        """Have it cancel what is left and end, as soon as nothing blocks it. `deadline` is for what tidies up."""
        self._stopping = True
        self.post(self._wind_up, deadline)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        troubles = 0
        while not self._stopping and not self.loop.is_closed():
            try:
                self.loop.run_forever()
            except BaseException as error:  # a task a plugin made by itself raised SystemExit
                troubles += 1
                log.error(  # noqa: TRY400  # its traceback would be made by the plugin's own code
                    "a plugin's own task tried to end its event loop; it goes on: %s", sentence_of(error)
                )
                time.sleep(min(1.0, troubles * 0.02))  # on this thread only: it must not become a busy loop
        if not self.loop.is_closed():
            self.loop.close()

    def _wind_up(self, deadline: float) -> None:
        """Cancel what plugins left running, so that it does not warn when the loop is closed, then stop."""
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()

        async def wait() -> None:
            if tasks:
                await asyncio.wait(tasks, timeout=deadline)
            await self.loop.shutdown_asyncgens()
            self.loop.stop()

        self._waiter = asyncio.Task(wait(), loop=self.loop)  # past whatever task factory a plugin has set


class Job(Generic[T]):
    """One call. `done` belongs to the core's loop and is resolved there, with nothing: the outcome lies in the job."""

    def __init__(
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        doing: str,
        core: asyncio.AbstractEventLoop,
        thread: LoopThread,
    ) -> None:
        self.done: asyncio.Future[None] = core.create_future()
        self._work, self._doing, self._core, self._thread = work, doing, core, thread
        self._task: asyncio.Task[None] | None = None
        self._value: list[T] = []
        self._error: Exception | None = None
        self._cancelled = False

    # --- on the core's thread

    def result(self) -> T:
        """The value, or raises what the plugin did. Only when `done`."""
        if self._value and not self._cancelled:
            return self._value[0]
        raise self._error or Broken("CancelledError: it was cancelled")

    def give_up(self, error: Exception) -> None:
        """Nobody waits for it any longer: its thread is left behind."""
        self._cancelled = True
        self._error = error
        self._resolve()

    def _resolve(self) -> None:
        if not self.done.done():
            self.done.set_result(None)

    # --- on the plugin's thread

    def start(self) -> None:
        """Begin, unless it was cancelled before its turn."""
        if self._cancelled:
            self._finish()
            return
        self._thread.jobs.add(self)
        # Past whatever task factory a plugin has set.
        self._task = asyncio.Task(self._contained(), loop=self._thread.loop, name=self._doing)
        # Not at the end of the work: a task that is cancelled before its first step never gets to its end.
        self._task.add_done_callback(self._ended)

    def cancel(self) -> None:
        """Ask it to end; it may tidy up first, and it may not heed."""
        self._cancelled = True
        if self._task is not None:
            self._task.cancel()

    async def _contained(self) -> None:
        try:
            value = await self._work()
        except BaseException as error:  # becomes the caller's to judge; it must not end the thread
            self._error = put_into_words(error)
        else:
            self._value.append(value)

    def _ended(self, _task: asyncio.Task[None]) -> None:
        self._thread.jobs.discard(self)
        self._finish()

    def _finish(self) -> None:
        try:
            self._core.call_soon_threadsafe(self._resolve)
        except RuntimeError:  # the core's loop is closed: nobody waits any more
            log.debug("a plugin answered after the hub had stopped")


def put_into_words(error: BaseException) -> Exception:
    """An exception of ours that says the same: instructions as themselves, everything else as Broken."""
    try:
        if isinstance(error, NotReady):
            return NotReady(
                _why(error), retry_after=_seconds(error.retry_after), doubtful=bool(error.doubtful)
            )
        if isinstance(error, AuthFailed):
            return AuthFailed(_why(error))
        if isinstance(error, Rejected):
            return Rejected(_why(error))
    except BaseException as worse:  # an instruction without its `why`, or one whose text raises
        return Broken(sentence_of(worse), traceback_of(worse))
    return Broken(sentence_of(error), traceback_of(error))


def _why(error: NotReady | AuthFailed | Rejected) -> str:
    return str(error.why)[:500]


def _seconds(asked: object) -> float | None:
    if asked is None:
        return None
    seconds = float(asked)  # type: ignore[arg-type]  # what is no number is the plugin's bug, and said to be
    if not seconds >= 0:
        raise ValueError(f"NotReady.retry_after: expected seconds, got {seconds}")
    return min(seconds, LONGEST_RETRY)
