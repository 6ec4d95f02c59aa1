"""Context: the one bridge between a plugin and the hub, as narrow as it can be and free to grow.

A plugin gets its own connection's settings, documents and logger, a clock, an HTTP client that cannot be lured
to inner addresses, and the verbs it may use. Each method may be awaited on the connection's event loop only.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from hub.contract.documents import Documents, Put
from hub.contract.touchpoint import Touchpoint

if TYPE_CHECKING:
    from hub.contract.channel import Receipt
    from hub.contract.page import Frame, Visitor


class Clock(Protocol):
    """Time as the hub sees it; tests move it."""

    def now(self) -> datetime:
        """The present, aware, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Pause. Prefer it over asyncio.sleep: a test can then move time instead of waiting."""


class HttpResponse(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, whole in memory: the client refuses bodies above its cap. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def text(self) -> str:
        """The body as UTF-8; bytes that are not become U+FFFD."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON; raises ValueError when it is none, or is nested too deeply to be read."""
        try:
            return msgspec.json.decode(self.body)
        except RecursionError:
            raise ValueError("the body is JSON nested too deeply") from None


class HttpClient(Protocol):
    """The hub's outgoing HTTP: timeouts, a size cap, no redirects, no proxy variables, no inner addresses."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the client bounds each phase, not the await
    ) -> HttpResponse:
        """One exchange; `timeout` in seconds can only shorten the hub's own.

        Any status is returned, not raised. Raises `NotReady` when the other side cannot be reached or is too
        slow, `Rejected` when the address, the scheme or the size is not allowed.
        """


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a customer has volunteered somewhere: do not ask for it again.

    `kind`: name, email, phone, order, invoice, tracking, customer, postcode, address, birthday, size, company or city.
    `value` is None where the person on the other side has not proven to be that customer: then skip the question, and leave the
    rest to an operator, who sees it. Where there is a value, ask at most whether it is still so.
    """

    kind: str
    value: str | None
    at: datetime


class Context(Protocol):
    """What a plugin's methods get. The same object for `run`, `deliver` and the features of one connection."""

    @property
    def connection(self) -> str:
        """The NAME of `[channels.NAME]`."""

    @property
    def settings(self) -> Any:
        """An instance of the channel's settings class."""

    @property
    def logger(self) -> logging.Logger:
        """Named after the connection; what it logs is shown beside the connection's health."""

    @property
    def clock(self) -> Clock: ...

    @property
    def http(self) -> HttpClient: ...

    @property
    def documents(self) -> Documents: ...

    async def report(self, touchpoint: Touchpoint, *, puts: Sequence[Put] = ()) -> None:
        """Hand over one touchpoint; it is durable, with all `puts`, when this returns.

        Reporting one again (same idempotency key) is harmless; its puts are written all the same.
        Raises ValueError for a touchpoint that cannot be accepted, naming the field.
        """

    async def receipt(self, message: str, receipt: Receipt) -> bool:
        """What became of a message after `deliver` had returned: delivered, read, or failed with the reason (a bounce).

        `message` is its `OutgoingMessage.id`. Never backwards: saying it twice, or late, is harmless. False when this connection
        has sent no such message.
        """

    async def set_aside(self, key: str, raw: bytes, why: str, *, puts: Sequence[Put] = ()) -> None:
        """Keep what came in and cannot be read, with the reason in a sentence, for somebody to look; then go on with the next.

        `key` is what its touchpoint's would have been; durable, with all `puts`, when this returns. Setting one aside again only
        changes the reason. Of more than 32 MiB, or when 512 MiB of this connection are aside, the beginning is kept.
        """

    async def known(self, of: Visitor | str) -> tuple[Known, ...]:
        """What the customer of a thread (`Touchpoint.thread`), or of a page, has volunteered anywhere, the latest of each kind first.

        Empty for somebody nobody has talked with. Ask before a form or a bot asks.
        """

    async def to_visitor(self, visitor: Visitor | str, frame: Frame) -> None:
        """Send one volatile frame to the visitor's open pages; nothing happens when there are none.

        Raises ValueError for an undeclared frame name or more than 16 KiB of data.
        """
