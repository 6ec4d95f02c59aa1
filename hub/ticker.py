"""APScheduler, made to keep step with elapsed time.

It dates its jobs by the wall. Set back by two days, the wall would let none be due for two days; standing still, never again; set
forward, every tick of two days would be counted through. So the jobs are kept in a store that notices by how much the wall has
moved apart from elapsed time, and moves their dates along before it is asked which are due. The scheduler's timer is the event loop's, which
counts elapsed time as it is.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from hub.clock import elapsed

LEAST = timedelta(milliseconds=10)
"""Less is two clocks that are not read at the same instant, or a wall that is put right by slewing."""
LONGEST = 1.0
"""Seconds between two looks at the wall: a jump between the look and the reckoning of the next wait costs no more than this."""


class Moving(MemoryJobStore):  # type: ignore[misc]  # it ships no types
    """Jobs in memory whose dates follow the wall when it jumps or stands still."""

    def __init__(self) -> None:
        super().__init__()
        self._apart = self._between(datetime.now(UTC))

    def get_due_jobs(self, now: datetime) -> list[Any]:
        """What is due by elapsed time; `now` is the wall's."""
        apart = self._between(now)
        moved = apart - self._apart
        if abs(moved) >= LEAST:
            for job in self.get_all_jobs():
                job.next_run_time += moved
                self.update_job(job)
            self._apart = apart
        due: list[Any] = super().get_due_jobs(now)
        return due

    def _between(self, now: datetime) -> timedelta:
        return now - datetime.fromtimestamp(0, UTC) - timedelta(microseconds=elapsed())


class Ticker(AsyncIOScheduler):  # type: ignore[misc]  # it ships no types
    """Runs coroutines every so often: each job once at a time, what is late once, however late. Start and shut down once."""

    def __init__(self) -> None:
        quiet = logging.getLogger("hub.ticker")
        quiet.setLevel(logging.ERROR)  # that a tick found its job still running is said once, by the job
        super().__init__(
            logger=quiet,
            jobstores={"default": Moving()},
            timezone="UTC",
            # Late is better than never: how late a job is, is said by the wall.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def _start_timer(self, wait_seconds: float | None) -> None:
        super()._start_timer(None if wait_seconds is None else min(wait_seconds, LONGEST))
