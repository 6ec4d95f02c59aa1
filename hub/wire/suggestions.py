"""The suggestions desk: two customers who may be one person, what speaks for it and what against, and what an operator makes of it.

A score never joins anybody. Accepting is a `same`, dismissing a `never`: decisions like any other, with their undoing. A suggestion
that is put off comes back on its day, one whose customers changed is scored anew and may be gone.
"""

from typing import Annotated, Literal

from msgspec import Meta

from hub.wire.common import Count, Id, Level, Part
from hub.wire.console import Customer, RecordField, TimelineItem

Shelf = Literal["queue", "more"]


class SuggestionSide(Part):
    """One of the two, as of today. `last` is when they were last heard of, in milliseconds."""

    customer: Id
    name: str
    level: Level
    touchpoints: Count
    last: int


class SuggestionStep(Part):
    """One bar of the waterfall: what the field adds to the score given those before it. Negative bits speak against.

    `field`: postcode, street, number, line, city, phone, surname, email, alias (an
    address made of the other's name), given, dob, gender, company, occupation, birthplace.
    `level`: same, typo, alike, part, nickname, initial, swapped, named, local, domain, area, parts, year, differs.
    `a` and `b`: what each side says, as it was said; several values with a middle dot between them.
    """

    field: str
    level: str
    bits: float
    a: str
    b: str


class Suggestion(Part):
    """Two customers who may be one person. `a` and `b` stand in a fixed order; they name the suggestion."""

    a: SuggestionSide
    b: SuggestionSide
    probability: float
    bits: float
    """Log2 odds that it is one person; `prior` plus the bits of all steps."""
    prior: float
    """Log2 odds before anything is compared: how rare it is that two customers are one."""
    steps: list[SuggestionStep]
    shelf: Shelf
    """`queue` from a probability of .95, `more` from .80."""
    accounts: bool = False
    """Both are verified: a possible second account of one person. Never preselect "one person" for it."""
    found: int = 0
    """When it was found, in milliseconds."""
    until: int | None = None
    """It was put off, and came back then."""


class SuggestionPage(Part):
    """`GET /api/suggestions?shelf=queue&before=CURSOR`, or `?customer=ID` for those of one customer: surest first.

    `queue` and `more` count what waits on each shelf, up to 1,000. `pending`: customers who have changed and are not looked at yet.
    """

    items: list[Suggestion]
    next: str | None = None
    queue: Count = 0
    more: Count = 0
    pending: bool = False


class SuggestionPair(Part):
    """`GET /api/suggestions/pair?a=ID&b=ID`: both records whole, and what would become of them as one.

    `fields`: every attribute of the one record, chosen by the same rule from what both sides say. `latest`: what each side did last.
    """

    a: Customer
    b: Customer
    fields: list[RecordField]
    touchpoints: Count
    """Of both together."""
    latest_a: list[TimelineItem] = []
    latest_b: list[TimelineItem] = []
    others: Count = 0
    """Touchpoints of further customers that would change hands as well, because the evidence then speaks otherwise."""
    unseen: bool = False
    """They are too large together to see that beforehand; the decision may be taken all the same, and revoked."""


class JudgeSuggestion(Part):
    """`POST /api/suggestions`, body: what an operator makes of one.

    accept: one person (a `same`); dismiss: two people (a `never`); unsure: not now, and not again before `days` have passed; again: now
    after all, though it was put off.
    """

    a: Id
    b: Id
    verdict: Literal["accept", "dismiss", "unsure", "again"]
    note: Annotated[str, Meta(max_length=1_000)] = ""
    days: Annotated[int, Meta(ge=1, le=365)] = 30


class JudgedSuggestion(Part):
    """The answer. `decision` undoes it: the command `decide` with op `revoke`; None for unsure and again. `customer`: who `a` is now.

    Refusals: not_found (its customers have moved: read anew), no_change (decided already; the text says so).
    """

    customer: Id
    decision: Id | None = None
