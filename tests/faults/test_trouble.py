"""Trouble around a living hub: it is told to stop, the disk is full, somebody else holds the database. Nothing acknowledged is lost,
whoever cannot be served is told so, and the hub goes on by itself when the trouble is over.
"""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import threading
import time

import pytest

from tests.faults.checker import check
from tests.faults.rig import PATIENCE, HubProcess, World, living, until


async def going_on(world, more=50):
    """Until so many more messages are acknowledged than now."""
    before = world.acknowledged
    await until(lambda: world.acknowledged >= before + more, f"{more} more acknowledgements")


async def test_a_hub_that_is_told_to_stop_drains_and_tells_everybody_to_come_back(tmp_path):
    hub = HubProcess(tmp_path)
    await hub.start()
    world = World(hub, visitors=8, seed=11)
    async with living(world):
        for _ in range(2):
            await going_on(world)
            began = time.monotonic()
            await hub.stop()
            assert time.monotonic() - began < 10
            await until(
                lambda: not any(one.welcome for one in world.visitors), "everybody to have heard of it"
            )
            everybody = (*world.visitors, *world.operators)
            assert {one.closed for one in everybody if not one.polls} == {1012}
            # Who was between two requests found nobody there.
            assert {one.closed for one in everybody if one.polls} <= {1012, 1006}
            await hub.start()
        await going_on(world)
        await world.settle()
    await hub.stop()
    assert check(world.story, hub.database) == []


async def test_a_locked_database_delays_and_does_not_lose(tmp_path):
    hub = HubProcess(tmp_path)
    await hub.start()
    world = World(hub, visitors=6, seed=12)
    async with living(world):
        await going_on(world)
        holding = threading.Thread(target=hold, args=(hub.database, 3.0))
        holding.start()
        await asyncio.to_thread(holding.join, PATIENCE)
        await going_on(world)
        await world.settle()
    await hub.stop()
    assert check(world.story, hub.database) == []
    assert world.story.refused == []


@pytest.mark.heavy
async def test_a_database_locked_for_long_is_a_word_to_come_again_and_loses_nothing(tmp_path):
    hub = HubProcess(tmp_path)
    await hub.start()
    world = World(hub, visitors=6, seed=14)
    async with living(world):
        await going_on(world)
        holding = threading.Thread(target=hold, args=(hub.database, 20.0))
        began = time.monotonic()
        holding.start()
        await until(lambda: world.unavailable > 0, "somebody to be told to come again")
        assert time.monotonic() - began < 4 * 5, "after five seconds, as promised"
        assert hub.answers(), "reading goes on"
        await asyncio.to_thread(holding.join, PATIENCE)
        await going_on(world)
        await world.settle()
    await hub.stop()
    assert check(world.story, hub.database) == []
    assert world.story.refused == []
    assert "database: what is written cannot be confirmed" in (tmp_path / "hub.log").read_text()


def hold(database, seconds):
    """Another program writes, and takes its time."""
    other = sqlite3.connect(database, isolation_level=None, timeout=10)
    other.execute("BEGIN IMMEDIATE")
    time.sleep(seconds)
    other.execute("ROLLBACK")
    other.close()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


async def test_a_full_disk_is_a_clear_refusal_and_heals_by_itself(small_disk):
    hub = HubProcess(small_disk)
    await hub.start()
    world = World(hub, visitors=6, seed=13)
    async with living(world):
        await going_on(world)
        filler = small_disk / "filler"
        fill(filler)
        await until(lambda: world.unavailable > 0, "somebody to be told that nothing can be stored")
        told = world.acknowledged
        assert hub.answers(), "reading goes on"
        filler.unlink()
        await until(lambda: world.acknowledged > told + 50, "the hub to go on by itself")
        await world.settle()
    await hub.stop()
    assert check(world.story, hub.database) == []


def fill(path):
    """To the last byte, and once more what a checkpoint may have given back meanwhile."""
    with path.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(os.urandom(size))
