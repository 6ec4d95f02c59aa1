"""A real hub on a free port in the test's own event loop, with a clock that can be moved, and people to use it.

Two sites with a queue and a team each: `shop` (queue main, operator ann) and `book` (queue books, operator bob); `boss` is the
admin. Passwords are their logins.
"""

import asyncio
import json
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub.actions import people
from hub.app import Hub
from hub.cli.serving import Server
from hub.config import parse
from hub.registry import Registry
from hub.web.limits import Limits
from hub.web.pages import Pages
from tests.web.lines import PollLine, SocketLine
from tests.web.people import PATIENCE, Page, Tab

KEYS = {
    "SHOP_KEY": "a key of the shop that nobody else has",
    "SHOP_NEXT_KEY": "the key the shop will use from tomorrow",
    "BOOK_KEY": "the only key of the book shop, long enough",
}
TOML = """
[hub]
data = "{data}"
public_url = "{url}"
synchronous = "normal"
outbound_networks = {networks}

[sites.shop]
name = "Shop"
origins = ["http://shop.test", "http://www.shop.test:8080"]
identity_keys = ["env:SHOP_KEY", "env:SHOP_NEXT_KEY"]

[sites.book]
name = "Book"
origins = ["http://book.test"]
identity_keys = ["env:BOOK_KEY"]
queue = "books"

[sites.bare]
name = "Bare"
origins = ["http://bare.test"]

[channels.text]
[channels.bell]
"""
PLUGINS = {
    "post": """
import hub


class Post(hub.Channel):
    kind = "post"
    capabilities = hub.Capabilities(addresses="email", subjects=True)
    sent = []

    async def deliver(self, message, context):
        self.sent.append(message)
        return hub.Receipt(external_id=message.id)


@hub.hookimpl
def hub_register_channels(register):
    Post.sent.clear()
    register(Post)
""",
    "bell": """
import hub


class BellChannel(hub.Channel):
    kind = "bell"
    capabilities = hub.Capabilities(max_length=160)

    async def deliver(self, message, context):
        return hub.Receipt(external_id=message.id)


class Bell(hub.PageFeature):
    name = "bell"
    channel = "bell"
    frames = ("bell.ring", "bell.rang")

    async def offer(self, visit, context):
        return hub.Offer(label="Ring")

    async def on_frame(self, frame, visitor, context):
        await context.to_visitor(visitor, hub.Frame(name="bell.rang", data=dict(frame.data)))


@hub.hookimpl
def hub_register_channels(register):
    register(BellChannel)


@hub.hookimpl
def hub_register_page_features(register):
    register(Bell)
""",
    # Speaks only where a hub.toml has a connection for it.
    "voice": """
import hub


class Voice(hub.Channel):
    kind = "voice"
    weighs = "call"


class Call(hub.PageFeature):
    name = "voice"

    async def offer(self, visit, context):
        return hub.Offer(label="Call us")


@hub.hookimpl
def hub_register_channels(register):
    register(Voice)


@hub.hookimpl
def hub_register_page_features(register):
    register(Call)
""",
}


class Clock:
    """The present, and what was added; microseconds, or seconds for the steady one."""

    def __init__(self) -> None:
        self.ahead = self.jumped = 0.0

    def __call__(self) -> int:
        return time.time_ns() // 1000 + int((self.ahead + self.jumped) * 1_000_000)

    def steady(self) -> float:
        return time.monotonic() + self.ahead

    def jump(self, seconds: float) -> None:
        """The clock on the wall moves and the steady one does not, as when the machine slept or its clock was set."""
        self.jumped += seconds

    def move(self, seconds: float = 0.0, *, minutes: float = 0.0, hours: float = 0.0) -> None:
        self.ahead += seconds + minutes * 60 + hours * 3600


class CheapHasher:
    """Passwords as they are, and how often it was asked. `gate` can hold it up to see how many are at it."""

    def __init__(self) -> None:
        self.calls = 0
        self.busy = self.most = 0
        self.slow = 0.0

    def hash(self, password: str) -> str:
        self._work()
        return f"plain:{password}"

    def verify(self, known: str, password: str) -> bool:
        self._work()
        return known == f"plain:{password}"

    def check_needs_rehash(self, known: str) -> bool:
        return known.startswith("old:")

    def _work(self) -> None:
        self.calls += 1
        self.busy += 1
        self.most = max(self.most, self.busy)
        time.sleep(self.slow)
        self.busy -= 1


class World:
    """One hub and its people."""

    def __init__(self, data: Path, static: Path, *, limited: bool, more: str = "") -> None:
        self.clock, self.hasher = Clock(), CheapHasher()
        self._socket = socket.create_server(("127.0.0.1", 0))
        # asyncio does not see that this is TCP, and two small writes would wait 40 ms for each other.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A reader that does not read is found out before the kernel has taken megabytes for it.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        self.url = f"http://localhost:{self._socket.getsockname()[1]}"
        self._base = self.url.replace("localhost", "127.0.0.1")
        self.data, self.static, self.limited, self.more = data, static, limited, more
        self.parties: list[Any] = []
        self.networks: list[str] = []
        """Inner networks that the hub may reach."""
        self.stopped = False
        self.operators: dict[str, bytes] = {}
        self.queues: dict[str, str] = {}
        self.hub: Hub
        self.http: httpx2.AsyncClient

    async def start(self) -> None:
        registry = Registry(paths=[])
        for name, source in PLUGINS.items():
            (self.data / f"{name}.py").write_text(source)
        text = Path(__file__).parents[2] / "plugins" / "hub_text" / "__init__.py"
        (self.data / "hub_text.py").write_text(text.read_text())
        registry.load([self.data / "hub_text.py", *(self.data / f"{name}.py" for name in PLUGINS)])
        config = parse(
            TOML.format(data=self.data, url=self.url, networks=self.networks) + self.more,
            registry.settings_types,
            folder=self.data,
            environ=KEYS,
        )
        self.hub = Hub(
            config, registry, clock=self.clock, monotonic=self.clock.steady, hasher=self.hasher, pages=Pages(self.static),
            limits=Limits(self.clock.steady) if self.limited else Unlimited(self.clock.steady),
        )  # fmt: skip
        await self.hub.start()
        await self._hire()
        self._server = Server(self.hub, [self._socket], self.hub.hall.close)
        self._server.config.load()
        self._server.lifespan = self._server.config.lifespan_class(self._server.config)
        await self._server.startup([self._socket])
        self.http = httpx2.AsyncClient(base_url=self._base, verify=False, timeout=60.0, trust_env=False)

    async def _hire(self) -> None:
        if not await self.hub.store.read(people.every):
            for login, role, queues in (
                ("boss", "admin", []),
                ("ann", "operator", ["main"]),
                ("bob", "operator", ["books"]),
            ):
                await self.hire(login, role, queues)
        self.operators = {o.login: o.id for o in await self.hub.store.read(people.every)}
        self.queues = {name: queue.hex() for queue, name in await self.hub.store.read(people.queues)}

    async def hire(self, login: str, role: str = "operator", queues: list[str] | None = None) -> bytes:
        who = await self.hub.store.write(
            people.add,
            login=login,
            name=login.title(),
            password_hash=f"plain:{login}",
            role=role,
            queues=queues or [],
        )
        self.operators[login] = who
        return who

    async def stop(self) -> None:
        if self.stopped:
            return
        self.stopped = True
        for party in self.parties:
            if party.line is not None and party.line.closed is None:
                await party.line.cut()
        await self.http.aclose()
        await self.hub.hall.close()
        await self.until(lambda: not self._server.server_state.connections)
        await self._server.shutdown([self._socket])
        await self.hub.stop()

    def origin(self, site: str) -> str:
        return f"http://{site}.test"

    async def dial(self, wire: str, path: str, headers: dict[str, str]) -> SocketLine | PollLine:
        headers = {"host": self.url.removeprefix("http://"), **headers}
        if wire == "socket":
            return await SocketLine.dial(self._base, path, headers)
        return await PollLine.dial(self._base, path, headers, self.http)

    async def sign_in(self, login: str) -> str:
        """A session's cookie, without the door in between: signing in has tests of its own."""
        secret = f"CANARY-secret-of-{login}-{secrets.token_hex(4)}"
        await self.hub.store.write(people.sign_in, self.operators[login], secret)
        return f"__Host-hub={secret}"

    async def ask(
        self, method: str, path: str, *, cookie: str = "", body: object = None, **headers: str
    ) -> httpx2.Response:
        """A request as the console's own page makes it; a header given as "" is left out."""
        sent = {"host": self.url.removeprefix("http://"), "cookie": cookie}
        if method != "GET":
            sent |= {"origin": self.url, "sec-fetch-site": "same-origin", "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else httpx2.Request("POST", "http://x", json=body).content
        return await self.http.request(
            method, path, content=content if body is not None else None,
            headers={name: value for name, value in sent.items() if value},
        )  # fmt: skip

    async def sql(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        return await self.hub.store.read(lambda read: read.all(sql, params))

    async def silence(self, *alive: Any) -> None:
        """So long that whoever says nothing is let go; those who are `alive` speak meanwhile."""
        for _ in range(10):
            for _ in range(5):
                self.hub.hall.wheel.turn()
            await asyncio.gather(*(one.settled() for one in alive))

    async def until(self, fact: Callable[[], Any], seconds: float = PATIENCE) -> Any:
        """Wait for a fact inside the hub, looking each time its loop has turned."""
        async with asyncio.timeout(seconds):
            while not (found := fact()):
                await asyncio.sleep(0.002)
            return found


class Unlimited(Limits):
    """Where rates are not what is tested."""

    def draw(self, bucket: Any, rate: Any) -> tuple[float, Any]:
        return 0.0, bucket or (0.0, 0.0)

    def room(self, held: int) -> bool:
        return True


@pytest.fixture(scope="session")
def static(tmp_path_factory) -> Path:
    """A console and a widget of three lines: what browsers load is tested with them."""
    folder = tmp_path_factory.mktemp("static")
    names = {
        f"{name}.{kind}": f"{name}.AAAA.{kind}" for name in ("console", "preview") for kind in ("js", "css")
    }
    names |= {name: name for name in ("widget.js", "console-sw.js")}
    (folder / "manifest.json").write_text(json.dumps(names))
    for name in names.values():
        (folder / name).write_text(f"/* {name} */")
    return folder


@pytest.fixture
async def open_world(tmp_path: Path, static: Path) -> AsyncIterator[Callable[..., Any]]:
    """`await open_world()`; with `limited=True` the rate limits are the real ones, `more` is added to hub.toml."""
    worlds: list[World] = []

    async def start(*, limited: bool = False, more: str = "", networks: list[str] | None = None) -> World:
        world = World(tmp_path, static, limited=limited, more=more)
        world.networks = networks or []
        await world.start()
        worlds.append(world)
        return world

    yield start
    for world in worlds:
        await world.stop()


@pytest.fixture
async def world(open_world) -> World:
    return await open_world()


@pytest.fixture(params=["socket", "poll"])
def wire(request) -> str:
    """Both ways to the hub: whatever asks for it runs twice."""
    return request.param


@pytest.fixture
def page_of(world, wire):
    """`await page_of(site)`: a page that was welcomed; with a token, the same browser again."""

    async def come(site: str = "shop", token: str | None = None, **hello: object) -> Page:
        page = Page(world, wire, site, token)
        world.parties.append(page)
        return await page.come(**hello)

    return come


@pytest.fixture
def tab_of(world, wire):
    """`await tab_of(login)`: a console that was welcomed."""

    async def come(login: str, cookie: str | None = None) -> Tab:
        tab = Tab(world, wire, cookie or await world.sign_in(login))
        world.parties.append(tab)
        return await tab.come()

    return come
