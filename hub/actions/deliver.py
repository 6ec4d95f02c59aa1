"""What the runners ask about messages that leave by the outbox."""

import datetime as dt

from hub.actions import announce
from hub.contract import OutgoingMessage
from hub.conversations import thread
from hub.outbox import Due, Outcome
from hub.store import Read, Tx


def compose(read: Read, due: Due) -> OutgoingMessage | None:
    """The message a delivery points at; None when it is there no longer."""
    found = thread.leaving(read, due.item)
    if found is None:
        return None
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
