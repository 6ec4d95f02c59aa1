"""The configuration: hub.toml, checked against the hub's sections and the plugins' settings types.

`parse` reports every mistake at once, each with its dotted path and a hint. Files hold sites, connections and limits;
the database holds operators, tokens and decisions. `default_text` is `config/hub.toml`, every setting with a comment.
"""

from pathlib import Path

from hub.config.hours import DAYS, open_at
from hub.config.overlay import CONSOLE, of_file, overlay, overlay_known, plain
from hub.config.parse import Config, Connection, parse, wanted_plugins
from hub.config.problems import ConfigError, Problem
from hub.config.sections import HubSection, IdentitySection, PluginsSection, SiteSection
from hub.config.webhooks import WebhookSection

__all__ = [
    "CONSOLE",
    "DAYS",
    "Config",
    "ConfigError",
    "Connection",
    "HubSection",
    "IdentitySection",
    "PluginsSection",
    "Problem",
    "SiteSection",
    "WebhookSection",
    "default_text",
    "of_file",
    "open_at",
    "overlay",
    "overlay_known",
    "parse",
    "plain",
    "wanted_plugins",
]


def default_text() -> str:
    """The commented hub.toml that `hub init` writes: beside the code when installed, else from the source tree."""
    installed = Path(__file__).with_name("hub.toml")
    source = Path(__file__).parents[2] / "config" / "hub.toml"
    return (installed if installed.exists() else source).read_text(encoding="utf-8")
