"""The ticks of the clockwork: one job at a time, what is late counts once, and a job that fails comes again."""

import asyncio

from hub.jobs import _tick


async def ticks(job, seconds, until):
    task = asyncio.get_running_loop().create_task(_tick(seconds, job))
    async with asyncio.timeout(10):
        await until.wait()
    task.cancel()


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
        began.append(asyncio.get_running_loop().time())
        if len(began) == 1:
            await asyncio.sleep(0.3)
        if len(began) == 3:
            enough.set()

    await ticks(job, 0.1, enough)
    assert "took longer" in caplog.text
    assert began[1] - began[0] >= 0.29, "one at a time"
    assert began[2] - began[1] >= 0.09, "and no burst afterwards"
