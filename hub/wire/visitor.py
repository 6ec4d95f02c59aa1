"""What a shop page and the hub say to each other.

The first frame is always `hello`: it carries the visitor's token (never in a URL) and what the page already has, so a
reconnect is the same as a first connect. Commands that store something carry a `client_id` and are sent again until
they are acknowledged. A page only ever knows `seq` of its own leg, which has no holes: notes and other legs do not count.
"""

from typing import Annotated, Any

from msgspec import Meta

from hub.wire.common import (
    Author,
    ClientId,
    Count,
    Cursors,
    Frame,
    Id,
    Level,
    Page,
    Part,
    Refused,
    Short,
    Status,
    Text,
    Token,
)

# --- the page says


class Hello(Frame, tag="hello"):
    """First frame of every socket."""

    site: Annotated[str, Meta(min_length=1, max_length=64)]
    tab: ClientId
    """Made by the page at load; the same over reconnects of that page."""
    page: Page
    token: Token | None = None
    conversation: Id | None = None
    have: Count = 0
    """The last `seq` of that conversation that the page holds."""
    language: Annotated[str, Meta(max_length=35)] = ""
    zone: Annotated[str, Meta(max_length=64)] = ""
    active: Annotated[float, Meta(ge=0, le=86_400)] = 0.0
    """Seconds of attention this page had before this socket opened."""


class Look(Frame, tag="page"):
    """The visitor went to another page without leaving the document (a single-page shop)."""

    page: Page


class Beat(Frame, tag="beat"):
    """Still here; doubles as the ping. `active` counts the seconds this page was visible and used, from its load."""

    active: Annotated[float, Meta(ge=0, le=86_400)] = 0.0


class Open(Frame, tag="open"):
    """Begin a conversation with its first message. Where one is open already, the message joins it."""

    client_id: ClientId
    text: Text
    name: Short | None = None
    email: Annotated[str, Meta(max_length=320)] | None = None


class Say(Frame, tag="say"):
    """One more message."""

    client_id: ClientId
    conversation: Id
    text: Text


class Typing(Frame, tag="typing"):
    """The visitor began or stopped typing."""

    conversation: Id
    on: bool


class Cursor(Frame, tag="cursor"):
    """The page has received up to `delivered`, and the visitor has seen up to `read`."""

    conversation: Id
    delivered: Count = 0
    read: Count = 0


class End(Frame, tag="end"):
    """The visitor closes the conversation."""

    client_id: ClientId
    conversation: Id


class Identify(Frame, tag="identify"):
    """The shop's own server vouches for this visitor with a signed token (JWT, HS256)."""

    client_id: ClientId
    token: Token


class Reset(Frame, tag="reset"):
    """The visitor logged out of the shop: forget who this is and start as a new visitor."""


class Feature(Frame, tag="feature"):
    """A frame of a page feature, named `feature.verb`; never stored."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=64)]
    data: Any = None


FromPage = Hello | Look | Beat | Open | Say | Typing | Cursor | End | Identify | Reset | Feature


# --- the hub says


class SiteLook(Part):
    """How the widget looks and what it promises here and now."""

    name: str
    accent: str
    language: str
    greeting: str = ""
    attended: bool = False
    """Somebody is there to answer now."""


class FeatureOffer(Part):
    """A page feature that may be used now. `script` is an address on the hub, loaded at first use."""

    name: str
    label: str = ""
    script: str | None = None
    data: Any = None


class Person(Part):
    """Who answers, as a visitor may know them."""

    name: str
    initials: str = ""


class Talk(Part):
    """The conversation's state as its visitor sees it."""

    id: Id
    status: Status
    seq: Count
    """Number of its last message in this leg."""
    operator: Person | None = None
    mine: Cursors = Cursors()
    theirs: Cursors = Cursors()


class Said(Frame, tag="said"):
    """One message of the visitor's leg. `client_id` is set on the visitor's own."""

    conversation: Id
    seq: Count
    author: Author
    text: str
    at: int
    kind: str = "text"
    name: str = ""
    client_id: str | None = None


class Welcome(Frame, tag="welcome"):
    """Answer to `hello`. `messages` are those after `have`; with `resync` they are the newest and the rest is dropped."""

    visit: Id
    site: SiteLook
    now: int
    beat: float
    """Seconds between beats."""
    token: str | None = None
    """Keep this one from now on (absent: the one you sent)."""
    talk: Talk | None = None
    messages: list[Said] = []
    resync: bool = False
    features: list[FeatureOffer] = []
    level: Level = "observed"


class Sent(Frame, tag="sent"):
    """Your message is stored for good, under this number."""

    client_id: str
    conversation: Id
    seq: Count
    at: int


class TalkChanged(Frame, tag="talk"):
    """The conversation's state moved on."""

    talk: Talk


class SomebodyTypes(Frame, tag="typing"):
    """The other side began or stopped typing."""

    conversation: Id
    on: bool
    name: str = ""


class Identified(Frame, tag="identified"):
    """The signed token was good. `token` replaces the visitor's own."""

    client_id: str
    level: Level
    token: str | None = None


class FeatureFrame(Frame, tag="feature"):
    """A frame of a page feature for this page."""

    name: str
    data: Any = None


class Features(Frame, tag="features"):
    """What may be used now has changed."""

    site: SiteLook
    features: list[FeatureOffer]


class Pong(Frame, tag="beat"):
    """Answer to a beat."""

    now: int


class Resync(Frame, tag="resync"):
    """You missed something that cannot be replayed here: say `hello` again with `have` 0."""


ToPage = (
    Welcome
    | Sent
    | Said
    | TalkChanged
    | SomebodyTypes
    | Identified
    | FeatureFrame
    | Features
    | Pong
    | Refused
    | Resync
)
