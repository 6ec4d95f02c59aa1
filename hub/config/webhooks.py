"""`[webhooks.NAME]`: an address of the owner's that is told what happens."""

import ipaddress
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from hub.contract import Secret, Settings
from hub.signing import key_of

Event = Literal[
    "message.created",
    "note.created",
    "conversation.opened",
    "conversation.closed",
    "customer.changed",
    "customer.merged",
    "customer.split",
]


def _address(text: str) -> str:
    parts = urlsplit(text)
    _port_is_valid = parts.port  # urlsplit checks the port only when asked; it raises ValueError itself
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError('an address such as "https://crm.example/hooks/hub"')
    if parts.username or parts.password or parts.fragment:
        raise ValueError("an address without user, password or fragment")
    if parts.scheme == "http" and not _is_inner(parts.hostname):
        raise ValueError("an https address: customers' words are in what is sent; http is for inner networks")
    return text


def _is_inner(host: str) -> bool:
    """By its looks; whether the hub may connect there is for the guard of hub/outbound.py."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".localhost", ".test"))


def _secret(secret: Secret) -> Secret:
    key_of(secret.reveal())
    return secret


SigningSecret = Annotated[Secret, AfterValidator(_secret)]


class WebhookSection(Settings):
    """`[webhooks.NAME]`: one endpoint, told by the Standard Webhooks specification."""

    url: Annotated[str, AfterValidator(_address)] = Field(
        max_length=2000, description="the address that is told, by POST"
    )
    secret: SigningSecret = Field(
        description='what signs it: "env:…" or "file:…" of 24 to 64 bytes in base64, usually with whsec_ before it'
    )
    old_secret: SigningSecret | None = Field(
        default=None, description="the secret before, which signs as well while the receiver changes over"
    )
    events: list[Event] = Field(
        default=["message.created", "conversation.opened", "conversation.closed"],
        min_length=1,
        description="what it is told of",
    )
    enabled: bool = Field(default=True, description="false keeps the table and tells nothing")
