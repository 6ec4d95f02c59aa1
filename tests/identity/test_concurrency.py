"""The same people arriving at once on many channels, redelivered and out of order, and a hub that dies and comes back."""

import asyncio
import random

import pytest

from hub import identity, intake
from hub.identity import oracle, rebuilding
from hub.store import Store
from tests.identity.histories import touchpoints

NOW = 1_700_000_000_000_000
WORDS = (
    [("user_id", u) for u in "ABC"] + [("email", f"{m}@shop.org") for m in "mno"] + [("device", f"d{n}") for n in range(4)]
    + [("session", f"s{n}") for n in range(9)] + [("phone", "+493012345678")]
)  # fmt: skip


def crowd(seed, size):
    """Touchpoints of a few people who share things."""
    from hub.contract import Level

    dice = random.Random(seed)
    levels = {"user_id": Level.VERIFIED, "device": Level.OBSERVED, "session": Level.OBSERVED}
    drawn = []
    for _ in range(size):
        claims = {
            k: (k, v, levels.get(k) or dice.choice(list(Level)))
            for k, v in dice.sample(WORDS, dice.randint(1, 3))
        }
        drawn.append(
            (dice.randint(0, 50), list(claims.values()), dice.choice([None, None, "Ann Berg", "Bob Stone"]))
        )
    return touchpoints(drawn)


def put(tx, touchpoint):
    return identity.resolve_touch(tx, intake.accept(tx, "c", touchpoint)).customer


@pytest.mark.parametrize("seed", range(4))
async def test_many_writers_with_redeliveries_give_the_rules_records(tmp_path, seed):
    store = await Store.open(
        tmp_path / "hub.db", clock=lambda: NOW, publish=lambda topic, event: None, synchronous="NORMAL"
    )
    reports = crowd(seed, 120)
    dice = random.Random(seed)

    async def writer():
        for report in dice.sample(reports, len(reports)):
            await (store.write if dice.random() < 0.5 else store.write_background)(put, report)

    try:
        await asyncio.gather(*(writer() for _ in range(4)))
        assert await store.read(rebuilding.differences) == []
        assert len(await store.read(oracle.customers)) == len(reports)
    finally:
        await store.close()


async def test_a_hub_that_comes_back_and_hears_everything_again_has_the_rules_records(tmp_path):
    reports = crowd(9, 90)
    for upto in (30, 60, 90):  # each time it has all it had acknowledged, and is told from the beginning
        store = await Store.open(
            tmp_path / "hub.db", clock=lambda: NOW, publish=lambda topic, event: None, synchronous="NORMAL"
        )
        try:
            await asyncio.gather(*(store.write(put, report) for report in reports[:upto]))
            assert await store.read(rebuilding.differences) == []
        finally:
            await store.close()


async def test_an_action_that_fails_after_placing_leaves_nothing(tmp_path):
    store = await Store.open(
        tmp_path / "hub.db", clock=lambda: NOW, publish=lambda topic, event: None, synchronous="NORMAL"
    )
    reports = crowd(3, 40)

    def fails(tx, report):
        put(tx, report)
        raise RuntimeError("after placing")

    try:
        waiting = [store.write(fails if n % 3 == 0 else put, report) for n, report in enumerate(reports)]
        await asyncio.gather(*waiting, return_exceptions=True)
        assert await store.read(rebuilding.differences) == []
        assert len(await store.read(oracle.customers)) == sum(n % 3 != 0 for n in range(40))
    finally:
        await store.close()
