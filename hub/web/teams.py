"""Operators and teams as admins change them from a tab, and links that work once.

What is said once (a link's token, a password) goes by plain requests and never by the socket, whose commands are kept and said again
after a broken line.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import Actor
from hub.actions import links, people, sessions, teams
from hub.web import limits
from hub.web.answers import Json
from hub.web.asking import Asks, Router, demand_json, json_of
from hub.web.hall import Hall
from hub.web.sign_in import LONGEST_PASSWORD, SHORTEST_PASSWORD, SignIn, cookie
from hub.wire import Refusal, hex_id, millis
from hub.wire import console as wire
from hub.wire.common import Id, Short

Command = Callable[[Hall, Actor, Any], Awaitable[wire.Done | None]]
Enter = Callable[[people.Operator], Awaitable[object]]
"""What the console of an operator who has just signed in begins with."""
TOKEN_BYTES = 16


# --- commands


async def change(hall: Hall, actor: Actor, asked: wire.ChangeOperator) -> wire.Done:
    queues = [hex_id(queue) for queue in asked.queues]
    await hall.store.write(teams.change, hex_id(asked.operator), asked.role, asked.limit, queues)
    return wire.Done(id=asked.id)


async def activate(hall: Hall, actor: Actor, asked: wire.SetActive) -> wire.Done:
    await hall.store.write(people.activate, hex_id(asked.operator), on=asked.on)
    return wire.Done(id=asked.id)


async def drop_link(hall: Hall, actor: Actor, asked: wire.DropLink) -> wire.Done:
    await hall.store.write(links.drop, hex_id(asked.link))
    return wire.Done(id=asked.id)


async def save_queue(hall: Hall, actor: Actor, asked: wire.SaveQueue) -> wire.Done:
    members = [hex_id(member) for member in asked.members]
    await hall.store.write(teams.save, hex_id(asked.queue), asked.name, members)
    return wire.Done(id=asked.id)


async def archive_queue(hall: Hall, actor: Actor, asked: wire.ArchiveQueue) -> wire.Done:
    to = hex_id(asked.to) if asked.to else None
    await hall.store.write(teams.archive, actor.id, hex_id(asked.queue), to)
    return wire.Done(id=asked.id)


async def restore_queue(hall: Hall, actor: Actor, asked: wire.RestoreQueue) -> wire.Done:
    await hall.store.write(teams.restore, hex_id(asked.queue))
    return wire.Done(id=asked.id)


async def rest_after(hall: Hall, actor: Actor, asked: wire.SetIdle) -> wire.Done:
    await hall.store.write(people.rest_after, actor.id, asked.minutes)
    return wire.Done(id=asked.id)


COMMANDS: dict[type, Command] = {
    wire.ChangeOperator: change,
    wire.SetActive: activate,
    wire.DropLink: drop_link,
    wire.SaveQueue: save_queue,
    wire.ArchiveQueue: archive_queue,
    wire.RestoreQueue: restore_queue,
    wire.SetIdle: rest_after,
}


# --- requests


class _Invited(msgspec.Struct, forbid_unknown_fields=True):
    role: wire.Role
    queues: Annotated[list[Id], Meta(max_length=200)] = []
    limit: wire.Limit | None = None
    note: Short = ""


class _Token(msgspec.Struct, forbid_unknown_fields=True):
    token: Annotated[str, Meta(min_length=1, max_length=64)]


Password = Annotated[str, Meta(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)]


class _Used(_Token):
    password: Password
    login: Annotated[str, Meta(pattern=r"^[^\s\x00-\x1f\x7f]{1,80}$")] = ""
    name: Annotated[str, Meta(max_length=80)] = ""


class _Passwords(msgspec.Struct, forbid_unknown_fields=True):
    old: Annotated[str, Meta(max_length=LONGEST_PASSWORD)]
    new: Password


class _Ended(msgspec.Struct, forbid_unknown_fields=True):
    session: Id | None = None
    """None: every other one."""


def routes(route: Router, hall: Hall, sign_in: SignIn, enter: Enter) -> list[Route]:
    """Links, passwords and sessions, for the sitemap."""

    async def invite(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, _Invited)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        draft = links.Invitation(
            role=asked.role, queues=[hex_id(queue) for queue in asked.queues], note=asked.note.strip(), capacity=asked.limit
        )  # fmt: skip
        return _made(token, await hall.store.write(links.invite, asks.actor.id, token, draft))

    async def renew(request: Request, asks: Asks) -> Response:
        demand_json(hall, request)
        who = await hall.store.read(people.one, hex_id(request.path_params["operator"]))
        if not who.active:
            raise Refusal("no_change", f"{who.name} cannot sign in; let them in again first")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        return _made(token, await hall.store.write(links.renew_password, asks.actor.id, token, who.id))

    async def look(request: Request, asks: Asks) -> Response:
        hall.limits.take("links", hall.addresses.of(request.scope), limits.LINKS)
        found = await hall.store.read(links.look, (await json_of(hall, request, _Token)).token)
        return Json(wire.OpenedLink(login=found.login, note=found.note))

    async def use(request: Request, asks: Asks) -> Response:
        hall.limits.take("links", hall.addresses.of(request.scope), limits.LINKS)
        asked = await json_of(hall, request, _Used)
        sign_in.demand_safe()
        opened = await hall.store.read(links.look, asked.token)
        if not opened.login:
            _demand_named(asked)
        # Dear on purpose, and only after the look: whoever has no link makes us hash nothing.
        secret = await sign_in.hashed(asked.password)
        who = await hall.store.write(sessions.by_link, asked.token, asked.login, asked.name.strip(), secret)
        operator, session = await sign_in.begin(who, _agent(request))
        return Json(await enter(operator), headers={"set-cookie": cookie(session)})

    async def password(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, _Passwords)
        assert asks.operator is not None
        hall.limits.take("sign-in", f"login {asks.operator.login}", limits.SIGN_INS)
        await sign_in.demand_password(asks.operator.login, asked.old)
        secret = await sign_in.hashed(asked.new)
        await hall.store.write(sessions.change_password, asks.actor.id, secret, keep=asks.secret)
        return Json({})

    async def mine(request: Request, asks: Asks) -> Response:
        return Json(await hall.store.read(sessions.of, asks.actor.id, asks.secret))

    async def theirs(request: Request, asks: Asks) -> Response:
        who = await hall.store.read(people.one, hex_id(request.path_params["operator"]))
        return Json(await hall.store.read(sessions.of, who.id, asks.secret))

    async def end_mine(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, _Ended)
        session = hex_id(asked.session) if asked.session else None
        await hall.store.write(sessions.end, asks.actor.id, session, keep=asks.secret)
        return Json({})

    async def end_theirs(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, _Ended)
        session = hex_id(asked.session) if asked.session else None
        await hall.store.write(
            sessions.end, hex_id(request.path_params["operator"]), session, keep=asks.secret
        )
        return Json({})

    return [
        route("POST", "/api/operators/invite", invite),
        route("POST", "/api/operators/{operator}/link", renew),
        route("GET", "/api/operators/{operator}/sessions", theirs),
        route("POST", "/api/operators/{operator}/sessions/end", end_theirs),
        route("POST", "/api/links/look", look),
        route("POST", "/api/links/use", use),
        route("POST", "/api/password", password),
        route("GET", "/api/sessions", mine),
        route("POST", "/api/sessions/end", end_mine),
    ]


def _made(token: str, ends_at: int) -> Response:
    return Json(wire.MadeLink(token=token, ends=millis(ends_at)))


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")


def _demand_named(asked: _Used) -> None:
    wrong = {
        field: "expected 1 to 80 characters"
        for field, value in (("login", asked.login), ("name", asked.name.strip()))
        if not value or not value.isprintable()
    }
    if wrong:
        raise Refusal(
            "bad_request", "; ".join(f"{field}: {said}" for field, said in wrong.items()), fields=wrong
        )
