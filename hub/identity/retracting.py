"""Take back what a touchpoint said: it stays in its record and in the log, and claims nothing any longer.

Only for touchpoints on a node of their own, which those that a decision names are. The log's row is blanked as well, so the batch
answer and the live state agree afterwards.
"""

from hub.identity import nodes
from hub.identity.events import RecordEvent
from hub.identity.settling import settle
from hub.intake import own_key
from hub.store.tx import Tx

SQL_UNSAY = "UPDATE touchpoint SET claims = '[]', attributes = '[]' WHERE id = ?"
SQL_UNNAME = "UPDATE evidence SET names = '[]' WHERE key = ?"


def retract(tx: Tx, touch: bytes) -> tuple[RecordEvent, ...]:
    """What this touchpoint claimed no longer counts. Raises LookupError when there is no such touchpoint on a node of its own."""
    row = tx.one(nodes.SQL_NODE_OF_TOUCH, (touch,))
    if row is None or row[0] != own_key(touch):
        raise LookupError(f"no decision names a touchpoint {touch.hex()}; nothing was taken back")
    key, customer, component = row[0], row[1], row[2]
    tx.run(SQL_UNSAY, (touch,))
    tx.run(nodes.SQL_DROP_CLAIMS, (key,))
    tx.run(nodes.SQL_DROP_ATTRIBUTES, (key,))
    tx.run(SQL_UNNAME, (key,))
    told = RecordEvent(kind="changed", customer=customer, cause=touch, anchor=customer)
    return (told, *settle(tx, {component}, touch))
