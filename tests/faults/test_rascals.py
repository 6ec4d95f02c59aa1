"""Chats flow while plugins sleep, hang, spin, raise, exit, babble, cancel, leak and flood: nothing that was acknowledged is lost, chats are
as quick as they should be, the console says who is unwell, and the hub ends when it is told to. Without its protection each of
these would fail.
"""

import asyncio
import contextlib
import json
import statistics
import time

import pytest
from websockets.asyncio.client import connect

from tests.faults.checker import check
from tests.faults.child import SHOP
from tests.faults.rig import HubProcess, World, living

EVERY = ("fails", "hangs", "raises", "sleeps", "exits", "babbles", "cancels", "leaks", "floods")
UNPUNISHED = ("floods", "babbles", "hangs")
"""One waits for its turn, one is refused at the door and does not care, and to receive nothing for long is no fault: but the first
of the list has the feature and the panel as well, and those have to answer."""
PROMISE = 0.150
"""Seconds, for 99 of 100 acknowledgements beside a plugin in trouble; of a quiet machine of its own."""
MOST_CALLS = 15
"""Of a feature that fails each time, within a run: five, a few under way, and a try after each rest, while frames come twenty a second."""


async def ring(hub, stop):
    """Somebody whose page is asked for features, and who rings all the time."""
    n = 0
    while not stop.is_set():
        n += 1
        with contextlib.suppress(Exception):
            async with connect(f"ws://127.0.0.1:{hub.port}/visitor", origin=SHOP, compression=None) as line:
                await line.send(json.dumps({"t": "hello", "site": "shop", "tab": f"tab-9{n:07d}"}))
                await line.send(
                    json.dumps({"t": "page", "page": {"url": f"{SHOP}/", "title": "", "referrer": ""}})
                )
                for _ in range(10):
                    await line.send(json.dumps({"t": "feature", "name": "rascal.ring", "data": {}}))
                    await asyncio.sleep(0.05)


def p99(story, begin, end):
    """Of the seconds between two instants, the middle one's: other work on this machine spoils some, a plugin in the way all."""
    found = []
    for n in range(int(end - begin)):
        waits = sorted(wait for at, wait in story.waits if begin + n <= at < begin + n + 1)
        found.append(waits[int(len(waits) * 0.99)] if waits else float("inf"))
    return statistics.median(found)


async def findings(folder, rascals, plant="", quiet=3.0, troubled=8.0, visitors=6):
    """What is not as it should be, of a run with these rascals."""
    hub = HubProcess(folder, plant, env={"FAULT_RASCALS": " ".join(rascals)})
    try:
        return await lived(hub, rascals, quiet, troubled, visitors)
    finally:
        if hub.process is not None and hub.process.poll() is None:
            await hub.kill()


async def lived(hub, rascals, quiet, troubled, visitors):
    folder = hub.folder
    await hub.start()
    world, stop, found = World(hub, visitors=visitors, seed=21), asyncio.Event(), []
    async with living(world), asyncio.TaskGroup() as group:
        group.create_task(ring(hub, stop))
        await asyncio.sleep(1.0)
        idle = time.monotonic()
        await asyncio.sleep(quiet)
        (folder / "loft" / "go").touch()
        trouble = time.monotonic()
        await asyncio.sleep(troubled)
        over = time.monotonic()
        healths = await hub.healths()
        stop.set()
        await world.settle()
    base, beside = p99(world.story, idle, trouble), p99(world.story, trouble, over)
    if beside > base + 4 * PROMISE:
        found.append(f"slow: p99 {beside * 1e3:.0f} ms beside them, {base * 1e3:.0f} ms before")
    found += [
        f"unseen: {it} is {healths[it]['state']}"
        for it in rascals
        if (it == rascals[0] or it not in UNPUNISHED) and healths[it]["well"]
    ]
    if not healths["pigeon"]["well"]:
        found.append(f"contagious: pigeon is {healths['pigeon']}")
    calls = (folder / "loft" / f"calls-{rascals[0]}").read_text().split().count("frame")
    if calls > MOST_CALLS:
        found.append(f"unbroken: a feature that fails was called {calls} times")
    began = time.monotonic()
    code = await hub.stop()
    if code != 0 or time.monotonic() - began > 4 * 10:
        found.append(f"end: {code} after {time.monotonic() - began:.0f} s")
    return found + check(world.story, hub.database)


async def test_rascals_of_every_kind_hold_up_nobody(tmp_path):
    assert await findings(tmp_path, EVERY, troubled=6.0) == []


@pytest.mark.heavy
async def test_a_thread_that_never_lets_go_of_the_processor_slows_and_holds_up_nobody(tmp_path):
    """It takes its share of Python's one lock: whoever wants it waits half a millisecond each time, so much less can be done. One visitor is
    no load, and is answered in time; a hub at its limit has a lower limit beside it.
    """
    assert await findings(tmp_path, ("spins", "babbles"), troubled=10.0, visitors=1) == []


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("plant", "rascals", "found"),
    [
        ("no_deadlines", ("hangs",), "unseen"),
        ("no_breakers", ("fails",), "unbroken"),
        ("plugins_in_the_core", ("sleeps",), ""),
    ],
)
async def test_without_its_protection_it_fails(tmp_path, plant, rascals, found):
    try:
        seen = await findings(tmp_path, rascals, plant, quiet=2.0, troubled=5.0)
    except Exception as error:  # chats do not flow at all, and the rig says so
        seen = [f": {error}"]
    assert any(it.startswith(found) for it in seen), seen
