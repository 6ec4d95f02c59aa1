"""Real libraries against a running hub: nothing here knows how they speak, only what should be in the record afterwards.

The hub listens on a real port behind `Faults`, which answers as a struggling server would: 500 after the events were stored, or 429
before. Node's libraries come from tests/node_modules; where they are missing, the tests are skipped with the command that installs them.
"""

import asyncio
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from hub.app import Hub
from hub.config import parse
from hub.registry import Registry
from hub.web.pages import Pages

HERE = Path(__file__).resolve().parent
MODULES = HERE.parent / "node_modules"
WRITE, SERVER = "wk_public_0001", "sk-a-secret-of-the-server"
TOML = """
[hub]
data = "{data}"
public_url = "{url}"
synchronous = "normal"
[sites.shop]
name = "Shop"
origins = ["{shop}"]
[channels.tracking]
site = "shop"
write_key = "{write}"
server_key = "env:SERVER"
"""


class Faults:
    """The hub behind a list of faults, one for each POST: `stored` (the hub takes it, the sender hears 500), `busy` (429)."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.plan: list[str] = []
        self.met: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        fault = self.plan.pop(0) if self.plan else "none"
        self.met.append(fault)
        if fault == "none":
            await self.app(scope, receive, send)
            return
        answers: list[Any] = []
        if fault == "stored":
            await self.app(scope, receive, collected(answers))
            assert answers[0]["status"] == 200
        allowed = [pair for pair in answers[0]["headers"] if b"access-control" in pair[0]] if answers else []
        status, more = (500, []) if fault == "stored" else (429, [(b"retry-after", b"1")])
        headers = [*allowed, *more, (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def collected(into: list[Any]) -> Any:
    async def send(message: Any) -> None:
        into.append(message)

    return send


async def listen(app: Any, port: int = 0) -> tuple[uvicorn.Server, asyncio.Task[None], int]:
    """Serve an application on loopback; returns once it listens."""
    listening = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    task = asyncio.get_running_loop().create_task(server.serve(sockets=[listening]))
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    return server, task, listening.getsockname()[1]


class Collector:
    """The running hub, and its record."""

    def __init__(self, hub: Hub, faults: Faults, url: str) -> None:
        self.hub, self.faults, self.url = hub, faults, url

    async def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        return await self.hub.store.read(lambda read: read.all(sql, params))

    async def one(self, sql: str, *params: Any) -> Any:
        (row,) = await self.rows(sql, *params)
        return row[0] if len(row) == 1 else row

    async def claims(self) -> set[tuple[str, str, str]]:
        return set(
            await self.rows("SELECT kind, value, level FROM claim WHERE kind NOT IN ('session', 'device')")
        )

    async def until(self, sql: str, expected: Any, seconds: float = 20.0) -> None:
        """Wait until a query's one value is as expected."""
        end = time.monotonic() + seconds
        while (found := await self.one(sql)) != expected:
            assert time.monotonic() < end, f"{sql}: expected {expected}, found {found}; met {self.faults.met}"
            await asyncio.sleep(0.05)

    async def taken(self, posts: int, seconds: float = 30.0) -> None:
        """Wait until so many requests have been let through: every faulty one has been sent again."""
        async with asyncio.timeout(seconds):
            while self.faults.met.count("none") < posts:
                await asyncio.sleep(0.05)

    async def run(self, *command: str, seconds: float = 60.0) -> None:
        """Run a program that uses a library; it must end well."""
        child = await asyncio.create_subprocess_exec(
            *command, cwd=HERE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        async with asyncio.timeout(seconds):
            said, _ = await child.communicate()
        assert child.returncode == 0, said.decode()

    async def python(self, script: str, key: str) -> None:
        await self.run(sys.executable, script, self.url, key)

    async def node(self, script: str, key: str) -> None:
        await self.run(node(), script, self.url, key)


def node() -> str:
    """Node, where it and the libraries are there."""
    found = shutil.which("node")
    if found is None or not (MODULES / "@segment").is_dir():
        pytest.skip("no libraries to test with: install Node and run `npm ci` in tests/")
    return found


@pytest.fixture
def shop_port() -> int:
    """Where a page of the shop may be served."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
async def collector(tmp_path: Path, shop_port: int) -> AsyncIterator[Collector]:
    (tmp_path / "manifest.json").write_text("{}")
    registry = Registry()
    registry.load()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    text = TOML.format(data=tmp_path / "data", url=url, shop=f"http://127.0.0.1:{shop_port}", write=WRITE)
    hub = Hub(
        parse(text, registry.settings_types, environ={"SERVER": SERVER}, strict=True),
        registry,
        pages=Pages(tmp_path),
    )
    await hub.start()
    faults = Faults(hub)
    server, task, _ = await listen(faults, port)
    yield Collector(hub, faults, url)
    server.should_exit = True
    await task
    await hub.stop()
