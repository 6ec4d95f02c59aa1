"""One simulated person: comes, browses, lingers, fills a cart, talks and leaves; and remembers.

What a person decides is drawn from the seed; only what the hub answers is not. Everything goes through their browser, and so
through the hub's public socket.
"""

import random
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

import msgspec

from hub.demo import catalogue
from hub.demo.accounts import Account
from hub.demo.browser import Browser
from hub.demo.dialogue import Dialogue
from hub.demo.personas import Memory, persona
from hub.demo.titles import title
from hub.wire.common import CartLine

PATIENCE = 240.0
"""Seconds somebody who asked waits on that page for an answer before going on."""
STEP = 5.0
"""Seconds between two beats."""
BUYS = 0.3
FORGETS_TAB = 0.12


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """What simulated people need to know of the world. `pace` multiplies every second they take."""

    hub: str
    """The hub's socket, such as ws://127.0.0.1:8000/visitor."""
    shop: str
    """The shop's origin, such as http://127.0.0.1:8001."""
    sign: Callable[[Account], str]
    """The shop's server, vouching for somebody who is logged in."""
    seed: int = 1
    pace: float = 1.0


class Person:
    """A person and their browser. `visit` is one stay on the site."""

    def __init__(self, town: Town, number: int, memory: Memory | None = None) -> None:
        self.who = persona(number)
        self.memory = memory or Memory()
        self.away_until = 0.0
        self._town = town
        self._random = random.Random(f"{town.seed} {number}")
        self._signed: str | None = None
        self._page = ""
        # An address of their own, as real visitors have: they use up nobody else's rate limit.
        self.browser = Browser(
            town.hub,
            town.shop,
            address=f"127.1.{number // 250 % 250}.{number % 250 + 1}",
            language=self.who.language,
            zone=self.who.zone,
        )
        self.browser.token = self.memory.token
        self._dialogue = Dialogue(self.who, self.memory, self.browser, self._random, town.pace)

    async def visit(self) -> None:
        """From the first page to the last. Raises Cut when the hub goes away."""
        asks = self._dialogue.wants_to_ask()
        self._page = "" if self.memory.token else self.who.referrer
        # A returning customer is still logged in; a new one logs in on the account page.
        self._log_in(already=self.memory.token is not None or "/account" not in self.who.path)
        try:
            for path in self._walk(asks):
                await self._go(path)
                await self._read(path)
                if asks and path == self.who.asks_on:
                    asks = False
                    await self._dialogue.ask()
                    await self._wait_for_answers()
        finally:
            self.memory.token = self.browser.token
            await self.browser.leave()

    def _walk(self, asks: bool) -> Iterator[str]:
        """The pages of this stay: the person's own way, sometimes cut short, sometimes with a look back."""
        path = list(self.who.path)
        if not asks:
            path = path[: self._random.randint(2, len(path))]
        if self._random.random() < 0.4:
            path.append(self._random.choice(path))
        yield from path

    async def _go(self, path: str) -> None:
        address = urljoin(self._town.shop, path)
        await self.browser.open(address, title(path), self._page)
        self._page = address
        if self._signed is not None:
            await self.browser.identify(self._signed)
        await self._tell(path)

    async def _tell(self, path: str) -> None:
        """What the shop's own script would tell of this page."""
        parts = urlsplit(path)
        piece = catalogue.BY_SLUG.get(parts.path.removeprefix("/product/"))
        if piece is not None:
            await self.browser.track("product", sku=piece.slug, name=piece.name, price=piece.price)
        elif parts.path == "/search":
            query = parse_qs(parts.query).get("q", [""])[0]
            await self.browser.track("search", query=query, results=len(catalogue.search(query)))
        elif parts.path.startswith("/checkout"):
            await self.browser.track("checkout", step=1 + (parts.path == "/checkout/delivery"))

    async def _read(self, path: str) -> None:
        """Mostly for a few seconds, now and then for long, and sometimes in a forgotten tab."""
        await self._linger(min(110.0, max(4.0, self._random.lognormvariate(2.5, 0.7))))
        await self._buy(path)
        if path == "/account":
            self._log_in(already=True)
            if self._signed is not None:
                await self.browser.identify(self._signed)
        if self._random.random() < FORGETS_TAB:
            await self._linger(self._random.uniform(20, 60), attentive=False)

    async def _linger(self, seconds: float, *, attentive: bool = True) -> None:
        """Stay on the page and react when the other side says something."""
        scroll = 0
        while seconds > 0:
            step = min(STEP, seconds)
            seconds -= step
            scroll = min(100, scroll + self._random.randint(0, 30)) if attentive else scroll
            await self.browser.stay(step * self._town.pace, attentive=attentive, scroll=scroll)
            await self._dialogue.react()
            if self.browser.pushes:
                await self._follow(*self.browser.pushes.popleft())
                scroll = 0

    async def _wait_for_answers(self) -> None:
        waited = 0.0
        while self._dialogue.open and waited < PATIENCE:
            heard = len(self.browser.replies)
            await self._linger(STEP)
            waited = 0.0 if heard else waited + STEP
        await self._linger(self._random.uniform(8, 16))

    async def _follow(self, seq: int, url: str) -> None:
        """Go where an operator pointed."""
        await self.browser.follow(seq)
        await self._go(url.removeprefix(self._town.shop) or "/")

    async def _buy(self, path: str) -> None:
        piece = catalogue.BY_SLUG.get(path.removeprefix("/product/"))
        likely = 1.0 if "/cart" in self.who.path else BUYS
        if piece is None or self._random.random() > likely or piece.slug in self.memory.cart:
            return
        self.memory.cart[piece.slug] = self._random.choice((1, 1, 2))
        pieces = ((catalogue.BY_SLUG[slug], count) for slug, count in self.memory.cart.items())
        await self.browser.put_cart(
            [
                CartLine(
                    name=p.name,
                    price=p.price,
                    quantity=n,
                    sku=p.slug,
                    url=f"{self._town.shop}/product/{p.slug}",
                )
                for p, n in pieces
            ]
        )

    def _log_in(self, *, already: bool) -> None:
        """Get a token from the shop's server; it is good for the whole visit."""
        self._signed = self._town.sign(self.who.account) if already and self.who.account is not None else None
