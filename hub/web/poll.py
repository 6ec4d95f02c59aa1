"""Long-poll: a socket for networks that let no WebSocket through.

The same sessions behind the same `Socket` interface, so the guarantees are the same: frames to the browser are numbered and kept until a
later request says they arrived; frames from the browser are handled in order, and what was sent twice is stored once as
everywhere. Whoever sends no request for a while is asked by an empty answer, and given up like any other socket.

    POST {"socket": id or null, "after": n, "frames": [...]}  →  {"socket": id, "frames": [[n, frame], ...]}
"""

import asyncio
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from hub.web.sockets import BYE, SLOW, TRY_LATER, Session, room_after
from hub.wire import MAX_FRAME, BadFrame, Refusal

HELD = 25.0
"""Seconds a request waits for something to say."""
MOST_SOCKETS = 5_000


class Asked(msgspec.Struct, frozen=True):
    """The body of a poll."""

    socket: str | None = None
    after: int = 0
    frames: list[msgspec.Raw] = []


class PollSocket:
    """Frames waiting for the next request. `session` is set right after it was made; `let_go` and `end` are called at the end."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.id = secrets.token_hex(16)
        self.session: Session | None = None
        self.closed: int | None = None
        self.let_go: Callable[[], None] = _nothing
        self.end: Callable[[], None] = _nothing
        self._stirred = False
        self._n = 0
        self._bytes = 0
        self._room = SLOW
        self._frames: dict[int, bytes] = {}
        self._held: asyncio.Future[None] | None = None
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
        self._answer()

    def close(self, code: int) -> None:
        if self.closed is None:
            self.closed = code
            self._answer()

    def buffered(self) -> int:
        return self._bytes

    def stirred(self) -> bool:
        stirred, self._stirred = self._stirred, False
        return stirred

    def ask(self) -> None:
        """Whoever hears an answer asks again at once."""
        self._answer()

    def give_up(self, code: int) -> None:
        self.close(code)
        self.end()

    def arrived(self, after: int) -> None:
        """A request is here, and the browser holds everything up to `after`."""
        self._stirred = True
        for n in [n for n in self._frames if n <= after]:
            self._bytes -= len(self._frames.pop(n))

    async def news(self, seconds: float) -> list[tuple[int, msgspec.Raw]]:
        """Frames not yet acknowledged, as soon as there is one; none after so many seconds, or when another request came to wait."""
        if seconds and not self._frames and self.closed is None:
            self._answer()  # one is held and no more: who asks twice would else hold as many as they like
            self._held = mine = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await mine
            except TimeoutError:
                pass
            finally:
                if self._held is mine:
                    self._held = None
        return [(n, msgspec.Raw(data)) for n, data in self._frames.items()]

    def _answer(self) -> None:
        held, self._held = self._held, None
        if held is not None and not held.done():
            held.set_result(None)


def _nothing() -> None:
    """Nobody to tell."""


class Polls:
    """All long-poll sockets of one kind of session."""

    def __init__(self) -> None:
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
        socket.arrived(asked.after)
        async with socket.turn:
            for frame in asked.frames:
                assert socket.session is not None
                await socket.session.frame(bytes(frame))
        frames = await socket.news(0.0 if asked.frames else HELD)
        answer: dict[str, Any] = {"socket": socket.id, "frames": frames}
        if socket.closed is not None:
            answer["close"] = socket.closed
            self._end(socket)
        return msgspec.json.encode(answer)

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
        socket.end = partial(self._end, socket)
        socket.session = begin(socket)  # which may refuse
        self._sockets[socket.id] = socket
        return socket

    def _end(self, socket: PollSocket) -> None:
        if self._sockets.pop(socket.id, None) is not None and socket.session is not None:
            socket.close(BYE)  # whoever still waits for news hears of the end
            socket.let_go()
            socket.session.ended()
