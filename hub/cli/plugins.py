"""`hub plugins`: what was found, what is enabled and healthy, and why not.

The running hub knows how its connections are; without one only what can be told without running them is shown.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table
from rich.text import Text

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, Verbose, out, refusals, say, told

if TYPE_CHECKING:
    from hub.registry import Registry

_STYLES = {"healthy": "green", "enabled": "green", "found": "dim", "waiting": "yellow"}


def plugins(config: ConfigFile = DEFAULT_CONFIG, verbose: Verbose = False) -> None:
    """List plugins and connections: found, enabled, healthy, and why not. Exit code 1 when one is not well."""
    with refusals():
        from hub.cli import loading

        text = loading.read(config)
        registry = loading.load_registry(text, config.parent)
        rows = _of_running_hub(text, config.parent, registry)
        if rows is None:
            say("No hub is running on this configuration; this is what can be told without one.", "dim")
            rows = [
                _row("plugin", health.name, health.state, health.why, health.well)
                for health in registry.health
            ]
        _show(rows, registry)
        for row in rows:
            if row["why"]:
                known = registry.plugins.get(row["name"]) if row["what"] == "plugin" else None
                why = told(known.health, verbose=verbose) if known and known.health.why else row["why"]
                say(f"{row['name']}: {why}", "" if row["well"] else "red")
        if not all(row["well"] for row in rows):
            raise typer.Exit(1)


def _of_running_hub(text: str, folder: Path, registry: "Registry") -> list[dict[str, Any]] | None:
    from hub.config import ConfigError, parse
    from hub.store import HubNotRunning, ask

    try:
        settings = parse(text, registry.settings_types, folder=folder.resolve())
        found: list[dict[str, Any]] = ask(settings.data, "plugins", timeout=10)
    except (ConfigError, HubNotRunning, FileNotFoundError):  # its mistakes are for `hub check`
        return None
    return found


def _row(what: str, name: str, state: str, why: str, well: bool) -> dict[str, Any]:
    return {"what": what, "name": name, "state": state, "why": why, "well": well}


def _show(rows: list[dict[str, Any]], registry: "Registry") -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("", "name", "version", "state"):
        table.add_column(title, overflow="fold")
    for row in rows:
        plugin = registry.plugins.get(row["name"]) if row["what"] == "plugin" else None
        state = Text(row["state"], _STYLES.get(row["state"], "red"))
        table.add_row(row["what"], Text(row["name"]), plugin.version if plugin else "", state)
    out.print(table)
