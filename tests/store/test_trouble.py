"""What a writer does when the disk is full, the file is locked, or damage shows: nothing acknowledged is lost."""

import asyncio
import resource
import sqlite3
import threading

import pytest

from hub.store import Store, StoreCorrupt, StoreUnavailable, Tx
from tests.store.test_writer import insert, numbers


class TestAFullDisk:
    """SQLite rolls back the whole transaction when it cannot grow the file, savepoints or not."""

    async def fill(self, store: Store) -> None:
        def limit(tx: Tx) -> None:
            (pages,) = tx.one("PRAGMA page_count")
            tx.all(f"PRAGMA max_page_count={pages + 4}")

        await store.write(limit)

    async def test_acknowledges_nothing_it_did_not_keep_and_goes_on_by_itself(self, store, events):
        await store.write(insert, 1)
        await self.fill(store)
        answers = await asyncio.gather(
            *(store.write(insert, n, "x" * 3000) for n in range(2, 40)), return_exceptions=True
        )
        assert any(isinstance(answer, StoreUnavailable) for answer in answers)
        assert all(isinstance(answer, int | StoreUnavailable) for answer in answers)
        # The reopened connection has no limit any more: the disk has space again.
        assert await store.write(insert, 100) == 100
        kept = [answer for answer in answers if isinstance(answer, int)]
        assert await store.read(numbers) == [1, *kept, 100]
        assert [n for _, n in events] == [1, *kept, 100]
        assert store.counters.lost >= 1

    async def test_says_what_to_look_for(self, store):
        await self.fill(store)
        with pytest.raises(StoreUnavailable, match=r"full.*send it again"):
            await store.write(insert, 1, "x" * 100_000)

    async def test_keeps_serving_reads(self, store):
        await store.write(insert, 1)
        await self.fill(store)
        await asyncio.gather(store.write(insert, 2, "x" * 100_000), return_exceptions=True)
        assert await store.read(numbers) == [1]


async def test_a_disk_that_refuses_to_write_loses_nothing_acknowledged(store, tmp_path):
    """A limit on file sizes makes the kernel refuse the log's growth in the middle of a commit."""
    await asyncio.gather(*(store.write(insert, n) for n in range(20)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "hub.db-wal").stat().st_size + 20_000, hard))
    try:
        answers = await asyncio.gather(
            *(store.write(insert, n, "x" * 3000) for n in range(20, 80)), return_exceptions=True
        )
        assert await store.read(lambda read: read.one("SELECT count(*) FROM line WHERE n < 20")) == (20,)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert any(isinstance(answer, StoreUnavailable) for answer in answers)
    kept = [answer for answer in answers if isinstance(answer, int)]
    assert await store.write(insert, 100) == 100
    assert await store.read(numbers) == [*range(20), *kept, 100]
    assert await store.read(lambda read: read.one("PRAGMA integrity_check")) == ("ok",)


async def test_an_action_that_ends_the_transaction_hurts_its_group_only(store):
    with pytest.raises(StoreUnavailable):
        await store.write(lambda tx: tx.run("COMMIT"))
    assert await store.write(insert, 1) == 1


async def test_a_lock_held_by_another_program_delays_and_loses_nothing(store, tmp_path):
    intruder = sqlite3.connect(tmp_path / "hub.db", isolation_level=None, check_same_thread=False)
    intruder.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, intruder.rollback).start()
    assert await store.write(insert, 1) == 1
    intruder.close()


async def test_a_lock_held_too_long_is_an_error_and_later_writes_succeed(store, tmp_path):
    intruder = sqlite3.connect(tmp_path / "hub.db", isolation_level=None)
    await store.write(lambda tx: tx.all("PRAGMA busy_timeout=50"))
    intruder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        await store.write(insert, 1)
    intruder.close()
    assert await store.write(insert, 1) == 1


async def test_damage_met_while_writing_stops_all_writing(store):
    def meet_damage(tx: Tx) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    with pytest.raises(StoreCorrupt, match="restore the last good backup"):
        await store.write(meet_damage)
    with pytest.raises(StoreCorrupt):
        await store.write(insert, 1)
    assert await store.read(numbers) == []


async def test_what_must_be_written_is_written_when_the_trouble_is_over(store, tmp_path):
    intruder = sqlite3.connect(tmp_path / "hub.db", isolation_level=None, check_same_thread=False)
    await store.write(lambda tx: tx.all("PRAGMA busy_timeout=20"))
    intruder.execute("BEGIN IMMEDIATE")
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(store.write_surely(insert, 1))
        with pytest.raises(StoreUnavailable):
            await store.write(insert, 2)
        intruder.rollback()
    intruder.close()
    assert writing.result() == 1
    assert await store.read(numbers) == [1]
