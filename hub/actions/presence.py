"""Presence: whether operators are there, and whether new conversations may come to them.

A row with a lease: routing reads it in its transaction, and an operator whose tabs died goes offline by the clock alone. What they said
and what came by itself are kept apart: who did not touch mouse or keys for a while is away, and is back as they were with the first
touch, while an "away" that was chosen stays until another word.
"""

from hub.actions import announce
from hub.store import Read, Tx
from hub.wire import Refusal

LEASE = 45 * 1_000_000
"""How long a word about presence is good for, in microseconds."""

SQL_PRESENCE = """
INSERT INTO presence (operator, state, chosen, until, since) VALUES (:operator, :state, :chosen, :until, :now)
ON CONFLICT (operator) DO UPDATE SET state = excluded.state, chosen = excluded.chosen, until = excluded.until,
since = CASE WHEN presence.until > :now AND presence.state = excluded.state THEN presence.since ELSE excluded.since END"""
SQL_RENEW = "UPDATE presence SET until = :until WHERE operator = :operator AND until > :now"
SQL_RENEW_SESSION = "UPDATE operator_session SET used_at = max(used_at, :now) WHERE hash = :hash"
SQL_LAST = "SELECT state, chosen FROM presence WHERE operator = :operator"
SQL_GONE = "UPDATE presence SET until = -:now WHERE operator = :operator AND until > 0"
SQL_RAN_OUT = "SELECT 1 FROM presence WHERE operator = :operator AND until BETWEEN 1 AND :now"
SQL_LAPSED = "SELECT operator FROM presence WHERE until <= :now AND until > :last"
SQL_IDLE = """
UPDATE presence SET state = 'away', since = :now
WHERE operator = :operator AND until > :now AND state IN ('available', 'busy')"""
SQL_BACK = "UPDATE presence SET state = chosen, since = :now WHERE operator = :operator AND state <> chosen"
SQL_IS_SESSION = (
    "SELECT 1 FROM operator_session s JOIN operator o ON o.id = s.operator WHERE s.hash = :hash AND o.active"
)
SQL_IDLE_MINUTES = "SELECT idle_minutes FROM operator WHERE id = :operator"


def choose(tx: Tx, operator: bytes, state: str) -> None:
    """The operator says whether new conversations may come."""
    _set(tx, operator, state, state)


def chosen(read: Read, operator: bytes) -> str:
    """What the operator said last about being there; "available" before they ever did."""
    return _last(read, operator)[1]


def come(tx: Tx, operator: bytes, session: bytes, idle: float = 0.0) -> str:
    """A tab opened: the operator is there again, in the state they last chose. Returns the state.

    `idle`: seconds since they last touched anything in it. A line that was mended is no touch, so who was away by the clock stays so.
    Refusals: not_signed_in, when the session ended between the handshake and the first frame.
    """
    if tx.one(SQL_IS_SESSION, {"hash": session}) is None:
        raise Refusal("not_signed_in", "this session has ended; sign in again")
    state, said = _last(tx, operator)
    row = tx.one(SQL_IDLE_MINUTES, {"operator": operator})
    minutes = row[0] if row else 0
    if not (state != said and minutes and idle >= minutes * 60):
        state = said
    _set(tx, operator, state, said)
    return state


def idle(tx: Tx, operator: bytes) -> None:
    """Nobody touched any of their tabs for the time they set: they are away, until they do."""
    if tx.run(SQL_IDLE, {"operator": operator, "now": tx.now}):
        announce.team(tx, operator)


def back(tx: Tx, operator: bytes) -> None:
    """They touched something: what came by itself is over."""
    if tx.run(SQL_BACK, {"operator": operator, "now": tx.now}):
        announce.team(tx, operator)


def renew(tx: Tx, operators: list[bytes], sessions: list[bytes]) -> None:
    """Their tabs are alive: extend the leases, and keep the sessions from idling out. In one batch, off the hot path."""
    for who in operators:
        tx.run(SQL_RENEW, {"operator": who, "until": tx.now + LEASE, "now": tx.now})
        # A lease may run out under a living tab (this machine slept, or was very slow); who has gone meanwhile stays gone.
        if tx.one(SQL_RAN_OUT, {"operator": who, "now": tx.now}):
            _set(tx, who, *_last(tx, who))
    tx.many(SQL_RENEW_SESSION, [{"hash": session, "now": tx.now} for session in sessions])


def go(tx: Tx, operator: bytes) -> None:
    """The last tab closed. Below zero the lease tells when: it ran out for nobody, they have gone."""
    if tx.run(SQL_GONE, {"operator": operator, "now": tx.now}):
        announce.team(tx, operator)


def lapse(tx: Tx, last: int) -> int:
    """Tell everybody of leases that ran out since `last` (microseconds). Returns how many."""
    found = tx.all(SQL_LAPSED, {"now": tx.now, "last": last})
    announce.team(tx, *(row[0] for row in found))
    return len(found)


def _set(tx: Tx, operator: bytes, state: str, said: str) -> None:
    row = {"operator": operator, "state": state, "chosen": said, "until": tx.now + LEASE, "now": tx.now}
    tx.run(SQL_PRESENCE, row)
    announce.team(tx, operator)


def _last(read: Read, operator: bytes) -> tuple[str, str]:
    """(state, what they chose)."""
    row = read.one(SQL_LAST, {"operator": operator})
    return (row[0], row[1]) if row else ("available", "available")
