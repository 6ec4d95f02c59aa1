"""The sitemap: every HTTP route in one list, and what stands behind each.

A route's name is its row in `access.ACCESS`; the wrapper asks the policy before the handler runs, so a route without a row answers
nobody. Unsafe routes take JSON from our own origin only.
"""

from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from hub import access, media
from hub.access import NOBODY
from hub.actions import choose, people, presence
from hub.store import Read, StoreError
from hub.web import (
    canned,
    cases,
    choosing,
    connections,
    desk,
    evidence,
    faces,
    installing,
    letters,
    limits,
    pages,
    panels,
    persons,
    reading,
    routing,
    ruling,
    settings,
    sheet,
    suggesting,
    teams,
    undelivered,
    ways,
    webpush,
)
from hub.web.answers import Json, Raw, refused
from hub.web.asking import Asks, Handler, as_refusal, body_of, cors, demand_json, json_of
from hub.web.console import ConsoleSession
from hub.web.hall import Hall
from hub.web.operators import actor_of, me_of
from hub.web.origins import header
from hub.web.pages import Pages
from hub.web.poll import Polls, PollSocket
from hub.web.repeats import Repeats
from hub.web.sign_in import SignIn, cookie
from hub.web.visitor import VisitorSession
from hub.webpush import Sender
from hub.wire import BadFrame, Refusal


class Site:
    """Handlers of all routes. `routes` is the list to read."""

    def __init__(self, hall: Hall, sign_in: SignIn, files: Pages, sender: Sender) -> None:
        self.hall, self.sign_in, self.files, self.sender = hall, sign_in, files, sender
        self.visitor_polls = Polls()
        self.console_polls = Polls()
        self._repeats = Repeats(hall.store, media.secret(hall.config.data))

    def routes(self) -> list[Route]:
        """The sitemap."""
        return [
            self._route("GET", "/", self._console_page),
            *installing.routes(self._route, self.files),
            self._route("GET", "/widget.js", self._loader),
            self._route("GET", "/assets/{file}", self._asset),
            self._route("GET", "/p/{feature}/{file:path}", self._feature_file),
            self._route("GET", "/media/{link}", self._media),
            self._route("GET", "/transcript/{link}", self._transcript),
            self._route("GET", "/healthz", self._healthz),
            self._route("POST", "/visitor/files", self._visitor_file),
            self._route("OPTIONS", "/visitor/files", self._preflight),
            self._route("POST", "/console/files", self._console_file),
            self._route("POST", "/visitor/poll", self._visitor_poll),
            self._route("POST", "/console/poll", self._console_poll),
            self._route("POST", "/api/sign-in", self._sign_in),
            self._route("POST", "/api/sign-out", self._sign_out),
            self._route("GET", "/api/me", self._me),
            *reading.routes(self._route, self.hall),
            *letters.routes(self._route, self.hall),
            *cases.routes(self._route, self.hall),
            *ways.routes(self._route, self.hall),
            *sheet.routes(self._route, self.hall),
            *evidence.routes(self._route, self.hall),
            *suggesting.routes(self._route, self.hall),
            *desk.routes(self._route, self.hall),
            *canned.routes(self._route, self.hall),
            *persons.routes(self._route, self.hall),
            *choosing.routes(self._route, self.hall),
            *faces.routes(self._route, self.hall),
            *panels.routes(self._route, self.hall),
            *connections.routes(self._route, self.hall),
            *undelivered.routes(self._route, self.hall),
            *ruling.routes(self._route, self.hall),
            *settings.routes(self._route, self.hall, self.files),
            *routing.routes(self._route, self.hall),
            *webpush.routes(self._route, self.hall, self.sender),
            *teams.routes(self._route, self.hall, self.sign_in, self._me_of),
        ]

    def application(self) -> Starlette:
        """The routes with our one shape of error around them."""
        application = Starlette(
            routes=self.routes(),
            exception_handlers={
                HTTPException: _unknown,
                Refusal: _no,
                BadFrame: _no,
                StoreError: _no,
                ClientDisconnect: _nobody_reads,
                Exception: _unexpected,
            },
        )
        # A redirect to the address with or without a slash is built from the Host header, which anybody can write.
        application.router.redirect_slashes = False
        return application

    # --- files

    async def _console_page(self, request: Request, asks: Asks) -> Response:
        return self.files.console()

    async def _loader(self, request: Request, asks: Asks) -> Response:
        return self.files.loader(request.headers.get("if-none-match"))

    async def _asset(self, request: Request, asks: Asks) -> Response:
        return self.files.asset(request.path_params["file"])

    async def _feature_file(self, request: Request, asks: Asks) -> Response:
        path = f"{request.path_params['feature']}/{request.path_params['file']}"
        return pages.feature_file(self.hall.features.scripts.get(path), path)

    async def _healthz(self, request: Request, asks: Asks) -> Response:
        await self.hall.store.read(_alive)
        return Json({"status": "ok"})

    # --- sockets by long-poll

    async def _visitor_poll(self, request: Request, asks: Asks) -> Response:
        origin = self.hall.origins.demand_some_site(request.scope)
        address = self.hall.addresses.of(request.scope)
        allowed = cors(origin)
        try:
            self.hall.limits.take("requests", address, limits.REQUESTS)
            asked = self.visitor_polls.read(await body_of(request))
            if asked.socket is None:
                self.hall.room.demand()
                self.hall.limits.take("sockets", address, limits.SOCKETS)
            answer = await self.visitor_polls.exchange(
                asked,
                origin,
                lambda socket: self._page_by_poll(socket, origin, address),
            )
        except (Refusal, BadFrame, StoreError) as error:
            # With the CORS headers, so that the page's script can read why.
            return refused(as_refusal(error), allowed)
        return Raw(answer, allowed)

    async def _console_poll(self, request: Request, asks: Asks) -> Response:
        demand_json(self.hall, request)
        operator, secret = asks.operator, asks.secret
        assert operator is not None
        session = people.session_hash(secret)

        def begin(socket: PollSocket) -> ConsoleSession:
            self.hall.room.demand()
            socket.let_go = self.hall.limits.hold(self.hall.addresses.of(request.scope))
            return ConsoleSession(self.hall, socket, operator=operator, session=session)

        answer = await self.console_polls.exchange(
            self.console_polls.read(await body_of(request)),
            session.hex(),
            begin,
        )
        return Raw(answer)

    def _page_by_poll(self, socket: PollSocket, origin: str, address: str) -> VisitorSession:
        socket.let_go = self.hall.limits.hold(address)
        return VisitorSession(self.hall, socket, origin=origin, address=address)

    # --- files and transcripts

    async def _media(self, request: Request, asks: Asks) -> Response:
        return await self.hall.files.file(request.path_params["link"], request.scope)

    async def _transcript(self, request: Request, asks: Asks) -> Response:
        return await self.hall.files.transcripts.answer(request.path_params["link"])

    async def _preflight(self, request: Request, asks: Asks) -> Response:
        origin = self.hall.origins.demand_some_site(request.scope)
        allowed = {
            "access-control-allow-headers": "authorization, content-type, idempotency-key, x-file-name"
        }
        return Response(b"", 204, {**cors(origin), **allowed, "access-control-max-age": "7200"})

    async def _visitor_file(self, request: Request, asks: Asks) -> Response:
        origin = self.hall.origins.demand_some_site(request.scope)
        try:
            key = request.query_params.get("site", "")
            self.hall.origins.demand_site(key, origin)
            address = self.hall.addresses.of(request.scope)
            self.hall.limits.take("files", address, limits.FILES)
            scheme, _, token = (header(request.scope, b"authorization") or "").partition(" ")
            token = token if scheme == "Hub" else ""
            answer = await self._repeats.answer(
                request,
                "POST /visitor/files",
                token.encode(),
                lambda it: self.hall.files.from_visitor(key, token, address, it),
            )
        except (Refusal, StoreError) as error:
            return refused(as_refusal(error), cors(origin))
        answer.headers.update(cors(origin))
        return answer

    async def _console_file(self, request: Request, asks: Asks) -> Response:
        self.hall.origins.demand_own(request.scope)
        assert asks.operator is not None
        return await self.hall.files.from_operator(asks.operator.id, request)

    # --- signing in

    async def _sign_in(self, request: Request, asks: Asks) -> Response:
        asked = await json_of(self.hall, request, _Credentials)
        address = self.hall.addresses.of(request.scope)
        operator, secret = await self.sign_in.sign_in(
            asked.login, asked.password, address, request.headers.get("user-agent", "")
        )
        return Json(await self._me_of(operator), headers={"set-cookie": cookie(secret)})

    async def _sign_out(self, request: Request, asks: Asks) -> Response:
        demand_json(self.hall, request)
        await self.sign_in.sign_out(asks.secret)
        return Json({}, headers={"set-cookie": cookie("")})

    async def _me(self, request: Request, asks: Asks) -> Response:
        assert asks.operator is not None
        return Json(await self._me_of(asks.operator))

    async def _me_of(self, operator: people.Operator) -> object:
        queues = await self.hall.store.read(people.seen_by, operator)
        state = await self.hall.store.read(presence.chosen, operator.id)
        return me_of(operator, queues, state, await self.hall.store.read(choose.chosen, operator.id))

    # --- beside

    def _route(self, method: str, path: str, handler: Handler) -> Route:
        what = f"{method} {path}"

        async def answer(request: Request) -> Response:
            asks = await self._asks(request, what)
            # Rows of teams are asked again in the snapshot that is read, where the conversation's queue is known.
            access.demand(asks.actor, what, serves=True)
            if asks.operator is None:
                return await handler(request, asks)
            return await self._repeats.answer(request, what, asks.actor.id, lambda it: handler(it, asks))

        return Route(path, answer, methods=[method], name=what)

    async def _asks(self, request: Request, what: str) -> Asks:
        if access.ACCESS.get(what) == "public":
            return Asks(NOBODY, None, "")
        found = await self.sign_in.signed_in(request.scope)
        if found is None:
            return Asks(NOBODY, None, "")
        self.hall.limits.take("requests", found[0].login, limits.REQUESTS)
        return Asks(actor_of(found[0]), *found)


class _Credentials(msgspec.Struct, forbid_unknown_fields=True):
    login: str
    password: str


def _alive(read: Read) -> None:
    read.one("SELECT 1")


async def _no(request: Request, error: Any) -> Response:
    return refused(as_refusal(error))


async def _nobody_reads(request: Request, error: Any) -> Response:
    return refused(Refusal("bad_request", "the request ended before its body"))


async def _unknown(request: Request, error: Any) -> Response:
    if error.status_code == 405:
        return refused(
            Refusal("wrong_method", f"{request.method} is not for this address"), dict(error.headers or {})
        )
    return refused(Refusal("not_found", "there is nothing at this address"))


async def _unexpected(request: Request, error: Any) -> Response:
    return refused(Refusal("unexpected", "something broke here; it is in the hub's log"))
