"""What stands in the table of a mail connection."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

import hub
from hub_email.addresses import normal

Security = Literal["tls", "starttls", "none"]
PORTS = {"tls": (993, 465), "starttls": (143, 587), "none": (143, 25)}
_ADDRESS = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,255}")
LOCAL = ("localhost", "127.0.0.1", "::1")


class EmailSettings(hub.Settings):
    """`[channels.NAME]` with `kind = "email"`."""

    address: str = Field(description="the address customers write to, and that answers come from")
    aliases: list[str] = Field(
        default=[], description="further addresses whose mail lands in the same mailbox"
    )
    name: str = Field(default="", max_length=100, description="the name customers see beside the address")
    user: str = Field(default="", description="the name to log in with; the address, where it is empty")
    password: hub.Secret = Field(
        description="the password, or the app password, of the mailbox: a reference, as for every secret"
    )
    imap_host: str = Field(min_length=1, description="the server that has the mailbox")
    imap_port: int = Field(default=0, ge=0, le=65535, description="its port; 0: 993 with tls, else 143")
    imap_security: Security = Field(
        default="tls", description='"tls", "starttls", or "none": never over a network'
    )
    smtp_host: str = Field(default="", description="the server that sends; empty: the one with the mailbox")
    smtp_port: int = Field(
        default=0, ge=0, le=65535, description="its port; 0: 465 with tls, 587 with starttls"
    )
    smtp_security: Security = Field(
        default="tls", description='"tls", "starttls", or "none": never over a network'
    )
    smtp_user: str = Field(
        default="",
        description='the name to log in with there; empty: as for the mailbox; "-": without logging in',
    )
    smtp_password: hub.Secret | None = Field(
        default=None, description="the password there, where it is another one"
    )
    mailboxes: list[str] = Field(
        default=["INBOX"], min_length=1, max_length=20, description="folders whose mail is taken in"
    )
    sent: str = Field(
        default="", description='the folder of sent mail; empty: the one the server names; "-": none'
    )
    keep_sent: bool = Field(
        default=True, description="whether what the hub sends is put there (some servers do it by themselves)"
    )
    mark_seen: bool = Field(
        default=False, description="whether mail that the hub has safely is marked as read in the mailbox"
    )
    earlier_days: int = Field(
        default=0, ge=0, le=365, description="days of mail from before the first start that are taken in"
    )
    reconcile_days: int = Field(
        default=7, ge=1, le=60, description="days that are compared daily with what the hub has"
    )
    authserv_id: str = Field(
        default="",
        description="whose Authentication-Results are believed: what your own server calls itself there",
    )
    max_size: int = Field(
        default=30_000_000,
        ge=10_000,
        le=150_000_000,
        description="bytes of a mail; of larger ones only the beginning is taken",
    )
    poll: float = Field(
        default=60.0,
        gt=0,
        le=1500,
        description="seconds between looks at what the server does not tell by itself",
    )
    patience: float = Field(
        default=60.0, gt=0, le=600, description="seconds without a byte after which a server counts as gone"
    )
    site: str = Field(
        default="",
        max_length=64,
        description="the site whose business this mailbox is, a key of [sites]; empty: of no one in particular",
    )
    ca_file: str = Field(
        default="",
        description="a file with the certificate of an authority of your own, for a server inside your house",
    )

    @field_validator("address", "aliases")
    @classmethod
    def _are_addresses(cls, came: str | list[str]) -> str | list[str]:
        for address in [came] if isinstance(came, str) else came:
            if not _ADDRESS.fullmatch(address):
                raise ValueError("an address such as service@shop.example")
            if not _is_domain(address.rpartition("@")[2]):
                raise ValueError("an address whose domain can exist")
        return came

    @field_validator("imap_host", "smtp_host", "user", "smtp_user", "sent", "authserv_id")
    @classmethod
    def _is_one_line(cls, came: str) -> str:
        if not came.isprintable() or came != came.strip():
            raise ValueError("one line without spaces at its ends")
        return came

    @field_validator("mailboxes")
    @classmethod
    def _are_mailboxes(cls, came: list[str]) -> list[str]:
        for name in came:
            if not name or not name.isprintable() or len(name) > 200:
                raise ValueError('names of folders, such as "INBOX"')
        if len(set(came)) != len(came):
            raise ValueError("each folder once")
        return came

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        # A password sent in the clear belongs to everybody on the way.
        for security, host in ((self.imap_security, self.imap_host), (self.smtp_security, self.sending_host)):
            if security == "none" and host not in LOCAL:
                raise ValueError(
                    f'"tls" or "starttls" for {host}: "none" sends the password in the clear, and is only for servers on this machine'
                )
        return self

    @property
    def login(self) -> str:
        """The name to log in with at the mailbox."""
        return self.user or self.address

    @property
    def sending_host(self) -> str:
        return self.smtp_host or self.imap_host

    @property
    def imap(self) -> tuple[str, int]:
        return self.imap_host, self.imap_port or PORTS[self.imap_security][0]

    @property
    def smtp(self) -> tuple[str, int]:
        return self.sending_host, self.smtp_port or PORTS[self.smtp_security][1]

    @property
    def smtp_login(self) -> tuple[str, str] | None:
        """Name and password for sending; None: without logging in."""
        if self.smtp_user == "-":
            return None
        return self.smtp_user or self.login, (self.smtp_password or self.password).reveal()

    @property
    def own(self) -> frozenset[str]:
        """All addresses of the business, spelt as those in mails are compared."""
        return frozenset(normal(address) for address in (self.address, *self.aliases))


def _is_domain(name: str) -> bool:
    try:
        return bool(name.encode("idna"))
    except UnicodeError:
        return False
