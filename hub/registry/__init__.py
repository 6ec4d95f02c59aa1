"""The registry: finds plugins, loads each alone with a deadline, checks what it registers, and knows how it is.

pluggy's hook call and its entry-point loader stop at the first plugin that raises. So every plugin gets a plugin
manager of its own: a misspelt hook, a raise or a hang is that plugin's, and its reason is kept as its health.
A plugin's registrations count all together or not at all. Nothing here is global: two registries can live in one
process.
"""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec
import pluggy  # noqa: TID251  # this package is the one place

from hub.contract import Channel, PageFeature, Panel, Settings, hooks
from hub.contract.version import CONTRACT_VERSION, mismatch
from hub.registry.alone import PluginFailure, alone
from hub.registry.checking import Asset, assets_of, check_channel, check_feature, check_panel
from hub.registry.finding import Found, in_file, installed
from hub.registry.health import Health, State

__all__ = ["Asset", "Health", "Plugin", "PluginFailure", "Registry", "State", "StrictError"]


class Plugin(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin as found, and what it supplies; empty while it is unhealthy."""

    name: str
    source: str
    version: str
    health: Health
    channels: tuple[type[Channel], ...] = ()
    features: tuple[type[PageFeature], ...] = ()
    panels: tuple[type[Panel], ...] = ()
    assets: tuple[Asset, ...] = ()


class StrictError(Exception):
    """With `--strict` a plugin that is not well is fatal; the message lists all of them."""


class Registry:
    """All plugins of one hub. Call `load` once, then read."""

    def __init__(
        self,
        *,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
        paths: Sequence[str] | None = None,
        deadline: float = 10.0,
    ) -> None:
        """`now` gives UTC microseconds; `paths` replaces the import path in the search; `deadline` is in seconds
        for one plugin's import, and again for its registration."""
        self._now = now
        self._paths = paths
        self._deadline = deadline
        self._plugins: dict[str, Plugin] = {}

    def load(self, files: Sequence[Path] = (), disabled: Sequence[str] = (), *, strict: bool = False) -> None:
        """Find and load everything. Raises only StrictError; other trouble is in the plugins' health."""
        for found in [*installed(self._paths), *map(in_file, files)]:
            name = found.name if found.name not in self._plugins else f"{found.name} ({found.source})"
            self._plugins[name] = self._loaded(found, name, off=found.name in disabled)
        self._drop_homeless()
        unwell = [plugin for plugin in self._plugins.values() if not plugin.health.well]
        if strict and unwell:
            lines = "".join(f"\n  {plugin.name} ({plugin.source}): {plugin.health.why}" for plugin in unwell)
            raise StrictError(f"plugins that are not well:{lines}")

    @property
    def plugins(self) -> Mapping[str, Plugin]:
        """Every plugin found, by name, in the order they were loaded."""
        return MappingProxyType(self._plugins)

    @property
    def channels(self) -> Mapping[str, type[Channel]]:
        """Channel classes by kind."""
        return {channel.kind: channel for plugin in self._plugins.values() for channel in plugin.channels}

    @property
    def features(self) -> Mapping[str, type[PageFeature]]:
        """Page features by name."""
        return {feature.name: feature for plugin in self._plugins.values() for feature in plugin.features}

    @property
    def panels(self) -> Mapping[str, type[Panel]]:
        """Panels of the console by name."""
        return {panel.name: panel for plugin in self._plugins.values() for panel in plugin.panels}

    @property
    def assets(self) -> Mapping[str, Asset]:
        """Files of page features by path below `/p/`, such as `bell/bell.js`."""
        return {asset.path: asset for plugin in self._plugins.values() for asset in plugin.assets}

    @property
    def settings_types(self) -> Mapping[str, type[Settings]]:
        """What `config.parse` wants: the settings class of each kind of channel."""
        return {kind: channel.settings for kind, channel in self.channels.items()}

    @property
    def mailers(self) -> frozenset[str]:
        """And the kinds of channels that can write an e-mail to an address."""
        return frozenset(
            kind
            for kind, channel in self.channels.items()
            if channel.capabilities.addresses == "email" and channel.deliver is not Channel.deliver
        )

    @property
    def health(self) -> list[Health]:
        """The health of every plugin."""
        return [plugin.health for plugin in self._plugins.values()]

    def plugin_of(self, kind: str) -> str:
        """The name of the plugin that supplies a kind of channel; empty when none does."""
        owners = (p.name for p in self._plugins.values() if any(c.kind == kind for c in p.channels))
        return next(owners, "")

    def _loaded(self, found: Found, name: str, *, off: bool) -> Plugin:
        if off:
            return self._plugin(found, name, "found", why="switched off in hub.toml: plugins.disabled")
        try:
            if name != found.name:
                taken = self._plugins[found.name].source
                raise PluginFailure(f"the name {found.name!r} is already taken by {taken}; rename this one")
            module = alone(found.load, doing="being imported", deadline=self._deadline)
            new = alone(lambda: _registered(module), doing="registering", deadline=self._deadline)
            self._refuse_duplicates(new)
        except PluginFailure as failure:
            return self._plugin(found, name, "failed", why=failure.why, traceback=failure.traceback)
        plugin = self._plugin(found, name, "enabled")
        return msgspec.structs.replace(
            plugin,
            channels=tuple(new.channels),
            features=tuple(new.features),
            panels=tuple(new.panels),
            assets=tuple(new.assets),
        )

    def _plugin(self, found: Found, name: str, state: State, *, why: str = "", traceback: str = "") -> Plugin:
        health = Health(
            what="plugin", name=name, state=state, since=self._now(), why=why, traceback=traceback
        )
        return Plugin(name=name, source=found.source, version=found.version, health=health)

    def _refuse_duplicates(self, new: Registered) -> None:
        for plugin in self._plugins.values():
            for what, mine, theirs in (
                ("channel kind", {it.kind for it in plugin.channels}, {it.kind for it in new.channels}),
                ("page feature", {it.name for it in plugin.features}, {it.name for it in new.features}),
                ("panel", {it.name for it in plugin.panels}, {it.name for it in new.panels}),
            ):
                if taken := mine & theirs:
                    raise PluginFailure(f"the {what} {min(taken)!r} is already supplied by {plugin.name}")

    def _drop_homeless(self) -> None:
        """A feature or panel lives in a connection of its channel; only now is it known which channels there are."""
        kinds = self.channels
        for name, plugin in list(self._plugins.items()):
            parts: tuple[type[PageFeature | Panel], ...] = (*plugin.features, *plugin.panels)
            for part in parts:
                if (wanted := part.channel or part.name) not in kinds:
                    why = f"{part.__name__}.channel: no plugin supplies a channel of kind {wanted!r}"
                    health = msgspec.structs.replace(plugin.health, state="failed", why=why)
                    self._plugins[name] = msgspec.structs.replace(
                        plugin, health=health, channels=(), features=(), panels=(), assets=()
                    )


class Registered(msgspec.Struct):
    """What one plugin registers."""

    channels: list[type[Channel]] = []
    features: list[type[PageFeature]] = []
    panels: list[type[Panel]] = []
    assets: list[Asset] = []


def _registered(module: object) -> Registered:
    """What one plugin registers. Raises PluginFailure, or whatever the plugin raises."""
    if (why := mismatch(getattr(module, "hub_contract", CONTRACT_VERSION))) is not None:
        raise PluginFailure(why)
    manager = pluggy.PluginManager("hub")
    manager.add_hookspecs(hooks)
    try:
        manager.register(module)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginFailure(_hook_trouble(str(error))) from None
    _refuse_unmarked(module, manager)
    new = Registered()
    manager.hook.hub_register_channels(register=lambda it: new.channels.append(check_channel(it)))
    manager.hook.hub_register_page_features(register=lambda it: new.features.append(check_feature(it)))
    manager.hook.hub_register_panels(register=lambda it: new.panels.append(check_panel(it)))
    names = [
        [it.kind for it in new.channels],
        [it.name for it in new.features],
        [it.name for it in new.panels],
    ]
    if any(len(set(words)) < len(words) for words in names):
        raise PluginFailure("it registers the same kind or name twice")
    new.assets = [asset for feature in new.features for asset in assets_of(feature)]
    return new


def _hook_names() -> list[str]:
    return sorted(name for name in vars(hooks) if name.startswith("hub_"))


_HOOKS = ", ".join(_hook_names())


def _hook_trouble(message: str) -> str:
    words = " ".join(message.split())[:400]
    misspelt = re.search(r"unknown hook '(\w+)'", words)
    close = difflib.get_close_matches(misspelt[1], _hook_names(), n=1) if misspelt else []
    return f"{words}; {f'did you mean {close[0]}?' if close else f'the hooks are {_HOOKS}'}"


def _refuse_unmarked(module: object, manager: pluggy.PluginManager) -> None:
    """A hook without `@hub.hookimpl` would be ignored without a word, and the plugin with it."""
    marked = {caller.name for caller in manager.get_hookcallers(module) or []}
    for name in dir(module):
        if name.startswith("hub_register_") and name not in marked and callable(getattr(module, name)):
            raise PluginFailure(f"{name} is not marked with @hub.hookimpl")
    if not marked:
        raise PluginFailure(f"it has no function marked with @hub.hookimpl; the hooks are {_HOOKS}")
