"""A small hub around plugins written into a test: real registry, configuration, store and plugins' loop."""

import asyncio
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import hub
from hub import documents, outbox
from hub.bus import Bus
from hub.config import parse
from hub.media import NOTHING, Came
from hub.outbound import Outbound
from hub.registry import Health, Registry
from hub.runners import Pace, Ports, Runners
from hub.store import Store, StoreUnavailable
from hub.wire import Refusal

HURRIED = Pace(
    first_pause=0.01,
    longest_pause=0.05,
    rest=0.2,
    settle=0.03,
    offer=0.3,
    frame=0.3,
    panel=0.3,
    panel_act=0.3,
    deliver=0.3,
    look_again=0.2,
    pulse=0.15,
)


class Bench:
    """The runners, and everything that came out of them. `until` waits for a fact, woken by each new one."""

    def __init__(self) -> None:
        self.runners: Runners
        self.store: Store
        self.registry: Registry
        self.reported: list[tuple[str, hub.Touchpoint]] = []
        self.receipts: list[tuple[str, bytes, hub.Receipt]] = []
        self.aside: list[tuple[str, str, bytes, str]] = []
        self.files: Any = None
        self.carried: list[Came] = []
        self.use = True
        """Whether what comes along is used by `receive`."""
        self.frames: list[tuple[str, hub.Frame]] = []
        self.healths: list[Health] = []
        self._changed = asyncio.Event()

    async def until(self, fact: Callable[[], object], seconds: float = 10.0) -> None:
        async with asyncio.timeout(seconds):
            while not fact():
                self._changed.clear()
                with suppress(TimeoutError):  # most facts announce themselves, those inside a plugin do not
                    async with asyncio.timeout(0.05):
                        await self._changed.wait()

    def changed(self) -> None:
        self._changed.set()

    def state(self, name: str) -> str:
        return self.health(name).state

    def health(self, name: str) -> Health:
        return next(health for health in self.runners.health if health.name == name)

    async def deliver(self, connection: str, text: str, leg: bytes = b"l" * 16) -> bytes:
        """Queue a message for delivery; its id carries its text."""
        message = text.encode().ljust(16, b"\0")
        await self.store.write(lambda tx: outbox.enqueue(tx, connection=connection, leg=leg, message=message))
        return message

    async def outcome(self, message: bytes) -> tuple[str, str, int]:
        sql = "SELECT state, why, attempts FROM outbox WHERE item = ?"
        row = await self.store.read(lambda read: read.one(sql, (message,)))
        assert row is not None
        return row


def compose(read, due):
    text = due.item.rstrip(b"\0").decode()
    if text == "gone":
        return None
    return hub.OutgoingMessage(
        id=due.item.hex(),
        conversation="c" * 32,
        address="ann",
        text=text,
        at=datetime.now(UTC),
        attempt=due.attempt,
    )


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Callable]:
    """`await bench(source, toml)` starts a hub with one plugin file (or several, by name) and a hub.toml."""
    async with AsyncExitStack() as stack:

        async def start(
            plugins: str | dict[str, str], toml: str, pace: Pace = HURRIED, paths: list[str] | None = None
        ) -> Bench:
            made = Bench()
            bus, loop = Bus(), asyncio.get_running_loop()
            sources = {"acme": plugins} if isinstance(plugins, str) else plugins
            for name, source in sources.items():
                (tmp_path / f"{name}.py").write_text("import hub\n" + textwrap.dedent(source))
            made.registry = Registry(paths=paths or [], deadline=2.0)
            made.registry.load([tmp_path / f"{name}.py" for name in sources])
            config = parse(textwrap.dedent(toml), made.registry.settings_types, folder=tmp_path)

            def micros() -> int:
                return time.time_ns() // 1000

            made.store = await Store.open(tmp_path / "hub.db", clock=micros, publish=bus.publish)
            stack.push_async_callback(made.store.close)

            def receive(tx, connection, touchpoint, puts, *, subjects=False, came=NOTHING):
                documents.put(tx, connection, puts)
                if touchpoint.kind == "refused":
                    raise ValueError("Touchpoint.kind: expected anything but refused")
                if touchpoint.kind == "full":
                    raise StoreUnavailable("the disk is full")
                if touchpoint.kind == "blocked":
                    raise Refusal("blocked", "not from here")
                made.reported.append((connection, touchpoint))
                made.carried.append(came)
                loop.call_soon_threadsafe(made.changed)
                return SimpleNamespace(used=made.use)

            def receipt(tx, connection, message, said):
                made.receipts.append((connection, message, said))
                loop.call_soon_threadsafe(made.changed)
                return message == b"k" * 16

            def set_aside(tx, connection, key, raw, why, puts):
                documents.put(tx, connection, puts)
                made.aside.append((connection, key, raw, why))
                loop.call_soon_threadsafe(made.changed)

            def to_visitor(visitor: str, frame: hub.Frame) -> None:
                made.frames.append((visitor, frame))
                made.changed()

            def on_health(health: Health) -> None:
                made.healths.append(health)
                made.changed()

            ports = Ports(
                receive=receive,
                receipt=receipt,
                set_aside=set_aside,
                files=lambda: made.files,
                compose=compose,
                to_visitor=to_visitor,
                known=lambda *_: (),
                on_health=on_health,
                clock=micros,
            )
            made.runners = Runners(made.registry, config, made.store, Outbound(), ports, pace=pace)
            bus.subscribe(outbox.TOPIC, made.runners.wake)
            bus.subscribe(outbox.OUTCOMES, lambda _: made.changed())
            stack.push_async_callback(made.runners.stop, 2.0)
            await made.runners.start()
            return made

        yield start
