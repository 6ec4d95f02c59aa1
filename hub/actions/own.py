"""A visitor's own view of what is stored about their browser, and its deletion."""

import msgspec

from hub import identity, media
from hub.actions import announce
from hub.store import Read, Tx
from hub.visits import own, tokens


class Held(own.Figures, frozen=True):
    """The figures, and whether anybody vouched for who sits there."""

    level: str = "observed"


def figures(read: Read, visitor: bytes) -> Held:
    """What is stored about this browser, counted."""
    level = "verified" if tokens.person(read, visitor) else "observed"
    return Held(**msgspec.structs.asdict(own.figures(read, visitor)), level=level)


def forget(tx: Tx, visitor: bytes) -> list[bytes]:
    """Delete visits, pages, events, the cart and every token of this browser; conversations stay with the business.

    Returns the ids of files that were never sent: the caller deletes them after the commit.
    """
    for visit in own.forget(tx, visitor):
        announce.touch(tx, identity.resolve(tx, visit), visit)
    return media.forget_unsent(tx, visitor)
