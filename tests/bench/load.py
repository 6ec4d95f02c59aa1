"""The other end of the sockets: a WebSocket client that costs little, and the server process with its figures from /proc.

The client knows text frames and no more. It masks with zeros, which the protocol allows and which keeps the generator's share of the
machine small; frames are told apart by how their JSON begins, not parsed.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Self, cast

CORES = os.sched_getaffinity(0)
TICK = 1e6 / os.sysconf("SC_CLK_TCK")


def stand_aside() -> None:
    """Keep this process off the first core, which is the server's: the measured and the measuring must not share."""
    if len(CORES) > 1:
        os.sched_setaffinity(0, CORES - {min(CORES)})


class Line(asyncio.Protocol):
    """One WebSocket. `hear` gets the payload of every frame, and nothing but b"" when the socket has ended."""

    def __init__(self, path: str, headers: str, hear: Callable[[bytes], None]) -> None:
        self.frames = 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._hear = hear
        self._rest = b""
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n"
        ).encode()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self.ready.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = head
                return
            if b" 101 " not in head[:20]:
                self.ready.set_exception(ConnectionError(head.decode()))
                return
            self.ready.set_result(None)
        at = 0
        while (found := _frame(data, at)) is not None:
            begins, at = found
            self.frames += 1
            self._hear(data[begins:at])
        self._rest = data[at:]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed during the handshake"))
        elif not self._transport.is_closing():
            self._hear(b"")

    def send(self, text: bytes) -> None:
        size = len(text)
        length = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2)
        self._transport.write(length + b"\0\0\0\0" + text)

    def close(self) -> None:
        self._transport.abort()


def _frame(data: bytes, at: int) -> tuple[int, int] | None:
    """(begin, end) of the payload of the frame at `at`; None while it is incomplete."""
    if len(data) < at + 2:
        return None
    begins, size = at + 2, data[at + 1]
    if size >= 126:
        begins += 2 if size == 126 else 8
        if len(data) < begins:
            return None
        size = int.from_bytes(data[at + 2 : begins])
    return (begins, begins + size) if len(data) >= begins + size else None


async def connect(port: int, path: str, headers: str, hear: Callable[[bytes], None]) -> Line:
    """An open socket."""
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(lambda: Line(path, headers, hear), "127.0.0.1", port)
    await line.ready
    return line


RELAY = Path(__file__).parent / "relay.cjs"


class Server:
    """A process of `serving`, or socket.io on Node (`relay`), on a core of its own. Use `with`."""

    def __init__(self, kind: str, folder: Path, operators: int = 0) -> None:
        serving = [sys.executable, "-m", "tests.bench.serving", kind, str(folder), str(operators)]
        self._child = subprocess.Popen(
            ["node", str(RELAY)] if kind == "relay" else serving,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        os.sched_setaffinity(self._child.pid, {min(CORES)})
        self.port: int = self._told()["port"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.close()
        self._child.wait(timeout=30)
        self._child.stdout.close()

    def cpu(self) -> float:
        """Microseconds of CPU that the whole process has used, to a clock tick."""
        return self._used(f"/proc/{self._child.pid}/stat")

    @staticmethod
    def _used(path: str) -> float:
        fields = Path(path).read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK

    def loop_cpu(self) -> float:
        """The same of its first thread, which is the event loop's."""
        return self._used(f"/proc/{self._child.pid}/task/{self._child.pid}/stat")

    def memory(self) -> dict[str, int]:
        """KiB: proportional set size, and the part of it that is no file's."""
        lines = Path(f"/proc/{self._child.pid}/smaps_rollup").read_text().splitlines()[1:]
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
        return {"pss": sizes["Pss"], "anonymous": sizes["Pss_Anon"]}

    def collect(self) -> dict[str, float]:
        """CPU milliseconds of a full garbage collection, and how many objects it saw."""
        assert self._child.stdin is not None
        self._child.stdin.write("collect\n")
        self._child.stdin.flush()
        return self._told()

    def _told(self) -> dict[str, int | float]:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise RuntimeError(f"the server ended with {self._child.wait()}")
        told: dict[str, int | float] = json.loads(line)
        return told
