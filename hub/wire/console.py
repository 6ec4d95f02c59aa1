"""What an operator's tab and the hub say to each other.

The tab subscribes to topics. A topic's snapshot plus its events is the topic's next snapshot; every event puts or drops
one item by id, so applying one twice does no harm. Durable topics are numbered by `n` from a counter in the database and
can be resumed; live ones (`visitors`, `live:ID`) by (epoch, n) of this process, and another epoch means a new snapshot.

Topics: `queue:ID` (conversations of a queue) · `conversation:ID` · `customer:ID` · `team` (operators) ·
`queues` (all, and who serves them) · `operators` (for admins: everybody with a login, and links that were not used yet) ·
`canned` (shared canned replies) · `canned:ID` (those of an operator, for their eyes only) · `watching:ID` (whom an operator watches,
for their eyes only) · `mentions:ID` (notes that call this operator and that they have not seen; for their eyes only) ·
`health` (plugins and connections) · `visitors` · `live:ID` (who types and looks at a conversation) ·
`eyes:QUEUE` (who looks at which conversation of a queue) · `offers` (what each site offers now, and why).
Commands carry an `id` of the tab's making and are answered by `done` or `refused` with it.
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
    Outcome,
    Part,
    Percent,
    Presence,
    Priority,
    Refused,
    Short,
    Status,
    Url,
)
from hub.wire.visitor import Push

Role = Literal["admin", "operator"]

TopicName = Annotated[str, Meta(pattern="^[a-z]+(:[0-9a-f]{32})?$", max_length=64)]

TagText = Annotated[str, Meta(min_length=1, max_length=80)]
"""A tag as somebody types it; the hub keeps at most 40 characters, in lower case."""

# --- the tab says


class Hello(Frame, tag="hello"):
    """First frame of every socket; the session cookie has already said who this is."""

    tab: ClientId
    idle: Count = 0
    """Seconds since the operator last touched anything in this tab."""


class Beat(Frame, tag="beat"):
    """Still here; renews the lease of the operator's presence."""

    idle: Count | None = None
    """Seconds since the operator last touched anything in this tab, where it says so; at once with the first touch after a while."""


class Subscribe(Frame, tag="subscribe"):
    """Follow a topic. With `n` (and `epoch` for a live one), from there on; else from a snapshot."""

    topic: TopicName
    n: Count | None = None
    epoch: str | None = None


class Unsubscribe(Frame, tag="unsubscribe"):
    """No longer follow it."""

    topic: TopicName


class Command(Frame):
    """Base of what is carried out once and answered once."""

    id: ClientId


class Reply(Command, tag="reply"):
    """A message to the customer, or with kind `note` to colleagues only. `id` is the message's client id."""

    conversation: Id
    text: MaybeText
    """May be empty when there are attachments."""
    kind: Literal["text", "note"] = "text"
    attachments: Annotated[list[Id], Meta(max_length=10)] = []
    mentions: Annotated[list[Id], Meta(max_length=20)] = []
    """Operators whom a note calls by name."""
    way: Annotated[str, Meta(max_length=400)] = ""
    """Where to: `site`, or CONNECTION:ADDRESS of those that `GET /api/conversations/ID/ways` lists. Empty: the best."""


class PushPage(Command, tag="push"):
    """Offer the customer a page of the site; they decide."""

    conversation: Id
    url: Url
    title: Short = ""


class Invite(Command, tag="invite"):
    """Offer a visitor to talk."""

    visitor: Id
    text: Annotated[str, Meta(min_length=1, max_length=500)]


class Take(Command, tag="take"):
    """Claim a waiting conversation; exactly one operator wins."""

    conversation: Id


class Seen(Command, tag="seen"):
    """Acknowledge the alarm for somebody who waits: I have seen it. The first one counts."""

    conversation: Id


class Transfer(Command, tag="transfer"):
    """Give it to an operator or back to a queue, with a note for whoever takes it."""

    conversation: Id
    operator: Id | None = None
    queue: Id | None = None
    note: Annotated[str, Meta(max_length=8_000)] = ""


class Untransfer(Command, tag="untransfer"):
    """Undo my transfer `command`, as long as nobody has answered since."""

    conversation: Id
    command: ClientId


class Tag(Command, tag="tag"):
    """Put tags on it, and take others off."""

    conversation: Id
    add: Annotated[list[TagText], Meta(max_length=20)] = []
    drop: Annotated[list[TagText], Meta(max_length=20)] = []


class Close(Command, tag="close"):
    """Finish it. With `tags`, these are its tags from now on."""

    conversation: Id
    outcome: Outcome
    tags: Annotated[list[TagText], Meta(max_length=20)] | None = None


class Reopen(Command, tag="reopen"):
    """Open a closed one again, for me."""

    conversation: Id


class Block(Command, tag="block"):
    """Refuse further conversations from this visitor's browser, or allow them again."""

    conversation: Id
    on: bool = True


class SetPresence(Command, tag="presence"):
    """Say whether new conversations may come."""

    state: Presence


class SetIdle(Command, tag="idle"):
    """After how many minutes without a touch in any tab I am away; 0 is never."""

    minutes: Annotated[int, Meta(ge=0, le=480)]


Limit = Annotated[int, Meta(ge=1, le=100)]
"""Open conversations of one operator at a time."""


class ChangeOperator(Command, tag="operator_change"):
    """Another role, limit (None: the house's) or other queues, which replace those before. For admins."""

    operator: Id
    role: Role
    limit: Limit | None = None
    queues: Annotated[list[Id], Meta(max_length=200)] = []


class SetActive(Command, tag="operator_active"):
    """Put an operator out at once, or let them in again. For admins."""

    operator: Id
    on: bool


class DropLink(Command, tag="link_drop"):
    """A link that was not used yet works no longer. For admins."""

    link: Id


class SaveQueue(Command, tag="queue_save"):
    """Keep a queue, new or changed, and who serves it. `queue` is its id, made by the tab. For admins."""

    queue: Id
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    members: Annotated[list[Id], Meta(max_length=1_000)] = []


class ArchiveQueue(Command, tag="queue_archive"):
    """Nothing waits there any more; what is open in it goes on in `to`. For admins."""

    queue: Id
    to: Id | None = None


class RestoreQueue(Command, tag="queue_restore"):
    """An archived queue is there again. For admins."""

    queue: Id


class Decide(Command, tag="decide"):
    """An operator's decision on who is who. `a` and `b` are ids of customers or touchpoints; `revoke` undoes `decision`.

    same, never: two sides. detach: the identifier `kind` `identifier` was not this person's in the touchpoint `a`. block, unblock:
    that identifier joins nobody, or may join again. pin: `value` is the `attribute` of whoever `a` is. retract: nothing that was
    said in `a` counts. `touches`, in place of `a`: retract all of them, or detach all they carry; `decisions`: revoke all of them.
    """

    op: Literal["same", "never", "detach", "block", "unblock", "pin", "retract", "revoke"]
    a: Id | None = None
    b: Id | None = None
    decision: Id | None = None
    touches: Annotated[list[Id], Meta(max_length=50)] = []
    decisions: Annotated[list[Id], Meta(max_length=500)] = []
    kind: Annotated[str, Meta(max_length=64)] = ""
    identifier: Annotated[str, Meta(max_length=1_000)] = ""
    attribute: Annotated[str, Meta(max_length=64)] = ""
    value: Annotated[str, Meta(max_length=5_000)] = ""
    note: Annotated[str, Meta(max_length=1_000)] = ""


Variable = Literal[
    "customer.name", "customer.first_name", "operator.name", "page.title", "page.url", "site.name"
]
"""What a canned reply may leave open: `{{customer.name}}`, or `{{customer.name|there}}` with words for when it is not known."""


class CannedText(Command):
    """Base of keeping a canned reply. `reply` is its id, made by the tab: keeping it twice is keeping it once."""

    reply: Id
    shortcut: Short
    text: MaybeText
    title: Short = ""
    queue: Id | None = None
    """Offered in conversations of this queue only; None: in all."""


class SaveCanned(CannedText, tag="canned_save"):
    """Keep a canned reply of my own, new or changed."""


class SaveShared(CannedText, tag="shared_save"):
    """Keep a canned reply that everybody has, new or changed. For admins."""


class DropCanned(Command, tag="canned_drop"):
    """Delete a canned reply of my own; one that is gone already is no mistake."""

    reply: Id


class DropShared(Command, tag="shared_drop"):
    """Delete a canned reply that everybody has. For admins."""

    reply: Id


class Watch(Command, tag="watch"):
    """Be told when this customer comes back or puts something into the cart, or no longer."""

    customer: Id
    on: bool = True


class EditRecord(Command, tag="edit"):
    """Say something of a customer in an operator's own name: `field` is email, phone, name or an attribute's name.

    It becomes a touchpoint of this operator, asserted; what was known before stays behind it. `done.message` is the touchpoint's id.
    """

    customer: Id
    field: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")]
    value: Annotated[str, Meta(min_length=1, max_length=500)]


class TakeBack(Command, tag="take_back"):
    """What an operator said of a customer in this touchpoint no longer counts."""

    touch: Id


class Cursor(Frame, tag="cursor"):
    """This tab has received up to `delivered`, and its operator has seen up to `read` (numbers of the conversation)."""

    conversation: Id
    delivered: Count = 0
    read: Count = 0


class Typing(Frame, tag="typing"):
    """The operator began or stopped typing."""

    conversation: Id
    on: bool


class Viewing(Frame, tag="viewing"):
    """The operator looks at this conversation, or no longer."""

    conversation: Id
    on: bool


FromTab = (
    Hello
    | Beat
    | Subscribe
    | Unsubscribe
    | Reply
    | PushPage
    | Invite
    | Take
    | Seen
    | Transfer
    | Untransfer
    | Tag
    | Close
    | Reopen
    | Block
    | SetPresence
    | SetIdle
    | ChangeOperator
    | SetActive
    | DropLink
    | SaveQueue
    | ArchiveQueue
    | RestoreQueue
    | Decide
    | SaveCanned
    | SaveShared
    | DropCanned
    | DropShared
    | Watch
    | EditRecord
    | TakeBack
    | Cursor
    | Typing
    | Viewing
)


# --- items of topics


class QueueBrief(Part):
    """A queue this operator serves."""

    id: Id
    name: str


class Me(Part):
    """Who is signed in."""

    id: Id
    name: str
    login: str
    role: Role
    queues: list[QueueBrief] = []
    presence: Presence = "available"
    limit: Count = 4
    language: str = ""
    """What they chose to read; empty: as the browser says. So with the zone."""
    zone: str = ""
    idle: Count = 10
    """Minutes without a touch after which they are away; 0 is never."""


class ConversationRow(Part, tag_field="k", tag="row"):
    """A conversation in a list (topics `queue:ID`, and the head of `conversation:ID`)."""

    id: Id
    queue: Id
    status: Status
    customer: Id
    name: str
    level: Level
    channel: str
    site: str
    opened: int
    seq: Count
    operator: Id | None = None
    operator_name: str = ""
    last_text: str = ""
    last_author: Author = "visitor"
    last_at: int = 0
    waiting_since: int | None = None
    """When the customer's oldest unanswered word came; None when the last word is ours."""
    unread: Count = 0
    """Messages after the assigned operator's read cursor that are not the operators' own."""
    outcome: Outcome | None = None
    blocked: bool = False
    visitor: Id | None = None
    """The browser (matches `VisitorRow.id`), where there is one."""
    customer_cursors: Cursors = Cursors()
    """How far the customer's side has got, in this conversation's numbers."""
    answer_by: AnswerBy = "here"
    """Where the customer wants the answer when nobody was there."""
    score: int | None = None
    remark: str = ""
    """The customer's rating, 1 to 5, and what they wrote with it."""
    alarm: Count = 0
    """While it waits: rounds of the alarm that nobody acknowledged. 0 rings those who are available, 1 the busy ones as well."""
    seen_at: int | None = None
    """When somebody acknowledged the alarm; it rings nowhere from then on."""
    seen_by: str = ""
    """Their name."""
    told: bool = False
    """The customer was told that nobody could answer so far."""
    tags: list[str] = []
    case: Id | None = None
    """It goes on with this conversation: lists show that one alone."""
    subject: str = ""
    """What it is about, where its channel has subjects."""
    priority: Priority = "normal"
    """Urgent ones are served before the others, low ones after them."""
    last_channel: str = ""
    """Where it has gone on by several ways: the channel of the last word."""
    legs: Count = 1


class LeftOut(Part):
    """A file that was not kept, and why."""

    name: str
    size: Count
    why: Literal["too_large", "quota", "bad_file"]


class Mail(Part):
    """What a message has besides its text where it came by a channel like mail."""

    subject: str = ""
    """What it came under, without any `Re:`, where that is not what the conversation has been about before."""
    to: list[str] = []
    at: int = 0
    """When it was written, as it says itself."""
    html: bool = False
    """There is a body to show as it was laid out: `GET /api/conversations/ID/messages/SEQ/body`."""
    pictures: Count = 0
    """Pictures elsewhere, which that body shows only when asked to."""
    quoted: bool = False
    """It repeats earlier messages: `GET /api/conversations/ID/messages/SEQ/quoted`."""
    automatic: Literal["", "reply", "bulk", "bounce"] = ""
    ours: bool = False
    """It was written outside of the hub, by somebody of the business."""
    proof: Literal["", "verified"] = ""
    """verified: the sender's address was authenticated; else it is only what the mail says."""
    strange: bool = False
    """It says it follows a conversation that its sender took no part in, so it began one of its own."""
    unproven: bool = False
    """It says it follows a conversation of its sender's, but nothing proves that it is from them, so it began one of its own."""
    left_out: list[LeftOut] = []
    """Files that came with it and were not kept."""


class Quoted(Part):
    """`GET /api/conversations/ID/messages/SEQ/quoted`: what a message repeats of earlier ones."""

    text: str


class Message(Part, tag_field="k", tag="message"):
    """One message; `seq` has no holes within the conversation."""

    id: Id
    conversation: Id
    seq: Count
    author: Author
    text: str
    at: int
    kind: str = "text"
    name: str = ""
    operator: Id | None = None
    channel: str = ""
    client_id: str | None = None
    delivery: Literal["sent", "delivered", "read", "failed"] | None = None
    """Set only where an outside system answers for it; for sockets read the cursors."""
    by: str = ""
    """The channel it leaves by besides, for a customer who has left the page it was said on."""
    to: str = ""
    """The address it leaves to."""
    why: str = ""
    """Why it failed."""
    attachments: list[Attachment] = []
    push: Push | None = None
    mentions: list[Id] = []
    """Operators whom this note calls."""
    mail: Mail | None = None


class Gone(Part, tag_field="k", tag="gone"):
    """The item with this id is no longer in the topic."""

    id: str


class VisitorRow(Part, tag_field="k", tag="visitor"):
    """Somebody on a site now. Seconds on the page = `active_before` + (attentive ? now - since : 0)."""

    id: Id
    visit: Id
    customer: Id
    name: str
    level: Level
    site: str
    url: str
    title: str
    since: int
    active_before: float
    attentive: bool
    arrived: int
    pages: Count
    visits: Count
    referrer: str = ""
    language: str = ""
    zone: str = ""
    """IANA name of the zone their clock shows."""
    conversation: Id | None = None
    operator_name: str = ""
    device: Device = ""
    source: str = ""
    campaign: str = ""
    scroll: Percent = 0
    cart_value: float = 0.0
    cart_count: Count = 0
    currency: str = ""
    lingering: int | None = None
    """Since when they linger, by the site's rules; None when they do not."""
    told_by: str = ""
    """The connection of another tracker that tells of them: they can be seen, and not reached."""
    invitation: Literal["", "offered", "shown", "accepted", "declined", "expired"] = ""


class Provenance(Part):
    """One value and where it comes from."""

    value: str
    level: Level
    source: str
    at: int
    rule: str = ""
    operator: str = ""
    """Set when an operator said it: their name."""
    touch: Id | None = None
    """The touchpoint it was said in; given for what an operator said, which can be taken back."""
    said_in: Id | None = None
    """The touchpoint it was said in last; what a pin of this value names."""


class RecordField(Part):
    """An attribute of the reconciled record: the chosen value, why, and the runners-up."""

    attribute: str
    chosen: Provenance
    others: list[Provenance] = []
    pin: Id | None = None
    """The decision that holds the chosen value, whatever is said elsewhere."""
    pinned_by: str = ""


class RecordConsent(Part):
    """What counts of being written to, for a purpose (`contact`: at all) and an address; without `kind` for all of them."""

    purpose: str
    granted: bool
    said: Provenance
    kind: str = ""
    value: str = ""
    earlier: list[Provenance] = []


class RecordIdentifier(Part):
    """An identifier the customer has."""

    kind: str
    value: str
    level: Level
    status: str
    at: int
    source: str = ""
    operator: str = ""
    """Set when an operator said it first: their name."""
    touch: Id | None = None
    """As in `Provenance`."""
    said_in: Id | None = None
    """The touchpoint that carried it first."""


class DecisionRow(Part):
    """An operator's decision that concerns this customer, and who took it back, when and why."""

    id: Id
    op: str
    author: str
    at: int
    note: str = ""
    revoked: bool = False
    a: str = ""
    b: str = ""
    names: list[str] = []
    """Who or what the sides are today, in order: the name of a customer (empty: nobody has one), or an identifier."""
    customer: Id | None = None
    """Today's customer of the first side."""
    revoked_by: str = ""
    revoked_at: int = 0
    revoked_note: str = ""


class Joined(Part):
    """One link of the chain of evidence, for a line of a record: an identifier (a browser has no `value`), or a decision of `author`."""

    kind: str = ""
    value: str = ""
    author: str = ""


class Customer(Part, tag_field="k", tag="customer"):
    """One reconciled customer, with the chain of evidence."""

    id: Id
    name: str
    level: Level
    fields: list[RecordField] = []
    identifiers: list[RecordIdentifier] = []
    consents: list[RecordConsent] = []
    decisions: list[DecisionRow] = []
    why: list[Joined] = []
    touchpoints: Count = 0
    conversations: list[ConversationRow] = []
    pending: bool = False
    """The record is large and still being worked out; it may change by itself."""


class TimelineItem(Part, tag_field="k", tag="touch"):
    """One touchpoint of the customer."""

    id: Id
    kind: str
    channel: str
    at: int
    title: str
    source: str = ""
    detail: dict[str, Any] = {}


class Moved(Part, tag_field="k", tag="moved"):
    """This customer is now (part of) another record: follow that one."""

    id: Id
    to: Id
    kind: Literal["merged", "split"]


class OperatorRow(Part, tag_field="k", tag="operator"):
    """A colleague."""

    id: Id
    name: str
    role: str
    presence: Presence | Literal["offline"]
    load: float = 0.0
    """What they have in hand, in chats: a call is worth several, a mail a part of one."""
    limit: Count = 0
    queues: list[Id] = []
    """Those whose conversations they see; an admin sees all."""
    since: int = 0
    """When this presence began; 0: they were never here."""
    automatic: bool = False
    """It came by itself, for want of a touch, and ends with the next one."""
    picture: str = ""
    """Its address; empty: show the initials."""


class MemberRow(Part, tag_field="k", tag="member"):
    """An operator as admins see them (topic `operators`), whether they may sign in or not."""

    id: Id
    login: str
    name: str
    role: Role
    active: bool
    joined: int
    limit: Count | None = None
    """Open conversations at a time, where it is not the house's limit."""


class LinkRow(Part, tag_field="k", tag="link"):
    """A link that was not used yet (topic `operators`): for a new operator, or for the password of `operator`."""

    id: Id
    at: int
    ends: int
    by: str
    operator: Id | None = None
    name: str = ""
    note: str = ""
    """Whom it is for."""
    role: Role | None = None
    limit: Count | None = None
    queues: list[Id] = []


class QueueRow(Part, tag_field="k", tag="queue"):
    """A queue and who serves it (topic `queues`)."""

    id: Id
    name: str
    archived: int | None = None
    """Since when nothing waits there any more."""
    sites: list[Short] = []
    """Sites of the configuration whose conversations wait here; while there are any, its name is theirs to change."""
    members: list[Id] = []


class HealthRow(Part, tag_field="k", tag="health"):
    """A plugin or connection and how it is."""

    id: str
    kind: str
    state: str
    reason: str = ""
    since: int = 0


class JudgedPair(Part):
    """Somebody has just decided whether `a` and `b` are one person; `name` is theirs."""

    a: Id
    b: Id
    at: int
    by: Id
    name: str


class SuggestionsRow(Part, tag_field="k", tag="suggestions"):
    """How many pairs wait on the suggestions desk, surest and less sure; the one item of its live topic, called `desk`.

    `judged`: what operators have just decided, the latest last, so that nobody goes on thinking about it.
    """

    id: str
    queue: Count = 0
    more: Count = 0
    judged: list[JudgedPair] = []


class OfferRow(Part, tag_field="k", tag="offer"):
    """What visitors of a site are offered now, and why no more of it (live topic `offers`; `id` is the site's key)."""

    id: str
    name: str
    queue: Id
    why: Literal["room", "few", "line", "full", "away", "nobody", "closed"]
    """Everything can be kept · calls would take the last room · no room, but a short line · neither · those here take nothing new · …"""
    chat: bool = False
    voice: bool | None = None
    """None: there are no calls here."""
    mail: bool = False
    callback: bool = False
    faq: bool = False
    seats: Count = 0
    """Chats that those who are available may have at once."""
    free: int = 0
    """How many more can be taken; below zero where more wait."""
    waiting: Count = 0
    wait: int | None = None
    """Seconds a chat that begins now waits for room; None where nothing tells."""


class TypingRow(Part, tag_field="k", tag="typing"):
    """Somebody types in, or looks at, the conversation of this live topic."""

    id: str
    who: Author
    name: str
    typing: bool = False
    viewing: bool = False


class EyeRow(Part, tag_field="k", tag="eye"):
    """A colleague looks at a conversation of this queue (live topic `eyes:QUEUE`), or types in it."""

    id: str
    conversation: Id
    operator: Id
    name: str
    typing: bool = False


class CannedReply(Part, tag_field="k", tag="canned"):
    """A text to be said again, of everybody (no `owner`) or of one operator."""

    id: Id
    shortcut: str
    title: str
    text: str
    owner: Id | None = None
    queue: Id | None = None
    at: int = 0
    """When it was last changed,"""
    by: str = ""
    """and by whom."""


class WatchRow(Part, tag_field="k", tag="watch"):
    """A customer whom an operator watches. `id` stays; `customer` is today's."""

    id: Id
    customer: Id
    name: str
    level: Level
    at: int
    """Since when they are watched."""


class Mention(Part, tag_field="k", tag="mention"):
    """Notes in the conversation `id` that call this operator and that they have not seen."""

    id: Id
    seq: Count
    """The newest of them."""
    at: int
    by: str
    """Who wrote that one."""
    count: Count


Item = (
    ConversationRow
    | Message
    | Gone
    | VisitorRow
    | Customer
    | TimelineItem
    | Moved
    | OperatorRow
    | HealthRow
    | SuggestionsRow
    | OfferRow
    | TypingRow
    | EyeRow
    | CannedReply
    | WatchRow
    | Mention
    | MemberRow
    | LinkRow
    | QueueRow
)


# --- the hub says


class Welcome(Frame, tag="welcome"):
    """Answer to `hello`."""

    me: Me
    epoch: str
    now: int
    beat: float
    sites: list[Short] = []
    site_names: dict[str, str] = {}
    """What the sites are called, by key."""
    site_targets: dict[str, int] = {}
    """Seconds within which their visitors should have an answer."""
    queues: list[QueueBrief] = []
    operators: list[OperatorRow] = []


class You(Frame, tag="you"):
    """Who you are, what you may and which queues you serve has changed. Topics you may follow no longer have ended."""

    me: Me


class Snapshot(Frame, tag="snapshot"):
    """All items of a topic (newest page for messages and touches; older ones by `GET`), as of `n`."""

    topic: str
    n: Count
    items: list[Item]
    epoch: str | None = None
    more: bool = False


class Event(Frame, tag="event"):
    """Item `item` was put into, or dropped from, the topic.

    It follows whoever holds `after` or more (absent: n - 1); a tab that holds less has a gap and subscribes again with its
    own n. A tab that holds n or more already ignores it.
    """

    topic: str
    n: Count
    item: Item
    after: Count | None = None
    epoch: str | None = None


class Resync(Frame, tag="resync"):
    """What you missed of this topic is gone: subscribe again without `n`."""

    topic: str


class Done(Frame, tag="done"):
    """The command was carried out, for good."""

    id: str
    seq: Count | None = None
    at: int | None = None
    decision: Id | None = None
    decisions: list[Id] = []
    """Where one command was several decisions: all of them."""
    message: str = ""


class Pong(Frame, tag="beat"):
    """Answer to a beat."""

    now: int


ToTab = Welcome | You | Snapshot | Event | Resync | Done | Pong | Refused


# --- answers over plain HTTP


class MessagePage(Part):
    """`GET /api/conversations/ID/messages?before=SEQ` (or `after=SEQ`): a page of messages, oldest first; `more`: on that side."""

    items: list[Message]
    more: bool


class ConversationPage(Part):
    """`GET /api/conversations?status=closed&before=CURSOR`: newest first; `next` continues.

    `status`: waiting, open, closed or all. Filters: `queue`, `operator`, `site`, `channel`, `outcome`, `rated` (1 or 0), `tag`, `mentioned` (1: in a
    note that calls me), and `unanswered`,
    milliseconds: has waited for a word since before.
    """

    items: list[ConversationRow]
    next: str | None = None


class TagUse(Part):
    """A tag, and on how many conversations it is, as far as that is counted."""

    tag: str
    count: Count


class TagsInUse(Part):
    """`GET /api/tags`: what is on conversations I may see, the most used first."""

    items: list[TagUse]


class QueueLoad(Part):
    """How it is in a queue: how many wait, since when the first of them, and who could answer."""

    id: Id
    name: str
    waiting: Count
    oldest: int | None = None
    here: Count = 0
    """Operators of its team who are available or busy."""


class QueueLoads(Part):
    """`GET /api/queues`: where a conversation can be handed to."""

    items: list[QueueLoad]


class SitePage(Part):
    """A page of a site, without the query and the fragment that were its visitor's."""

    url: Url
    title: str
    at: int
    """When somebody last came to it."""


class SitePages(Part):
    """`GET /api/sites/KEY/pages`: what was looked at lately, the latest first."""

    items: list[SitePage]


class FoundIn(Part):
    """`GET /api/conversations/ID/find?q=TEXT`: numbers of the messages that fit, the newest first; `more`: only the newest are told."""

    hits: list[Count]
    more: bool = False


Piece = tuple[str, bool]
"""A piece of a text, and whether it is what was searched for."""


class TalkHit(Part):
    """A message that was found."""

    conversation: ConversationRow
    seq: Count
    author: Author
    at: int
    text: list[Piece]
    name: str = ""
    note: bool = False


class CustomerHit(Part):
    """A customer who was found, and their newest conversation."""

    id: Id
    name: str
    level: Level
    text: list[Piece]
    conversations: list[ConversationRow] = []


class SearchPage(Part):
    """`GET /api/search?q=TEXT&before=CURSOR`: best first; customers come with the first page; `next` continues."""

    talks: list[TalkHit]
    customers: list[CustomerHit] = []
    tagged: list[ConversationRow] = []
    """Newest conversations with a tag that fits; with the first page, too."""
    next: str | None = None


class TimelinePage(Part):
    """`GET /api/customers/ID/timeline?before=TOUCH`: newest first.

    Narrowed by `kind` (several, with commas), `channel` and `q` (words that all occur). A narrowed page may be short, even empty, and
    still have a `next`: there is more to look at.
    """

    items: list[TimelineItem]
    next: str | None = None


class CannedLoaded(Part):
    """`POST /api/canned/own/import` and `/shared/import`: how many replies of the file were new, and how many replaced one."""

    added: Count
    changed: Count


class PanelLine(Part):
    """A row of a panel, or a link: `url` is empty or begins with http."""

    label: str
    value: str = ""
    url: str = ""


class PanelButton(Part):
    """An action of a panel; `confirm` is asked first when it is not empty."""

    name: str
    label: str
    confirm: str = ""


class PanelView(Part):
    """What a plugin shows of a customer."""

    name: str
    title: str
    note: str = ""
    rows: list[PanelLine] = []
    links: list[PanelLine] = []
    actions: list[PanelButton] = []
    silent: bool = False
    """The plugin could not answer; there may be something to show later."""


class CartNow(Part):
    """What lies in the cart of one of the customer's browsers."""

    visitor: Id
    at: int
    lines: list[CartLine]
    value: float = 0.0
    currency: str = ""


class PanelPage(Part):
    """`GET /api/customers/ID/panels?conversation=ID`: every plugin's panel that has something to say, and what lies in carts now."""

    panels: list[PanelView]
    carts: list[CartNow] = []


class PanelAnswer(Part):
    """`POST /api/customers/ID/panels/NAME` {action, conversation}: the plugin's sentence, and the panel as it is now."""

    message: str
    panels: list[PanelView]


class PageSeen(Part):
    """One page of a visit."""

    url: Url
    title: str
    at: int
    active: float
    scroll: Percent = 0


class EventSeen(Part):
    """Something that happened in a visit."""

    name: str
    at: int
    properties: dict[str, Any] = {}


class TrackingProblem(Part):
    """One event of another tracker that was left out; the event itself is not kept."""

    connection: str
    n: Count
    """Of its connection, counted from the first of the run."""
    at: int
    call: str
    message_id: str
    why: str


class TrackingProblems(Part):
    """Answer to `GET /api/tracking/problems`: those that are kept, the newest first."""

    problems: list[TrackingProblem]


class VisitPath(Part):
    """`GET /api/visits/ID`: the pages of one visit, in order."""

    visit: Id
    pages: list[PageSeen]
    events: list[EventSeen] = []
    cart: list[CartLine] = []
    cart_value: float = 0.0
    currency: str = ""


class SessionRow(Part):
    """A browser an operator is signed in with."""

    id: Id
    at: int
    used: int
    agent: str = ""
    mine: bool = False
    """The one that asks."""


class SessionPage(Part):
    """`GET /api/sessions` and `GET /api/operators/ID/sessions`: last used first."""

    items: list[SessionRow]


class MadeLink(Part):
    """`POST /api/operators/invite` and `POST /api/operators/ID/link`: said this once; only its hash is kept."""

    token: str
    ends: int


class OpenedLink(Part):
    """`POST /api/links/look`: what a link leads to. `login` says whose password it renews; empty: it makes somebody new."""

    login: str = ""
    note: str = ""
