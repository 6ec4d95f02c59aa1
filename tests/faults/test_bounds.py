"""What a hub holds for those who come is given back when they go; and a leak of one thing per socket is found."""

import asyncio
import json

import pytest

from tests.bench.load import connect
from tests.faults.bounds import growth, within
from tests.faults.child import SHOP
from tests.faults.rig import HubProcess

PAGES = 25
ROUNDS = 12


class Page:
    """One that comes as the same visitor each time, says a word, looks round and goes."""

    def __init__(self, number):
        self.number, self.token, self.talk, self.n = number, None, None, 0

    async def visit(self, port):
        self.heard = asyncio.get_running_loop().create_future()
        self.line = await connect(port, "/visitor", f"Origin: {SHOP}\r\n", self._hear)
        hello = {"t": "hello", "site": "shop", "tab": f"tab-{self.number:08d}"}
        self._say(**hello, **({"token": self.token} if self.token else {}))
        async with asyncio.timeout(40):
            await self.heard
        self.line.close()

    def _say(self, **frame):
        self.line.send(json.dumps(frame).encode())

    def _hear(self, data):
        if not data:
            if not self.heard.done():
                self.heard.set_exception(ConnectionError("the socket ended"))
            return
        frame = json.loads(data)
        if frame["t"] == "welcome":
            self.token = frame.get("token") or self.token
            self._say(t="page", page={"url": f"{SHOP}/", "title": "Shop", "referrer": ""})
            self.n += 1
            what = {"t": "say", "conversation": self.talk} if self.talk else {"t": "open"}
            self._say(**what, client_id=f"p{self.number}-{self.n:06d}", text=f"word {self.n}")
        elif frame["t"] == "sent" and not self.heard.done():
            self.talk = frame["conversation"]
            self.heard.set_result(None)


async def findings(folder, plant="", rounds=ROUNDS):
    hub = HubProcess(folder, plant)
    await hub.start()
    pages = [Page(number) for number in range(PAGES)]

    async def come_and_go(rounds):
        for _ in range(rounds):
            await asyncio.gather(*(page.visit(hub.port) for page in pages))

    async def rest():
        figures = {}

        async def look():
            figures.update(await hub.figures(objects=True))
            return figures["sockets"] == 0 and figures["writer_waiting"] == 0

        async with asyncio.timeout(40):
            while not await look():
                await asyncio.sleep(0.1)
        return dict(figures)

    await come_and_go(4)  # caches fill
    before = await rest()
    await come_and_go(rounds)
    after = await rest()
    assert await hub.stop() == 0
    return growth(before, after, PAGES * rounds) + within([before, after])


async def test_nothing_is_kept_of_those_who_went(tmp_path):
    assert await findings(tmp_path) == []


@pytest.mark.parametrize(
    ("plant", "what"),
    [
        pytest.param("leak_a_task", "tasks", marks=pytest.mark.heavy),
        ("leak_a_queue", "objects"),
        pytest.param("leak_a_file", "open_files", marks=pytest.mark.heavy),
    ],
)
async def test_one_thing_kept_per_socket_is_found(tmp_path, plant, what):
    found = await findings(tmp_path, plant)
    assert any(it.startswith(f"C8: {what} grew") for it in found), found


def test_a_moment_out_of_bounds_is_a_finding():
    moment = {"sockets": 10, "tasks": 50, "open_files": 100, "log_bytes": 0}
    assert within([moment]) == []
    assert within([{**moment, "tasks": 1000}]) == ["C8: tasks was 1000; at most 136"]
    assert within([{**moment, "log_bytes": 1 << 30}], starts=3)[0].startswith("C8: the log has")
