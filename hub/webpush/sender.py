"""Posts pushes to the push services that operators' browsers named, and heeds what these answer.

A push is urgent and short-lived: after ten minutes it is worth nothing, and its topic lets a later round replace an earlier one that
the service still holds. 404 and 410 mean that the browser has gone. 429 and failures of the service cost a pause. Addresses come from
browsers, so they pass the guard of `outbound`.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import msgspec

from hub.actions import webpush
from hub.clock import on_the_wall
from hub.config import SiteSection
from hub.contract import HttpResponse, NotReady, Rejected
from hub.outbound import OutboundClient
from hub.store import Store

if TYPE_CHECKING:
    from hub.webpush.vapid import Vapid

log = logging.getLogger("hub.webpush")

TTL = 600
AT_ONCE = 8
TEXT = 200
"""Characters of the customer's words that a notification shows."""
GONE = (404, 410)
REFUSED = (400, 401, 403, 413)

Fate = Literal["taken", "gone", "refused", "later"]


class Unavailable(Exception):
    """This hub cannot push; the text says what to do."""


class Sent(msgspec.Struct, frozen=True):
    """What became of a push. `status` is the push service's answer, 0 for none."""

    fate: Fate
    status: int = 0
    why: str = ""
    pause: float | None = None
    """Seconds the service asked us to wait."""


class Sender:
    """One for the hub. Start nothing: `send_due` is a tick's job. `stop` ends what is on its way."""

    def __init__(
        self,
        store: Store,
        client: OutboundClient,
        clock: Callable[[], int],
        folder: Path,
        public_url: str,
        sites: Mapping[str, SiteSection],
    ) -> None:
        self._store, self._client, self._clock = store, client, clock
        self._folder, self._public_url, self._sites = folder, public_url, sites
        self._vapid: Vapid | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)

    def key(self) -> str:
        """The public key that browsers subscribe with. Raises Unavailable."""
        return self._word().public

    def demand_key(self, key: bytes) -> None:
        """Refuse what is no browser's public key. Raises ValueError."""
        from hub.webpush.sealing import public_key

        public_key(key)

    async def demand_outer(self, endpoint: str) -> None:
        """Refuse an address we would not post to. Raises Rejected, NotReady."""
        parts = urlsplit(endpoint)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise Rejected(f"a push service is reached by https, got the scheme {parts.scheme!r}")
        await self._client.check(endpoint)

    async def send_due(self) -> None:
        """Push to everybody whom the alarm would ring for and who was not called for this round."""
        if not await self._store.read(webpush.is_due):
            return
        calls = await self._store.write(webpush.claim)
        await asyncio.gather(*(self._call(call) for call in calls))

    async def test(self, to: webpush.Subscription) -> Sent:
        """Push a test, so that the operator sees whether it arrives. Raises Unavailable."""
        return await self._post(to, {"kind": "test", "language": to.language}, "test")

    async def stop(self) -> None:
        """Let go of sockets."""
        await self._client.aclose()

    async def _call(self, call: webpush.Call) -> None:
        id_ = webpush.conversation_id(call)
        message: dict[str, str | int] = {
            "kind": "waits",
            "conversation": id_,
            "site": self._sites[call.site].name if call.site in self._sites else call.site,
            "round": call.alarm,
            "language": call.to.language,
        }
        if call.to.words:
            message |= {"name": call.name[:TEXT], "text": call.text[:TEXT]}
        sent = await self._post(call.to, message, id_)
        if sent.fate == "taken":
            await self._store.write_background(webpush.arrived, call.to.session)
        elif sent.fate == "later":
            await self._store.write(webpush.put_off, call, sent.pause)
        else:
            log.warning("a browser is called no longer: %s", sent.why)
            await self._store.write(webpush.drop, call.to.session)

    async def _post(self, to: webpush.Subscription, message: dict[str, str | int], topic: str) -> Sent:
        from hub.webpush.sealing import seal

        word, place = self._word(), urlsplit(to.endpoint).netloc
        headers = {
            "authorization": word.authorization(to.endpoint, on_the_wall(self._clock) // 1_000_000),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(TTL),
            "topic": topic,
            "urgency": "high",
        }
        body = seal(msgspec.json.encode(message), to.key, to.auth)
        try:
            async with self._turns:
                answer = await self._client.request("POST", to.endpoint, headers=headers, content=body)
        except Rejected as error:
            return Sent("refused", why=str(error))
        except NotReady as error:
            return Sent("later", why=str(error))
        return _fate(answer, place)

    def _word(self) -> "Vapid":
        if self._vapid is None:
            try:
                from hub.webpush.vapid import Vapid, own_key, subject_of
            except ImportError:
                raise Unavailable(
                    "this hub lacks the package `cryptography`; install touchpoint-hub[push] and start it again"
                ) from None
            try:
                self._vapid = Vapid(own_key(self._folder), subject_of(self._public_url))
            except (ValueError, OSError) as error:
                raise Unavailable(str(error)) from None
        return self._vapid


def _fate(answer: HttpResponse, place: str) -> Sent:
    if 200 <= answer.status < 300:
        return Sent("taken", answer.status)
    said = f"{place} answered {answer.status}"
    if answer.status in GONE:
        return Sent("gone", answer.status, f"{said}: this browser is no longer subscribed")
    if answer.status in REFUSED:
        return Sent("refused", answer.status, f"{said}: {answer.body[:200].decode(errors='replace')}")
    pause = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after", "")
    return Sent("later", answer.status, said, float(pause) if pause.isascii() and pause.isdigit() else None)
