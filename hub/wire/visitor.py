"""What a shop page and the hub say to each other.

The first frame is always `hello`: it carries the visitor's token (never in a URL) and what the page already has, so a
reconnect is the same as a first connect. It says nothing of the page or the person before it: that follows, in a `page`,
when the welcome says that tracking is on. Commands that store something carry a `client_id` and are sent again until
they are acknowledged. A page only ever knows `seq` of its own leg, which has no holes: notes and other legs do not count.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta

from hub.wire.common import (
    AnswerBy,
    Attachment,
    Author,
    CartLine,
    ClientId,
    Count,
    Cursors,
    Device,
    Frame,
    Id,
    Level,
    MaybeText,
    Page,
    Part,
    Percent,
    Refused,
    Short,
    Status,
    Token,
    Url,
)

# --- the page says


class Hello(Frame, tag="hello"):
    """First frame of every socket."""

    site: Annotated[str, Meta(min_length=1, max_length=64)]
    tab: ClientId
    """Made by the page at load; the same over reconnects of that page."""
    token: Token | None = None
    conversation: Id | None = None
    have: Count = 0
    """The last `seq` of that conversation that the page holds."""
    language: Annotated[str, Meta(max_length=35)] = ""
    consent: Literal["", "granted", "denied"] = ""
    """What the visitor has said to being tracked, if anything."""
    gpc: bool = False
    """Their browser asks sites not to track (Global Privacy Control, or Do Not Track)."""


class Look(Frame, tag="page"):
    """Where the visitor is: after every welcome that says tracking is on, and at every other page of a single-page shop."""

    page: Page
    active: Annotated[float, Meta(ge=0, le=86_400)] = 0.0
    """Seconds of attention this page had before this socket opened."""
    zone: Annotated[str, Meta(max_length=64)] = ""
    device: Device = ""


class Beat(Frame, tag="beat"):
    """Still here; doubles as the ping. `active` counts the seconds this page view was visible and used; it begins anew with each."""

    active: Annotated[float, Meta(ge=0, le=86_400)] = 0.0
    scroll: Percent = 0
    """How far down the page has been seen."""


class Consent(Frame, tag="consent"):
    """The visitor says yes or no to being tracked on this site."""

    granted: bool


class Track(Frame, tag="track"):
    """Something happened on the page. Names the hub knows: product, search, form_error, checkout, order; any other is kept as it is."""

    client_id: ClientId
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    properties: dict[str, Any] = {}


class Cart(Frame, tag="cart"):
    """What lies in the cart now."""

    client_id: ClientId
    items: Annotated[list[CartLine], Meta(max_length=200)] = []
    value: Annotated[float, Meta(ge=0, le=1e9)] = 0.0
    currency: Annotated[str, Meta(pattern="^([A-Z]{3})?$")] = ""


class Open(Frame, tag="open"):
    """Begin a conversation with its first message. Where one is open already, the message joins it."""

    client_id: ClientId
    text: MaybeText
    """May be empty when there are attachments."""
    name: Short | None = None
    email: Annotated[str, Meta(max_length=320)] | None = None
    phone: Annotated[str, Meta(max_length=50)] | None = None
    answer_by: AnswerBy = "here"
    attachments: Annotated[list[Id], Meta(max_length=10)] = []
    invitation: Id | None = None
    """The invitation this answers."""


class Say(Frame, tag="say"):
    """One more message."""

    client_id: ClientId
    conversation: Id
    text: MaybeText
    """May be empty when there are attachments."""
    attachments: Annotated[list[Id], Meta(max_length=10)] = []


class Reach(Frame, tag="reach"):
    """Nobody could answer so far: the answer may come to this address."""

    client_id: ClientId
    conversation: Id
    email: Annotated[str, Meta(min_length=3, max_length=320)]


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


class Answer(Frame, tag="answer"):
    """What the visitor did with an invitation."""

    invitation: Id
    fate: Literal["shown", "accepted", "declined"]


class Followed(Frame, tag="followed"):
    """What the visitor did with a page that an operator pushed (message `seq`)."""

    conversation: Id
    seq: Count
    fate: Literal["accepted", "declined"]


class Rate(Frame, tag="rate"):
    """How it was."""

    client_id: ClientId
    conversation: Id
    score: Annotated[int, Meta(ge=1, le=5)]
    remark: Annotated[str, Meta(max_length=2_000)] = ""


class Transcript(Frame, tag="transcript"):
    """Where can I download what was said? In the language that the panel speaks and the visitor's zone, neither of which is kept."""

    client_id: ClientId
    conversation: Id
    language: Annotated[str, Meta(max_length=35)] = ""
    zone: Annotated[str, Meta(max_length=64)] = ""
    email: Annotated[str, Meta(max_length=320)] = ""
    """Send it there instead (answered by `noted`): all of it to an address that is proven, else a mail with the way to it."""


class Mine(Frame, tag="mine"):
    """What is stored about this browser?"""

    client_id: ClientId


class Forget(Frame, tag="forget"):
    """Delete what is stored about this browser."""

    client_id: ClientId


class Identify(Frame, tag="identify"):
    """The shop's own server vouches for this visitor with a signed token (JWT, HS256)."""

    client_id: ClientId
    token: Token


class ComeBack(Frame, tag="come_back"):
    """The visitor followed the link in a mail: the address it went to is theirs, and the conversation goes on here."""

    client_id: ClientId
    token: Token


class Reset(Frame, tag="reset"):
    """The visitor logged out of the shop: forget who this is and start as a new visitor."""


class Feature(Frame, tag="feature"):
    """A frame of a page feature, named `feature.verb`; never stored."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=64)]
    data: Any = None


FromPage = (
    Hello
    | Look
    | Beat
    | Consent
    | Track
    | Cart
    | Open
    | Say
    | Reach
    | Typing
    | Cursor
    | End
    | Answer
    | Followed
    | Rate
    | Transcript
    | Mine
    | Forget
    | Identify
    | ComeBack
    | Reset
    | Feature
)


# --- the hub says


class SiteLook(Part):
    """How the widget looks and what it promises here and now."""

    name: str
    accent: str
    language: str
    greeting: str = ""
    attended: bool = False
    """Somebody is there to answer now."""
    full: bool = False
    """They have their hands full: whoever has not begun to talk should leave a message instead. No place in a line is lost by it."""
    open: bool = True
    """Within opening hours."""
    opens: int | None = None
    """When a closed site opens next."""
    answers: list[AnswerBy] = []
    """Ways in which an answer can come when nobody is there."""
    rating: bool = True
    """Whether to ask how it was, at the end."""
    mails: bool = False
    """Whoever leaves the page is answered by e-mail, if they gave an address."""


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
    picture: str = ""
    """Its path on the hub, for everybody and for ever; empty: show the initials."""


class Talk(Part):
    """The conversation's state as its visitor sees it."""

    id: Id
    status: Status
    seq: Count
    """Number of its last message in this leg."""
    operator: Person | None = None
    mine: Cursors = Cursors()
    theirs: Cursors = Cursors()
    position: Count | None = None
    """While it waits: 1 is next."""
    wait: Count | None = None
    """Seconds that most customers waited lately; None when there is nothing to tell it from."""
    rated: int | None = None
    mailed: bool = False
    """It has gone on by e-mail, and what was said there is not shown here: nobody has proven that the address is theirs."""


class Push(Part):
    """A page that an operator offers to open. Always http(s), on one of the site's own origins."""

    url: Url
    title: str = ""
    fate: Literal["", "accepted", "declined"] = ""


class Invited(Frame, tag="invited"):
    """An operator offers to talk."""

    invitation: Id
    text: str
    operator: Person


class Fate(Frame, tag="fate"):
    """What became of an invitation: it was answered, perhaps in another tab, or is too old to be."""

    invitation: Id
    fate: Literal["accepted", "declined", "expired"]


class Noted(Frame, tag="noted"):
    """Your command is stored for good (or nothing was to be stored)."""

    client_id: str


class Link(Frame, tag="link"):
    """Where to download what you asked for; good for a few minutes."""

    client_id: str
    url: str


class Stored(Frame, tag="stored"):
    """What is stored about this browser, in figures; `since` is the first visit."""

    client_id: str
    since: int | None = None
    visits: Count = 0
    pages: Count = 0
    events: Count = 0
    conversations: Count = 0
    messages: Count = 0
    cart: bool = False
    level: Level = "observed"
    """Whether this browser is known by a cookie, or somebody vouched for who sits there."""


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
    attachments: list[Attachment] = []
    push: Push | None = None


class Welcome(Frame, tag="welcome"):
    """Answer to `hello`. `messages` are those after `have`; with `resync` they are the newest and the rest is dropped."""

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
    tracking: Literal["on", "off", "ask", "wait"] = "on"
    """on: tell which `page` this is. off: nothing but an opened chat is stored. ask: the same, until the visitor has said yes
    or no (`consent`). wait: the same, and the page itself asks them."""
    ask: list[Literal["name", "email"]] = []
    """What the form before a chat may ask: only what nobody has told yet."""
    invited: Invited | None = None
    """An invitation that is still open."""


class Visiting(Frame, tag="visit"):
    """The visit that your page belongs to from now on."""

    visit: Id


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

    anew: bool = False
    """Whoever sat here is nobody any longer (in any tab): keep nothing of theirs, and begin as somebody new."""


ToPage = (
    Welcome
    | Visiting
    | Sent
    | Said
    | TalkChanged
    | SomebodyTypes
    | Identified
    | Invited
    | Fate
    | Noted
    | Link
    | Stored
    | FeatureFrame
    | Features
    | Pong
    | Refused
    | Resync
)
