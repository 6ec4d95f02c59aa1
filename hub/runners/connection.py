"""One connection at work: its channel object, its run, and its health.

The supervisor lives on the core's loop and awaits the plugin through `PluginLoop.call`. What the plugin raises decides:

    NotReady     waiting: again after a growing pause with jitter
    AuthFailed   reconnect: nothing more until `reconnect` is called
    Rejected     failed, with its reason: nothing more until `reconnect` is called
    a return     there is nothing (more) to receive: well
    all else     a bug: again a few times, then long rests between tries

An admin can have it begin again: the run is cancelled, and what is made for it is made anew. When its thread is stuck, the thread
is left behind.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel

from hub.contract import (
    Aside,
    AuthFailed,
    Channel,
    NotReady,
    OutgoingMessage,
    Receipt,
    Rejected,
    Secret,
    Settings,
)
from hub.registry import Health, State
from hub.registry.health import sentence_of, traceback_of
from hub.runners.cleaning import cleaned
from hub.runners.context import ConnectionContext
from hub.runners.loop import MOST_LEFT_BEHIND, Overdue, PluginLoop, Stuck
from hub.runners.pace import Breaker, Pace
from hub.runners.ports import Ports

T = TypeVar("T")
log = logging.getLogger("hub.runners")

_WORST_FIRST: tuple[State, ...] = ("reconnect", "failed", "waiting", "found", "enabled", "healthy")


class ConnectionHealth:
    """The health of one connection, made of its parts (its run, its deliveries, its features): the worst one shows,
    and of those the one with something to say.

    Only a change of state or reason is told. The connection's own secrets are taken out of reasons and tracebacks:
    many libraries put the address they called, key included, into their exceptions.
    """

    def __init__(self, name: str, plugin: str, ports: Ports, settings: Settings | None = None) -> None:
        self._ports = ports
        self._secrets = sorted(_secrets(settings), key=len, reverse=True)
        self._parts: dict[str, Health] = {}
        self.last_in: int | None = None
        self.last_out: int | None = None
        """UTC microseconds of the last touchpoint that came in and the last delivery that went out, since this start."""
        self.starts = 0
        """How often its run was begun."""
        self.last_error: Health | None = None
        """The last trouble of any part, even when all is well again."""
        self.now = Health(what="connection", name=name, plugin=plugin, state="enabled", since=ports.clock())

    def say(
        self, part: str, state: State, why: str = "", *, error: BaseException | None = None, failures: int = 0
    ) -> None:
        """How one part is. `error` gives the traceback."""
        traceback = "" if error is None else self.clean(traceback_of(error))
        why = self.clean(why)
        said = self._parts[part] = msgspec.structs.replace(
            self.now, state=state, why=why, traceback=traceback, failures=failures
        )
        if state in ("reconnect", "failed", "waiting"):
            self.last_error = msgspec.structs.replace(said, since=self._ports.clock())
        # A stuck thread is why the others fail.
        _, worst = min(
            self._parts.items(),
            key=lambda it: (_WORST_FIRST.index(it[1].state), it[0] != "thread", not it[1].why),
        )
        old = self.now
        since = old.since if old.state == worst.state else self._ports.clock()
        self.now = msgspec.structs.replace(worst, since=since)
        if (old.state, old.why) != (worst.state, worst.why):
            self._ports.on_health(self.now)

    def anew(self) -> None:
        """It begins anew: what was wrong with its parts is the past."""
        self._parts.clear()
        self.say("run", "enabled")

    def clean(self, text: str) -> str:
        """Without the connection's own secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def of(self, part: str) -> State:
        """The state of one part."""
        known = self._parts.get(part)
        return "enabled" if known is None else known.state

    def reported(self) -> None:
        """A touchpoint came in: the run works."""
        self.last_in = self._ports.clock()
        if self.of("run") in ("enabled", "waiting"):
            self.say("run", "healthy")

    def delivered(self) -> None:
        """A message went out: deliveries work."""
        self.last_out = self._ports.clock()
        self.say("deliver", "healthy")


def _secrets(value: object) -> set[str]:
    """Every secret in a settings object, however deep."""
    if isinstance(value, Secret):
        return {value.reveal()}
    if isinstance(value, BaseModel):
        value = vars(value)  # not dict(value): a setting may be named "keys"
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return {secret for part in parts for secret in _secrets(part)}


class Restarted(Exception):
    """An admin had the run end, to begin again."""


class RunningConnection:
    """A configured connection whose channel loaded. `new_context` makes what its plugin objects may use until the next restart."""

    def __init__(
        self,
        channel: type[Channel],
        new_context: Callable[[], ConnectionContext],
        health: ConnectionHealth,
        loop: PluginLoop,
        pace: Pace,
    ) -> None:
        self.kind = channel.kind
        self.receives = channel.run is not Channel.run
        self.delivers = channel.deliver is not Channel.deliver
        self.capabilities = channel.capabilities
        self.deadline = max(pace.deliver, channel.capabilities.seconds)
        """Seconds that one delivery may take."""
        self.context, self.health, self.loop = new_context(), health, loop
        self.wake = asyncio.Event()
        """Set when something new may be in the outbox."""
        self._type, self._new_context, self._pace = channel, new_context, pace
        self._objects: dict[type, Any] = {}
        self._again = asyncio.Event()
        self._run: asyncio.Future[None] | None = None
        self._breakers: dict[str, Breaker] = {}
        self._broke_on = ""
        """The message that it broke on last."""
        self.held = False
        """An operator has to reconnect first."""

    @property
    def name(self) -> str:
        return self.context.connection

    def made(self, kind: type[T]) -> T:
        """The one object of a class of the plugin's, made on first use. Called on the plugin's loop."""
        if kind not in self._objects:
            self._objects[kind] = kind()
        made: T = self._objects[kind]
        return made

    def breaker(self, part: str) -> Breaker:
        """The breaker of its run, its deliveries, a feature or a panel."""
        return self._breakers.setdefault(part, Breaker(self._pace))

    # --- delivering

    @property
    def rests(self) -> float | None:
        """Seconds for which nothing is to be delivered; infinite until an operator acts; None: go on."""
        if self.held:
            return float("inf")
        if self.loop.blocked is not None:
            return self._pace.pulse
        return self.breaker("deliver").rest_left or None

    async def deliver(self, message: OutgoingMessage) -> Receipt:
        """Have one message delivered. Raises what the plugin raises, in words, and Overdue."""
        context, breaker = self.context, self.breaker("deliver")

        async def asked() -> Receipt:
            receipt: object = await self.made(self._type).deliver(message, context)
            return cleaned(receipt, Receipt, "deliver")

        try:
            receipt = await self.loop.call(asked, deadline=self.deadline, doing="deliver")
        except (NotReady, AuthFailed, Rejected):
            breaker.succeeded()  # the plugin works; it is the other side that does not
            raise
        except Stuck:
            raise
        except Exception:
            # One message that it breaks on, however often, says nothing about the others.
            if message.id != self._broke_on:
                breaker.failed()
            self._broke_on = message.id
            raise
        breaker.succeeded()
        return receipt

    async def read_again(self, aside: Aside) -> str:
        """Have what was set aside read once more. Why it could not be; empty when it was."""
        context = self.context

        async def asked() -> None:
            await self.made(self._type).again(aside, context)

        try:
            await self.loop.call(asked, deadline=self._pace.deliver, doing="again")
        except (NotReady, AuthFailed, Rejected) as error:
            return error.why
        except (Overdue, Stuck) as error:
            return str(error)
        except Exception as error:  # a bug of the plugin, which is why it lies here
            return self.health.clean(sentence_of(error))
        return ""

    # --- running

    def hold(self, part: str, why: str) -> None:
        """The other side refuses our credentials."""
        self.held = True
        self._again.clear()
        self.health.say(part, "reconnect", why)

    def reconnect(self) -> bool:
        """An operator has seen to it: begin anew, at once. False when only a restart of the hub helps."""
        stuck = self.loop.blocked is not None or not self.loop.alive
        if stuck and not self.loop.renew():
            return False
        old, self.context, self._objects = self.context, self._new_context(), {}
        old.close()
        for breaker in self._breakers.values():
            breaker.succeeded()
        self.held = False
        self.health.anew()
        if self._run is not None:
            self._run.cancel()
        self._again.set()
        self.wake.set()
        return True

    async def supervise(self) -> None:
        """Run the channel's `run` until cancelled."""
        breaker, tries = self.breaker("run"), 0
        while True:
            self._again.clear()
            self.health.starts += 1
            started = time.monotonic()
            try:
                await self._run_once()
            except Restarted:
                continue
            except NotReady as error:
                tries = 1 if self._was_stable(started) else tries + 1
                self.health.say("run", "waiting", error.why)
                await self._pause(max(error.retry_after or 0.0, self._pace.pause(tries)))
            except AuthFailed as error:
                self.hold("run", error.why)
                await self._again.wait()
            except Rejected as error:
                self.health.say("run", "failed", error.why)
                await self._again.wait()
            except Exception as error:  # a bug of the plugin
                if self._was_stable(started):
                    breaker.succeeded()
                breaker.failed()
                why = sentence_of(error)
                self.health.say("run", "failed", why, error=error, failures=breaker.failures)
                await self._pause(breaker.rest_left or self._pace.pause(breaker.failures))
            else:
                why = "its run has ended: there is nothing more to receive" if self.receives else ""
                self.health.say("run", "healthy", why)
                await self._again.wait()

    async def _run_once(self) -> None:
        context = self.context
        # The channel is made as a call of its own, which has a deadline; `run` has none.
        await self.loop.call(self._make, deadline=self._pace.make, doing="making the channel")
        settled = asyncio.get_running_loop().call_later(self._pace.settle, self._settled)
        run = self.loop.call(lambda: self._ran(context), deadline=None, doing="run")
        self._run = asyncio.get_running_loop().create_task(run, name=f"run {self.name}")
        try:
            await self._run
        except asyncio.CancelledError:
            me = asyncio.current_task()
            if me is not None and me.cancelling():
                raise
            raise Restarted from None
        finally:
            self._run = None
            settled.cancel()
            if context is not self.context:
                self.loop.let_go(context.let_go)

    async def _make(self) -> None:
        self.made(self._type)

    async def _ran(self, context: ConnectionContext) -> None:
        await self.made(self._type).run(context)

    def _settled(self) -> None:
        self.health.say("run", "healthy")

    def _was_stable(self, started: float) -> bool:
        return time.monotonic() - started >= self._pace.stable

    async def _pause(self, seconds: float) -> None:
        """Wait, or less if an operator asks for another try."""
        try:
            async with asyncio.timeout(seconds):
                await self._again.wait()
        except TimeoutError:
            return

    # --- watching

    async def watch(self) -> None:
        """Until cancelled: notice that its thread is stuck, say in what, and that it goes on again."""
        while True:
            await asyncio.sleep(self._pace.pulse)
            if await self.loop.answers(self._pace.pulse):
                if self.health.of("thread") == "failed":
                    log.warning("the thread of %s turns again", self.name)
                    self.loop.blocked = None
                    self.health.say("thread", "healthy")
            elif not self.loop.alive:
                log.error("%s has closed its event loop; it gets a fresh one", self.name)
                self.reconnect()
                self.health.say("thread", "failed", "it has closed its own event loop, and got a fresh one")
            elif self.loop.blocked is None:
                self._stuck()

    def _stuck(self) -> None:
        blocked = self.loop.blocking()
        self.loop.blocked = blocked
        since = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=self._pace.pulse)
        enough = self.loop.left_behind >= MOST_LEFT_BEHIND
        advice = "the hub" if enough else "this connection"
        why = (
            f"{blocked.doing or 'it'} has blocked its thread since {since:%H:%M:%S} UTC"
            f"{f' in {blocked.where}' if blocked.where else ''}; restart advised: {advice}"
        )
        log.error("%s: %s", self.name, why)
        self.health.say("thread", "failed", why, error=Overdue(f"its thread is blocked\n{blocked.stack}"))
