"""Answers over HTTP: JSON objects, one shape of error, and the headers that every answer carries."""

from typing import Any

from starlette.responses import Response

from hub.wire import Refusal, encode

PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types worker"
)
"""The console's page: our own files and nothing else. One policy of trusted types may be made, for the address of the worker."""
PREVIEW_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' data:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox allow-scripts"
)
"""The preview of the widget, in a frame of the console's page: no line out, no storage, our own files."""
DATA_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Everything that is not a page."""


class Json(Response):
    """A JSON object. Personal, so no cache may keep it."""

    media_type = "application/json"

    def __init__(self, content: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        super().__init__(encode(content), status, {"cache-control": "no-store", **(headers or {})})


class Raw(Json):
    """A JSON object that is bytes already."""

    def render(self, content: Any) -> bytes:
        body: bytes = content
        return body

    def __init__(self, content: bytes, headers: dict[str, str] | None = None) -> None:
        Response.__init__(self, content, 200, {"cache-control": "no-store", **(headers or {})})


def refused(error: Refusal, headers: dict[str, str] | None = None) -> Json:
    """The one error shape: a stable code, a sentence, and fields."""
    extra = dict(headers or {})
    if error.retry_after is not None:
        extra["retry-after"] = str(max(1, round(error.retry_after)))
    body = {"error": {"code": error.code, "message": error.message, "fields": error.fields}}
    return Json(body, error.status, extra)


def common_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """What every answer carries, unless it says otherwise itself."""
    present = {name.lower() for name, _ in headers}
    return headers + [(name, value) for name, value in _COMMON if name not in present]


_COMMON = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", DATA_CSP.encode()),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(self)"),
)
