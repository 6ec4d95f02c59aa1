"""A request that is sent twice is carried out once: `Idempotency-Key` on every unsafe route.

Whoever heard no answer sends the same request with the same key again, for 24 hours: the first answer, status and body, is given again;
another request under the same key is refused; two at the same moment are one. A key belongs to who is signed in (for uploads of a page:
to its token), whatever anybody else calls theirs. An answer that only says "not now" or "not you" is not kept.

How a hub that dies at any instant cannot carry it out twice is told in `actions.repeats`. What it writes is marked by the store
(`Store.beside`), so no handler has to know of it. Handlers that act where no transaction reaches (a plugin's button, a message to
a browser) are marked before they begin: after a crash they are refused rather than done again.

Kept answers are sealed with a key beside the database: some hold a link that works once, of which the database keeps hashes alone.
"""

import asyncio
import hashlib
import hmac
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from hub.actions import repeats
from hub.actions.repeats import Kept, Place
from hub.store import Store, StoreError, Tx, beside
from hub.web.answers import refused
from hub.web.asking import as_refusal
from hub.wire import BadFrame, Refusal

log = logging.getLogger("hub.web")

Part = Literal["kept", "acts outside", "leaves"]
Run = Callable[[Request], Awaitable[Response]]

PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "POST /visitor/files": "kept",
        "POST /console/files": "kept",
        "POST /api/me/choices": "kept",
        "POST /api/me/picture": "kept",
        "DELETE /api/me/picture": "kept",
        "POST /api/suggestions": "kept",
        "POST /api/decisions/preview": "leaves",  # reads
        "POST /api/undelivered": "acts outside",
        "POST /api/conversations/{conversation}/case": "kept",
        "POST /api/conversations/{conversation}/messages/{seq}/again": "kept",
        "POST /api/webpush/keep": "kept",
        "POST /api/webpush/end": "kept",
        "POST /api/webpush/quiet": "kept",
        "POST /api/webpush/test": "acts outside",
        "POST /api/customers/{customer}/panels/{panel}": "acts outside",
        "POST /api/connections/{connection}/again": "acts outside",
        "POST /api/canned/own/import": "kept",
        "POST /api/canned/shared/import": "kept",
        "POST /api/settings/sites/{site}": "kept",
        "POST /api/settings/sites/{site}/undo": "kept",
        "POST /api/settings/sites/{site}/preview": "kept",
        "POST /api/identity/rules": "kept",
        "POST /api/identity/rules/undo": "kept",
        "POST /api/identity/rules/try": "leaves",  # reads
        "POST /api/routing": "kept",
        "POST /api/routing/restore": "kept",
        "POST /api/routing/try": "leaves",  # reads
        "POST /api/operators/invite": "kept",
        "POST /api/operators/{operator}/link": "kept",
        "POST /api/operators/{operator}/sessions/end": "kept",
        "POST /api/password": "kept",
        "POST /api/sessions/end": "kept",
        # Sockets number their frames, and every frame that stores something has an id of its own.
        "POST /visitor/poll": "leaves",
        "POST /console/poll": "leaves",
        # Nobody is signed in yet, and the answer is a cookie that may lie nowhere: a second one is a second session.
        "POST /api/sign-in": "leaves",
        "POST /api/links/use": "leaves",
        "POST /api/links/look": "leaves",  # reads
        "POST /api/sign-out": "leaves",  # its session has gone, so nobody could ask again
        # Comes in slices, and what is erased twice is erased.
        "POST /api/customers/{customer}/erase": "leaves",
        # Events have message ids of their own, by which each counts once.
        "POST /v1/{call}": "leaves",
        "POST /beacon/v1/batch": "leaves",
    }
)
"""Every unsafe route and what it does with a key; a test compares it with the routes there are."""

HEADER = b"idempotency-key"
LONGEST_KEY = 255
SALT = 16
LARGEST = 32 * 1024 * 1024
"""Bytes of body that are read to the end to know whether it is the same request."""
NOT_KEPT = (401, 403, 429, 503)
"""What depends on the moment, or on who asks, and not on the request."""


class Mark:
    """Put beside every transaction of one request; does nothing once the request is over, whatever it has left running."""

    __slots__ = ("open", "place")

    def __init__(self, place: Place) -> None:
        self.place, self.open = place, True

    def __call__(self, tx: Tx) -> None:
        if self.open:
            repeats.mark(tx, self.place)


class Reading:
    """A request's body on its way to a handler, hashed with where it goes. `secret`: some bodies hold a password."""

    def __init__(self, request: Request, secret: bytes) -> None:
        self._receive = request.receive
        self._more, self._size = True, 0
        self._hash = hashlib.blake2b(key=secret, digest_size=16)
        scope = request.scope
        for part in (scope["method"].encode(), scope["path"].encode(), scope.get("query_string", b"")):
            self._hash.update(len(part).to_bytes(4) + part)

    async def __call__(self) -> Any:
        event = await self._receive()
        if event["type"] == "http.request":
            body = event.get("body", b"")
            self._size += len(body)
            self._hash.update(body)
            self._more = event.get("more_body", False)
        else:
            self._more = False
            self._size = LARGEST + 1  # it left: what it asked is not known
        return event

    async def whole(self) -> bytes | None:
        """The request's hash, after the rest of its body; None for one that has no end within reason."""
        while self._more and self._size <= LARGEST:
            await self()
        return self._hash.digest() if self._size <= LARGEST else None


class Repeats:
    """What was asked under which key. `secret`: 32 bytes that do not lie in the database."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = hmac.digest(secret, b"kept answers", hashlib.sha256)
        self._under_way: dict[Place, asyncio.Future[None]] = {}

    async def answer(self, request: Request, what: str, owner: bytes, run: Run) -> Response:
        """What `run` answers, or answered the first time. Refusals: bad_request (a bad key), key_used, carried_out."""
        keys = [value for name, value in request.scope["headers"] if name == HEADER]
        part = PARTS.get(what, "leaves")
        if not keys or part == "leaves":
            return await run(request)
        place = _place(owner, keys)
        while (first := self._under_way.get(place)) is not None:
            await asyncio.shield(first)
        self._under_way[place] = first = asyncio.get_running_loop().create_future()
        try:
            known = await self._store.write(repeats.claim, place, outside=part == "acts outside")
            if known is None:
                return await self._carry_out(request, place, run)
            return await self._again(request, place, known)
        finally:
            del self._under_way[place]
            first.set_result(None)

    async def _carry_out(self, request: Request, place: Place, run: Run) -> Response:
        reading, mark, broken = Reading(request, self._secret), Mark(place), None
        try:
            with beside(mark):
                response = await run(Request(request.scope, reading))
        except (Refusal, BadFrame, StoreError) as error:
            response = refused(as_refusal(error))
        except Exception as error:  # a bug of ours is an answer as well, and is logged where all of them are
            broken, response = (
                error,
                refused(Refusal("unexpected", "something broke here; it is in the hub's log")),
            )
        finally:
            mark.open = False
        await self._keep(place, await reading.whole(), response)
        if broken is not None:
            raise broken
        return response

    async def _keep(self, place: Place, asked: bytes | None, response: Response) -> None:
        body, kind = bytes(response.body), response.headers.get("content-type", "")
        try:
            if asked is None or response.status_code in NOT_KEPT:
                await self._store.write(repeats.release, place)
            else:
                salt = os.urandom(SALT)
                sealed = salt + self._crossed(salt, body)
                await self._store.write(repeats.keep, place, asked, response.status_code, kind, sealed)
        except StoreError as error:
            log.warning("the answer to a request with a key is not kept; asking again is refused: %s", error)

    async def _again(self, request: Request, place: Place, known: Kept) -> Response:
        if known.state == repeats.ACTED or known.request is None:
            raise Refusal(
                "carried_out",
                "a request under this key has stored something and its answer is lost; look at how things are before you ask under a new key",
            )
        if await Reading(request, self._secret).whole() != known.request:
            raise Refusal(
                "key_used",
                "this Idempotency-Key was used for another request; take a new key for a new request",
            )
        headers = {"cache-control": "no-store", "idempotency-replayed": "true"}
        if known.media_type:
            headers["content-type"] = known.media_type
        sealed = known.answer or b""
        return Response(self._crossed(sealed[:SALT], sealed[SALT:]), known.status or 200, headers)

    def _crossed(self, salt: bytes, body: bytes) -> bytes:
        """The body against a stream that only this hub can make (SHAKE-256 of a secret and a salt): sealing and opening are the same."""
        stream = hashlib.shake_256(self._secret + salt).digest(len(body))
        return (int.from_bytes(body) ^ int.from_bytes(stream)).to_bytes(len(body))


def _place(owner: bytes, keys: list[bytes]) -> Place:
    key = keys[0].decode("latin-1")
    if len(keys) > 1 or not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Refusal(
            "bad_request",
            f"Idempotency-Key: expected one, of 1 to {LONGEST_KEY} printable ASCII characters; got {len(keys)}, the first of {len(key)}",
        )
    return Place(_hash(owner), _hash(keys[0]))


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
