"""What the runners ask about messages that leave by the outbox."""

import datetime as dt

from hub.actions import announce
from hub.contract import OutgoingMessage
from hub.conversations import thread
from hub.outbox import Due, Needless, Outcome
from hub.store import Read, Tx


def compose(read: Read, due: Due) -> OutgoingMessage | None:
    """The message a delivery points at; None when it is there no longer. Raises `Needless` when its customer came back to the page."""
    found = thread.leaving(read, due.item, due.lane)
    if found is None:
        return None
    if found.left and found.seen:
        raise Needless
    return OutgoingMessage(
        id=found.id.hex(),
        conversation=found.conversation.hex(),
        address=found.address,
        text=found.text,
        author=found.author,
        at=dt.datetime.fromtimestamp(found.at / 1_000_000, dt.UTC),
        kind=found.kind,
        attempt=due.attempt + due.doubts,
    )


def settled(tx: Tx, outcome: Outcome) -> None:
    """A delivery came to an end, or its receipt arrived: show it."""
    place = thread.where_is(tx, outcome.item) if outcome.kind == "message" else None
    if place is not None:
        announce.restated(tx, *place)
