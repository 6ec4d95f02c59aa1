"""The ticker under a wall that jumps and stands still: jobs go on as if nothing had happened, neither stopping nor making up for it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers import base
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from hub.ticker import Ticker

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY = 0.05


class Wall(datetime):
    """The clock that the scheduler looks at."""

    moved = timedelta(0)
    stands_at: datetime | None = None

    @classmethod
    def now(cls, tz=None):
        return (cls.stands_at or datetime.now(tz)) + cls.moved


@pytest.fixture
def wall(monkeypatch):
    monkeypatch.setattr(base, "datetime", Wall)
    yield Wall
    Wall.moved, Wall.stands_at = timedelta(0), None


class Ticks:
    """A job of every few milliseconds; `at` has when it ran, in the loop's seconds."""

    def __init__(self, ticker):
        self.at, self.ticker = [], ticker
        ticker.add_job(self.tick, "interval", seconds=EVERY)
        ticker.start()

    async def tick(self):
        self.at.append(asyncio.get_running_loop().time())

    async def more(self, seconds):
        """How many came within these seconds."""
        before = len(self.at)
        await asyncio.sleep(seconds)
        return len(self.at) - before


@pytest.fixture
async def ticks():
    ticks = Ticks(Ticker())
    yield ticks
    ticks.ticker.shutdown()
    await asyncio.sleep(0)


async def test_jumps_neither_stop_nor_hurry_a_job(wall, ticks):
    await ticks.more(0.1)
    for jump in (HOUR, -HOUR, 2 * DAY, -2 * DAY, timedelta(0)):
        wall.moved = jump
        came = await ticks.more(0.5)
        assert 2 <= came <= 12, f"{came} ticks of {EVERY} s in half a second after a jump to {jump}"


async def test_a_wall_that_stands_still_holds_up_no_job(wall, ticks):
    wall.stands_at = datetime.now(UTC)
    assert 2 <= await ticks.more(0.5) <= 12


@pytest.mark.parametrize("trouble", ["set back", "stands still"])
async def test_a_scheduler_that_goes_by_the_wall_stops(wall, trouble):
    plain = Ticks(AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True}))
    try:
        await plain.more(0.1)
        if trouble == "set back":
            wall.moved = -2 * DAY
        else:
            wall.stands_at = datetime.now(UTC)
        await plain.more(0.1)
        assert await plain.more(0.3) == 0
    finally:
        plain.ticker.shutdown()
        await asyncio.sleep(0)
