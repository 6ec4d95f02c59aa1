"""A visitor's own view of what is stored about their browser, and its deletion."""

import msgspec

from hub.store import Read, Tx
from hub.visits import own, tokens


class Held(own.Figures, frozen=True):
    """The figures, and whether anybody vouched for who sits there."""

    level: str = "observed"


def figures(read: Read, visitor: bytes) -> Held:
    """What is stored about this browser, counted."""
    level = "verified" if tokens.person(read, visitor) else "observed"
    return Held(**msgspec.structs.asdict(own.figures(read, visitor)), level=level)


def forget(tx: Tx, visitor: bytes) -> None:
    """Delete visits, pages, events, the cart and every token of this browser; conversations stay with the business."""
    own.forget(tx, visitor)
