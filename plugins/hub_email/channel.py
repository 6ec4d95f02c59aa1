"""The channel: one connection is one mailbox with its folders, and the server its answers leave by.

One line to the mailbox, whatever the number of folders: the first one is watched (IDLE), the others are asked for after each mail and
every `poll` seconds. A line per folder is answered by some providers with "too many connections", and then nothing arrives at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import hub
from hub_email import composing, sending
from hub_email.composing import Composed, Sender
from hub_email.filing import Filing, ids_of
from hub_email.ids import Ids
from hub_email.imap import FOR_NOW, Imap, Refused, connected
from hub_email.receiving import Folder, Receiver
from hub_email.settings import EmailSettings

MOST_FILES = 18_000_000
"""Bytes of files in one mail: most servers stop at 25 MB, and a mail is a third larger than what it carries."""
KEEPING = 20.0
"""Seconds for putting a sent mail into its folder. It has gone out: this must not make it a failure."""


class Email(hub.Channel):
    """A mailbox."""

    kind = "email"
    settings = EmailSettings
    capabilities = hub.Capabilities(addresses="email", subjects=True, files=MOST_FILES, seconds=240.0)
    weighs = "mail"

    def __init__(self) -> None:
        self._ids: Ids | None = None
        self._making = asyncio.Lock()

    async def run(self, context: hub.Context) -> None:
        """Watch the mailbox until cancelled."""
        receiver = Receiver(context, Filing(context, await self._known(context)))
        async with connected(context.settings) as imap:
            folders = await _folders(imap, context.settings)
            while True:
                await self._look(imap, receiver, folders)
                await imap.wait(context.settings.poll)

    async def _look(self, imap: Imap, receiver: Receiver, folders: list[Folder]) -> None:
        """Read all folders, the watched one last, so that it is the one that stays open."""
        for folder in reversed(folders):
            try:
                await receiver.read(imap, folder)
                await receiver.compare(imap, folder)
            except Refused as error:
                raise _unreadable(folder, error) from None
        if imap.opened != folders[0].name:
            await imap.open(folders[0].name, writing=receiver.writes(folders[0]))
            await receiver.read(imap, folders[0])

    async def deliver(self, message: hub.OutgoingMessage, context: hub.Context) -> hub.Receipt:
        """Send one mail, and put it with the sent ones. Its Message-ID is the same in every attempt."""
        settings: EmailSettings = context.settings
        sender = Sender(address=settings.address, name=settings.name)
        composed = composing.compose(message, sender, await self._known(context))
        await sending.send(composed, settings)
        if settings.keep_sent and settings.sent != "-":
            await _keep(composed, message.attempt, context)
        return hub.Receipt(external_id=composed.message_id)

    async def knock(self, settings: EmailSettings) -> str:
        """Log in at both servers, and look for the folders."""
        async with connected(settings) as imap:
            folders = await _folders(imap, settings)
        await sending.knock(settings)
        names = ", ".join(folder.name for folder in folders)
        return f"{settings.imap_host} and {settings.sending_host} let {settings.login} in; it reads {names}"

    async def again(self, aside: hub.Aside, context: hub.Context) -> None:
        """Read once more what was set aside: by a newer release, perhaps."""
        filing = Filing(context, await self._known(context))
        if not await filing.again(aside, context.clock.now()):
            raise hub.Rejected("it cannot be read now either")

    async def _known(self, context: hub.Context) -> Ids:
        # `run` and the first deliveries begin at the same time, and must not make a secret each.
        async with self._making:
            if self._ids is None:
                self._ids = await ids_of(context)
            return self._ids


async def _folders(imap: Imap, settings: EmailSettings) -> list[Folder]:
    """The folders to read, the watched one first. Raises Rejected with what there is when one does not exist."""
    there = await imap.folders()
    folders = [Folder(name=name) for name in settings.mailboxes]
    if sent := sent_folder(there, settings):
        folders.append(Folder(name=sent, ours=True))
    for folder in folders:
        if folder.name not in there and folder.name.upper() != "INBOX":
            names = ", ".join(sorted(there)[:40])
            raise hub.Rejected(f"there is no folder {folder.name!r} in the mailbox; there are: {names}")
    return folders


def sent_folder(there: dict[str, frozenset[bytes]], settings: EmailSettings) -> str:
    """Where sent mail lies: as the settings say, else what the server marks as that; empty when there is none."""
    if settings.sent:
        return "" if settings.sent == "-" else settings.sent
    marked = [name for name, flags in there.items() if b"\\sent" in flags and name not in settings.mailboxes]
    return min(marked, default="")


def _unreadable(folder: Folder, error: Refused) -> hub.HubError:
    why = f"the folder {folder.name!r} cannot be read: {error.text}"
    return hub.NotReady(why) if error.code in FOR_NOW or not error.code else hub.Rejected(why)


async def _keep(composed: Composed, attempt: int, context: hub.Context) -> None:
    settings: EmailSettings = context.settings
    try:
        async with asyncio.timeout(KEEPING), connected(settings) as imap:
            sent = sent_folder(await imap.folders(), settings)
            if sent and not (attempt > 1 and await _is_kept(imap, sent, composed.message_id)):
                await imap.append(sent, composed.raw)
    except (hub.HubError, Refused, TimeoutError) as error:
        context.logger.warning("a mail was sent, and could not be put with the sent ones: %s", error)


async def _is_kept(imap: Imap, folder: str, message_id: str) -> bool:
    await imap.open(folder)
    return bool(await imap.search("HEADER", "MESSAGE-ID", f'"{message_id}"'))


@hub.hookimpl
def hub_register_channels(register: Callable[[type[hub.Channel]], None]) -> None:
    """The door that every plugin comes in by."""
    register(Email)
