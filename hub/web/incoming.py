"""What browsers send on a WebSocket, taken apart (RFC 6455 §5, the server's half).

A reader keeps what has not been read of one socket and nothing else; between frames that is nothing, and it can be thrown away (`empty`). It is pure: bytes go in,
whole messages and control frames come out, and what breaks the protocol raises `Broken` with the close code that RFC 6455 §7.4 has for it.
No extension is spoken, so reserved bits are always an error. What a peer can make us do in one go is bounded: bytes of a message, and pieces
of it, for empty pieces have no bytes.
"""

from typing import Final, NamedTuple

try:
    from websockets.speedups import apply_mask
except ImportError:  # pragma: no cover - a wheel without its C part; the same function, slower
    from websockets.utils import apply_mask

CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_KNOWN: Final = frozenset((CONTINUED, TEXT, BINARY, CLOSE, PING, PONG))

PROTOCOL_ERROR, NOT_TEXT, NOT_ALLOWED, TOO_BIG = 1002, 1007, 1008, 1009
NO_CODE = 1005
PIECES: Final = 1_024
"""Pieces of one message."""
_CODES: Final = frozenset((1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014))


class Broken(Exception):
    """The peer does not speak the protocol. `code` is what to close with; the text is for a log."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Arrived(NamedTuple):
    """A whole message (`TEXT`, `BINARY`) or a control frame, unmasked."""

    opcode: int
    data: bytes


class Incoming:
    """The bytes of one socket on their way to frames. `limit`: bytes of the largest message, over all its fragments."""

    __slots__ = ("_at", "_buffer", "_limit", "_message", "_opcode", "_pieces")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = b""
        self._at = 0
        self._opcode = CONTINUED
        self._message: bytearray | None = None
        self._pieces = 0

    def feed(self, data: bytes) -> None:
        """What came from the network. What is left of an earlier piece is never more than one frame, so this does not grow."""
        self._buffer = self._buffer[self._at :] + data if self._at < len(self._buffer) else data
        self._at = 0

    @property
    def empty(self) -> bool:
        """Whether all that came has been read, and no message is half here."""
        return self._at == len(self._buffer) and self._message is None

    def next(self) -> Arrived | None:
        """The next message or control frame, None when more has to come first. `Broken` ends the socket."""
        while (frame := self._frame()) is not None:
            first, data = frame
            opcode = first & 0x0F
            if opcode >= CLOSE:
                return Arrived(opcode, data)
            if first & 0x80 and self._message is None:
                return Arrived(opcode, data)
            if self._message is None:
                self._opcode, self._message, self._pieces = opcode, bytearray(), 0
            self._message += data
            self._pieces += 1
            if self._pieces > PIECES:
                raise Broken(NOT_ALLOWED, f"expected at most {PIECES} pieces of a message")
            if first & 0x80:
                whole, self._message = bytes(self._message), None
                return Arrived(self._opcode, whole)
        return None

    def _frame(self) -> tuple[int, bytes] | None:
        """The next frame's first byte and its data."""
        buffer, at = self._buffer, self._at
        have = len(buffer) - at
        if have < 2:
            return None
        first, size = buffer[at], buffer[at + 1] & 0x7F
        self._demand_sense(first, buffer[at + 1])
        head = 6
        if size == 126:
            head = 8
            size = int.from_bytes(buffer[at + 2 : at + 4]) if have >= 4 else 0
        elif size == 127:
            head = 14
            size = int.from_bytes(buffer[at + 2 : at + 10]) if have >= 10 else 0
        if have >= head - 4:
            self._demand_room(first, size)
        start = at + head
        if have < head or len(buffer) < start + size:
            return None
        self._at = start + size
        return first, apply_mask(buffer[start : start + size], buffer[start - 4 : start])

    def _demand_sense(self, first: int, second: int) -> None:
        opcode = first & 0x0F
        if first & 0x70 or opcode not in _KNOWN:
            raise Broken(PROTOCOL_ERROR, "reserved bits or an unknown kind of frame")
        if not second & 0x80:
            raise Broken(PROTOCOL_ERROR, "expected a masked frame, as clients send them")
        if opcode >= CLOSE:
            if not first & 0x80 or second & 0x7F > 125:
                raise Broken(PROTOCOL_ERROR, "a control frame is whole and has at most 125 bytes")
        elif (opcode == CONTINUED) == (self._message is None):
            raise Broken(PROTOCOL_ERROR, "a fragment without its message, or a message within another")

    def _demand_room(self, first: int, size: int) -> None:
        """Asked as soon as the size is known: nothing of a message that is too big is kept. Control frames have their own bound."""
        if first & 0x08:
            return
        if size + len(self._message or b"") > self._limit:
            raise Broken(TOO_BIG, f"expected at most {self._limit} bytes in a message")


def close_code(data: bytes) -> int:
    """The code in a close frame's data, `NO_CODE` when it has none. `Broken` when it makes no sense."""
    if not data:
        return NO_CODE
    code = int.from_bytes(data[:2])
    if len(data) < 2 or not (code in _CODES or 3000 <= code < 5000):
        raise Broken(PROTOCOL_ERROR, "a close frame begins with a code that may be sent")
    try:
        data[2:].decode()
    except UnicodeDecodeError:
        raise Broken(NOT_TEXT, "the reason in a close frame is UTF-8") from None
    return code
