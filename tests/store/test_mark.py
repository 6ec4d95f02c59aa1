"""A log that is not what it was when the hub died is noticed; one that is, or was tidied up by the hub itself, is not."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hub.store import StoreCorrupt
from hub.store.mark import mark_path, promised
from hub.store.preparing import prepare
from tests.store.test_crash import CHILD, ROOT
from tests.store.test_writer import insert


@pytest.fixture(scope="module")
def died(tmp_path_factory):
    """The folder of a writer that was killed."""
    folder = tmp_path_factory.mktemp("died")
    child = subprocess.Popen([sys.executable, CHILD, folder / "hub.db"], stdout=subprocess.PIPE, cwd=ROOT)
    with child:
        for _ in range(50):
            assert child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.stdout.read()
    return folder


@pytest.fixture
def database(died, tmp_path):
    shutil.copytree(died, tmp_path / "data")
    return tmp_path / "data" / "hub.db"


def log_of(database):
    return database.with_name("hub.db-wal")


def test_the_log_of_a_killed_hub_is_as_long_as_was_noted(database):
    assert 0 < promised(database) <= (log_of(database).stat().st_size - 32) // 4120
    prepare(database)
    assert promised(database) == 0, "the hub has taken it over"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_cut_log_is_noticed(database, share):
    os.truncate(log_of(database), int(promised(database) * 4120 * share))
    with pytest.raises(StoreCorrupt, match=r"was cut, damaged or deleted.*delete hub\.db\.mark"):
        prepare(database)
    with pytest.raises(StoreCorrupt):
        prepare(database)
    mark_path(database).unlink()
    prepare(database)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_a_flipped_byte_in_the_log_is_noticed(database, share):
    image = bytearray(log_of(database).read_bytes())
    image[int(promised(database) * 4120 * share)] ^= 0x01
    log_of(database).write_bytes(image)
    with pytest.raises(StoreCorrupt, match="was cut"):
        prepare(database)


def test_a_deleted_log_is_noticed(database):
    log_of(database).unlink()
    with pytest.raises(StoreCorrupt, match="found 0"):
        prepare(database)


async def test_a_hub_that_ends_in_order_promises_nothing(opened, store, tmp_path):
    await store.write(insert, 1)
    await store.write(insert, 2)
    assert promised(Path(tmp_path / "hub.db")) > 0
    await store.close()
    assert promised(tmp_path / "hub.db") == 0
    await opened()


async def test_a_log_that_was_emptied_promises_nothing_until_the_next_commit(store, tmp_path):
    store.journal._limit, store.journal._next = 0, 0.0
    await store.write(insert, 1)
    await store.write(insert, 2)
    store.journal._limit = 1 << 30
    assert promised(tmp_path / "hub.db") * 4120 <= store.journal.path.stat().st_size


async def test_trouble_and_emptying_open_no_files_for_good(store):
    store.journal._limit, store.journal._next = 0, 0.0
    before = len(list(Path("/proc/self/fd").iterdir()))
    for n in range(30):
        store.journal._next = 0.0
        await store.write(insert, n)
        await asyncio.gather(store.write(lambda tx: tx.run("COMMIT")), return_exceptions=True)
    await store.write(insert, 100)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 8, "one each time would be thirty"
