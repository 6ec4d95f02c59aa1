"""A plugin that misbehaves, for the checker: every connection of it `does` one thing that plugins should not, in every call it gets.

It behaves until there is a file `go` in its loft, so that one run has its own baseline. Each call after that leaves a line in `calls-NAME`.
"""

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hub

hub_contract = "1.0"


class RascalSettings(hub.Settings):
    does: str
    loft: str


class Garbage:
    """Equal to everything, true and false, and tiresome to print."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # garbage

    def __str__(self) -> str:
        time.sleep(0.5)
        raise SystemExit("printed")

    __repr__ = __str__


class Odd(Exception):
    """An exception that is garbage itself."""

    __str__ = __repr__ = Garbage.__str__


async def trouble(context: hub.Context, call: str) -> Any:
    """What this connection does, once it may."""
    loft, does = Path(context.settings.loft), context.settings.does
    if not (loft / "go").exists():
        return None
    with (loft / f"calls-{does}").open("a") as book:
        book.write(call + "\n")
    return await DOES[does](context)


async def sleeps(context: hub.Context) -> None:
    """For a minute, its whole thread."""
    time.sleep(60)  # noqa: ASYNC251  # that is the mischief


async def hangs(context: hub.Context) -> None:
    await asyncio.sleep(3600)


async def spins(context: hub.Context) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass


async def raises(context: hub.Context) -> None:
    raise Odd


async def fails(context: hub.Context) -> None:
    raise KeyError("again")


async def exits(context: hub.Context) -> None:
    asyncio.get_running_loop().create_task(asyncio.to_thread(sys.exit, 3))  # nobody keeps it
    raise SystemExit(3)


async def babbles(context: hub.Context) -> Any:
    """Returns what nobody asked for, and says the like through every door."""
    garbage: Any = Garbage()
    for say in (
        lambda: context.report(garbage),
        lambda: context.report(
            hub.Touchpoint(channel="rascal", key=garbage, kind=garbage, occurred_at=garbage)
        ),
        lambda: context.to_visitor(garbage, hub.Frame(name="rascal.ring", data={"a": garbage})),
        lambda: context.documents.put(hub.Put(kind="k", key="k", body=garbage)),
    ):
        with contextlib.suppress(BaseException):  # it does not care either
            await say()
    context.logger.warning("%s", garbage)
    return garbage


async def cancels(context: hub.Context) -> None:
    for task in asyncio.all_tasks():
        task.cancel()
    asyncio.get_running_loop().stop()
    await asyncio.sleep(0)


async def leaks(context: hub.Context) -> None:
    """Tasks, threads that never end, and memory, as fast as it may."""
    KEPT.extend(asyncio.get_running_loop().create_task(asyncio.sleep(3600)) for _ in range(200))
    KEPT.append(bytearray(1 << 20))
    if sum(isinstance(it, threading.Thread) for it in KEPT) < 20:
        thread = threading.Thread(target=time.sleep, args=(3600,))  # not a daemon: it would hold up the end
        thread.start()
        KEPT.append(thread)
    await asyncio.sleep(0.2)
    raise KeyError("leaked")


async def floods(context: hub.Context) -> None:
    """All doors at once, without a pause."""

    async def write(n: int) -> None:
        await context.documents.put(hub.Put(kind="flood", key=str(n % 50), body="x" * 1000))

    for n in range(10**6):
        await asyncio.gather(*(write(n + i) for i in range(500)))
        context.logger.warning("flood %d", n)


KEPT: list[Any] = []
DOES: dict[str, Callable[[hub.Context], Any]] = {
    it.__name__: it for it in (sleeps, hangs, spins, raises, fails, exits, babbles, cancels, leaks, floods)
}


class Rascal(hub.Channel):
    kind = "rascal"
    settings = RascalSettings

    async def run(self, context: hub.Context) -> None:
        while not (Path(context.settings.loft) / "go").exists():
            await asyncio.sleep(0.05)
        await trouble(context, "run")

    async def deliver(self, message: hub.OutgoingMessage, context: hub.Context) -> hub.Receipt:
        await trouble(context, "deliver")
        return hub.Receipt()


class Ring(hub.PageFeature):
    name = "rascal"
    frames = ("rascal.ring",)

    async def offer(self, visit: hub.Visit, context: hub.Context) -> hub.Offer | None:
        return await trouble(context, "offer") or hub.Offer()

    async def on_frame(self, frame: hub.Frame, visitor: hub.Visitor, context: hub.Context) -> None:
        await trouble(context, "frame")


class Card(hub.Panel):
    name = "rascal"
    title = "Rascal"

    async def show(self, subject: hub.Subject, context: hub.Context) -> hub.PanelContent | None:
        return await trouble(context, "panel") or hub.PanelContent()


@hub.hookimpl
def hub_register_channels(register: Callable[[type[hub.Channel]], None]) -> None:
    register(Rascal)


@hub.hookimpl
def hub_register_page_features(register: Callable[[type[hub.PageFeature]], None]) -> None:
    register(Ring)


@hub.hookimpl
def hub_register_panels(register: Callable[[type[hub.Panel]], None]) -> None:
    register(Card)
