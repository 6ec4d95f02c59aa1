"""What a page that only stays open costs: objects are counted, since a full collection walks every one of them, for all pages at once."""

import asyncio
import gc
import socket
from collections import Counter
from pathlib import Path

import uvloop

from hub.cli.serving import Server
from tests.bench.bench_sockets import hello, look
from tests.bench.serving import SHOP, hub_application
from tests.web.test_protocol import masked

PAGES = 40
HEAD = (
    f"GET /visitor HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: {SHOP}\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
MOST = 14
"""Objects that the collector walks: ten now, of which five are uvloop's (the transport, its socket, a weak reference, a list and a method)."""


async def page(port: int, number: int) -> socket.socket:
    """One that said hello and where it is. A bare socket, so that what is counted is the hub's."""
    loop = asyncio.get_running_loop()
    line = socket.create_connection(("127.0.0.1", port))
    line.setblocking(False)
    await loop.sock_sendall(line, HEAD.encode())
    said = b""
    for frame, answer in (
        (b"", b"\r\n\r\n"),
        (hello(number), b'"t":"welcome"'),
        (look(number), b'"t":"visit"'),
    ):
        await loop.sock_sendall(line, masked(0x81, frame) if frame else b"")
        async with asyncio.timeout(10):
            while answer not in said:
                said += await loop.sock_recv(line, 65_536)
    return line


def alive() -> Counter[str]:
    gc.collect()
    return Counter(type(it).__qualname__ for it in gc.get_objects())


async def one_more_page(folder: Path) -> dict[str, float]:
    """The objects that each page adds, by the names of their types."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    hub = await hub_application(folder, port, 0)
    server = Server(hub, [listening], hub.hall.close)
    serving = asyncio.get_running_loop().create_task(server.run_until_stopped())
    lines = [await page(port, number) for number in range(10)]
    counts = [alive()]
    for first in (10, 10 + PAGES):
        lines += [await page(port, first + number) for number in range(PAGES)]
        counts.append(alive())
    for line in lines:
        line.close()
    server.should_exit = True
    await serving
    await hub.stop()
    before, between, after = counts
    more = (between - before) & (after - between)  # of both: what is made only once is not for a page
    return {name: many / PAGES for name, many in more.items() if many >= PAGES / 2}


def test_an_idle_page_is_a_handful_of_objects_and_no_task_queue_or_dictionary(tmp_path: Path) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the product runs
        found = runner.run(one_more_page(tmp_path))
    # The page's own; and of sqlite3, which remembers up to 200 cursors of a connection, and urllib, as many addresses.
    for name in ("socket", "ReferenceType", "SplitResult"):
        found.pop(name, None)
    assert found["HubSocket"] == found["VisitorSession"] == 1
    assert not found.keys() & {
        "Task",
        "Future",
        "Queue",
        "TimerHandle",
        "dict",
        "set",
        "function",
        "cell",
        "Incoming",
    }, found
    assert sum(found.values()) <= MOST, found
