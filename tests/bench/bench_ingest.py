"""What an event of the tracking API costs, and what a flood of them does to a chat.

    python -m tests.bench.bench_ingest [--rounds 5] [--seconds 2.0] [--folder /a/real/disk]

Page views come in batches of twenty, one by one, and as `page` frames of visitors' own sockets; CPU is the whole server process's, per event
stored. Then one chat sends a message every few milliseconds, with and without a flood beside it: what counts is how long its
acknowledgement takes. Rounds are interleaved; the server has a core of its own, and the flood is as fast as its connections can make it.
"""

import argparse
import asyncio
import base64
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, cast

import uvloop

from hub.cli.listening import raise_open_files
from tests.bench.bench_sockets import Pair, hello, look
from tests.bench.load import Line, Server, connect, stand_aside
from tests.bench.report import table
from tests.bench.serving import SHOP, WRITE_KEY

BATCH = 20
VIEWS = 10
"""Page views of one browser."""
EVERY = 0.010
"""Seconds between two messages of the chat."""
_NUMBERS = count()


def view() -> bytes:
    """A page view as a browser library sends it."""
    n = next(_NUMBERS)
    return (
        b'{"type":"page","messageId":"ajs-next-%012d","anonymousId":"6f1f44ce-46ac-45c4-8d26-%012d","properties":{"title":"Shoes %d",'
        b'"url":"https://shop.example/shoes/%d","path":"/shoes","referrer":"https://search.example/","search":""},"context":{"page":{'
        b'"title":"Shoes","url":"https://shop.example/shoes/%d","referrer":"https://search.example/"},"locale":"en-GB","timezone":'
        b'"Europe/Berlin","userAgent":"Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36","library":{"name":"analytics.js"}}}'
    ) % (n, n // VIEWS, n, n, n)


class Sender(asyncio.Protocol):
    """One keep-alive connection that posts and waits for the answer; opened again when it rested too long."""

    def __init__(self, server: Server) -> None:
        self._port = server.port
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[None]

    def data_received(self, data: bytes) -> None:
        if b'{"success": true}' in data:
            self._answer.set_result(None)
        elif b" 200 " not in data[:20]:
            self._answer.set_exception(ConnectionError(data.decode()))

    async def post(self, path: str, body: bytes) -> None:
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            self._transport, _ = await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        self._answer = loop.create_future()
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)
        await self._answer


KEY = base64.b64encode(f"{WRITE_KEY}:".encode()).decode()


class Batches:
    """Twenty page views in one request."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def turn(self) -> int:
        await self._sender.post("/v1/batch", b'{"batch":[' + b",".join(view() for _ in range(BATCH)) + b"]}")
        return BATCH


class Singles:
    """One page view, one request."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def turn(self) -> int:
        await self._sender.post("/v1/p", view())
        return 1


class Frames:
    """Page views of our own widget: frames of an open socket. They are not answered, so the answer to a beat says that they are in."""

    def __init__(self) -> None:
        self.line: Line
        self._turn: asyncio.Future[None]

    async def open(self, server: Server, number: int) -> None:
        self._turn = asyncio.get_running_loop().create_future()
        self.line = await connect(server.port, "/visitor", f"Origin: {SHOP}\r\n", self._hears)
        self.line.send(hello(number))
        self.line.send(look(number))
        await self._turn

    async def turn(self) -> int:
        self._turn = asyncio.get_running_loop().create_future()
        for _ in range(BATCH):
            n = next(_NUMBERS)
            self.line.send(
                b'{"t":"page","page":{"url":"https://shop.example/shoes/%d","title":"Shoes %d"}}' % (n, n)
            )
        self.line.send(b'{"t":"beat","active":1.0}')
        await self._turn
        return BATCH

    def _hears(self, frame: bytes) -> None:
        if frame.startswith((b'{"t":"visit"', b'{"t":"beat"')) and not self._turn.done():
            self._turn.set_result(None)
        elif not frame or frame.startswith(b'{"t":"refused"'):
            self._turn.set_exception(RuntimeError(frame.decode() or "the socket ended"))


Load = Batches | Singles | Frames


async def push(load: list[Load], until: float) -> int:
    """All of them at once until then; returns how many events are stored."""
    stored = 0

    async def loop(one: Load) -> None:
        nonlocal stored
        while time.perf_counter() < until:
            done = await one.turn()  # not `stored += await …`, which reads `stored` before it waits
            stored += done

    async with asyncio.TaskGroup() as group:
        for one in load:
            group.create_task(loop(one))
    return stored


class Cost(NamedTuple):
    """Of one round: microseconds of CPU an event, those of them on the event loop, events a second."""

    per_event: float
    before_storing: float
    per_second: float


async def costs(server: Server, loads: dict[str, list[Load]], rounds: int, seconds: float) -> dict[str, Cost]:
    """Medians."""
    found: dict[str, list[Cost]] = {name: [] for name in loads}
    for _ in range(rounds):
        for name, load in loads.items():
            cpu, loop, began = server.cpu(), server.loop_cpu(), time.perf_counter()
            stored = await push(load, began + seconds)
            cpu, loop = server.cpu() - cpu, server.loop_cpu() - loop
            found[name].append(Cost(cpu / stored, loop / stored, stored / (time.perf_counter() - began)))
    return {name: Cost(*map(statistics.median, zip(*runs, strict=True))) for name, runs in found.items()}


async def compared(rounds: int, seconds: float, folder: Path) -> tuple[Cost, Cost]:
    """Batches and single POSTs."""
    with Server("hub", folder, 1) as server:
        senders = [Sender(server) for _ in range(8)]
        loads: dict[str, list[Load]] = {
            "batches": [Batches(it) for it in senders],
            "singles": [Singles(it) for it in senders],
        }
        for load in loads.values():
            await push(load, time.perf_counter() + 0.5)
        found = await costs(server, loads, rounds, seconds)
    return found["batches"], found["singles"]


def show(loads: dict[str, list[Load]], medians: dict[str, Cost]) -> None:
    single = medians["single POSTs"].per_event
    rows = [
        [
            name,
            len(loads[name]),
            f"{cost.per_event:.0f}",
            f"{cost.per_event / single:.2f}",
            f"{cost.per_second:,.0f}",
        ]
        for name, cost in medians.items()
    ]
    head = ["", "connections", "CPU µs/event", "x single", "events/s"]
    table("A page view stored (FULL), acknowledged after the commit", head, rows)


class Wait(NamedTuple):
    """Milliseconds until a chat's message is acknowledged, and how many events a second were stored beside it."""

    p50: float
    p99: float
    worst: float
    per_second: float


@asynccontextmanager
async def flood(load: list[Load], seconds: float) -> AsyncIterator["asyncio.Task[int]"]:
    async with asyncio.TaskGroup() as group:
        yield group.create_task(push(load, time.perf_counter() + seconds))


async def chat(pair: Pair, load: list[Load], seconds: float) -> Wait:
    """A message every few milliseconds beside the flood."""
    pair.acknowledged.clear()
    pair.operator.send(b'{"t":"beat"}')  # a tab that is silent for 45 s is taken for dead
    began = time.perf_counter()
    async with flood(load, seconds) as flooding:
        while (now := time.perf_counter()) < began + seconds:
            await pair.ask()
            await asyncio.sleep(max(0.0, now + EVERY - time.perf_counter()))
        stored = await flooding
    waits = sorted(at * 1e3 for at in pair.acknowledged)
    return Wait(statistics.median(waits), waits[int(len(waits) * 0.99)], waits[-1], stored / seconds)


async def chats(
    server: Server, pair: Pair, floods: dict[str, list[Load]], rounds: int, seconds: float
) -> None:
    found: dict[str, list[Wait]] = {name: [] for name in floods}
    for _ in range(rounds):
        for name, load in floods.items():
            found[name].append(await chat(pair, load, seconds))
    rows = []
    for name, runs in found.items():
        wait = Wait(*map(statistics.median, zip(*runs, strict=True)))
        rows.append(
            [name, f"{wait.per_second:,.0f}", f"{wait.p50:.2f}", f"{wait.p99:.2f}", f"{wait.worst:.1f}"]
        )
    head = ["beside it", "events/s", "ack p50 ms", "ack p99 ms", "slowest ms"]
    table(f"A chat that sends a message every {EVERY * 1e3:.0f} ms", head, rows)


class Paced:
    """A batch at fixed times: a busy shop, where the flood is an attack or an import."""

    def __init__(self, batches: Batches, per_second: float) -> None:
        self._batches, self._pause = batches, BATCH / per_second

    async def turn(self) -> int:
        began = time.perf_counter()
        await self._batches.turn()
        await asyncio.sleep(max(0.0, began + self._pause - time.perf_counter()))
        return BATCH


async def measure(options: argparse.Namespace) -> None:
    with TemporaryDirectory(dir=options.folder) as folder, Server("hub", Path(folder), 1) as server:
        senders = [Sender(server) for _ in range(8)]
        pages = [Frames() for _ in range(8)]
        for number, page in enumerate(pages):
            await page.open(server, number + 100)
        loads: dict[str, list[Load]] = {
            f"batches of {BATCH}": [Batches(it) for it in senders],
            "single POSTs": [Singles(it) for it in senders],
            "page frames of sockets": list(pages),
        }
        for load in loads.values():
            await push(load, time.perf_counter() + 0.5)
        show(loads, await costs(server, loads, options.rounds, options.seconds))
        pair = Pair()
        await pair.open(server, 0)
        steady: list[Load] = [cast(Load, Paced(Batches(senders[0]), 1000))]
        floods: dict[str, list[Load]] = {
            "nothing": [],
            "1,000 events a second": steady,
            "flood in batches": [Batches(it) for it in senders],
            "flood one by one": [Singles(it) for it in senders],
        }
        await chats(server, pair, floods, options.rounds, options.seconds * 2)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--folder", help="where the database is made; a RAM disk would measure nothing")
    options = parser.parse_args()
    raise_open_files()
    stand_aside()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measure(options))


if __name__ == "__main__":
    sys.exit(main())
