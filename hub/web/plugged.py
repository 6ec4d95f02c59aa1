"""What the web needs of the runners: page features, panels, and how connections are."""

from collections.abc import Mapping
from typing import Protocol

from hub.contract import Aside, Frame, Subject, Visit, Visitor
from hub.registry import Asset
from hub.runners.connection import ConnectionHealth
from hub.runners.panels import RunningPanel, Shown
from hub.runners.webhooks import WebhookWay
from hub.wire.visitor import FeatureOffer


class Plugged(Protocol):
    """What sessions need of the runners."""

    @property
    def scripts(self) -> Mapping[str, Asset]: ...

    @property
    def weighs(self) -> Mapping[str, str]: ...

    @property
    def calls(self) -> frozenset[str]: ...

    async def offers(self, visit: Visit) -> list[FeatureOffer]: ...

    def on_frame(self, frame: Frame, visitor: Visitor) -> None: ...

    @property
    def connections(self) -> list[ConnectionHealth]: ...

    def version_of(self, plugin: str) -> str: ...

    def reconnect(self, name: str) -> bool: ...

    async def read_again(self, name: str, aside: Aside) -> str: ...

    @property
    def webhooks(self) -> Mapping[str, WebhookWay]: ...

    def came_in(self, name: str) -> None: ...

    async def panels(self, subject: Subject) -> list[Shown]: ...

    def panel(self, name: str) -> RunningPanel | None: ...
