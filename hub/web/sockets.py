"""The small interface that sessions are written against, and WebSockets behind it.

A session sends whole frames, closes with a code, and can be asked how much waits for a slow reader. It never awaits a send: events
come in a plain loop over many sockets, and one slow reader must not hold the others up. A reader too far behind is cut with 1013
and catches up by number; nothing is lost, since truth is in the database.
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, Protocol

from hub.wire import MAX_FRAME

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Tasks = set[asyncio.Task[None]]

SLOW = 256 * 1024
"""Bytes that may wait for one reader besides one frame, which may be larger: who asked for a long list and was cut for its length
would ask again for ever."""
PATIENCE = 10.0
"""Seconds in which a reader that was told to go may still take what waits, and the close frame behind it."""

TURN = 16
"""Frames of one socket after which others have their turn: many that arrived at once would be taken without a pause."""
PING = b"\x89\x00"

BYE, NOT_ALLOWED, TOO_BIG, BROKEN, RESTARTING, TRY_LATER = 1000, 1008, 1009, 1011, 1012, 1013
DIRECT = "hub.socket"
"""Where a server of ours puts the socket itself into `scope["extensions"]` (`hub/web/protocol.py`)."""
BAD_FIRST_FRAME, SIGNED_OUT, UNKNOWN_SITE = 4400, 4401, 4404

log = logging.getLogger("hub.web")


class Socket(Protocol):
    """Where a session's frames go. Every method returns at once and may be called after the end.

    Sessions know the first three; the last three are for the wheel, which looks whether anybody is still there.
    """

    def send_frame(self, data: bytes) -> None:
        """Send one text frame, UTF-8."""

    def close(self, code: int) -> None:
        """End it; `code` tells the browser's script whether and when to come back."""

    def buffered(self) -> int:
        """Bytes that the reader has not taken yet."""

    def stirred(self) -> bool:
        """Whether anything at all has arrived since this was asked last."""

    def ask(self) -> None:
        """Ask for a sign of life, which a living reader gives without a word of its script."""

    def give_up(self, code: int) -> None:
        """End it as one that nobody answers on: its session has ended within moments, whatever the other side does."""


def room_after(room: int, waiting: int, size: int) -> int:
    """How much may wait for a reader that is given a frame of `size` bytes while `waiting` are under way."""
    return SLOW + size if waiting <= SLOW else room


class DirectSocket(Socket, Protocol):
    """One that calls its session itself, with no task in between (`hub/web/protocol.py`)."""

    def take(self, session: "Session", let_go: Callable[[], None]) -> None:
        """Hand it over. `let_go` is called once, after the session has ended."""


class Session(Protocol):
    """What is said on a socket, by one page or tab."""

    async def frame(self, data: str | bytes) -> None:
        """One frame arrived. Frames of a socket come one after another."""

    def refuse_binary(self) -> None:
        """A binary frame arrived; nothing of ours is binary."""

    def ended(self) -> None:
        """The socket is gone. Called exactly once."""


class WebSocket:
    """A WebSocket over plain ASGI. Frames wait in a list that one short-lived task drains.

    The specification knows no pings, so here only what the browser's script says is a sign of life.
    """

    __slots__ = ("_bytes", "_closing", "_room", "_send", "_stirred", "_tasks", "_waiting")

    def __init__(self, send: Send, tasks: Tasks) -> None:
        self._send = send
        self._tasks = tasks
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._room = SLOW
        self._closing: int | None = None
        self._stirred = False

    def send_frame(self, data: bytes) -> None:
        if self._closing is not None:
            return
        self._room = room_after(self._room, self._bytes, len(data))
        if self._bytes > self._room:
            self.close(TRY_LATER)
            return
        self._waiting.append(data)
        self._bytes += len(data)
        if len(self._waiting) == 1:
            _soon(self._tasks, self._drain())

    def close(self, code: int) -> None:
        if self._closing is None:
            self._closing = code
            if not self._waiting:
                _soon(self._tasks, self._drain())

    def buffered(self) -> int:
        return self._bytes

    def stirred(self) -> bool:
        stirred, self._stirred = self._stirred, False
        return stirred

    def ask(self) -> None:
        pass

    def give_up(self, code: int) -> None:
        self.close(code)

    def listening(self, receive: Receive) -> Receive:
        """`receive`, noticing that something arrives."""

        async def receiving() -> MutableMapping[str, Any]:
            event = await receive()
            self._stirred = True
            return event

        return receiving

    async def _drain(self) -> None:
        try:
            while self._waiting:
                data = self._waiting[0]
                await self._send({"type": "websocket.send", "text": data.decode()})
                del self._waiting[0]
                self._bytes -= len(data)
            if self._closing is not None:
                await self._send({"type": "websocket.close", "code": self._closing})
        except Exception as error:  # the peer is gone; whatever the server raises then, we only stop
            self._closing = self._closing or BYE
            self._waiting.clear()
            log.debug("socket: the peer went while we wrote: %r", error)


def framed(data: bytes) -> bytes:
    """One whole text frame as a server sends it."""
    size = len(data)
    if size < 126:
        return bytes((0x81, size)) + data
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2) + data
    return b"\x81\x7f" + size.to_bytes(8) + data


def _soon(tasks: Tasks, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


async def serve(
    scope: Scope,
    receive: Receive,
    send: Send,
    begin: Callable[[Socket], Session | None],
    let_go: Callable[[], None],
) -> None:
    """Accept a socket and give it to the session that `begin` makes; None where `begin` closed it instead. On `hub serve` this returns
    when the socket is open, on any other ASGI server when it has ended. `let_go` is called once, at the end."""
    direct: DirectSocket | None = scope.get("extensions", {}).get(DIRECT)
    taken = False
    try:
        await send({"type": "websocket.accept"})
        if direct is None:
            await _serve_plainly(receive, send, begin)
        elif (session := begin(direct)) is not None:
            taken = True
            direct.take(session, let_go)
    finally:
        if not taken:
            let_go()


async def _serve_plainly(receive: Receive, send: Send, begin: Callable[[Socket], Session | None]) -> None:
    tasks: Tasks = set()
    socket = WebSocket(send, tasks)
    session = begin(socket)
    gone = False
    if session is not None:
        try:
            gone = await _hand_over(socket.listening(receive), socket, session)
        except Exception:
            log.exception("socket: a session broke")
            socket.close(BROKEN)
        finally:
            session.ended()
    if not gone:
        await _until_gone(receive)


async def _until_gone(receive: Receive) -> None:
    """Wait for the end of a socket that we have closed: returning earlier, the server would hang up before the close frame."""
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def _hand_over(receive: Receive, socket: Socket, session: Session) -> bool:
    """Frames, one after another. True when the peer has gone, False when a frame was too big to go on."""
    for n in itertools.count(1):
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return True
        if n % TURN == 0:
            await asyncio.sleep(0)
        data = event.get("text")
        if data is None:
            session.refuse_binary()
        elif len(data) > MAX_FRAME:
            socket.close(TOO_BIG)
            return False
        else:
            await session.frame(data)
    return False
