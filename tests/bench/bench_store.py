"""How near `store.write` comes to bare sqlite3, how far ahead of a SQLModel session per message it is, and whether a
busy writer stalls the event loop.

    python -m tests.bench.bench_store [--rounds 5] [--seconds 1.0] [--folder /a/real/disk]

Everything is measured in interleaved rounds and printed as medians: on a shared machine the ratios and the CPU per
message mean something, the rates by themselves little. All variants insert the same row, synchronous=FULL, WAL.
"""

import argparse
import asyncio
import itertools
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import uvloop
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Field, Session, SQLModel  # noqa: TID251 -- the very thing that is measured
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.store import Store, Tx
from hub.store.connecting import open_writer
from hub.store.preparing import prepare
from tests.bench.report import table

WAITING = (1, 32, 256)
COLUMNS = "conversation, seq, client_id, author, at, text"
CREATE = """CREATE TABLE bench_message (
    conversation BLOB NOT NULL, seq INTEGER NOT NULL, client_id BLOB NOT NULL, author TEXT NOT NULL,
    at INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (conversation, seq), UNIQUE (conversation, client_id)
) STRICT, WITHOUT ROWID"""
INSERT = f"INSERT INTO bench_message ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
Row = tuple[bytes, int, bytes, str, int, str]


class BenchMessage(SQLModel, table=True):
    """The same row as a model."""

    __tablename__ = "bench_message"
    conversation: bytes = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    client_id: bytes
    author: str
    at: int
    text: str


class Run(NamedTuple):
    """One variant at one number of waiting writers."""

    per_second: float
    cpu_us: float
    p50_ms: float


def rows() -> Iterator[Row]:
    """Messages of 32 conversations that go on at once."""
    conversations = [random.randbytes(16) for _ in range(32)]
    for seq in itertools.count():
        now = time.time_ns() // 1000
        yield (conversations[seq % 32], seq // 32, random.randbytes(16), "visitor", now, "Hello! " * 8)


def summary(latencies: list[float], wall: float, cpu: float) -> Run:
    done = len(latencies)
    return Run(done / wall, cpu / done * 1e6, statistics.median(latencies) * 1e3)


async def clients(waiting: int, seconds: float, write: Callable[[Row], object]) -> Run:
    """`waiting` tasks, each writing one row after the other."""
    latencies: list[float] = []
    source = rows()
    wall, cpu = time.perf_counter(), time.process_time()
    until = wall + seconds

    async def client() -> None:
        while (began := time.perf_counter()) < until:
            await write(next(source))
            latencies.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(waiting):
            tasks.create_task(client())
    return summary(latencies, time.perf_counter() - wall, time.process_time() - cpu)


def insert(tx: Tx, row: Row) -> None:
    tx.run(INSERT, row)


async def opened(path: Path) -> Store:
    store = await Store.open(path, clock=lambda: time.time_ns() // 1000, publish=lambda topic, event: None)
    await store.write(lambda tx: tx.run(CREATE))
    return store


async def with_store(folder: Path, waiting: int, seconds: float) -> Run:
    store = await opened(folder / "store.db")
    run = await clients(waiting, seconds, lambda row: store.write(insert, row))
    await store.close()
    return run


async def with_sqlite(folder: Path, waiting: int, seconds: float) -> Run:
    """No threads, no loop: the best any Python program can do, with as many rows in each transaction."""
    prepare(folder / "raw.db")
    connection = open_writer(folder / "raw.db", "FULL")
    connection.execute(CREATE)
    latencies: list[float] = []
    source = rows()
    wall, cpu = time.perf_counter(), time.process_time()
    while (began := time.perf_counter()) < wall + seconds:
        connection.execute("BEGIN IMMEDIATE")
        for row in itertools.islice(source, waiting):
            connection.execute(INSERT, row)
        connection.execute("COMMIT")
        latencies += [time.perf_counter() - began] * waiting
    run = summary(latencies, time.perf_counter() - wall, time.process_time() - cpu)
    connection.close()
    return run


PRAGMAS = ("PRAGMA synchronous=FULL", "PRAGMA journal_mode=WAL")
POOL = {"pool_size": 5, "max_overflow": 0}


def model(row: Row) -> BenchMessage:
    return BenchMessage(**dict(zip(COLUMNS.split(", "), row, strict=True)))


def set_pragmas(engine: Engine) -> None:
    event.listen(engine, "connect", lambda raw, _: [raw.cursor().execute(pragma) for pragma in PRAGMAS])


async def with_threads(folder: Path, waiting: int, seconds: float) -> Run:
    """A SQLModel session per message on a pool of five threads."""
    prepare(folder / "model.db")
    engine = create_engine(f"sqlite:///{folder / 'model.db'}", **POOL)
    set_pragmas(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(CREATE)

    def save(row: Row) -> None:
        with Session(engine) as session:
            session.add(model(row))
            session.commit()

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(5) as pool:
        run = await clients(waiting, seconds, lambda row: loop.run_in_executor(pool, save, row))
    engine.dispose()
    return run


async def with_asyncio(folder: Path, waiting: int, seconds: float) -> Run:
    """A SQLModel session per message as an asyncio server is usually told to write it, five connections."""
    prepare(folder / "model.db")
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'model.db'}", **POOL)
    set_pragmas(engine.sync_engine)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(CREATE)

    async def save(row: Row) -> None:
        async with AsyncSession(engine) as session:
            session.add(model(row))
            await session.commit()

    run = await clients(waiting, seconds, save)
    await engine.dispose()
    return run


async def stall(folder: Path, load: str, seconds: float) -> float:
    """p99 of how late a 1 ms sleep returns, in ms, under no load, 32 chatting writers, or a saturated background lane."""
    store = await opened(folder / "stall.db")
    until = time.perf_counter() + seconds
    late: list[float] = []
    source = rows()

    def slice_of_import(tx: Tx) -> None:
        closes_at = time.perf_counter() + 0.005
        while time.perf_counter() < closes_at:
            tx.run(INSERT, next(source))

    async def probe() -> None:
        while (began := time.perf_counter()) < until:
            await asyncio.sleep(0.001)
            late.append(time.perf_counter() - began - 0.001)

    async def importer() -> None:
        while time.perf_counter() < until:
            await store.write_background(slice_of_import)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(probe())
        if load == "32 writers":
            tasks.create_task(clients(32, seconds, lambda row: store.write(insert, row)))
        if load == "import":
            for _ in range(4):
                tasks.create_task(importer())
    await store.close()
    return statistics.quantiles(late, n=100)[98] * 1e3


SESSIONS = {"SQLModel, threads": with_threads, "SQLModel, asyncio": with_asyncio}
VARIANTS = {"sqlite3": with_sqlite, "store.write": with_store, **SESSIONS}
LOADS = ("idle", "32 writers", "import")


def median(runs: list[Run]) -> Run:
    return Run(*(statistics.median(values) for values in zip(*runs, strict=True)))


async def measure(rounds: int, seconds: float, place: str | None) -> None:
    found: dict[tuple[str, int], list[Run]] = {}
    stalls: dict[str, list[float]] = {}
    for _ in range(rounds):
        for (name, variant), waiting in itertools.product(VARIANTS.items(), WAITING):
            with TemporaryDirectory(dir=place) as folder:
                found.setdefault((name, waiting), []).append(await variant(Path(folder), waiting, seconds))
        for load in LOADS:
            with TemporaryDirectory(dir=place) as folder:
                stalls.setdefault(load, []).append(await stall(Path(folder), load, seconds))
    report(
        {key: median(runs) for key, runs in found.items()},
        {load: statistics.median(ms) for load, ms in stalls.items()},
    )


def report(found: dict[tuple[str, int], Run], stalls: dict[str, float]) -> None:
    rows = []
    for waiting, name in itertools.product(WAITING, VARIANTS):
        run, raw = found[name, waiting], found["sqlite3", waiting]
        share = run.per_second / raw.per_second
        rows.append(
            [
                name,
                waiting,
                f"{run.per_second:,.0f}",
                f"{run.cpu_us:.1f}",
                f"{run.p50_ms:.2f}",
                f"{share:.3f}",
            ]
        )
    table(
        "A durable row: one at a time from each of those who wait (FULL)",
        ["", "waiting", "rows/s", "CPU µs each", "p50 ms", "of sqlite3"],
        rows,
    )
    rows = []
    for waiting, name in itertools.product(WAITING, SESSIONS):
        ours, theirs = found["store.write", waiting], found[name, waiting]
        more = ours.per_second / theirs.per_second
        rows.append([name, waiting, f"{more:.1f}", f"1/{theirs.cpu_us / ours.cpu_us:.0f}"])
    table("store.write against a session per row", ["", "waiting", "x the rows", "of the CPU each"], rows)
    rows = [[load, f"{ms:.2f}", f"{ms / stalls['idle']:.1f}"] for load, ms in stalls.items()]
    table("How late the event loop is beside the writer", ["", "p99 ms", "x idle"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--folder", help="where the databases are made; a RAM disk would measure nothing")
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measure(options.rounds, options.seconds, options.folder))


if __name__ == "__main__":
    sys.exit(main())
