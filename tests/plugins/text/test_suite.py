"""Text as the suite of all channels sees it: a browser on the page says things and hears answers, over the hub's own socket."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin

import hub_text
from hub.testing import ChannelSuite, Heard, Peer, Said
from hub.testing.bench import ORIGIN, SITE


class PagePeer(Peer):
    """One visitor's page. It comes back by itself when the line ends, says again what was not acknowledged, and resumes behind what it has."""

    dates = False

    async def open(self, url: str) -> None:
        self.url = url.replace("http", "ws", 1) + "/visitor"
        self.token: str | None = None
        self.talk: str | None = None
        self.unknown: dict[str, str] = {}
        self.messages: dict[int, dict[str, Any]] = {}
        self.news = asyncio.Event()
        self.line: ClientConnection | None = None
        self.welcomed = False
        self.task = asyncio.get_running_loop().create_task(self._stay())

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def say(self, said: Said) -> None:
        key = f"c-{said.key:0>12}"
        self.unknown[key] = said.text
        await self._speak(key)
        async with asyncio.timeout(15):
            while key in self.unknown:
                self.news.clear()
                await self.news.wait()

    async def heard(self) -> list[Heard]:
        ours = [said for _, said in sorted(self.messages.items()) if said["author"] == "operator"]
        return [Heard(text=said["text"], to="page", id=str(said["seq"])) for said in ours]

    async def tell(self, heard: Heard, state: str) -> None:
        assert self.line is not None
        read = int(heard.id) if state == "read" else 0
        frame = {"t": "cursor", "conversation": self.talk, "delivered": int(heard.id), "read": read}
        await self.line.send(json.dumps(frame))

    async def _stay(self) -> None:
        while True:
            with suppress(OSError, ConnectionClosed, InvalidHandshake):
                async with connect(self.url, origin=Origin(ORIGIN), max_size=None, proxy=None) as self.line:
                    await self._hello(self.line)
                    async for text in self.line:
                        await self._take(json.loads(text))
            self.line, self.welcomed = None, False
            self._drop_too_long()
            await asyncio.sleep(0.05)

    async def _hello(self, line: ClientConnection) -> None:
        frame: dict[str, Any] = {"t": "hello", "site": SITE, "tab": "tab-00000001"}
        if self.token:
            frame["token"] = self.token
        if self.talk:
            frame |= {"conversation": self.talk, "have": max(self.messages, default=0)}
        await line.send(json.dumps(frame))

    async def _speak(self, key: str) -> None:
        if self.line is None or not self.welcomed:
            return
        frame = {"client_id": key, "text": self.unknown[key]}
        frame |= {"t": "say", "conversation": self.talk} if self.talk else {"t": "open"}
        with suppress(ConnectionClosed):
            await self.line.send(json.dumps(frame))

    async def _take(self, frame: dict[str, Any]) -> None:
        self.token = frame.get("token") or self.token
        if frame["t"] == "welcome":
            self.welcomed = True
            self.talk = (frame.get("talk") or {}).get("id")
            for said in frame.get("messages", ()):
                self.messages[said["seq"]] = said
            for key in list(self.unknown):
                await self._speak(key)
        elif frame["t"] == "talk":
            self.talk = frame["talk"]["id"]
        elif frame["t"] == "said":
            self.messages[frame["seq"]] = frame
        elif frame["t"] in ("sent", "refused"):
            self.talk = frame.get("conversation") or self.talk
            self.unknown.pop(frame.get("client_id") or "", None)
        self.news.set()

    def _drop_too_long(self) -> None:
        """The line was cut because of it: a page does not say again what was refused for its length."""
        self.unknown = {key: text for key, text in self.unknown.items() if len(text) <= 8_000}
        self.news.set()


class TestText(ChannelSuite):
    channel = hub_text.Text
    settings = {"max_length": 100}
    peer = PagePeer
