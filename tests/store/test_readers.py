"""Snapshots: still while the writer writes, and never behind one's own write."""

import asyncio
import sqlite3
import threading

import pytest

from hub.store import Read, Tx


def insert(tx: Tx, n: int) -> int:
    tx.run("INSERT INTO line (n) VALUES (?)", (n,))
    return n


def count(read: Read) -> int:
    (found,) = read.one("SELECT count(*) FROM line")
    return found


async def test_a_query_sees_one_snapshot_whatever_is_written_meanwhile(store):
    looked, written = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def look_twice(read: Read) -> tuple[int, int]:
        first = count(read)
        loop.call_soon_threadsafe(looked.set)
        assert written.wait(10)
        return first, count(read)

    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(store.read(look_twice))
        await looked.wait()
        await store.write(insert, 1)
        written.set()
    assert reading.result() == (0, 0)


async def test_a_read_after_an_awaited_write_sees_it(store):
    for n in range(50):
        await store.write(insert, n)
        assert await store.read(count) == n + 1


async def test_a_query_cannot_write(store):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await store.read(lambda read: read.all("INSERT INTO line (n) VALUES (1) RETURNING n"))
    assert await store.read(count) == 0


async def test_a_query_that_raises_leaves_its_reader_fit_for_the_next(opened):
    store = await opened(readers=1)

    def fail(read: Read) -> None:
        read.all("SELECT * FROM sqlite_master")
        raise LookupError

    for _ in range(3):
        with pytest.raises(LookupError):
            await store.read(fail)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await store.read(lambda read: read.one("SELECT * FROM nowhere"))
    assert await store.read(lambda read: read.one("SELECT 1")) == (1,)


async def test_queries_run_beside_each_other(opened):
    store = await opened(readers=2)
    meeting = threading.Barrier(2, timeout=10)
    await asyncio.gather(*(store.read(lambda read: meeting.wait()) for _ in range(2)))


async def test_parameters_are_given_by_place_or_by_name(store):
    await store.write(lambda tx: tx.many("INSERT INTO line (n) VALUES (?)", [(n,) for n in range(5)]))
    assert await store.read(lambda read: read.one("SELECT n FROM line WHERE n = ?", (3,))) == (3,)
    assert await store.read(lambda read: read.all("SELECT n FROM line WHERE n > :n", {"n": 2})) == [
        (3,),
        (4,),
    ]
    assert await store.read(lambda read: read.one("SELECT n FROM line WHERE n > 9")) is None


async def test_the_number_of_changed_rows_is_told(store):
    await store.write(lambda tx: tx.many("INSERT INTO line (n) VALUES (?)", [(n,) for n in range(5)]))
    assert await store.write(lambda tx: tx.run("DELETE FROM line WHERE n > 1")) == 3
