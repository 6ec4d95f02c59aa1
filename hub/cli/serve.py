"""`hub serve`: the hub, until it is told to stop."""

import logging
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import msgspec
import typer

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, Refused, refusals

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.config import Config

log = logging.getLogger("hub")
HERE = ("localhost", "127.0.0.1", "::1")


def serve(
    config: ConfigFile = DEFAULT_CONFIG,
    host: Annotated[str | None, typer.Option(help=r"Listen here instead of \[hub] host.")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help=r"Listen here instead of \[hub] port; 0 picks a free one."),
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

            settings = reached(
                settings, serving.address_of(sockets), elsewhere=bool(host) or port is not None
            )
            hub = Hub(settings, registry)
            serving.run(lambda: _serve(hub, sockets, began))


def reached(settings: "Config", address: str, *, elsewhere: bool) -> "Config":
    """The configuration with the URL at which a hub that listens `elsewhere` than configured is reached.

    The address of this machine follows the port. Any other is a proxy's, about which only its owner knows.
    """
    url, (host, _, port) = urlsplit(settings.hub.public_url), address.rpartition(":")
    if not elsewhere or (url.port or 80) == int(port):
        return settings
    if url.hostname in HERE and url.scheme == "http" and host.strip("[]") in (*HERE, "0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        name = f"[{url.hostname}]" if ":" in str(url.hostname) else url.hostname
        hub = settings.hub.model_copy(update={"public_url": f"http://{name}:{port}"})
        return msgspec.structs.replace(settings, hub=hub)
    log.warning(
        "listening on %s, but [hub] public_url stays %s: operators can sign in at that address only, so something must lead from it to here",
        address,
        settings.hub.public_url,
    )
    return settings


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
