"""A visitor's page and an operator's tab, as the browser's code behaves: what they hold, and how they come back.

`hear` waits for one frame (and takes it, so that asking again waits for the next); nothing here sleeps.
"""

import asyncio
import itertools
from typing import Any

PATIENCE = 10.0
_numbers = itertools.count(1)


def new_id(word: str = "c") -> str:
    """A client id: unique in this run."""
    return f"{word}-{next(_numbers):08d}"


class Party:
    """One end of a line."""

    def __init__(self, world, wire: str) -> None:
        self.world, self.wire = world, wire
        self.line: Any = None
        self._taken: set[int] = set()
        self._read = 0

    async def hear(self, kind: str, seconds: float = PATIENCE, **fields: object) -> dict[str, Any]:
        """The first frame of this kind with these fields that nobody took before."""
        async with asyncio.timeout(seconds):
            while True:
                self.absorb()
                for place, frame in enumerate(self.line.heard):
                    if place not in self._taken and frame["t"] == kind and _fits(frame, fields):
                        self._taken.add(place)
                        return frame
                if self.line.closed is not None:
                    raise AssertionError(
                        f"the line ended with {self.line.closed}; heard {self.line.heard[-5:]}"
                    )
                await self.line.changed()

    async def until(self, fact, seconds: float = PATIENCE) -> Any:
        """Wait until `fact()` is true of what was heard."""
        async with asyncio.timeout(seconds):
            while not (found := (self.absorb(), fact())[1]):
                await self.line.changed()
            return found

    async def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for the end of the line; its close code."""
        async with asyncio.timeout(seconds):
            while self.line.closed is None:
                await self.line.changed()
        self.absorb()
        return self.line.closed

    async def ask(self, frame: dict[str, Any], *answers: str) -> dict[str, Any]:
        """Send a command and wait for its own answer, or its refusal."""
        await self.line.send(frame)
        wanted = frame.get("client_id") or frame.get("id")
        field = "id" if "id" in frame else "client_id"
        async with asyncio.timeout(PATIENCE):
            while True:
                self.absorb()
                for place, heard in enumerate(self.line.heard):
                    mine = heard.get(field) == wanted and heard["t"] in answers
                    refused = heard["t"] == "refused" and heard.get("client_id") == wanted
                    if place not in self._taken and (mine or refused):
                        self._taken.add(place)
                        return heard
                assert self.line.closed is None, f"the line ended with {self.line.closed}"
                await self.line.changed()

    async def settled(self) -> None:
        """Everything the hub had to say until now has arrived: a beat is answered behind it."""
        await self.line.send({"t": "beat"})
        sent = self.line.beats
        await self.until(lambda: sum(frame["t"] == "beat" for frame in self.line.heard) >= sent)

    def absorb(self) -> None:
        """Take in what came since."""
        while self._read < len(self.line.heard):
            self._read += 1
            self.take_in(self.line.heard[self._read - 1])

    def take_in(self, frame: dict[str, Any]) -> None:
        raise NotImplementedError

    async def connect(self, path: str, headers: dict[str, str]) -> None:
        if self.line is not None and self.line.closed is None:
            await self.line.cut()
        self.line, self._taken, self._read = await self.world.dial(self.wire, path, headers), set(), 0

    def everything(self) -> str:
        """All that came over the line, for looking for what must not."""
        return "\n".join(self.line.raw)


def _fits(frame: dict[str, Any], fields: dict[str, object]) -> bool:
    return all(frame.get(name) == value for name, value in fields.items())


class Page(Party):
    """One page of a shop in a visitor's browser."""

    def __init__(self, world, wire: str, site: str = "shop", token: str | None = None) -> None:
        super().__init__(world, wire)
        self.site, self.token = site, token
        self.tab = new_id("tab")
        self.url = f"https://{site}.test/"
        self.title = "A shop"
        self.talk: dict[str, Any] | None = None
        self.messages: dict[int, dict[str, Any]] = {}
        self.doubled: list[int] = []
        self.welcome: dict[str, Any] = {}

    @property
    def have(self) -> int:
        """The last message before the first hole."""
        return next(n for n in itertools.count(0) if n + 1 not in self.messages)

    @property
    def conversation(self) -> str:
        assert self.talk is not None
        return self.talk["id"]

    @property
    def texts(self) -> list[str]:
        assert sorted(self.messages) == list(range(1, len(self.messages) + 1)), (
            "the visitor's numbers have a hole"
        )
        return [self.messages[n]["text"] for n in sorted(self.messages)]

    def hello(self, **more: object) -> dict[str, Any]:
        frame = {
            "t": "hello",
            "site": self.site,
            "tab": self.tab,
        }
        if self.token:
            frame["token"] = self.token
        if self.talk:
            frame |= {"conversation": self.talk["id"], "have": self.have}
        return frame | more

    async def dial(self, **headers: str) -> None:
        await self.connect("/visitor", {"origin": self.world.origin(self.site), **headers})

    async def come(self, **more: object) -> "Page":
        """Say hello, on a new line."""
        await self.dial()
        return await self.greet(**more)

    async def greet(self, **more: object) -> "Page":
        seen = {name: more.pop(name) for name in ("page", "device", "zone", "active") if name in more}
        await self.line.send(self.hello(**more))
        await self.hear("welcome")
        if self.welcome.get("tracking", "on") == "on":
            await self.look(**seen)
        return self

    async def look(self, **more: object) -> None:
        """Say where it is, and be in a visit."""
        await self.line.send({"t": "page", "page": {"url": self.url, "title": self.title}} | more)
        await self.hear("visit")

    def take_in(self, frame: dict[str, Any]) -> None:
        kind = frame["t"]
        if frame.get("token"):
            self.token = frame["token"]
        if kind == "welcome":
            self.welcome = frame
            if frame.get("resync") or not frame.get("talk"):
                self.messages = {}
            self.talk = frame.get("talk")
            for said in frame.get("messages", ()):
                self._said(said)
        elif kind == "visit":
            self.welcome = {**self.welcome, "visit": frame["visit"]}
        elif kind == "talk":
            self._talks(frame["talk"])
        elif kind == "said":
            self._said(frame)

    def _talks(self, talk: dict[str, Any]) -> None:
        if self.talk and self.talk["id"] != talk["id"]:
            self.messages = {}
        self.talk = talk

    def _said(self, said: dict[str, Any]) -> None:
        if self.talk is None or self.talk["id"] != said["conversation"]:
            self.messages, self.talk = {}, {"id": said["conversation"]}
        if said["seq"] in self.messages:
            self.doubled.append(said["seq"])
        self.messages[said["seq"]] = said

    async def begin(self, text: str, client_id: str | None = None, **more: object) -> dict[str, Any]:
        said = await self.ask({"t": "open", "client_id": client_id or new_id(), "text": text, **more}, "sent")
        if said["t"] == "sent":
            await self.until(lambda: self.talk)
        return said

    async def say(self, text: str, client_id: str | None = None) -> dict[str, Any]:
        frame = {
            "t": "say",
            "client_id": client_id or new_id(),
            "conversation": self.conversation,
            "text": text,
        }
        return await self.ask(frame, "sent")

    async def identify(self, token: str) -> dict[str, Any]:
        return await self.ask({"t": "identify", "client_id": new_id(), "token": token}, "identified")


class Tab(Party):
    """One tab of an operator's console."""

    def __init__(self, world, wire: str, cookie: str) -> None:
        super().__init__(world, wire)
        self.cookie = cookie
        self.tab = new_id("tab")
        self.topics: dict[str, Topic] = {}
        self.idle = 0.0
        self.welcome: dict[str, Any] = {}

    async def dial(self, **headers: str) -> None:
        await self.connect("/console", {"origin": self.world.url, "cookie": self.cookie, **headers})

    async def come(self) -> "Tab":
        await self.dial()
        await self.line.send({"t": "hello", "tab": self.tab})
        self.welcome = await self.hear("welcome")
        return self

    def take_in(self, frame: dict[str, Any]) -> None:
        if frame["t"] in ("snapshot", "event", "resync"):
            self.topics.setdefault(frame["topic"], Topic()).take_in(frame)

    async def follow(self, topic: str, *, resume: bool = False) -> "Topic":
        """Subscribe, and wait until the topic is up to date."""
        held = self.topics.setdefault(topic, Topic())
        frame: dict[str, Any] = {"t": "subscribe", "topic": topic}
        if resume:
            frame |= {"n": held.n} | ({"epoch": held.epoch} if held.epoch else {})
        else:
            held.n = None
        await self.line.send(frame)
        if not resume:
            await self.until(lambda: held.n is not None)
        await self.settled()
        return held

    async def do(self, verb: str, conversation: str | None = None, **more: object) -> dict[str, Any]:
        """A command; its `done` or its `refused`."""
        frame = {"t": verb, "id": more.pop("id", None) or new_id(), **more}
        if conversation is not None:
            frame["conversation"] = conversation
        return await self.ask(frame, "done")


class Topic:
    """What a console holds of a topic, by the rules of the wire."""

    def __init__(self) -> None:
        self.n: int | None = None
        self.epoch: str | None = None
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.more = False
        self.gaps: list[dict[str, Any]] = []
        self.resyncs = 0

    def take_in(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "snapshot":
            self.n, self.epoch, self.more = frame["n"], frame.get("epoch"), frame.get("more", False)
            self.items = {(item["k"], item["id"]): item for item in frame["items"]}
        elif frame["t"] == "resync":
            self.resyncs += 1
        else:
            self._event(frame)

    def _event(self, frame: dict[str, Any]) -> None:
        if self.n is None or frame.get("epoch") != self.epoch or frame["n"] <= self.n:
            return
        if frame.get("after", frame["n"] - 1) > self.n:
            self.gaps.append(frame)
            return
        self.n = frame["n"]
        item = frame["item"]
        if item["k"] == "gone":
            for place in [
                place
                for place in self.items
                if place[1] == item["id"] and place[0] not in ("customer", "moved")
            ]:
                del self.items[place]
        else:
            self.items[item["k"], item["id"]] = item

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [item for (k, _), item in self.items.items() if k == kind]

    def one(self, kind: str) -> dict[str, Any]:
        (item,) = self.of(kind)
        return item
