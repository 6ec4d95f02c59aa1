"""The tracking API: the addresses that existing analytics libraries post to, as plain ASGI on the hot path.

What the libraries make of an answer decides the answers. A 4xx makes most of them drop the whole batch, and one of them takes its host
process down with it; so a bad event is left out, listed for the console, and the batch is answered 200 all the same. A 5xx or 429 is tried
again, with the same message ids, so arriving twice is arriving once. The answer comes after the commit.

A request with an Origin comes from a page: only from one of the key's own site, never with a secret key, and not where the browser says
that it does not want to be tracked. Servers send no Origin.
"""

import asyncio
import base64
import binascii
import ipaddress
import logging
import re
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qs

from hub import access
from hub.access import NOBODY
from hub.actions.track import Source, track
from hub.store import StoreError
from hub.tracking import CALLS, Event, Refused, Unreadable, limits_of, read_body, read_event
from hub.tracking.body import LARGEST, packed
from hub.web import told, tracking_config
from hub.web.hall import Hall
from hub.web.limits import Rate
from hub.web.origins import header
from hub.web.sockets import Receive, Scope, Send
from hub.web.tracking_keys import Key, Keys
from hub.web.tracking_problems import Problems, Say
from hub.wire import Refusal, encode

log = logging.getLogger("hub.web.tracking")

POSTS = Rate(300, 50)
"""Requests of one address with a write key, which anybody can read in a page."""
WRONG_KEYS = Rate(60, 1)
"""Requests of one address with a key that we do not know."""
STRANGERS = Rate(60, 10)
"""Requests of one address whose key stands inside the body."""
BATCHES = ("batch", "b", "import")
AT_A_TIME = 20
"""Events that are read before other work of the event loop gets its turn."""
SMALL = 4096
"""Bytes of a body that is read without asking for a turn: one event."""
ALONE = 100
"""Events that are written one by one once a slice has failed."""

_SUCCESS = b'{"success": true}'
_HEADERS = "Authorization, Content-Type, AnonymousId, SentAt, X-Retry-Count"
_NAMES = re.compile(r"[A-Za-z0-9, -]{1,500}")


def serves(path: str) -> bool:
    """Whether an address is one of ours."""
    return path.startswith(("/v1/", "/beacon/v1/", "/sourceConfig"))


class Tracking:
    """ASGI application for the addresses that `serves` names."""

    def __init__(self, hall: Hall, say: Say) -> None:
        self._hall, self._say = hall, say
        # Of many batches that arrive together one is read at each turn of the loop, so that a chat waits for one and not for all.
        self._turn = asyncio.Lock()
        self.keys = Keys(hall.config)
        self.problems = Problems(hall, say)

    async def open(self) -> None:
        """Once connections have a health: say which cannot work, and what has been refused lately."""
        for connection, why in self.keys.troubles.items():
            self._say(connection, "failed", why)
        await self.problems.open({name: site.zone for name, site in self.keys.sites().items()})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = header(scope, b"origin")
        try:
            status, body, more = await self._answer(scope, receive, origin)
        except Unreadable as error:
            status, body, more = _refused(
                Refusal("too_large" if error.too_large else "bad_request", str(error))
            )
        except Refusal as error:
            status, body, more = _refused(error)
        except StoreError as error:
            status, body, more = _refused(Refusal("unavailable", f"not stored: {error}", retry_after=2.0))
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            *more,
            *self._cors(origin),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _cors(self, origin: str | None) -> list[tuple[bytes, bytes]]:
        # Also beside a refusal, or the library in the page could not read it and would try for ever.
        if origin is None or origin not in self.keys.origins:
            return [(b"vary", b"origin")]
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-expose-headers", b"Retry-After"),
            (b"cross-origin-resource-policy", b"cross-origin"),
            (b"vary", b"origin"),
        ]

    async def _answer(self, scope: Scope, receive: Receive, origin: str | None) -> "Answer":
        path, method = scope["path"].rstrip("/"), scope["method"]
        what = _route_of(path)
        if what is None:
            raise Refusal("not_found", "there is nothing at this address")
        if method == "OPTIONS":
            return _preflight(header(scope, b"access-control-request-headers"))
        if f"{method} {what}" not in access.ACCESS:
            raise Refusal("wrong_method", f"{method} is not for this address")
        access.demand(NOBODY, f"{method} {what}")
        if method == "GET":
            return self._described(scope, path, origin)
        return await self._take(scope, receive, path.rpartition("/")[2], origin)

    # --- events

    async def _take(self, scope: Scope, receive: Receive, word: str, origin: str | None) -> "Answer":
        if not self.keys.sites():
            raise Refusal(
                "unknown_key", "this hub takes no tracking; add a connection of kind `tracking` to hub.toml"
            )
        known = self._known(scope)
        if known is not None:  # before the body is read, where the key stands outside of it
            self._admit(known, scope, origin)
        else:
            # Whose it is stands inside, so reading it is work for a stranger: each address gets a little of that.
            self._hall.limits.take("tracking strangers", self._hall.addresses.of(scope), STRANGERS)
        data = await _body(scope, receive)
        async with nullcontext() if len(data) <= SMALL else self._turn:
            key, events = await self._understood(scope, known, data, word, origin)
            if len(data) > SMALL:
                await asyncio.sleep(0)
        network = _network(self._hall.addresses.of(scope)) if origin is not None else ""
        source = Source(connection=key.connection, site=key.site_key, trust=key.trust, network=network)
        await self._write(key, source, events)
        return 200, _SUCCESS, []

    async def _understood(
        self, scope: Scope, known: Key | None, data: bytes, word: str, origin: str | None
    ) -> tuple[Key, list[Event]]:
        """Whose the body is, and the events in it that are to be stored."""
        received = self._hall.clock()
        single = word not in BATCHES
        # A few kilobytes of gzip can hold seconds of parsing; beside the loop they delay nobody else.
        heavy = len(data) > SMALL or packed(data)
        body = (
            await asyncio.to_thread(read_body, data, single=single)
            if heavy
            else read_body(data, single=single)
        )
        key = known or self._find(body.write_key, scope)
        if known is None:
            self._admit(key, scope, origin)
        key.charge(len(body.events))
        if origin is not None and key.site.honour_gpc and b"1" in _wishes(scope):
            return key, []
        sent_at = body.sent_at or header(scope, b"sentat")
        call = CALLS.get(word, "")
        return key, await self._read(key, body.events, call, sent_at, received, page=origin is not None)

    async def _read(
        self, key: Key, came: Sequence[Any], call: str, sent_at: Any, received: int, *, page: bool
    ) -> list[Event]:
        events, problems = [], []
        for n, one in enumerate(came, 1):
            try:
                event = read_event(one, call=call, sent_at=sent_at, received=received)
                if _consented(key, event, page):
                    events.append(event)
            except Refused as refused:
                problems.append(refused)
            if n % AT_A_TIME == 0:
                await asyncio.sleep(0)
        if problems:
            self.problems.add(key, problems)
        return events

    async def _write(self, key: Key, source: Source, events: list[Event]) -> None:
        """Slice by slice on the background lane. A slice with an event that cannot be stored is written one by one."""
        key.pending += len(events)
        self._hall.features.came_in(key.connection)
        start = 0
        try:
            while start < len(events):
                try:
                    start = await self._hall.store.write_background(track, source, events, start)
                except StoreError:
                    raise
                except Exception:
                    await self._one_by_one(key, source, events[start : start + ALONE])
                    start += ALONE
        finally:
            key.pending -= len(events)
        if key.board:
            await told.show(self._hall, key, events)

    async def _one_by_one(self, key: Key, source: Source, events: list[Event]) -> None:
        for event in events:
            try:
                await self._hall.store.write_background(track, source, [event])
            except StoreError:
                raise
            except ValueError as error:
                self.problems.add(key, [Refused(str(error), event.call, event.message_id)])
            except Exception:
                # A mistake of ours. Answering 500 would bring this event back for ever, and its neighbours with it.
                log.exception("an event could not be stored: %s %s", event.call, event.message_id)
                why = "a mistake of the hub; it is in the hub's log"
                self.problems.add(key, [Refused(why, event.call, event.message_id)])

    # --- keys

    def _known(self, scope: Scope) -> Key | None:
        """The key that a request names outside of its body; None when it names none there."""
        key = _basic_user(header(scope, b"authorization")) or _asked(scope, "writeKey")
        return self._find(key, scope) if key else None

    def _find(self, key: str, scope: Scope) -> Key:
        try:
            return self.keys.find(key)
        except Refusal:
            self._hall.limits.take("tracking keys", self._hall.addresses.of(scope), WRONG_KEYS)
            raise

    def _admit(self, key: Key, scope: Scope, origin: str | None) -> None:
        if origin is not None:
            if key.trust == "server":
                why = f"the server key was sent by a page at {origin[:100]}, where everybody can read it: replace it"
                self.problems.add(key, [Refused(why)])
                raise Refusal("forbidden", "the server key is for servers; a page uses the write key")
            if origin not in key.site.origins:
                raise Refusal("foreign_origin", f"{origin[:100]!r} is not among the origins of the site")
        if key.trust == "public":
            self._hall.limits.take("tracking", self._hall.addresses.of(scope), POSTS)
        key.admit(self._hall.monotonic())

    # --- what libraries ask before they begin

    def _described(self, scope: Scope, path: str, origin: str | None) -> "Answer":
        named = path.split("/")[3] if path.startswith("/v1/projects/") else ""
        key = self._find(named, scope) if named else self._known(scope)
        if key is None or key.trust != "public":
            raise Refusal("unknown_key", "expected the write_key of a tracking connection")
        if origin is not None and origin not in key.site.origins:
            raise Refusal("foreign_origin", f"{origin[:100]!r} is not among the origins of the site")
        public_url = self._hall.config.hub.public_url
        if named:
            return 200, encode(tracking_config.segment(key.text, public_url)), []
        return 200, encode(tracking_config.rudder(key.text, key.connection, public_url)), []


Answer = tuple[int, bytes, list[tuple[bytes, bytes]]]
"""Status, body and further headers."""


def _route_of(path: str) -> str | None:
    """The row in the table of who may do what, without its method."""
    if path == "/sourceConfig":
        return "/sourceConfig"
    if path == "/beacon/v1/batch":
        return path
    parts = path.split("/")
    if len(parts) == 5 and parts[2] == "projects" and parts[4] == "settings":
        return "/v1/projects/{key}/settings"
    if len(parts) == 3 and (parts[2] in BATCHES or parts[2] in CALLS):
        return "/v1/{call}"
    return None


def _preflight(asked: str | None) -> Answer:
    """Any header may come: libraries add one with every release (the number of a retry, the time since the last), a page that may not add
    them sends nothing at all, and none of them is believed beyond what is written here. Cookies may not: they are not ours to use."""
    names = asked if asked is not None and _NAMES.fullmatch(asked) else _HEADERS
    more = [
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", names.encode()),
        (b"access-control-max-age", b"7200"),
    ]
    return 204, b"", more


def _refused(error: Refusal) -> Answer:
    more = []
    if error.retry_after is not None:
        more.append((b"retry-after", b"%d" % max(1, round(error.retry_after))))
    body = {"error": {"code": error.code, "message": error.message, "fields": error.fields}}
    return error.status, encode(body), more


def _consented(key: Key, event: Event, page: bool) -> bool:
    """Whether the event may be stored, where the site asks its visitors first. Raises Refused when the page does not say."""
    if key.site.consent == "none" or not (page or event.from_page):
        return True
    if event.consent is None:
        raise Refused(
            "context.consent: this site asks visitors for consent, and the event does not say what they answered",
            event.call,
            event.message_id,
        )
    return event.consent


async def _body(scope: Scope, receive: Receive) -> bytes:
    """The whole body, as sent. Raises Unreadable for more than may be."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal("bad_request", "the sender left before the end of its body")
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST:
            raise Unreadable(limits_of(b"".join(parts) + part), too_large=True)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _basic_user(value: str | None) -> str:
    scheme, _, coded = (value or "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(coded.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def _asked(scope: Scope, name: str) -> str:
    found = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=None).get(name, [""])
    return found[0] if len(found) == 1 else ""


def _wishes(scope: Scope) -> list[bytes]:
    """What the browser says about being tracked: Global Privacy Control, and its elder, Do Not Track."""
    return [value for name, value in scope["headers"] if name in (b"sec-gpc", b"dnt")]


def _network(address: str) -> str:
    """An address cut to /24 or /48, which is all that is kept of it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))
