"""A shop with three pages on its own origin, which carries the widget under the strictest policy a shop may have.

Its Content-Security-Policy allows scripts of its own and the hub's, connections to the hub, and nothing inline, nothing
evaluated, no foreign styles. `/as/USER` is a page after log-in: its server signs who the visitor is. `hostility` names a
script and a style sheet of the shop that make life hard for guests in its pages.
"""

import html
import time

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.browser.hosts import IDENTITY_KEY, LoopThread, Server

PAGES = {
    "": ("Vase & Stem", "Welcome to our shop"),
    "vase": ("Blue vase", "A blue vase, 34 €"),
    "checkout": ("Checkout", "Your cart: one blue vase"),
}
STYLE = """
body { margin: 0; font: 16px/1.5 Georgia, serif; background: #faf7f2; color: #2b2622; }
header { display: flex; gap: 24px; padding: 20px 40px; border-bottom: 1px solid #e4ddd2; }
main { padding: 40px; } a { color: #0f766e; }
"""
HOSTILE_STYLES = {
    "styles": """
* { font-size: 40px !important; text-transform: uppercase !important; color: magenta !important; }
div, section, button, textarea, touchpoint-hub { display: none !important; visibility: hidden !important; opacity: 0 !important;
  transform: scale(0) !important; position: static !important; all: unset; }
header, main, h1, a { display: block; }
html { font-size: 3px; direction: rtl; }
""",
}
HOSTILE_SCRIPTS = {
    "frozen": """
for (const kind of [Object, Array, String, Function, Promise, Map, Set, Date, RegExp, Error]) {
  Object.freeze(kind.prototype); Object.freeze(kind);
}
for (const kind of [Node, Element, HTMLElement, EventTarget, Event]) Object.freeze(kind.prototype);
""",
    "overrides": """
Object.defineProperty(Object.prototype, "polluted", {value: 1, enumerable: true});
Array.prototype.toJSON = function () { return "spoilt"; };
Array.prototype.extra = function () { return 1; };
String.prototype.extra = function () { return 1; };
const real = window.fetch;
window.fetch = function (...given) { return real.apply(this, given); };
window.name = "hub";
document.addEventListener("keydown", (event) => { if (event.key === "s") event.preventDefault(); });
window.$ = window.jQuery = function () { throw new Error("not our jQuery"); };
""",
    "broken": """
for (const name of ["WebSocket", "BroadcastChannel"]) {
  Object.defineProperty(window, name, {get() { throw new Error(`no ${name} in this shop`); }});
}
Object.defineProperty(window, "localStorage", {get() { throw new Error("no storage in this shop"); }});
""",
}


class Shop:
    """The shop's server. `hub_url` is where its pages get the widget from."""

    def __init__(self, loop: LoopThread, hub_url: str) -> None:
        self.hub_url = hub_url
        self.hostility = ""
        self.ahead = 0.0
        self.title = ""
        self.pictures_from_the_hub = False
        routes = [
            Route("/style.css", self._style),
            Route("/hostile.js", self._script),
            Route("/identify/{user}.js", self._identify),
            Route("/favicon.ico", lambda request: Response(status_code=204)),
            Route("/as/{user}", self._page),
            Route("/{page:path}", self._page),
        ]
        self.server = Server(loop, Starlette(routes=routes), 0)
        self.url = f"http://127.0.0.1:{self.server.port}"

    def stop(self) -> None:
        self.server.stop()

    def token(self, user: str, **more: object) -> str:
        """What the shop's server vouches for."""
        claims = {"sub": user, "aud": "shop", "exp": int(time.time() + self.ahead) + 600, **more}
        return jwt.encode(claims, IDENTITY_KEY, algorithm="HS256")

    def _policy(self) -> str:
        hub, sockets = self.hub_url, self.hub_url.replace("http", "ws", 1)
        pictures = hub if self.pictures_from_the_hub else ""
        return (
            f"default-src 'none'; script-src 'self' {hub}; style-src 'self'; img-src 'self' {pictures}; connect-src {hub} {sockets}; "
            "base-uri 'none'; form-action 'none'; object-src 'none'; require-trusted-types-for 'script'"
        )

    async def _page(self, request: Request) -> Response:
        user = request.path_params.get("user")
        name = "" if user else request.path_params["page"]
        title, heading = PAGES.get(name, ("Not here", "There is no such page"))
        title = self.title or title
        links = " ".join(f'<a href="/{page}">{html.escape(name)}</a>' for page, (name, _) in PAGES.items())
        scripts = '<script src="/hostile.js"></script>' if self.hostility else ""
        scripts += f'<script async src="{self.hub_url}/widget.js" data-site="shop"></script>'
        scripts += f'<script src="/identify/{user}.js"></script>' if user else ""
        body = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="stylesheet" href="/style.css">{scripts}</head>'
            f"<body><header>{links}</header><main><h1>{html.escape(heading)}</h1></main></body></html>"
        )
        return Response(body, media_type="text/html", headers={"content-security-policy": self._policy()})

    async def _style(self, request: Request) -> Response:
        return PlainTextResponse(STYLE + HOSTILE_STYLES.get(self.hostility, ""), media_type="text/css")

    async def _script(self, request: Request) -> Response:
        return PlainTextResponse(HOSTILE_SCRIPTS.get(self.hostility, ""), media_type="text/javascript")

    async def _identify(self, request: Request) -> Response:
        user = request.path_params["user"]
        token = self.token(user, email=f"{user}@example.org", name=user.title())
        call = f'window.hub = window.hub || function () {{ (hub.q = hub.q || []).push(arguments); }};\nhub("identify", {{token: "{token}"}});'
        return PlainTextResponse(call, media_type="text/javascript")
