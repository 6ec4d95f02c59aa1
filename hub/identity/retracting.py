"""Take back what an operator said: it stays in the timeline and in the log, and claims nothing any longer.

Unlike the decision `retract`, which can be revoked, this blanks the log's row: what was said in error about somebody is nowhere
any more, and the batch answer and the live state agree afterwards.
"""

from hub.identity import nodes
from hub.identity.events import RecordEvent
from hub.identity.nodes import Moving
from hub.intake import own_key
from hub.store.tx import Tx

SQL_UNSAY = "UPDATE touchpoint SET claims = '[]', attributes = '[]' WHERE id = ?"


def unsay(tx: Tx, touch: bytes) -> tuple[RecordEvent, ...]:
    """What this touchpoint claimed no longer counts. Raises LookupError when there is no such touchpoint on a node of its own."""
    row = tx.one(nodes.SQL_NODE_OF_TOUCH, (touch,))
    if row is None or row[0] != own_key(touch):
        raise LookupError(f"no decision names a touchpoint {touch.hex()}; nothing was taken back")
    customer = row[1]
    tx.run(SQL_UNSAY, (touch,))
    nodes.retell(tx, row[0])
    moving = Moving(tx)
    moving.touch(touch)
    told = RecordEvent(kind="changed", customer=customer, cause=touch, anchor=customer)
    return (told, *moving.settle(touch))
