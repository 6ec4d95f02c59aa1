"""`hub check`: reads hub.toml as the hub would and names every mistake at once."""

import asyncio
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, Verbose, complain, refusals, say, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.config import Config
    from hub.config.parse import Connection
    from hub.contract import Channel

KNOCK = 60.0
"""Seconds that another side has for letting us in."""
Connect = Annotated[
    bool,
    typer.Option(
        "--connect", help="Try also whether the other sides let the hub in: mail servers, for instance."
    ),
]


def check(config: ConfigFile = DEFAULT_CONFIG, connect: Connect = False, verbose: Verbose = False) -> None:
    """Check hub.toml: every mistake at once, each with its place and a hint. Exit code 1 when there is one."""
    with refusals():
        from hub.cli import loading
        from hub.config import parse

        text = loading.read(config)
        registry = loading.load_registry(text, config.parent)
        unwell = [plugin for plugin in registry.plugins.values() if not plugin.health.well]
        for plugin in unwell:
            complain(f"plugin {plugin.name} ({plugin.source}): {told(plugin.health, verbose=verbose)}")
        settings = parse(
            text,
            registry.settings_types,
            folder=config.parent.resolve(),
            strict=True,
            file=config.name,
            mailers=registry.mailers,
        )
        if unwell:
            raise typer.Exit(1)
        for note in [*_notes(settings), *_overruled(settings)]:
            say(f"note: {note}", "yellow")
        connections = ", ".join(connection.name for connection in settings.connections) or "none"
        doors = [it for it in settings.connections if it.enabled] if connect else []
        if False in [_let_in(it, registry.channels[it.kind]) for it in doors]:  # all of them are tried
            raise typer.Exit(1)
        say(f"{config} is good. Sites: {', '.join(settings.sites) or 'none'}. Connections: {connections}.")


def _let_in(connection: "Connection", channel: "type[Channel]") -> bool:
    """Knock at the other side of one connection, and say what came of it."""
    from hub.contract import HubError

    async def knock() -> str:
        async with asyncio.timeout(KNOCK):
            return await channel().knock(connection.settings)

    try:
        found = asyncio.run(knock())
    except HubError as error:
        complain(f"channels.{connection.name}: {error.why}")
    except TimeoutError:
        complain(f"channels.{connection.name}: no answer within {KNOCK:.0f} seconds")
    except Exception as error:  # of a plugin
        complain(f"channels.{connection.name}: its plugin broke on it ({type(error).__name__})")
    else:
        if found:
            say(f"channels.{connection.name}: {found}")
        return True
    return False


def _overruled(config: "Config") -> "Iterator[str]":
    """What was set in the console and counts no longer, because the file says something too."""
    from hub.cli import verbs
    from hub.config import of_file

    if not (config.data / "hub.db").exists():
        return
    for site, names in verbs.ask_hub(config.data, "site_kept").items():
        for name in names:
            path = f"sites.{site}.{name}"
            if site in config.sites and name in of_file(config.sites[site]):
                where = f"{config.file}, line {config.lines.get(path, '?')},"
                yield f"{path} was set in the console, and {where} overrules that; take the line out to let the console decide"


def _notes(settings: "Config") -> "Iterator[str]":
    """What is allowed and yet hardly meant."""
    if not settings.sites:
        yield "there is no [sites.KEY] table, so no page can carry the widget"
    for key, site in settings.sites.items():
        if not site.origins:
            yield f"sites.{key}.origins is empty, so no page can carry the widget of this site"
    parts = urlsplit(settings.hub.public_url)
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield f"hub.public_url is {settings.hub.public_url}: operators cannot sign in over plain http except on this machine"
