"""Canned replies at the door: files of them out and in, and what a tab says of one."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import Actor
from hub.actions import canned
from hub.conversations.canned import Draft
from hub.conversations.canned_files import LARGEST, Format
from hub.media.serving import disposition
from hub.web.answers import Json
from hub.web.asking import Asks, Router, body_of
from hub.web.hall import Hall
from hub.web.origins import header
from hub.wire import Refusal, hex_id
from hub.wire.console import CannedText

TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


def routes(route: Router, hall: Hall) -> list[Route]:
    """Files of canned replies, for the sitemap; `route` asks the policy first."""

    async def out(request: Request, asks: Asks) -> Response:
        return await file(hall, asks.actor, request)

    async def in_(request: Request, asks: Asks) -> Response:
        return await load(hall, asks.actor, request)

    return [
        route("GET", "/api/canned/own", out),
        route("POST", "/api/canned/own/import", in_),
        route("GET", "/api/canned/shared", out),
        route("POST", "/api/canned/shared/import", in_),
    ]


async def file(hall: Hall, actor: Actor, request: Request) -> Response:
    """All replies of the asker, or under `/shared` everybody's, as a download."""
    form = _form(request.query_params.get("format", "json"))
    text = await hall.store.read(canned.file, _owner(request, actor), form)
    headers = {
        "content-disposition": disposition(f"canned-replies.{form}", inline=False),
        "cache-control": "no-store",
    }
    return Response(text, 200, headers, TYPES[form])


async def load(hall: Hall, actor: Actor, request: Request) -> Response:
    """Keep all replies of a file, which says by its type what it is. Refusals: see `actions.canned.load`."""
    hall.origins.demand_own(request.scope)
    kind = (header(request.scope, b"content-type") or "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "text/csv"):
        raise Refusal("wrong_content_type", f"expected application/json or text/csv, got {kind[:100]!r}")
    data = await body_of(request, LARGEST, f"file: expected at most {LARGEST} bytes")
    form = _form(kind.partition("/")[2])
    loaded = await hall.store.write_background(canned.load, actor.id, _owner(request, actor), data, form)
    return Json(loaded)


async def keep(hall: Hall, author: bytes, owner: bytes | None, asked: CannedText) -> None:
    """Keep one reply, new or changed."""
    queue = hex_id(asked.queue) if asked.queue else None
    draft = Draft(shortcut=asked.shortcut, title=asked.title, text=asked.text, queue=queue)
    await hall.store.write(canned.save, author, owner, hex_id(asked.reply), draft)


def _form(text: str) -> Format:
    if text not in ("json", "csv"):
        raise Refusal("bad_request", f"format: expected json or csv, got {text[:40]!r}")
    return "json" if text == "json" else "csv"


def _owner(request: Request, actor: Actor) -> bytes | None:
    """Whose replies are meant: the asker's, or everybody's."""
    return None if request.url.path.startswith("/api/canned/shared") else actor.id
