"""A thin IMAP client: one connection, one command at a time, and nothing in it that the hub does not ask for.

Our own, because what there is does not keep the promise that a cut loses nothing and doubles nothing: the asyncio client that is
best known waits for ever after a lost line, counts brackets inside of customers' mails, and its licence is not ours. What the server
says goes through `responses`, so a mail is either whole here or not here at all.

    NotReady    the line, or the server for now: begin anew later
    AuthFailed  it does not let us in with these words
    Refused     it says no to this one command (a folder that does not exist)
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import hub
from hub_email import folders
from hub_email.responses import LONGEST_LINE, Item, Reader, items, pairs
from hub_email.settings import EmailSettings

HEADROOM = 1024 * 1024
"""Bytes beyond the largest mail that a server may send in one literal: it may count line ends otherwise."""
FOR_NOW = (
    b"UNAVAILABLE", b"INUSE", b"LIMIT", b"OVERQUOTA", b"SERVERBUG", b"ALERT",
)  # fmt: skip
BUSY = re.compile(
    r"too many|maximum number|simultaneous|temporar|try again|unavailable|later|rate.?limit|system",
    re.IGNORECASE,
)
CODE = re.compile(rb"\[([A-Z0-9-]+)(?: ([^\]]*))?\]", re.IGNORECASE)


class Refused(Exception):
    """The server said NO or BAD to a command. `code` is what stands in square brackets, without its arguments."""

    def __init__(self, command: str, code: bytes, text: str) -> None:
        super().__init__(f"{command}: {text}")
        self.code, self.text = code, text


class Status(NamedTuple):
    """Where a folder is: its generation, and the number that its next mail gets."""

    validity: int
    following: int


class Sighted(NamedTuple):
    """A mail in the folder: its number, its bytes, and when it came there, as the server says it."""

    uid: int
    size: int
    at: bytes


class Imap:
    """A connection that is logged in. Made by `connected`."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, settings: EmailSettings
    ) -> None:
        self.capabilities: frozenset[bytes] = frozenset()
        self.opened = ""
        """The folder that is open."""
        self._news = False
        self._settings, self._writer, self._tag = settings, writer, 0
        self._host = settings.imap_host
        self._replies = self._reader_of(reader)

    # --- what the hub asks for

    async def status(self, folder: str) -> Status:
        """Where a folder is, without opening it. Raises Refused when it does not exist."""
        for reply in await self._command("STATUS", folders.encoded(folder), b"(UIDVALIDITY UIDNEXT)"):
            if _word(reply, 1) == b"STATUS":
                found = pairs(items(reply)[-1])
                return Status(_number(found.get(b"UIDVALIDITY")), _number(found.get(b"UIDNEXT")))
        raise hub.NotReady(f"{self._host} did not say where {folder} is")

    async def open(self, folder: str, *, writing: bool = False) -> int:
        """Open a folder, for reading alone unless `writing`. Returns its generation (UIDVALIDITY)."""
        verb = "SELECT" if writing else "EXAMINE"
        self.opened = ""
        replies = await self._command(verb, folders.encoded(folder))
        self.opened, self._news = folder, False
        for reply in replies:
            if found := re.match(rb"\* OK \[UIDVALIDITY (\d+)\]", reply[0], re.IGNORECASE):
                return int(found[1])
        raise hub.NotReady(f"{self._host} gave {folder} no UIDVALIDITY")

    async def sighted(self, uids: str) -> list[Sighted]:
        """The mails of the open folder in a range such as `"5:*"`, in the order of their numbers."""
        self._news = False  # what comes from here on may not be among them
        found = await self._fetched(uids, "(UID RFC822.SIZE INTERNALDATE)")
        seen = {
            uid: Sighted(uid, _number(it.get(b"RFC822.SIZE")), _bytes(it.get(b"INTERNALDATE")))
            for uid, it in found.items()
            if b"RFC822.SIZE" in it
        }
        return [seen[uid] for uid in sorted(seen)]

    async def mail(self, uid: int, *, most: int | None = None) -> bytes | None:
        """One mail as it lies there, without marking it as read; its first `most` bytes. None when it has gone."""
        part = "BODY.PEEK[]" if most is None else f"BODY.PEEK[]<0.{most}>"
        found = (await self._fetched(str(uid), f"(UID {part})")).get(uid, {})
        return next((_bytes(body) for name, body in found.items() if name.startswith(b"BODY[]")), None)

    async def search(self, *criteria: str | bytes) -> list[int]:
        """The numbers of the mails that fit."""
        found: list[int] = []
        for reply in await self._command(
            "UID SEARCH", *(it.encode() if isinstance(it, str) else it for it in criteria)
        ):
            if _word(reply, 1) == b"SEARCH":
                found += [_number(it) for it in items(reply)[2:] if isinstance(it, bytes) and it.isdigit()]
        return sorted(found)

    async def seen(self, uid: int) -> None:
        """Mark a mail as read; the folder must be open for `writing`."""
        await self._command("UID STORE", str(uid).encode(), b"+FLAGS.SILENT (\\Seen)")

    async def append(self, folder: str, mail: bytes) -> None:
        """Put a mail there, as read."""
        await self._command("APPEND", folders.encoded(folder), b"(\\Seen)", mail, literal=True)

    async def folders(self) -> dict[str, frozenset[bytes]]:
        """Every folder by name, with its attributes in small letters (`\\sent`)."""
        found = {}
        for reply in await self._command("LIST", b'""', b'"*"'):
            listed = items(reply)
            if len(listed) >= 5 and isinstance(listed[2], list) and isinstance(listed[4], bytes):
                flags = frozenset(flag.lower() for flag in listed[2] if isinstance(flag, bytes))
                found[folders.decoded(listed[4])] = flags
        return found

    async def wait(self, seconds: float) -> bool:
        """Until the open folder has mails that were not sighted (True) or the time is over. Without IDLE, it just waits.

        It ends by asking the server something, so that a line that only looks open is found.
        """
        if self._news:
            return True
        if b"IDLE" not in self.capabilities:
            await asyncio.sleep(seconds)
            await self._command("NOOP")
            return self._news
        end = asyncio.get_running_loop().time() + seconds
        tag = await self._say(b"IDLE")
        while (reply := await self._replies.reply())[0][:1] != b"+":
            self._heed(reply, tag, "IDLE")
        while not self._news and (left := end - asyncio.get_running_loop().time()) > 0:
            heard = await self._replies.reply_within(left)
            if heard is not None:
                self._heed(heard, tag, "IDLE")
        await self._send(b"DONE\r\n")
        await self._until(tag, "IDLE")
        return self._news

    # --- commands

    async def _fetched(self, uids: str, what: str) -> dict[int, dict[bytes, Item]]:
        found: dict[int, dict[bytes, Item]] = {}
        for reply in await self._command("UID FETCH", uids.encode(), what.encode()):
            if _word(reply, 2) == b"FETCH":
                one = pairs(items(reply)[-1])
                # A server may tell of flags at any time; only what has a number belongs to us.
                found.setdefault(_number(one.get(b"UID")), {}).update(one)
        found.pop(0, None)
        return found

    async def _command(self, verb: str, *arguments: bytes, literal: bool = False) -> list[list[bytes]]:
        """Say it, and return the replies that come before the answer. The last argument may be a `literal`."""
        line = b" ".join([verb.encode(), *(arguments[:-1] if literal else arguments)])
        if not literal:
            return await self._until(await self._say(line), verb)
        tag = await self._say(b"%b {%d}" % (line, len(arguments[-1])))
        while (reply := await self._replies.reply())[0][:1] != b"+":
            self._heed(reply, tag, verb)
        await self._send(arguments[-1] + b"\r\n")
        return await self._until(tag, verb)

    async def _say(self, line: bytes) -> bytes:
        self._tag += 1
        tag = b"H%d" % self._tag
        await self._send(tag + b" " + line + b"\r\n")
        return tag

    async def _send(self, data: bytes) -> None:
        try:
            async with asyncio.timeout(self._settings.patience):
                self._writer.write(data)
                await self._writer.drain()
        except (OSError, TimeoutError):
            raise hub.NotReady(f"{self._host} ended the connection") from None

    async def _until(self, tag: bytes, verb: str) -> list[list[bytes]]:
        before: list[list[bytes]] = []
        while not self._heed(reply := await self._replies.reply(), tag, verb):
            before.append(reply)
        return before

    def _heed(self, reply: list[bytes], tag: bytes, verb: str) -> bool:
        """True when it is the answer, a good one. Raises Refused for a bad one, and NotReady when the server says farewell."""
        first, _, rest = reply[0].partition(b" ")
        word, _, text = rest.partition(b" ")
        if first == b"*" and word.upper() == b"BYE":
            raise hub.NotReady(f"{self._host} ended the connection: {_plain(text)}")
        if first != tag:
            self._news |= text.upper() == b"EXISTS"
            return False
        if word.upper() == b"OK":
            return True
        code = CODE.match(text)
        raise Refused(verb.split(maxsplit=1)[0], code[1].upper() if code else b"", _plain(text))

    # --- the beginning

    async def begin(self) -> None:
        """Greet, go over to TLS where that is how, and log in."""
        greeting = await self._replies.reply()
        if not greeting[0].upper().startswith((b"* OK", b"* PREAUTH")):
            raise hub.NotReady(f"{self._host} does not want to talk: {_plain(greeting[0][2:])}")
        await self._ask_capabilities()
        if self._settings.imap_security == "starttls":
            await self._start_tls()
            await self._ask_capabilities()
        await self._log_in()
        await self._ask_capabilities()

    async def _ask_capabilities(self) -> None:
        for reply in await self._command("CAPABILITY"):
            if _word(reply, 1) == b"CAPABILITY":
                self.capabilities = frozenset(reply[0].upper().split()[2:])

    async def _start_tls(self) -> None:
        try:
            await self._command("STARTTLS")
        except Refused as error:
            raise hub.NotReady(f"{self._host} offers no STARTTLS: {error.text}") from None
        loop = asyncio.get_running_loop()
        # A new reader: what somebody on the way has put behind the server's answer, in the clear, is not read as the server's.
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        protocol = asyncio.StreamReaderProtocol(reader)
        try:
            async with asyncio.timeout(self._settings.patience):
                transport = await loop.start_tls(
                    self._writer.transport, protocol, trusted(self._settings), server_hostname=self._host
                )
        except (OSError, TimeoutError) as error:
            raise _unreachable(self._host, error) from None
        assert transport is not None
        protocol.connection_made(transport)
        self._writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        self._replies = self._reader_of(reader)

    async def _log_in(self) -> None:
        user, password = self._settings.login, self._settings.password.reveal()
        try:
            if b"AUTH=PLAIN" in self.capabilities and b"SASL-IR" in self.capabilities:
                words = base64.b64encode(f"\0{user}\0{password}".encode())
                await self._command("AUTHENTICATE", b"PLAIN", words)
            else:
                await self._command("LOGIN", folders.quoted(user), folders.quoted(password))
        except Refused as error:
            text = error.text.replace(password, "***")
            if error.code in FOR_NOW or (not error.code and BUSY.search(text)):
                raise hub.NotReady(f"{self._host} does not let {user} in now: {text}") from None
            raise hub.AuthFailed(f"{self._host} does not let {user} in: {text}") from None

    async def end(self) -> None:
        """Say goodbye, if the server still listens."""
        with suppress(hub.HubError, Refused, OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._say(b"LOGOUT")
        self._writer.close()
        with suppress(OSError, TimeoutError, ssl.SSLError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()

    def _reader_of(self, stream: asyncio.StreamReader) -> Reader:
        settings = self._settings
        return Reader(stream, self._host, patience=settings.patience, largest=settings.max_size + HEADROOM)


@asynccontextmanager
async def connected(settings: EmailSettings) -> AsyncIterator[Imap]:
    """A connection that is logged in, for as long as this lasts. Raises NotReady and AuthFailed."""
    host, port = settings.imap
    secure = trusted(settings) if settings.imap_security == "tls" else None
    try:
        async with asyncio.timeout(settings.patience):
            reader, writer = await asyncio.open_connection(
                host, port, ssl=secure, server_hostname=host if secure else None, limit=LONGEST_LINE
            )
    except (OSError, TimeoutError) as error:
        raise _unreachable(f"{host}:{port}", error) from None
    made = Imap(reader, writer, settings)
    try:
        await made.begin()
        yield made
    finally:
        await made.end()


def trusted(settings: EmailSettings) -> ssl.SSLContext:
    """Certificates are checked, and there is no way to say they should not be; `ca_file` adds an authority of one's own."""
    context = ssl.create_default_context()
    if settings.ca_file:
        try:
            context.load_verify_locations(settings.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise hub.Rejected(f"ca_file {settings.ca_file} cannot be read: {error}") from None
    return context


def _unreachable(host: str, error: BaseException) -> hub.NotReady:
    if isinstance(error, ssl.SSLCertVerificationError):
        return hub.NotReady(f"the certificate of {host} is not to be trusted: {error.verify_message}")
    return hub.NotReady(f"{host} cannot be reached: {error or 'no answer'}")


def _word(reply: Sequence[bytes], at: int) -> bytes:
    words = reply[0].split(b" ", at + 1)
    return words[at].upper() if len(words) > at else b""


def _number(item: Item) -> int:
    return int(item) if isinstance(item, bytes) and item.isdigit() else 0


def _bytes(item: Item) -> bytes:
    return item if isinstance(item, bytes) else b""


def _plain(text: bytes) -> str:
    return "".join(c for c in text.decode("utf-8", "replace") if c.isprintable())[:200]
