"""Frames that are none, on the real server: they cost their sender the line and nobody else anything."""

import asyncio
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect

from tests.faults.child import SHOP
from tests.faults.rig import HubProcess

MASK = b"\0\0\0\0"
HANDSHAKE = (
    "GET /visitor HTTP/1.1\r\nHost: localhost\r\nOrigin: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def frame(first, data=b"", *, masked=True):
    """A frame of at most 125 bytes with this first byte."""
    return bytes((first, len(data) | (0x80 if masked else 0))) + (MASK if masked else b"") + data


async def sent(port, data):
    """What the hub says to these bytes on a new WebSocket, until it hangs up or has been quiet for a while; and whether it hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HANDSHAKE.format(SHOP).encode())
    assert b"101" in await reader.readuntil(b"\r\n\r\n")
    heard, ended = b"", False
    try:
        writer.write(data)
        async with asyncio.timeout(10):
            while part := await reader.read(65_536):
                heard += part
                if b"\x88" in part:
                    writer.write(frame(0x88, b"\x03\xe8"))
            ended = True
    except (TimeoutError, ConnectionError) as error:
        ended = isinstance(error, ConnectionError)
    writer.close()
    return heard, ended


class Witness:
    """A page that goes on meanwhile, and how long it ever waited for an answer."""

    def __init__(self, port):
        self.port, self.worst = port, 0.0

    async def live(self):
        async with connect(f"ws://127.0.0.1:{self.port}/visitor", origin=SHOP, ping_interval=None) as line:
            await line.send(json.dumps({"t": "hello", "site": "shop", "tab": "tab-of-witness"}))
            await line.recv()
            while True:
                began = time.monotonic()
                await line.send('{"t":"beat"}')
                while json.loads(await line.recv())["t"] != "beat":
                    pass
                self.worst = max(self.worst, time.monotonic() - began)
                await asyncio.sleep(0.01)


@pytest.fixture
async def hub(tmp_path):
    running = HubProcess(tmp_path)
    await running.start()
    yield running
    assert await running.stop() == 0


CODES = {
    "a reserved bit": (frame(0xC1, b"{}"), 1002),
    "an opcode that is none": (frame(0x83, b"{}"), 1002),
    "no mask": (frame(0x81, b"{}", masked=False), 1002),
    "a ping of 126 bytes": (bytes((0x89, 0xFE)) + (126).to_bytes(2) + MASK + b"x" * 126, 1002),
    "a piece of nothing": (frame(0x80, b"x"), 1002),
    "letters that are none": (frame(0x81, b"\xc3\x28"), 1007),
    "too large": (bytes((0x81, 0xFF)) + (65_537).to_bytes(8) + MASK, 1009),
    "a million pieces": (frame(0x01, b"{") + frame(0x00) * 1_000_000, 1008),
    "pings and nothing else": (frame(0x89) * 100_000, 1008),
    "no hello": (frame(0x81, b'{"t":"beat"}'), 4400),
    "no frame of ours": (frame(0x81, b"[" * 100), 4400),
}


async def test_bad_frames_cost_their_sender_the_line_and_others_nothing(hub):
    witness = Witness(hub.port)
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(witness.live())
        for what, (data, code) in CODES.items():
            heard, ended = await sent(hub.port, data)
            assert ended, what
            if (
                len(data) < 100_000
            ):  # what is still being sent when the line ends may take the close frame with it
                assert b"\x88" in heard and code.to_bytes(2) in heard, (what, heard)
        watching.cancel()
    assert witness.worst < 4 * 0.3, "somebody else had to wait"


async def test_bytes_of_any_kind_leave_the_hub_as_it_was(hub):
    loop = asyncio.get_running_loop()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.builds(lambda first, data, masked: frame(first, data, masked=masked),
                              st.integers(0, 255), st.binary(max_size=125), st.booleans()), max_size=8))  # fmt: skip
    def fuzz(frames):
        asyncio.run_coroutine_threadsafe(quickly(b"".join(frames)), loop).result()

    async def quickly(data):
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        writer.write(HANDSHAKE.format(SHOP).encode())
        assert b"101" in await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        writer.write_eof()
        async with asyncio.timeout(10):
            while await reader.read(65_536):
                pass
        writer.close()

    await asyncio.to_thread(fuzz)
    assert hub.answers()
    assert "Traceback" not in (hub.folder / "hub.log").read_text()
