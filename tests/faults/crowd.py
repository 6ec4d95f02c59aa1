"""A crowd of simulated visitors on real sockets: they come, look at pages, read, put things into carts and go.

Each is one WebSocket of the light client that the benchmarks use, so that five hundred of them leave the machine to the hub. Nothing
here measures; whoever uses the crowd asks it to do something and looks at what others see of it.
"""

import asyncio
import json
import random

from tests.bench.load import Line, connect

PATIENCE = 60.0


class Stranger:
    """One visitor with one page."""

    def __init__(self, site: str, shop: str, number: int) -> None:
        self.site, self.shop, self.number = site, shop, number
        self.url = f"{shop}/start/{number}"
        self.active = 0.0
        self.line: Line
        self._welcome: asyncio.Future[None]

    async def come(self, port: int) -> None:
        """Be welcomed."""
        self._welcome = asyncio.get_running_loop().create_future()
        self.line = await connect(port, "/visitor", f"Origin: {self.shop}\r\n", self._hear)
        self._say(t="hello", site=self.site, tab=f"tab-{self.number:08d}", language="en")
        async with asyncio.timeout(PATIENCE):
            await self._welcome
        page = {"url": self.url, "title": f"Start {self.number}", "referrer": "https://search.test/"}
        self._say(t="page", page=page)

    def look(self, n: int) -> str:
        """Go to a page nobody has been to; its address."""
        self.url, self.active = f"{self.shop}/page/{self.number}/{n}", 0.0
        self._say(t="page", page={"url": self.url, "title": f"Page {n} of visitor {self.number}"})
        return self.url

    def read(self, seconds: float) -> None:
        """Some more attention."""
        self.active += seconds
        self._say(t="beat", active=round(self.active, 1), scroll=min(100, int(self.active * 3)))

    def take(self, n: int) -> None:
        """Put something into the cart."""
        line = {"name": f"Vase {n}", "price": 34.0, "quantity": 1 + n % 3}
        self._say(t="cart", client_id=f"cart-{self.number:05d}-{n:05d}", items=[line], currency="EUR")

    def go(self) -> None:
        """Leave without a word."""
        self.line.close()

    def _say(self, **frame: object) -> None:
        self.line.send(json.dumps(frame).encode())

    def _hear(self, frame: bytes) -> None:
        if frame.startswith(b'{"t":"welcome"') and not self._welcome.done():
            self._welcome.set_result(None)
        elif not frame and not self._welcome.done():
            self._welcome.set_exception(ConnectionError("the socket ended before the welcome"))


class Crowd:
    """`everybody` is who is there now. What they do is random and the same in every run."""

    def __init__(self, port: int, site: str, shop: str) -> None:
        self.port, self.site, self.shop = port, site, shop
        self.everybody: list[Stranger] = []
        self._random = random.Random(7)
        self._met = self._n = 0

    async def come(self, count: int) -> None:
        """So many more, a few dozen at a time."""
        for begin in range(0, count, 25):
            them = [Stranger(self.site, self.shop, self._met + n) for n in range(min(25, count - begin))]
            self._met += len(them)
            await asyncio.gather(*(one.come(self.port) for one in them))
            self.everybody += them

    def go(self, count: int) -> None:
        """So many leave."""
        for _ in range(count):
            self.everybody.pop(self._random.randrange(len(self.everybody))).go()

    def moment(self, *, look: int = 25, read: int = 60, take: int = 5) -> list[str]:
        """What happens within a moment. Returns the addresses that somebody went to."""
        self._n += 1
        for one in self._random.sample(self.everybody, take):
            one.take(self._n)
        for one in self._random.sample(self.everybody, read):
            one.read(self._random.uniform(0.5, 5.0))
        return [one.look(self._n) for one in self._random.sample(self.everybody, look)]
