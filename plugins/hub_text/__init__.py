"""Text chat: the panel in the visitor's page, on the core's own conversation frames.

There is little to do here, and that is the point: messages of a page go through the core, durable and in order, so
that no plugin code runs per message. What is left is to say that the channel exists, and its limits.
"""

from __future__ import annotations

from collections.abc import Callable

from pydantic import Field

import hub

hub_contract = "1.0"


class TextSettings(hub.Settings):
    """`[channels.text]`"""

    max_length: int = Field(default=4000, ge=1, le=8000, description="characters in one message of a visitor")


class Text(hub.Channel):
    """Nothing to run and nothing to deliver: the panel reads conversations by cursor."""

    kind = "text"
    settings = TextSettings
    capabilities = hub.Capabilities(delivered=True, read=True)


class TextPanel(hub.PageFeature):
    """The chat panel, offered to every visit."""

    name = "text"
    core_conversation = True

    async def offer(self, visit: hub.Visit, context: hub.Context) -> hub.Offer | None:
        return hub.Offer(data={"max_length": context.settings.max_length})


@hub.hookimpl
def hub_register_channels(register: Callable[[type[hub.Channel]], None]) -> None:
    register(Text)


@hub.hookimpl
def hub_register_page_features(register: Callable[[type[hub.PageFeature]], None]) -> None:
    register(TextPanel)
