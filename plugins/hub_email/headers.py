"""The header of a mail: bytes → fields → text, with encoded words (RFC 2047) and parameters (RFC 2045, 2231).

The standard library's parser raises on some broken headers and takes time with the square of others, so these are scanners of our
own, each a single pass over bounded input.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec

from hub_email.charsets import codec_for, decoded

MOST_BYTES: Final = 512 * 1024
"""Of one header block; real ones stay below 64 KiB."""
MOST_FIELDS: Final = 2_000
LONGEST: Final = 32 * 1024
"""Characters of one field's value; a To line of a thousand people has that."""

NAME: Final = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
ENCODED: Final = re.compile(r"=\?([!-~]{1,60}?)\?([bBqQ])\?([^?\s]{0,4000}|[^?\r\n]{0,400})\?=")
HEX: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
SECTION: Final = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


def split(raw: bytes) -> tuple[bytes, bytes]:
    """The header block and the body, at the first empty line. A block that never ends is cut at MOST_BYTES."""
    ends = [at for blank in (b"\n\r\n", b"\n\n", b"\r\r") if (at := raw.find(blank, 0, MOST_BYTES)) >= 0]
    if raw.startswith((b"\n", b"\r\n")):
        return b"", raw.lstrip(b"\r\n") if len(raw) < 3 else raw[raw.index(b"\n") + 1 :]
    if not ends:
        return raw[:MOST_BYTES], raw[MOST_BYTES:]
    at = min(ends)
    gap = 3 if raw[at : at + 3] == b"\n\r\n" else 2
    return raw[:at], raw[at + gap :]


def fields(block: bytes) -> list[tuple[str, str]]:
    """(lower-case name, unfolded value) in order. A line that is neither a field nor a continuation is dropped."""
    found: list[tuple[str, list[bytes]]] = []
    for line in re.split(rb"\r\n|\n|\r", block):
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1][1].append(line)
        elif (name := NAME.match(line)) is not None:
            if len(found) == MOST_FIELDS:
                break
            found.append((name[1].decode("ascii").lower(), [line[name.end() :]]))
    return [(name, _unfolded(lines)) for name, lines in found]


def _unfolded(lines: list[bytes]) -> str:
    """8-bit bytes are read as UTF-8, else as Windows-1252: senders who write them raw say nowhere what they are."""
    return decoded(b"".join(lines)[:LONGEST]).replace("\r", " ").replace("\n", " ").strip()


def words(value: str) -> str:
    """A field's value with its encoded words read. Space between two of them goes; a character split over two is whole again."""
    pieces: list[str] = []
    last, held, charset = 0, b"", ""
    for found in ENCODED.finditer(value):
        between = value[last : found.start()]
        raw, said = _word(found[2], found[3]), found[1].partition("*")[0]
        if (between.strip() or said.lower() != charset.lower()) and held:
            pieces.append(decoded(held, charset))
            held = b""
        if between.strip() or last == 0:
            pieces.append(between)
        held, charset, last = held + raw, said, found.end()
    if held:
        pieces.append(decoded(held, charset))
    pieces.append(value[last:])
    return " ".join("".join(pieces).split())


def _word(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return HEX.sub(lambda found: bytes([int(found[1], 16)]), raw.replace(b"_", b" "))
    try:
        return b64decode(raw.rstrip(b"=") + b"===", validate=False)
    except binascii.Error:
        return raw


class Valued(msgspec.Struct, frozen=True):
    """A value with parameters, such as `text/plain; charset=utf-8`: the value in lower case, names of parameters too."""

    value: str
    params: dict[str, str]


def valued(text: str) -> Valued:
    """Content-Type and Content-Disposition, however badly written. Parameters split or encoded by RFC 2231 are put together."""
    head, *rest = _cut(text[:LONGEST])
    plain: dict[str, str] = {}
    split_up: dict[str, list[tuple[int, bool, str]]] = {}
    for item in rest[:200]:
        name, _, value = item.partition("=")
        section = SECTION.fullmatch(name.strip().lower())
        if section is None:
            continue
        value = _unquoted(value.strip())
        if section[2] is None and section[3] is None:
            plain.setdefault(section[1], words(value))
        else:
            split_up.setdefault(section[1], []).append((int(section[2] or 0), section[3] is not None, value))
    joined = {name: _joined(sections) for name, sections in split_up.items()}
    return Valued(value=head.strip().lower(), params=plain | joined)


def _cut(text: str) -> list[str]:
    """At semicolons outside of quotes, without comments in brackets."""
    items: list[str] = []
    item: list[str] = []
    quoted, depth, skip = False, 0, False
    for char in text:
        if skip:
            skip = False
        elif char == "\\" and quoted:
            skip = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif not quoted and char in "()":
            depth = max(depth + (1 if char == "(" else -1), 0)
            continue
        elif char == ";" and not quoted and not depth:
            items.append("".join(item))
            item = []
            continue
        if not depth:
            item.append(char)
    return [*items, "".join(item)]


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value.strip('"')


def _joined(sections: list[tuple[int, bool, str]]) -> str:
    sections.sort(key=lambda section: section[0])
    charset, pieces = "", []
    for n, (_, encoded, said) in enumerate(sections):
        value = said
        if encoded and n == 0 and said.count("'") >= 2:
            charset, _, value = said.split("'", 2)
        pieces.append(unquote_to_bytes(value) if encoded else value.encode("utf-8", "replace"))
    return decoded(b"".join(pieces), charset if codec_for(charset) else "")
