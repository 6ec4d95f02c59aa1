"""A flood from one address: `python -m tests.faults.flood PORT SECONDS`. Requests over plain HTTP as fast as they are answered on some
connections, and new sockets beside them. Says at its end how often it was answered how.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections import Counter

ADDRESS = "127.0.0.9"
CONNECTIONS = 100
KNOCKERS = 20
PATHS = ("/widget.js", "/healthz", "/", "/api/me", "/nowhere")


async def requests(port: int, until: float, answers: Counter[str]) -> None:
    """One kept connection, a request behind the other."""
    while time.monotonic() < until:
        with contextlib.suppress(OSError, EOFError, ValueError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(ADDRESS, 0))
            with contextlib.closing(writer):
                while time.monotonic() < until:
                    path = PATHS[answers.total() % len(PATHS)]
                    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = next(
                        line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
                    )
                    await reader.readexactly(int(length.partition(b":")[2]))
                    answers[head[9:12].decode()] += 1


async def knocks(port: int, until: float, answers: Counter[str]) -> None:
    """A new socket, and another one."""
    asked = (
        "GET /visitor HTTP/1.1\r\nHost: localhost\r\nOrigin: https://shop.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    while time.monotonic() < until:
        with contextlib.suppress(OSError, EOFError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(ADDRESS, 0))
            with contextlib.closing(writer):
                writer.write(asked.encode())
                answers["socket " + (await reader.readuntil(b"\r\n\r\n"))[9:12].decode()] += 1


async def flood(port: int, seconds: float) -> Counter[str]:
    answers: Counter[str] = Counter()
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(requests(port, until, answers))
        for _ in range(KNOCKERS):
            group.create_task(knocks(port, until, answers))
    return answers


if __name__ == "__main__":
    print(json.dumps(asyncio.run(flood(int(sys.argv[1]), float(sys.argv[2])))))
