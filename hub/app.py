"""The composition root: everything is built here, once, and taken down in the opposite order.

No module below keeps a global; two hubs can live in one process. `Hub` is what the command line, the demo and the tests run; as an
ASGI application it answers the lifespan itself, so any server that speaks ASGI can host it.
"""

import asyncio
import logging
import time
from collections.abc import Callable

import msgspec

from hub import identity, persons, upkeep
from hub.actions import deliver, left, offers, people, set_back
from hub.actions.known import known
from hub.actions.letter import Letters
from hub.actions.receive import receive, set_aside
from hub.bus import Bus
from hub.clock import Steady
from hub.config import Config
from hub.contract import Channel, Frame, OutgoingMessage
from hub.conversations import legs, opening
from hub.conversations.load import CHAT
from hub.identity.suggester import Suggester
from hub.intake import asides
from hub.jobs import Jobs
from hub.outbound import Outbound
from hub.outbox import OUTCOMES, TOPIC, Due, Outcome, reclaim, webhooks
from hub.outbox import counts as undelivered
from hub.registry import Health, Registry, State
from hub.runners import Runners
from hub.runners.ports import Ports
from hub.search import Indexer
from hub.store import Read, Store
from hub.web.front import Front
from hub.web.hall import Hall
from hub.web.limits import Limits
from hub.web.pages import Pages
from hub.web.routes import Site
from hub.web.sign_in import Hasher, SignIn, password_hasher
from hub.web.sites import Sites
from hub.web.sockets import Receive, Scope, Send
from hub.web.tracking import Tracking
from hub.web.wheel import BEAT
from hub.webpush import Sender
from hub.wire import millis
from hub.wire.console import HealthRow

log = logging.getLogger("hub")


class Hub:
    """One hub on one database. `start` and `stop`, or the ASGI lifespan."""

    def __init__(
        self,
        config: Config,
        registry: Registry,
        *,
        clock: Callable[[], int] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        hasher: Hasher | None = None,
        limits: Limits | None = None,
        pages: Pages | None = None,
        beat: float = BEAT,
    ) -> None:
        self._file = config
        self.config, self.registry, self._monotonic = config, registry, monotonic
        self.clock = clock or Steady()
        self._hasher = hasher or password_hasher()
        self._limits = limits or Limits(monotonic)
        self._pages = pages or Pages()
        self._beat = beat
        self._counting = False
        self.bus = Bus()
        self.store: Store
        self.hall: Hall
        self.runners: Runners
        self._front: Front
        self._tracking: Tracking
        self._sender: Sender
        self._letters: Letters
        self._jobs: Jobs

    async def start(self) -> None:
        """Open the database, start plugins and jobs. Raises StoreRefused with nothing left running."""
        await asyncio.to_thread(self.config.data.mkdir, parents=True, exist_ok=True)
        self.store = await Store.open(
            self.config.data / "hub.db",
            clock=self.clock,
            publish=self.bus.publish,
            synchronous="FULL" if self.config.hub.synchronous == "full" else "NORMAL",
        )
        sites = Sites(self._file, self.clock)
        await sites.load(self.store)
        self.config = msgspec.structs.replace(self._file, sites=sites.now)
        routes = [
            people.Route(
                key,
                site.queue,
                site.region,
                site.alarm_seconds,
                site.typed_identifiers == "hold",
                site.mail,
                opening.packed(site.zone, site.hours, site.exceptions),
            )
            for key, site in self.config.sites.items()
        ]
        rules = self.config.hub
        await self.store.write(
            people.route_sites, routes, rules.conversations_per_operator, rules.mail_after_seconds
        )
        await self.store.write(legs.know, self._outlets())
        await self.store.write(identity.order_sources, self.config.identity.sources)
        await self.store.write(reclaim)
        told = {name: one.events for name, one in self.config.webhooks.items() if one.enabled}
        await self.store.write(webhooks.know, told)
        if back := await self.store.write(set_back.catch_up):
            log.warning(
                "this machine's clock was set back by %.0f s; what waits is moved by as much", back / 1e6
            )
        self._build(sites)
        self.hall.mails = await self.store.read(legs.with_mail, list(self.config.sites))
        await self.store.write(left.before)
        await self.store.write(offers.set_weights, *self._weights())
        await self.hall.open()
        await self.runners.start()
        await self._tracking.open()
        self.bus.subscribe(TOPIC, self.runners.wake)
        self.bus.subscribe(OUTCOMES, self._settled)
        self.bus.subscribe(asides.TOPIC, self._set_aside)
        await self._count_undelivered()
        endpoints = [way.health.now for way in self.runners.webhooks.values()]
        for health in [*self.registry.health, *self.runners.health, *endpoints]:
            self._on_health(health)
        self._jobs.start()
        self.hall.soon(upkeep.read_anew(self.store))
        self.hall.soon(persons.resume(self.store, self.hall.files.drop))

    async def stop(self) -> None:
        """Let go of sockets, plugins and the database, in this order."""
        self._jobs.stop()
        await self.hall.close()
        await self.runners.stop()
        await self._sender.stop()
        await self.store.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._front(scope, receive, send)

    def _outlets(self) -> list[legs.Outlet]:
        """The connections that send, as far as their plugins have loaded."""
        kinds, found = self.registry.channels, []
        for connection in self.config.connections:
            channel = kinds.get(connection.kind)
            if connection.enabled and channel is not None and channel.deliver is not Channel.deliver:
                can = channel.capabilities
                window = None if can.reply_window is None else int(can.reply_window * 1_000_000)
                found.append(legs.Outlet(connection.name, connection.kind, can.addresses, window))
        return found

    def _build(self, sites: Sites) -> None:
        ports = Ports(
            receive=receive,
            receipt=deliver.receipt,
            set_aside=set_aside,
            known=known,
            files=lambda: self.hall.files,
            compose=self._compose,
            attached=deliver.attached,
            to_visitor=self._to_visitor,
            on_health=self._on_health,
            clock=self.clock,
        )
        outbound = Outbound(self.config.hub.outbound_networks)
        self.runners = Runners(self.registry, self.config, self.store, outbound, ports)
        self.hall = Hall(
            config=self.config,
            sites=sites,
            store=self.store,
            bus=self.bus,
            features=self.runners,
            limits=self._limits,
            clock=self.clock,
            monotonic=self._monotonic,
            beat=self._beat,
        )
        self._letters = Letters(self.config.sites, self.hall.returning)
        sign_in = SignIn(self.store, self.hall.limits, self.clock, self.config.hub.public_url, self._hasher)
        public_url = self.config.hub.public_url
        self._sender = Sender(
            self.store,
            outbound.client(),
            self.clock,
            self.config.data,
            public_url,
            self.config.sites,
        )
        site = Site(self.hall, sign_in, self._pages, self._sender)
        self._tracking = Tracking(self.hall, self._of_tracking)
        self._front = Front(site, self._tracking)
        watch = upkeep.Upkeep(self.store, self.clock, self._tell_of)
        suggester = Suggester(self.store)
        ticks = [
            (2.0, self.hall.sweep),
            (15.0, self.hall.renew_leases),
            (5.0, self.hall.look_at_the_clock),
            (30.0, self.hall.write_dwell),
            (600.0, self._tracking.problems.sweep),
            (2.0, self._sender.send_due),
            (60.0, self.hall.expire_invitations),
            (1.0, Indexer(self.store, self._monotonic, self._on_lag).index_due),
            (3.0, suggester.look_due),
            (3.0, self.hall.pairs.look),
            (3600.0, suggester.learn_due),
            (3600.0, self.hall.files.sweep),
            (upkeep.LOOK, watch.look),
            (upkeep.DAY, watch.look_for_damage),
        ]
        self._jobs = Jobs(self.store, self.clock, ticks)

    def _weights(self) -> tuple[dict[str, int], int]:
        """What conversations weigh, by kind of channel, and what a mail does."""
        hub = self.config.hub
        units = {"call": round(hub.call_weight * CHAT), "chat": CHAT, "mail": round(hub.mail_weight * CHAT)}
        return {kind: units[weighs] for kind, weighs in self.runners.weighs.items()}, units["mail"]

    def _compose(self, read: Read, due: Due) -> OutgoingMessage | None:
        return deliver.compose(read, due, self._letters.around)

    def _on_health(self, health: Health) -> None:
        row = HealthRow(
            id=f"{health.what}:{health.name}",
            kind=health.what,
            state=health.state,
            reason=health.why,
            since=millis(health.since),
        )
        self.hall.live.put("health", row.id, row)

    def _on_lag(self, seconds: float | None) -> None:
        why = None
        if seconds is not None:
            why = f"search is {seconds:.0f} s behind what is said; it catches up when the disk is less busy"
        self._tell_of("search", "waiting", why)

    def _tell_of(self, part: str, state: str, why: str | None) -> None:
        """A part of our own is not well, or is well again (None)."""
        if why is None:
            self.hall.live.drop("health", part)
            return
        row = HealthRow(id=part, kind=part, state=state, reason=why, since=millis(self.clock()))
        self.hall.live.put("health", part, row)

    def _of_tracking(self, connection: str, state: State, why: str) -> None:
        self.runners.say(connection, "tracking", state, why)

    def _to_visitor(self, visitor: str, frame: Frame) -> None:
        self.hall.to_visitor(visitor, frame)

    def _settled(self, event: object) -> None:
        if isinstance(event, Outcome):
            self.hall.soon(self.store.write(deliver.settled, event))
            if event.state in ("quarantined", "waiting", "failed"):
                self._set_aside(event)

    def _set_aside(self, _: object) -> None:
        if not self._counting:
            self._counting = True
            self.hall.soon(self._count_undelivered())

    async def _count_undelivered(self) -> None:
        self._counting = (
            False  # what ends from here on is counted again; hundreds that end at once are counted once
        )
        out, came = await self.store.read(undelivered), await self.store.read(asides.counts)
        number = sum(out.values()) + sum(came.values())
        what = "delivery" if out else "message that could not be read"
        many = "deliveries" if out else "messages that could not be read"
        one = f"1 {what} waits" if number == 1 else f"{number} {many} wait"
        why = f"{one} for somebody to look: {', '.join(sorted({*out, *came}))}" if number else None
        self._tell_of("undelivered", "failed", why)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:
            log.debug("start", exc_info=True)
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})
