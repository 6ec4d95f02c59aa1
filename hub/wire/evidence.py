"""Why a record is one person, what a decision would do, and what was decided: answers for the console, over plain HTTP.

A decision names touchpoints and identifiers; the console may name a customer, which is a touch id too. What it would do is computed
by the rule with the decision added, so a preview and the deed cannot differ.
"""

from typing import Annotated, Literal

from msgspec import Meta

from hub.wire.common import Count, Id, Level, Part
from hub.wire.console import DecisionRow, TimelineItem

Op = Literal["same", "never", "detach", "block", "unblock", "pin", "retract", "revoke"]


class Deciding(Part):
    """`POST /api/decisions/preview`: the decision to look at, named as in the command `decide`."""

    op: Op
    a: Id | None = None
    b: Id | None = None
    touches: Annotated[list[Id], Meta(max_length=50)] = []
    kind: Annotated[str, Meta(max_length=64)] = ""
    identifier: Annotated[str, Meta(max_length=1_000)] = ""
    attribute: Annotated[str, Meta(max_length=64)] = ""
    value: Annotated[str, Meta(max_length=5_000)] = ""
    decision: Id | None = None


class PreviewMove(Part):
    """So many touchpoints go from one customer to another, with a few of them. `after` may be an id that is nobody's yet."""

    before: Id
    after: Id
    touches: Count
    some: list[TimelineItem] = []


class PreviewChange(Part):
    """The chosen value of an attribute of a customer, as of afterwards, would be another; None: there is none."""

    customer: Id
    attribute: str
    before: str | None = None
    after: str | None = None


class PreviewSide(Part):
    """A customer the decision touches. `before` and `after` count touchpoints: 0 before is a new record, 0 after one that has gone."""

    customer: Id
    name: str
    level: Level
    before: Count
    after: Count


class Preview(Part):
    """What a decision would do. `changes`: whether there is anything to decide; else `answer` says why not, in a sentence.

    `against`: decisions in force that stop this one. `pending`: the records are large and will be worked out in the background.
    `unseen`: so large that what it would do is not shown; it may be taken all the same, and revoked. `more`: touchpoints of moves that
    are not listed, for of thousands only the largest are.
    """

    changes: bool
    answer: str = ""
    sides: list[PreviewSide] = []
    moves: list[PreviewMove] = []
    more: Count = 0
    fields: list[PreviewChange] = []
    against: list[DecisionRow] = []
    pending: bool = False
    unseen: bool = False


class WhyIdentifier(Part):
    """An identifier in the evidence, at its best level here; `status` as in `RecordIdentifier`."""

    kind: str
    value: str
    level: Level
    status: str


class WhyHold(Part):
    """A touchpoint carries an identifier (its place in `Explanation.identifiers`). `joins`: it counts as evidence of who this is."""

    identifier: Count
    level: Level
    joins: bool = True


class WhyTouch(Part):
    """A piece of evidence: touchpoints that say the same of who they are from, shown by the first of them."""

    item: TimelineItem
    touches: Count
    holds: list[WhyHold] = []
    names: list[str] = []


class WhyLink(Part):
    """One link of the chain: an identifier, or a decision, made one person of these (places in `Explanation.touches`). One place
    alone is a piece of evidence that several touchpoints are, since they say the very same.

    `level`: how sure the weakest of them makes it.
    """

    touches: list[Count]
    level: Level
    identifier: Count | None = None
    decision: DecisionRow | None = None


class OtherCustomer(Part):
    """Somebody else in an explanation."""

    id: Id
    name: str
    level: Level


class WhyApart(Part):
    """What did not join others to this record. `reason`: never, limit, verified, names, browser, choice, or what the identifier is:
    shared, role, blocked, junk, unverified. `more`: others who are not listed."""

    reason: str
    identifier: Count | None = None
    decision: DecisionRow | None = None
    others: list[OtherCustomer] = []
    more: Count = 0


class Explanation(Part):
    """`GET /api/customers/ID/why`: the chain of evidence, oldest evidence first, and what stayed apart. `more`: evidence left out.
    `large`: so much evidence that the chain is not computed for a look at it."""

    customer: Id
    touches: list[WhyTouch] = []
    identifiers: list[WhyIdentifier] = []
    links: list[WhyLink] = []
    apart: list[WhyApart] = []
    more: Count = 0
    large: bool = False
    pending: bool = False


class DecisionPage(Part):
    """`GET /api/decisions?before=CURSOR`: everything decided, newest first; `next` continues."""

    items: list[DecisionRow] = []
    next: str | None = None


class ErasurePlan(Part):
    """`GET /api/customers/ID/erase`: what erasing this person would take with it. `name` is what has to be said to do it."""

    customer: Id
    name: str
    touches: Count
    conversations: Count = 0
    browsers: Count = 0
    documents: Count = 0
    """What plugins keep of them."""
