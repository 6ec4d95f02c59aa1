"""The two ways a browser reaches the hub, behind one interface: `send` a frame, read `heard`, see `closed`, `hang_up`.

Both are written from the protocol's description and share no code with the hub, so that a mistake there is not made twice.
"""

import asyncio
import json
from contextlib import suppress
from typing import Any

import httpx2
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

Frame = dict[str, Any]


class Line:
    """What was heard so far, in order, and the close code once there is one."""

    def __init__(self) -> None:
        self.heard: list[Frame] = []
        self.closed: int | None = None
        self.beats = 0
        self.raw: list[str] = []
        self._news = asyncio.Event()
        self._reading: asyncio.Task[None]

    async def changed(self) -> None:
        """Wait until something was heard, or the line has ended."""
        await self._news.wait()
        self._news.clear()

    def _count(self, *frames: Frame | str | bytes) -> None:
        self.beats += sum(isinstance(frame, dict) and frame["t"] == "beat" for frame in frames)

    def _hear(self, text: str) -> None:
        self.raw.append(text)
        self.heard.append(json.loads(text))
        self._news.set()

    def _end(self, code: int) -> None:
        self.closed = code
        self._news.set()


class SocketLine(Line):
    """A WebSocket."""

    @classmethod
    async def dial(cls, url: str, path: str, headers: dict[str, str]) -> "SocketLine":
        line = cls()
        line.socket = await connect(
            url.replace("http", "ws", 1) + path, additional_headers=headers, compression=None, max_size=None,
            ping_interval=None, close_timeout=1, proxy=None, user_agent_header=None,
        )  # fmt: skip
        line._reading = asyncio.get_running_loop().create_task(line._read())
        return line

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                self._hear(text)
        except ConnectionClosed:
            pass
        self._end(self.socket.close_code or 1006)

    async def send(self, frame: Frame | str | bytes) -> None:
        self._count(frame)
        with suppress(ConnectionClosed):  # the reader tells of it
            await self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def hang_up(self) -> None:
        await self.socket.close()
        await self._reading

    async def fall_silent(self) -> None:
        """It neither says nor hears anything any longer, and nobody is told: the network is gone."""
        self.socket.transport.pause_reading()

    async def cut(self) -> None:
        """The connection breaks without a word."""
        self.socket.transport.abort()
        await self._reading


class PollLine(Line):
    """A long-poll: one request is held open, and frames go by others beside it."""

    def __init__(self, client: httpx2.AsyncClient, url: str, headers: dict[str, str]) -> None:
        super().__init__()
        self._client, self._url, self._headers = client, url, headers
        self.id: str | None = None
        self.after = 0

    @classmethod
    async def dial(
        cls, url: str, path: str, headers: dict[str, str], client: httpx2.AsyncClient
    ) -> "PollLine":
        return cls(client, f"{url}{path}/poll", headers)

    async def post(self, *frames: Frame | str | bytes) -> httpx2.Response:
        """One request as it goes over the wire."""
        texts = [
            json.dumps(f) if isinstance(f, dict) else f if isinstance(f, str) else f.decode("latin-1")
            for f in frames
        ]
        kind = "application/json" if "/console" in self._url else "text/plain"
        body = f'{{"socket": {json.dumps(self.id)}, "after": {self.after}, "frames": [{", ".join(texts)}]}}'
        return await self._client.post(
            self._url, content=body.encode(), headers={**self._headers, "content-type": kind}
        )

    async def send(self, *frames: Frame | str | bytes) -> None:
        first = self.id is None
        self._count(*frames)
        self._take(await self.post(*frames))
        if first and self.closed is None:
            self._reading = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        while self.closed is None:
            self._take(await self.post())

    def _take(self, answer: httpx2.Response) -> None:
        if answer.status_code != 200:
            self.raw.append(answer.text)
            self.heard.append({"t": "refused", **answer.json()["error"]})
            self._end(answer.status_code)
            return
        said = answer.json()
        self.id = said["socket"]
        for n, frame in said["frames"]:
            if n > self.after:
                assert n == self.after + 1, "frames of a poll are numbered without holes"
                self.after = n
                self._hear(json.dumps(frame))
        if "close" in said:
            self._end(said["close"])

    async def hang_up(self) -> None:
        await self.cut()

    async def fall_silent(self) -> None:
        """As a socket's."""
        await self.cut()

    async def cut(self) -> None:
        """No more requests; the hub finds out by itself."""
        if hasattr(self, "_reading"):
            self._reading.cancel()
            await asyncio.wait([self._reading])
        self._end(1006)
