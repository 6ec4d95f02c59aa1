"""Fakes of everything a plugin gets, so that its tests need no hub, no network and no waiting."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

import hub
from hub.contract.documents import check


class FakeClock:
    """Time that moves only when somebody sleeps or `forward` is called."""

    def __init__(self, at: datetime = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.forward(seconds)
        await asyncio.sleep(0)

    def forward(self, seconds: float) -> None:
        """Move the present."""
        self.at += timedelta(seconds=seconds)


class FakeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request as the plugin made it. `content` holds the JSON too, encoded."""

    method: str
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, str]
    content: bytes


class FakeHttp:
    """Answers from a queue. `requests` keeps what was asked."""

    def __init__(self) -> None:
        self.requests: list[FakeRequest] = []
        self._answers: deque[hub.HttpResponse | Exception] = deque()

    def answer(
        self,
        status: int = 200,
        *,
        json: Any = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Queue one answer."""
        content = msgspec.json.encode(json) if json is not None else body
        self._answers.append(
            hub.HttpResponse(status=status, headers=dict(headers or {}), body=content, url="")
        )

    def fail(self, error: Exception) -> None:
        """Queue a failure, such as `hub.NotReady("no route")`."""
        self._answers.append(error)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the contract's signature
    ) -> hub.HttpResponse:
        body = msgspec.json.encode(json) if json is not None else content or b""
        self.requests.append(
            FakeRequest(
                method=method, url=url, headers=dict(headers or {}), params=dict(params or {}), content=body
            )
        )
        if not self._answers:
            raise hub.NotReady(f"the fake has no answer queued for {method} {url}")
        answer = self._answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return msgspec.structs.replace(answer, url=url)


class FakeDocuments:
    """Documents in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], hub.Document] = {}

    async def get(self, kind: str, key: str) -> hub.Document | None:
        return self.kept.get((kind, key))

    async def all(self, kind: str) -> list[hub.Document]:
        return [document for (name, _), document in sorted(self.kept.items()) if name == kind]

    async def put(self, *puts: hub.Put) -> None:
        self.write(puts)

    async def delete(self, kind: str, key: str) -> None:
        self.kept.pop((kind, key), None)

    def write(self, puts: Sequence[hub.Put]) -> None:
        """All of them, checked as the hub checks them."""
        check(puts)
        for put in puts:
            if put.body is None:
                self.kept.pop((put.kind, put.key), None)
            else:
                body = msgspec.json.decode(msgspec.json.encode(put.body))
                document = hub.Document(kind=put.kind, key=put.key, body=body, version=put.version)
                self.kept[put.kind, put.key] = document


class FakeContext:
    """A `hub.Context`. `reported`, `receipts`, `aside` and `frames` keep what the plugin said; `sent` are the ids of messages
    that `receipt` knows of (None: of any)."""

    def __init__(self, settings: hub.Settings | None = None, *, connection: str = "test") -> None:
        self.connection = connection
        self.settings: Any = settings
        self.logger = logging.getLogger(f"hub.connections.{connection}")
        self.clock = FakeClock()
        self.http = FakeHttp()
        self.documents = FakeDocuments()
        self.reported: list[hub.Touchpoint] = []
        self.frames: list[tuple[str, hub.Frame]] = []
        self.receipts: list[tuple[str, hub.Receipt]] = []
        self.sent: set[str] | None = None
        self.volunteered: dict[str, list[hub.Known]] = {}
        self.aside: dict[str, hub.Aside] = {}
        self._keys: set[str] = set()

    async def report(self, touchpoint: hub.Touchpoint, *, puts: Sequence[hub.Put] = ()) -> None:
        """Keeps it once per key, as the hub does; the puts are written in any case."""
        self.documents.write(puts)
        if touchpoint.key not in self._keys:
            self._keys.add(touchpoint.key)
            self.reported.append(touchpoint)

    async def receipt(self, message: str, receipt: hub.Receipt) -> bool:
        """Keeps it when the message is known."""
        known = self.sent is None or message in self.sent
        if known:
            self.receipts.append((message, receipt))
        return known

    async def set_aside(self, key: str, raw: bytes, why: str, *, puts: Sequence[hub.Put] = ()) -> None:
        """Keeps it by its key, with the last reason."""
        self.documents.write(puts)
        self.aside[key] = hub.Aside(key=key, raw=raw, why=why)

    async def known(self, of: hub.Visitor | str) -> tuple[hub.Known, ...]:
        """What the test has put into `volunteered` for this thread or visitor."""
        return tuple(self.volunteered.get(of.id if isinstance(of, hub.Visitor) else of, ()))

    async def to_visitor(self, visitor: hub.Visitor | str, frame: hub.Frame) -> None:
        name = visitor.id if isinstance(visitor, hub.Visitor) else visitor
        self.frames.append((name, frame))
