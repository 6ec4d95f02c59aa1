"""Context, implemented: each call crosses from the plugins' loop to the core's and back.

This is the only bridge. What a plugin hands over is checked here, on its own loop and at its own cost, before the
core sees it.
"""

from __future__ import annotations

import asyncio
import logging
import re
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
    Known,
    NotReady,
    Put,
    Receipt,
    Settings,
    Touchpoint,
    Visitor,
)
from hub.contract.documents import check
from hub.contract.page import MAX_FRAME
from hub.media import Came, Intake
from hub.outbound import OutboundClient
from hub.runners.bringing import bring
from hub.runners.cleaning import cleaned, plain
from hub.runners.pace import Bucket, Pace
from hub.runners.parcel import Parcel, carries, unpacked
from hub.runners.ports import Ports
from hub.store import Store, StoreError
from hub.wire import Refusal

T = TypeVar("T")
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
LONGEST_THREAD = 500
LONGEST_ID = 64
"""Characters of a visitor's id."""


class Core:
    """The core's event loop as seen from one connection's plugin code, until `close`.

    A few calls are under way at a time; further ones wait on the plugin's side, so that one connection cannot fill the core's.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, pace: Pace) -> None:
        self._loop, self._gate = loop, asyncio.Semaphore(pace.crossings_at_once)
        self._bucket = Bucket(pace.crossings_per_second, int(pace.crossings_per_second))
        self._closed = False

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Await `work()` on the core's loop. Cancelling the caller does not undo a write that has begun."""
        async with self._gate:
            if self._closed:
                raise NotReady("this connection was begun anew; what is left of the old one is not heard")
            while not self._bucket.take():  # noqa: ASYNC110  # tokens come with time alone
                await asyncio.sleep(0.005)
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), self._loop))

    def close(self) -> None:
        """What is left of this plugin code is not heard any more."""
        self._closed = True


class Sparing(logging.Filter):
    """So many lines of one connection in the log, and then how many were left out: a disk is sooner full than one thinks."""

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._bucket = Bucket(pace.lines_per_second, pace.lines_at_once)
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        if not self._bucket.take():
            self._left_out += 1
            return False
        if self._left_out:
            record.msg, self._left_out = f"{record.msg} ({self._left_out} lines before this left out)", 0
        return True


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
        own = owned(puts)
        await self._core.run(lambda: self._store.write_background(documents.put, self._connection, own))

    async def delete(self, kind: str, key: str) -> None:
        await self._core.run(
            lambda: self._store.write_background(documents.delete, self._connection, kind, key)
        )

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
        core: asyncio.AbstractEventLoop,
        store: Store,
        http: OutboundClient,
        ports: Ports,
        on_report: Callable[[], None],
        pace: Pace,
    ) -> None:
        self.connection = connection
        self.settings: Any = settings
        self.logger = logging.getLogger(f"hub.connections.{connection}")
        self.logger.filters[:] = [Sparing(pace)]
        self.clock: Clock = PluginClock(ports.clock)
        self.http: HttpClient = http
        self._client = http
        self._core = Core(core, pace)
        self.documents: Documents = PluginDocuments(self._core, store, connection, channel)
        self._kind, self._frames = channel.kind, frozenset(frames)
        self._letters, self._limits = channel.capabilities.subjects, Intake()
        self._store, self._ports, self._on_report = store, ports, on_report
        self._shows = Bucket(pace.shows_per_second, int(pace.shows_per_second))

    def close(self) -> None:
        """Another context takes its place: what still runs with this one is not heard."""
        self._core.close()

    async def let_go(self) -> None:
        """Close what it holds open. On the plugin's loop."""
        await self._client.aclose()

    async def report(self, touchpoint: Touchpoint, *, puts: Sequence[Put] = ()) -> None:
        words, parcel = (
            await asyncio.to_thread(unpacked, touchpoint, self._limits)
            if carries(touchpoint)
            else (touchpoint, Parcel())
        )
        touchpoint = cleaned(words, Touchpoint, "report")
        if touchpoint.channel != self._kind:
            raise ValueError(
                f"Touchpoint.channel: expected this channel's kind {self._kind!r}, got {touchpoint.channel!r}"
            )
        own = owned(puts)
        await self._core.run(lambda: self._received(touchpoint, own, parcel))

    async def _received(self, touchpoint: Touchpoint, puts: tuple[Put, ...], parcel: Parcel) -> None:
        files = self._ports.files()
        came = await bring(
            self.connection, touchpoint, parcel, store=self._store, files=files, limits=self._limits
        )
        brought = [file.id for _, file in came.files]
        try:
            used = await self._written(touchpoint, puts, came)
        except Exception:  # not when cancelled: the write may have begun, and the sweep finds what it leaves
            if brought:
                await files.drop(brought)
            raise
        if not used:
            await files.drop(brought)
        self._on_report()

    async def _written(self, touchpoint: Touchpoint, puts: tuple[Put, ...], came: Came) -> bool:
        # What somebody said goes before what was merely learnt.
        write = self._store.write if touchpoint.message else self._store.write_background
        try:
            received = await write(
                self._ports.receive, self.connection, touchpoint, puts, subjects=self._letters, came=came
            )
        except StoreError as error:  # a full disk is no bug of the plugin: it waits and reports again
            raise _cannot_store(error) from None
        except Refusal as refusal:
            raise ValueError(f"touchpoint {touchpoint.key[:80]!r} is refused: {refusal.message}") from None
        return not came.files or bool(received.used)

    async def receipt(self, message: str, receipt: Receipt) -> bool:
        said = cleaned(receipt, Receipt, "receipt")
        if not isinstance(message, str) or not _ID.fullmatch(message):
            raise ValueError(f"receipt: expected the id of an OutgoingMessage, got {str(message)[:80]!r}")
        sent = bytes.fromhex(message)
        return await self._core.run(lambda: self._write(self._ports.receipt, self.connection, sent, said))

    async def set_aside(self, key: str, raw: bytes, why: str, *, puts: Sequence[Put] = ()) -> None:
        if not isinstance(key, str) or not isinstance(raw, bytes | bytearray | memoryview):
            raise TypeError("set_aside: expected a key of text and the raw bytes as they came")
        name, body, reason, own = (
            plain(key, "set_aside"),
            bytes(raw),
            str(plain(why, "set_aside")),
            owned(puts),
        )
        write = self._ports.set_aside
        await self._core.run(lambda: self._write(write, self.connection, name, body, reason, own))

    async def known(self, of: Visitor | str) -> tuple[Known, ...]:
        asked = cleaned(of, Visitor, "known") if isinstance(of, Visitor) else of
        if isinstance(asked, str) and not 1 <= len(asked) <= LONGEST_THREAD:
            raise ValueError(
                f"known: expected a thread of 1 to {LONGEST_THREAD} characters, got {len(asked)}"
            )
        return await self._core.run(lambda: self._store.read(self._ports.known, self.connection, asked))

    async def _write(self, action: Callable[..., T], *args: Any) -> T:
        try:
            return await self._store.write_background(action, *args)
        except StoreError as error:
            raise _cannot_store(error) from None

    async def to_visitor(self, visitor: Visitor | str, frame: Frame) -> None:
        check_frame(frame, self._frames)
        own = Frame(name=str(frame.name), data=plain(frame.data, f"frame {frame.name}"))
        name = visitor.id if isinstance(visitor, Visitor) else visitor
        if not isinstance(name, str) or len(name) > LONGEST_ID:
            raise ValueError(f"to_visitor: expected a hub.Visitor or its id, got {str(name)[:80]!r}")
        while not self._shows.take():  # noqa: ASYNC110  # tokens come with time alone
            await asyncio.sleep(0.05)
        await self._core.run(lambda: self._shown(name, own))

    async def _shown(self, visitor: str, frame: Frame) -> None:
        self._ports.to_visitor(visitor, frame)


def _cannot_store(error: StoreError) -> NotReady:
    return NotReady(f"the hub cannot store anything now: {error}")


def owned(puts: Sequence[Put]) -> tuple[Put, ...]:
    """The puts, checked, as nothing that the plugin can still change."""
    check(puts)
    return tuple(cleaned(put, Put, "put") for put in puts)


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
