"""Connections at the door, for admins: how each works, what waits in it, its last error; and another try.

Everybody follows the `health` topic; what came in and went out, and tracebacks, are for those who can mend it.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import outbox
from hub.config import Connection
from hub.runners.connection import ConnectionHealth
from hub.store import Read
from hub.web.answers import Json
from hub.web.asking import Asks, Router, demand_json
from hub.web.hall import Hall
from hub.wire import Refusal, millis
from hub.wire.settings import ConnectionFacts, ConnectionsPage

SQL_WAITING = (
    "SELECT count(*), min(created_at) FROM outbox WHERE connection = :connection AND state = 'waiting'"
)
SQL_ASIDE = "SELECT count(*) FROM outbox WHERE connection = :connection AND state = 'quarantined'"


def routes(route: Router, hall: Hall) -> list[Route]:
    """Connections, for the sitemap; `route` asks the policy first."""

    async def page(request: Request, asks: Asks) -> Response:
        return Json(await hall.store.read(_page, hall))

    async def again(request: Request, asks: Asks) -> Response:
        demand_json(hall, request)
        name = request.path_params["connection"]
        endpoint = hall.features.webhooks.get(name)
        if endpoint is not None:
            await endpoint.again()
        elif hall.features.reconnect(name):
            await hall.store.write(outbox.hasten, name)
        elif any(it.now.name == name and it.starts for it in hall.features.connections):
            raise Refusal("unavailable", f"too many threads of {name} are stuck: start the hub anew")
        else:
            raise Refusal("not_found", f"no connection {name[:40]!r} is running")
        return Json(await hall.store.read(_page, hall))

    return [
        route("GET", "/api/connections", page),
        route("POST", "/api/connections/{connection}/again", again),
    ]


def _page(read: Read, hall: Hall) -> ConnectionsPage:
    known = {one.now.name: one for one in hall.features.connections}
    found = [_facts(read, hall, it, known[it.name]) for it in hall.config.connections if it.name in known]
    found += [_told(read, hall, name, way.health) for name, way in hall.features.webhooks.items()]
    return ConnectionsPage(connections=found, file=hall.config.file)


def _told(read: Read, hall: Hall, name: str, health: ConnectionHealth) -> ConnectionFacts:
    """An endpoint of the owner's, which only receives."""
    facts = _facts(read, hall, Connection(name=name, kind="webhook"), health)
    line = hall.config.lines.get(f"webhooks.{health.now.name}")
    return msgspec.structs.replace(facts, runs=True, line=line)


def _facts(read: Read, hall: Hall, configured: Connection, health: ConnectionHealth) -> ConnectionFacts:
    now, error = health.now, health.last_error
    last_in, last_out = health.last_in, health.last_out
    if configured.kind == "text":
        last_in, last_out = hall.chat_in, hall.chat_out
    waiting, oldest = read.one(SQL_WAITING, {"connection": configured.name}) or (0, None)
    aside = read.one(SQL_ASIDE, {"connection": configured.name}) or (0,)
    return ConnectionFacts(
        aside=aside[0],
        name=configured.name,
        kind=configured.kind,
        plugin=now.plugin,
        version=hall.features.version_of(now.plugin),
        state=now.state,
        since=millis(now.since),
        why=now.why,
        last_in=millis(last_in) if last_in else None,
        last_out=millis(last_out) if last_out else None,
        waiting=waiting,
        oldest=millis(oldest) if oldest else None,
        runs=health.starts > 0,
        restarts=max(0, health.starts - 1),
        line=hall.config.lines.get(f"channels.{configured.name}"),
        error=error.why if error else "",
        error_at=millis(error.since) if error else None,
        traceback=error.traceback if error else "",
    )
