"""Five hundred visitors on one hub, and what a console sees of them: every change, in time, and nothing else."""

import asyncio
import json
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bench.bench_sockets import Pair
from tests.bench.load import Server, connect
from tests.bench.serving import SHOP, secret
from tests.faults.crowd import PATIENCE, Crowd

MANY = 500
MOMENT = 0.25
LOOSE = ("since", "active_before", "scroll")
"""Consoles count seconds themselves, and how far a page was seen is told in steps of ten per cent."""


class Floor:
    """A console that follows the visitors, and when it heard of each address."""

    def __init__(self) -> None:
        self.rows: dict[str, dict] = {}
        self.heard: dict[str, float] = {}
        self.n: int | None = None
        self.holes: list[int] = []
        self.news = asyncio.Event()

    async def open(self, port: int, tab: str) -> "Floor":
        headers = f"Origin: http://localhost:{port}\r\nCookie: __Host-hub={secret(0)}\r\n"
        self.line = await connect(port, "/console", headers, self._hear)
        self.line.send(json.dumps({"t": "hello", "tab": tab}).encode())
        self.line.send(json.dumps({"t": "subscribe", "topic": "visitors"}).encode())
        await self.until(lambda: self.n is not None)
        self._beat()
        return self

    def _beat(self) -> None:
        # As the console's own page does; the light client answers no pings, and whoever is silent is let go.
        self.line.send(b'{"t":"beat"}')
        self.beating = asyncio.get_running_loop().call_later(5.0, self._beat)

    def close(self) -> None:
        self.beating.cancel()
        self.line.close()

    async def until(self, fact) -> None:
        async with asyncio.timeout(PATIENCE):
            while not fact():
                self.news.clear()
                await self.news.wait()

    def _hear(self, data: bytes) -> None:
        if not data:
            self.beating.cancel()
            raise AssertionError("the hub has cut the console off")
        frame = json.loads(data)
        if frame["t"] == "snapshot":
            self.n = frame["n"]
            self.rows = {row["id"]: row for row in frame["items"]}
        elif frame["t"] == "event":
            if frame["n"] != self.n + 1:
                self.holes.append(frame["n"])
            self.n = frame["n"]
            self._put(frame["item"])
        self.news.set()

    def _put(self, item: dict) -> None:
        if item["k"] == "gone":
            self.rows.pop(item["id"], None)
        else:
            self.rows[item["id"]] = item
            self.heard.setdefault(item["url"], time.perf_counter())


async def churn(crowd: Crowd, seconds: float) -> dict[str, float]:
    """Let things happen; when each address was gone to."""
    went: dict[str, float] = {}
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        went |= dict.fromkeys(crowd.moment(), now)
        await asyncio.sleep(max(0.0, now + MOMENT - time.perf_counter()))
    return went


def exact(rows: dict[str, dict]) -> dict[str, dict]:
    return {
        key: {name: value for name, value in row.items() if name not in LOOSE} for key, row in rows.items()
    }


@pytest.fixture
def server():
    with TemporaryDirectory() as folder, Server("hub", Path(folder), 1) as server:
        yield server


@pytest.fixture
async def crowd(server):
    crowd = Crowd(server.port, "bench", SHOP)
    yield crowd
    crowd.go(len(crowd.everybody))
    await closed()


@pytest.fixture
async def floors(server):
    """`await floors()`: one more console."""
    opened: list[Floor] = []

    async def open_one() -> Floor:
        opened.append(Floor())
        return await opened[-1].open(server.port, f"tab-{len(opened):08d}")

    yield open_one
    for one in opened:
        one.close()
    await closed()


async def closed() -> None:
    """Sockets that were aborted are gone at the loop's next turns."""
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.mark.heavy
async def test_five_hundred_visitors_are_seen_as_they_are(server, crowd, floors):
    floor = await floors()
    await crowd.come(MANY)
    await floor.until(lambda: len(floor.rows) == MANY)

    went = await churn(crowd, 5)
    before = server.memory()["anonymous"]
    went |= await churn(crowd, 10)
    # An address that was left again within the moment need not be told; the last of each visitor must be.
    last = {one.url for one in crowd.everybody if one.url in went}
    await floor.until(lambda: last <= floor.heard.keys())
    waits = sorted(floor.heard[url] - at for url, at in went.items() if url in floor.heard)
    assert len(waits) > 0.9 * len(went)
    assert statistics.quantiles(waits, n=20)[-1] < 1.0, "a row that changed is told within the second"
    assert floor.holes == []

    crowd.go(100)
    await crowd.come(100)
    await floor.until(
        lambda: {row["url"] for row in floor.rows.values()} == {one.url for one in crowd.everybody}
    )
    fresh = await floors()
    await floor.until(lambda: (floor.n or 0) >= (fresh.n or 0))
    assert exact(floor.rows) == exact(fresh.rows), "an old snapshot and the changes are the new one"
    assert all(
        abs(row.get("scroll", 0) - fresh.rows[key].get("scroll", 0)) < 10 for key, row in floor.rows.items()
    )
    grown = server.memory()["anonymous"] - before
    assert grown < 32 * 1024, f"{grown} KiB more after a quarter of a minute"

    crowd.go(MANY)
    await floor.until(lambda: not floor.rows)


@pytest.mark.heavy
async def test_a_flood_of_pages_holds_up_no_chat(server, crowd):
    """Loose on purpose: what it costs is measured by the ingest benchmark."""
    pair = Pair()
    await crowd.come(200)
    await pair.open(server, 0)
    idle = await _acknowledged(pair, 100)

    async def flood() -> None:
        while True:
            crowd.moment(look=200, read=0, take=0)
            await asyncio.sleep(0.1)

    async with asyncio.TaskGroup() as group:
        flooding = group.create_task(flood())
        await asyncio.sleep(1)
        busy = await _acknowledged(pair, 100)
        flooding.cancel()
    pair.close()
    assert busy <= 10 * idle + 0.020, f"p95 {busy * 1e3:.1f} ms beside the flood, {idle * 1e3:.1f} ms without"


async def _acknowledged(pair, count: int) -> float:
    """The 95th percentile of how long an acknowledgement takes, in seconds."""
    pair.acknowledged.clear()
    for _ in range(count):
        await pair.ask()
        await asyncio.sleep(0.01)
    return statistics.quantiles(pair.acknowledged, n=20)[-1]
