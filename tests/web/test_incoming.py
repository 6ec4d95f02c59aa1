"""Frames of browsers, taken apart: equal to the `websockets` library on whatever is thrown at both."""

import random
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from hub.web.incoming import (
    BINARY,
    CLOSE,
    CONTINUED,
    NO_CODE,
    NOT_ALLOWED,
    NOT_TEXT,
    PIECES,
    PING,
    PONG,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    Broken,
    Incoming,
    apply_mask,
    close_code,
)  # fmt: skip

LIMIT = 1_000


def frame(first: int, data: bytes, *, masked: bool = True, form: int = 0) -> bytes:
    """One frame on the wire. `form`: 126 or 127 for a longer form of the length than there must be; the library takes such
    control frames too, which RFC 6455 §5.5 does not allow, so none are made."""
    form = 0 if first & 0x08 else form
    size = len(data)
    bit = 0x80 if masked else 0
    if form == 127 or size > 65_535:
        head = bytes((first, bit | 127)) + struct.pack("!Q", size)
    elif form == 126 or size > 125:
        head = bytes((first, bit | 126)) + struct.pack("!H", size)
    else:
        head = bytes((first, bit | size))
    return head + b"\x01\x02\x03\x04" + apply_mask(data, b"\x01\x02\x03\x04") if masked else head + data


def pieces(wire: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(wire) + 1) for cut in cuts), len(wire)]
    return [wire[a:b] for a, b in pairwise(edges) if a < b]


def ours(parts: list[bytes]) -> tuple[list[tuple[int, bytes]], int | None]:
    """What our reader makes of it, and the code it ends with. A close frame is the end."""
    reader, seen = Incoming(LIMIT), list[tuple[int, bytes]]()
    try:
        for part in parts:
            reader.feed(part)
            while (arrived := reader.next()) is not None:
                if arrived.opcode == CLOSE:
                    # The library refuses a goodbye between fragments, which RFC 6455 §5.4 allows.
                    return seen, close_code(arrived.data) if reader._message is None else PROTOCOL_ERROR
                seen.append(arrived)
    except Broken as error:
        return seen, error.code
    return seen, None


def theirs(parts: list[bytes]) -> tuple[list[tuple[int, bytes]], int | None]:
    """The same of the library, its fragments put together."""
    oracle = ServerProtocol(max_size=LIMIT, state=State.OPEN)
    seen, message = list[tuple[int, bytes]](), list[Frame]()
    for part in parts:
        oracle.receive_data(part)
        for event in oracle.events_received():
            assert isinstance(event, Frame)
            if event.opcode in (Opcode.PING, Opcode.PONG):
                seen.append((int(event.opcode), bytes(event.data)))
            elif event.opcode is not Opcode.CLOSE:
                message.append(event)
                if event.fin:
                    seen.append((int(message[0].opcode), b"".join(bytes(f.data) for f in message)))
                    message.clear()
        if oracle.close_sent is not None or oracle.close_rcvd is not None:
            sent = oracle.close_sent
            return seen, sent.code if sent else NO_CODE
    return seen, None


FRAMES = st.builds(
    frame,
    st.sampled_from([0x81, 0x82, 0x01, 0x02, 0x80, 0x00, 0x88, 0x89, 0x8A, 0x09, 0x83, 0xC1, 0x91, 0x8B]),
    st.one_of(st.binary(max_size=140), st.sampled_from([b"", b"\x03\xe8", b"\x03\xedx", b"\x03\xe8\xff", b"\x0b\xb8ok", b"x" * 1000, b"x" * 1001])),
    masked=st.sampled_from([True] * 9 + [False]),
    form=st.sampled_from([0, 0, 0, 126, 127]),
)  # fmt: skip


@given(st.lists(FRAMES, max_size=8), st.lists(st.integers(0, 5_000), max_size=6))
def test_frames_mean_what_they_mean_to_the_library_however_they_are_cut(frames: list[bytes], cuts: list[int]):
    parts = pieces(b"".join(frames), cuts)
    (seen, code), (expected, their_code) = ours(parts), theirs(parts)
    assert seen == expected
    # A frame that is wrong in two ways may be refused for either.
    assert code == their_code or {code, their_code} < {PROTOCOL_ERROR, NOT_TEXT, TOO_BIG}


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=4))
def test_any_bytes_mean_what_they_mean_to_the_library(wire: bytes, cuts: list[int]):
    """Up to two things: a frame that can only be wrong is refused by its head, where the library waits for the rest of it; one that
    is wrong in two ways may be refused for either."""
    parts = pieces(wire, cuts)
    (seen, code), (expected, their_code) = ours(parts), theirs(parts)
    assert seen == expected
    assert code == their_code or {code, their_code} < {PROTOCOL_ERROR, NOT_TEXT, TOO_BIG, None}
    assert code is not None or their_code is None


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 999, 1000])
def test_every_length_comes_through_byte_by_byte(size: int):
    data = random.Random(size).randbytes(size)
    wire = frame(0x82, data)
    assert ours([wire[i : i + 1] for i in range(len(wire))]) == ([(BINARY, data)], None)


def test_what_is_too_big_is_refused_before_it_is_kept():
    reader = Incoming(LIMIT)
    reader.feed(frame(0x81, b"x" * 65_536)[:10])
    with pytest.raises(Broken, match="at most 1000 bytes") as caught:
        reader.next()
    assert caught.value.code == 1009


def test_fragments_are_too_big_together():
    assert ours([frame(0x01, b"x" * 600) + frame(0x80, b"x" * 401)]) == ([], 1009)


def test_a_control_frame_may_come_between_fragments():
    wire = frame(0x01, b"sp") + frame(0x89, b"there?") + frame(0x80, b"lit")
    assert ours([wire]) == ([(PING, b"there?"), (TEXT, b"split")], None)


def test_a_message_comes_in_so_many_pieces_and_no_more():
    enough = frame(0x01, b"a") + frame(0x00, b"") * (PIECES - 2) + frame(0x80, b"b")
    assert ours([enough]) == ([(TEXT, b"ab")], None)
    assert ours([frame(0x01, b"a") + frame(0x00, b"") * PIECES]) == ([], NOT_ALLOWED)


def test_an_unasked_pong_is_passed_on():
    assert ours([frame(0x8A, b"")]) == ([(PONG, b"")], None)


def test_a_fragment_alone_is_refused():
    assert ours([frame(0x80 | CONTINUED, b"x")]) == ([], 1002)
