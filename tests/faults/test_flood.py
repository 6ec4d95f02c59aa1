"""One address floods the hub with requests and sockets while others chat: they are served, it is told to come later."""

import asyncio
import json
import statistics
import sys
import time

import pytest
from websockets.asyncio.client import connect

from hub.web import limits
from tests.faults import flood
from tests.faults.child import SHOP
from tests.faults.rig import ROOT, HubProcess

pytestmark = pytest.mark.heavy

HONEST = 30
SECONDS = 12.0
PROMISED = 0.3
"""Seconds, for the 99th percentile; the test demands it at four times that."""


class Guest:
    """A visitor with an address of their own, who says something every second or so."""

    def __init__(self, port, number):
        self.port, self.number = port, number
        self.waits, self.refused, self.talk = [], [], None

    async def live(self, until):
        async with connect(
            f"ws://127.0.0.1:{self.port}/visitor", origin=SHOP, compression=None, local_addr=(f"127.0.1.{self.number + 1}", 0)
        ) as line:  # fmt: skip
            await line.send(json.dumps({"t": "hello", "site": "shop", "tab": f"tab-{self.number:08d}"}))
            n = 0
            while time.monotonic() < until:
                n += 1
                await self._say(line, f"guest-{self.number:03d}-{n:05d}")
                await asyncio.sleep(1.1)

    async def _say(self, line, client_id):
        said = {"t": "say", "conversation": self.talk} if self.talk else {"t": "open"}
        asked = time.monotonic()
        await line.send(json.dumps({**said, "client_id": client_id, "text": "Is anybody there?"}))
        async for data in line:
            frame = json.loads(data)
            if frame["t"] == "refused":
                self.refused.append(frame)
                return
            if frame["t"] == "sent" and frame["client_id"] == client_id:
                self.talk = frame["conversation"]
                self.waits.append(time.monotonic() - asked)
                return


async def chatted(port, seconds):
    """(how long acknowledgements took, refusals) of everybody who chats."""
    guests = [Guest(port, number) for number in range(HONEST)]
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for guest in guests:
            group.create_task(guest.live(until))
    return [wait for guest in guests for wait in guest.waits], [
        it for guest in guests for it in guest.refused
    ]


async def test_a_flood_from_one_address_holds_up_nobody_else(tmp_path):
    hub = HubProcess(tmp_path, env={"FAULT_LIMITS": "real"})
    await hub.start()
    flooding = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.flood", str(hub.port), str(SECONDS), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )  # fmt: skip
    await asyncio.sleep(1)
    waits, refusals = await chatted(hub.port, SECONDS - 3)
    said, _ = await flooding.communicate()
    answers = json.loads(said)
    assert await hub.stop() == 0

    assert refusals == []
    assert len(waits) >= 3 * HONEST
    slow = statistics.quantiles(waits, n=100)[-1]
    assert slow < 4 * PROMISED, f"p99 {slow * 1e3:.0f} ms beside {answers}"
    served = sum(n for status, n in answers.items() if not status.startswith("socket") and status != "429")
    assert answers["429"] > served, answers
    assert served <= limits.HTTP.burst + (SECONDS + 2) * limits.HTTP.per_second, answers
    assert answers["socket 101"] <= limits.SOCKETS.burst + (SECONDS + 2) * limits.SOCKETS.per_second, answers
    assert set(answers) <= {"200", "401", "404", "429", "socket 101", "socket 429"}, answers
    assert flood.ADDRESS not in (tmp_path / "hub.log").read_text(), "nor is the log flooded"
