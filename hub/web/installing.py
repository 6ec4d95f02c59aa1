"""What makes the console an app of its own on a phone or a desktop: its manifest, its icons, and its worker.

Icons are drawn here, from the same measures as the mark in the console: a picture in the repository could not be compared with it.
The worker is a script with a fixed address, because its address is its scope; it is revalidated at every start of a browser, and may
reach nothing but this hub.
"""

import functools
import io
import re

from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.web.answers import Json
from hub.web.asking import Asks, Router
from hub.web.pages import Pages
from hub.wire import Refusal

GROUND, LINE, DOT = "#12566b", "#ffffff", "#f3b562"
WORKER_CSP = "default-src 'none'; connect-src 'self'"
SIZES = (180, 192, 512)
_NAME = re.compile(r"(round|full)-([0-9]{2,3})\.png", re.ASCII)
_KEPT = {"cache-control": "public, max-age=86400"}
_FINE = 4
"""Icons are drawn so many times larger and then made small: the library draws without smooth edges."""


def routes(route: Router, pages: Pages) -> list[Route]:
    """For the sitemap."""

    async def manifest(request: Request, asks: Asks) -> Response:
        return Json(MANIFEST, headers={**_KEPT, "content-type": "application/manifest+json"})

    async def drawn(request: Request, asks: Asks) -> Response:
        found = _NAME.fullmatch(request.path_params["name"])
        if found is None or int(found[2]) not in SIZES:
            raise Refusal("not_found", "there is no such icon")
        return Response(icon(int(found[2]), full=found[1] == "full"), 200, _KEPT, "image/png")

    async def worker(request: Request, asks: Asks) -> Response:
        headers = {"cache-control": "no-cache", "content-security-policy": WORKER_CSP}
        return Response(pages.worker(), 200, headers, "text/javascript; charset=utf-8")

    return [
        route("GET", "/manifest.webmanifest", manifest),
        route("GET", "/icons/{name}", drawn),
        route("GET", "/console-sw.js", worker),
    ]


def _icons(purpose: str, shape: str) -> list[dict[str, str]]:
    return [
        {
            "src": f"/icons/{shape}-{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in (192, 512)
    ]


MANIFEST = {
    "id": "/",
    "name": "Touchpoint Hub",
    "short_name": "Hub",
    "start_url": "/",
    "scope": "/",
    "display": "standalone",
    "background_color": GROUND,
    "theme_color": GROUND,
    "icons": [*_icons("any", "round"), *_icons("maskable", "full")],
}


@functools.cache
def icon(size: int, *, full: bool) -> bytes:
    """The mark as PNG; `full` has no round corners and more air, because the system cuts a shape of its own out of it."""
    side = size * _FINE
    picture = Image.new("RGBA", (side, side), GROUND if full else (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    scale = side / 32 * (0.72 if full else 1.0)
    shift = (side - 32 * scale) / 2

    def at(*places: float) -> list[float]:
        return [place * scale + shift for place in places]

    if not full:
        draw.rounded_rectangle(at(1, 1, 31, 31), 9 * scale, fill=GROUND)
    for left, y, right in ((9, 11.5, 23), (9, 17, 17.5)):
        draw.rounded_rectangle(at(left - 1.1, y - 1.1, right + 1.1, y + 1.1), 1.1 * scale, fill=LINE)
    draw.ellipse(at(22 - 2.6, 21.5 - 2.6, 22 + 2.6, 21.5 + 2.6), fill=DOT)
    out = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
