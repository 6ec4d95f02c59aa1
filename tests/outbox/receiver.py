"""A receiver of web hooks on loopback that behaves as it is told: well, badly, or not at all. It drops ids that it has seen.

ok  500  410  429:SECONDS  302  garbage (no HTTP)  cut (ends in the middle of its body)  vanish (no answer at all)
slow (a byte a second)  huge (a body without an end)  hang (no answer, and no end)
"""

import asyncio
import json
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from hub.signing import key_of, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Post:
    """One attempt that arrived."""

    path: str
    id: str
    at: int
    body: dict
    headers: dict[str, str]
    answered: str


@dataclass
class Receiver:
    """What arrived. `script[path]` holds what to do next, the first first; when it is used up everything is well."""

    port: int = 0
    posts: list[Post] = field(default_factory=list)
    script: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    now: object = None
    """The hub's clock in seconds, to check timestamps against; without it they are taken as they come."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def mood(self, path: str, id_: str) -> str:
        """How to answer an attempt."""
        return self.script[path].pop(0) if self.script[path] else "ok"

    def tries(self, path: str) -> list[Post]:
        return [post for post in self.posts if post.path == path]

    def taken(self, path: str) -> list[Post]:
        """What it has acted on: of each id the first attempt that it answered with a 2xx."""
        seen: dict[str, Post] = {}
        for post in self.tries(path):
            if post.answered in ("ok", "cut", "slow", "huge"):
                seen.setdefault(post.id, post)
        return list(seen.values())

    def doubled(self, path: str) -> list[str]:
        """Ids that were taken more than once before they were dropped."""
        ids = [post.id for post in self.tries(path) if post.answered in ("ok", "cut", "slow", "huge")]
        return [one for one in set(ids) if ids.count(one) > 1]


def _answer(status: str, *headers: str, body: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


@asynccontextmanager
async def receiving(receiver: Receiver):
    """While this lasts, somebody answers."""
    key = key_of(SECRET)

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        request, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        path = request.split()[1]
        at = int(headers["webhook-timestamp"])
        now = int(receiver.now()) if receiver.now else at
        verify([key], headers["webhook-id"], str(at), headers["webhook-signature"], body, now=now)
        what = receiver.mood(path, headers["webhook-id"])
        receiver.posts.append(Post(path, headers["webhook-id"], at, json.loads(body), headers, what))
        return await behave(what, writer)

    open_lines: set[asyncio.Task] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_lines.add(asyncio.current_task())
        try:
            while await one(reader, writer):
                await writer.drain()
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            open_lines.discard(asyncio.current_task())
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", receiver.port)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for line in list(open_lines):
            line.cancel()
        while open_lines:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.001)


async def behave(what: str, writer: asyncio.StreamWriter) -> bool:
    """Answer; whether the line stays open."""
    if what in ("ok", "500", "410", "302") or what.startswith("429"):
        name, _, seconds = what.partition(":")
        more = {"302": ["location: /elsewhere"], "429": [f"retry-after: {seconds}"]}.get(name, [])
        writer.write(_answer({"ok": "200 OK"}.get(name, f"{name} So"), *more))
        return True
    if what == "garbage":
        writer.write(b"\x00\xff this is no HTTP \r\n\r\n")
    elif what == "cut":
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf")
    elif what == "slow":
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
        for _ in range(100):
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(1)
    elif what == "huge":
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
        for _ in range(15_000):
            writer.write(b"." * 65_536)
            await writer.drain()
    elif what == "hang":
        await asyncio.sleep(3600)
    return False
