"""What a durable message costs on real sockets, and what an idle page costs, against Starlette echoing on the same uvicorn.

    python -m tests.bench.bench_sockets [--rounds 5] [--seconds 2.0] [--idle 1000] [--folder /a/real/disk]

A message is stored with synchronous=FULL, acknowledged to its sender, and delivered to one reader; the conversation's state goes to both
sides too, so each costs several frames. Pairs talk in closed loops, one message under way in each. CPU is the whole server process's, from
/proc, in interleaved rounds; the echo does nothing but send back what came. The figures that mean something are the ratios.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import uvloop

from hub.cli.listening import raise_open_files
from tests.bench.load import Line, Server, connect, stand_aside
from tests.bench.relayed import TEXT, Relayed
from tests.bench.report import table
from tests.bench.serving import SHOP, secret

PAIRS = (32, 64)
WARM = 50


class Run(NamedTuple):
    """One round: microseconds of CPU and milliseconds of waiting, medians where they are many."""

    per_message: float
    per_frame: float
    frames: float
    per_second: float
    acknowledged_ms: float
    delivered_ms: float


class Pair:
    """A visitor and the operator who serves them. A message counts when it is acknowledged and the other side has it."""

    def __init__(self) -> None:
        self.visitor: Line
        self.operator: Line
        self.conversation = ""
        self.acknowledged: list[float] = []
        self.delivered: list[float] = []
        self._ids = count()
        self._began = 0.0
        self._missing = 0
        self._turn: asyncio.Future[None]

    async def open(self, server: Server, number: int) -> None:
        self.visitor = await connect(server.port, "/visitor", f"Origin: {SHOP}\r\n", self._visitor_hears)
        await self._say(self.visitor, hello(number), 1)
        await self._say(self.visitor, look(number), 1)
        await self._say(self.visitor, command("open", client_id=self._id(), text=TEXT), 2)
        headers = f"Origin: http://localhost:{server.port}\r\nCookie: __Host-hub={secret(number)}\r\n"
        self.operator = await connect(server.port, "/console", headers, self._operator_hears)
        await self._say(self.operator, command("hello", tab=f"tab-{number:08d}"), 1)
        await self._say(self.operator, command("subscribe", topic=f"conversation:{self.conversation}"), 1)
        await self._say(self.operator, command("take", id=self._id(), conversation=self.conversation), 1)

    async def ask(self) -> None:
        """One message of the visitor."""
        frame = command("say", client_id=self._id(), conversation=self.conversation, text=TEXT)
        await self._say(self.visitor, frame, 2)

    async def answer(self) -> None:
        """One message of the operator."""
        frame = command("reply", id=self._id(), conversation=self.conversation, text=TEXT)
        await self._say(self.operator, frame, 2)

    async def converse(self) -> None:
        """A question and its answer: two messages."""
        await self.ask()
        await self.answer()

    @property
    def frames(self) -> int:
        return self.visitor.frames + self.operator.frames

    def close(self) -> None:
        self.visitor.close()
        self.operator.close()

    def _id(self) -> str:
        return f"command-{next(self._ids):08d}"

    async def _say(self, line: Line, frame: bytes, answers: int) -> None:
        self._turn = asyncio.get_running_loop().create_future()
        self._missing = answers
        self._began = time.perf_counter()
        line.send(frame)
        await self._turn

    def _visitor_hears(self, frame: bytes) -> None:
        if frame.startswith(b'{"t":"sent"'):
            self.acknowledged.append(time.perf_counter() - self._began)
            self._one_less()
        elif frame.startswith(b'{"t":"said"'):
            if b'"author":"operator"' in frame:
                self.delivered.append(time.perf_counter() - self._began)
                self._one_less()
            elif not self.conversation:
                self.conversation = frame.partition(b'"conversation":"')[2][:32].decode()
                self._one_less()
        else:
            self._other(frame)

    def _operator_hears(self, frame: bytes) -> None:
        if frame.startswith(b'{"t":"done"'):
            self.acknowledged.append(time.perf_counter() - self._began)
            self._one_less()
        elif frame.startswith(b'{"t":"event"'):
            if b'"k":"message"' in frame and b'"author":"visitor"' in frame:
                self.delivered.append(time.perf_counter() - self._began)
                self._one_less()
        else:
            self._other(frame)

    def _other(self, frame: bytes) -> None:
        if frame.startswith((b'{"t":"welcome"', b'{"t":"visit"', b'{"t":"snapshot"')):
            self._one_less()
        elif (not frame or frame.startswith(b'{"t":"refused"')) and not self._turn.done():
            self._turn.set_exception(RuntimeError(f"not answered: {frame.decode() or 'the socket ended'}"))

    def _one_less(self) -> None:
        self._missing -= 1
        if self._missing == 0:
            self._turn.set_result(None)


class Echo:
    """The same message sent to Starlette and back."""

    def __init__(self) -> None:
        self.visitor: Line
        self.acknowledged: list[float] = []
        self.delivered = self.acknowledged
        self._turn: asyncio.Future[None]

    async def open(self, server: Server, number: int) -> None:
        self.visitor = await connect(server.port, "/visitor", "", self._hears)

    async def ask(self) -> None:
        self._turn = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self.visitor.send(MESSAGE)
        await self._turn
        self.acknowledged.append(time.perf_counter() - began)

    @property
    def frames(self) -> int:
        return self.visitor.frames

    def close(self) -> None:
        self.visitor.close()

    def _hears(self, frame: bytes) -> None:
        self._turn.set_result(None)


def command(kind: str, **fields: str) -> bytes:
    return f'{{"t":"{kind}",{",".join(f"{chr(34)}{k}{chr(34)}:{chr(34)}{v}{chr(34)}" for k, v in fields.items())}}}'.encode()


def hello(number: int) -> bytes:
    return command("hello", site="bench", tab=f"tab-{number:08d}", language="en")


def look(number: int) -> bytes:
    page = f'{{"url":"{SHOP}/shoes/{number}","title":"Shoes number {number}","referrer":"https://search.example/"}}'
    return f'{{"t":"page","zone":"Europe/Berlin","page":{page}}}'.encode()


MESSAGE = command("say", client_id="command-00000000", conversation="0" * 32, text=TEXT)


async def talk(server: Server, pairs: Sequence[Pair | Relayed | Echo], turn: str, seconds: float) -> Run:
    """Everybody at once, one message after the other, for `seconds`."""
    for pair in pairs:
        pair.acknowledged.clear()
        pair.delivered.clear()
    frames, cpu, began = sum(p.frames for p in pairs), server.cpu(), time.perf_counter()
    until = began + seconds

    async def loop(speak: Callable[[], object]) -> None:
        while time.perf_counter() < until:
            await speak()

    async with asyncio.TaskGroup() as group:
        for pair in pairs:
            group.create_task(loop(getattr(pair, turn)))
    wall, cpu = time.perf_counter() - began, server.cpu() - cpu
    frames = sum(p.frames for p in pairs) - frames
    acknowledged = [at for p in pairs for at in p.acknowledged]
    delivered = [at for p in pairs for at in p.delivered]
    done = len(acknowledged)
    return Run(
        cpu / done, cpu / frames, frames / done, done / wall,
        statistics.median(acknowledged) * 1e3, statistics.median(delivered) * 1e3,
    )  # fmt: skip


CASES = {
    "a conversation": ("hub", "converse"),
    "visitor asks": ("hub", "ask"),
    "operator answers": ("hub", "answer"),
    "socket.io, stored nowhere": ("relay", "ask"),
    "Starlette echo": ("echo", "ask"),
}


async def messages(rounds: int, seconds: float, folder: Path) -> None:
    found: dict[tuple[str, int], list[Run]] = {}
    kinds: dict[str, Callable[[], Pair | Relayed | Echo]] = {"hub": Pair, "relay": Relayed, "echo": Echo}
    with ExitStack() as stack:
        servers = {kind: stack.enter_context(Server(kind, folder, max(PAIRS))) for kind in kinds}
        talking = {kind: [make() for _ in range(max(PAIRS))] for kind, make in kinds.items()}
        for kind, pairs in talking.items():
            for number, pair in enumerate(pairs):
                async with asyncio.timeout(10):
                    await pair.open(servers[kind], number)
            await talk(servers[kind], pairs, "ask", seconds / 2)
        for _ in range(rounds):
            for many in PAIRS:
                for name, (kind, turn) in CASES.items():
                    run = await talk(servers[kind], talking[kind][:many], turn, seconds)
                    found.setdefault((name, many), []).append(run)
        for pairs in talking.values():
            for pair in pairs:
                pair.close()
    show_messages({key: Run(*map(statistics.median, zip(*runs, strict=True))) for key, runs in found.items()})


def show_messages(found: dict[tuple[str, int], Run]) -> None:
    rows = []
    for (name, many), run in sorted(found.items(), key=lambda item: item[0][1]):
        plain, relayed = found["Starlette echo", many], found["socket.io, stored nowhere", many]
        rows.append([
            name, many, f"{run.per_message:.1f}", f"{run.frames:.1f}", f"{run.per_frame:.1f}",
            f"{run.per_frame / plain.per_frame:.2f}", f"{run.per_frame / relayed.per_frame:.2f}", f"{run.per_second:,.0f}", f"{run.acknowledged_ms:.2f}", f"{run.delivered_ms:.2f}",
        ])  # fmt: skip
    table(
        "A durable message: stored (FULL), acknowledged, delivered to one reader",
        ["", "pairs", "CPU µs/message", "frames", "CPU µs/frame", "x echo", "x socket.io", "messages/s", "ack p50 ms", "delivery p50 ms"],
        rows,
    )  # fmt: skip


class Idle(NamedTuple):
    """What one more idle socket costs the server."""

    pss_kib: float
    anonymous_kib: float
    connect_us: float
    collection_ms: float
    objects: float


async def idle(kind: str, many: int, folder: Path) -> Idle:
    """Pages that said hello and where they are, heard that they are in a visit, and stay."""

    async def opened(number: int) -> Line:
        turn = asyncio.get_running_loop().create_future()

        def hears(frame: bytes) -> None:
            if frame.startswith(b'{"t":"visit"') or kind == "echo":
                turn.done() or turn.set_result(None)

        line = await connect(server.port, "/visitor", f"Origin: {SHOP}\r\n", hears)
        line.send(hello(number))
        if kind != "echo":
            line.send(look(number))
        await turn
        return line

    opening = asyncio.Semaphore(16)

    async def one(number: int) -> Line:
        async with opening:
            return await opened(number)

    with Server(kind, folder) as server:
        for line in [await opened(number) for number in range(WARM)]:
            line.close()
        await asyncio.sleep(1)
        server.collect()
        memory, cpu = server.memory(), server.cpu()
        lines = await asyncio.gather(*(one(WARM + number) for number in range(many)))
        cpu = server.cpu() - cpu
        collected = server.collect()
        after = server.memory()
        for line in lines:
            line.close()
        await asyncio.sleep(1)
        objects = collected["objects"] - server.collect()["objects"]
    return Idle(
        (after["pss"] - memory["pss"]) / many, (after["anonymous"] - memory["anonymous"]) / many,
        cpu / many, collected["ms"], objects / many,
    )  # fmt: skip


async def waiting(rounds: int, many: int, place: str | None) -> None:
    found: dict[str, list[Idle]] = {"hub": [], "echo": []}
    for _ in range(rounds):
        for kind, runs in found.items():
            with TemporaryDirectory(dir=place) as folder:
                runs.append(await idle(kind, many, Path(folder)))
    medians = {kind: Idle(*map(statistics.median, zip(*runs, strict=True))) for kind, runs in found.items()}
    rows = [
        [name, *(f"{value:.1f}" for value in medians[kind])]
        for name, kind in (("a visitor's page", "hub"), ("Starlette echo", "echo"))
    ]
    rows.append(["ratio", *(f"{ours / theirs:.2f}" for ours, theirs in zip(*medians.values(), strict=True))])
    table(
        f"{many:,} idle sockets, each after its first frame",
        ["", "PSS KiB", "of it anonymous", "CPU µs to connect", "full collection ms", "objects each"],
        rows,
    )


async def measure(options: argparse.Namespace) -> None:
    with TemporaryDirectory(dir=options.folder) as folder:
        await messages(options.rounds, options.seconds, Path(folder))
    if options.idle:
        await waiting(min(3, options.rounds), options.idle, options.folder)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--idle", type=int, default=1000, help="sockets; 0 leaves this part out")
    parser.add_argument("--folder", help="where the databases are made; a RAM disk would measure nothing")
    options = parser.parse_args()
    raise_open_files()
    stand_aside()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measure(options))


if __name__ == "__main__":
    sys.exit(main())
