"""The crowd: so many simulated people on the site at any time.

Whoever leaves is away for a while and somebody else takes the place: first new faces, later those who come back. At most
`MOST_PEOPLE` different ones for each place, so that a demo left running over night stays small.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping

from hub.demo.browser import Cut
from hub.demo.person import Person, Town
from hub.demo.personas import Memory, persona

__all__ = ["Crowd", "Memory", "Town"]

log = logging.getLogger("hub.demo")

AWAY = (90.0, 600.0)
"""Seconds until somebody who left may come back."""
MOST_PEOPLE = 12


class Crowd:
    """`keep` is told what everybody remembers whenever one has left, so that they return in the next run."""

    def __init__(
        self,
        town: Town,
        count: int,
        memories: Mapping[str, Memory],
        keep: Callable[[Mapping[str, Memory]], None],
    ) -> None:
        self._town, self._count, self._keep = town, count, keep
        self._memories = dict(memories)
        self._random = random.Random(town.seed)
        self._away: list[Person] = []
        self._met = 0

    async def run(self) -> None:
        """Be there until cancelled."""
        async with asyncio.TaskGroup() as group:
            for place in range(self._count):
                group.create_task(self._fill(place))

    async def _fill(self, place: int) -> None:
        """Keep one place on the site taken, by one person after the other."""
        # They do not all come at once: the first now, the fifth after some seven seconds, the fiftieth in the second minute.
        await asyncio.sleep(min(0.4 * place * place, 1.8 * place) * self._town.pace)
        while True:
            person = self._next()
            try:
                await person.visit()
            except Cut as error:
                log.debug("%s lost the hub: %s", person.who.key, error)
                await asyncio.sleep(self._random.uniform(1, 5))
            except Exception:  # a mistake of ours costs one visitor, not the demo
                log.exception("the simulated visitor %s broke", person.who.key)
                await asyncio.sleep(30)
            finally:
                self._left(person)  # also when the demo ends: then they return in the next run
            await asyncio.sleep(self._random.uniform(2, 12) * self._town.pace)

    def _next(self) -> Person:
        """Whoever has been away long enough; else somebody new; else whoever is due first."""
        now = asyncio.get_running_loop().time()
        due = min(self._away, key=lambda person: person.away_until, default=None)
        if due is not None and (due.away_until <= now or self._met >= self._count * MOST_PEOPLE):
            self._away.remove(due)
            return due
        number, self._met = self._met, self._met + 1
        return Person(self._town, number, self._memories.get(persona(number).key))

    def _left(self, person: Person) -> None:
        now = asyncio.get_running_loop().time()
        person.away_until = now + self._random.uniform(*AWAY) * self._town.pace
        self._away.append(person)
        self._memories[person.who.key] = person.memory
        self._keep(self._memories)
