"""One connection at work: its channel object, its run, and its health.

The supervisor lives on the core's loop and awaits the plugin through `PluginLoop.call`. What the plugin raises decides:

    NotReady     waiting: again after a growing pause with jitter
    AuthFailed   reconnect: nothing more until `reconnect` is called
    Rejected     failed, with its reason: nothing more until `reconnect` is called
    a return     there is nothing (more) to receive: well
    all else     a bug: again a few times, then a long rest between tries
"""

from __future__ import annotations

import asyncio
import time

import msgspec
from pydantic import BaseModel

from hub.contract import AuthFailed, Channel, NotReady, Rejected, Secret, Settings
from hub.registry import Health, State
from hub.registry.health import sentence_of, traceback_of
from hub.runners.context import ConnectionContext
from hub.runners.loop import Broken, PluginLoop
from hub.runners.pace import Breaker, Pace
from hub.runners.ports import Ports

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
        error = error.error if isinstance(error, Broken) else error
        traceback = "" if error is None else self._clean(traceback_of(error))
        why = self._clean(why)
        said = self._parts[part] = msgspec.structs.replace(
            self.now, state=state, why=why, traceback=traceback, failures=failures
        )
        if state in ("reconnect", "failed", "waiting"):
            self.last_error = msgspec.structs.replace(said, since=self._ports.clock())
        worst = min(self._parts.values(), key=lambda it: (_WORST_FIRST.index(it.state), not it.why))
        old = self.now
        since = old.since if old.state == worst.state else self._ports.clock()
        self.now = msgspec.structs.replace(worst, since=since)
        if (old.state, old.why) != (worst.state, worst.why):
            self._ports.on_health(self.now)

    def _clean(self, text: str) -> str:
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


class RunningConnection:
    """A configured connection whose channel loaded."""

    def __init__(
        self,
        channel: type[Channel],
        context: ConnectionContext,
        health: ConnectionHealth,
        loop: PluginLoop,
        pace: Pace,
    ) -> None:
        self.kind = channel.kind
        self.package = channel.__module__.partition(".")[0]
        self.receives = channel.run is not Channel.run
        self.delivers = channel.deliver is not Channel.deliver
        self.capabilities = channel.capabilities
        self.context, self.health = context, health
        self.wake = asyncio.Event()
        """Set when something new may be in the outbox."""
        self._type, self._loop, self._pace = channel, loop, pace
        self._channel: Channel | None = None
        self._again = asyncio.Event()
        self.held = False
        """An operator has to reconnect first."""

    async def object(self) -> Channel:
        """The channel object, made on first use, on the plugins' loop."""
        if self._channel is None:
            self._channel = await self._loop.call(self._make, deadline=self._pace.make)
        return self._channel

    async def _make(self) -> Channel:
        return self._type()

    def hold(self, part: str, why: str) -> None:
        """The other side refuses our credentials."""
        self.held = True
        self._again.clear()
        self.health.say(part, "reconnect", why)

    def reconnect(self) -> None:
        """An operator has seen to it: try again at once."""
        self.held = False
        self._again.set()
        self.wake.set()

    async def supervise(self) -> None:
        """Run the channel's `run` until cancelled."""
        breaker, tries = Breaker(self._pace), 0
        while True:
            self._again.clear()
            self.health.starts += 1
            started = time.monotonic()
            try:
                await self._run_once()
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
                self.health.say("run", "failed", _bug(error), error=error, failures=breaker.failures)
                await self._pause(self._pace.rest if breaker.open else self._pace.pause(breaker.failures))
            else:
                why = "its run has ended: there is nothing more to receive" if self.receives else ""
                self.health.say("run", "healthy", why)
                await self._again.wait()

    async def _run_once(self) -> None:
        channel = await self.object()
        settled = asyncio.get_running_loop().call_later(self._pace.settle, self._settled)
        try:
            await self._loop.call(lambda: channel.run(self.context), deadline=None)
        finally:
            settled.cancel()

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


def _bug(error: Exception) -> str:
    return sentence_of(error.error if isinstance(error, Broken) else error)
