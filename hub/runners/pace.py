"""How fast the runners try again, and when they stop trying: numbers in one place, so that a test can hurry."""

from __future__ import annotations

import random
import time

import msgspec


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """All in seconds, but for what is counted."""

    first_pause: float = 1.0
    longest_pause: float = 300.0
    most_failures: int = 5
    """Bugs in a row before a plugin's work rests."""
    rest: float = 30.0
    """How long it rests before one more try; doubled after each that fails."""
    longest_rest: float = 1800.0
    settle: float = 1.0
    """A run that lasts so long, or reports something, is healthy."""
    stable: float = 60.0
    """A run that lasted so long starts the count of failures anew."""
    offer: float = 0.5
    frame: float = 5.0
    panel: float = 2.0
    panel_act: float = 10.0
    deliver: float = 30.0
    make: float = 5.0
    frames_per_second: float = 20.0
    frames_at_once: int = 60
    frames_waiting: int = 64
    frames_waiting_in_all: int = 2000
    """Of one feature, over all visitors: what a stuck plugin can cost in memory."""
    crossings_at_once: int = 16
    """Calls of one connection's plugin code that the core works on at a time."""
    crossings_per_second: float = 1000.0
    shows_per_second: float = 500.0
    """Frames of one connection to visitors' pages; further ones wait on its side."""
    lines_per_second: float = 2.0
    lines_at_once: int = 200
    """Of the log, by one connection's plugin code."""
    deliveries_at_once: int = 4
    look_again: float = 30.0
    """The longest the outbox goes without a look, should a wake-up be lost."""
    pulse: float = 2.0
    """How often each connection's loop is asked whether it turns; no answer for as long means blocked."""

    def pause(self, failures: int) -> float:
        """Full jitter: a random share of an exponential pause, so that many do not return at once."""
        ceiling = min(self.longest_pause, self.first_pause * 2.0 ** min(failures - 1, 30))
        return ceiling * random.uniform(0.5, 1.0)


class Breaker:
    """Counts failures in a row of one part of a connection.

    Closed: everything is let through. Open after `most_failures`: nothing is. Half-open when the rest is over: one try, and the next
    one a longer rest later, until one succeeds.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.failures = self._rests = 0
        self._open_until = 0.0

    @property
    def closed(self) -> bool:
        return self.failures < self._pace.most_failures

    @property
    def open(self) -> bool:
        return self.rest_left > 0

    @property
    def rest_left(self) -> float:
        """Seconds until the next try is let through."""
        return 0.0 if self.closed else max(0.0, self._open_until - time.monotonic())

    def admits(self) -> bool:
        """Whether a try is let through now; half-open, this one is it."""
        if self.closed:
            return True
        if self.open:
            return False
        self._rest()  # whatever becomes of the try, even nothing
        return True

    def failed(self) -> None:
        self.failures += 1
        if not self.closed and not self.open:
            self._rest()

    def succeeded(self) -> None:
        self.failures = self._rests = 0

    def _rest(self) -> None:
        ceiling = min(self._pace.longest_rest, self._pace.rest * 2.0 ** min(self._rests, 30))
        self._rests += 1
        self._open_until = time.monotonic() + ceiling * random.uniform(0.75, 1.0)


class Bucket:
    """A token bucket: `rate` a second, `burst` at once."""

    __slots__ = ("_at", "_burst", "_level", "_rate")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._level, self._at = float(burst), time.monotonic()

    def take(self) -> bool:
        """One token, if there is one."""
        now = time.monotonic()
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level < 1.0:
            return False
        self._level -= 1.0
        return True
