"""Replies of an IMAP server (RFC 3501, section 7): read from a stream piece by piece, and taken apart.

A reply is a line in which literals may stand, `{n}` followed by n bytes of anything. Whoever looks for line ends or brackets inside of
those finds a customer's words. So a literal is read by its length alone, and a reply is given on only when it is whole: what was cut
in the middle has never been there.
"""

from __future__ import annotations

import asyncio
import re
from typing import TypeAlias

import hub

Item: TypeAlias = "bytes | list[Item] | None"
"""An atom, a string or a literal; NIL; or a list in round brackets."""

LONGEST_LINE = 1024 * 1024
"""Bytes of a line without its literals. A server that sends more is broken."""
CHUNK = 64 * 1024
DEEPEST = 40
"""Brackets in brackets; the deepest that a server has reason to send has five."""

_LITERAL = re.compile(rb"~?\{([0-9]{1,12})\+?\}\Z")
_ATOM = re.compile(rb'[^ ()"\r\n]*')
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)


class Reader:
    """Reads whole replies. `patience`: seconds without a single byte after which the server counts as gone."""

    def __init__(self, stream: asyncio.StreamReader, host: str, *, patience: float, largest: int) -> None:
        self._stream, self._host, self._patience, self._largest = stream, host, patience, largest

    async def reply(self) -> list[bytes]:
        """One reply: text, literal, text, literal … text, without the line end.

        Raises NotReady when the line ends, the server is silent for too long, or what it says is no IMAP.
        """
        line = await self._line(self._patience)
        if line is None:
            raise hub.NotReady(f"{self._host} has said nothing for {self._patience:g} seconds")
        return await self._rest(line)

    async def reply_within(self, seconds: float) -> list[bytes] | None:
        """The next reply if it begins in this time; None when it does not, and nothing is lost of one that comes later."""
        line = await self._line(seconds)
        return None if line is None else await self._rest(line)

    async def _rest(self, line: bytes) -> list[bytes]:
        parts: list[bytes] = []
        while announced := _LITERAL.search(line):
            parts += [line[: announced.start()], await self._literal(int(announced[1]))]
            following = await self._line(self._patience)
            if following is None:
                raise hub.NotReady(f"{self._host} stopped in the middle of a reply")
            line = following
        return [*parts, line]

    async def _line(self, seconds: float) -> bytes | None:
        try:
            async with asyncio.timeout(seconds):
                return (await self._stream.readuntil(b"\r\n"))[:-2]
        except TimeoutError:
            return None
        except asyncio.LimitOverrunError:
            raise hub.NotReady(f"{self._host} sent a line of more than {LONGEST_LINE} bytes") from None
        except (OSError, asyncio.IncompleteReadError):
            raise hub.NotReady(f"{self._host} ended the connection") from None

    async def _literal(self, size: int) -> bytes:
        if size > self._largest:
            raise hub.NotReady(
                f"{self._host} wants to send {size} bytes at once, at most {self._largest} were asked for"
            )
        found = bytearray()
        while len(found) < size:
            try:
                async with asyncio.timeout(self._patience):
                    chunk = await self._stream.read(min(CHUNK, size - len(found)))
            except TimeoutError:
                raise hub.NotReady(f"{self._host} stopped in the middle of a mail") from None
            except OSError:
                chunk = b""
            if not chunk:
                raise hub.NotReady(f"{self._host} ended the connection in the middle of a mail")
            found += chunk
        return bytes(found)


def items(parts: list[bytes]) -> list[Item]:
    """What a reply consists of. Raises NotReady when it is no IMAP."""
    stack: list[list[Item]] = [[]]
    for number, part in enumerate(parts):
        if number % 2:
            stack[-1].append(part)
        else:
            _taken(part, stack)
    if len(stack) != 1:
        raise _not_imap(parts)
    return stack[0]


def _taken(text: bytes, stack: list[list[Item]]) -> None:
    """Put the items of a piece of text where they belong; brackets may stay open over a literal."""
    at = 0
    while at < len(text):
        sign = text[at : at + 1]
        if sign == b" ":
            at += 1
        elif sign == b"(" and len(stack) < DEEPEST:
            stack.append([])
            at += 1
        elif sign == b")" and len(stack) > 1:
            inner = stack.pop()
            stack[-1].append(inner)
            at += 1
        elif sign == b'"' and (quoted := _QUOTED.match(text, at)):
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted[1]))
            at = quoted.end()
        elif (atom := _atom(text, at)) > at:
            stack[-1].append(None if text[at:atom].upper() == b"NIL" else text[at:atom])
            at = atom
        else:
            raise _not_imap([text])


def _atom(text: bytes, at: int) -> int:
    """Where the atom ends that begins here. `BODY[HEADER.FIELDS (A B)]` is one."""
    found = _ATOM.match(text, at)
    end = at if found is None else found.end()
    while b"[" in text[at:end] and b"]" not in text[at:end]:
        close = text.find(b"]", end)
        if close < 0:
            return end
        rest = _ATOM.match(text, close)
        end = close + 1 if rest is None else rest.end()
    return end


def _not_imap(parts: list[bytes]) -> hub.NotReady:
    return hub.NotReady(f"the server said what is no IMAP: {b' '.join(parts)[:80]!r}")


def pairs(found: Item) -> dict[bytes, Item]:
    """The list of a FETCH reply as a dictionary; names in capitals."""
    if not isinstance(found, list):
        return {}
    names = (name.upper() if isinstance(name, bytes) else b"" for name in found[::2])
    return dict(zip(names, found[1::2], strict=False))
