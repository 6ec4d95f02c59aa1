"""Frames to bytes and back, with one kind of failure.

A frame that does not parse is its sender's mistake, whatever the parser made of it: malformed JSON, a wrong type, an
unknown tag, or 100,000 brackets, at which msgspec raises RecursionError instead of a decoding error. All of them become
`BadFrame`, whose text says where and what was expected, so that no input can reach the log as a bug.
"""

from collections.abc import Callable
from typing import Any, cast

import msgspec

from hub.wire.common import Frame, Level

MAX_FRAME = 65_536
"""Bytes in one frame, either way; larger ones are refused before they are parsed."""

DEEPEST = 32
"""Levels of lists and objects in what somebody else made up. Python gives up at about a thousand, counted from wherever it is just then:
what could still be read and kept might never be written into an answer again."""

_encoder = msgspec.json.Encoder()


class BadFrame(ValueError):
    """The bytes are not a frame of this socket. `str()` is fit to be shown to the sender."""


def encode(frame: object) -> bytes:
    """One frame as UTF-8 JSON."""
    return _encoder.encode(frame)


def decoder(union: Any) -> Callable[[bytes | str], Frame]:
    """A checked parser for `union`, a union of tagged structs."""
    parse = msgspec.json.Decoder(union).decode

    def decode(data: bytes | str) -> Frame:
        if len(data) > MAX_FRAME:
            raise BadFrame(f"frame: expected at most {MAX_FRAME} bytes, got {len(data)}; send less at once")
        try:
            frame: Frame = parse(data)
        except RecursionError:
            raise BadFrame(
                "frame: expected an object of a few levels, got brackets nested too deeply"
            ) from None
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadFrame(f"frame: {error}") from None
        return frame

    return decode


def hex_id(text: str) -> bytes:
    """The 16 bytes behind an id on the wire.

    Raises:
        BadFrame: the text is not 32 hex characters.
    """
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != 16 or len(text) != 32:
        raise BadFrame(f"id: expected 32 hex characters, got {text[:40]!r}")
    return raw


def id_hex(raw: bytes) -> str:
    """An id as it goes over the wire."""
    return raw.hex()


def millis(micros: int) -> int:
    """A time of the tables (microseconds) as a time of the wire (milliseconds)."""
    return micros // 1000


def level_word(level: str) -> Level:
    """A level of trust as the wire's word for it."""
    return cast(Level, str(level))


def too_deep(value: object) -> bool:
    """Whether plain values are nested more than `DEEPEST` levels."""
    layer = [value]
    for _ in range(DEEPEST + 1):
        inner: list[object] = []
        for each in layer:
            if isinstance(each, dict):
                inner += each.values()
            elif isinstance(each, list | tuple):
                inner += each
        if not inner:
            return False
        layer = inner
    return True
