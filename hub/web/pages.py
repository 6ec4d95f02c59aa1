"""What browsers load: the console's page, the widget, bundled files, and the scripts of page features.

Everything but the loader has its content's hash in its name and may be kept for ever; the loader is the one address that shops
write into their pages, so it is revalidated. Files are read once, at start, and served from memory: there is no path to escape from.
"""

import hashlib
from pathlib import Path

import msgspec
from starlette.responses import Response

from hub.registry import Asset
from hub.web.answers import PAGE_CSP, PREVIEW_CSP
from hub.wire import Refusal

STATIC = Path(__file__).parent / "static"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
_SHARED = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""Shops on other origins load these; they hold nothing personal."""

_CONSOLE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#12566b">
<title>Touchpoint Hub</title>
<link rel="icon" href="data:,">
<link rel="apple-touch-icon" href="/icons/full-180.png">
<link rel="manifest" href="/manifest.webmanifest">
<link rel="stylesheet" href="/assets/{css}">
<script type="module" src="/assets/{js}"></script>
</head>
<body><div id="app"></div><noscript>The console needs JavaScript.</noscript></body>
</html>
"""


_PREVIEW = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Preview</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/{css}">
<script type="module" src="/assets/{js}"></script>
</head>
<body><div aria-hidden="true"><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i></div></body>
</html>
"""


class NotBuilt(Exception):
    """The browser code has not been bundled."""


class Pages:
    """All files of one hub."""

    def __init__(self, folder: Path = STATIC) -> None:
        manifest = folder / "manifest.json"
        if not manifest.exists():
            raise NotBuilt(
                f"{manifest}: expected the bundled browser code; run `npm ci && npm run build` in widget/, or install the package"
            )
        self._names = msgspec.json.decode(manifest.read_bytes(), type=dict[str, str])
        self._files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in _TYPES}

    def console(self) -> Response:
        """The console's page."""
        html = _CONSOLE.format(css=self._names["console.css"], js=self._names["console.js"])
        headers = {
            "content-security-policy": PAGE_CSP,
            "cache-control": "no-store",
            "x-frame-options": "DENY",
        }
        return Response(html, 200, headers, "text/html; charset=utf-8")

    def preview(self) -> Response:
        """The page on which the console shows the widget as a draft of the settings would make it."""
        html = _PREVIEW.format(css=self._names["preview.css"], js=self._names["preview.js"])
        headers = {"content-security-policy": PREVIEW_CSP, "cache-control": "no-store"}
        return Response(html, 200, headers, "text/html; charset=utf-8")

    def loader(self, if_none_match: str | None) -> Response:
        """The script that shops name in their pages."""
        body = self._files[self._names["widget.js"]]
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers = {**_SHARED, "etag": etag, "cache-control": "no-cache"}
        if if_none_match == etag:
            return Response(b"", 304, headers)
        return Response(body, 200, headers, _TYPES[".js"])

    def worker(self) -> bytes:
        """The console's worker. Refusals: not_found where the bundle has none."""
        name = self._names.get("console-sw.js", "")
        if name not in self._files:
            raise Refusal("not_found", "this bundle has no worker; run `npm run build` in widget/")
        return self._files[name]

    def asset(self, name: str) -> Response:
        """A bundled file, for ever. Refusals: not_found."""
        body = self._files.get(name)
        if body is None or name in ("manifest.json", "widget.js", "console-sw.js"):
            raise Refusal(
                "not_found", f"no file {name[:100]!r}; reload the page, a newer version may be there"
            )
        headers = {**_SHARED, "cache-control": "public, max-age=31536000, immutable"}
        return Response(body, 200, headers, _TYPES[Path(name).suffix])


def feature_file(asset: Asset | None, path: str) -> Response:
    """A file of a page feature, out of its plugin's package. Refusals: not_found."""
    if asset is None:
        raise Refusal("not_found", f"no page feature has a file {path[:100]!r}")
    headers = {**_SHARED, "cache-control": "public, max-age=31536000, immutable"}
    return Response(asset.content, 200, headers, asset.media_type)
