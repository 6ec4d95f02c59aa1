"""Writes rows one after the other and says so on standard output, unbuffered, for test_power to watch from outside."""

import asyncio
import os
import sys
import time
from pathlib import Path

from hub.store import Store


async def main(database: Path, synchronous: str) -> None:
    store = await Store.open(
        database,
        clock=lambda: time.time_ns() // 1000,
        publish=lambda topic, event: None,
        synchronous=synchronous,
    )
    await store.write(lambda tx: tx.run("CREATE TABLE line (n INTEGER)"))
    for n in range(20):
        await store.write(lambda tx, n: tx.run("INSERT INTO line VALUES (?)", (n,)), n)
        os.write(1, f"acknowledged {n}\n".encode())
    await store.close()


asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
