"""The people of a faulty world: visitors and operators who write, come back, and send again what was not acknowledged.

They keep to the protocol as our own widget and console do (`have`, `n`, client ids), and write into the `Story` what they were told.
"""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Callable
from typing import Any

import httpx2
import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests.faults.child import SHOP, secret
from tests.faults.polled import Polled
from tests.faults.story import Refused, Seen, Sent, Story, Told

IN_FLIGHT = 3
"""What a visitor has not heard of, at most."""
AT_ONCE = 30
"""The same, of an operator."""
BACK = 0.15
"""Seconds, at most, before somebody who lost the line tries again."""
UNSURE = 0.05
"""How often somebody sends a message twice, as one does who could not hear the answer."""
LATER = {"unavailable", "rate_limited"}
LOST = 0.03
"""How often the network loses an answer to a long-poll."""


class Somebody:
    """A client of a socket that ends without a word. `outbox` holds what is not acknowledged, in the order of writing."""

    def __init__(self, story: Story, name: str, rng: random.Random, *, polls: bool = False) -> None:
        self.story, self.name, self.rng, self.polls = story, name, rng, polls
        self.outbox: dict[str, dict[str, Any]] = {}
        self.asked: dict[str, float] = {}
        """When each of them was first sent."""
        self.n = 0
        self.line: ClientConnection | Polled | None = None
        self.welcome = False
        self.closed: int | None = None
        """The code that the last line ended with; 1006 without a word."""
        self.again: asyncio.TimerHandle | None = None
        self.later = 0
        """How often it was told that nothing can be stored now."""
        self.writing = True
        self.lines = 0
        """How often the line was opened."""

    async def live(self, port: Callable[[], int]) -> None:
        """Until cancelled: come, hear, and come back."""
        while True:
            try:
                async with self.connected(port()) as line:
                    self.lines += 1
                    self.line = line
                    await self.greet(line)
                    async for data in line:
                        await self.hear(json.loads(data))
                    self.closed = line.close_code
            except (OSError, websockets.WebSocketException, EOFError):
                if self.line is not None:
                    self.closed = self.line.close_code
            finally:
                self.line, self.welcome = None, False
                if self.again is not None:
                    self.again.cancel()
            await asyncio.sleep(self.rng.uniform(0, BACK))

    def _again(self) -> None:
        # As our widget does: what was refused for now is sent again in a while, by coming back.
        if self.line is not None:
            self.line.transport.close()

    async def hang_up(self) -> None:
        """End this line; `live` comes back."""
        if self.line is not None:
            await self.line.close()

    def connected(self, port: int) -> Any:
        raise NotImplementedError

    def _losing(self) -> bool:
        return self.rng.random() < LOST

    async def greet(self, line: ClientConnection | Polled) -> None:
        raise NotImplementedError

    async def hear(self, frame: dict[str, Any]) -> None:
        raise NotImplementedError

    async def say(self, **frame: Any) -> None:
        if self.line is not None:
            with contextlib.suppress(websockets.WebSocketException, OSError):
                await self.line.send(json.dumps(frame))

    async def put(self, client_id: str, text: str, frame: dict[str, Any], *, note: bool = False) -> None:
        """Press Enter: from now on it is sent until it is acknowledged."""
        self.story.sent.append(Sent(self.name, client_id, text, self.n, note))
        self.outbox[client_id] = frame
        self.asked[client_id] = time.monotonic()
        if self.welcome:
            await self.say(**frame)
            if self.rng.random() < UNSURE:
                await self.say(**frame)

    def told(self, client_id: str, seq: int) -> None:
        """The hub has stored it, under this number."""
        now = time.monotonic()
        self.story.waits.append((now, now - self.asked.pop(client_id, now)))
        self.story.told.append(Told(self.name, client_id, seq))

    async def resend(self) -> None:
        for frame in list(self.outbox.values()):
            await self.say(**frame)

    def refused(self, client_id: str | None, code: str) -> bool:
        """Whether it is given up; what may be sent again later is not."""
        if client_id in self.outbox and code in LATER:
            self.later += 1
            self.again = asyncio.get_running_loop().call_later(1.0, self._again)
        if client_id not in self.outbox or code in LATER:
            return False
        del self.outbox[client_id]
        self.story.refused.append(Refused(self.name, client_id, code))
        return True


class Visitor(Somebody):
    """Writes, a few messages under way at a time, and reads what is answered."""

    def __init__(self, story: Story, number: int, rng: random.Random) -> None:
        super().__init__(story, f"visitor{number}", rng, polls=number % 3 == 2)
        self.number = number
        self.token: str | None = None
        self.conversation: str | None = None
        self.have = 0
        self.canary = f"cn{rng.getrandbits(64):016x}"
        story.canaries[self.canary] = self.name
        story.visitors.add(self.name)

    def connected(self, port: int) -> Any:
        if self.polls:
            return Polled(
                f"http://127.0.0.1:{port}/visitor/poll", {"origin": SHOP}, "text/plain", self._losing
            )
        return connect(
            f"ws://127.0.0.1:{port}/visitor",
            origin=SHOP,
            compression=None,
            ping_interval=None,
            open_timeout=5,
            close_timeout=1,
        )

    async def greet(self, line: ClientConnection | Polled) -> None:
        hello: dict[str, Any] = {
            "t": "hello",
            "site": "shop",
            "tab": f"tab-{self.number:08d}",
            "have": self.have,
        }
        if self.token:
            hello["token"] = self.token
        if self.conversation:
            hello["conversation"] = self.conversation
        await line.send(json.dumps(hello))

    async def hear(self, frame: dict[str, Any]) -> None:
        kind = frame["t"]
        if kind == "welcome":
            self.token = frame.get("token") or self.token
            for message in frame.get("messages", []):
                self._read(message, resumed=True)
            if talk := frame.get("talk"):
                self.conversation = talk["id"]
            self.welcome = True
            await self.say(t="page", page={"url": f"{SHOP}/", "title": "Shop", "referrer": ""})
            await self.resend()
        elif kind == "sent":
            self._acknowledged(frame)
        elif kind == "said":
            self._read(frame, resumed=False)
        elif kind == "refused":
            self.refused(frame.get("client_id"), frame["code"])

    async def write(self) -> None:
        """Until told to stop: a word now and then, never more than a few at once."""
        while self.writing:
            await asyncio.sleep(self.rng.uniform(0.005, 0.03))
            if not self.welcome or len(self.outbox) >= (IN_FLIGHT if self.conversation else 1):
                continue
            self.n += 1
            client_id, text = f"{self.name}-{self.n:06d}", f"{self.canary}/{self.name}/{self.n}"
            if self.conversation:
                frame = {"t": "say", "client_id": client_id, "conversation": self.conversation, "text": text}
            else:
                frame = {"t": "open", "client_id": client_id, "text": text}
            await self.put(client_id, text, frame)

    def _acknowledged(self, frame: dict[str, Any]) -> None:
        self.outbox.pop(frame["client_id"], None)
        self.conversation = frame["conversation"]
        self.told(frame["client_id"], frame["seq"])

    def _read(self, message: dict[str, Any], *, resumed: bool) -> None:
        self.conversation = message["conversation"]
        seq = message["seq"]
        self.story.seen.append(Seen(self.name, message["conversation"], seq, message["text"], resumed))
        self.have = max(self.have, seq)


class Operator(Somebody):
    """Follows the queue, takes every second conversation, answers about half of what is said, and writes notes."""

    def __init__(self, story: Story, number: int, of: int, rng: random.Random) -> None:
        super().__init__(story, f"operator{number}", rng, polls=number % 2 == 1)
        self.number, self.of = number, of
        self.at: dict[str, int | None] = {}
        """Topic → the last n that is held."""
        self.reached: dict[str, int] = {}
        self.held: dict[str, set[int]] = {}
        self.taken: set[str] = set()
        self.port = self.commands = 0

    def connected(self, port: int) -> Any:
        self.port = port
        origin, cookie = f"http://localhost:{port}", {"Cookie": f"__Host-hub={secret(self.number)}"}
        if self.polls:
            headers = {"origin": origin, **cookie}
            return Polled(f"http://127.0.0.1:{port}/console/poll", headers, "application/json", self._losing)
        return connect(
            f"ws://127.0.0.1:{port}/console", origin=origin, compression=None, ping_interval=None,
            additional_headers=cookie, open_timeout=5, close_timeout=1,
        )  # fmt: skip

    async def greet(self, line: ClientConnection | Polled) -> None:
        await line.send(json.dumps({"t": "hello", "tab": f"tab-{self.number:08d}"}))

    async def hear(self, frame: dict[str, Any]) -> None:
        kind = frame["t"]
        if kind == "welcome":
            for queue in frame["me"]["queues"]:
                self.at.setdefault(f"queue:{queue['id']}", None)
            self.welcome = True
            for topic in list(self.at):
                await self._follow(topic)
            await self.resend()
        elif kind == "snapshot":
            await self._scroll_back(frame)
            self.at[frame["topic"]] = frame["n"]
            for item in sorted(frame["items"], key=lambda it: it.get("seq", 0)):
                await self._item(item, resumed=True)
        elif kind == "event":
            await self._event(frame)
        elif kind == "resync":
            self.at[frame["topic"]] = None
            await self._follow(frame["topic"])
        elif kind == "done" and frame["id"] in self.outbox:
            sent = self.outbox.pop(frame["id"])
            if sent["t"] == "reply":
                self.told(frame["id"], frame["seq"])
        elif kind == "refused":
            self.refused(frame.get("client_id"), frame["code"])

    async def _scroll_back(self, snapshot: dict[str, Any]) -> None:
        """A snapshot holds the newest messages; whoever was away for hundreds reads the others in pages, as the console does."""
        kind, _, talk = snapshot["topic"].partition(":")
        numbers = [item["seq"] for item in snapshot["items"] if item["k"] == "message"]
        if kind != "conversation" or not numbers:
            return
        while (after := self.reached.get(talk, 0)) + 1 < min(numbers):
            address = f"http://127.0.0.1:{self.port}/api/conversations/{talk}/messages?after={after}"
            headers = {"host": f"localhost:{self.port}", "cookie": f"__Host-hub={secret(self.number)}"}
            try:
                async with httpx2.AsyncClient(timeout=10.0, trust_env=False) as client:
                    page = (await client.get(address, headers=headers)).raise_for_status().json()
            except (httpx2.HTTPError, ValueError) as error:
                raise ConnectionError(f"the hub died over a page: {error}") from None
            for item in page["items"]:
                await self._message(item, resumed=True)
            if self.reached.get(talk, 0) == after:
                raise ConnectionError("a page brought nothing")

    async def _follow(self, topic: str) -> None:
        n = self.at[topic]
        await self.say(t="subscribe", topic=topic, **({} if n is None else {"n": n}))

    async def _event(self, frame: dict[str, Any]) -> None:
        topic, n = frame["topic"], frame["n"]
        held = self.at.get(topic)
        if held is None or n <= held:
            return
        if frame.get("after", n - 1) > held:
            await self._follow(topic)  # a gap: what is missing is asked for
            return
        self.at[topic] = n
        await self._item(frame["item"], resumed=False)

    async def _item(self, item: dict[str, Any], *, resumed: bool) -> None:
        if item["k"] == "row":
            await self._row(item)
        elif item["k"] == "message":
            await self._message(item, resumed=resumed)

    async def _row(self, row: dict[str, Any]) -> None:
        talk = row["id"]
        if int(talk[:8], 16) % self.of != self.number or f"conversation:{talk}" in self.at:
            return
        self.at[f"conversation:{talk}"] = None
        await self._follow(f"conversation:{talk}")

    async def _message(self, message: dict[str, Any], *, resumed: bool) -> None:
        talk = message["conversation"]
        reader = f"{self.name}/{talk}"
        held = self.held.setdefault(talk, set())
        if message.get("delivery") and message["seq"] in held:
            return  # not a message once more: how far it got outside may have changed
        held.add(message["seq"])
        self.story.seen.append(Seen(reader, talk, message["seq"], message["text"], resumed))
        new = message["seq"] > self.reached.get(talk, 0)
        self.reached[talk] = max(message["seq"], self.reached.get(talk, 0))
        if not new or message["author"] != "visitor" or not self.writing:
            return
        if talk not in self.taken:
            self.taken.add(talk)
            await self._command({"t": "take", "conversation": talk})
        canary = message["text"].partition("/")[0]
        if self.rng.random() < 0.5 or message["channel"] == "pigeon":
            await self._write(talk, canary, note=False)
        if self.rng.random() < 0.1:
            await self._write(talk, canary, note=True)

    async def _write(self, talk: str, canary: str, *, note: bool) -> None:
        if len(self.outbox) >= AT_ONCE:
            return  # nobody types on and on without an answer; sending all of it again would take longer than a hub lives here
        self.n += 1
        client_id, text = f"{self.name}-{self.n:06d}", f"{canary}/{self.name}/{self.n}"
        frame = {
            "t": "reply",
            "id": client_id,
            "conversation": talk,
            "text": text,
            "kind": "note" if note else "text",
        }
        await self.put(client_id, text, frame, note=note)

    async def _command(self, frame: dict[str, Any]) -> None:
        self.commands += 1
        client_id = f"{self.name}-command-{self.commands:06d}"
        self.outbox[client_id] = {**frame, "id": client_id}
        await self.say(**self.outbox[client_id])
