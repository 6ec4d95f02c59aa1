"""Who is at their desk: the last touch in any tab of an operator, and the few seconds after their last tab has gone.

A tab says with every beat how long nobody touched it; the tab that was touched last speaks for its operator. Who touched none for
the time they set is away until they do. Who closed their last tab has gone only when no other came within the grace: a page that
is loaded anew is not a person who left. Durations are of the steady clock: nobody becomes idle by the clock on the wall being set.
"""

from collections.abc import Callable, Iterable

GRACE = 5.0
"""Seconds from an operator's last tab until they have gone."""

Minutes = Callable[[bytes], int]


class Touches:
    """In memory, for the event loop's thread only; what follows from it is written by whoever asks."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last: dict[bytes, float] = {}
        self._idle: set[bytes] = set()
        self._left: dict[bytes, float] = {}

    def touched(self, operator: bytes, idle: float) -> bool:
        """A tab of theirs was touched `idle` seconds ago. True when that ends their being idle."""
        at = self._monotonic() - idle
        if at <= self._last.get(operator, float("-inf")):
            return False
        self._last[operator] = at
        was_idle = operator in self._idle
        self._idle.discard(operator)
        return was_idle

    def came(self, operator: bytes, state: str) -> None:
        """They have a tab (again), and are in this state."""
        self._left.pop(operator, None)
        if state == "away":  # perhaps by itself, under a hub that ran before us; their first touch will tell
            self._idle.add(operator)
        else:
            self._idle.discard(operator)

    def left(self, operator: bytes) -> None:
        """Their last tab is gone."""
        self._left[operator] = self._monotonic()

    def gone(self) -> list[bytes]:
        """Those who did not come back in time; each once."""
        before = self._monotonic() - GRACE
        found = [who for who, at in self._left.items() if at <= before]
        for who in found:
            self.forget(who)
        return found

    def forget(self, operator: bytes) -> None:
        """They have gone for certain."""
        self._left.pop(operator, None)
        self._last.pop(operator, None)
        self._idle.discard(operator)

    def rested(self, here: Iterable[tuple[bytes, int]]) -> list[bytes]:
        """Those of (operator, minutes they set) who have just become idle; each once, until they touch something again."""
        now = self._monotonic()
        found = [
            who
            for who, minutes in here
            if minutes and who not in self._idle and now - self._last.get(who, now) >= minutes * 60
        ]
        self._idle.update(found)
        return found
