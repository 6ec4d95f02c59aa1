"""A running hub with a tracking connection, and events as existing libraries post them. Its clock stands still until it is moved."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub.app import Hub
from hub.config import parse
from hub.registry import Registry
from hub.web.pages import Pages

SHOP = "https://shop.example"
NOW = 1_795_000_000_000_000
WRITE, SERVER = "wk_public_0001", "sk-a-secret-of-the-server"
TOML = """
[hub]
data = "{data}"
public_url = "http://hub.test"
[sites.shop]
name = "Shop"
origins = ["{shop}"]
region = "GB"
{site}
[channels.tracking]
site = "shop"
write_key = "{write}"
server_key = "env:SERVER"
{more}
"""


class Tracked:
    """A hub with a tracking connection, and the ways in."""

    def __init__(self, hub: Hub, clock: list[int]) -> None:
        self.hub, self._clock = hub, clock
        self.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(hub), base_url="http://hub.test")

    def later(self, seconds: float) -> None:
        self._clock[0] += int(seconds * 1e6)

    @property
    def now(self) -> int:
        return self._clock[0]

    async def post(
        self, path: str, body: Any, *, key: str | None = WRITE, content: bytes | None = None, **headers: str
    ) -> httpx2.Response:
        if key is not None:
            headers["authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(
            path, content=json.dumps(body).encode() if content is None else content, headers=named
        )

    async def batch(self, *events: dict[str, Any], key: str = WRITE, **more: Any) -> httpx2.Response:
        answer = await self.post("/v1/batch", {"batch": list(events), **more}, key=key)
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        return answer

    async def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        return await self.hub.store.read(lambda read: read.all(sql, params))

    async def one(self, sql: str, *params: Any) -> Any:
        (row,) = await self.rows(sql, *params)
        return row[0] if len(row) == 1 else row

    async def claims(self) -> set[tuple[str, str, str]]:
        return set(await self.rows("SELECT kind, value, level FROM claim WHERE kind <> 'session'"))

    async def settled(self) -> None:
        """What runs beside the answers, such as writing down what was refused, has been done."""
        while self.hub.hall._tasks:
            await asyncio.sleep(0)

    def health(self) -> tuple[str, str]:
        (health,) = [it for it in self.hub.runners.health if it.name == "tracking"]
        return health.state, health.why


@pytest.fixture
async def tracked(tmp_path: Path, static: Path) -> AsyncIterator[Callable[..., Any]]:
    """`await tracked(site=…, more=…)` → a running hub; the arguments are lines for hub.toml."""
    running: list[Tracked] = []

    async def start(site: str = "", more: str = "", data: Path = tmp_path / "data") -> Tracked:
        registry = Registry()
        registry.load()
        text = TOML.format(data=data, shop=SHOP, site=site, more=more, write=WRITE)
        config = parse(text, registry.settings_types, environ={"SERVER": SERVER}, strict=True)
        clock = [NOW if not running else running[-1].now]
        hub = Hub(config, registry, clock=lambda: clock[0], pages=Pages(static))
        await hub.start()
        running.append(Tracked(hub, clock))
        return running[-1]

    yield start
    for it in running:
        await it.client.aclose()
        await it.hub.stop()


def track(message: str, name: str = "Looked", **more: Any) -> dict[str, Any]:
    return {"type": "track", "messageId": message, "event": name, **more}


def page(message: str, url: str = f"{SHOP}/vases", **more: Any) -> dict[str, Any]:
    context = {"page": {"url": url, "title": "Vases", "referrer": "https://search.example/"}}
    return {"type": "page", "messageId": message, "anonymousId": "a-1", "context": context, **more}
