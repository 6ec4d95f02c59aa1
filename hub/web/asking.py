"""A request that the policy let in: who asks, what its body says, and how a page of one of our sites may read the answer."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import Actor
from hub.actions import people
from hub.store import StoreError
from hub.web.hall import Hall
from hub.web.origins import header
from hub.wire import MAX_FRAME, BadFrame, Refusal

T = TypeVar("T")


class Asks(msgspec.Struct, frozen=True):
    """Who sent a request."""

    actor: Actor
    operator: people.Operator | None
    secret: str


Handler = Callable[[Request, Asks], Awaitable[Response]]
Router = Callable[[str, str, Handler], Route]
"""Makes a route of method, path and handler; asks the policy before the handler runs."""


async def body_of(
    request: Request, most: int = MAX_FRAME, expected: str = f"expected at most {MAX_FRAME} bytes of body"
) -> bytes:
    """The body, never more than `most` bytes: no more than a frame may have, where nothing else is said. Refusals: too_large."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refusal("too_large", expected)
        parts.append(part)
    return b"".join(parts)


def demand_json(hall: Hall, request: Request) -> None:
    """What a form of another page cannot send: our own origin, and a type that needs a preflight."""
    hall.origins.demand_own(request.scope)
    content_type = (header(request.scope, b"content-type") or "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise Refusal("wrong_content_type", f"expected application/json, got {content_type[:100]!r}")


async def json_of(hall: Hall, request: Request, kind: type[T], most: int = MAX_FRAME) -> T:
    """The body as JSON, from a page of ours. Refusals: forbidden, wrong_content_type, too_large, bad_request (says where)."""
    demand_json(hall, request)
    body = await body_of(request, most, f"expected at most {most} bytes of body")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise Refusal("bad_request", f"body: {error}") from None


def cors(origin: str) -> dict[str, str]:
    """For a page of one of our sites: its script may read the answer."""
    return {
        "access-control-allow-origin": origin,
        "access-control-expose-headers": "retry-after",
        "vary": "origin",
        "cross-origin-resource-policy": "cross-origin",
    }


def as_refusal(error: Refusal | BadFrame | StoreError) -> Refusal:
    """Whatever went wrong, in our one shape."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, BadFrame):
        return Refusal("bad_request", str(error))
    return Refusal("unavailable", str(error), retry_after=2.0)
