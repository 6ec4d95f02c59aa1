"""A WebSocket of the hub on uvicorn's `ws=` seam: frames go from the transport straight into a session, and back.

uvicorn has parsed the request; this class answers it through ASGI, so that who may open which socket is decided where everything else
is decided. An application that accepts takes the socket with `scope["extensions"]["hub.socket"]` and returns. From then on there is no
task, queue or dictionary of ours: an idle socket is this object, its transport and its session. A frame starts a short-lived task that
ends when nothing more has arrived, so the frames of a socket come one after another.

What it demands of a peer is in `incoming.py`. What it demands of itself: a peer that does not read, answer or go is gone after
`PATIENCE` (`transport.abort`), and one that sends faster than its session takes is not read (`pause_reading`).
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from hub.web.incoming import (
    BINARY,
    CLOSE,
    NO_CODE,
    NOT_ALLOWED,
    NOT_TEXT,
    PING,
    TEXT,
    Broken,
    Incoming,
    close_code,
)
from hub.web.opening import Opening
from hub.web.sockets import BROKEN, PATIENCE, RESTARTING, SLOW, TRY_LATER, Session, framed, room_after
from hub.wire import MAX_FRAME

AHEAD: Final = 16
"""Frames that may wait for a session before its peer is not read any more."""
AT_ONCE: Final = 64
"""Frames looked at before other sockets have their turn."""
PINGS: Final = 64
"""Pings without a word in between: more is somebody who keeps us busy."""

log = logging.getLogger("hub.web")


SMALL, TOGETHER = 4_096, 16
"""Bytes of a frame that may wait for others of the same turn of the loop, and how many do."""


class HubSocket(asyncio.Protocol):
    """One WebSocket: uvicorn's protocol towards the network, `hub.web.sockets.Socket` towards its session."""

    __slots__ = ("_begun", "_closing", "_config", "_gone", "_held", "_in", "_late", "_let_go", "_paused", "_pings", "_room", "_session", "_state", "_stirred", "_transport", "_waiting", "_working")  # fmt: skip

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any]) -> None:
        self._config = config
        self._state = server_state
        self._transport: asyncio.Transport
        self._session: Session | None = None
        self._let_go: Callable[[], None] | None = None
        self._in: Incoming | None = None
        self._waiting: list[str | bytes] | None = None
        self._late: asyncio.TimerHandle | None = None
        self._held: list[bytes] | None = None
        self._room = SLOW
        self._pings = 0
        self._begun = self._closing = self._gone = self._paused = self._stirred = self._working = False

    # ------------------------------------------------------------------------------------------------ the socket of a session

    def send_frame(self, data: bytes) -> None:
        if self._closing or self._transport.is_closing():
            return
        waiting = self.buffered()
        self._room = room_after(self._room, waiting, len(data))
        if waiting > self._room:
            self.close(TRY_LATER)
            return
        # What is sent in one turn of the loop leaves in one write: the acknowledgement, the message and the state of its conversation
        # are three frames, and a system call costs more than all else that is done for a frame.
        if self._held is None:
            self._held = []
            asyncio.get_running_loop().call_soon(self._write_held)
        self._held.append(framed(data))
        if len(data) > SMALL or len(self._held) >= TOGETHER:
            self._write_held()  # only the system tells how much a reader is behind

    def close(self, code: int) -> None:
        if self._waiting:
            self._waiting.clear()  # its session has ended it, and hears no more
        self._say_goodbye(code)

    def buffered(self) -> int:
        return self._transport.get_write_buffer_size() + (sum(map(len, self._held)) if self._held else 0)

    def _write_held(self) -> None:
        held, self._held = self._held, None
        if held and not self._transport.is_closing():
            self._transport.write(held[0] if len(held) == 1 else b"".join(held))

    def stirred(self) -> bool:
        stirred, self._stirred = self._stirred, False
        return stirred

    def ask(self) -> None:
        if not self._closing and not self._transport.is_closing():
            self._transport.write(b"\x89\x00")

    def give_up(self, code: int) -> None:
        if self._closing or self._transport.get_write_buffer_size():
            self._transport.abort()  # what waits there would wait for as long as the system keeps trying
        else:
            self.close(code)  # to whoever hears and is not heard

    def take(self, session: Session, let_go: Callable[[], None]) -> None:
        """Hand the accepted socket to its session. `let_go` is called once, after `session.ended`."""
        self._session, self._let_go = session, let_go
        if self._gone:
            self._end()
        else:
            self._read()

    # ------------------------------------------------------------------------------------------------ uvicorn's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._state.connections.add(self)  # type: ignore[arg-type]  # uvicorn names its own classes there, and asks only `shutdown`

    def data_received(self, data: bytes) -> None:
        self._stirred = True
        if not self._begun:
            self._begun = True
            self._begin(data)
        elif not self._gone:
            if self._in is None:
                self._in = Incoming(MAX_FRAME)
            self._in.feed(data)
            self._read()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone = self._closing = True
        self._state.connections.discard(self)
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if self._session is not None and not self._working:
            self._end()

    def shutdown(self) -> None:
        """uvicorn stops; sessions were told by then."""
        self.close(RESTARTING)
        self._transport.close()

    # ------------------------------------------------------------------------------------------------ frames

    def _read(self) -> None:
        """Take what has arrived, as far as the session keeps up."""
        if self._session is None and not self._closing:
            return self._hold(reading=False)
        if self._in is None:
            return self._hold(reading=True)
        try:
            for _ in range(AT_ONCE):
                if self._waiting is not None and len(self._waiting) >= AHEAD:
                    return self._hold(reading=False)
                if (arrived := self._in.next()) is None:
                    if self._in.empty:
                        self._in = None  # between frames there is nothing to keep
                    return self._hold(reading=True)
                self._arrived(*arrived)
        except Broken as error:
            log.debug("socket: closed with %d: %s", error.code, error)
            self._refuse(error.code)
        else:
            self._hold(reading=False)
            asyncio.get_running_loop().call_soon(self._read)

    def _arrived(self, opcode: int, data: bytes) -> None:
        if opcode == CLOSE:
            self._farewell(close_code(data))
        elif opcode == PING:
            self._pings += 1
            if self._pings > PINGS:
                raise Broken(NOT_ALLOWED, "pings and nothing else")
            if not self._closing:
                self._transport.write(bytes((0x8A, len(data))) + data)
        elif opcode <= BINARY and not self._closing:
            self._pings = 0
            self._keep(_text(data) if opcode == TEXT else data)

    def _keep(self, data: str | bytes) -> None:
        if self._waiting is not None:
            self._waiting.append(data)
            return
        self._waiting, self._working = [data], True
        task = asyncio.get_running_loop().create_task(self._work())
        self._state.tasks.add(task)
        task.add_done_callback(self._state.tasks.discard)

    async def _work(self) -> None:
        """One frame after another, until none is left. A session that breaks costs only its own socket."""
        session = self._session
        assert session is not None
        try:
            while self._waiting:
                data = self._waiting.pop(0)
                if isinstance(data, str):
                    await session.frame(data)
                else:
                    session.refuse_binary()
                if self._paused and not self._gone:
                    self._read()
        except Exception:
            log.exception("socket: a session broke")
            self.close(BROKEN)
        finally:
            self._waiting, self._working = None, False
            if self._gone:
                self._end()
            elif self._paused:
                self._read()

    def _hold(self, *, reading: bool) -> None:
        """Read the peer, or let it wait."""
        if self._paused == reading and not self._transport.is_closing():
            self._paused = not reading
            (self._transport.resume_reading if reading else self._transport.pause_reading)()

    # ------------------------------------------------------------------------------------------------ the beginning

    def _begin(self, head: bytes) -> None:
        opening = Opening(self, self._transport, head, self._config.root_path)
        task = asyncio.get_running_loop().create_task(opening.run(self._config.loaded_app))
        self._state.tasks.add(task)
        task.add_done_callback(self._state.tasks.discard)

    def opened(self) -> None:
        """The application has returned: from here on the socket belongs to its session, or ends."""
        if self._session is None and not self._transport.is_closing():
            self.close(BROKEN)
            self._read()

    # ------------------------------------------------------------------------------------------------ the end

    def _farewell(self, code: int) -> None:
        """The peer's close frame: answered, unless it is the answer to ours. What it said before is still taken."""
        self._say_goodbye(None if code == NO_CODE else code)
        self._transport.close()

    def _refuse(self, code: int) -> None:
        """The peer broke the protocol: it is told why, and not listened to any more."""
        self._say_goodbye(code)
        self._transport.close()

    def _say_goodbye(self, code: int | None) -> None:
        """One close frame. A peer that does not go then, or takes nothing of what waits, is cut."""
        self._write_held()
        if not self._closing:
            self._closing = True
            self._transport.write(b"\x88\x00" if code is None else b"\x88\x02" + code.to_bytes(2))
            self._late = asyncio.get_running_loop().call_later(PATIENCE, self._transport.abort)

    def _end(self) -> None:
        session, let_go = self._session, self._let_go
        self._session = self._let_go = None
        if session is None or let_go is None:
            return
        try:
            session.ended()
        except Exception:
            log.exception("socket: the end of a session broke")
        finally:
            let_go()


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Broken(NOT_TEXT, "a text message is UTF-8") from None
