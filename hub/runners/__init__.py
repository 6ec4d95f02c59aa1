"""The runners: every loop that awaits a plugin.

In: the registry's classes, the configured connections, and a few callables of the core. Out: touchpoints handed to the
store, deliveries made, frames carried, and the health of each connection. The core calls in here and never waits longer
than a deadline for a plugin; plugins come out only through their Context.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from hub.config import Config, Connection
from hub.contract import Aside, Channel, Frame, PageFeature, Settings, Subject, Visit, Visitor
from hub.outbound import Outbound
from hub.registry import Asset, Health, Registry, State
from hub.registry.health import sentence_of
from hub.runners.connection import ConnectionHealth, RunningConnection
from hub.runners.context import ConnectionContext
from hub.runners.delivering import ChannelWay, Deliverer
from hub.runners.features import RunningFeature
from hub.runners.loop import PluginLoop
from hub.runners.pace import Pace
from hub.runners.panels import RunningPanel, Shown
from hub.runners.ports import Compose, FrameRefused, OnHealth, Ports, Receive, ToVisitor
from hub.runners.webhooks import WebhookWay
from hub.store import Store
from hub.wire.visitor import FeatureOffer

__all__ = ["Compose", "FrameRefused", "OnHealth", "Pace", "Ports", "Receive", "Runners", "ToVisitor"]

log = logging.getLogger("hub.runners")


class Runners:
    """Start once on the core's event loop, use from there, stop once."""

    def __init__(
        self,
        registry: Registry,
        config: Config,
        store: Store,
        outbound: Outbound,
        ports: Ports,
        *,
        pace: Pace | None = None,
    ) -> None:
        self._registry, self._config, self._store, self._outbound = registry, config, store, outbound
        self._ports, self._pace = ports, pace or Pace()
        self._connections: dict[str, RunningConnection] = {}
        self._features: dict[str, RunningFeature] = {}
        self._panels: dict[str, RunningPanel] = {}
        self._webhooks: dict[str, WebhookWay] = {}
        self._health: dict[str, ConnectionHealth] = {}
        self._main: asyncio.Task[None] | None = None

    # --- life

    async def start(self) -> None:
        """Set every enabled connection going; returns once all are under way."""
        ready = asyncio.Event()
        self._main = asyncio.get_running_loop().create_task(self._live(ready), name="runners")
        await ready.wait()
        if self._main.done():
            self._main.result()

    async def stop(self, deadline: float = 10.0) -> None:
        """Cancel what runs, let it tidy up, end the threads. A plugin that blocks is left behind after `deadline`."""
        if self._main is not None:
            self._main.cancel()
            await asyncio.wait([self._main], timeout=deadline / 2)
        await asyncio.gather(*(self._ended(one, deadline / 2) for one in self._connections.values()))

    async def _ended(self, connection: RunningConnection, deadline: float) -> None:
        connection.context.close()
        try:
            await connection.loop.call(connection.context.let_go, deadline=0.5, doing="closing")
        except Exception:
            log.debug("an HTTP client did not close in time", exc_info=True)
        if not await connection.loop.stop(deadline):
            log.warning("%s blocks its thread, which was left behind", connection.name)

    async def _live(self, ready: asyncio.Event) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for connection in self._config.connections:
                    self._try_to_begin(connection, group)
                for name, webhook in self._config.webhooks.items():
                    if webhook.enabled:
                        way = WebhookWay(name, webhook, self._store, self._outbound, self._ports)
                        self._webhooks[way.name] = way
                        group.create_task(self._guarded(self._tell(way), name))
                ready.set()
                await asyncio.Event().wait()  # until `stop` cancels us, and with us everything in the group
        finally:
            ready.set()

    def _try_to_begin(self, connection: Connection, group: asyncio.TaskGroup) -> None:
        try:
            self._begin(connection, group)
        except Exception as error:  # whatever a plugin's class has in place of what it promises
            log.exception("%s cannot begin", connection.name)
            self._health[connection.name].say("run", "failed", sentence_of(error), error=error)

    def _begin(self, connection: Connection, group: asyncio.TaskGroup) -> None:
        """Set one connection going, or keep why not. Nothing here can stop the others."""
        name, kind = connection.name, connection.kind
        health = ConnectionHealth(name, self._registry.plugin_of(kind), self._ports, connection.settings)
        self._health[name] = health
        channel = self._registry.channels.get(kind)
        if not connection.enabled:
            health.say("run", "found", "switched off in hub.toml")
        elif connection.settings is None or channel is None:
            why = "; ".join(map(str, connection.problems)) or f"no plugin supplies channels of kind {kind!r}"
            health.say("run", "failed", why)
        else:
            self._set_going(name, connection.settings, channel, health, group)

    def _set_going(
        self,
        name: str,
        settings: Settings,
        channel: type[Channel],
        health: ConnectionHealth,
        group: asyncio.TaskGroup,
    ) -> None:
        features = [it for it in self._registry.features.values() if (it.channel or it.name) == channel.kind]
        context = self._contexts(name, settings, channel, features, health)
        loop = PluginLoop(name, channel.__module__.partition(".")[0])
        running = RunningConnection(channel, context, health, loop, self._pace)
        loop.start()
        self._connections[name] = running
        group.create_task(self._guarded(running.supervise(), name))
        group.create_task(self._guarded(running.watch(), name))
        if running.delivers:
            way = ChannelWay(running, self._store, self._ports, self._pace)
            deliverer = Deliverer(way, self._store, self._ports.clock, self._pace)
            group.create_task(self._guarded(deliverer.work(), name))
        for feature in features:
            if feature.name not in self._features:  # of two connections of a kind the first one has it
                script = self._registry.assets.get(f"{feature.name}/{feature.script}")
                self._features[feature.name] = RunningFeature(feature, running, script, self._pace, group)
        for panel in self._registry.panels.values():
            if (panel.channel or panel.name) == channel.kind and panel.name not in self._panels:
                self._panels[panel.name] = RunningPanel(panel, running, self._pace)

    def _contexts(
        self,
        name: str,
        settings: Settings,
        channel: type[Channel],
        features: Sequence[type[PageFeature]],
        health: ConnectionHealth,
    ) -> Callable[[], ConnectionContext]:
        """Makes a context for the connection; again after each restart, with an HTTP client of its own loop."""
        frames = [frame for feature in features for frame in feature.frames]
        core = asyncio.get_running_loop()
        return lambda: ConnectionContext(
            connection=name,
            settings=settings,
            channel=channel,
            frames=frames,
            core=core,
            store=self._store,
            http=self._outbound.client(),
            ports=self._ports,
            on_report=health.reported,
            pace=self._pace,
        )

    async def _tell(self, way: WebhookWay) -> None:
        await way.remember()
        try:
            await Deliverer(way, self._store, self._ports.clock, self._pace).work()
        finally:
            await way.client.aclose()

    async def _guarded(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """A mistake of ours in one loop must not end the others."""
        try:
            await work
        except Exception as error:
            log.exception("the runner of %s broke", name)
            if name in self._health:
                self._health[name].say("hub", "failed", f"inside the hub: {error}", error=error)

    # --- what the web and the console ask

    @property
    def health(self) -> list[Health]:
        """The health of every configured connection, in the order of the file."""
        return [health.now for health in self._health.values()]

    @property
    def connections(self) -> list[ConnectionHealth]:
        """The same with what came in and went out, and the last error."""
        return list(self._health.values())

    def version_of(self, plugin: str) -> str:
        """The version of a loaded plugin; empty for one that is a single file."""
        known = self._registry.plugins.get(plugin)
        return known.version if known else ""

    def came_in(self, name: str) -> None:
        """Another part of the hub has taken something in for a connection."""
        if (health := self._health.get(name)) is not None:
            health.reported()

    @property
    def scripts(self) -> Mapping[str, Asset]:
        """What is served below `/p/`: path (`bell/bell.js`) → content, media type and version."""
        return self._registry.assets

    @property
    def weighs(self) -> Mapping[str, str]:
        """Kinds of channels that are switched on here → what their conversations ask of an operator: call, chat or mail."""
        kinds = {connection.kind for connection in self._config.connections if connection.enabled}
        return {kind: channel.weighs for kind, channel in self._registry.channels.items() if kind in kinds}

    @property
    def calls(self) -> frozenset[str]:
        """Names of the page features by which visitors call."""
        weighs = self.weighs
        features = self._registry.features.values()
        return frozenset(it.name for it in features if weighs.get(it.channel or it.name) == "call")

    @property
    def features(self) -> Mapping[str, RunningFeature]:
        """Page features in use, by name."""
        return self._features

    async def offers(self, visit: Visit) -> list[FeatureOffer]:
        """The features this visit gets. Takes half a second at most, whatever plugins do."""
        offers = await asyncio.gather(*(feature.offer(visit) for feature in self._features.values()))
        return [offer for offer in offers if offer is not None]

    def on_frame(self, frame: Frame, visitor: Visitor) -> None:
        """Hand a frame from a visitor's page to its feature and return at once. Raises FrameRefused."""
        feature = self._features.get(frame.name.partition(".")[0])
        if feature is None:
            raise FrameRefused("unknown_feature", f"there is no page feature for {frame.name[:80]!r}")
        feature.accept(frame, visitor)

    async def panels(self, subject: Subject) -> list[Shown]:
        """What plugins show operators of this customer, within two seconds, whatever plugins do."""
        shown = await asyncio.gather(*(panel.show(subject) for panel in self._panels.values()))
        return [panel for panel in shown if panel is not None]

    def panel(self, name: str) -> RunningPanel | None:
        """The panel of this name, when its connection runs."""
        return self._panels.get(name)

    def wake(self, connection: object) -> None:
        """Something may be due for this connection: subscribe it to `outbox.TOPIC` on the bus."""
        if not isinstance(connection, str):
            return
        found = self._connections.get(connection) or self._webhooks.get(connection)
        if found is not None:
            found.wake.set()

    def say(self, name: str, part: str, state: State, why: str) -> None:
        """What another part of the hub found out about a connection."""
        if (health := self._health.get(name)) is not None:
            health.say(part, state, why)

    @property
    def webhooks(self) -> Mapping[str, WebhookWay]:
        """The owner's endpoints in use, by `webhook:NAME`."""
        return self._webhooks

    def reconnect(self, name: str) -> bool:
        """Begin a connection anew, at once, its thread included when that is stuck.

        False when none of that name runs, or so many of its threads are stuck that only a restart of the hub helps.
        """
        running = self._connections.get(name)
        return running is not None and running.reconnect()

    async def read_again(self, name: str, aside: Aside) -> str:
        """Have a connection read once more what it has set aside. Why it could not; empty when it did."""
        running = self._connections.get(name)
        return "this connection does not run" if running is None else await running.read_again(aside)

    @property
    def figures(self) -> dict[str, int]:
        """What plugin code holds: threads with a loop, tasks in them, threads left behind, frames that wait."""
        loops = [connection.loop for connection in self._connections.values()]
        return {
            "plugin_loops": len(loops),
            "plugin_tasks": sum(loop.tasks for loop in loops),
            "plugin_threads_stuck": sum(loop.left_behind + (loop.blocked is not None) for loop in loops),
            "plugin_frames": sum(feature.waiting for feature in self._features.values()),
        }
