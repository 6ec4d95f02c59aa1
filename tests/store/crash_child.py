"""The victim of test_crash: writes pairs of rows from 16 tasks and prints each number once it is acknowledged."""

import asyncio
import itertools
import sys
import time
from pathlib import Path

from hub.store import Store, Tx


def prepare(tx: Tx) -> int:
    tx.run("CREATE TABLE IF NOT EXISTS line (n INTEGER NOT NULL)")
    tx.run("CREATE TABLE IF NOT EXISTS echo (n INTEGER NOT NULL)")
    (last,) = tx.one("SELECT coalesce(max(n), 0) FROM line")
    return last


def insert(tx: Tx, n: int) -> int:
    tx.run("INSERT INTO line (n) VALUES (?)", (n,))
    if n % 5 == 0:
        raise LookupError(n)
    tx.run("INSERT INTO echo (n) VALUES (?)", (n,))
    return n


async def main(database: Path) -> None:
    store = await Store.open(
        database, clock=lambda: time.time_ns() // 1000, publish=lambda topic, event: None
    )
    numbers = itertools.count(await store.write(prepare) + 1)

    async def write() -> None:
        for n in numbers:
            try:
                sys.stdout.write(f"{await store.write(insert, n)}\n")
            except LookupError:
                continue
            sys.stdout.flush()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(16):
            tasks.create_task(write())


asyncio.run(main(Path(sys.argv[1])))
