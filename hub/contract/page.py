"""Page features: what a plugin shows in the visitor's page, and the frames it exchanges with its script there.

A feature's script is an ES module, loaded by the widget on first use, exporting `default function start(page)`:

    page.send(name, data)        one frame to `on_frame` below
    page.on(name, callback)      frames sent by `context.to_visitor`
    page.mount()                 an HTMLElement of its own inside the widget's shadow root

Frames are volatile: limited in size and rate, never stored, lost when the page is away. What must not be lost is
reported as a touchpoint or kept as a document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from hub.contract.context import Context

MAX_FRAME = 16 * 1024
"""Bytes of JSON in one frame's data, in either direction."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One volatile message between a feature and its script. `name` is the feature's name, a dot, a word."""

    name: str
    data: Mapping[str, Any] = msgspec.field(default_factory=dict)


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """One browser, as a feature may know it: an opaque id, good for `to_visitor`, and where it is."""

    id: str
    site: str
    visit: str = ""
    url: str = ""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What a feature may look at to decide whether to offer itself."""

    visitor: Visitor
    language: str = ""
    """BCP 47, as the browser says; empty when unknown."""
    open_now: bool = True
    """Whether the site is within its opening hours."""
    since: datetime | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """The feature is there for this visit. `data` reaches the script as `page.data`; keep it small."""

    label: str = ""
    data: Mapping[str, Any] = msgspec.field(default_factory=dict)


class PageFeature:
    """Subclass this and register the class in `hub_register_page_features`.

    One object is made, without arguments, per connection of its channel; the feature is absent while no such
    connection is configured.
    """

    name: ClassVar[str]
    """Unique; also the first word of its frames and the folder of its files, `/p/NAME/…`."""
    channel: ClassVar[str] = ""
    """The kind of channel it belongs to; its settings and documents are that connection's. Empty: same as `name`."""
    script: ClassVar[str | None] = None
    """A file in the plugin's package, served at `/p/NAME/…`, loaded when the feature is first used."""
    files: ClassVar[Sequence[str]] = ()
    """Further files of the package to serve beside the script. Nothing else of the package is served."""
    frames: ClassVar[Sequence[str]] = ()
    """Names of all frames in either direction, each beginning with `NAME.`; others are refused."""
    core_conversation: ClassVar[bool] = False
    """It lives on the core's own conversation frames, so that no plugin code runs per message."""

    async def offer(self, visit: Visit, context: Context) -> Offer | None:
        """Whether this visit gets the feature. Asked once per visit; answer within half a second.

        No answer in time, or an exception, counts as None; a feature with `core_conversation` counts as offered.
        """
        return Offer()

    async def on_frame(self, frame: Frame, visitor: Visitor, context: Context) -> None:
        """A frame came from the script in this visitor's page. Answer with `context.to_visitor(visitor, frame)`."""
