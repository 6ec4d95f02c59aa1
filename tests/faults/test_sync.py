"""Acknowledged means on disk: between a message and its acknowledgement lies a sync that has ended. A killed process cannot show this,
because the page cache survives it; the system calls can.
"""

import asyncio
import json
import re
import shutil
import subprocess

import pytest
from websockets.asyncio.client import connect

from tests.faults.child import SHOP
from tests.faults.rig import HubProcess

CALLS = "trace=fdatasync,fsync,write,writev,sendto,sendmsg"
SYNCED = re.compile(r"(fdatasync|fsync)(\(\d+\)| resumed>\)) += 0")
ACKNOWLEDGED = re.compile(r'\\"t\\":\\"sent\\",\\"client_id\\":\\"(message-\d+)')
MESSAGES = 20


def may_trace() -> bool:
    """Whether there is strace, and this machine lets it look."""
    found = shutil.which("strace")
    return (
        found is not None and subprocess.run([found, "-o", "/dev/null", "true"], check=False).returncode == 0
    )


pytestmark = pytest.mark.skipif(not may_trace(), reason="no strace that may look: apt-get install strace")


async def unsynced(folder, plant=""):
    """Acknowledgements that no sync came before, of one visitor who writes one message after the other."""
    trace = folder / "trace"
    hub = HubProcess(folder, plant, before=("strace", "-f", "-s", "400", "-e", CALLS, "-o", str(trace)))
    await hub.start()
    async with connect(f"ws://127.0.0.1:{hub.port}/visitor", origin=SHOP, compression=None) as line:
        await line.send(json.dumps({"t": "hello", "site": "shop", "tab": "tab-00000001"}))
        talk = None
        for n in range(MESSAGES):
            frame = {"t": "say", "conversation": talk} if talk else {"t": "open"}
            await line.send(json.dumps({**frame, "client_id": f"message-{n:04d}", "text": f"Number {n}"}))
            while (heard := json.loads(await line.recv()))["t"] != "sent":
                pass
            talk = heard["conversation"]
            await asyncio.sleep(
                0.03
            )  # the commits that follow a message are over: this sync is the next message's own
    await hub.kill()
    return without_a_sync(trace.read_text().splitlines())


def without_a_sync(lines):
    synced, bare, met = False, [], []
    for line in lines:
        if SYNCED.search(line):
            synced = True
        for client_id in ACKNOWLEDGED.findall(line):
            met.append(client_id)
            if not synced:
                bare.append(client_id)
            synced = False
    assert len(met) == MESSAGES, f"strace has seen {len(met)} acknowledgements of {MESSAGES}"
    return bare


async def test_every_acknowledgement_comes_after_a_sync(tmp_path):
    assert await unsynced(tmp_path) == []


async def test_a_hub_that_does_not_wait_for_the_disk_is_found_out(tmp_path):
    assert len(await unsynced(tmp_path, "commit_without_sync")) > MESSAGES / 2
