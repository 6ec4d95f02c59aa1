"""The hooks: synchronous, few, and only for registering. Life is in the methods of what they register.

Every spec answers the same six questions: when it is called, how often, what arrives, what a return means, what
happens if it raises, and since which contract version it exists. A hook is born with a plugin that needs it.
"""

from __future__ import annotations

from collections.abc import Callable

import pluggy

from hub.contract.channel import Channel
from hub.contract.page import PageFeature
from hub.contract.panel import Panel

hookspec = pluggy.HookspecMarker("hub")
hookimpl = pluggy.HookimplMarker("hub")
"""Marks a function of a plugin as a hook: `@hub.hookimpl`."""


@hookspec
def hub_register_channels(register: Callable[[type[Channel]], None]) -> None:
    """Supply channels.

    When: at start, after the plugin has been imported, before hub.toml is checked.
    How often: once per start of the hub.
    Arrives: `register`, to be called with each Channel subclass (the class, not an object).
    Returns: nothing; a return value is ignored.
    Raises: the plugin is unhealthy with that reason and none of its registrations count; the hub goes on.
    Since: contract 1.0.
    """


@hookspec
def hub_register_page_features(register: Callable[[type[PageFeature]], None]) -> None:
    """Supply features for the visitor's page.

    When: at start, after `hub_register_channels` of the same plugin.
    How often: once per start of the hub.
    Arrives: `register`, to be called with each PageFeature subclass (the class, not an object).
    Returns: nothing; a return value is ignored.
    Raises: the plugin is unhealthy with that reason and none of its registrations count; the hub goes on.
    Since: contract 1.0.
    """


@hookspec
def hub_register_panels(register: Callable[[type[Panel]], None]) -> None:
    """Supply panels for the console.

    When: at start, after `hub_register_page_features` of the same plugin.
    How often: once per start of the hub.
    Arrives: `register`, to be called with each Panel subclass (the class, not an object).
    Returns: nothing; a return value is ignored.
    Raises: the plugin is unhealthy with that reason and none of its registrations count; the hub goes on.
    Since: contract 1.0.
    """
