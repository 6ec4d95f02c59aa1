"""Calls from the core into one connection's plugin code, which lives on a thread and an event loop of its own.

The core awaits a future with a deadline and goes on, whatever the plugin does. Each connection has its own loop because a blocked
one cannot be moved away from: with a shared loop a single `time.sleep` in one connection holds up every other for as long as it
lasts. A thread costs about a hundred kilobytes and three open files; a hub has a handful of connections.

Python cannot stop a thread. One that a plugin blocks is noticed (`answers`), named (`blocking`), and may be left behind (`renew`): the
connection goes on in a fresh one, and the old one ends by itself should it ever come back.
"""

from __future__ import annotations

import asyncio
import linecache
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, NamedTuple, TypeVar

from hub.runners.thread import Broken, Job, LoopThread

__all__ = ["Blocked", "Broken", "Overdue", "PluginLoop", "Stuck"]

T = TypeVar("T")

GRACE = 5.0
"""Seconds a cancelled call gets to tidy up before it is left behind."""
MOST_LEFT_BEHIND = 3
"""Stuck threads of one connection; with one more the hub itself should be started anew."""
STACK = 12
"""Frames of a stuck thread that are told, innermost last."""


class Overdue(Exception):
    """A plugin did not answer within its deadline."""


class Stuck(Overdue):
    """It was not even asked: something blocks its thread, which is known and told already."""


class Blocked(NamedTuple):
    """Who blocks a loop: the call, the innermost place in the plugin's code, and the stack as text."""

    doing: str
    where: str
    stack: str


class PluginLoop:
    """Start once, call from the core's loop, stop once."""

    def __init__(self, name: str, package: str = "") -> None:
        """`package` is the plugin's, to find its lines on a stack."""
        self.name, self._package = name, package
        self.blocked: Blocked | None = None
        """Set by who watches; while it is set, calls fail at once instead of piling up."""
        self._thread: LoopThread
        self._left: list[LoopThread] = []
        self._jobs: set[Job[Any]] = set()
        self._turned: asyncio.Event | None = None

    def start(self) -> None:
        self._thread = LoopThread(self.name)
        self._turned = self.blocked = None

    async def call(
        self, work: Callable[[], Coroutine[Any, Any, T]], *, deadline: float | None, doing: str = "call"
    ) -> T:
        """Run `work()` over there and return its result or raise its exception.

        Raises Overdue after `deadline` seconds (the coroutine is cancelled, its end is not awaited), and Broken for
        what is no instruction of the contract. `work` checks what the plugin returns: it runs at the plugin's cost.
        """
        if self.blocked is not None:
            raise Stuck(f"its thread is blocked in {self.blocked.doing or 'a callback'}")
        thread = self._thread
        job = Job(work, doing, asyncio.get_running_loop(), thread)
        if not thread.post(job.start):
            raise Stuck("its event loop was closed")
        self._jobs.add(job)
        try:
            await asyncio.wait([job.done], timeout=deadline)
        except asyncio.CancelledError:
            thread.post(job.cancel)
            await asyncio.wait([job.done], timeout=GRACE)
            raise
        finally:
            self._jobs.discard(job)
        if job.done.done():
            return job.result()
        thread.post(job.cancel)
        raise Overdue(f"no answer within {deadline:g} seconds")

    def let_go(self, closing: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have something closed over there, where it was made or in the thread after that; nobody waits."""
        job = Job(closing, "closing", asyncio.get_running_loop(), self._thread)
        self._thread.post(job.start)

    # --- watching

    async def answers(self, seconds: float) -> bool:
        """Whether the loop turns: False when something has blocked it for `seconds`, or closed it."""
        core, turned = asyncio.get_running_loop(), self._turned
        if turned is None:  # else the last question still waits in its queue
            turned = self._turned = asyncio.Event()
            if not self._thread.post(_say, core, turned.set):
                return False
        try:
            async with asyncio.timeout(seconds):
                await turned.wait()
        except TimeoutError:
            return False
        if self._turned is turned:
            self._turned = None
        return True

    @property
    def alive(self) -> bool:
        """False when a plugin closed the loop, which ends the thread."""
        return self._thread.alive

    def blocking(self) -> Blocked:
        """What the thread is doing, for people."""
        frames = self._thread.stack()
        found = next((frame for frame in frames if _package_of(frame) == self._package), None)
        where = "" if found is None else f"{found.f_code.co_filename}, line {found.f_lineno}"
        return Blocked(self._thread.doing(), where, "".join(map(_line, reversed(frames[:STACK]))))

    @property
    def tasks(self) -> int:
        """How many tasks live in it, the plugin's own included."""
        return self._thread.tasks()

    @property
    def left_behind(self) -> int:
        """Threads that were left behind and are still stuck."""
        self._left = [thread for thread in self._left if thread.alive]
        return len(self._left)

    # --- ends

    def renew(self) -> bool:
        """Leave the thread behind and go on in a fresh one. False when too many are stuck already."""
        if self.left_behind >= MOST_LEFT_BEHIND:
            return False
        self._thread.end(GRACE)
        self._left.append(self._thread)
        self.start()
        for job in list(self._jobs):
            job.give_up(Overdue("it was begun anew, and its thread left behind"))
        return True

    async def stop(self, deadline: float) -> bool:
        """End the thread; False when a plugin blocks it and it was left behind (it is a daemon)."""
        self._thread.end(deadline / 2)
        end = asyncio.get_running_loop().time() + deadline
        while self._thread.alive and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110  # a thread says nothing when it ends
            await asyncio.sleep(0.01)
        return not self._thread.alive


def _package_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _line(frame: FrameType) -> str:
    path, number = frame.f_code.co_filename, frame.f_lineno
    source = linecache.getline(path, number).strip()
    return f'  File "{path}", line {number}, in {frame.f_code.co_name}\n' + (
        f"    {source}\n" if source else ""
    )


def _say(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        return  # the core's loop is closed: nobody asks any more
