"""The typed facts of a visit: all that a rule over a visit may ask.

One struct is the whole vocabulary. A rule that names anything else, or compares a fact with a value of another type, is refused when
it is written and not when a visitor happens to meet it. Facts are computed on the board, in memory, from what pages report.
"""

import msgspec


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of one visitor at one moment. Seconds are of attention, not of the clock on the wall."""

    site: str = ""
    url: str = ""
    path: str = "/"
    """The path of the page's address, without query; always begins with a slash."""
    title: str = ""
    referrer: str = ""
    campaign: str = ""
    """`utm_campaign` of the visit's first page."""
    source: str = ""
    """`utm_source` of the visit's first page."""
    language: str = ""
    device: str = ""
    """phone, tablet or desktop."""
    page_seconds: float = 0.0
    visit_seconds: float = 0.0
    scroll: float = 0.0
    """How far down the page has been seen, in per cent."""
    pages: float = 0.0
    visits: float = 0.0
    returning: bool = False
    known: bool = False
    """Somebody vouched for who this is."""
    talking: bool = False
    """A conversation is open."""
    cart_value: float = 0.0
    cart_items: float = 0.0
    searches_without_result: float = 0.0
    form_errors: float = 0.0
    checkout_step: float = 0.0
    """The highest step of the checkout reached in this visit; 0 for none."""


TYPES: dict[str, type] = {field.name: field.type for field in msgspec.structs.fields(Facts)}
"""Fact → str, float or bool."""
