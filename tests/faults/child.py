"""The hub that is killed: a process on a given port, on a folder that stays. `python -m tests.faults.child FOLDER PORT [PLANT]`.

Operators are made at the first start and keep their sessions. A PLANT is a bug put in on purpose, by the name of a function below:
the checker has to find it, or it proves nothing. Nothing of this is in the product.
"""

import asyncio
import itertools
import os
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvloop
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from hub import jobs
from hub.actions import people
from hub.app import Hub
from hub.cli import logs, verbs
from hub.cli.ending import end_in_time
from hub.cli.listening import raise_open_files
from hub.cli.serving import Server, serve_all
from hub.clock import Steady, wall
from hub.config import parse
from hub.conversations import thread
from hub.outbox import queue
from hub.registry import Registry
from hub.runners.loop import PluginLoop
from hub.runners.pace import Breaker
from hub.store import CommandSocket, Tx
from hub.store.writer import Writer
from hub.web import protocol
from hub.web.hall import Hall
from hub.web.limits import Limits
from hub.web.wheel import BEAT, Wheel
from tests.bench.serving import Lifted
from tests.outbox.receiver import SECRET

SHOP = "https://shop.example"
WRITE = "wk-fault-shop-0001"
"""The key that pages report with, when FAULT_TRACKING holds the one of servers."""
OPERATORS = 2
PIGEON = Path(__file__).with_name("pigeon.py")
RASCAL = Path(__file__).with_name("rascal.py")


def secret(number: int) -> str:
    """The cookie of an operator."""
    return f"fault-operator-{number:06d}"


def staff(tx: Tx) -> None:
    """Operators who are signed in; once."""
    for number in range(OPERATORS):
        login = f"operator{number}"
        if people.by_login(tx, login) is None:
            who = people.add(
                tx,
                login=login,
                name=login,
                password_hash="",
                role="operator",
                queues=["main"],
                capacity=100_000,
            )
            people.sign_in(tx, who, secret(number))


# --- bugs to be found


def acknowledge_before_commit(folder: Path) -> None:
    """Whoever waits is told before the commit, which takes its time."""

    def group(self: Any) -> None:
        outcomes: list[Any] = []
        published: list[Any] = []
        tx = self._ready()
        tx.published = published
        tx._execute("BEGIN IMMEDIATE")
        self._fill(tx, outcomes)
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._deliver, outcomes, published)
        time.sleep(0.03)
        tx._execute("COMMIT")

    Writer._group = group  # type: ignore[method-assign]  # that is the bug


def no_dedupe(folder: Path) -> None:
    """What was sent before is not looked for, and the table does not mind."""
    thread.sent = lambda *args, **kwargs: None  # type: ignore[assignment]  # that is the bug
    thread.sent_by = lambda *args, **kwargs: None  # type: ignore[assignment]  # that is the bug
    with sqlite3.connect(folder / "hub.db") as file:
        file.execute("DROP INDEX IF EXISTS message_once")


def drop_one_event(folder: Path) -> None:
    """One frame in forty that tells of somebody's words does not go out."""
    real, count = protocol.HubSocket.send_frame, itertools.count(1)

    def send(self: Any, data: bytes) -> None:
        told = data.startswith((b'{"t":"said"', b'{"t":"event"')) and b'"text":' in data
        if not told or next(count) % 40:
            real(self, data)

    protocol.HubSocket.send_frame = send  # type: ignore[method-assign]  # that is the bug


def commit_without_sync(folder: Path) -> None:
    """The disk is not waited for. Only a look at the system calls shows it: the page cache survives a killed process."""
    os.environ["FAULT_SYNCHRONOUS"] = "normal"


def acknowledge_what_failed(folder: Path) -> None:
    """A commit that the disk did not confirm is taken for one."""

    def give_up(self: Any, outcomes: list[Any], error: BaseException) -> None:
        real(self, list(outcomes) or outcomes, error)

    real = Writer._give_up
    Writer._give_up = give_up  # type: ignore[method-assign]  # that is the bug


def go_by_the_wall(folder: Path) -> None:
    """The hub's time is the machine's, jumps and all: chosen where the hub is made."""


def tick_by_the_wall(folder: Path) -> None:
    """Jobs are dated by the wall, and stay where they are when it moves. Put in before the hub is made."""
    jobs.Ticker = lambda: AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True})  # type: ignore[misc,assignment]  # that is the bug


def leak_a_task(folder: Path) -> None:
    """One for each socket, for ever."""
    _at_the_door(lambda: asyncio.get_running_loop().create_task(asyncio.Event().wait()))


def leak_a_queue(folder: Path) -> None:
    """One for each socket, for ever."""
    _at_the_door(asyncio.Queue)


def leak_a_file(folder: Path) -> None:
    """One for each socket, for ever."""
    _at_the_door(lambda: os.dup(0))


def _at_the_door(leak: Callable[[], object]) -> None:
    real, kept = Hall.knocked, []

    def knocked(self: Any, session: Any) -> None:
        kept.append(leak())
        real(self, session)

    Hall.knocked = knocked  # type: ignore[method-assign]  # that is the bug


def no_deadlines(folder: Path) -> None:
    """Plugins are waited for as long as they like."""
    real = PluginLoop.call

    async def call(self: Any, work: Any, *, deadline: Any, doing: str = "call") -> Any:
        return await real(self, work, deadline=None, doing=doing)

    PluginLoop.call = call  # type: ignore[method-assign]  # that is the bug


def no_breakers(folder: Path) -> None:
    """What fails is asked again and again."""
    Breaker.failed = lambda self: None  # type: ignore[method-assign]  # that is the bug


def plugins_in_the_core(folder: Path) -> None:
    """Plugins run on the hub's own event loop."""

    async def call(self: Any, work: Any, *, deadline: Any, doing: str = "call") -> Any:
        async with asyncio.timeout(deadline):
            return await work()

    PluginLoop.call = call  # type: ignore[method-assign]  # that is the bug


def hook_outside(folder: Path) -> None:
    """Rows of web hooks are written by a transaction of their own, a moment after the one that caused them."""
    real, waiting = queue.add, []

    def add(tx: Any, kind: str, *args: Any, **kwargs: Any) -> None:
        if kind != "webhook":
            return real(tx, kind, *args, **kwargs)
        waiting.append((time.monotonic(), args, kwargs))
        while waiting and waiting[0][0] < time.monotonic() - 0.1:
            _, before, named = waiting.pop(0)
            real(tx, "webhook", *before, **named)
        return None

    queue.add = add  # type: ignore[assignment]  # that is the bug


def drop_one_hook(folder: Path) -> None:
    """One row in thirty of a web hook is not written."""
    real, count = queue.add, itertools.count(1)

    def add(tx: Any, kind: str, *args: Any, **kwargs: Any) -> None:
        if kind != "webhook" or next(count) % 30:
            real(tx, kind, *args, **kwargs)

    queue.add = add  # type: ignore[assignment]  # that is the bug


def no_lanes(folder: Path) -> None:
    """Events leave as they come, whatever became of the one before."""
    real = queue.add

    def add(tx: Any, kind: str, connection: str, lane: bytes, item: bytes, **kwargs: Any) -> None:
        if kind == "webhook":
            return real(tx, kind, connection, item, item)
        return real(tx, kind, connection, lane, item, **kwargs)

    queue.add = add  # type: ignore[assignment]  # that is the bug


def stand_still(folder: Path) -> None:
    """Nobody looks whether anybody is still there."""
    Wheel.turn = lambda self: None  # type: ignore[method-assign]  # that is the bug


BUGS = (
    stand_still,
    acknowledge_before_commit,
    no_dedupe,
    drop_one_event,
    commit_without_sync,
    acknowledge_what_failed,
    go_by_the_wall,
    tick_by_the_wall,
)
HOOKS = (hook_outside, drop_one_hook, no_lanes)
LEAKS = (leak_a_task, leak_a_queue, leak_a_file)
UNPROTECTED = (no_deadlines, no_breakers, plugins_in_the_core)
PLANTS = {it.__name__: it for it in (*BUGS, *HOOKS, *LEAKS, *UNPROTECTED)}


def with_hooks(text: str, folder: Path) -> str:
    """The configuration with an endpoint in it, when somebody receives."""
    port = os.environ.get("FAULT_HOOKS")
    if not port:
        return text
    (folder / "hook.key").write_text(SECRET)
    hooks = f"""outbound_networks = ["127.0.0.1/32"]
        [webhooks.receiver]
        url = "http://127.0.0.1:{port}/"
        secret = "file:{folder / "hook.key"}"
        events = ["message.created", "conversation.opened"]
        [sites.shop]"""
    return text.replace("[sites.shop]", hooks)


async def serve(folder: Path, port: int, plant: str) -> None:
    rascals = os.environ.get("FAULT_RASCALS", "").split()
    if plant in {it.__name__ for it in (*UNPROTECTED, tick_by_the_wall)}:
        PLANTS[plant](folder)
        plant = ""
    text = f"""
        [hub]
        data = "{folder}"
        public_url = "http://localhost:{port}"
        synchronous = "{os.environ.get("FAULT_SYNCHRONOUS", "full")}"
        [sites.shop]
        name = "Shop"
        origins = ["{SHOP}"]
        [channels.pigeon]
        loft = "{folder / "loft"}"
        """
    for name in rascals:
        text += f"""
        [channels.{name}]
        kind = "rascal"
        does = "{name}"
        loft = "{folder / "loft"}"
        """
    tracks = "FAULT_TRACKING" in os.environ
    if tracks:
        text += f"""
        [channels.tracking]
        site = "shop"
        write_key = "{WRITE}"
        server_key = "env:FAULT_TRACKING"
        """
    text = with_hooks(text, folder)
    (folder / "loft").mkdir(exist_ok=True)
    registry = Registry(paths=None if tracks else [])
    registry.load([PIGEON, RASCAL] if rascals else [PIGEON])
    clock = wall if plant == go_by_the_wall.__name__ else Steady(young=0.0)
    hub = Hub(
        parse(text, registry.settings_types),
        registry,
        clock=clock,
        limits=Limits(time.monotonic) if os.environ.get("FAULT_LIMITS") else Lifted(time.monotonic),
        beat=float(os.environ.get("FAULT_BEAT", BEAT)),
    )
    await hub.start()
    await hub.store.write(staff)
    if plant:
        PLANTS[plant](folder)
    listening = socket.create_server(("127.0.0.1", port), backlog=4096, reuse_port=False)
    commands = await CommandSocket.serve(folder, verbs.of_hub(hub))
    await serve_all([Server(hub, [listening], leaving=hub.hall.close)])
    await commands.close()
    await hub.stop()


if __name__ == "__main__":
    logs.begin("warning", json=False)
    raise_open_files()
    where, at, *planted = sys.argv[1:]
    if planted == [commit_without_sync.__name__]:
        commit_without_sync(Path(where))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(Path(where), int(at), planted[0] if planted else ""))
    end_in_time(0)
