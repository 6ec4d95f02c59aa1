"""From a mailbox into the hub: every mail once, in the order of its folder, whatever breaks in between.

How far a folder has been read is a document (`cursor`), written in the transaction that files the mail it moves past. A folder is known
by its generation (UIDVALIDITY): with another one all its numbers mean other mails, so it is read again from where it was first
read, and what comes a second time is known to the hub by its key.

What has been filed is noted by number (`filed`) for some days. That is what the daily comparison asks: is there a mail in the folder
that was passed over? A server that shows numbers out of order, or a fault of ours, is found by that within a day.
"""

from __future__ import annotations

import hashlib
import imaplib
import time
from datetime import UTC, datetime
from typing import Any

import msgspec

import hub
from hub_email.filing import Filing
from hub_email.imap import FOR_NOW, Imap, Refused, Sighted, Status

CURSOR, FILED, COMPARED = "cursor", "filed", "compared"
DAY = 86_400
SKEW = 600
"""Seconds by which a server's clock may be behind ours. What is taken in a second time for that is known by its key."""
BEGINNING = 256 * 1024
"""Bytes that are taken of a mail that is too large."""


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that is read. `ours`: what the business itself has sent."""

    name: str
    ours: bool = False


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """How far a folder is read: all mails up to `uid` of the generation `validity`.

    Those up to `old` were there before; of them only what came at `since` or later (seconds) is the hub's business.
    """

    validity: int
    uid: int
    old: int
    since: float

    def wants(self, mail: Sighted) -> bool:
        """Whether this mail is one to be filed, apart from whether it is."""
        return mail.uid > self.old or arrived(mail) >= self.since


class Receiver:
    """Reads the folders of one account over one connection after another."""

    def __init__(self, context: hub.Context, filing: Filing) -> None:
        self._context, self._filing, self._settings = context, filing, context.settings

    async def read(self, imap: Imap, folder: Folder) -> None:
        """File what has come since the last time. With the folder open already, it is only asked for what is new."""
        cursor = kept = await self._cursor(folder)
        if imap.opened != folder.name:
            status = await imap.status(folder.name)
            if cursor and status == Status(cursor.validity, cursor.uid + 1):
                return
            cursor = cursor or await self._first(folder, status)
            validity = await imap.open(folder.name, writing=self.writes(folder))
            if validity != cursor.validity:
                self._context.logger.warning(
                    "%s was numbered anew by its server: it is read again", folder.name
                )
                cursor = msgspec.structs.replace(
                    cursor, validity=validity, uid=0, old=status.following - 1, since=cursor.since - SKEW
                )
        assert cursor is not None
        for mail in await imap.sighted(f"{cursor.uid + 1}:*"):
            if mail.uid > cursor.uid:  # "9:*" is the last mail where there is no ninth
                cursor = msgspec.structs.replace(cursor, uid=mail.uid)
                if cursor.wants(mail):
                    await self._file(imap, folder, cursor, mail)
        if cursor != kept:  # the last ones may have been none of ours, or gone
            await self._context.documents.put(_put(folder, cursor))

    async def compare(self, imap: Imap, folder: Folder) -> int:
        """Once a day: file what lies in the folder, came in the last days and was passed over. Returns how many those were."""
        now = self._now()
        kept = await self._context.documents.get(COMPARED, key_of(folder.name))
        cursor = await self._cursor(folder)
        if cursor is None or (kept is not None and now - float(kept.body) < DAY):
            return 0
        since = now - self._settings.reconcile_days * DAY
        if (
            imap.opened != folder.name
            and await imap.open(folder.name, writing=self.writes(folder)) != cursor.validity
        ):
            return 0  # the next look reads it anew as a whole
        found = await imap.search("SINCE", time.strftime("%d-%b-%Y", time.gmtime(since - DAY)))
        noted = {it.key for it in await self._context.documents.all(FILED)}
        missing = [
            uid for uid in found if uid <= cursor.uid and _filed(folder, cursor.validity, uid) not in noted
        ]
        passed = await self._take_up(imap, folder, cursor, missing, since)
        if passed:
            self._context.logger.warning(
                "%s: %d mails of the last %d days had been passed over; they are filed now",
                folder.name, passed, self._settings.reconcile_days,
            )  # fmt: skip
        await self._context.documents.put(hub.Put(kind=COMPARED, key=key_of(folder.name), body=now))
        await self._forget()
        return passed

    async def _forget(self) -> None:
        """Drop the notes that no comparison asks for any more."""
        before = self._now() - (self._settings.reconcile_days + 2) * DAY
        gone = [it for it in await self._context.documents.all(FILED) if float(it.body) < before]
        for at in range(0, len(gone), 500):
            await self._context.documents.put(
                *(hub.Put(kind=FILED, key=it.key, body=None) for it in gone[at : at + 500])
            )

    # --- one mail

    async def _take_up(
        self, imap: Imap, folder: Folder, cursor: Cursor, uids: list[int], since: float
    ) -> int:
        passed = 0
        for uid in uids:
            for mail in await imap.sighted(str(uid)):
                if arrived(mail) >= since and cursor.wants(mail):
                    await self._file(imap, folder, cursor, mail)
                    passed += 1
        return passed

    async def _file(self, imap: Imap, folder: Folder, cursor: Cursor, mail: Sighted) -> None:
        """One mail into the hub, with the cursor and its note in the same transaction; into quarantine if it cannot be read."""
        note = hub.Put(kind=FILED, key=_filed(folder, cursor.validity, mail.uid), body=arrived(mail))
        puts = [_put(folder, cursor), note]
        large = mail.size > self._settings.max_size
        try:
            raw = await imap.mail(mail.uid, most=BEGINNING if large else None)
        except Refused as error:
            if error.code in FOR_NOW:
                raise hub.NotReady(f"{folder.name}: {error.text}") from None
            why = f"the server does not give it out: {error.text}"
            await self._context.set_aside(note.key, b"", why, puts=puts)
            return
        if raw is not None:  # else somebody has deleted it meanwhile
            at = datetime.fromtimestamp(arrived(mail), UTC)
            await self._filing.file(raw, at, ours=folder.ours, puts=puts, too_large=mail.size if large else 0)
            if self.writes(folder):
                await imap.seen(mail.uid)

    # --- what is kept

    def writes(self, folder: Folder) -> bool:
        """Whether it is opened for marking mails as read."""
        return bool(self._settings.mark_seen) and not folder.ours

    async def _cursor(self, folder: Folder) -> Cursor | None:
        kept = await self._context.documents.get(CURSOR, key_of(folder.name))
        return None if kept is None else msgspec.convert(kept.body, Cursor)

    async def _first(self, folder: Folder, status: Status) -> Cursor:
        """A folder that is read for the first time: from now on, or with some days before."""
        since = self._now() - self._settings.earlier_days * DAY
        old = status.following - 1
        uid = 0 if self._settings.earlier_days else old
        cursor = Cursor(validity=status.validity, uid=uid, old=old, since=since)
        await self._context.documents.put(_put(folder, cursor))
        return cursor

    def _now(self) -> float:
        return self._context.clock.now().timestamp()


def arrived(mail: Sighted) -> float:
    """When the server took it, in seconds since 1970. One that does not say so has it from now."""
    found = imaplib.Internaldate2tuple(b'INTERNALDATE "' + mail.at + b'"')
    return time.time() if found is None else float(time.mktime(found))


def key_of(folder: str) -> str:
    """A document's key for a folder of any name."""
    return folder if len(folder) <= 100 else hashlib.sha256(folder.encode()).hexdigest()


def _filed(folder: Folder, validity: int, uid: int) -> str:
    return f"{key_of(folder.name)}/{validity}/{uid}"


def _put(folder: Folder, cursor: Cursor) -> hub.Put:
    body: dict[str, Any] = msgspec.to_builtins(cursor)
    return hub.Put(kind=CURSOR, key=key_of(folder.name), body=body)
