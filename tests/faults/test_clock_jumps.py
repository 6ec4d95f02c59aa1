"""The machine's clock jumps by an hour and by two days, back and forth, and stands still, under a living hub: nothing is lost, doubled or
put in another order, nothing that is timed happens early, twice or never again, and no time that is shown runs backwards.
"""

import asyncio
import shutil
import sqlite3
import struct
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.checker import check
from tests.faults.rig import HubProcess, World, living, until

HOUR, DAY = 3600, 86400
SQL_UNINDEXED = "SELECT 1 FROM search_due LIMIT 1"
JUMPS = (HOUR, -HOUR, 2 * DAY, -2 * DAY, 0)


class Wall:
    """The wall clock of the hub's process."""

    def __init__(self, file):
        self.file = file
        self.file.write_bytes(bytes(16))

    def says(self, offset=0.0, stands_at=0.0):
        with self.file.open("r+b") as file:
            file.write(struct.pack("=qq", int(offset * 1e9), int(stands_at * 1e9)))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    cc = shutil.which("cc")
    if cc is None:
        pytest.skip("no C compiler to build a clock with: apt-get install gcc")
    made = tmp_path_factory.mktemp("clock") / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([cc, "-shared", "-fPIC", "-O2", "-o", made, source, "-ldl"], check=True)
    return made


@pytest.fixture
def wall(library, tmp_path, monkeypatch):
    wall = Wall(tmp_path / "wall")
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("FAULT_CLOCK", str(wall.file))
    return wall


def rows(database, sql):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as file:
        return file.execute(sql).fetchall()


async def lived_through(folder, wall, plant="", jumps=JUMPS):
    """(world, database) after every jump, with some messages after each."""
    hub = HubProcess(folder, plant)
    await hub.start()
    world = World(hub, visitors=6, seed=31)

    async def going_on(seconds=1.0):
        await asyncio.sleep(seconds)  # ticks of two seconds and leases have to have their chance
        before = world.acknowledged
        await until(lambda: world.acknowledged >= before + 20, "more acknowledgements")

    async with living(world):
        await going_on()
        for jump in jumps:
            wall.says(jump)
            await going_on()
        wall.says(stands_at=time.time())
        await going_on(2.5)
        await world.settle()
        await until(lambda: not rows(hub.database, SQL_UNINDEXED), "the jobs to go on", fail=False, seconds=5)
    assert await hub.stop() == 0
    return world, hub.database


def untimely(database, began):
    """What a jump would have moved: messages' times, visits, presence, deliveries."""
    told = []
    for talk, times in rows(
        database,
        "SELECT hex(conversation), json_group_array(at) FROM (SELECT * FROM message ORDER BY seq) GROUP BY 1",
    ):
        at = [float(it) / 1e6 for it in times.strip("[]").split(",")]
        if at != sorted(at):
            told.append(f"the times of {talk[:8]} run backwards")
        if not (began - 60 <= at[0] and at[-1] <= time.time() + 60):
            told.append(f"the times of {talk[:8]} are not those of this test")
    if rows(database, "SELECT 1 FROM visit WHERE closed_at IS NOT NULL"):
        told.append("a visit was closed while its page was open")
    if rows(database, "SELECT 1 FROM outbox WHERE attempts > 1"):
        told.append("a delivery was made twice")
    if rows(database, SQL_UNINDEXED):
        told.append("what was said is not found: the jobs stand still")
    return told


async def test_jumps_of_the_clock_touch_neither_order_nor_timers(tmp_path, wall):
    began = time.time()
    world, database = await lived_through(tmp_path, wall)
    assert check(world.story, database) == []
    assert untimely(database, began) == []
    assert "clock has jumped" in (tmp_path / "hub.log").read_text(), "the owner was told"


async def test_a_hub_that_goes_by_the_wall_is_found_out(tmp_path, wall):
    began = time.time()
    world, database = await lived_through(tmp_path, wall, "go_by_the_wall", jumps=(-HOUR,))
    assert untimely(database, began) or check(world.story, database)


@pytest.mark.heavy
async def test_a_ticker_that_goes_by_the_wall_is_found_out(tmp_path, wall):
    began = time.time()
    _, database = await lived_through(tmp_path, wall, "tick_by_the_wall", jumps=(-HOUR,))
    assert "what was said is not found: the jobs stand still" in untimely(database, began)
