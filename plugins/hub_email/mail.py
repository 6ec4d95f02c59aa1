"""The values of a mail, between its bytes and the touchpoint: frozen, and free of any MIME.

`Mail` keeps what somebody may have to decide with later (the raw header fields, in their order), and says in `problems` what was
left out or guessed, because nothing may vanish silently.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

import hub


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """One mailbox. `spec` is the address as it was written, `normal` what two spellings of it have in common.

    `normal`: lower case, the domain as A-label. `sound` says that the form leaves no doubt about who is meant; only then may it
    stand for a person. A quoted local part, a domain literal or a look-alike of `@` is deliverable perhaps, but not sound.
    """

    name: str = ""
    spec: str
    normal: str
    sound: bool = True

    @property
    def domain(self) -> str:
        return self.normal.rpartition("@")[2]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf of the tree that is no text to be read: a file, a picture, a mail inside the mail, a report for machines."""

    type: str
    name: str
    body: bytes
    content_id: str = ""

    def as_file(self) -> hub.IncomingFile:
        return hub.IncomingFile(name=self.name, body=self.body, type=self.type, content_id=self.content_id)


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail, read as far as it goes.

    - `key`: the same for every copy of this mail, another for every other (see `parsing.key_of`).
    - `fields`: the header, (lower-case name, unfolded value), in order; values are text, still encoded where they were.
    - `message_id`, `references` (oldest first), `in_reply_to`: without angle brackets.
    - `date`: what the sender says, None when absent or unreadable. `arrived`: what the last server in its way says.
    - `text`: whole, quotes included; made from the HTML when there is no text. `html`: as it came.
    - `structure`: the top content type, such as `multipart/report`, and `report_type` its parameter.
    """

    key: str
    fields: tuple[tuple[str, str], ...]
    senders: tuple[Address, ...] = ()
    """Everybody in From: one, in an honest mail."""
    sender: Address | None = None
    """Sender, for a mail sent on somebody's behalf."""
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    arrived: datetime | None = None
    text: str = ""
    html: str = ""
    files: tuple[Part, ...] = ()
    structure: str = "text/plain"
    report_type: str = ""
    problems: tuple[str, ...] = ()

    def all(self, name: str) -> list[str]:
        """The values of a header field, in order, topmost first; `name` in lower case."""
        return [value for field, value in self.fields if field == name]

    def first(self, name: str) -> str:
        """The topmost value of a header field, or nothing."""
        return next((value for field, value in self.fields if field == name), "")


class Poison(msgspec.Struct, frozen=True, kw_only=True):
    """What came and cannot be filed: the reason in a sentence for operators, and a key that is the same when it comes again."""

    key: str
    why: str
