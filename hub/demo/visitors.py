"""Simulated visitors: they come, browse, linger, ask, wait for an answer, thank, leave and come back.

So many are on the site at any time; whoever leaves is away for a while and another takes the place. What each of them decides
is drawn from the seed; only the hub's answers are not. Each comes from a loopback address of its own, as real ones do, so that
they use up nobody else's rate limit.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import msgspec

from hub.demo.accounts import Account
from hub.demo.browser import Browser, Cut
from hub.demo.personas import Persona, persona
from hub.demo.titles import title

log = logging.getLogger("hub.demo")

AWAY = (90.0, 600.0)
"""Seconds until somebody who left may come back."""
PATIENCE = 240.0
"""Seconds somebody who asked waits for an answer before going on."""
MOST_PEOPLE = 12
"""How many different people there are for each place on the site."""


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """What simulated visitors need to know of the world. `pace` multiplies every second they take."""

    hub: str
    """The hub's socket address, such as ws://127.0.0.1:8000/visitor."""
    shop: str
    """The shop's origin, such as http://127.0.0.1:8001."""
    sign: Callable[[Account], str]
    """The shop's server, vouching for somebody who is logged in."""
    seed: int = 1
    pace: float = 1.0


class Person:
    """One simulated visitor with a browser of their own."""

    def __init__(self, town: Town, number: int, token: str | None = None) -> None:
        self.who: Persona = persona(number)
        self.away_until = 0.0
        self._town = town
        self._random = random.Random(f"{town.seed} {number}")
        self._asked = False
        self.browser = Browser(
            town.hub,
            town.shop,
            address=f"127.1.{number // 250 % 250}.{number % 250 + 1}",
            language=self.who.language,
            zone=self.who.zone,
        )
        self.browser.token = token

    async def visit(self) -> None:
        """One stay on the site, from the first page to the last. Raises Cut when the hub goes away."""
        referrer = self.who.referrer
        try:
            for address in self._walk():
                await self._look(address, referrer)
                referrer = ""
                if address == self.who.asks_on and not self._asked:
                    await self._converse()
        finally:
            await self.browser.leave()

    def _walk(self) -> Iterator[str]:
        """The pages of this stay: the person's own way, sometimes cut short, sometimes with a look back."""
        path = list(self.who.path)
        if not self.who.asks_on or self._asked:
            path = path[: self._random.randint(2, len(path))] if len(path) > 2 else path
        if self._random.random() < 0.4:
            path.append(self._random.choice(path))
        yield from path

    async def _look(self, address: str, referrer: str) -> None:
        await self.browser.open(urljoin(self._town.shop, address), title(address), referrer)
        if self.who.account is not None:
            await self.browser.identify(self._town.sign(self.who.account))
        await self.browser.stay(self._dwell() * self._town.pace, beat=5.0 * self._town.pace)

    def _dwell(self) -> float:
        """Seconds on a page: mostly a few, now and then a long look."""
        return min(120.0, max(4.0, self._random.lognormvariate(2.6, 0.7)))

    async def _converse(self) -> None:
        self._asked = True
        pace = self._town.pace
        question, *answers = self.who.says
        await self.browser.say(question, 0.0, self.who.name, self.who.email)
        for answer in answers:
            if not await self._replied(PATIENCE * pace):
                return
            await self.browser.stay(self._random.uniform(2, 5) * pace)
            await self.browser.say(answer, min(8.0, len(answer) / 12) * pace)
        await self.browser.stay(self._random.uniform(6, 15) * pace)

    async def _replied(self, seconds: float) -> bool:
        """Stay until the other side has said something; False when patience ran out."""
        replies = self.browser.replies
        step = 5.0 * self._town.pace
        waited = 0.0
        while replies.empty() and waited < seconds:
            await self.browser.stay(step, beat=step)
            waited += step
        said = not replies.empty()
        while not replies.empty():
            replies.get_nowait()
        return said


class Crowd:
    """So many simulated visitors at a time. `keep` is told what their browsers remember, whenever one has left."""

    def __init__(
        self, town: Town, count: int, tokens: dict[str, str], keep: Callable[[dict[str, str]], None]
    ) -> None:
        self._town, self._count = town, count
        self._tokens, self._keep = dict(tokens), keep
        self._random = random.Random(town.seed)
        self._away: list[Person] = []
        self._met = 0

    async def run(self) -> None:
        """Be there until cancelled."""
        async with asyncio.TaskGroup() as group:
            for place in range(self._count):
                group.create_task(self._place(place))

    async def _place(self, place: int) -> None:
        """One place on the site, taken by one person after the other."""
        # They do not all come at once, and each next one leaves more time.
        await asyncio.sleep(min(0.4 * place * place, 6.0 * place) * self._town.pace)
        while True:
            person = self._next()
            try:
                await person.visit()
            except Cut as error:
                log.debug("%s lost the hub: %s", person.who.key, error)
                await asyncio.sleep(self._random.uniform(1, 5))
            self._left(person)
            await asyncio.sleep(self._random.uniform(2, 12) * self._town.pace)

    def _next(self) -> Person:
        """Whoever has been away long enough; else somebody new; else whoever is due first."""
        now = asyncio.get_running_loop().time()
        due = min(self._away, key=lambda person: person.away_until, default=None)
        if due is not None and (due.away_until <= now or self._met >= self._count * MOST_PEOPLE):
            self._away.remove(due)
            return due
        self._met += 1
        number = self._met - 1
        return Person(self._town, number, self._tokens.get(persona(number).key))

    def _left(self, person: Person) -> None:
        now = asyncio.get_running_loop().time()
        person.away_until = now + self._random.uniform(*AWAY) * self._town.pace
        self._away.append(person)
        if person.browser.token is not None:
            self._tokens[person.who.key] = person.browser.token
            self._keep(self._tokens)
