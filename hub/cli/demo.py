"""`hub demo`: a hub, a shop on another origin, and visitors, in one program and within seconds."""

import asyncio
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import argon2
import typer
from rich.panel import Panel
from rich.table import Table

from hub.cli.speaking import Refused, out, refusals, say

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.demo.folder import Folder

LOGIN = "demo"


def demo(
    visitors: Annotated[
        int, typer.Option(min=0, max=500, help="Simulated visitors on the site at a time; 0 for none.")
    ] = 5,
    port: Annotated[
        int,
        typer.Option(
            min=1, max=65000, help="The hub's port; the shop takes the next. The next free ones, if taken."
        ),
    ] = 8000,
    data: Annotated[Path, typer.Option(metavar="DIR", help="Where the demo keeps its data.")] = Path(".demo"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what happened in earlier runs.")] = False,
    seed: Annotated[int, typer.Option(help="Draws what the simulated visitors decide.")] = 1,
) -> None:
    """Run a hub, a demo shop and simulated visitors on this machine, to try everything."""
    with refusals():
        from hub.cli import logs, serving
        from hub.cli.listening import closing, listen_near

        hub_sockets = listen_near("localhost", port)
        with closing(hub_sockets):
            shop_sockets = listen_near("127.0.0.1", _port(hub_sockets) + 1)
            with closing(shop_sockets):
                if (_port(hub_sockets), _port(shop_sockets)) != (port, port + 1):
                    taken = f"Ports {port} and {port + 1} are not both free"
                    say(f"{taken}; the demo uses {_port(hub_sockets)} and {_port(shop_sockets)}.", "yellow")
                logs.begin("warning", json=False)
                folder = _folder(data, fresh=fresh)
                serving.run(lambda: _run(folder, hub_sockets, shop_sockets, visitors, seed))


def _port(sockets: list[socket.socket]) -> int:
    port: int = sockets[0].getsockname()[1]
    return port


def _folder(data: Path, *, fresh: bool) -> "Folder":
    from hub.demo.folder import Folder, NotOurs

    try:
        return Folder(data, fresh=fresh)
    except NotOurs as error:
        raise Refused(str(error)) from None
    except OSError as error:
        raise Refused(
            f"{data}: expected a folder to keep the demo in, got: {error.strerror}; choose one with --data"
        ) from None


async def _run(
    folder: "Folder",
    hub_sockets: list[socket.socket],
    shop_sockets: list[socket.socket],
    count: int,
    seed: int,
) -> None:
    from hub.app import Hub
    from hub.cli import loading, serving
    from hub.cli.serve import started
    from hub.demo import accounts, earlier, shop, twice
    from hub.demo.visitors import Crowd, Town

    hub_url = f"http://localhost:{_port(hub_sockets)}"
    shop_url = f"http://127.0.0.1:{_port(shop_sockets)}"
    hub = Hub(*loading.load(folder.configure(hub_url, shop_url)))
    async with started(hub):
        await _let_in(hub, folder.password)
        await _dress(hub)
        await hub.store.write(earlier.end_chats)
        await hub.store.write(twice.remember)
        servers = [
            serving.Server(hub, hub_sockets, leaving=hub.hall.close),
            serving.Server(shop.application(hub_url, folder.key), shop_sockets),
        ]
        town = Town(
            hub=f"ws://127.0.0.1:{_port(hub_sockets)}/visitor",
            shop=shop_url,
            sign=lambda account: accounts.sign(account, folder.key),
            seed=seed,
        )
        crowd = Crowd(town, count, folder.visitors(), folder.keep_visitors)
        _tell(hub_url, shop_url, folder, count)
        async with asyncio.TaskGroup() as group:
            browsing = group.create_task(crowd.run())
            await serving.serve_all(servers)
            browsing.cancel()
    say(
        "Stopped. The demo's data is kept; `hub demo` goes on with it, `hub demo --fresh` begins anew.", "dim"
    )


async def _let_in(hub: "Hub", password: str) -> None:
    """See to it that the operator is there and that the printed password is theirs, whatever was deleted in between."""
    from hub.actions import people
    from hub.cli import asking
    from hub.cli.operators import new_operator
    from hub.web.sign_in import password_hasher

    found = await hub.store.read(people.by_login, LOGIN)
    if found is None:
        given = await asyncio.to_thread(
            new_operator, hub.config, login=LOGIN, name="Robin", admin=True, password=password
        )
        await hub.store.write(people.add, **given)
        return
    try:
        await asyncio.to_thread(password_hasher().verify, found[1], password)
    except argon2.exceptions.VerifyMismatchError:
        await hub.store.write(people.set_password, LOGIN, await asyncio.to_thread(asking.hashed, password))


async def _dress(hub: "Hub") -> None:
    """Give the shop its look, once."""
    from hub.actions import people, settings
    from hub.demo.folder import LOOK

    found = await hub.store.read(people.by_login, LOGIN)
    assert found is not None
    if not await hub.store.read(settings.kept, "demo-shop"):
        await hub.store.write(settings.keep, found[0].id, hub.hall.sites.config, "demo-shop", LOOK)


def _tell(hub_url: str, shop_url: str, folder: "Folder", count: int) -> None:
    table = Table.grid(padding=(0, 3))
    table.add_column(style="bold")
    table.add_row("Console", f"[link={hub_url}/]{hub_url}/[/link]")
    table.add_row("", f"sign in as [bold]{LOGIN}[/bold], password [bold]{folder.password}[/bold]")
    table.add_row("Shop", f"[link={shop_url}/]{shop_url}/[/link]")
    table.add_row("", "")
    table.add_row("Try", "1  sign in to the console: the visitors are there")
    table.add_row("", "2  browse the shop, and watch yourself arrive")
    table.add_row("", "3  say something there, and answer in the console")
    if count:
        table.add_row("", f"[dim]{count} simulated visitors browse along; one asks soon[/dim]")
    out.print()
    out.print(Panel.fit(table, title="Touchpoint Hub · demo", padding=(1, 3), border_style="blue"))
    say(f"Ctrl-C stops it. Data: {folder.path}", "dim")
