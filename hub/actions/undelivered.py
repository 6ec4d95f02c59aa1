"""What an admin decides about deliveries in quarantine: another round, or none. Asking twice is asking once."""

from hub import outbox
from hub.store import Tx
from hub.wire import Refusal


def decide(tx: Tx, connection: str, item: bytes | None, *, again: bool) -> int:
    """Try again, or give up: one delivery, or (None) some hundreds of a connection. Returns how many: with None ask until there are none.

    Refusals: not_found, when the one that is meant is in quarantine no longer.
    """
    found = outbox.those_of(tx, connection, item)
    if item is not None and not found:
        raise Refusal("not_found", "this delivery is not in quarantine any more; look again")
    for one in found:
        if again:
            outbox.try_again(tx, one)
        else:
            outbox.give_up(tx, one)
    return len(found)
