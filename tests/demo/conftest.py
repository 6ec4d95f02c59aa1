"""A hub and its demo shop in the test's own loop, on free ports, with a folder of their own."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hub.actions import people
from hub.app import Hub
from hub.cli.loading import load
from hub.cli.serving import Server
from hub.demo import accounts
from hub.demo.folder import Folder
from hub.demo.person import Town

SHOP = "http://127.0.0.1:9"


class Plain:
    """Passwords as they are: hashing has tests elsewhere."""

    def hash(self, password: str) -> str:
        return password

    def verify(self, known: str, password: str) -> bool:
        return known == password

    def check_needs_rehash(self, known: str) -> bool:
        return False


class Running:
    """A hub that serves, its folder, and what simulated people need to know."""

    def __init__(self, hub: Hub, folder: Folder, port: int) -> None:
        self.hub, self.folder = hub, folder
        self.town = Town(
            hub=f"ws://127.0.0.1:{port}/visitor",
            shop=SHOP,
            sign=lambda account: accounts.sign(account, folder.key),
            pace=0.01,
        )

    async def hire(self) -> bytes:
        return await self.hub.store.write(
            people.add, login="robin", name="Robin", password_hash="x", role="admin", queues=["main"]
        )

    async def sql(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        return await self.hub.store.read(lambda read: read.all(sql, params))


@asynccontextmanager
async def serving(path: Path) -> AsyncIterator[Running]:
    folder = Folder(path, fresh=False)
    bound = socket.create_server(("127.0.0.1", 0))
    port = bound.getsockname()[1]
    hub = Hub(*load(folder.configure(f"http://localhost:{port}", SHOP)), hasher=Plain())
    await hub.start()
    server = Server(hub, [bound], hub.hall.close)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([bound])
    try:
        yield Running(hub, folder, port)
    finally:
        await server.shutdown([bound])
        await hub.stop()


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with serving(tmp_path / "demo") as found:
        yield found
