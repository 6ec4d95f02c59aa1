"""Take back what was said in error about somebody: it stays in the timeline and in the log, and claims nothing any longer.

Unlike the decision `retract`, which can be revoked, this blanks what the log's row claims, so the batch answer and the live state
agree afterwards.
"""

from hub.identity import nodes
from hub.identity.events import RecordEvent
from hub.identity.lookups import UnknownAnchor
from hub.identity.nodes import Moving
from hub.store.tx import Tx

SQL_UNSAY = "UPDATE touchpoint SET claims = '[]', attributes = '[]' WHERE id = ?"


def unsay(tx: Tx, touch: bytes) -> tuple[RecordEvent, ...]:
    """What this touchpoint claimed no longer counts. Raises UnknownAnchor."""
    row = tx.one(nodes.SQL_NODE_OF_TOUCH, (touch,))
    if row is None:
        raise UnknownAnchor(f"no touchpoint has the id {touch.hex()}; nothing was taken back")
    nodes.take_back(tx, touch)
    tx.run(SQL_UNSAY, (touch,))
    moving = Moving(tx)
    moving.touch(touch)
    told = RecordEvent(kind="changed", customer=row[1], cause=touch, anchor=row[1])
    return (told, *moving.settle(touch))
