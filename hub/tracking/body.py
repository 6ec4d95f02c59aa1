"""A request's bytes as events, read by what they are and not by what their label says.

One library sends gzip as `application/x-www-form-urlencoded`, another JSON as `text/plain`, a beacon has no choice of label at
all. So gzip is known by its magic number and everything is JSON. Unpacking stops at a cap: a kilobyte can hold a gigabyte.

Whatever one event holds, its neighbours are read: where strict JSON fails, because a Python sender wrote NaN or a browser cut an emoji in
half, the body is read again leniently and the odd values become null or U+FFFD.
"""

import json
import math
import re
import zlib
from collections.abc import Callable
from typing import Any

import msgspec

LARGEST = 1024 * 1024
"""Bytes of one request as sent."""
LARGEST_UNPACKED = 4 * 1024 * 1024
LARGEST_LENIENT = 256 * 1024
"""Bytes that are read a second time, value by value: that is Python's work, and somebody sends it on purpose."""
MOST_EVENTS = 2_500
"""Events in one request; the libraries stop at 100, imports at what fits into half a megabyte."""

DEEPEST = 64
"""Levels of brackets in a request; what is nested deeper is read as null. Parsers give up at about a thousand."""

_GZIP = b"\x1f\x8b"
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_HALVES = re.compile("[\ud800-\udfff]")


class Unreadable(ValueError):
    """The request as a whole cannot be read. `too_large` tells a cap from nonsense."""

    def __init__(self, why: str, *, too_large: bool = False) -> None:
        super().__init__(why)
        self.too_large = too_large


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A request read so far: its events (each JSON, or what a lenient reading made of it), and what it says about all of them."""

    events: list[Any]
    write_key: str = ""
    sent_at: Any = None


class _Batch(msgspec.Struct):
    batch: list[msgspec.Raw] | None = None
    writeKey: Any = None  # noqa: N815  # the senders' spelling
    sentAt: Any = None  # noqa: N815


_strict = msgspec.json.Decoder(_Batch)


def limits_of(data: bytes) -> str:
    """The caps as a sentence for a refusal."""
    return f"expected at most {LARGEST} bytes, unpacked {LARGEST_UNPACKED}, with {MOST_EVENTS} events; got {len(data)} bytes"


def unpacked(data: bytes) -> bytes:
    """The JSON behind the bytes, gunzipped where they are gzip. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable(limits_of(data), too_large=True)
    if not data.startswith(_GZIP):
        return data
    stream = zlib.decompressobj(wbits=31)
    try:
        text = stream.decompress(data, LARGEST_UNPACKED)
    except zlib.error as error:
        raise Unreadable(f"body: expected gzip after its magic number: {error}") from None
    if stream.unconsumed_tail:
        raise Unreadable(limits_of(data), too_large=True)
    if not stream.eof or stream.unused_data:
        raise Unreadable("body: expected one whole gzip stream, got a part, or more than one")
    return text


def read_body(data: bytes, *, single: bool) -> Body:
    """The events of a request: of one with `batch`, or the one that the body is. Raises Unreadable."""
    text = unpacked(data)
    try:
        read = _strict.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return _lenient(text, single=single, deep=isinstance(error, RecursionError))
    if single:
        return Body(events=[msgspec.Raw(text)], write_key=_key(read.writeKey), sent_at=read.sentAt)
    return _whole(list(read.batch) if read.batch is not None else None, read.writeKey, read.sentAt)


def packed(data: bytes) -> bool:
    """Whether the bytes are gzip, so that their length says nothing about the work in them."""
    return data.startswith(_GZIP)


def _lenient(text: bytes, *, single: bool, deep: bool) -> Body:
    if len(text) > LARGEST_LENIENT:
        raise Unreadable(
            f"body: expected strict JSON; odd values are only mended in up to {LARGEST_LENIENT} bytes, got {len(text)}",
            too_large=True,
        )
    shallow = _shallow(text) if deep else text
    read = mended(shallow, lambda error: Unreadable(f"body: expected JSON: {error}"))
    if not isinstance(read, dict):
        raise Unreadable(f"body: expected an object, got {type(read).__name__}")
    if single:
        return Body(events=[read], write_key=_key(read.get("writeKey")), sent_at=read.get("sentAt"))
    return _whole(read.get("batch"), read.get("writeKey"), read.get("sentAt"))


def _shallow(text: bytes) -> bytes:
    """The JSON with null for whatever is nested too deeply, so that one event of a batch cannot take its neighbours with it."""
    kept, done, depth = [], 0, 0
    for found in _BRACKETS.finditer(text):
        if found[0] in (b"[", b"{"):
            depth += 1
            if depth == DEEPEST + 1:
                kept += [text[done : found.start()], b"null"]
        elif found[0] in (b"]", b"}"):
            depth -= 1
            if depth == DEEPEST:
                done = found.end()
    return b"".join([*kept, text[done:] if depth <= DEEPEST else b""])


def _whole(events: Any, key: Any, sent_at: Any) -> Body:
    if not isinstance(events, list):
        raise Unreadable("body: expected `batch` with a list of events")
    if len(events) > MOST_EVENTS:
        raise Unreadable(
            f"body: expected at most {MOST_EVENTS} events in one batch, got {len(events)}", too_large=True
        )
    return Body(events=events, write_key=_key(key), sent_at=sent_at)


def _key(value: Any) -> str:
    return value if isinstance(value, str) else ""


def mended(text: bytes, wrong: Callable[[Exception], Exception]) -> Any:
    """JSON read leniently: NaN and infinities are null, half a surrogate pair is U+FFFD. Raises what `wrong` makes of an error."""
    try:
        return _scrubbed(json.loads(text.decode("utf-8", "replace"), parse_constant=_nothing))
    except (ValueError, RecursionError) as error:
        raise wrong(error) from None


def _nothing(constant: str) -> None:
    return None


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_scrubbed(part) for part in value]
    if isinstance(value, dict):
        return {_HALVES.sub("\ufffd", key): _scrubbed(part) for key, part in value.items()}
    return value
