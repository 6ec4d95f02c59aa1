"""The front door: the outermost ASGI application.

WebSockets go straight to their sessions, past the framework: a socket lives for hours and its frames are the hot path. So do events of
the tracking API, which come in floods. Everything else goes through the routes, and every answer gets the common headers. Decisions are made on the path of the scope, never on an
address rebuilt from headers that a client can write.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from hub.actions import people
from hub.web import limits
from hub.web.answers import common_headers, refused
from hub.web.console import ConsoleSession
from hub.web.routes import Site
from hub.web.sockets import SIGNED_OUT, Receive, Scope, Send, Session, Socket, serve
from hub.web.tracking import Tracking, serves
from hub.web.visitor import VisitorSession
from hub.wire import Refusal

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Front:
    """ASGI application for one hub. The composition root runs the lifespan around it."""

    def __init__(self, site: Site, tracking: Tracking) -> None:
        self._site = site
        self._tracking = tracking
        self._hall = site.hall
        self._routes = site.application()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope)(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            raise RuntimeError(f"the front door serves http and websocket, not {scope['type']!r}")

    def _http(self, scope: Scope) -> Application:
        if serves(scope["path"]):
            return self._tracking  # servers of the owner's may post a great deal; it has limits of its own
        seconds = self._hall.limits.wait("http", self._hall.addresses.of(scope), limits.HTTP)
        # Before anything is done for it: a flood costs us no more than being read.
        return refused(limits.too_many(seconds)) if seconds else self._routes

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._hall.room.demand()
            if scope["path"] == "/visitor":
                await self._visitor(scope, receive, send)
            elif scope["path"] == "/console":
                await self._console(scope, receive, send)
            else:
                raise Refusal("not_found", "there is no socket at this address")
        except Refusal as error:
            await _turn_away(scope, send, error)

    async def _visitor(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = self._hall.origins.demand_some_site(scope)
        address = self._hall.addresses.of(scope)
        self._hall.limits.take("sockets", address, limits.SOCKETS)

        def begin(socket: Socket) -> Session:
            return VisitorSession(self._hall, socket, origin=origin, address=address)

        await serve(scope, receive, send, begin, self._hall.limits.hold(address))

    async def _console(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._hall.origins.demand_own(scope)
        address = self._hall.addresses.of(scope)
        self._hall.limits.take("sockets", address, limits.SOCKETS)
        found = await self._site.sign_in.signed_in(scope)

        def begin(socket: Socket) -> Session | None:
            if found is None:
                socket.close(SIGNED_OUT)
                return None
            operator, secret = found
            return ConsoleSession(self._hall, socket, operator=operator, session=people.session_hash(secret))

        await serve(scope, receive, send, begin, self._hall.limits.hold(address))


async def _turn_away(scope: Scope, send: Send, error: Refusal) -> None:
    """Answer a handshake with 429 for who comes too often, 503 when there is no room, else with 403: a close before `accept`."""
    status = {"rate_limited": 429, "unavailable": 503}.get(error.code)
    if status and "websocket.http.response" in scope.get("extensions", {}):
        later = str(max(1, round(error.retry_after or 1))).encode()
        headers = [(b"retry-after", later), (b"content-length", b"0")]
        await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b""})
    else:
        await send({"type": "websocket.close", "code": 1008})


def _with_headers(send: Send) -> Send:
    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": common_headers(list(message.get("headers", [])))}
        await send(message)

    return sending
