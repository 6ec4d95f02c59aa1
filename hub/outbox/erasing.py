"""Take out of the outbox what was to be sent to somebody, or told about them: for the erasure of a person, and nothing else."""

import re
from collections.abc import Collection, Iterable

from hub.outbox.queue import SQL_FREE_ALL
from hub.store import Read, Tx

SQL_DROP_LANE = "DELETE FROM outbox WHERE lane = :lane"
SQL_DROP_ITEM = "DELETE FROM outbox WHERE item = :item"
SQL_DROP_EVENT = "DELETE FROM webhook_event WHERE id = :item"
SQL_EVENTS = "SELECT id, body FROM webhook_event WHERE id > :after ORDER BY id LIMIT :most"

AT_ONCE = 1_000
_ID = re.compile(r'"([0-9a-f]{32})"')


def erase_lanes(tx: Tx, lanes: Iterable[bytes]) -> None:
    """Nothing leaves by these legs, or about these conversations and customers, any more; nor is it told what became of it."""
    gone = sum(tx.run(SQL_DROP_LANE, {"lane": lane}) for lane in lanes)
    if gone:
        tx.run(SQL_FREE_ALL, {"now": tx.now})


def events_about(read: Read, ids: Collection[str], after: bytes = b"") -> tuple[list[bytes], bytes | None]:
    """Events whose body names one of these ids (hexadecimal), among the next `AT_ONCE`; and where to go on, None at the end."""
    rows = read.all(SQL_EVENTS, {"after": after, "most": AT_ONCE})
    about = [id_ for id_, body in rows if any(found in ids for found in _ID.findall(body))]
    return about, rows[-1][0] if len(rows) == AT_ONCE else None


def erase_events(tx: Tx, events: Iterable[bytes]) -> None:
    """Forget these events, told or not."""
    gone = 0
    for item in events:
        gone += tx.run(SQL_DROP_ITEM, {"item": item})
        tx.run(SQL_DROP_EVENT, {"item": item})
    if gone:
        tx.run(SQL_FREE_ALL, {"now": tx.now})
