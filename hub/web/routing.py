"""Routing rules at the door: admins read, keep, try and restore them; a conversation's team asks why it came to them."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import Actor
from hub.actions import guard, people, rules
from hub.conversations import canned
from hub.conversations.rules import editions
from hub.conversations.rules.trying import Course
from hub.store import Read
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.wire import hex_id, id_hex
from hub.wire.routing import Choice, Explained, KeepRules, RestoreRules, RulesPage, Trial, TryRules

LARGEST = 256 * 1024
"""Bytes of all rules."""


def routes(route: Router, hall: Hall) -> list[Route]:
    """Routing rules, for the sitemap; `route` asks the policy first."""

    async def page(request: Request, asks: Asks) -> Response:
        return Json(await _page(hall))

    async def keep(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, KeepRules, LARGEST)
        await hall.store.write(rules.keep, asks.actor.id, asked.rules, asked.seen)
        return Json(await _page(hall))

    async def restore(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, RestoreRules)
        await hall.store.write(rules.restore, asks.actor.id, asked.edition, asked.seen)
        return Json(await _page(hall))

    async def attempt(request: Request, asks: Asks) -> Response:
        return Json(await _try(hall, await json_of(hall, request, TryRules, LARGEST)))

    async def why(request: Request, asks: Asks) -> Response:
        conversation = hex_id(request.path_params["conversation"])
        return Json(await hall.store.read(_why, asks.actor, conversation))

    return [
        route("GET", "/api/routing", page),
        route("POST", "/api/routing", keep),
        route("POST", "/api/routing/restore", restore),
        route("POST", "/api/routing/try", attempt),
        route("GET", "/api/conversations/{conversation}/routing", why),
    ]


async def _page(hall: Hall) -> RulesPage:
    found: RulesPage = await hall.store.read(_shown)
    sites = [Choice(value=key, label=site.name or key) for key, site in hall.sites.now.items()]
    connections = [Choice(value=one.name, label=one.name) for one in hall.sites.config.connections]
    return msgspec.structs.replace(found, sites=sites, connections=connections)


def _shown(read: Read) -> RulesPage:
    newest = editions.newest(read)
    return RulesPage(
        edition=newest.n,
        rules=newest.rules,
        queues=[Choice(value=id_hex(queue), label=name) for queue, name in people.queues(read)],
        replies=[
            Choice(value=one.id, label=f"/{one.shortcut}")
            for one in canned.of(read, None)
            if canned.by_itself(one.text)
        ],
        history=editions.history(read),
    )


async def _try(hall: Hall, asked: TryRules) -> Trial:
    if wrong := await hall.store.read(rules.problems, asked.rules):
        return Trial(looked_at=0, problems=wrong)
    course = Course(asked.rules, asked.last)
    while await hall.store.read(course.step):
        pass
    return course.result()


def _why(read: Read, actor: Actor, conversation: bytes) -> Explained:
    guard.may_see(read, actor, "GET /api/conversations/{conversation}/routing", conversation)
    return editions.explained(read, conversation)
