"""A whole hub around one channel, in a folder of its own: what the suite puts it on.

The real store, runners, identity and outbox, on a real port; only time can be moved on, so that nobody waits for a retry.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeVar

import uvicorn

from hub import media, outbox
from hub.actions import people, serve
from hub.app import Hub
from hub.config import parse
from hub.contract import Channel
from hub.registry import Registry
from hub.store import Read, Tx
from hub.testing.peer import Peer

T = TypeVar("T")
NAME = "bench"
PATIENCE = 15.0
"""Seconds until what must happen has happened."""
SITE = "shop"
ORIGIN = "http://shop.test"

PLUGIN = """import hub
import {module} as its_own

@hub.hookimpl
def hub_register_channels(register):
    register(its_own.{name})

@hub.hookimpl
def hub_register_page_features(register):
    if hasattr(its_own, "hub_register_page_features"):
        its_own.hub_register_page_features(register)
"""
SQL_SAID = """
SELECT m.conversation, m.text, m.data, t.occurred_at FROM message m JOIN conversation c ON c.id = m.conversation
JOIN touchpoint t ON t.id = c.anchor WHERE m.author = 'visitor' AND m.kind <> 'system' ORDER BY m.at, m.seq"""
SQL_LEAVING = "SELECT state, why, attempts, doubts FROM outbox WHERE kind = 'message' ORDER BY id"
SQL_STATES = """
SELECT CASE WHEN m.leaves THEN (SELECT x.state FROM outbox x WHERE x.item = m.id ORDER BY x.id DESC LIMIT 1)
WHEN l.read >= m.leg_seq THEN 'read' WHEN l.delivered >= m.leg_seq THEN 'delivered' ELSE 'sent' END
FROM message m JOIN leg l ON l.id = m.leg WHERE m.author = 'operator' ORDER BY m.at, m.seq"""
SQL_WHYS = "SELECT why FROM outbox UNION ALL SELECT why FROM aside"


class Lines(logging.Handler):
    """Every line of the log, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(self.format(record))


class Bench:
    """`async with Bench(Acme, peer) as bench`: a hub whose one connection `bench` speaks with the peer."""

    def __init__(self, channel: type[Channel], peer: Peer) -> None:
        self.channel, self.peer = channel, peer
        self.folder = Path(tempfile.mkdtemp(prefix="hub-bench-"))
        self.lines = Lines()
        self.ahead = 0.0
        self.operator = b""
        self._count = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.hub: Hub
        self._server: uvicorn.Server
        self._serving: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        logger = logging.getLogger("hub")
        self._level = logger.level
        logger.addHandler(self.lines)
        logger.setLevel(logging.DEBUG)
        await self.peer.open(self.url)
        await self.start()
        self.operator = await self.hub.store.write(
            people.add,
            login="bench",
            name="Bench",
            password_hash="",
            role="admin",
            queues=["main"],
            capacity=500,
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        try:
            await self.stop()
            await self.peer.close()
        finally:
            self._socket.close()
            logger = logging.getLogger("hub")
            logger.removeHandler(self.lines)
            logger.setLevel(self._level)
            await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    async def start(self) -> None:
        """Begin, or begin anew on the same database, as after a restart."""
        plugin = self.folder / "plugin_under_test.py"
        plugin.write_text(PLUGIN.format(module=self.channel.__module__, name=self.channel.__qualname__))
        registry = Registry(paths=[])
        registry.load([plugin], strict=True)
        config = parse(self._toml(), registry.settings_types, folder=self.folder)
        self.hub = Hub(config, registry, clock=self.now)
        await self.hub.start()
        options = uvicorn.Config(self.hub, lifespan="off", log_config=None, ws="websockets-sansio")
        self._server = uvicorn.Server(options)
        serving = self._server.serve(sockets=[self._socket.dup()])
        self._serving = asyncio.get_running_loop().create_task(serving)
        while not self._server.started:  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """As SIGTERM does."""
        await self.hub.hall.close()
        self._server.should_exit = True
        await self._serving
        await self.hub.stop()

    async def restart(self) -> None:
        """End in the middle of whatever goes on, and begin anew."""
        await self.stop()
        await self.start()

    def now(self) -> int:
        """The hub's time, UTC microseconds."""
        return time.time_ns() // 1000 + int(self.ahead * 1e6)

    def later(self, seconds: float) -> None:
        """So much time has passed, and what is due by then is looked at."""
        self.ahead += seconds
        self.hub.runners.wake(NAME)

    async def again(self) -> None:
        """An operator has seen to the connection and has it try again."""
        if self.hub.runners.reconnect(NAME):
            await self.hub.store.write(outbox.hasten, NAME)

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database says."""

        def all_of(read: Read) -> list[tuple[Any, ...]]:
            return read.all(sql)

        return await self.hub.store.read(all_of)

    async def texts(self) -> list[str]:
        """What customers have said, as the hub keeps it."""
        return [row[1] for row in await self.rows(SQL_SAID)]

    async def answer(self, text: str, files: Mapping[str, bytes] | None = None) -> None:
        """An operator answers in the latest conversation, with these files: name → bytes."""
        self._count += 1
        talk = (await self.rows(SQL_SAID))[-1][0]
        ids = [await self._uploaded(name, body) for name, body in (files or {}).items()]
        await self.hub.store.write(serve.reply, self.operator, talk, f"bench-{self._count:08}", text, ids)

    async def _uploaded(self, name: str, body: bytes) -> str:
        kept = await self.hub.hall.files.take(body, name)

        def keep(tx: Tx) -> bytes:
            return media.keep(tx, kept, operator=self.operator)

        return (await self.hub.store.write(keep)).hex()

    async def states(self) -> list[str]:
        """How far each answer has come, in the order of the answers."""
        return [row[0] for row in await self.rows(SQL_STATES)]

    async def until(self, fact: Callable[[], Awaitable[T]], what: str) -> T:
        """Wait until `await fact()` is true; AssertionError with `what` should have been, when it never is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not (found := await fact()):  # noqa: ASYNC110  # the fact may be on the other side, which tells nobody
                    await asyncio.sleep(0.02)
                return found
        raise AssertionError(f"{what}; {await self.told()}")

    async def settled(self, seconds: float = 0.6) -> None:
        """Time for what must not happen."""
        await asyncio.sleep(seconds)

    async def told(self) -> str:
        """What the hub knows of the connection: for whoever reads a failure."""
        health = next((str(it) for it in self.hub.runners.health if it.name == NAME), "no health")
        last = " | ".join(self.lines.text[-5:])
        return f"texts {[one[:40] for one in await self.texts()]}, outbox {await self.rows(SQL_LEAVING)}, {health}, log {last}"

    async def said_anywhere(self) -> str:
        """Everything the hub or the channel has put into words: log, health, reasons."""
        whys = [str(row[0]) for row in await self.rows(SQL_WHYS)]
        return "\n".join([*self.lines.text, *whys, *(repr(it) for it in self.hub.runners.health)])

    def _setting(self, value: object) -> str:
        """Secrets stand in a file of their own, as an owner keeps them."""
        if value not in self.peer.secrets:
            return _written(value)
        place = self.folder / f"secret-{self.peer.secrets.index(str(value))}"
        place.write_text(str(value))
        return f'"file:{place}"'

    def _toml(self) -> str:
        own = "\n".join(f"{name} = {self._setting(value)}" for name, value in self.peer.settings().items())
        return (
            f'[hub]\ndata = "data"\npublic_url = "{self.url}"\nsynchronous = "normal"\n'
            f'[sites.{SITE}]\nname = "Shop"\norigins = ["{ORIGIN}"]\n'
            f'[channels.{NAME}]\nkind = "{self.channel.kind}"\n{own}\n'
        )


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_written(one) for one in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
