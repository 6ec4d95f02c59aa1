"""The line of those who wait, told to each of them when it moves.

A conversation that is taken or given up changes the place of everybody behind it, and none of their own rows. So queues are watched,
and shortly after something moved, who waits and has a page open is told the new place; who has kept theirs is not.
"""

import asyncio
from collections.abc import Callable

from hub.actions import people
from hub.conversations import view, waiting
from hub.store import Read, Store
from hub.wire.visitor import Talk, TalkChanged

SHORTLY = 0.5
"""Seconds that changes of a queue are gathered."""

Told = Callable[[bytes, TalkChanged], None]


class Lines:
    """Watches queues. `here` says whether a visitor has a page open, `tell` reaches it."""

    def __init__(self, store: Store, here: Callable[[bytes], bool], tell: Told) -> None:
        self._store, self._here, self._tell = store, here, tell
        self._places: dict[bytes, int | None] = {}
        self._moving: set[bytes] = set()

    async def queues(self) -> list[bytes]:
        """All queues there are to watch."""
        return [queue for queue, _ in await self._store.read(people.queues)]

    def begin(self, queue: bytes) -> bool:
        """Something happened in this queue. True when `moved` is to be run for it, False when that is under way."""
        if queue in self._moving:
            return False
        self._moving.add(queue)
        return True

    async def moved(self, queue: bytes) -> None:
        """A moment after `begin`: tell those whose place has changed."""
        try:
            await asyncio.sleep(SHORTLY)
        finally:
            self._moving.discard(queue)
        found = await self._store.read(_line, queue)
        places = {conversation: talk.position for conversation, _, talk in found}
        for conversation, visitor, talk in found:
            if self._places.get(conversation) != talk.position and self._here(visitor):
                self._tell(visitor, TalkChanged(talk=talk))
        self._places.update(places)
        if len(self._places) > 10_000:
            self._places = places


def _line(read: Read, queue: bytes) -> list[tuple[bytes, bytes, Talk]]:
    return [
        (conversation, visitor, view.both(read, conversation)[1])
        for conversation, visitor in waiting.line(read, queue)
    ]
