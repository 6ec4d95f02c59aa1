"""A mailbox on a real server, and a channel that reads it without a hub: what it says is kept in a `FakeContext`."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import hub
from hub.testing import FakeContext
from hub_email import Email
from tests.mail.servers import PASSWORD, Dovecot

COUNT = itertools.count(1)


def mail(number: int, body: str = "Hello", *, head: str = "", sender: str = "ann@example.org") -> bytes:
    """An honest mail; its text says its number."""
    text = (
        f"From: Ann <{sender}>\r\nTo: shop@hub.test\r\nSubject: Mail {number}\r\n"
        f"Message-ID: <{number}@example.org>\r\nDate: Sun, 22 Nov 2026 10:00:{number % 60:02d} +0000\r\n{head}"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{number}: {body}\r\n"
    )
    return text.encode()


class Kept(FakeContext):
    """Remembers every call, also one that the hub would know to be a repeat."""

    def __init__(self, settings: hub.Settings) -> None:
        super().__init__(settings, connection="mail")
        self.clock.at = datetime.now(UTC)
        self.calls: list[str] = []
        self.happened = asyncio.Event()
        self.full = False

    async def report(self, touchpoint: hub.Touchpoint, *, puts: Sequence[hub.Put] = ()) -> None:
        if self.full:
            raise hub.NotReady("the disk is full")
        self.calls.append(touchpoint.key)
        await super().report(touchpoint, puts=puts)
        self.happened.set()

    async def set_aside(self, key: str, raw: bytes, why: str, *, puts: Sequence[hub.Put] = ()) -> None:
        self.calls.append(key)
        await super().set_aside(key, raw, why, puts=puts)
        self.happened.set()

    def subjects(self) -> list[str]:
        return [it.message.subject for it in self.reported if it.message is not None]


class Mailbox:
    """One user's. `server` is where it really is."""

    def __init__(self, server: Dovecot) -> None:
        self.server = server
        self.user = f"shop{next(COUNT)}@hub.test"

    def settings(self, **changed: Any) -> Any:
        """As they would come out of hub.toml. All mail is taken, also what is there already."""
        values: dict[str, Any] = {
            "address": self.user, "password": hub.Secret(PASSWORD), "earlier_days": 2, "poll": 0.2, "patience": 5.0,
            "imap_host": "127.0.0.1", "imap_port": self.server.imap, "imap_security": "none",
            "smtp_host": "127.0.0.1", "smtp_port": self.server.submission, "smtp_security": "none",
        }  # fmt: skip
        return Email.settings(**{**values, **changed})

    def context(self, **changed: Any) -> Kept:
        return Kept(self.settings(**changed))

    def deliver(self, *mails: bytes) -> None:
        """From outside."""
        self.server.deliver_all(mails, self.user)

    def fill(self, *numbers: int) -> None:
        self.deliver(*(mail(number) for number in numbers))


@asynccontextmanager
async def running(context: Kept) -> AsyncIterator[list[hub.HubError]]:
    """The channel's run, begun anew after each `NotReady`, as the hub does; the errors are given."""
    errors: list[hub.HubError] = []

    async def run() -> None:
        while True:
            try:
                await Email().run(context)
            except hub.NotReady as error:
                errors.append(error)
                await asyncio.sleep(0.005)

    task = asyncio.get_running_loop().create_task(run())
    try:
        yield errors
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(fact: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for a fact."""
    async with asyncio.timeout(seconds):
        while not fact():
            await asyncio.sleep(0.005)
