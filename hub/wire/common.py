"""What frames of both sockets are made of.

The limits stand here, as types, so that a frame that breaks one is refused by the parser, and the browser's code can
be generated with the same figures.
"""

from typing import Annotated, Literal, dataclass_transform

import msgspec
from msgspec import Meta


# Structs inherit `frozen`, which a type checker only knows when it is told on the class itself.
@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Frame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="t"):
    """Base of every frame: frozen, keyword-only, told apart by `t`."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of what frames carry inside."""


Id = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
"""A public id: 32 hex characters."""
ClientId = Annotated[str, Meta(min_length=8, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
"""What a browser calls its own command, so that sending it twice is sending it once; at least 8 random characters."""
Text = Annotated[str, Meta(min_length=1, max_length=8_000)]
"""The text of one message."""
MaybeText = Annotated[str, Meta(max_length=8_000)]
Short = Annotated[str, Meta(max_length=200)]
Url = Annotated[str, Meta(max_length=2_048)]
Token = Annotated[str, Meta(max_length=4_096)]
Count = Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)]
"""What a browser can count to, and well within what the database can."""

Author = Literal["visitor", "operator", "bot", "system"]
Status = Literal["waiting", "open", "closed"]
Level = Literal["verified", "observed", "asserted"]
Presence = Literal["available", "busy", "away", "invisible"]
Outcome = Literal["resolved", "unresolved", "spam"]
Priority = Literal["urgent", "normal", "low"]


Device = Literal["phone", "tablet", "desktop", ""]
AnswerBy = Literal["here", "email", "phone"]
Percent = Annotated[int, Meta(ge=0, le=100)]


class Attachment(Part):
    """A picture or file of a message. `url` is good for a while and only for this file; ask again (a resume) for a fresh one."""

    id: Id
    name: str
    type: str
    size: Count
    url: str
    inline: bool = False
    """A picture that may be shown in place; everything else is a download."""
    width: Count = 0
    height: Count = 0
    thumb: str = ""


class CartLine(Part):
    """One line of a cart."""

    name: Short
    price: Annotated[float, Meta(ge=0, le=1e9)] = 0.0
    quantity: Annotated[float, Meta(ge=0, le=1e6)] = 1.0
    sku: Short = ""
    url: Url = ""


class Page(Part):
    """The page a visitor is on, as the page itself says."""

    url: Url
    title: Annotated[str, Meta(max_length=300)] = ""
    referrer: Url = ""


class Cursors(Part):
    """How far a side has received and read, as the last message's number; 0 is nothing yet."""

    delivered: Count = 0
    read: Count = 0


class Refused(Frame, tag="refused"):
    """A command was not carried out. `code` is stable; `message` is a sentence; nothing was stored."""

    code: str
    message: str
    client_id: str | None = None
    fields: dict[str, str] = {}
    retry_after: float | None = None
    """Seconds until it makes sense to try again; None when trying again will not help."""
