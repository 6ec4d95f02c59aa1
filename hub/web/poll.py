"""Long-poll: a socket for networks that let no WebSocket through.

The same sessions behind the same `Socket` interface, so the guarantees are the same: frames to the browser are numbered and kept until a
later request says they arrived; frames from the browser are handled in order, and what was sent twice is stored once as
everywhere. A poll socket that nobody polls for 40 seconds has ended.

    POST {"socket": id or null, "after": n, "frames": [...]}  →  {"socket": id, "frames": [[n, frame], ...]}
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

import msgspec

from hub.web.sockets import BYE, SLOW, TRY_LATER, Session, room_after
from hub.wire import MAX_FRAME, BadFrame, Refusal

HELD = 25.0
"""Seconds a request waits for something to say."""
ABANDONED = 40.0
"""Seconds without a request after which the socket has ended."""
MOST_SOCKETS = 5_000


class Asked(msgspec.Struct, frozen=True):
    """The body of a poll."""

    socket: str | None = None
    after: int = 0
    frames: list[msgspec.Raw] = []


class PollSocket:
    """Frames waiting for the next request. `session` is set right after it was made; `let_go` is called at the end."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.id = secrets.token_hex(16)
        self.session: Session | None = None
        self.closed: int | None = None
        self.heard = 0.0
        self.let_go: Callable[[], None] = lambda: None
        self._n = 0
        self._bytes = 0
        self._room = SLOW
        self._frames: dict[int, bytes] = {}
        self._news = asyncio.Event()
        self.turn = asyncio.Lock()

    def send_frame(self, data: bytes) -> None:
        if self.closed is not None:
            return
        self._room = room_after(self._room, self._bytes, len(data))
        if self._bytes > self._room:
            self.close(TRY_LATER)
            return
        self._n += 1
        self._frames[self._n] = data
        self._bytes += len(data)
        self._news.set()

    def close(self, code: int) -> None:
        if self.closed is None:
            self.closed = code
            self._news.set()

    def buffered(self) -> int:
        return self._bytes

    def arrived(self, after: int) -> None:
        """The browser holds everything up to `after`."""
        for n in [n for n in self._frames if n <= after]:
            self._bytes -= len(self._frames.pop(n))
        if not self._frames and self.closed is None:
            self._news.clear()

    async def news(self, seconds: float) -> list[tuple[int, msgspec.Raw]]:
        """Frames not yet acknowledged, as soon as there is one; none after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return []
        return [(n, msgspec.Raw(data)) for n, data in self._frames.items()]


class Polls:
    """All long-poll sockets of one kind of session."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sockets: dict[str, PollSocket] = {}
        self._decode = msgspec.json.Decoder(Asked).decode

    def read(self, body: bytes) -> Asked:
        """The body of a request; `Refusal` bad_request or too_large."""
        if len(body) > MAX_FRAME:
            raise Refusal(
                "too_large", f"expected at most {MAX_FRAME} bytes, got {len(body)}; send fewer frames at once"
            )
        try:
            return self._decode(body)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise Refusal("bad_request", f"poll: {error}") from None

    async def exchange(self, asked: Asked, owner: str, begin: Callable[[PollSocket], Session]) -> bytes:
        """One request. `owner` (address, or session) is whose socket it must be.

        Refusals: socket_gone (say hello on a new one), bad_request.
        """
        socket = self._socket(asked, owner, begin)
        socket.heard = self._clock()
        socket.arrived(asked.after)
        async with socket.turn:
            for frame in asked.frames:
                assert socket.session is not None
                await socket.session.frame(bytes(frame))
        frames = await socket.news(0.0 if asked.frames else HELD)
        socket.heard = self._clock()
        answer: dict[str, Any] = {"socket": socket.id, "frames": frames}
        if socket.closed is not None:
            answer["close"] = socket.closed
            self._end(socket)
        return msgspec.json.encode(answer)

    async def sweep(self) -> None:
        """End sockets that nobody polls."""
        for socket in [s for s in self._sockets.values() if s.heard < self._clock() - ABANDONED]:
            self._end(socket)

    def close_all(self, code: int) -> None:
        """Tell everybody to come back later."""
        for socket in self._sockets.values():
            socket.close(code)

    def _socket(self, asked: Asked, owner: str, begin: Callable[[PollSocket], Session]) -> PollSocket:
        if asked.socket is not None:
            found = self._sockets.get(asked.socket)
            if found is None or found.owner != owner:
                raise Refusal("socket_gone", "this poll has ended; say hello on a new one")
            return found
        if not asked.frames:
            raise BadFrame("poll: the first request of a socket carries `hello`")
        if len(self._sockets) >= MOST_SOCKETS:
            raise Refusal("unavailable", "too many open polls; try again later", retry_after=30.0)
        socket = PollSocket(owner)
        socket.session = begin(socket)  # which may refuse
        self._sockets[socket.id] = socket
        return socket

    def _end(self, socket: PollSocket) -> None:
        if self._sockets.pop(socket.id, None) is not None and socket.session is not None:
            socket.close(BYE)  # whoever still waits for news hears of the end
            socket.let_go()
            socket.session.ended()
