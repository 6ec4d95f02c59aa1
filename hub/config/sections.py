"""The sections of hub.toml that belong to the hub itself. Those of plugins are typed by the plugins.

Each field's description is what the file's author reads when the setting is missing or wrong.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from hub.config import hours as opening
from hub.contract import Secret, Settings


def _origin(text: str) -> str:
    parts = urlsplit(text)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or "*" in host:
        raise ValueError('an exact origin such as "https://shop.example" or "http://localhost:8000"')
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, default) else ""
    exact = f"{parts.scheme}://{host}{port}"
    if text != exact:
        raise ValueError(f'an origin exactly as browsers send it; write "{exact}"')
    return text


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    _port_is_valid = parts.port  # urlsplit checks the port only when asked; it raises ValueError itself
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError('the address browsers reach the hub at, such as "https://hub.example"')
    if parts.path not in ("", "/") or parts.username:
        raise ValueError("an address without path, user or password")
    return text.rstrip("/")


def _network(text: str) -> str:
    ipaddress.ip_network(text)
    return text


def _zone(text: str) -> str:
    # The two that no browser knows: this machine's own zone, and the one of machines that were never set.
    if text in ("localtime", "Factory") or text not in available_timezones():
        raise ValueError('an IANA time zone such as "Europe/Berlin"')
    return text


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise ValueError('a language tag such as "en" or "pt-BR"')
    return text


def _signing_key(secret: Secret) -> Secret:
    # RFC 7518 §3.2: a key for HS256 has at least as many bytes as its hash.
    if len(secret.reveal().encode()) < 32:
        raise ValueError("a signing key of at least 32 bytes")
    return secret


Network = Annotated[str, AfterValidator(_network)]


class HubSection(Settings):
    """`[hub]`"""

    data: str = Field(default="data", min_length=1, description="the folder of the database and attachments")
    public_url: Annotated[str, AfterValidator(_base_url)] = Field(
        default="http://localhost:8400", description="the address browsers reach the hub at"
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="the address to listen on")
    port: int = Field(default=8400, ge=0, le=65535, description="the port to listen on")
    trusted_proxies: list[Network] = Field(
        default=[], description="networks whose forwarded-for header is believed"
    )
    outbound_networks: list[Network] = Field(
        default=[], description="inner networks that plugins may reach by HTTP"
    )
    synchronous: Literal["full", "normal"] = Field(default="full", description="how SQLite confirms writes")
    conversations_per_operator: int = Field(
        default=4, ge=1, le=100, description="how many open chats one operator gets"
    )
    mail_after_seconds: int = Field(
        default=45,
        ge=0,
        le=3600,
        description="seconds a customer who left the page has to come back, before an answer also goes by e-mail",
    )
    call_weight: float = Field(
        default=3.25, ge=1, le=100, description="how many chats a call counts for in an operator's limit"
    )
    mail_weight: float = Field(
        default=0.25, ge=0, le=1, description="how much of a chat a mail counts for in an operator's limit"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="what is logged"
    )


class Lingering(Settings):
    """`[[sites.KEY.lingering]]`: when a visitor is marked as lingering, so that somebody may offer help."""

    seconds: int = Field(default=60, ge=5, le=3600, description="seconds of attention on one page")
    pages: str = Field(
        default="*", min_length=1, max_length=200, description='a path with *, such as "/checkout*"'
    )


class SiteSection(Settings):
    """`[sites.KEY]`: one web presence."""

    name: str = Field(
        default="My shop",
        min_length=1,
        max_length=80,
        description='the name visitors see, such as "Acme Garden"',
    )
    origins: list[Annotated[str, AfterValidator(_origin)]] = Field(
        default=[], description="the origins of the pages that carry the widget"
    )
    accent: str = Field(
        default="#2563eb", pattern=r"^#[0-9a-fA-F]{6}$", description='a colour such as "#2563eb"'
    )
    zone: Annotated[str, AfterValidator(_zone)] = Field(default="UTC", description="an IANA time zone")
    hours: opening.Week | None = Field(
        default=None, description="opening hours by weekday; without it always open"
    )
    exceptions: opening.Exceptions = Field(default={}, description="hours of days that differ, by date")
    region: str = Field(
        default="", pattern=r"^([A-Z]{2})?$", description='a country code such as "GB", for phone numbers'
    )
    typed_identifiers: Literal["attach", "hold"] = Field(
        default="attach",
        description='"attach": typed addresses and numbers lead to the record that has them, marked unverified; "hold": to nobody',
    )
    languages: list[Annotated[str, AfterValidator(_language)]] = Field(
        default=["en"], min_length=1, description="language tags, the preferred first"
    )
    consent: Literal["none", "required", "wait"] = Field(
        default="none",
        description='"required": nothing of a visit is sent or stored before a yes; "wait": the same, and your page asks',
    )
    honour_gpc: bool = Field(default=True, description="whether Global Privacy Control switches tracking off")
    identity_keys: list[Annotated[Secret, AfterValidator(_signing_key)]] = Field(
        default=[], max_length=2, description="up to two live keys for signed identity tokens"
    )
    queue: str = Field(
        default="main", min_length=1, max_length=60, description="the queue new conversations wait in"
    )
    greeting: str = Field(default="", max_length=500, description="the first line visitors see in the panel")

    lingering: list[Lingering] = Field(
        default=[Lingering()], max_length=50, description="when visitors are marked as lingering"
    )
    mail: str = Field(
        default="",
        max_length=60,
        description="the e-mail connection by which answers leave; without it the only one there is",
    )
    answers: list[Literal["here", "email", "phone"]] = Field(
        default=["here", "email"], min_length=1, description="how you answer when nobody was there"
    )
    target_seconds: int = Field(
        default=60, ge=5, le=3600, description="seconds within which visitors should have an answer"
    )
    alarm_seconds: int = Field(
        default=45,
        ge=10,
        le=3600,
        description="seconds before an alarm that nobody acknowledges goes further",
    )
    rating: bool = Field(default=True, description="whether visitors are asked how it was, at the end")

    def open_at(self, moment: datetime) -> bool:
        """Whether the site is open at an aware moment, by its hours, exceptions and zone."""
        return opening.open_at(moment, ZoneInfo(self.zone), self.hours, self.exceptions)

    def next_change(self, moment: datetime) -> datetime | None:
        """When an open site closes, or a closed one opens; None when neither comes within a month."""
        return opening.next_change(moment, ZoneInfo(self.zone), self.hours, self.exceptions)

    def next_opening(self, moment: datetime) -> datetime | None:
        """When a closed site opens next; None when it is open or not within a month."""
        return opening.next_opening(moment, ZoneInfo(self.zone), self.hours, self.exceptions)


class PluginsSection(Settings):
    """`[plugins]`"""

    files: list[str] = Field(default=[], description="plugins that are single .py files")
    disabled: list[str] = Field(default=[], description="names of plugins that are installed and not wanted")


class IdentitySection(Settings):
    """`[identity]`: how what is known of customers is put together."""

    sources: dict[str, list[Annotated[str, Field(min_length=1, max_length=64)]]] = Field(
        default={"*": ["operator"]},
        max_length=100,
        description="by attribute (* for all others), whose word goes first: names of connections, operator, site",
    )
