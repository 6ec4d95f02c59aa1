"""The tree of a mail's parts (RFC 2046), walked within bounds: depth, number of parts, bytes decoded.

A mail may claim to have ten thousand parts, nested or not, with boundaries that overlap or never come. Each level is cut with one
pass of `bytes.find`, so the work is at most depth × size, and what lies beyond a bound is counted and named, not silently lost.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from quopri import decodestring
from typing import Final

import msgspec

from hub_email import headers
from hub_email.headers import Valued

DEEPEST: Final = 20
MOST_PARTS: Final = 500
NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")
UU_BEGIN: Final = re.compile(rb"begin [0-7]{3,4} [^\r\n]{0,200}\r?\n")


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """A part that has no parts. `path` is the types from the top down to it; `nth` its number among its siblings."""

    path: tuple[str, ...]
    nth: int
    type: Valued
    disposition: Valued
    content_id: str
    body: bytes

    @property
    def name(self) -> str:
        """The file name that was said, or nothing."""
        return self.disposition.params.get("filename") or self.type.params.get("name", "")

    @property
    def within(self) -> str:
        """The type of the part it lies in."""
        return self.path[-2] if len(self.path) > 1 else ""


class Tree(msgspec.Struct, frozen=True):
    """The leaves in order, and what was left out."""

    leaves: list[Leaf]
    problems: list[str]


def tree(fields: list[tuple[str, str]], body: bytes) -> Tree:
    """The leaves of a mail with these header fields and this body."""
    walk = _Walk()
    walk.visit(fields, body, (), 0)
    problems = []
    if walk.beyond:
        problems.append(
            f"More than {MOST_PARTS} parts, or parts nested deeper than {DEEPEST}: {walk.beyond} left out."
        )
    if walk.unclosed:
        problems.append("A part has no end: the mail was cut short, or never was whole.")
    return Tree(walk.leaves, problems)


class _Walk:
    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.beyond = 0
        self.unclosed = False

    def visit(self, fields: list[tuple[str, str]], body: bytes, path: tuple[str, ...], nth: int) -> None:
        named = dict(reversed(fields))  # of several, the topmost
        kind = headers.valued(named.get("content-type", ""))
        if path and path[-1] == "multipart/digest" and not kind.value:
            kind = Valued("message/rfc822", {})
        if kind.value.startswith("multipart/"):
            if len(path) >= DEEPEST:
                self.beyond += 1
                return
            if self._branch(body, kind.params.get("boundary", ""), (*path, kind.value)):
                return
            kind = Valued(
                "text/plain", {"charset": kind.params.get("charset", "")}
            )  # it has no parts after all
        if len(self.leaves) >= MOST_PARTS:
            self.beyond += 1
            return
        self.leaves.append(_leaf(named, kind, body, path, nth))

    def _branch(self, body: bytes, boundary: str, path: tuple[str, ...]) -> bool:
        found = 0
        if not boundary:
            return False
        for raw, closed in pieces(body, boundary.encode("utf-8", "replace")):
            self.unclosed |= not closed
            found += 1
            if len(self.leaves) >= MOST_PARTS:
                self.beyond += 1
                continue
            block, inner = headers.split(raw)
            self.visit(headers.fields(block), inner, path, found - 1)
        return found > 0


def pieces(body: bytes, boundary: bytes) -> Iterator[tuple[bytes, bool]]:
    """(bytes between two boundary lines, whether the second one came). Nothing before the first one, nothing after the last."""
    mark = b"--" + boundary.rstrip()
    start = -1
    for at, after, last in _marks(body, mark):
        if start >= 0:
            yield _without_line_end(body, start, at), True
        start = after
        if last:
            return
    if 0 <= start < len(body):
        yield body[start:], False


def _marks(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """(where a boundary line begins, where the next line begins, whether it is the closing one)."""
    at = body.find(mark)
    while at >= 0:
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end
        tail = body[at + len(mark) : min(end, at + len(mark) + 200)].strip()
        if (at == 0 or body[at - 1] in b"\r\n") and tail in (b"", b"--"):
            yield at, end + 1, tail == b"--"
        at = body.find(mark, at + len(mark))


def _without_line_end(body: bytes, start: int, end: int) -> bytes:
    if end > start and body[end - 1] == 0x0A:
        end -= 1
    if end > start and body[end - 1] == 0x0D:
        end -= 1
    return body[start : max(start, end)]


def _leaf(named: dict[str, str], kind: Valued, body: bytes, path: tuple[str, ...], nth: int) -> Leaf:
    said = kind.value if kind.value.count("/") == 1 else ""
    kind = Valued(said or "text/plain", kind.params)
    return Leaf(
        path=(*path, kind.value),
        nth=nth,
        type=kind,
        disposition=headers.valued(named.get("content-disposition", "")),
        content_id=named.get("content-id", "").strip().strip("<>").strip()[:200],
        body=unpacked(body, named.get("content-transfer-encoding", "")),
    )


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body without its transfer encoding. Broken base64 gives what can be read of it."""
    match encoding.split(";", maxsplit=1)[0].strip().lower():
        case "base64":
            return _from_base64(body)
        case "quoted-printable":
            return decodestring(body)
        case "x-uuencode" | "uuencode" | "x-uue":
            return _from_uu(body)
    return body


def _from_base64(body: bytes) -> bytes:
    bare = NOT_BASE64.sub(b"", body)
    if len(bare) % 4 == 1:  # one character alone carries no byte
        bare = bare[:-1]
    try:
        return b64decode(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return body


def _from_uu(body: bytes) -> bytes:
    begin = UU_BEGIN.search(body)
    if begin is None:
        return body
    lines = []
    for line in body[begin.end() :].splitlines():
        if line.strip() in (b"end", b"`"):
            break
        try:
            lines.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some programs count the padding wrongly; the length in the first character decides.
            length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                lines.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                continue
    return b"".join(lines)
