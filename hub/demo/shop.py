"""The Blue Vase, as a web application: pages, pictures, and the one address at which the shop's server signs who is logged in.

A server of its own on another origin, with a strict content security policy: what the widget does here it can do in any shop. Pages
are plain HTML from `pages.py`; the cart lives in the browser, as nothing is really sold.
"""

import json
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.demo import accounts, catalogue, pages
from hub.demo.accounts import ACCOUNTS, Account
from hub.demo.pages import View

FILES = Path(__file__).parent / "files"
_TYPES = {".svg": "image/svg+xml", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
COOKIE = "blue-vase-customer"


def application(hub_url: str, key: str) -> ASGIApp:
    """The shop, with the widget of the hub at `hub_url`; `key` signs identities."""
    return _Headers(Starlette(routes=_Shop(hub_url, key).routes()), policy(hub_url))


def policy(hub_url: str) -> str:
    """The shop's content security policy: itself, and the hub for its script and socket."""
    socket = hub_url.replace("http", "ws", 1)
    return (
        f"default-src 'none'; script-src 'self' {hub_url}; connect-src 'self' {hub_url} {socket}; style-src 'self'; "
        f"img-src 'self' data: {hub_url}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


class _Shop:
    def __init__(self, hub_url: str, key: str) -> None:
        self._hub_url, self._key = hub_url, key
        self._files = {path.name: path.read_bytes() for path in FILES.iterdir() if path.suffix in _TYPES}

    def routes(self) -> list[Route]:
        """The shop's sitemap."""
        return [
            Route("/", self._page(pages.home)),
            Route("/shop", self._page(pages.everything)),
            Route("/shop/{category}", self._category),
            Route("/product/{slug}", self._product),
            Route("/search", self._search),
            Route("/cart", self._page(pages.cart)),
            Route("/checkout", self._page(pages.checkout_address)),
            Route("/checkout/delivery", self._page(pages.checkout_delivery)),
            Route("/checkout/review", self._page(pages.checkout_review)),
            Route("/checkout/thanks", self._page(pages.thanks)),
            Route("/account", self._page(pages.account)),
            Route("/account/log-in", self._log_in, methods=["POST"]),
            Route("/account/log-out", self._log_out, methods=["POST"]),
            Route("/account/token", self._token, methods=["POST"]),
            Route("/delivery-and-returns", self._page(pages.delivery)),
            Route("/workshop", self._page(pages.workshop)),
            Route("/catalogue.json", self._catalogue),
            Route("/files/{name}", self._file),
            Route("/favicon.ico", self._icon),
            Route("/{rest:path}", self._lost),
        ]

    # --- pages

    def _page(self, build: pages.Build) -> "pages.Endpoint":
        async def answer(request: Request) -> Response:
            return HTMLResponse(build(self._view(request)))

        return answer

    async def _category(self, request: Request) -> Response:
        key = request.path_params["category"]
        if key not in catalogue.CATEGORIES:
            return await self._lost(request)
        return HTMLResponse(pages.category(self._view(request), key))

    async def _product(self, request: Request) -> Response:
        product = catalogue.BY_SLUG.get(request.path_params["slug"])
        if product is None:
            return await self._lost(request)
        return HTMLResponse(pages.product(self._view(request), product))

    async def _search(self, request: Request) -> Response:
        words = request.query_params.get("q", "")[:100]
        return HTMLResponse(pages.found(self._view(request), words, catalogue.search(words)))

    async def _lost(self, request: Request) -> Response:
        return HTMLResponse(pages.lost(self._view(request)), 404)

    # --- the account

    async def _log_in(self, request: Request) -> Response:
        who = (await request.body())[:100].decode("utf-8", "replace").removeprefix("who=")
        answer = RedirectResponse("/account", 303)
        if who in ACCOUNTS:
            answer.set_cookie(COOKIE, who, httponly=True, samesite="lax")
        return answer

    async def _log_out(self, request: Request) -> Response:
        answer = RedirectResponse("/account", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return answer

    async def _token(self, request: Request) -> Response:
        """Who is logged in, signed for the hub. A POST with a JSON body: no other site's page can ask for it."""
        somebody = self._view(request).customer
        asked_as = request.headers.get("content-type", "")
        if somebody is None or asked_as != "application/json":
            return JSONResponse({"error": "nobody is logged in"}, 401)
        token = accounts.sign(somebody, self._key)
        return JSONResponse({"token": token, "seconds": accounts.LIFE}, headers={"cache-control": "no-store"})

    # --- files

    async def _catalogue(self, request: Request) -> Response:
        rows = {p.slug: {"name": p.name, "price": p.price, "tone": p.tone} for p in catalogue.PRODUCTS}
        return Response(json.dumps(rows), media_type="application/json")

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        body = self._files.get(name)
        if body is None:
            return Response(status_code=404)
        return Response(body, media_type=_TYPES[Path(name).suffix], headers={"cache-control": "no-cache"})

    async def _icon(self, request: Request) -> Response:
        return Response(self._files["blue-vase.svg"], media_type=_TYPES[".svg"])

    def _view(self, request: Request) -> View:
        return View(self._hub_url, request.url.path, _customer(request))


def _customer(request: Request) -> Account | None:
    return ACCOUNTS.get(request.cookies.get(COOKIE, ""))


class _Headers:
    """The policy and its companions on every answer."""

    def __init__(self, inner: ASGIApp, csp: str) -> None:
        self._inner, self._csp = inner, csp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = self._csp
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "strict-origin-when-cross-origin"
            await send(message)

        await self._inner(scope, receive, sending)
