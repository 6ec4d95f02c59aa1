"""The bars: every promise about speed beside what it is measured against, in one run.

    python -m tests.bench.bars [--rounds 3] [--seconds 1.0] [--folder /a/real/disk]

What is compared runs by turns on the same machine in the same minutes, and medians are kept: the ratios are the findings, and the
figures behind them are only to tell where a ratio comes from. Nothing fails here; a bar that is not met says so.
"""

import argparse
import asyncio
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import uvloop

from hub.cli.listening import raise_open_files
from tests.bench import bench_ingest, bench_reads, bench_store
from tests.bench.bench_sockets import Idle, Pair, Run, idle, talk
from tests.bench.load import Server, stand_aside
from tests.bench.relayed import Relayed
from tests.bench.report import table

PAIRS = 32
SOCKETS = 5_000
WARM = 3.0
"""Seconds of conversation before anything is measured."""
WAITING = 32
CALM = 100_000
"""Microseconds of CPU in a second, below which nothing is going on."""
PATIENCE = 120
ALONE = 200
"""Messages that are sent one after the other, with nobody else there."""


class Bar(NamedTuple):
    """One promise. `bar`: for uvicorn's own WebSockets; `own`: for ours. `least`: the ratio is to be at least that, not at most."""

    what: str
    ours: str
    theirs: str
    ratio: float
    bar: float
    own: float
    least: bool = False

    def row(self) -> list[str]:
        digits = 0 if self.bar >= 10 and self.least else 2
        sign = "≥" if self.least else "≤"
        bars = [f"{sign} {self.bar:g}", f"{sign} {self.own:g}"]
        return [self.what, self.ours, self.theirs, f"{self.ratio:.{digits}f}", *bars, self.verdict]

    @property
    def verdict(self) -> str:
        """By the stricter bar, and how far away it is."""
        short = self.own / self.ratio if self.least else self.ratio / self.own
        return "met" if short <= 1 else f"short, x {short:.2f}"


async def conversations(rounds: int, seconds: float, folder: Path) -> Iterator[Bar]:
    """A message that is stored, acknowledged and delivered, against socket.io relaying it; and how long one alone waits."""
    found: dict[str, list[Run]] = {"hub": [], "relay": []}
    alone: list[float] = []
    commits: list[float] = []
    with Server("hub", folder / "hub", PAIRS) as hub, Server("relay", folder) as relay:
        servers = {"hub": hub, "relay": relay}
        sides: dict[str, Sequence[Pair | Relayed]] = {
            "hub": [Pair() for _ in range(PAIRS)],
            "relay": [Relayed() for _ in range(PAIRS)],
        }
        for kind, pairs in sides.items():
            for number, pair in enumerate(pairs):
                await pair.open(servers[kind], number)
            await talk(
                servers[kind], pairs, "converse", WARM
            )  # Node compiles what is used often, and is dear until then
        for _ in range(rounds):
            for kind, pairs in sides.items():
                found[kind].append(await talk(servers[kind], pairs, "converse", seconds))
            await _quiet(hub)
            alone.append(await _alone(sides["hub"][0]))
            with TemporaryDirectory(dir=folder) as place:
                commits.append((await bench_store.with_sqlite(Path(place), 1, seconds / 2)).p50_ms)
    ours, theirs = (Run(*map(statistics.median, zip(*found[kind], strict=True))) for kind in ("hub", "relay"))
    ack, commit = statistics.median(alone), statistics.median(commits)
    return iter((
        Bar("durable message, CPU per frame, against socket.io storing nothing", f"{ours.per_frame:.1f} µs × {ours.frames:.0f} frames",
            f"{theirs.per_frame:.1f} µs × {theirs.frames:.0f}", ours.per_frame / theirs.per_frame, 2.5, 1.3),
        Bar("acknowledgement alone, over its socket, against a raw commit, p50", f"{ack:.2f} ms", f"{commit:.2f} ms", ack / commit, 2.5, 2),
    ))  # fmt: skip


async def _quiet(server: Server) -> None:
    """Wait until the server has caught up with what it does beside: the words of thousands of messages are being indexed."""
    async with asyncio.timeout(PATIENCE):
        while True:
            before = server.cpu()
            await asyncio.sleep(1)
            if server.cpu() - before < CALM:
                return


async def _alone(pair: Pair | Relayed) -> float:
    """Milliseconds, median."""
    pair.acknowledged.clear()
    for _ in range(ALONE):
        await pair.ask()
    return statistics.median(pair.acknowledged) * 1e3


async def idling(rounds: int, folder: Path) -> Iterator[Bar]:
    """Pages that do nothing, against bare sockets of the same server."""
    found: dict[str, list[Idle]] = {"hub": [], "echo": []}
    for _ in range(rounds):
        for kind, runs in found.items():
            with TemporaryDirectory(dir=folder) as place:
                runs.append(await idle(kind, SOCKETS, Path(place)))
    ours, theirs = (Idle(*map(statistics.median, zip(*runs, strict=True))) for runs in found.values())
    return iter((
        Bar("idle visitor socket with its state, KiB PSS", f"{ours.pss_kib:.1f}", f"Starlette echo {theirs.pss_kib:.1f}", ours.pss_kib, 40, 8),
        Bar(f"full garbage collection at {SOCKETS:,} sockets, against Starlette", f"{ours.collection_ms:.0f} ms, {ours.objects:.0f} objects each",
            f"{theirs.collection_ms:.0f} ms, {theirs.objects:.0f}", ours.collection_ms / theirs.collection_ms, 1.1, 0.35),
    ))  # fmt: skip


async def writing(rounds: int, seconds: float, folder: Path) -> Iterator[Bar]:
    """Group commit, and what it leaves of the event loop."""
    variants = {
        "raw": bench_store.with_sqlite,
        "store": bench_store.with_store,
        "threads": bench_store.with_threads,
        "tasks": bench_store.with_asyncio,
    }
    found: dict[str, list[bench_store.Run]] = {name: [] for name in variants}
    stalls: dict[str, list[float]] = {"idle": [], "import": [], "32 writers": []}
    for _ in range(rounds):
        for name, variant in variants.items():
            with TemporaryDirectory(dir=folder) as place:
                found[name].append(await variant(Path(place), WAITING, seconds))
        for load, late in stalls.items():
            with TemporaryDirectory(dir=folder) as place:
                late.append(await bench_store.stall(Path(place), load, seconds))
    raw, store, threads, tasks = (bench_store.median(runs) for runs in found.values())
    calm, busy, writers = (statistics.median(late) for late in stalls.values())
    per_second = f"{store.per_second:,.0f}/s"
    return iter((
        Bar(f"group commit, {WAITING} waiting, against raw sqlite3", per_second, f"{raw.per_second:,.0f}/s", store.per_second / raw.per_second, 0.5, 0.5, True),
        *(
            Bar(f"… against a SQLModel session per message, {name}", per_second, f"{session.per_second:,.0f}/s", store.per_second / session.per_second, 30, 30, True)
            for name, session in (("on threads", threads), ("on asyncio", tasks))
        ),
        Bar("event-loop stall p99, writer saturated, against idle", f"{max(busy, writers):.2f} ms", f"{calm:.2f} ms", max(busy, writers) / calm, 5, 5),
    ))  # fmt: skip


async def reading(rounds: int, folder: Path) -> Iterator[Bar]:
    """Lists as JSON, against the same rows as JSON."""
    with TemporaryDirectory(dir=folder) as place:
        found = bench_reads.measured(Path(place), rounds)
    return iter([
        Bar(f"{name} of 50 to JSON, against its rows as they are", f"{it.ours:.0f} µs", f"{it.raw:.0f} µs", it.ours / it.raw, 2.5, 2.5)
        for name, it in found.items()
    ])  # fmt: skip


async def ingesting(rounds: int, seconds: float, folder: Path) -> Iterator[Bar]:
    """Events in batches, against one POST each."""
    batches, singles = await bench_ingest.compared(rounds, seconds, folder / "ingest")
    return iter((
        Bar("batched ingest, CPU per event before storing, against a POST", f"{batches.before_storing:.0f} µs", f"{singles.per_event:.0f} µs",
            batches.before_storing / singles.per_event, 0.3, 0.3),
        Bar("… storing included", f"{batches.per_event:.0f} µs", f"{singles.per_event:.0f} µs", batches.per_event / singles.per_event, 0.3, 0.3),
    ))  # fmt: skip


async def measure(rounds: int, seconds: float, place: str | None) -> None:
    with TemporaryDirectory(dir=place) as folder:
        here = Path(folder)
        bars = [
            *await conversations(rounds, seconds, here),
            *await idling(min(rounds, 2), here),
            *await writing(rounds, seconds, here),
            *await reading(rounds, here),
            *await ingesting(rounds, seconds, here),
        ]
    table("Bars", ["what", "ours", "against", "ratio", "bar", "own class", ""], [bar.row() for bar in bars])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--folder", help="where the databases are made; a RAM disk would measure nothing")
    options, _ = parser.parse_known_args()
    raise_open_files()
    stand_aside()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measure(options.rounds, options.seconds, options.folder))


if __name__ == "__main__":
    sys.exit(main())
