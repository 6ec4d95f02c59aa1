"""`hub serve`: the hub, until it is told to stop."""

import logging
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, Refused, refusals

if TYPE_CHECKING:
    from hub.app import Hub

log = logging.getLogger("hub")


def serve(
    config: ConfigFile = DEFAULT_CONFIG,
    host: Annotated[str | None, typer.Option(help="Listen here instead of [hub] host.")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Listen here instead of [hub] port; 0 picks a free one."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse to start while a plugin or connection is not well.")
    ] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log one JSON object a line.")] = False,
) -> None:
    """Run the hub. SIGTERM or Ctrl-C stops it: sockets are told to come back, requests under way get ten seconds."""
    with refusals():
        from hub.cli import loading, logs, serving
        from hub.cli.listening import closing, listen

        began = time.monotonic()
        settings, registry = loading.load(config, strict=strict)
        logs.begin(settings.hub.log_level, json=log_json)
        sockets = listen(host or settings.hub.host, settings.hub.port if port is None else port)
        with closing(sockets):
            from hub.app import Hub

            hub = Hub(settings, registry)
            serving.run(lambda: _serve(hub, sockets, began))


async def _serve(hub: "Hub", sockets: list[socket.socket], began: float) -> None:
    from hub.actions import people
    from hub.cli import serving

    async with started(hub):
        server = serving.Server(hub, sockets, leaving=hub.hall.close)
        if not any(operator.active for operator in await hub.store.read(people.every)):
            log.warning("nobody can sign in yet: add an operator with `hub operator add`")
        for health in [*hub.registry.health, *hub.runners.health]:
            if not health.well:
                log.warning("%s %s is not well: %s", health.what, health.name, health.why)
        serving.settle_memory()
        seconds = time.monotonic() - began
        log.info(
            "serving %s on %s after %.1f s", hub.config.hub.public_url, serving.address_of(sockets), seconds
        )
        await serving.serve_all([server])
        log.info("stopping")
    log.info("stopped")


@asynccontextmanager
async def started(hub: "Hub") -> AsyncIterator[None]:
    """The hub with its command socket, between start and stop. Raises StoreRefused, Refused."""
    from hub.cli import verbs
    from hub.store import CommandSocket

    try:
        await hub.start()
    except OSError as error:
        raise Refused(
            f"{error.filename or hub.config.data}: expected a data folder this user can write to, got: {error.strerror}; "
            "see [hub] data in hub.toml"
        ) from error
    try:
        commands = await CommandSocket.serve(hub.config.data, verbs.of_hub(hub))
        try:
            yield
        finally:
            await commands.close()
    finally:
        await hub.stop()
