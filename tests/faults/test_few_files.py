"""A hub that may open few files turns new sockets away in time, and those it has go on."""

import asyncio
import json
import urllib.request

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.faults.child import SHOP
from tests.faults.rig import HubProcess

FILES = 256


async def test_with_few_files_old_sockets_live_and_new_ones_hear_503(tmp_path):
    hub = HubProcess(tmp_path, before=("prlimit", f"--nofile={FILES}:{FILES}"))
    await hub.start()
    lines, turned = [], []

    async def come():
        try:
            lines.append(await connect(f"ws://127.0.0.1:{hub.port}/visitor", origin=SHOP, compression=None))
        except InvalidStatus as error:
            turned.append(error.response)

    for _ in range(12):
        await asyncio.gather(*(come() for _ in range(25)))
    assert 100 < len(lines) < FILES
    assert len(lines) + len(turned) == 300
    assert {it.status_code for it in turned} == {503}
    assert all(int(it.headers["Retry-After"]) > 0 for it in turned)

    first = lines[0]
    await first.send(json.dumps({"t": "hello", "site": "shop", "tab": "tab-00000001"}))
    await first.send(json.dumps({"t": "open", "client_id": "message-0001", "text": "Still here?"}))
    async with asyncio.timeout(40):
        while json.loads(await first.recv())["t"] != "sent":
            pass
    with await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{hub.port}/healthz") as answer:
        assert answer.status == 200

    for line in lines[1:50]:
        await line.close()
    figures = {}

    async def room():
        figures.update(await hub.figures())
        return figures["open_files"] < FILES - 60

    async with asyncio.timeout(40):
        while not await room():
            await asyncio.sleep(0.1)
    before = len(lines)
    await asyncio.sleep(1.1)  # a count holds for a second
    await come()
    assert len(lines) == before + 1, "whoever goes makes room"
    for line in (first, *lines[50:]):
        line.transport.close()
    assert await hub.stop() == 0
