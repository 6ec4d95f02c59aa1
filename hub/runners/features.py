"""Page features: asking them whether they offer themselves, and carrying frames to them.

A visitor's socket never waits for a plugin. Offers have a short deadline and fall back to the last answer; frames are
put into a queue per visitor, worked off in order, and refused when it is full, too fast, too large or not declared.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque

import msgspec

from hub.contract import Frame, Offer, PageFeature, Visit, Visitor
from hub.contract.page import MAX_FRAME
from hub.registry import Asset
from hub.registry.health import sentence_of
from hub.runners.cleaning import cleaned
from hub.runners.connection import RunningConnection
from hub.runners.context import check_frame
from hub.runners.loop import Stuck
from hub.runners.pace import Bucket, Pace
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
        pace: Pace,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self.name = feature.name
        self.core_conversation = feature.core_conversation
        self._type, self._connection, self._pace, self._tasks = feature, connection, pace, tasks
        self._script = None if script is None else f"/p/{script.path}?v={script.version}"
        self._declared = frozenset(feature.frames)
        self._breaker = connection.breaker(f"feature {feature.name}")
        self._last: Offer | None = Offer() if feature.core_conversation else None
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._waiting: dict[str, deque[tuple[Frame, Visitor]]] = {}
        self._count = 0

    @property
    def waiting(self) -> int:
        """Frames that wait for the plugin."""
        return self._count

    async def offer(self, visit: Visit) -> FeatureOffer | None:
        """What the visit gets of this feature; within the deadline, whatever the plugin does."""
        offer = await self._asked(visit) if self._breaker.admits() else self._last
        if offer is None:
            return None
        return FeatureOffer(name=self.name, label=offer.label, script=self._script, data=dict(offer.data))

    async def _asked(self, visit: Visit) -> Offer | None:
        try:
            offer = await self._connection.loop.call(
                lambda: self._offer(visit), deadline=self._pace.offer, doing=f"{self.name}.offer"
            )
        except Exception as error:  # a bug of the plugin, or it is blocked: the last answer stands
            self._failed("offer", error)
            return self._last
        self._succeeded()
        self._last = offer if offer is not None or not self.core_conversation else Offer()
        return offer

    async def _offer(self, visit: Visit) -> Offer | None:
        """On the plugin's thread."""
        offer = await self._connection.made(self._type).offer(visit, self._connection.context)
        if offer is None:
            return None
        offer = cleaned(offer, Offer, f"{self.name}.offer")
        if (size := len(msgspec.json.encode(offer))) > MAX_FRAME:
            raise ValueError(f"{self.name}.offer: {size} bytes, at most {MAX_FRAME} are carried")
        return offer

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
            while waiting and self._breaker.admits():
                self._count -= 1
                await self._carry(*waiting.popleft())
        finally:
            self._count -= len(waiting)
            del self._waiting[visitor]

    async def _carry(self, frame: Frame, visitor: Visitor) -> None:
        try:
            await self._connection.loop.call(
                lambda: self._on_frame(frame, visitor), deadline=self._pace.frame, doing=frame.name
            )
        except Exception as error:  # a bug of the plugin, or it is overdue
            self._failed(f"on_frame({frame.name})", error)
        else:
            self._succeeded()

    async def _on_frame(self, frame: Frame, visitor: Visitor) -> None:
        await self._connection.made(self._type).on_frame(frame, visitor, self._connection.context)

    def _failed(self, where: str, error: Exception) -> None:
        if isinstance(error, Stuck):
            return
        self._breaker.failed()
        why = f"{self.name}.{where}: {sentence_of(error)}"
        self._connection.health.say(self.name, "failed", why, error=error, failures=self._breaker.failures)

    def _succeeded(self) -> None:
        if self._breaker.failures:
            self._breaker.succeeded()
            self._connection.health.say(self.name, "healthy")
