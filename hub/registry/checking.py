"""What a plugin registers, checked before it counts: a mistake is found at start, not with the first customer.

Every message names the class and the attribute, says what was expected, and what came.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

import msgspec

from hub.contract import Capabilities, Channel, DocumentKind, PageFeature, Panel, Settings
from hub.contract.panel import LONGEST_LABEL
from hub.registry.alone import PluginFailure

MAX_ASSET = 2 * 1024 * 1024
RESERVED_SETTINGS = {"kind", "enabled"}
_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".mp3": "audio/mpeg",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a page feature, to be served at `/p/` + path. `version` changes with the content."""

    path: str
    content: bytes
    media_type: str
    version: str


def check_channel(channel: object) -> type[Channel]:
    """The class itself, or PluginFailure."""
    if not (isinstance(channel, type) and issubclass(channel, Channel)):
        raise PluginFailure(
            f"hub_register_channels: register() expects a subclass of hub.Channel, got {channel!r}"
        )
    _word(channel, "kind")
    settings: object = channel.settings
    if not (isinstance(settings, type) and issubclass(settings, Settings)):
        raise PluginFailure(
            f"{channel.__name__}.settings: expected a subclass of hub.Settings, got {settings!r}"
        )
    if taken := RESERVED_SETTINGS & set(settings.model_fields):
        raise PluginFailure(
            f"{settings.__name__}.{min(taken)}: this name is the hub's own in hub.toml; choose another"
        )
    _several(channel, "documents", DocumentKind)
    if not isinstance(channel.capabilities, Capabilities):
        raise PluginFailure(
            f"{channel.__name__}.capabilities: expected hub.Capabilities, got {channel.capabilities!r}"
        )
    if channel.weighs not in ("call", "chat", "mail"):
        raise PluginFailure(
            f'{channel.__name__}.weighs: expected "call", "chat" or "mail", got {channel.weighs!r}'
        )
    _coroutines(channel, ("run", 1), ("deliver", 2), ("knock", 1), ("again", 2))
    return channel


def check_feature(feature: object) -> type[PageFeature]:
    """The class itself, or PluginFailure."""
    if not (isinstance(feature, type) and issubclass(feature, PageFeature)):
        raise PluginFailure(
            f"hub_register_page_features: register() expects a subclass of hub.PageFeature, got {feature!r}"
        )
    name = _word(feature, "name")
    pattern = re.compile(re.escape(name) + r"\.[a-z][a-z0-9_]{0,31}")
    _home(feature)
    _several(feature, "files", str)
    _several(feature, "frames", str)
    if not (feature.script is None or isinstance(feature.script, str)):
        raise PluginFailure(f"{feature.__name__}.script: expected a name of a file, got {feature.script!r}")
    for frame in feature.frames:
        if not isinstance(frame, str) or not pattern.fullmatch(frame):
            raise PluginFailure(
                f'{feature.__name__}.frames: expected names such as "{name}.ring", got {frame!r}'
            )
    _coroutines(feature, ("offer", 2), ("on_frame", 3))
    return feature


def check_panel(panel: object) -> type[Panel]:
    """The class itself, or PluginFailure."""
    if not (isinstance(panel, type) and issubclass(panel, Panel)):
        raise PluginFailure(f"hub_register_panels: register() expects a subclass of hub.Panel, got {panel!r}")
    _word(panel, "name")
    _home(panel)
    title: object = getattr(panel, "title", None)
    if not isinstance(title, str) or not 1 <= len(title) <= LONGEST_LABEL:
        raise PluginFailure(
            f"{panel.__name__}.title: expected 1 to {LONGEST_LABEL} characters for operators to read, got {title!r}"
        )
    if panel.show is Panel.show:
        raise PluginFailure(f"{panel.__name__}.show: expected a method that says what is to be shown")
    _coroutines(panel, ("show", 2), ("act", 3))
    return panel


def _home(cls: type[PageFeature | Panel]) -> None:
    if cls.channel != "":
        _word(cls, "channel")


def _several(cls: type, attribute: str, kind: type) -> None:
    value: object = getattr(cls, attribute)
    if not isinstance(value, list | tuple) or not all(isinstance(one, kind) for one in value):
        raise PluginFailure(
            f"{cls.__name__}.{attribute}: expected a list or tuple of {kind.__name__}, got {value!r}"
        )


def _word(cls: type, attribute: str) -> str:
    value = getattr(cls, attribute, None)
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise PluginFailure(
            f"{cls.__name__}.{attribute}: expected a word of lower-case letters, digits and _, got {value!r}"
        )
    return value


def _coroutines(cls: type, *methods: tuple[str, int]) -> None:
    for name, arguments in methods:
        method = getattr(cls, name)
        if not inspect.iscoroutinefunction(method):
            raise PluginFailure(f"{cls.__name__}.{name}: expected `async def`, got {method!r}")
        try:
            inspect.signature(method).bind(None, *range(arguments))
        except TypeError as error:
            raise PluginFailure(
                f"{cls.__name__}.{name}: cannot take the {arguments} arguments it gets: {error}"
            ) from None


def assets_of(feature: type[PageFeature]) -> list[Asset]:
    """The feature's files, read from its package. Raises PluginFailure for one that is missing or not allowed."""
    names = [*([feature.script] if feature.script else []), *feature.files]
    return [_asset(feature, name) for name in names]


def _asset(feature: type[PageFeature], name: str) -> Asset:
    where = f"{feature.__name__}: the file {name!r}"
    path = PurePosixPath(name)
    media_type = _TYPES.get(path.suffix)
    if path.is_absolute() or ".." in path.parts or media_type is None:
        raise PluginFailure(f"{where} must be a path inside the package ending in {', '.join(_TYPES)}")
    try:
        content = _package_of(feature).joinpath(*path.parts).read_bytes()
    except OSError as error:
        raise PluginFailure(f"{where} cannot be read from its package: {error.strerror or error}") from None
    if len(content) > MAX_ASSET:
        raise PluginFailure(f"{where} has {len(content)} bytes; at most {MAX_ASSET} are served")
    version = hashlib.blake2b(content, digest_size=8).hexdigest()
    return Asset(path=f"{feature.name}/{path}", content=content, media_type=media_type, version=version)


def _package_of(cls: type) -> Traversable:
    module = sys.modules[cls.__module__]
    package = module.__name__ if hasattr(module, "__path__") else module.__package__
    if package:
        return resources.files(package)
    return Path(str(module.__file__)).parent
