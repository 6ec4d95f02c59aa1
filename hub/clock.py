"""The hub's own time: it goes with the wall's, but neither jumps with it nor stands still.

Leases, alarm rounds, invitations and pauses are times in tables. If they followed a wall that is set forward by an hour, everything
would be overdue at once; set back by two days, nothing would be due for two days. So the hub counts its own seconds from its start
and leans towards the wall by a twentieth: an hour's difference is made up within a day, and timers are off by 5 % meanwhile. Time
that the machine slept through is counted. A wall that is put right soon after the start, as on machines that boot before they ask
for the time, is believed at once. What other machines check (signed tokens) is asked of the wall, by `on_the_wall`.
"""

import threading
import time
from collections.abc import Callable

LEAN = 20
"""A twentieth of the time that passes goes into making up the difference."""
YOUNG = 300
"""Seconds from the start within which a wall that is put forward is believed: nothing has been waiting for long."""
TOLD = 60_000_000
"""Microseconds of difference from which the owner is told."""
Clock = Callable[[], int]


def wall() -> int:
    """The machine's time, UTC microseconds. It may jump."""
    return time.time_ns() // 1000


def elapsed() -> int:
    """Microseconds since the machine's start, those it slept through included. Never jumps."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)) // 1000


class Steady:
    """UTC microseconds that never go back and never jump. Called from any thread."""

    def __init__(self, wall: Clock = wall, elapsed: Clock = elapsed, young: float = YOUNG) -> None:
        self.wall, self._elapsed = wall, elapsed
        self._lock = threading.Lock()
        self._last, self._now = elapsed(), wall()
        self._grown_up = self._last + int(young * 1_000_000)

    def __call__(self) -> int:
        with self._lock:
            at = self._elapsed()
            passed, self._last = at - self._last, at
            behind = self.wall() - self._now - passed
            if behind > 0 and at < self._grown_up:
                lean = behind
            else:
                lean = max(-passed // LEAN, min(passed // LEAN, behind))
            self._now += passed + lean
            return self._now

    def astray(self) -> int:
        """By how many microseconds the wall is ahead of the hub, when that is worth a word; else 0."""
        ahead = self.wall() - self()
        return ahead if abs(ahead) >= TOLD else 0


def on_the_wall(clock: Clock) -> int:
    """What the machine's clock says, for what other machines check; any other clock is taken at its word."""
    return clock.wall() if isinstance(clock, Steady) else clock()
