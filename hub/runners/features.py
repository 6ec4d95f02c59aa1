"""Page features: asking them whether they offer themselves, and carrying frames to them.

A visitor's socket never waits for a plugin. Offers have a short deadline and fall back to the last answer; frames are
put into a queue per visitor, worked off in order, and refused when it is full, too fast, too large or not declared.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque

from hub.contract import Frame, Offer, PageFeature, Visit, Visitor
from hub.registry import Asset
from hub.registry.health import sentence_of
from hub.runners.connection import RunningConnection
from hub.runners.context import check_frame
from hub.runners.loop import Broken, PluginLoop
from hub.runners.pace import Breaker, Bucket, Pace
from hub.runners.ports import FrameRefused
from hub.wire.visitor import FeatureOffer

MOST_BUCKETS = 20_000
"""Visitors whose rate is remembered per feature; the one seen longest ago is forgotten first."""


class RunningFeature:
    """One feature in one connection."""

    def __init__(
        self,
        feature: type[PageFeature],
        connection: RunningConnection,
        script: Asset | None,
        loop: PluginLoop,
        pace: Pace,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self.name = feature.name
        self.core_conversation = feature.core_conversation
        self._type, self._connection, self._loop, self._pace, self._tasks = (
            feature,
            connection,
            loop,
            pace,
            tasks,
        )
        self._script = None if script is None else f"/p/{script.path}?v={script.version}"
        self._declared = frozenset(feature.frames)
        self._object: PageFeature | None = None
        self._breaker = Breaker(pace)
        self._last: Offer | None = Offer() if feature.core_conversation else None
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._waiting: dict[str, deque[tuple[Frame, Visitor]]] = {}
        self._count = 0

    async def offer(self, visit: Visit) -> FeatureOffer | None:
        """What the visit gets of this feature; within the deadline, whatever the plugin does."""
        offer = self._last if self._breaker.open else await self._asked(visit)
        if offer is None:
            return None
        return FeatureOffer(name=self.name, label=offer.label, script=self._script, data=dict(offer.data))

    async def _asked(self, visit: Visit) -> Offer | None:
        try:
            offer = await self._loop.call(lambda: self._offer(visit), deadline=self._pace.offer)
            if not (offer is None or isinstance(offer, Offer)):
                raise TypeError(f"{self.name}.offer: expected a hub.Offer or None, got {offer!r}")
        except Exception as error:  # a bug of the plugin, or it is blocked: the last answer stands
            self._failed("offer", error)
            return self._last
        self._succeeded()
        self._last = offer if offer is not None or not self.core_conversation else Offer()
        return offer

    async def _offer(self, visit: Visit) -> Offer | None:
        return await self._made().offer(visit, self._connection.context)

    def _made(self) -> PageFeature:
        if self._object is None:
            self._object = self._type()
        return self._object

    def accept(self, frame: Frame, visitor: Visitor) -> None:
        """Queue one frame from a visitor's page. Raises FrameRefused."""
        try:
            check_frame(frame, self._declared)
        except ValueError as error:
            raise FrameRefused("bad_frame", str(error)) from None
        if self._breaker.open:
            raise FrameRefused("unavailable", f"{self.name} does not work at the moment")
        if not self._bucket(visitor.id).take():
            raise FrameRefused("rate_limited", f"more than {self._pace.frames_per_second:g} frames a second")
        waiting = self._waiting.get(visitor.id, ())
        if len(waiting) >= self._pace.frames_waiting or self._count >= self._pace.frames_waiting_in_all:
            raise FrameRefused("rate_limited", f"{self.name} does not keep up; frames are waiting")
        self._count += 1
        if isinstance(waiting, deque):
            waiting.append((frame, visitor))
        else:
            self._waiting[visitor.id] = deque([(frame, visitor)])
            self._tasks.create_task(self._work_off(visitor.id))

    def _bucket(self, visitor: str) -> Bucket:
        bucket = self._buckets.pop(visitor, None) or Bucket(
            self._pace.frames_per_second, self._pace.frames_at_once
        )
        self._buckets[visitor] = bucket
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return bucket

    async def _work_off(self, visitor: str) -> None:
        waiting = self._waiting[visitor]
        try:
            while waiting and not self._breaker.open:
                self._count -= 1
                await self._carry(*waiting.popleft())
        finally:
            self._count -= len(waiting)
            del self._waiting[visitor]

    async def _carry(self, frame: Frame, visitor: Visitor) -> None:
        try:
            await self._loop.call(lambda: self._on_frame(frame, visitor), deadline=self._pace.frame)
        except Exception as error:  # a bug of the plugin, or it is overdue
            self._failed(f"on_frame({frame.name})", error)
        else:
            self._succeeded()

    async def _on_frame(self, frame: Frame, visitor: Visitor) -> None:
        await self._made().on_frame(frame, visitor, self._connection.context)

    def _failed(self, where: str, error: Exception) -> None:
        self._breaker.failed()
        why = f"{self.name}.{where}: {sentence_of(error.error if isinstance(error, Broken) else error)}"
        self._connection.health.say(self.name, "failed", why, error=error, failures=self._breaker.failures)

    def _succeeded(self) -> None:
        if self._breaker.failures:
            self._breaker.succeeded()
            self._connection.health.say(self.name, "healthy")
