"""Work that is asked for more often than it needs doing: look again at the newest state.

Asked while it runs, it runs once more afterwards; so it never runs twice at a time, and the last look is never older than the last
request. Two looks at once could end in the wrong order and leave yesterday's answer.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("hub.web")


class Again:
    """Calling it asks for `work`; it returns at once. For the event loop's thread only."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    def __call__(self) -> None:
        self._wanted = True
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def end(self) -> None:
        """No more work; what runs is cancelled."""
        self._wanted = False
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._wanted:
                self._wanted = False
                await self._work()
        except Exception:
            log.exception("web: looking again failed; the next change looks once more")
        finally:
            self._task = None
