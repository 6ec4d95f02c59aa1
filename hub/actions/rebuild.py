"""Compute who is who anew, a slice at a time, and see from time to time that nothing drifted.

After a change of the rules or of how identifiers are read, and by `hub identity rebuild`. What moves is told like any other change.
"""

import msgspec

from hub import identity
from hub.actions import announce
from hub.store import Tx


class Done(msgspec.Struct, frozen=True):
    """One slice: where the next begins (None at the end), and how many records moved."""

    next: identity.Place | None
    moved: int


def renew(tx: Tx, place: identity.Place) -> Done:
    """The next slice of a rebuild."""
    renewed = identity.renew(tx, place)
    announce.records(tx, renewed.events)
    return Done(renewed.next, len(renewed.events))


def repair(tx: Tx, touches: list[bytes]) -> int:
    """Settle anew where these touchpoints are; how many records moved."""
    happened = identity.repair(tx, touches)
    announce.records(tx, happened)
    return len(happened)
