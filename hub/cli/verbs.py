"""What the command line asks of a hub: verbs, carried out by the running hub, or here when none runs.

Exactly one program writes the database. So `ask_hub` goes to the command socket first; only when nobody answers does it take the lock,
open the file, and run the very same verb. A verb's refusal travels as `{"refused": sentence}`: it is no bug of the hub's.
"""

import asyncio
import functools
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub.cli import ruling
from hub.cli.speaking import Refused

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.media import MediaFolder
    from hub.store import Store, Tx

NOBODY = bytes(16)
"""Who makes a link from the command line: no operator, so nobody's rights end it."""

COMMAND_LINE = "the command line"
"""Who erases from there: nobody signed in."""

Verb = Callable[..., Awaitable[Any]]


def of_store(store: "Store", data: Path) -> Mapping[str, Verb]:
    """The verbs that need the data folder only."""
    from hub.actions import people, settings
    from hub.config import parse

    async def operator_add(**given: Any) -> dict[str, str]:
        return {"id": (await store.write(people.add, **given)).hex()}

    async def operator_invite(note: str, role: str, queues: list[str], capacity: int | None) -> str:
        token = secrets.token_urlsafe(16)
        await store.write(_invite, token, note, role, queues, capacity)
        return token

    async def operator_password(login: str, password_hash: str) -> None:
        await store.write(people.set_password, login, password_hash)

    async def operator_active(login: str, on: bool, force: bool = False) -> None:
        await store.write(_activate, login, on, force)

    async def operator_list() -> list[dict[str, Any]]:
        found = await store.read(people.every)
        return [
            {"login": o.login, "name": o.name, "role": o.role, "limit": o.capacity, "active": o.active}
            for o in found
        ]

    async def site_named(author: str, site: str, name: str) -> None:
        """For a new hub, whose file leaves the name out."""
        fresh = parse(f"[sites.{site}]", {})
        await store.write(settings.keep, bytes.fromhex(author), fresh, site, {"name": name})

    async def site_kept() -> dict[str, list[str]]:
        return await store.read(settings.kept_names)

    async def customer_found(who: str) -> dict[str, Any]:
        from hub import persons
        from hub.actions import erase

        plan = await store.read(erase.plan, await store.read(persons.find, who))
        return {
            "customer": plan.customer.hex(),
            "name": plan.name,
            "touches": len(plan.touches),
            "conversations": len(plan.conversations),
        }

    async def customer_export(who: str, out: str) -> dict[str, Any]:
        from hub import persons

        found = await persons.export(store, await store.read(persons.find, who), Path(out), _files(data).path)
        return _told(found)

    async def customer_erase(customer: str) -> dict[str, Any]:
        from hub import persons

        async def drop(ids: list[bytes]) -> None:
            await asyncio.to_thread(_files(data).delete, ids)

        return _told(await persons.erase(store, bytes.fromhex(customer), COMMAND_LINE, drop=drop))

    verbs = (
        *_identity_verbs(store),
        customer_found,
        customer_export,
        customer_erase,
        operator_add,
        operator_invite,
        operator_password,
        operator_active,
        operator_list,
        site_named,
        site_kept,
    )
    return {verb.__name__: _refusing(verb) for verb in verbs}


def _identity_verbs(store: "Store") -> tuple[Verb, ...]:
    async def identity_rebuild() -> int:
        from hub import identity
        from hub.actions import rebuild

        place: identity.Place | None = identity.Place()
        moved = 0
        while place is not None:
            done = await store.write_background(rebuild.renew, place)
            place, moved = done.next, moved + done.moved
        return moved

    async def identity_verify() -> dict[str, int]:
        from hub import identity

        return await store.read(identity.verify)

    return identity_rebuild, identity_verify, *ruling.verbs_of(store)


def of_hub(hub: "Hub") -> Mapping[str, Verb]:
    """All verbs of a running hub."""
    started = time.time()

    async def status() -> dict[str, Any]:
        return {"pid": os.getpid(), "started": started, "url": hub.config.hub.public_url}

    async def plugins() -> list[dict[str, Any]]:
        return [
            {"what": h.what, "name": h.name, "state": h.state, "why": h.why, "well": h.well}
            for h in [*hub.registry.health, *hub.runners.health]
        ]

    async def figures(objects: bool = False) -> dict[str, int]:
        from hub.cli.figures import figures_of

        return await figures_of(hub, objects=objects)

    async def customer_erase(customer: str) -> dict[str, Any]:
        from hub.web import persons

        return _told(await persons.erase(hub.hall, bytes.fromhex(customer), COMMAND_LINE))

    verbs = (status, plugins, figures, _refusing(customer_erase))
    return {**of_store(hub.store, hub.config.data), **{verb.__name__: verb for verb in verbs}}


def ask_hub(data: Path, verb: str, *, patience: float = 60.0, **args: Any) -> Any:
    """Have `verb` done within `patience` seconds, by the hub that runs on `data` or else here. Raises Refused, StoreError."""
    from hub.store import HubNotRunning, ask

    try:
        result = ask(data, verb, timeout=patience, **args)
    except HubNotRunning:
        result = asyncio.run(_here(data, verb, args))
    except FileNotFoundError:
        raise Refused(
            f"{data}: expected the hub's data folder, found none; `hub init` or `hub serve` makes it"
        ) from None
    if isinstance(result, dict) and "refused" in result:
        raise Refused(result["refused"])
    return result


async def _here(data: Path, verb: str, args: Mapping[str, Any]) -> Any:
    from hub.clock import wall
    from hub.store import Store

    store = await Store.open(data / "hub.db", clock=wall, publish=lambda topic, event: None)
    try:
        return await of_store(store, data)[verb](**args)
    finally:
        await store.close()


def _files(data: Path) -> "MediaFolder":
    from hub.media import MediaFolder

    return MediaFolder(data / "media")


def _told(done: Any) -> dict[str, Any]:
    return {name: found.hex() if isinstance(found, bytes) else found for name, found in
            ((name, getattr(done, name)) for name in done.__struct_fields__)}  # fmt: skip


def _invite(tx: "Tx", token: str, note: str, role: str, queues: list[str], capacity: int | None) -> None:
    from hub.actions import links, people

    serves = [people.queue_named(tx, name) for name in queues]
    asked = links.Invitation(
        role="admin" if role == "admin" else "operator", queues=serves, note=note, capacity=capacity
    )
    links.invite(tx, NOBODY, token, asked)


def _activate(tx: "Tx", login: str, on: bool, force: bool) -> None:
    from hub.actions import people
    from hub.wire import Refusal

    found = people.by_login(tx, login)
    if found is None:
        raise Refusal("not_found", f"no operator {login!r}; `hub operator list` names them")
    try:
        people.activate(tx, found[0].id, on=on, force=force)
    except Refusal as error:
        if error.code != "no_change":
            raise
        raise Refusal(
            "no_change",
            f"{login} is the only admin who can sign in; add another with `hub operator add --admin` first, or say --force",
        ) from None


def _refusing(verb: Verb) -> Verb:
    @functools.wraps(verb)
    async def carried_out(**args: Any) -> Any:
        from hub.wire import Refusal

        try:
            return await verb(**args)
        except Refusal as error:
            return {"refused": str(error)}

    return carried_out
