"""What may be asked of a message that begins a conversation: the whole vocabulary of routing rules, with its types.

A rule that names anything else, or compares a fact with a value of another type, is refused when it is written and not when a customer
happens to meet it. A fact that nobody knows (None, or no address) makes every comparison with it false, but `is not` and `has none`.
"""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Literal, get_args

import msgspec

from hub.conversations.rules.words import Words
from hub.wire.routing import Fact, Op

Kind = Literal["words", "names", "figure", "truth"]

_FIGURES = ("conversations", "open_cases", "orders", "total")
_TRUTHS = ("open", "automatic", "known", "verified", "blocked")
_WORDS = ("words", "subject", "text")
KINDS: Mapping[Fact, Kind] = MappingProxyType(
    {
        fact: "words" if fact in _WORDS else "figure" if fact in _FIGURES else "truth" if fact in _TRUTHS else "names"
        for fact in get_args(Fact)
    }
)  # fmt: skip
OPS: Mapping[Kind, tuple[Op, ...]] = MappingProxyType(
    {
        "words": ("has", "has all", "has none"),
        "names": ("is", "is not"),
        "figure": ("at least", "at most"),
        "truth": ("is",),
    }
)
_OF_CUSTOMER: tuple[Fact, ...] = (
    "conversations", "open_cases", "orders", "total", "known", "verified", "blocked", "customer_tags",
)  # fmt: skip
CUSTOMER = frozenset(_OF_CUSTOMER)
"""Facts that are read from the customer's record, and only where a rule asks for them."""


class Facts(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What is true of one message at the moment it came. What nobody asked for may be left out."""

    subject: str = ""
    text: str = ""
    to: tuple[str, ...] = ()
    """Addresses of the business it was sent to."""
    sender: tuple[str, ...] = ()
    """`from`: the address it says it is from. A claim, like everything in a mail."""
    connection: str = ""
    channel: str = ""
    site: str = ""
    language: str = ""
    """de, en …; empty where it is not sure."""
    open: bool | None = None
    """Whether the site was open; without a site: any of them."""
    automatic: bool = False
    known: bool | None = None
    """There is a name, or an address, of this customer."""
    verified: bool | None = None
    """That it is them has been proven, here and now."""
    blocked: bool | None = None
    """A browser of theirs has been blocked."""
    conversations: float | None = None
    """Earlier ones; counted up to a hundred."""
    open_cases: float | None = None
    """Of those, not closed."""
    orders: float | None = None
    total: float | None = None
    """Worth of the orders, in the currency they spent the most in."""
    customer_tags: tuple[str, ...] = ()
    """On their earlier conversations."""

    @cached_property
    def read(self) -> dict[str, Words]:
        """The texts, ready to be looked through; read once for all rules."""
        whole = Words(f"{self.subject}\n{self.text}")
        return {"words": whole, "subject": Words(self.subject), "text": Words(self.text)}

    def names(self, fact: Fact) -> tuple[str, ...]:
        """The values of a fact of kind `names`; none where nobody knows."""
        found = getattr(self, "sender" if fact == "from" else fact)
        return (found,) if isinstance(found, str) and found else tuple(found)
