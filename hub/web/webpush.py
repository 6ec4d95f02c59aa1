"""Web Push at the door: whether this hub can push, which browser of the asker is called, and a test that it arrives.

A subscription belongs to the session whose cookie came with the request, so signing out ends it and nobody can name another's.
"""

import base64
import binascii
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.actions import people, webpush
from hub.contract import NotReady, Rejected
from hub.web import limits
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.webpush import Sender, Unavailable
from hub.wire import Refusal


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """`key`: what a browser subscribes with; empty where this hub cannot push, and `why` says so. `endpoint`: what is kept."""

    key: str = ""
    why: str = ""
    endpoint: str = ""
    words: bool = False


class _Subscription(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    endpoint: Annotated[str, msgspec.Meta(max_length=2_000)]
    key: Annotated[str, msgspec.Meta(max_length=200)]
    auth: Annotated[str, msgspec.Meta(max_length=200)]
    words: bool = False


class _Quiet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    until: Annotated[int, msgspec.Meta(ge=0, le=2**52)]
    """Milliseconds since the epoch; 0 ends it."""


class _Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


def routes(route: Router, hall: Hall, sender: Sender) -> list[Route]:
    """For the sitemap."""

    async def state(request: Request, asks: Asks) -> Response:
        return Json(await _state(hall, sender, people.session_hash(asks.secret)))

    async def keep(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, _Subscription)
        key, auth = _bytes(asked.key, 65, "key"), _bytes(asked.auth, 16, "auth")
        await _demand(sender, asked.endpoint, key)
        session = people.session_hash(asks.secret)
        await hall.store.write(
            webpush.keep, asks.actor.id, session, asked.endpoint, key, auth, words=asked.words
        )
        return Json(await _state(hall, sender, session))

    async def end(request: Request, asks: Asks) -> Response:
        await json_of(hall, request, _Nothing)
        await hall.store.write(webpush.drop, people.session_hash(asks.secret))
        return Json({})

    async def rest(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, _Quiet)
        await hall.store.write(webpush.quiet, people.session_hash(asks.secret), asked.until * 1000)
        return Json({})

    async def test(request: Request, asks: Asks) -> Response:
        await json_of(hall, request, _Nothing)
        session = people.session_hash(asks.secret)
        hall.limits.take("webpush", session.hex(), limits.SIGN_INS)
        return Json(await _tested(hall, sender, session))

    return [
        route("GET", "/api/webpush", state),
        route("POST", "/api/webpush/keep", keep),
        route("POST", "/api/webpush/end", end),
        route("POST", "/api/webpush/quiet", rest),
        route("POST", "/api/webpush/test", test),
    ]


async def _state(hall: Hall, sender: Sender, session: bytes) -> State:
    try:
        key = sender.key()
    except Unavailable as error:
        return State(why=str(error))
    kept = await hall.store.read(webpush.of, session)
    return State(key, endpoint=kept.endpoint, words=kept.words) if kept else State(key)


async def _tested(hall: Hall, sender: Sender, session: bytes) -> dict[str, str]:
    """What the push service said. Refusals: not_found where this browser is not called; unavailable with its reason."""
    kept = await hall.store.read(webpush.of, session)
    if kept is None:
        raise Refusal("not_found", "this browser is not called; switch it on first")
    try:
        sent = await sender.test(kept)
    except Unavailable as error:
        raise Refusal("unavailable", str(error)) from None
    if sent.fate in ("gone", "refused"):
        await hall.store.write(webpush.drop, session)
    if sent.fate != "taken":
        raise Refusal("unavailable", sent.why, retry_after=sent.pause)
    return {"fate": sent.fate}


async def _demand(sender: Sender, endpoint: str, key: bytes) -> None:
    """Refusals: bad_request for an address or a key that cannot be; unavailable where this hub cannot push."""
    try:
        sender.key()
        sender.demand_key(key)
        await sender.demand_outer(endpoint)
    except Unavailable as error:
        raise Refusal("unavailable", str(error)) from None
    except (Rejected, NotReady) as error:
        raise Refusal("bad_request", f"endpoint: {error}") from None
    except ValueError as error:
        raise Refusal("bad_request", f"key: {error}") from None


def _bytes(text: str, length: int, field: str) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != length:
        raise Refusal("bad_request", f"{field}: expected {length} bytes as base64url")
    return data
