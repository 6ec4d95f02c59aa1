"""Our own WebSocket on uvicorn's seam, byte by byte, beside uvicorn's on the `websockets` library.

Everything here runs on uvloop, as the product does, and on asyncio's own loop, as the other tests do: transports differ in what they
buffer, and in when they tell of an end.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from hub.web import protocol as module
from hub.web.protocol import AHEAD, HubSocket
from hub.web.sockets import DIRECT, SLOW
from hub.wire import MAX_FRAME

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ASK = (
    b"GET /visitor?a=%C3%A9 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: " + KEY + b"\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Echo:
    """Says every text frame again, after the test's `pause`; closes with 1003 on anything binary, as a session of ours would refuse it."""

    def __init__(self, line: HubSocket, server: "Running") -> None:
        self.line, self.server, self.ends = line, server, 0
        self.heard: list[str] = []

    async def frame(self, data: str | bytes) -> None:
        assert isinstance(data, str)
        self.heard.append(data)
        await self.server.before_answer(self)
        self.line.send_frame(data.encode())

    def refuse_binary(self) -> None:
        self.line.close(1003)

    def ended(self) -> None:
        self.ends += 1


async def _at_once(echo: Echo) -> None:
    """No pause."""


class Running:
    """A uvicorn of the kind asked for, and what its sockets were used for."""

    def __init__(self) -> None:
        self.port = 0
        self.echoes: list[Echo] = []
        self.let_go = 0
        self.scopes: list[dict[str, Any]] = []
        self.before_answer: Callable[[Echo], Any] = _at_once
        self.asked: Callable[[dict[str, Any], Any], Any] | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        await receive()
        if self.asked is not None:
            await self.asked(scope, send)
            return
        await send({"type": "websocket.accept", "headers": [(b"x-hub", b"1")]})
        direct = scope["extensions"].get(DIRECT)
        if direct is None:
            await self._echo(receive, send)
            return
        self.echoes.append(Echo(direct, self))
        direct.take(self.echoes[-1], self._gone)

    def _gone(self) -> None:
        self.let_go += 1

    async def _echo(self, receive: Any, send: Any) -> None:
        while (event := await receive())["type"] != "websocket.disconnect":
            if event.get("text") is None:
                await send({"type": "websocket.close", "code": 1003})
            else:
                await send({"type": "websocket.send", "text": event["text"]})


@asynccontextmanager
async def serving(ws: Any) -> AsyncIterator[Running]:
    running = Running()
    listening = socket.create_server(("127.0.0.1", 0))
    running.port = listening.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            running, http="httptools", ws=ws, lifespan="off", log_config=None, ws_max_size=MAX_FRAME,
            ws_per_message_deflate=False, ws_ping_interval=None, timeout_graceful_shutdown=1, server_header=False,
        )
    )  # fmt: skip
    serve = asyncio.get_running_loop().create_task(server.serve([listening]))
    try:
        yield running
    finally:
        server.should_exit = server.force_exit = True
        await serve


@pytest.fixture
async def hub() -> AsyncIterator[Running]:
    async with serving(HubSocket) as running:
        yield running


async def talk(port: int, pieces: list[bytes], ask: bytes = ASK) -> tuple[bytes, bytes]:
    """Everything a server says to a handshake and these bytes, until it hangs up or says nothing more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(ask)
        head = await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.write(masked(0x8A, b"end"))  # an unasked pong changes nothing
        said = b""
        while piece := await asyncio.wait_for(reader.read(65_536), 0.25 if said or not pieces else 2):
            said += piece
        return head, said
    except (ConnectionResetError, TimeoutError):
        return head, said
    finally:
        writer.close()


def masked(first: int, data: bytes, size: int | None = None) -> bytes:
    size = len(data) if size is None else size
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65_536:
        head = bytes((first, 0xFE)) + struct.pack("!H", size)
    else:
        head = bytes((first, 0xFF)) + struct.pack("!Q", size)
    return head + bytes(4) + data


SCRIPTS = {
    "a text": [masked(0x81, b"hello")],
    "a text in single bytes": [bytes((b,)) for b in masked(0x81, b"hello")],
    "letters": [masked(0x81, "سلام 👋".encode())],
    "an empty text": [masked(0x81, b""), masked(0x81, b"x")],
    "two texts in one piece": [masked(0x81, b"a") + masked(0x81, b"b")],
    "fragments": [masked(0x01, b"he"), masked(0x00, b"l"), masked(0x80, b"lo")],
    "a ping between fragments": [masked(0x01, b"he"), masked(0x89, b"p"), masked(0x80, b"llo")],
    "a character cut by a fragment": [masked(0x01, b"\xd8"), masked(0x80, b"\xb3")],
    "a ping": [masked(0x89, b"are you there"), masked(0x81, b"x")],
    "the largest text": [masked(0x81, b"x" * MAX_FRAME)],
    "too large a text": [masked(0x81, b"x" * (MAX_FRAME + 1))],
    "too large in fragments": [masked(0x01, b"x" * MAX_FRAME), masked(0x80, b"x")],
    "a size beyond sense": [masked(0x81, b"", size=2**62)],
    "binary": [masked(0x82, b"\x00\x01")],
    "not masked": [b"\x81\x01x"],
    "a reserved bit": [masked(0xC1, b"x")],
    "an unknown kind": [masked(0x83, b"x")],
    "an unknown control": [masked(0x8B, b"x")],
    "a control in fragments": [masked(0x09, b"x")],
    "a long control": [masked(0x89, b"x" * 126)],
    "a fragment alone": [masked(0x80, b"x")],
    "a message within another": [masked(0x01, b"x"), masked(0x81, b"y")],
    "not utf-8": [masked(0x81, b"\xff\xfe")],
    "not utf-8 in fragments": [masked(0x01, b"a"), masked(0x80, b"\xc3")],
    "goodbye": [masked(0x88, b"\x03\xe8bye")],
    "goodbye without a code": [masked(0x88, b"")],
    "goodbye in one byte": [masked(0x88, b"\x03")],
    "goodbye with a code that is never sent": [masked(0x88, b"\x03\xed")],
    "goodbye that is not utf-8": [masked(0x88, b"\x03\xe8\xff")],
    "goodbye of an application": [masked(0x88, b"\x0f\xa0")],
    "words after goodbye": [masked(0x88, b"\x03\xe8") + masked(0x81, b"late")],
}


def meaning(said: bytes) -> list[tuple[int, bytes]]:
    """The frames in what a server said; of a close frame the code alone, since its words are free."""
    frames, at = list[tuple[int, bytes]](), 0
    while at < len(said):
        size, at = said[at + 1], at + 2
        if size == 126:
            size, at = int.from_bytes(said[at : at + 2]), at + 2
        elif size == 127:
            size, at = int.from_bytes(said[at : at + 8]), at + 8
        first = said[at - 2] if size < 126 and said[at - 1] == size else 0
        frames.append((first, said[at : at + size]))
        at += size
    return [(first, data[:2] if first == 0x88 else data) for first, data in frames]


async def test_every_script_means_the_same_to_both_servers() -> None:
    differ = dict[str, tuple[Any, Any]]()
    async with serving(HubSocket) as ours, serving("websockets-sansio") as theirs:
        said = await asyncio.gather(
            *(talk(port, pieces) for pieces in SCRIPTS.values() for port in (ours.port, theirs.port))
        )
    for name, (_, mine), (_, other) in zip(SCRIPTS, said[::2], said[1::2], strict=True):
        if meaning(mine) != meaning(other):
            differ[name] = meaning(mine), meaning(other)
    assert differ == {}


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"Sec-WebSocket-Version: 12", b"426"),
        (b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13", b"426"),
        (b"Sec-WebSocket-Key: short", b"400"),
        (b"Sec-WebSocket-Key: " + KEY + b"\r\nSec-WebSocket-Key: " + KEY, b"400"),
        (b"Sec-WebSocket-Key: not base64 at all!", b"400"),
    ],
)
async def test_a_wrong_handshake_is_refused(hub: Running, line: bytes, status: bytes) -> None:
    name = line.split(b":")[0]
    ask = b"\r\n".join(line if kept.startswith(name) else kept for kept in ASK.split(b"\r\n"))
    head, _ = await talk(hub.port, [], ask)
    assert head.startswith(b"HTTP/1.1 " + status)
    assert hub.scopes == []


async def test_the_application_sees_the_scope_that_uvicorn_makes(hub: Running) -> None:
    async with serving("websockets-sansio") as theirs:
        heads = [(await talk(port, []))[0].lower() for port in (hub.port, theirs.port)]
        mine, other = hub.scopes[0], theirs.scopes[0]
    assert mine["path"] == other["path"] == "/visitor"
    assert {key: value for key, value in mine.items() if key not in ("client", "server", "extensions", "asgi")} == {
        key: value for key, value in other.items() if key not in ("client", "server", "extensions", "asgi")
    }  # fmt: skip
    for needed in (
        b"101",
        b"sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=",
        b"x-hub: 1",
        b"upgrade: websocket",
    ):
        assert all(needed in head for head in heads)


async def test_an_application_refuses_before_it_accepts(hub: Running) -> None:
    async def refuse(scope: Any, send: Any) -> None:
        await send({"type": "websocket.close", "code": 1008})

    hub.asked = refuse
    with pytest.raises(InvalidStatus, match="403"):
        await connect(f"ws://127.0.0.1:{hub.port}/")


async def test_an_application_answers_with_a_response_of_its_own(hub: Running) -> None:
    async def later(scope: Any, send: Any) -> None:
        await send(
            {"type": "websocket.http.response.start", "status": 429, "headers": [(b"retry-after", b"3")]}
        )
        await send({"type": "websocket.http.response.body", "body": b"later"})

    hub.asked = later
    with pytest.raises(InvalidStatus) as caught:
        await connect(f"ws://127.0.0.1:{hub.port}/")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["retry-after"] == "3"
    assert caught.value.response.body == b"later"


@pytest.mark.parametrize("accepts", [False, True])
async def test_an_application_that_breaks_costs_its_own_socket(hub: Running, accepts: bool) -> None:
    async def broken(scope: Any, send: Any) -> None:
        if accepts:
            await send({"type": "websocket.accept"})
        raise RuntimeError("on purpose")

    hub.asked = broken
    if accepts:
        async with connect(f"ws://127.0.0.1:{hub.port}/") as client:
            with pytest.raises(ConnectionClosed) as caught:
                await client.recv()
        assert caught.value.rcvd is not None and caught.value.rcvd.code == 1011
    else:
        with pytest.raises(InvalidStatus, match="500"):
            await connect(f"ws://127.0.0.1:{hub.port}/")


async def test_frames_come_one_after_another_and_all_that_was_said_before_goodbye_is_taken(
    hub: Running,
) -> None:
    inside = most = 0

    async def slowly(echo: Echo) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.001)
        inside -= 1

    hub.before_answer = slowly
    words = [f"word {n}" for n in range(100)]
    async with connect(f"ws://127.0.0.1:{hub.port}/", max_queue=None) as client:
        for word in words:
            await client.send(word)
    await until(lambda: hub.let_go == 1)
    assert hub.echoes[0].heard == words
    assert (most, hub.echoes[0].ends) == (1, 1)


async def test_who_sends_faster_than_the_session_takes_is_not_read(hub: Running) -> None:
    gate = asyncio.Event()

    async def wait(echo: Echo) -> None:
        await gate.wait()

    hub.before_answer = wait
    async with connect(f"ws://127.0.0.1:{hub.port}/", max_queue=None) as client:
        sent = asyncio.get_running_loop().create_task(_flood(client))
        await until(lambda: bool(hub.echoes) and hub.echoes[0].line._paused)
        waiting = hub.echoes[0].line._waiting
        assert waiting is not None and len(waiting) <= AHEAD
        gate.set()
        assert [len(await client.recv()) for _ in range(200)] == [60_000] * 200
        await sent


async def _flood(client: Any) -> None:
    for _ in range(200):
        await client.send("x" * 60_000)


async def test_a_slow_reader_is_cut_and_its_session_ends(
    hub: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    _, writer = await asyncio.open_connection("127.0.0.1", hub.port, limit=1)
    writer.write(ASK)
    await until(lambda: bool(hub.echoes))
    line = hub.echoes[0].line
    while not line._closing:
        line.send_frame(b"x" * 60_000)
    assert line.buffered() > SLOW
    await until(lambda: hub.let_go == 1)
    assert hub.echoes[0].ends == 1
    writer.close()


async def test_a_peer_that_does_not_answer_our_goodbye_is_gone_soon(
    hub: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
    writer.write(ASK)
    await until(lambda: bool(hub.echoes))
    hub.echoes[0].line.close(1013)
    await reader.readuntil(b"\r\n\r\n")
    assert await reader.read(100) == b"\x88\x02" + (1013).to_bytes(2)
    await until(lambda: hub.let_go == 1)
    writer.close()


async def test_a_session_that_breaks_costs_its_own_socket(hub: Running) -> None:
    async def breaks(echo: Echo) -> None:
        raise RuntimeError("on purpose")

    hub.before_answer = breaks
    async with connect(f"ws://127.0.0.1:{hub.port}/") as client:
        await client.send("x")
        with pytest.raises(ConnectionClosed) as caught:
            await client.recv()
    assert caught.value.rcvd is not None and caught.value.rcvd.code == 1011
    await until(lambda: hub.let_go == 1)


async def test_an_idle_socket_has_no_task_and_no_queue(hub: Running) -> None:
    async with connect(f"ws://127.0.0.1:{hub.port}/") as client:
        await client.send("x")
        await client.recv()
        line = hub.echoes[0].line
        await until(lambda: line._waiting is None)
        assert not line._state.tasks
        assert line._late is None
        assert not hasattr(line, "__dict__")


async def until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not fact():
            await asyncio.sleep(0.005)
