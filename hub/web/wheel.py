"""One wheel for the liveness of all sockets: whoever has not been heard of for a while is asked, and then let go.

A line that is half open looks like one on which nothing happens. Pages and tabs beat, so each is looked at a little less often than it
should beat; where nothing came since the last look it is asked for a sign of life (a ping, which browsers answer even for a page in
the background, whose own timers they hold up), and where nothing comes then it is given up. From the last sign to the end
are at most LOOK + LOOK + ANSWER ticks, 43 seconds at a beat of 15.

No task, no timer and no queue per socket: the rim has a spoke for every second to come, a set of those whose turn it is then, and a
socket stands in exactly one of them. Nothing is done when a frame arrives but noting that something did. The wheel counts its own ticks
and asks no clock: after a moment in which the whole hub stood still nobody is late.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Protocol

from hub.web.sockets import RESTARTING, TRY_LATER, Socket

log = logging.getLogger("hub.web")

BEAT = 15.0
"""Seconds between beats of a page or tab."""
LOOK, ANSWER, GREETING = 16, 10, 10
"""Ticks of a fifteenth of a beat: until the next look; for a sign of life that was asked for; from the door to an accepted hello."""


class Watched(Protocol):
    """A session as the wheel sees it. `nobody_since`: seconds, None while it speaks for somebody. `spoke` is the wheel's."""

    socket: Socket
    nobody_since: float | None
    spoke: "set[Watched] | None"


class Wheel:
    """All open sockets. `beat` in seconds; `clock` in seconds, only to know how long somebody has been nobody."""

    def __init__(self, clock: Callable[[], float], beat: float = BEAT) -> None:
        self.tick = beat / 15
        self._clock = clock
        self._hand = 0
        self._heard: list[set[Watched]] = [set() for _ in range(LOOK + 1)]
        self._asked: list[set[Watched]] = [set() for _ in range(LOOK + 1)]
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to turn."""
        self._timer = asyncio.get_running_loop().call_later(self.tick, self._go_on)

    def stop(self) -> None:
        """Stand still."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def add(self, one: Watched) -> None:
        """A socket has opened."""
        self._put(one, self._heard, GREETING)

    def remove(self, one: Watched) -> None:
        """It is gone. Harmless twice."""
        if one.spoke is not None:
            one.spoke.discard(one)
            one.spoke = None

    def __iter__(self) -> Iterator[Watched]:
        return iter([one for spoke in (*self._heard, *self._asked) for one in spoke])

    def turn(self) -> None:
        """One tick: look at those whose turn it is."""
        self._hand = (self._hand + 1) % (LOOK + 1)
        late = self._clock() - GREETING * self.tick
        # Lists, for looking moves them; the asked first, or one could be looked at twice.
        for look, due in ((self._second, self._asked[self._hand]), (self._first, self._heard[self._hand])):
            for one in list(due):
                try:
                    look(one, late)
                except Exception:
                    log.exception("liveness: a look at a socket failed")

    def _first(self, one: Watched, late: float) -> None:
        if one.nobody_since is not None and one.nobody_since <= late:
            self._put(one, self._asked, ANSWER)
            one.socket.close(TRY_LATER)
        elif one.socket.stirred():
            self._put(one, self._heard, LOOK)
        else:
            self._put(one, self._asked, ANSWER)
            one.socket.ask()

    def _second(self, one: Watched, late: float) -> None:
        if one.socket.stirred():
            self._put(one, self._heard, LOOK)
        else:
            self._put(one, self._asked, ANSWER)
            one.socket.give_up(RESTARTING)

    def _put(self, one: Watched, rim: list[set[Watched]], ticks: int) -> None:
        self.remove(one)
        one.spoke = rim[(self._hand + ticks) % (LOOK + 1)]
        one.spoke.add(one)

    def _go_on(self) -> None:
        self.start()
        self.turn()
