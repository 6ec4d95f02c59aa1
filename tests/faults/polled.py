"""A line of held POSTs that looks to the people of a faulty world like a WebSocket: `send`, `async for`, `close`, `close_code`.

Written from the protocol's description, as `people` are. One request is held, frames go by others beside it; an answer that never came
is not repaired here: the line breaks, and coming back repairs it, as with a WebSocket.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from itertools import accumulate
from types import SimpleNamespace
from typing import Any, Self

import httpx2

MOST = 64_000
"""Bytes of frames in one request."""


class Polled:
    """Use as `async with`. `lose`: how often an answer that has come is thrown away, as if the network had lost it."""

    def __init__(self, url: str, headers: dict[str, str], kind: str, lose: Any = lambda: False) -> None:
        self._url, self._headers, self._lose = url, {**headers, "content-type": kind}, lose
        self._client = httpx2.AsyncClient(timeout=40.0, trust_env=False, verify=False)
        self._id: str | None = None
        self._after = 0
        self._heard: asyncio.Queue[str | None] = asyncio.Queue()
        self._said: list[str] = []
        self._sending = False
        self._tasks: list[asyncio.Task[None]] = []
        self.close_code: int | None = None
        self.lost = 0
        self.transport = SimpleNamespace(close=lambda: self._end(1006))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._end(1000)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._client.aclose()

    async def send(self, frame: str) -> None:
        """Frames said while a request with others is under way go with the next one, in order."""
        if self.close_code is not None:
            raise ConnectionError("the line has ended")
        self._said.append(frame)
        if not self._sending:
            self._sending = True
            self._begin(self._speak())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(work))

    async def _speak(self) -> None:
        while self._said and self.close_code is None:
            fitting = self._fitting()
            frames, self._said = self._said[:fitting], self._said[fitting:]
            first = self._id is None
            await self._exchange(frames)
            if first and self.close_code is None:
                self._begin(self._listen())
        self._sending = False

    def _fitting(self) -> int:
        """How many frames go into one request, of which the hub takes 64 KiB."""
        sizes = list(accumulate(len(frame.encode()) + 2 for frame in self._said))
        return max(1, sum(size < MOST for size in sizes))

    async def _listen(self) -> None:
        while self.close_code is None:
            await self._exchange([])

    async def _exchange(self, frames: list[str]) -> None:
        body = (
            f'{{"socket": {json.dumps(self._id)}, "after": {self._after}, "frames": [{", ".join(frames)}]}}'
        )
        try:
            answer = await self._client.post(self._url, content=body.encode(), headers=self._headers)
        except httpx2.HTTPError:
            self._end(1006)
            return
        if self._id is not None and self._lose():
            self.lost += 1
            if frames:
                self._end(1006)  # what came of them is not known, so everything is said again on another line
            return  # the next request says the same `after`, so the hub says the same once more
        if answer.status_code != 200:
            self._end(1006)
            return
        said = answer.json()
        self._id = said["socket"]
        for n, frame in said["frames"]:
            if n > self._after:
                if n != self._after + 1:
                    raise AssertionError(
                        f"frames of a poll are numbered without holes: {n} after {self._after}"
                    )
                self._after = n
                self._heard.put_nowait(json.dumps(frame))
        if "close" in said:
            self._end(said["close"])

    def _end(self, code: int) -> None:
        if self.close_code is None:
            self.close_code = code
            self._heard.put_nowait(None)

    async def close(self) -> None:
        """Send no more requests; the hub finds out by itself."""
        self._end(1000)

    async def __aiter__(self) -> AsyncIterator[str]:
        while (text := await self._heard.get()) is not None:
            yield text
