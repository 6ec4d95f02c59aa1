"""Context, implemented: each call crosses from the plugins' loop to the core's and back.

This is the only bridge. What a plugin hands over is checked here, on its own loop and at its own cost, before the
core sees it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from hub import documents
from hub.contract import (
    Channel,
    Clock,
    Document,
    Documents,
    Frame,
    HttpClient,
    NotReady,
    Put,
    Settings,
    Touchpoint,
    Visitor,
)
from hub.contract.documents import check
from hub.contract.page import MAX_FRAME
from hub.runners.ports import Ports
from hub.store import Store, StoreError
from hub.wire import Refusal

T = TypeVar("T")


class Core:
    """The core's event loop as seen from the plugins' loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Await `work()` on the core's loop. Cancelling the caller does not undo a write that has begun."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), self._loop))


class PluginClock:
    """Implements `hub.Clock`."""

    def __init__(self, micros: Callable[[], int]) -> None:
        self._micros = micros

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._micros() / 1e6, UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class PluginDocuments:
    """Implements `hub.Documents` for one connection; upgrades older documents as they are read."""

    def __init__(self, core: Core, store: Store, connection: str, channel: type[Channel]) -> None:
        self._core, self._store, self._connection = core, store, connection
        self._kinds = {kind.kind: kind for kind in channel.documents}

    async def get(self, kind: str, key: str) -> Document | None:
        found = await self._core.run(lambda: self._store.read(documents.get, self._connection, kind, key))
        return None if found is None else self._current(found)

    async def all(self, kind: str) -> list[Document]:
        found = await self._core.run(lambda: self._store.read(documents.all_of, self._connection, kind))
        return [self._current(document) for document in found]

    async def put(self, *puts: Put) -> None:
        check(puts)
        await self._core.run(lambda: self._store.write(documents.put, self._connection, puts))

    async def delete(self, kind: str, key: str) -> None:
        await self._core.run(lambda: self._store.write(documents.delete, self._connection, kind, key))

    def _current(self, document: Document) -> Document:
        kind = self._kinds.get(document.kind)
        if kind is None or document.version == kind.version:
            return document
        if document.version > kind.version:
            raise ValueError(
                f"document {document.kind}/{document.key} has version {document.version}, this plugin knows "
                f"{kind.version}: it was written by a newer release; install that one again"
            )
        body = kind.upgrade(document.body, document.version)
        return msgspec.structs.replace(document, body=body, version=kind.version)


class ConnectionContext:
    """Implements `hub.Context`: everything one connection's plugin objects may use."""

    def __init__(
        self,
        *,
        connection: str,
        settings: Settings,
        channel: type[Channel],
        frames: Sequence[str],
        core: Core,
        store: Store,
        http: HttpClient,
        ports: Ports,
        on_report: Callable[[], None],
    ) -> None:
        self.connection = connection
        self.settings: Any = settings
        self.logger = logging.getLogger(f"hub.connections.{connection}")
        self.clock: Clock = PluginClock(ports.clock)
        self.http = http
        self.documents: Documents = PluginDocuments(core, store, connection, channel)
        self._kind, self._frames = channel.kind, frozenset(frames)
        self._core, self._store, self._ports, self._on_report = core, store, ports, on_report

    async def report(self, touchpoint: Touchpoint, *, puts: Sequence[Put] = ()) -> None:
        if not isinstance(touchpoint, Touchpoint):
            raise TypeError(f"report: expected a hub.Touchpoint, got {type(touchpoint).__name__}")
        if touchpoint.channel != self._kind:
            raise ValueError(
                f"Touchpoint.channel: expected this channel's kind {self._kind!r}, got {touchpoint.channel!r}"
            )
        check(puts)
        await self._core.run(lambda: self._received(touchpoint, tuple(puts)))

    async def _received(self, touchpoint: Touchpoint, puts: tuple[Put, ...]) -> None:
        try:
            await self._store.write(self._ports.receive, self.connection, touchpoint, puts)
        except StoreError as error:  # a full disk is no bug of the plugin: it waits and reports again
            raise NotReady(f"the hub cannot store anything now: {error}") from None
        except Refusal as refusal:
            raise ValueError(f"touchpoint {touchpoint.key[:80]!r} is refused: {refusal.message}") from None
        self._on_report()

    async def to_visitor(self, visitor: Visitor | str, frame: Frame) -> None:
        check_frame(frame, self._frames)
        name = visitor.id if isinstance(visitor, Visitor) else visitor
        await self._core.run(lambda: self._shown(name, frame))

    async def _shown(self, visitor: str, frame: Frame) -> None:
        self._ports.to_visitor(visitor, frame)


def check_frame(frame: Frame, declared: frozenset[str]) -> None:
    """Raise ValueError for a frame whose name is not declared or whose data is too large or no JSON object."""
    if frame.name not in declared:
        names = ", ".join(sorted(declared)) or "none"
        raise ValueError(f"frame {str(frame.name)[:80]!r} is not declared; the feature's frames are: {names}")
    try:
        size = len(msgspec.json.encode(frame.data))
    except RecursionError:
        raise ValueError(f"frame {frame.name}: its data is nested too deeply") from None
    except TypeError as error:
        raise ValueError(f"frame {frame.name}: its data is not JSON: {error}") from None
    if size > MAX_FRAME:
        raise ValueError(f"frame {frame.name}: {size} bytes of data, at most {MAX_FRAME} are carried")
