"""A message as it was laid out, for a frame that can do nothing: no script, no form, no origin of its own; and one that failed, again.

The page of the console never holds a stranger's HTML; the frame asks for it here, by the operator's cookie. Pictures that came along are
addressed by links that end within the hour. Those elsewhere are loaded only when the operator asks: their browser then asks the sender's
server for them, without saying from where, and that server learns that, when and from which address the letter was read.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import Actor
from hub.actions import carried, deliver, guard
from hub.actions.carried import Body
from hub.media import html
from hub.store import Read
from hub.web import lists
from hub.web.answers import Json
from hub.web.asking import Asks, Router, demand_json
from hub.web.hall import Hall
from hub.wire import Refusal, hex_id
from hub.wire.console import Quoted

_MESSAGE = "/api/conversations/{conversation}/messages/{seq}"
BODY, QUOTED, AGAIN = f"{_MESSAGE}/body", f"{_MESSAGE}/quoted", f"{_MESSAGE}/again"


def routes(route: Router, hall: Hall) -> list[Route]:
    """Layouts and what is repeated, for the sitemap."""

    async def kept(request: Request, asks: Asks, path: str) -> Body:
        conversation = hex_id(request.path_params["conversation"])
        seq = lists.number(request.path_params["seq"], "seq")
        return await hall.store.read(_kept, asks.actor, f"GET {path}", conversation, seq or 0)

    async def body(request: Request, asks: Asks) -> Response:
        found = await kept(request, asks, BODY)
        pictures = request.query_params.get("pictures") == "1"
        links = {name: hall.files.link(file) for name, file in found.inside.items()}
        page = await asyncio.to_thread(html.page, found.html, links, pictures=pictures)
        headers = {"content-security-policy": html.policy(pictures=pictures), "cache-control": "no-store"}
        return Response(page, 200, headers, "text/html")

    async def quoted(request: Request, asks: Asks) -> Response:
        return Json(Quoted(text=(await kept(request, asks, QUOTED)).quoted))

    async def again(request: Request, asks: Asks) -> Response:
        demand_json(hall, request)
        conversation = hex_id(request.path_params["conversation"])
        seq = lists.number(request.path_params["seq"], "seq") or 0
        await hall.store.write(guard.act, asks.actor, f"POST {AGAIN}", deliver.once_more, conversation, seq)
        return Json({})

    return [route("GET", BODY, body), route("GET", QUOTED, quoted), route("POST", AGAIN, again)]


def _kept(read: Read, actor: Actor, permission: str, conversation: bytes, seq: int) -> Body:
    guard.may_see(read, actor, permission, conversation)
    found = carried.body(read, conversation, seq)
    if permission.endswith("/body") and not found.html:
        raise Refusal("not_found", f"message {seq} of this conversation is its words and no more")
    return found
