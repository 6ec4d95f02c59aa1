"""Filing one mail: its bytes become a touchpoint, a receipt, or an entry of the quarantine, and nothing else.

No mail stops those behind it: what the reading breaks on, or the hub does not take, is set aside with its source and the reason. Only a
hub that cannot store anything now (`NotReady`) ends the run, and then nothing has moved.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

import hub
from hub_email import bounces, parsing, reading
from hub_email.automatic import automatic
from hub_email.ids import Ids, new_secret
from hub_email.mail import Mail, Poison
from hub_email.reading import Box

LONG_TO_READ = 200_000
"""Bytes from which on a mail is read in a thread of its own."""
SECRET, MESSAGE_IDS = "secret", "message-ids"
SENT = "sent "
"""Before the key of what was set aside from the folder of sent mail."""
LONGEST_KEY = 500


class Filing:
    """Files the mails of one connection."""

    def __init__(self, context: hub.Context, ids: Ids) -> None:
        self._context, self._ids = context, ids
        settings = context.settings
        believed = (settings.authserv_id,) if settings.authserv_id else ()
        self._box = Box(own=settings.own, authserv_ids=believed, site=settings.site or None)

    async def file(
        self,
        raw: bytes,
        at: datetime,
        *,
        ours: bool = False,
        puts: Sequence[hub.Put] = (),
        too_large: int = 0,
    ) -> bool:
        """False when it was set aside. It is durable, with all `puts`, when this returns.

        `at`: when it came into the folder. `ours`: it lies with the sent ones. `too_large`: the bytes it really has, where `raw` is
        only the beginning.
        """
        try:
            # A large mail takes a second to read; the other mailboxes' and the answers' turn must come meanwhile.
            read = asyncio.to_thread(self._read, raw, at, ours=ours) if len(raw) > LONG_TO_READ else None
            mail, found = self._read(raw, at, ours=ours) if read is None else await read
            if isinstance(found, Poison):
                await self._set_aside(found.key, raw, found.why, ours=ours, puts=puts)
                return False
            if found is None:
                await self._context.documents.put(*puts)
                return True
            if too_large:
                found = _beginning(found, too_large)
            # First the touchpoint: a bounce that is told twice is harmless, one that is not kept is lost.
            await self._context.report(found, puts=puts)
            if mail is not None:
                await self._tell_reports(mail)
        except hub.HubError:
            raise
        except Exception as error:
            # Of the reading, or of a touchpoint that the hub refuses: this mail alone is put aside.
            self._context.logger.warning("a mail could not be read and is set aside", exc_info=error)
            why = f"it cannot be read ({type(error).__name__}: {error})"
            await self._set_aside(hashlib.sha256(raw).hexdigest(), raw, why[:500], ours=ours, puts=puts)
            return False
        return True

    async def again(self, aside: hub.Aside, at: datetime) -> bool:
        """File what was set aside. Its key tells where it lay: its From line would make anybody's mail ours."""
        return await self.file(aside.raw, at, ours=aside.key.startswith(SENT))

    async def _set_aside(
        self, key: str, raw: bytes, why: str, *, ours: bool, puts: Sequence[hub.Put]
    ) -> None:
        await self._context.set_aside(f"{SENT if ours else ''}{key}"[:LONGEST_KEY], raw, why, puts=puts)

    def _read(
        self, raw: bytes, at: datetime, *, ours: bool
    ) -> tuple[Mail | None, hub.Touchpoint | Poison | None]:
        """The mail if it came from outside, and what is to be filed: nothing of what the hub has written itself."""
        mail = parsing.parse(raw)
        if isinstance(mail, Poison):
            return None, mail
        if ours:
            return None, reading.sent(mail, self._box, self._ids, at)
        if self._ids.is_ours(mail.message_id):  # come back by a list, or by a rule of the server's
            return None, None
        return mail, reading.touchpoint(mail, self._box, self._ids, at)

    async def _tell_reports(self, mail: Mail) -> None:
        """What other servers say about mails of ours."""
        if automatic(mail).kind != "bounce":
            return
        for report in bounces.reports(mail, self._ids):
            if report.state != "delayed":  # their servers go on trying
                await self._context.receipt(report.message, hub.Receipt(state=report.state, why=report.why))


def _beginning(touchpoint: hub.Touchpoint, size: int) -> hub.Touchpoint:
    """Of a mail that is too large: its text as far as it was fetched, without files, and a line that says so."""
    message = touchpoint.message
    if message is None:
        return touchpoint
    line = f"[This mail is too large to be taken in ({size / 1e6:.0f} MB): its whole text and its files are in the mailbox.]"
    text = f"{message.text.rstrip()}\n\n{line}".lstrip()
    return msgspec.structs.replace(
        touchpoint, message=msgspec.structs.replace(message, text=text, html="", files=())
    )


async def ids_of(context: hub.Context) -> Ids:
    """The maker and checker of our Message-IDs, whose secret is made at the first start."""
    kept = await context.documents.get(SECRET, MESSAGE_IDS)
    secret = new_secret().hex() if kept is None else str(kept.body)
    if kept is None:
        await context.documents.put(hub.Put(kind=SECRET, key=MESSAGE_IDS, body=secret))
    domain = str(context.settings.address).rpartition("@")[2]
    return Ids(bytes.fromhex(secret), context.connection, domain)
