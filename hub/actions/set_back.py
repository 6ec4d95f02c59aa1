"""The machine's clock was set back while no hub ran: what was to happen later would happen too late by just as much.

While the hub runs its own time does not jump (`hub.clock`). Between two runs it has only what it wrote: the newest change it knows of
lies in the future then, and everything that is timed from now on is moved back by the difference. What is history stays as it was.
"""

from hub.outbox import BLOCKED
from hub.store import Tx

LEAST = 5 * 1_000_000
"""Microseconds; less than this is the machine's clock being put right."""

SQL_NEWEST = "SELECT max(at) FROM feed"
SQL_MOVED = (
    f"UPDATE outbox SET due_at = due_at - :by WHERE state = 'waiting' AND due_at > :now AND due_at <> {BLOCKED}",
    "UPDATE outbox SET first_at = first_at - :by WHERE state = 'waiting' AND first_at IS NOT NULL",
    "UPDATE outbox SET expires_at = expires_at - :by WHERE state = 'waiting' AND expires_at > :now",
    "UPDATE outbox SET created_at = min(created_at, :now) WHERE state = 'waiting' AND created_at > :now",
    "UPDATE outbox SET finished_at = :now WHERE state = 'quarantined' AND finished_at > :now",
    "UPDATE presence SET until = until - :by WHERE until > :now",
    "UPDATE conversation SET alarm_at = alarm_at - :by WHERE status = 'waiting' AND alarm_at > :now",
    "UPDATE invitation SET offered_at = offered_at - :by WHERE fate IN ('offered', 'shown') AND offered_at > :now",
    "UPDATE visit SET last_at = max(opened_at, last_at - :by) WHERE closed_at IS NULL AND last_at > :now",
    "UPDATE push_subscription SET resume_at = resume_at - :by WHERE resume_at > :now",
    # Who may come in, and for how long an answer is kept: later than now would be longer than was promised.
    "UPDATE repeat SET at = :now WHERE at > :now",
    "UPDATE operator_link SET ends_at = ends_at - :by WHERE ends_at > :now",
    "UPDATE operator_session SET used_at = min(used_at, :now), created_at = min(created_at, :now) WHERE used_at > :now",
    "UPDATE visitor_token SET expires_at = expires_at - :by WHERE expires_at > :now",
    "UPDATE suggestion SET until = until - :by WHERE until > :now",
    "UPDATE feed SET at = :now WHERE at > :now AND :by > 0",  # so that the next start finds nothing to move
)


def catch_up(tx: Tx) -> int:
    """At the start of a hub: by how many microseconds its timers were moved back, 0 when time has gone on as it should."""
    row = tx.one(SQL_NEWEST)
    by = (row[0] or 0) - tx.now if row else 0
    if by < LEAST:
        return 0
    for statement in SQL_MOVED:
        tx.run(statement, {"by": by, "now": tx.now})
    return by
