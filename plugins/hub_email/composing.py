"""An answer → the bytes of a mail.

The same message gives the same bytes on every attempt: Message-ID, Date and boundaries come from the message itself, so a repeat after
a cut line is the very same mail. Plain text, flowed; what the customer wrote last stands quoted below. What is said in names,
subjects and names of files cannot become a field of its own (see `writing`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.utils import format_datetime
from typing import Final

import msgspec

import hub
from hub_email import addresses, flowed, writing
from hub_email.ids import Ids
from hub_email.mail import Address
from hub_email.phrases import WROTE
from hub_email.writing import one_line

MOST_REFERENCES: Final = 20
"""The first one, which names the thread, and the last ones; long fields are cut or refused on the way."""
LONGEST_REFERENCE: Final = 400
LONGEST_QUOTE: Final = 20_000


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """A mail to hand to a server: `raw` ends its lines with CR LF. `message_id` has no brackets.

    `envelope_from` is empty for automatic mail: nobody shall answer it, and a bounce of it is no use. A server that refuses that gets
    the sender's address. `utf8`: the address needs SMTPUTF8.
    """

    raw: bytes
    message_id: str
    envelope_from: str
    envelope_to: str
    utf8: bool = False


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who the business is in its mails: its address, its name, and where answers go if not there."""

    address: str
    name: str = ""
    reply_to: str = ""
    signature: str = ""


def compose(message: hub.OutgoingMessage, sender: Sender, ids: Ids) -> Composed:
    """Raises `hub.Rejected` when the address is none that mail can be sent to."""
    own, theirs = _address(sender.address), _address(message.address)
    message_id = ids.made(message.id)
    name = (
        f"{message.author} · {sender.name}"
        if message.author and sender.name
        else message.author or sender.name
    )
    head = [
        _addressed("From", own, name),
        _addressed("To", theirs, message.name),
        writing.field("Subject", writing.words(_subject(message, sender))),
        writing.field("Date", [format_datetime(message.at)]),
        writing.field("Message-ID", [message_id]),
        *_thread(message.follows),
        *_marks(message, sender),
        b"MIME-Version: 1.0\r\n",
    ]
    raw = b"".join(head) + _content(message, sender)
    return Composed(
        raw=raw,
        message_id=message_id.strip("<>"),
        envelope_from="" if message.automatic else own,
        envelope_to=theirs,
        utf8=not (own + theirs).isascii(),
    )


def _address(written: str) -> str:
    """The address to write to: the domain as A-label, the local part as it is."""
    found: Address | None = addresses.address_of(written)
    if (
        found is None or not found.sound or found.spec != written.strip()
    ):  # white space in it is no slip to forgive
        raise hub.Rejected(f"{one_line(written, 100)!r} is no address that mail can be sent to")
    local, _, domain = found.spec.rpartition("@")
    return f"{local}@{addresses.host_of(domain)}"


def _addressed(name: str, address: str, called: str) -> bytes:
    return writing.field(name, [*writing.phrase(called), f"<{address}>"])


def _subject(message: hub.OutgoingMessage, sender: Sender) -> str:
    subject = one_line(message.subject) or one_line(sender.name) or "…"
    return f"Re: {subject}" if message.follows else subject


def _thread(follows: Sequence[str]) -> list[bytes]:
    """In-Reply-To and References (RFC 5322 §3.6.4), bounded; ids that could break the field are left out."""
    bare = [ref.strip().strip("<>") for ref in follows]
    usable = [f"<{ref}>" for ref in bare if _is_identifier(ref)]
    usable = list(dict.fromkeys(reversed(usable)))[::-1]
    if not usable:
        return []
    kept = usable if len(usable) <= MOST_REFERENCES else [usable[0], *usable[-MOST_REFERENCES + 1 :]]
    return [writing.field("In-Reply-To", kept[-1:]), writing.field("References", kept)]


def _is_identifier(ref: str) -> bool:
    return (
        3 <= len(ref) <= LONGEST_REFERENCE
        and ref.isascii()
        and ref.isprintable()
        and not set(ref) & set(" <>")
    )


def _marks(message: hub.OutgoingMessage, sender: Sender) -> list[bytes]:
    """Reply-To, language, and for what no person wrote the marks that keep machines from answering (RFC 3834)."""
    marks = []
    if sender.reply_to:
        marks.append(writing.field("Reply-To", [f"<{_address(sender.reply_to)}>"]))
    if message.language and message.language.isascii() and message.language.replace("-", "").isalnum():
        marks.append(writing.field("Content-Language", [message.language]))
    if message.automatic:
        marks += [b"Auto-Submitted: auto-replied\r\n", b"X-Auto-Response-Suppress: All\r\n"]
    return marks


def _content(message: hub.OutgoingMessage, sender: Sender) -> bytes:
    encoding, body = writing.text_body(flowed.wrapped(_text(message, sender)))
    text = (
        b'Content-Type: text/plain; charset="utf-8"; format=flowed\r\n'
        + f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + body.rstrip(b"\r\n")
        + b"\r\n"
    )
    if not message.files:
        return text
    # No line of a base64 body, nor one of ours, can begin with it: a digest of the message's id after signs base64 has not.
    boundary = f"=_{hashlib.sha256(message.id.encode()).hexdigest()[:40]}"
    parts = [text, *(_file(file) for file in message.files)]
    joined = b"".join(f"\r\n--{boundary}\r\n".encode() + part for part in parts)
    return (
        f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n'.encode()
        + joined
        + f"\r\n--{boundary}--\r\n".encode()
    )


def _text(message: hub.OutgoingMessage, sender: Sender) -> str:
    said = message.text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").rstrip()
    if sender.signature:
        said += f"\n\n-- \n{sender.signature.strip()}"
    quoted = (
        message.quoted.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()[:LONGEST_QUOTE]
    )
    if not quoted:
        return said + "\n"
    wrote = WROTE.get(message.language.partition("-")[0].lower(), WROTE["en"])
    marked = "\n".join(
        f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in quoted.split("\n")
    )
    return f"{said}\n\n{wrote}\n{marked}\n"


def _file(file: hub.OutgoingFile) -> bytes:
    kind = (
        file.type
        if file.type.isascii() and file.type.count("/") == 1 and " " not in one_line(file.type)
        else ""
    )
    name = one_line(file.name, 150) or "file"
    return (
        f"Content-Type: {one_line(kind) or 'application/octet-stream'}{writing.parameter('name', name)}\r\n"
        f"Content-Disposition: attachment{writing.parameter('filename', name)}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode() + writing.file_body(file.body)
