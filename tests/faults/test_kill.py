"""kill -9 at any instant: what was acknowledged is there, once, in order, for everybody; and the checker finds planted bugs."""

import asyncio
import random

import pytest

from tests.faults.checker import check
from tests.faults.rig import HubProcess, World, living
from tests.faults.story import Hooked
from tests.outbox.receiver import Receiver, receiving


async def lived_through(
    folder, *, kills, seed=1, visitors=8, plant="", between=(0.25, 0.9), quiet=0.0, trouble=0.02
):
    """(story, database) after so many kills under load, when everybody has settled and the hub has stopped."""
    async with receiving(Moody(random.Random(seed), trouble)) as receiver:
        hub = HubProcess(folder, plant, env={"FAULT_HOOKS": str(receiver.port)})
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
    world.story.hooked = [hooked(post) for post in receiver.taken("/")]
    return world, hub.database


class Moody(Receiver):
    """Refuses, or says nothing to, some events when it is first told of them."""

    def __init__(self, rng, trouble):
        super().__init__()
        self.rng, self.trouble, self.seen = rng, trouble, set()

    def mood(self, path, id_):
        first = id_ not in self.seen
        self.seen.add(id_)
        return (
            self.rng.choice(["500", "vanish", "garbage", "cut"])
            if first and self.rng.random() < self.trouble
            else "ok"
        )


def hooked(post):
    data = post.body["data"]
    conversation = data.get("conversation", data["id"])
    return Hooked(post.id, post.body["type"], conversation, data["id"], data.get("seq", 0))


async def test_ten_kills_lose_double_and_disorder_nothing(tmp_path):
    world, database = await lived_through(tmp_path, kills=10)
    assert check(world.story, database) == []
    assert world.acknowledged > 200, "too little was going on to show anything"
    assert len(world.story.hooked) > 200
    lines = [one.lines for one in world.visitors]
    assert sum(lines) / len(lines) > 5, "hardly anybody was there when it was killed"


@pytest.mark.heavy
async def test_fifty_kills(tmp_path):
    world, database = await lived_through(tmp_path, kills=50, seed=2, visitors=16)
    assert check(world.story, database) == []


@pytest.mark.parametrize(
    ("plant", "rules", "kills"),
    [
        ("acknowledge_before_commit", {"C1"}, 3),
        ("no_dedupe", {"C2"}, 0),
        ("drop_one_event", {"C4"}, 0),
        pytest.param("hook_outside", {"C5"}, 2, marks=pytest.mark.heavy),
        pytest.param("drop_one_hook", {"C5"}, 0, marks=pytest.mark.heavy),
        pytest.param("no_lanes", {"C5"}, 1, marks=pytest.mark.heavy),
    ],
)
async def test_the_checker_finds_a_planted_bug(tmp_path, plant, rules, kills):
    world, database = await lived_through(
        tmp_path, kills=kills, seed=3, plant=plant, quiet=1.5, trouble=0.1 if plant == "no_lanes" else 0.0
    )
    found = check(world.story, database)
    assert rules <= {it[:2] for it in found}, found
