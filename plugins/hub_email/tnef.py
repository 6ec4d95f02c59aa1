"""winmail.dat: the package (TNEF) into which Outlook sometimes puts a mail's files, and opens to nobody else.

Reads what [MS-OXTNEF] calls attributes: titles and contents of files, their long names, and the text. Rich text in RTF is left where
it is: such mails carry the same words as plain text beside the package.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import msgspec

from hub_email.charsets import decoded
from hub_email.mail import Part
from hub_email.naming import file_name

SIGNATURE: Final = b"\x78\x9f\x3e\x22"
BODY, RENDERED, TITLE, DATA, CODEPAGE, PROPERTIES, MESSAGE = (
    0x800C,
    0x9002,
    0x8010,
    0x800F,
    0x9007,
    0x9005,
    0x9003,
)
LONG_NAME, MIME_TAG, CONTENT_ID, FILE_DATA, TEXT, HTML = 0x3707, 0x370E, 0x3712, 0x3701, 0x1000, 0x1013
MOST: Final = 200
"""Attributes and properties read of each list."""
SIZES: Final = {
    0x02: 4,
    0x03: 4,
    0x04: 4,
    0x05: 8,
    0x06: 8,
    0x07: 8,
    0x0A: 4,
    0x0B: 4,
    0x14: 8,
    0x40: 8,
    0x48: 16,
}
TEXTS: Final = (0x1E, 0x1F, 0x0D, 0x102)
"""Types whose values carry their own length: strings of 8 and 16 bits, objects, bytes."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was in the package."""

    files: list[Part]
    text: str = ""
    html: str = ""


class _File:
    def __init__(self) -> None:
        self.name = self.long_name = self.type = self.content_id = ""
        self.body = b""

    def part(self, nth: int) -> Part:
        kind = self.type or "application/octet-stream"
        return Part(
            type=kind,
            name=file_name(self.long_name or self.name or f"file-{nth}", kind),
            body=self.body,
            content_id=self.content_id.strip("<>"),
        )


def opened(raw: bytes) -> Opened | None:
    """The contents of the package; None when it is none, or has nothing that can be used."""
    if not raw.startswith(SIGNATURE):
        return None
    files: list[_File] = []
    text, html, codepage = "", "", "cp1252"
    for name, value in _attributes(raw):
        match name:
            case 0x9007 if len(value) >= 4:
                codepage = f"cp{struct.unpack_from('<I', value)[0]}"
            case 0x9002:
                files.append(_File())
            case 0x800C:
                text = decoded(value.rstrip(b"\0"), codepage)
            case 0x9003:
                found = dict(_properties(value))
                text = text or _text(found.get(TEXT, b""), codepage)
                html = decoded(found.get(HTML, b"").rstrip(b"\0"), codepage)
            case _ if files:
                _fill(files[-1], name, value, codepage)
    parts = [file.part(n) for n, file in enumerate(files, 1) if file.body]
    return Opened(files=parts, text=text.replace("\r\n", "\n"), html=html) if parts or text or html else None


def _fill(file: _File, name: int, value: bytes, codepage: str) -> None:
    match name:
        case 0x8010:
            file.name = decoded(value.rstrip(b"\0"), codepage)
        case 0x800F:
            file.body = value
        case 0x9005:
            found = dict(_properties(value))
            file.long_name = _text(found.get(LONG_NAME, b""), codepage)
            file.type = _text(found.get(MIME_TAG, b""), codepage).lower()
            file.content_id = _text(found.get(CONTENT_ID, b""), codepage)
            file.body = file.body or found.get(FILE_DATA, b"")


def _text(value: bytes, codepage: str) -> str:
    if b"\0" in value[:-1]:
        return decoded(value[: len(value) // 2 * 2], "utf-16-le").rstrip("\0")
    return decoded(value.rstrip(b"\0"), codepage)


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, value): a level byte, id and type, length, value, checksum."""
    at, count = 6, 0
    while at + 9 <= len(raw) and count < MOST * 10:
        _, name, _, size = struct.unpack_from("<BHHI", raw, at)
        at += 9
        if at + size > len(raw):
            return
        yield name, raw[at : at + size]
        at += size + 2
        count += 1


def _properties(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, value) of a list of MAPI properties, as far as it can be followed."""
    if len(raw) < 4:
        return
    (count,) = struct.unpack_from("<I", raw)
    at = 4
    for _ in range(min(count, MOST)):
        if at + 4 > len(raw):
            return
        kind, name = struct.unpack_from("<HH", raw, at)
        at += 4
        if name >= 0x8000 and (at := _past_name(raw, at)) < 0:
            return
        values = 1
        if kind & 0x1000 or (kind & 0xFFF) in TEXTS:
            if at + 4 > len(raw):
                return
            (values,) = struct.unpack_from("<I", raw, at)
            at += 4
        for n in range(min(values, MOST)):
            start, end, at = _value(raw, at, kind & 0xFFF)
            if at < 0:
                return
            if n == 0:
                yield name, raw[start:end]


def _value(raw: bytes, at: int, kind: int) -> tuple[int, int, int]:
    """(where the value begins, where it ends, where the next begins); the last is -1 when it cannot be."""
    if kind in TEXTS:
        if at + 4 > len(raw):
            return 0, 0, -1
        (size,) = struct.unpack_from("<I", raw, at)
        at += 4
    elif kind in SIZES:
        size = SIZES[kind]
    else:
        return 0, 0, -1
    end = at + size
    if end > len(raw):
        return 0, 0, -1
    skip = 16 if kind == 0x0D else 0  # an object begins with the id of its interface
    return at + skip, end, end + -size % 4


def _past_name(raw: bytes, at: int) -> int:
    """Past the name of a named property: a GUID, then a number or a counted string."""
    if at + 24 > len(raw):
        return -1
    kind, size = struct.unpack_from("<II", raw, at + 16)
    return at + 24 + (size + -size % 4 if kind else 0)
