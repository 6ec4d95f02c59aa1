"""The suggestions desk as all consoles see it now: how many pairs wait, and which have just been decided, and by whom.

Several operators work through one list. Whoever decides a pair takes it from the others' desks in the same moment; the rest (what the
scorer finds, what a revoked decision opens again, what was put off until today) shows with the next look.
"""

from collections.abc import Callable
from typing import Final

from hub.actions.people import Operator
from hub.identity import shelves
from hub.store import Read, Store
from hub.web.live import LiveTopics
from hub.wire import id_hex, millis
from hub.wire.console import JudgedPair, SuggestionsRow

TOPIC: Final = "suggestions"
DESK: Final = "desk"
TOLD: Final = 30
"""Decisions that a desk is told of which has just come back."""


class Pairs:
    """What waits on the suggestions desk. For the event loop's thread only."""

    def __init__(self, store: Store, live: LiveTopics, clock: Callable[[], int]) -> None:
        self._store = store
        self._live = live
        self._clock = clock
        self._judged: list[JudgedPair] = []

    async def look(self) -> None:
        """Count what waits."""
        queue, more = await self._store.read(_waiting)
        row = SuggestionsRow(id=DESK, queue=queue, more=more, judged=list(self._judged))
        self._live.put(TOPIC, DESK, row)

    async def judged(self, a: str, b: str, operator: Operator) -> None:
        """An operator has decided a pair, or put it off."""
        at = millis(self._clock())
        if self._judged:
            # Whoever listens goes by the last time they heard of, so two in one millisecond are told apart.
            at = max(at, self._judged[-1].at + 1)
        said = JudgedPair(a=a, b=b, at=at, by=id_hex(operator.id), name=operator.name)
        self._judged = [*self._judged[1 - TOLD :], said]
        await self.look()


def _waiting(read: Read) -> tuple[int, int]:
    return shelves.waiting(read, "queue"), shelves.waiting(read, "more")
