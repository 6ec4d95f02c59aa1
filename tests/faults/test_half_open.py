"""Lines that only look open: a proxy loses the bytes of one way or of both and tells nobody. Both sides notice, and catch up.

The wheel turns faster here (a beat of 0.9 seconds instead of 15), so that a promise of 45 seconds is one of 2.7; asserted at four times that.
The heavy test keeps to the real seconds.
"""

import asyncio
import json
import time
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.faults.child import SHOP
from tests.faults.polled import Polled
from tests.faults.proxy import proxy
from tests.faults.rig import HubProcess, until

QUIETLY = {"compression": None, "ping_interval": None, "close_timeout": 0.2}
BEAT = 0.9
PROMISE = 3.0
"""Beats within which a dead line is found."""
LINES = 12


def open_sockets(hub):
    """Connections that the hub's process holds."""
    found = [path.readlink() for path in Path(f"/proc/{hub.process.pid}/fd").iterdir() if path.is_symlink()]
    return sum("socket:" in str(path) for path in found)


async def page(port, number, *, polls=False):
    """A page that was welcomed, by either kind of line, and says nothing more."""
    if polls:
        line = await Polled(
            f"http://127.0.0.1:{port}/visitor/poll", {"origin": SHOP}, "text/plain"
        ).__aenter__()
    else:
        line = await connect(f"ws://127.0.0.1:{port}/visitor", origin=SHOP, **QUIETLY)
    await line.send(json.dumps({"t": "hello", "site": "shop", "tab": f"tab-{number:08d}"}))
    async for frame in line:
        if json.loads(frame)["t"] == "welcome":
            return line
    raise AssertionError("it ended before the welcome")


async def beating(line, beat):
    """Until it has ended: what a page does that nobody looks at."""
    while True:
        await asyncio.sleep(beat)
        try:
            await line.send('{"t":"beat"}')
        except (ConnectionClosed, OSError):
            return


async def found_out(tmp_path, monkeypatch, *, beat, plant="", patience):
    """Seconds until the hub has let go of lines on which it hears nothing; and whether those it hears are still there."""
    monkeypatch.setenv("FAULT_BEAT", str(beat))
    hub = HubProcess(tmp_path, plant)
    await hub.start()
    try:
        return await _found_out(hub, beat, patience)
    finally:
        await hub.stop()


async def _found_out(hub, beat, patience):
    before = open_sockets(hub)
    async with proxy(lambda: hub.port) as dead, asyncio.TaskGroup() as group:
        # Two that live, one of which only answers pings, as a page in the background does; and many that fall silent.
        living = [await page(hub.port, 1), await page(hub.port, 2)]
        tasks = [group.create_task(beating(living[0], beat))]
        lines = [await page(dead.port, 10 + n, polls=n % 4 == 3) for n in range(LINES)]
        assert open_sockets(hub) >= before + LINES + len(living)
        dead.up = dead.down = True
        began = time.monotonic()
        await until(
            lambda: open_sockets(hub) <= before + len(living),
            "the hub to let go",
            seconds=patience,
            fail=False,
        )
        took = time.monotonic() - began
        await asyncio.sleep(PROMISE * beat)
        still = [line.close_code for line in living]
        for task in tasks:
            task.cancel()
        dead.cut()
        for line in (*lines, *living):
            await (line.__aexit__() if isinstance(line, Polled) else line.close())
    return took, still


async def test_the_hub_lets_go_of_whom_it_does_not_hear_and_of_nobody_else(tmp_path, monkeypatch):
    took, still = await found_out(tmp_path, monkeypatch, beat=BEAT, patience=4 * PROMISE * BEAT)
    assert took < 4 * PROMISE * BEAT
    assert still == [None, None]


async def test_a_wheel_that_stands_still_is_found_out(tmp_path, monkeypatch):
    patience = 4 * PROMISE * 0.3
    took, _ = await found_out(tmp_path, monkeypatch, beat=0.3, plant="stand_still", patience=patience)
    assert took >= patience


@pytest.mark.heavy
async def test_in_real_seconds_it_is_forty_five(tmp_path, monkeypatch):
    took, still = await found_out(tmp_path, monkeypatch, beat=15.0, patience=4 * 45)
    assert took < 60
    assert still == [None, None]


async def test_a_page_that_hears_and_is_not_heard_is_told_to_come_back(tmp_path, monkeypatch):
    monkeypatch.setenv("FAULT_BEAT", str(BEAT))
    hub = HubProcess(tmp_path)
    await hub.start()
    async with proxy(lambda: hub.port) as lossy:
        line = await page(lossy.port, 1)
        lossy.up = True  # it hears the hub, and the hub does not hear it
        async with asyncio.timeout(4 * PROMISE * BEAT):
            with pytest.raises(ConnectionClosed):
                while True:
                    await line.recv()
        assert line.close_code == 1012
    assert await hub.stop() == 0
