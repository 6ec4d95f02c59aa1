"""Tracking: what the analytics libraries a shop already has send to the hub, by pointing them at it.

The endpoints are the core's, for their hot path may not wait for plugins. What is here is what makes a connection: the site it is about,
the keys its senders use, and how much one key may send.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field

import hub

hub_contract = "1.0"


def _key(secret: hub.Secret) -> hub.Secret:
    if len(secret.reveal()) < 16:
        raise ValueError("a server key of at least 16 characters")
    return secret


class TrackingSettings(hub.Settings):
    """`[channels.tracking]`"""

    site: str = Field(min_length=1, description="the key of the site that is tracked, from [sites]")
    write_key: str = Field(
        pattern=r"^[A-Za-z0-9_.~-]{8,100}$",
        description="the key that stands in pages, for all to read: 8 to 100 letters, digits and ._~-",
    )
    server_key: Annotated[hub.Secret, AfterValidator(_key)] | None = Field(
        default=None, description="the key of your own server, whose word on user ids is believed"
    )
    events_per_second: int = Field(
        default=200, ge=1, le=100_000, description="events of one key, in the long run"
    )
    board: bool = Field(
        default=False,
        description="whether who is told of shows on the visitors' board; for pages without the widget",
    )


class Tracking(hub.Channel):
    """Nothing to run and nothing to deliver: the core receives."""

    kind = "tracking"
    settings = TrackingSettings


@hub.hookimpl
def hub_register_channels(register: Callable[[type[hub.Channel]], None]) -> None:
    register(Tracking)
