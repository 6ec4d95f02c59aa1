"""kill -9 at any instant: what was acknowledged is there, once, in order, for everybody; and the checker finds planted bugs."""

import asyncio

import pytest

from tests.faults.checker import check
from tests.faults.rig import HubProcess, World, living


async def lived_through(folder, *, kills, seed=1, visitors=8, plant="", between=(0.25, 0.9), quiet=0.0):
    """(story, database) after so many kills under load, when everybody has settled and the hub has stopped."""
    hub = HubProcess(folder, plant)
    await hub.start()
    world = World(hub, visitors, seed)
    async with living(world):
        for _ in range(kills):
            await asyncio.sleep(world.rng.uniform(*between))
            await hub.kill()
            await hub.start()
        await asyncio.sleep(quiet or 0.5)
        await world.settle()
    assert await hub.stop() == 0
    return world, hub.database


async def test_ten_kills_lose_double_and_disorder_nothing(tmp_path):
    world, database = await lived_through(tmp_path, kills=10)
    assert check(world.story, database) == []
    assert world.acknowledged > 200, "too little was going on to show anything"
    lines = [one.lines for one in world.visitors]
    assert sum(lines) / len(lines) > 5, "hardly anybody was there when it was killed"


@pytest.mark.heavy
async def test_fifty_kills(tmp_path):
    world, database = await lived_through(tmp_path, kills=50, seed=2, visitors=16)
    assert check(world.story, database) == []


@pytest.mark.parametrize(
    ("plant", "rules", "kills"),
    [("acknowledge_before_commit", {"C1"}, 6), ("no_dedupe", {"C2"}, 4), ("drop_one_event", {"C4"}, 0)],
)
async def test_the_checker_finds_a_planted_bug(tmp_path, plant, rules, kills):
    world, database = await lived_through(tmp_path, kills=kills, seed=3, plant=plant, quiet=1.5)
    found = check(world.story, database)
    assert rules <= {it[:2] for it in found}, found
