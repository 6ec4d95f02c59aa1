"""The clockwork: one job at a time, what is late counts once, and a job that fails comes again."""

import asyncio
import time

from hub.jobs import Jobs


async def ticks(job, seconds, until):
    jobs = Jobs(None, lambda: 0, [])
    jobs._every(seconds, job)
    jobs._ticker.start()
    async with asyncio.timeout(10):
        await until.wait()
    jobs.stop()
    await asyncio.sleep(0)


async def test_a_job_that_fails_is_tried_again(caplog):
    calls, enough = [], asyncio.Event()

    async def job():
        calls.append(1)
        if len(calls) == 3:
            enough.set()
        raise LookupError("no")

    await ticks(job, 0.01, enough)
    assert "is tried again" in caplog.text


async def test_what_is_late_counts_once(caplog):
    began, enough = [], asyncio.Event()

    async def job():
        began.append(time.monotonic())
        if len(began) == 1:
            await asyncio.sleep(0.35)
        if len(began) == 4:
            enough.set()

    await ticks(job, 0.1, enough)
    assert "took longer" in caplog.text
    assert "maximum number" not in caplog.text
    assert began[1] - began[0] >= 0.34, "one at a time"
    assert began[3] - began[1] >= 0.1, "and no burst afterwards"


async def test_a_job_that_is_under_way_at_the_end_is_no_error(caplog):
    began = asyncio.Event()

    async def job():
        began.set()
        await asyncio.Event().wait()

    await ticks(job, 0.01, began)
    await asyncio.sleep(0.01)
    assert caplog.text == ""
