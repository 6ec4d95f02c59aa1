"""From a path to a checked configuration and a loaded registry, the same way for every command."""

from pathlib import Path
from typing import TYPE_CHECKING

from hub.cli.speaking import Refused

if TYPE_CHECKING:
    from hub.config import Config
    from hub.registry import Registry


def load(path: Path, *, strict: bool = False) -> "tuple[Config, Registry]":
    """The configuration in `path` and the plugins it wants.

    Raises Refused when there is no such file, ConfigError with every mistake, and with `strict` StrictError when a
    plugin is not well.
    """
    from hub.config import parse

    text = read(path)
    registry = load_registry(text, path.parent, strict=strict)
    config = parse(
        text,
        registry.settings_types,
        folder=path.parent.resolve(),
        strict=strict,
        file=path.name,
        mailers=registry.mailers,
    )
    return config, registry


def load_registry(text: str, folder: Path, *, strict: bool = False) -> "Registry":
    """The plugins that a configuration's text wants; those that fail are in it as unhealthy."""
    from hub.config import wanted_plugins
    from hub.registry import Registry

    wanted = wanted_plugins(text)
    registry = Registry()
    registry.load([folder / file for file in wanted.files], wanted.disabled, strict=strict)
    return registry


def read(path: Path) -> str:
    """The text of hub.toml. Raises Refused."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Refused(
            f"{path}: expected the hub's configuration, found no such file; `hub init` writes one, --config names another place"
        ) from None
    except OSError as error:
        raise Refused(f"{path}: expected a file that can be read, got: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Refused(
            f"{path}: expected UTF-8 text, got a byte that is none at position {error.start}"
        ) from None
