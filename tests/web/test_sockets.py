"""Sockets over the server that `hub serve` runs, with real clients; and over ASGI alone, as any other server would."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

from hub.cli.serving import Server
from hub.web import protocol
from hub.web.protocol import HubSocket
from hub.web.sockets import BYE, SLOW, TRY_LATER, Receive, Scope, Send, Socket, WebSocket, serve
from hub.wire import MAX_FRAME

SIZES = (0, 1, 125, 126, 127, 65_535, 65_536, 200_000)


class Talker:
    """A session that keeps what it hears, and answers as the test says."""

    def __init__(self, line: Socket, answer: Callable[["Talker", str], Awaitable[None]]) -> None:
        self.line, self.answer = line, answer
        self.heard: list[str] = []
        self.ends = 0
        self.over = asyncio.Event()

    async def frame(self, data: str | bytes) -> None:
        assert isinstance(data, str)
        self.heard.append(data)
        await self.answer(self, data)

    def refuse_binary(self) -> None:
        """Nothing here is binary."""

    def ended(self) -> None:
        self.ends += 1
        self.over.set()


class Application:
    """Accepts every socket. `plain`: served by uvicorn's own WebSockets, of which we use the ASGI specification alone."""

    def __init__(self, plain: bool) -> None:
        self.plain = plain
        self.let_go = 0
        self.talkers: list[Talker] = []
        self.answer: Callable[[Talker, str], Awaitable[None]] = _echo
        self.address = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await serve(scope, receive, send, self._begin, self._gone)

    def _begin(self, line: Socket) -> Talker:
        self.talkers.append(Talker(line, self.answer))
        return self.talkers[-1]

    def _gone(self) -> None:
        self.let_go += 1


async def _echo(talker: Talker, data: str) -> None:
    talker.line.send_frame(data.encode())


@asynccontextmanager
async def running(plain: bool) -> AsyncIterator[Application]:
    application = Application(plain)
    listening = socket.create_server(("127.0.0.1", 0))
    application.address = f"ws://127.0.0.1:{listening.getsockname()[1]}/"
    server = Server(application, [listening])
    if plain:
        server.config.ws = "websockets-sansio"
    serving = asyncio.get_running_loop().create_task(server.run_until_stopped())
    yield application
    server.should_exit = server.force_exit = True
    await serving


@pytest.fixture
async def application() -> AsyncIterator[Application]:
    async with running(plain=False) as application:
        yield application


@pytest.fixture(params=["direct", "plain"])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[Application]:
    """Both ways of serving."""
    async with running(plain=request.param == "plain") as application:
        yield application


async def test_frames_of_every_size_arrive_whole_and_in_order(either: Application) -> None:
    async def all_sizes(talker: Talker, data: str) -> None:
        for size in SIZES:
            talker.line.send_frame(b"x" * size)

    either.answer = all_sizes
    async with connect(either.address, max_size=None, compression=None) as client:
        await client.send("go")
        assert [len(await client.recv()) for _ in SIZES] == list(SIZES)
    kind = WebSocket if either.plain else HubSocket
    assert isinstance(either.talkers[0].line, kind)


async def test_letters_of_any_alphabet_arrive(either: Application) -> None:
    async with connect(either.address) as client:
        await client.send("سلام · 你好 · 👋")
        assert await client.recv() == "سلام · 你好 · 👋"


async def test_what_was_sent_before_a_close_arrives_and_what_comes_after_is_not_sent(
    either: Application,
) -> None:
    async def leave(talker: Talker, data: str) -> None:
        talker.line.send_frame(b"last words")
        talker.line.close(4401)
        talker.line.close(BYE)
        talker.line.send_frame(b"too late")

    either.answer = leave
    async with connect(either.address) as client:
        await client.send("go")
        assert await client.recv() == "last words"
        with pytest.raises(ConnectionClosed) as closed:
            await client.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    await either.talkers[0].over.wait()
    assert either.talkers[0].ends == 1


async def flood(talker: Talker, data: str) -> None:
    """Far more than a reader and all buffers between can take, without ever waiting."""
    for _ in range(400):
        talker.line.send_frame(b"x" * 50_000)


async def test_a_slow_reader_is_cut_with_try_later_and_the_hub_holds_little_for_it(
    either: Application,
) -> None:
    either.answer = flood
    async with connect(either.address, max_size=None, compression=None) as client:
        await client.send("go")
        with pytest.raises(ConnectionClosedError) as closed:
            while True:
                await client.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == TRY_LATER
    assert either.talkers[0].line.buffered() <= SLOW + 50_000


async def test_a_reader_that_takes_nothing_is_let_go(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "PATIENCE", 0.05)

    async def flood_once(talker: Talker, data: str) -> None:
        while isinstance(talker.line, HubSocket) and not talker.line._closing:
            talker.line.send_frame(b"x" * 50_000)
            await asyncio.sleep(0)

    application.answer = flood_once
    client = await connect(application.address, max_size=None, compression=None)
    client.transport.pause_reading()
    await client.send("go")
    while not application.talkers:
        await asyncio.sleep(0)
    talker = application.talkers[0]
    async with asyncio.timeout(10):
        await talker.over.wait()
    assert talker.ends == 1
    client.transport.abort()


async def test_a_slow_reader_does_not_hold_up_the_next(either: Application) -> None:
    async def both(talker: Talker, data: str) -> None:
        if data == "everybody":
            await flood(either.talkers[0], data)
            for each in either.talkers:
                each.line.send_frame(b"news")

    either.answer = both
    slow = await connect(either.address, max_size=None, compression=None)
    async with connect(either.address) as quick:
        await slow.send("here")
        slow.transport.pause_reading()
        await quick.send("everybody")
        async with asyncio.timeout(5):
            assert await quick.recv() == "news"
    slow.transport.abort()


async def test_a_frame_that_is_too_big_ends_its_socket(either: Application) -> None:
    async with connect(either.address) as client:
        with pytest.raises(ConnectionClosed) as closed:
            await client.send("x" * (MAX_FRAME + 1))
            await client.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    await either.talkers[0].over.wait()
    assert either.talkers[0].heard == []


async def test_a_session_that_breaks_costs_only_its_own_socket(
    either: Application, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_down(talker: Talker, data: str) -> None:
        if data == "break":
            raise RuntimeError("a bug")
        await _echo(talker, data)

    either.answer = break_down
    async with connect(either.address) as other, connect(either.address) as client:
        await client.send("break")
        with pytest.raises(ConnectionClosed) as closed:
            await client.recv()
        await other.send("still here")
        assert await other.recv() == "still here"
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1011
    assert "a session broke" in caplog.text


async def test_sending_after_the_reader_has_gone_is_harmless(either: Application) -> None:
    async with connect(either.address) as client:
        await client.send("hello")
        await client.recv()
    talker = either.talkers[0]
    await talker.over.wait()
    talker.line.send_frame(b"anybody?")
    talker.line.close(BYE)
    assert talker.ends == 1
    while not either.let_go:
        await asyncio.sleep(0)
