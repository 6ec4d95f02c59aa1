"""Deliveries to the owner's endpoints, as the Standard Webhooks specification has them, through the one HTTP client and its guard.

Only a status of 2xx is taken for an answer; a redirect is none. 410 switches the endpoint off and
puts aside what waits for it, until an admin says otherwise. What the
other side names in Retry-After counts for the whole endpoint, not only for the event that heard it.
"""

from __future__ import annotations

import asyncio
import email.utils
import time
from collections.abc import Callable

import msgspec

from hub import outbox
from hub.config import WebhookSection
from hub.contract import AuthFailed, HttpResponse, NotReady, Receipt, Rejected
from hub.outbound import Outbound
from hub.outbox import Due, webhooks
from hub.runners.connection import ConnectionHealth
from hub.runners.delivering import OFTEN, NothingLeft
from hub.runners.ports import Ports
from hub.signing import headers, key_of
from hub.store import Store

SECONDS = 20.0
"""Within which an endpoint has to answer; the specification recommends 15 to 30."""
MOST_REST = 3600.0
"""Seconds for which an endpoint may silence all of its events; a longer wish counts for the one event that heard it."""


class Gone(Rejected):
    """410: the receiver wants nothing more."""


class WebhookWay:
    """The way to one endpoint. Runs on the hub's own loop: no code of a plugin is in it."""

    def __init__(
        self,
        name: str,
        settings: WebhookSection,
        store: Store,
        outbound: Outbound,
        ports: Ports,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.wake = webhooks.PREFIX + name, asyncio.Event()
        self.deadline, self.doubts = SECONDS, OFTEN
        self.window: float | None = None
        self.health = ConnectionHealth(name, "", ports, settings)
        self.health.now = msgspec.structs.replace(self.health.now, what="webhook")
        self.client = outbound.client(SECONDS)
        self._endpoint, self._url = name, settings.url
        secrets = [settings.secret, settings.old_secret]
        self._keys = [key_of(secret.reveal()) for secret in secrets if secret is not None]
        self._store, self._clock, self._monotonic = store, ports.clock, monotonic
        self._held, self._silent_until = False, 0.0

    async def remember(self) -> None:
        """What it said before this start."""
        why = await self._store.read(webhooks.why_gone, self._endpoint)
        if why is not None:
            self.hold("deliver", why)
            await self._set_aside()

    @property
    def rests(self) -> float | None:
        if self._held:
            return float("inf")
        left = self._silent_until - self._monotonic()
        return left if left > 0 else None

    def hold(self, part: str, why: str) -> None:
        self._held = True
        self.health.say(part, "failed", why)

    @property
    def held(self) -> bool:
        """Whether nothing is sent until somebody has seen to it."""
        return self._held

    async def again(self) -> None:
        """An admin has seen to it: what waits is due now."""
        while await self._store.write_background(webhooks.back, self._endpoint):
            pass
        await self._store.write(outbox.hasten, self.name)
        self._held, self._silent_until = False, 0.0
        self.health.say("deliver", "enabled")
        self.wake.set()

    async def carry(self, due: Due) -> Receipt:
        body = await self._store.read(webhooks.body, due.item)
        if body is None:
            raise NothingLeft
        signed = headers(self._keys, f"msg_{due.item.hex()}", self._clock() // 1_000_000, body)
        try:
            answer = await self.client.tell(
                self._url, headers={**signed, "content-type": "application/json"}, content=body
            )
        except Rejected as error:  # the guard's word is about the address, not about this event
            raise AuthFailed(error.why) from None
        self._judge(answer)
        return Receipt()

    async def finish(self, due: Due, why: str) -> bool | None:
        """410: nothing more is written for this endpoint, and what was is put aside."""
        self.hold("deliver", why)
        await self._store.write(webhooks.gone, self._endpoint, why)
        done = await self._store.write(outbox.put_aside, due, why)
        await self._set_aside()
        return done

    async def _set_aside(self) -> None:
        while await self._store.write_background(webhooks.set_aside, self._endpoint):
            pass

    def _judge(self, answer: HttpResponse) -> None:
        if 200 <= answer.status < 300:
            return
        said = f"it answered {answer.status}"
        if answer.status == 410:
            raise Gone(f"{said}, so nothing more is sent there")
        if 300 <= answer.status < 400:
            raise NotReady(
                f"{said}: a redirect is not followed; write the address it should go to into hub.toml"
            )
        pause = retry_after(answer.headers.get("retry-after", ""), self._clock() / 1_000_000)
        if pause is not None and pause <= MOST_REST:
            self._silent_until = self._monotonic() + pause
        raise NotReady(said, retry_after=pause)


def retry_after(text: str, now: float) -> float | None:
    """Seconds or a date (RFC 9110 §10.2.3) as seconds from `now`; None for neither, and for nonsense."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return max(0.0, moment.timestamp() - now)
