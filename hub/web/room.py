"""Room at the door: each socket is an open file, and a hub that has used up its last one can serve nobody.

So new sockets are turned away a little before that, with 503 and a time to come back, while those that are open go on and the database,
attachments and the console's requests still get their files. Counting what is open walks a directory, so it is done again after some
arrivals or a second, whichever comes first.
"""

import logging
import os
import resource
from collections.abc import Callable
from contextlib import suppress

from hub.wire import Refusal

COUNTED = 1.0
"""Seconds that a count holds."""
LATER = 30.0
"""Seconds after which whoever was turned away may come again."""
log = logging.getLogger("hub.web")


def open_files() -> int:
    """How many files this process has open, sockets included; 0 where the system does not say."""
    with suppress(OSError):
        return sum(1 for _ in os.scandir("/proc/self/fd"))
    return 0


def reserve(limit: int) -> int:
    """Files that are kept for everything but sockets of visitors and tabs."""
    return min(256, max(16, limit // 8))


class Room:
    """`clock` in seconds. `limit` and `count` say how many files there may be and are."""

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        limit: Callable[[], int] = lambda: resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        count: Callable[[], int] = open_files,
    ) -> None:
        self._clock, self._limit, self._count = clock, limit, count
        self._left, self._until = 0, float("-inf")
        self.refused = 0
        """How many were turned away since there was room last."""

    def demand(self) -> None:
        """Count one more in, or raise `Refusal` unavailable."""
        if self._left <= 0 or self._clock() >= self._until:
            self._look()
        if self._left <= 0:
            raise Refusal("unavailable", "the hub has no room for another socket", retry_after=LATER)
        self._left -= 1

    def _look(self) -> None:
        limit = self._limit()
        free = limit - reserve(limit) - self._count()
        # Not all that is free: what is not a socket of ours may take some of it before the next look.
        self._left = free if free <= 8 else max(8, free // 4)
        self._until = self._clock() + COUNTED
        if free <= 0:
            if not self.refused:
                log.error("no room: of %d files that this program may open few are left (ulimit -n)", limit)
            self.refused += 1
        else:
            self.refused = 0
