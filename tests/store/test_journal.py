"""The log stays short under our own reading, however much there is, and is emptied as soon as another program lets it."""

import asyncio
import sqlite3
import subprocess
import sys

import pytest

from hub.store import StoreTooSlow, journal, others
from hub.upkeep import Upkeep
from tests.store.test_writer import insert

LIMIT = 256 * 1024
PAGES = "x" * 4000


@pytest.fixture
def short(store, monkeypatch):
    """A log that may be a quarter of a megabyte, and is looked at all the time."""
    monkeypatch.setattr(journal, "LOOK", 0.0)
    monkeypatch.setattr(journal, "AGAIN", 0.0)
    store.journal._limit, store.journal._next = LIMIT, 0.0
    return store


def size(store):
    return store.journal.path.stat().st_size


async def test_it_stays_short_though_somebody_always_reads(short):
    ends = asyncio.Event()

    async def read_on():
        while not ends.is_set():
            await short.read(lambda read: read.all("SELECT count(*) FROM (SELECT words FROM line LIMIT 200)"))

    largest = 0
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(read_on())
        for n in range(400):
            await short.write(insert, n, PAGES)
            largest = max(largest, size(short))
        ends.set()
    assert largest < 4 * LIMIT


async def test_without_our_looking_it_would_grow(short):
    """The control: what the test above writes is many times the limit."""
    short.journal._limit = 1 << 40
    for n in range(400):
        await short.write(insert, n, PAGES)
    assert size(short) > 4 * LIMIT


READER = """
import sqlite3, sys
reader = sqlite3.connect(sys.argv[1], isolation_level=None)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM line").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""


async def test_another_program_that_reads_without_end_is_told_of_by_name(short, monkeypatch):
    said = {}
    watch = Upkeep(short, lambda: 0, lambda part, state, why: said.update({part: why}))
    monkeypatch.setattr("hub.upkeep.PATIENCE", 0.0)
    monkeypatch.setattr(journal, "PATIENCE_MS", 1)
    reader = subprocess.Popen(  # noqa: ASYNC220  # nobody else lives here
        [sys.executable, "-c", READER, short.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with reader:
        assert reader.stdout.readline() == b"reading\n"
        for n in range(300):
            await short.write(insert, n, PAGES)
        assert size(short) > LIMIT, "nothing can be done about it"
        await watch.look()
        assert f"process {reader.pid}" in said["journal"]
        assert others(short.path)
    await short.write(insert, 1000)
    await short.write(insert, 1001)  # the log is looked at when the first one has been answered
    assert size(short) <= LIMIT
    await watch.look()
    assert said["journal"] is None


async def test_a_query_that_does_not_end_is_ended(opened):
    store = await opened(readers=1)
    store._readers._deadline = 0.2
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(StoreTooSlow, match="longer than"):
        await store.read(lambda read: read.one(endless))
    assert await store.read(lambda read: read.one("SELECT 1")) == (1,)


async def test_writes_that_are_not_confirmed_are_told_of_until_they_are(store, tmp_path):
    said = {}
    watch = Upkeep(store, lambda: 0, lambda part, state, why: said.update({part: why}))
    await store.write(lambda tx: tx.all("PRAGMA busy_timeout=20"))
    intruder = sqlite3.connect(tmp_path / "hub.db", isolation_level=None)
    intruder.execute("BEGIN IMMEDIATE")
    await asyncio.gather(store.write(insert, 1), return_exceptions=True)
    await watch.look()
    assert "locked" in said["database"]
    intruder.close()
    await store.write(insert, 2)
    await watch.look()
    assert said["database"] is None
