"""What a touchpoint costs through the hub's own write path, at growing sizes; taking a person apart; computing everything anew.

    python -m tests.bench.bench_identity_cost [10000 100000 …] [--seed 1] [--bot 20000]

Touchpoints are those of a shop: browsers that come back, log in, type addresses, share devices. Each is an action of its own, timed on
the writer's thread, where everything else waits meanwhile, in its own processor time; commits are the store's.
"""

import argparse
import asyncio
import datetime as dt
import random
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hub import identity
from hub.actions import decide, rebuild
from hub.actions.receive import receive
from hub.cli.serving import settle_memory
from hub.contract import AttributeClaim, Claim, Identifier, Level, Touchpoint
from hub.store import Read, Store, Tx
from tests.bench.load import stand_aside
from tests.bench.report import table

START = 1_600_000_000
AT_ONCE = 64
NAMES = ("Ann Berg", "Bob Stone", "Cem Kaya", "Dora Blum", "Emil Vogt", "Fay Lind", "Gus Hahn", "Hild Orth")
SQL_SOMEBODY = """
SELECT customer FROM customer_total WHERE touches BETWEEN 20 AND 400 ORDER BY abs(touches - 200), customer LIMIT 20"""


def shop(count: int, seed: int) -> Iterator[Touchpoint]:
    """`count` touchpoints in order of time: a person for every ten, two browsers for some, a browser that two share for a few."""
    draw = random.Random(seed)
    people = max(1, count // 10)
    for n in range(count):
        who = int(people * draw.random() ** 1.5)
        name = f"{NAMES[who % 8]}{chr(97 + who // 8 % 26)}"
        device = f"{who - (who % 40 == 1)}-{draw.random() < 0.3}"
        kind = draw.random()
        claims = [
            claim("device", f"device{device}"),
            claim("session", f"session{device}-{n // (people * 2)}"),
        ]
        if kind > 0.9:
            claims.append(claim("user_id", f"user{who}", Level.VERIFIED))
        elif kind > 0.8:
            claims.append(claim("email", f"person{who}@mail{who % 50}.test", Level.ASSERTED))
        elif kind > 0.75:
            claims = [claim("phone", f"+4930{who:07}"), claim("ext:crm", f"{who}")]
        yield touchpoint(n, claims, name if kind > 0.85 else None)


def bot(count: int) -> Iterator[Touchpoint]:
    """Anonymous visits of one browser, then rivals who log in on it."""
    for n in range(count):
        yield touchpoint(n, [claim("device", "bot"), claim("session", f"s{n}")])
    for n in range(count, count + 50):
        who = [claim("device", "bot"), claim("user_id", f"rival{n}", Level.VERIFIED)]
        yield touchpoint(n, who, f"{NAMES[n % 8]}{chr(97 + n % 26)}")


def regulars(count: int) -> Iterator[Touchpoint]:
    """Two accounts that come back by turns, each visit a node of its own."""
    for n in range(count):
        who = f"regular{n % 2}"
        said = [claim("device", who), claim("session", f"v{n}"), claim("user_id", who, Level.VERIFIED)]
        yield touchpoint(n, said, NAMES[n % 2])


def claim(kind: str, value: str, level: Level = Level.OBSERVED) -> Claim:
    return Claim(kind=kind, value=value, level=level)


def touchpoint(n: int, claims: list[Claim], name: str | None = None) -> Touchpoint:
    said = (AttributeClaim(attribute="name", value=name),) if name else ()
    at = dt.datetime.fromtimestamp(START + n * 7, dt.UTC)
    return Touchpoint(
        channel="web", kind="visit", key=f"n{n}", claims=tuple(claims), attributes=said, occurred_at=at
    )


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Store]:
    """A store in a fresh file."""
    store = await Store.open(path, clock=lambda: time.time_ns() // 1000, publish=lambda topic, event: None)
    try:
        yield store
    finally:
        await store.close()


async def report(store: Store, touchpoints: Iterator[Touchpoint]) -> list[float]:
    """Report all of it, so many at once; milliseconds on the writer's thread, each."""
    taken: list[float] = []

    def timed(tx: Tx, one: Touchpoint) -> None:
        began = time.thread_time()
        receive(tx, "import", one)
        taken.append((time.thread_time() - began) * 1e3)

    async def some() -> None:
        for one in touchpoints:
            await store.write(timed, one)

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    await work_out(store, taken)
    return taken


async def work_out(store: Store, taken: list[float]) -> None:
    """What the clockwork does with large components; its slices count."""

    def slice_(tx: Tx, plan: identity.Plan, n: int) -> bool:
        began = time.thread_time()
        more = decide.work_out(tx, plan, n)
        taken.append((time.thread_time() - began) * 1e3)
        return more

    while labels := await store.read(identity.pending):
        for label in labels:
            plan, n = await store.read(identity.plan, label), 0
            while plan is not None and await store.write(slice_, plan, n):
                n += 1


def quantile(taken: list[float], share: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * share))]


async def sized(folder: Path, count: int, seed: int) -> tuple[list[str], list[list[str]]]:
    """A row of cost, and rows of what else is promised at this size."""
    async with opened(folder / f"{count}.db") as store:
        taken = await report(store, shop(count, seed))
        row = [f"{count:,}", *(f"{one:.2f}" for one in (
            statistics.mean(taken), statistics.median(taken), quantile(taken, 0.99), max(taken)))]  # fmt: skip
        return row, [await apart(store, count), await anew(store, count)]


async def apart(store: Store, count: int) -> list[str]:
    """Take a customer of about 200 touchpoints apart: the preview on a reader, the decision on the writer."""
    shown, done = [], []
    for (customer,) in await store.read(Read.all, SQL_SOMEBODY):
        touches = await store.read(identity.members, customer)
        one, other = touches[0], touches[len(touches) // 2]
        began = time.perf_counter()
        await store.read(identity.preview, "never", a=one, b=other)
        shown.append((time.perf_counter() - began) * 1e3)
        began = time.perf_counter()
        await store.write(identity.decide, "never", author="bench", a=one, b=other)
        done.append((time.perf_counter() - began) * 1e3)
    return [
        f"{count:,}: unmerge, preview and apply, ms",
        f"{statistics.median(shown):.1f} + {statistics.median(done):.1f}",
        "≤ 50",
    ]


async def large(store: Store, count: int) -> list[list[str]]:
    """A merge of two large customers, its undoing, and a browser that is blocked and joins again: shown on a reader, then done."""
    await report(store, regulars(count))
    one, other = [await store.read(identity.customers_of, "user_id", f"regular{n}") for n in (0, 1)]
    taken, seconds = list[float](), list[float]()

    def shown(read: Read, op: str, about: dict[str, Any]) -> None:
        began = time.thread_time()
        identity.preview(read, op, **about)
        seconds.append(time.thread_time() - began)

    def done(tx: Tx, op: str, about: dict[str, Any]) -> identity.Decided:
        began = time.thread_time()
        made = identity.decide(tx, op, author="bench", **about)
        taken.append((time.thread_time() - began) * 1e3)
        return made

    browser = Identifier(kind="device", value="regular0")
    for op, about in (("same", {"a": one[0].customer, "b": other[0].customer}), ("block", {"a": browser})):
        await store.read(shown, op, about)
        undo = {"decision": (await store.write(done, op, about)).decision}
        await work_out(store, taken)
        await store.read(shown, "revoke", undo)
        await store.write(done, "revoke", undo)
        await work_out(store, taken)
    shown_in = ", ".join(f"{one:.2f}" for one in seconds)
    return [
        [f"{count:,} nodes: previews of a merge, its undoing, a block, its undoing, s", shown_in, "≤ 2"],
        [f"{count:,} nodes: longest slice of doing these, ms", f"{max(taken):.1f}", "≤ 50"],
    ]


async def anew(store: Store, count: int) -> list[str]:
    """Compute everything anew, as `hub identity rebuild` does."""
    began, place = time.perf_counter(), identity.Place()
    slices, moved = [], 0
    while True:
        start = time.perf_counter()
        done = await store.write_background(rebuild.renew, place)
        slices.append((time.perf_counter() - start) * 1e3)
        moved += done.moved
        if done.next is None:
            break
        place = done.next
    took = time.perf_counter() - began
    return [
        f"{count:,}: rebuild, s ({moved} moved, longest slice {max(slices):.0f} ms)",
        f"{took:.1f}",
        "≤ 60 at 10^5",
    ]


async def measure(counts: list[int], seed: int, rivals: int) -> None:
    rows: list[list[str]] = []
    more: list[list[Any]] = []
    for count in counts:
        with TemporaryDirectory() as folder:
            row, others = await sized(Path(folder), count, seed)
            rows.append(row)
            more += others
            print(row, others, flush=True)
    with TemporaryDirectory() as folder:
        async with opened(Path(folder) / "bot.db") as store:
            taken = await report(store, bot(rivals))
            more.append([f"{rivals:,} visits on one browser and 50 rivals: p99 and longest slice, ms",
                         f"{quantile(taken, 0.99):.2f} and {max(taken):.1f}", "≤ 50"])  # fmt: skip
    with TemporaryDirectory() as folder:
        async with opened(Path(folder) / "large.db") as store:
            more += await large(store, rivals)
    table("Cost of a touchpoint, ms on the writer", ["touchpoints", "mean", "median", "p99", "longest"], rows)
    table("Besides", ["what", "found", "bar"], more)
    if len(rows) > 1:
        print(
            f"\nMedian grows {float(rows[-1][2]) / float(rows[0][2]):.2f}-fold from {rows[0][0]} to {rows[-1][0]} (bar 2.5)."
        )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("counts", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bot", type=int, default=20_000)
    options = parser.parse_args(arguments)
    stand_aside()
    settle_memory()  # as `hub serve` does: a collection of all there is takes .1 s of whatever is being timed
    asyncio.run(measure(options.counts, options.seed, options.bot))


if __name__ == "__main__":
    main()
