"""Text → the lines of a header and of a body that every server passes on unchanged.

ASCII only, short lines, CR LF. What a person or a customer chose (names, subjects, names of files) can end no line and start no
field: control characters are gone before anything is encoded. The standard library folds long Message-IDs into encoded words, which
mail programs then cannot follow; so fields are written here.
"""

import re
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
ATOM: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
LOOKS_ENCODED: Final = re.compile(r"=\?.*\?=")
WIDTH: Final = 76
WORD_BYTES: Final = 42
"""Bytes of UTF-8 in one encoded word: 56 characters of base64 and 12 around them."""
LONGEST_LINE: Final = 900
"""Servers cut at 998 bytes."""


def one_line(text: str, longest: int = 500) -> str:
    """Without line ends and other control characters, each run of them a space."""
    return " ".join(CONTROL.sub(" ", text).split())[:longest].strip()


def field(name: str, items: Iterable[str]) -> bytes:
    """`Name: item item …`, folded between items, never inside one."""
    lines, line = [], f"{name}:"
    for item in items:
        if len(line) + 1 + len(item) > WIDTH and line not in ("", f"{name}:"):
            lines.append(line)
            line = ""
        line += f" {item}"
    return ("\r\n".join([*lines, line]) + "\r\n").encode("utf-8")


def words(text: str) -> list[str]:
    """A text for a field: as it is where that is plain ASCII, else as encoded words (RFC 2047)."""
    text = one_line(text)
    plain = text.isascii() and LOOKS_ENCODED.search(text) is None
    if plain and all(len(word) < WIDTH - 10 for word in text.split(" ")):
        return text.split(" ")
    return [f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(text, WORD_BYTES)]


def phrase(text: str) -> list[str]:
    """A display name: words, or a quoted string where it has marks that mean something in an address."""
    text = one_line(text, 150)
    if (
        text.isascii()
        and ATOM.fullmatch(text) is None
        and LOOKS_ENCODED.search(text) is None
        and len(text) < 60
    ):
        return ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"']
    return words(text) if text else []


def _pieces(text: str, size: int) -> list[bytes]:
    """UTF-8, cut between characters."""
    pieces, piece = [], b""
    for char in text:
        raw = char.encode("utf-8")
        if len(piece) + len(raw) > size:
            pieces.append(piece)
            piece = b""
        piece += raw
    return [*pieces, piece] if piece else pieces


def parameter(name: str, value: str) -> str:
    """`; name=value` of a Content-Type or Content-Disposition, split and encoded by RFC 2231 where it has to be."""
    value = one_line(value, 150)
    if re.fullmatch(r"[A-Za-z0-9._=+-]{1,60}", value) is not None:
        return f';\r\n {name}="{value}"'
    if value.isascii() and len(value) <= 60 and not set(value) & {'"', "\\"}:
        return f';\r\n {name}="{value}"'
    pieces = [quote(piece, safe="") for piece in _pieces(value, 18)]
    pieces[0] = f"utf-8''{pieces[0]}"
    return "".join(f";\r\n {name}*{n}*={piece}" for n, piece in enumerate(pieces))


def text_body(text: str) -> tuple[str, bytes]:
    """(transfer encoding, body) of a text that ends its lines with LF."""
    raw = text.encode("utf-8", "replace")
    if raw.isascii() and all(len(line) <= LONGEST_LINE for line in raw.split(b"\n")):
        return "7bit", raw.replace(b"\n", b"\r\n")
    if sum(byte > 127 for byte in raw) * 6 <= len(raw):
        return "quoted-printable", b2a_qp(raw.replace(b"\n", b"\r\n"), istext=True)
    return "base64", file_body(raw.replace(b"\n", b"\r\n"))


def file_body(raw: bytes) -> bytes:
    """base64 in lines of 76."""
    return encodebytes(raw).replace(b"\n", b"\r\n")
