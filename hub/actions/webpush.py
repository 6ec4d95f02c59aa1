"""Who is called in a closed browser, and when: the alarm's own rules, read from the same rows.

    who is there     rings as in their tabs: available at once, the busy a round later, everybody in the last one
    who is not       in the last round; at once where nobody of the team is there to hear the first

What is due follows from the rows alone (who waits unseen, which round, who was called for it), so a restart forgets nothing and
calls nobody twice: a round is claimed in one transaction before it is sent. A push that failed for now gives its claim back. What
was seen, taken or closed meanwhile is no longer due.
"""

from typing import Any

import msgspec

from hub.actions.people import AGE_END, IDLE_END
from hub.conversations import view
from hub.store import Read, Tx
from hub.wire import id_hex

MOST = 100
FIRST_PAUSE, LONGEST_PAUSE = 10, 900
"""Seconds before a push service that failed is asked again; doubled each time."""

SQL_KEEP = """
INSERT INTO push_subscription (session, operator, endpoint, key, auth, words, created_at)
VALUES (:session, :operator, :endpoint, :key, :auth, :words, :now)
ON CONFLICT (session) DO UPDATE SET endpoint = excluded.endpoint, key = excluded.key, auth = excluded.auth,
words = excluded.words, failures = 0, resume_at = 0"""
SQL_DROP_OTHERS = "DELETE FROM push_subscription WHERE endpoint = :endpoint AND session <> :session"
SQL_DROP = "DELETE FROM push_subscription WHERE session = :session"
SQL_QUIET = "UPDATE push_subscription SET quiet_until = :until WHERE session = :session"
SQL_OF = """
SELECT s.session, s.endpoint, s.key, s.auth, s.words, o.language FROM push_subscription s JOIN operator o ON o.id = s.operator
WHERE s.session = :session"""
SQL_DUE = """
SELECT s.session, s.endpoint, s.key, s.auth, s.words, o.language, c.id, c.alarm, c.alarm_at
FROM push_subscription s
JOIN operator_session e ON e.hash = s.session AND e.used_at > :idle AND e.created_at > :age
JOIN operator o ON o.id = s.operator AND o.active
JOIN conversation c ON c.status = 'waiting' AND c.seen_at IS NULL AND c.visitor IS NOT NULL
LEFT JOIN visitor v ON v.id = c.visitor
LEFT JOIN presence p ON p.operator = s.operator
LEFT JOIN push_sent d ON d.session = s.session AND d.conversation = c.id
WHERE s.resume_at <= :now AND s.quiet_until <= :now AND v.blocked_at IS NULL AND coalesce(d.alarm_at, -1) < c.alarm_at
AND (o.role = 'admin' OR EXISTS (SELECT 1 FROM queue_member m WHERE m.queue = c.queue AND m.operator = o.id))
AND c.alarm >= CASE
  WHEN p.until > :now THEN CASE p.state WHEN 'available' THEN 0 WHEN 'away' THEN 2 ELSE 1 END
  WHEN EXISTS (SELECT 1 FROM queue_member m JOIN presence h ON h.operator = m.operator JOIN operator t ON t.id = m.operator
    WHERE m.queue = c.queue AND t.active AND h.until > :now AND h.state = 'available') THEN 2
  ELSE 0 END
ORDER BY c.alarm_at LIMIT :most"""
SQL_CLAIM = """
INSERT INTO push_sent (session, conversation, alarm_at) VALUES (:session, :conversation, :alarm_at)
ON CONFLICT (session, conversation) DO UPDATE SET alarm_at = excluded.alarm_at"""
SQL_UNCLAIM = """
DELETE FROM push_sent WHERE session = :session AND conversation = :conversation AND alarm_at = :alarm_at"""
SQL_WELL = (
    "UPDATE push_subscription SET failures = 0, resume_at = 0 WHERE session = :session AND failures > 0"
)
SQL_FAILURES = "SELECT failures FROM push_subscription WHERE session = :session"
SQL_PAUSE = """
UPDATE push_subscription SET failures = failures + 1, resume_at = :until WHERE session = :session"""
SQL_SWEEP_SENT = """
DELETE FROM push_sent WHERE NOT EXISTS (SELECT 1 FROM push_subscription s WHERE s.session = push_sent.session)
OR NOT EXISTS (SELECT 1 FROM conversation c WHERE c.id = push_sent.conversation AND c.status = 'waiting')"""
SQL_SWEEP = """
DELETE FROM push_subscription WHERE NOT EXISTS (SELECT 1 FROM operator_session e WHERE e.hash = push_subscription.session)"""


class Subscription(msgspec.Struct, frozen=True):
    """Where and for whom to seal; `language` is what the operator chose to read."""

    session: bytes
    endpoint: str
    key: bytes
    auth: bytes
    words: bool
    language: str


class Call(msgspec.Struct, frozen=True):
    """One push that is due: for this conversation's round, which began at `alarm_at`."""

    to: Subscription
    conversation: bytes
    alarm: int
    alarm_at: int
    site: str
    name: str = ""
    text: str = ""


def keep(
    tx: Tx, operator: bytes, session: bytes, endpoint: str, key: bytes, auth: bytes, *, words: bool
) -> None:
    """Call this browser from now on. Whoever was signed in there before is called there no longer."""
    tx.run(SQL_DROP_OTHERS, {"endpoint": endpoint, "session": session})
    row = {"session": session, "operator": operator, "endpoint": endpoint, "key": key, "auth": auth}
    tx.run(SQL_KEEP, {**row, "words": words, "now": tx.now})


def drop(tx: Tx, session: bytes) -> None:
    """Call this browser no longer."""
    tx.run(SQL_DROP, {"session": session})


def quiet(tx: Tx, session: bytes, until: int) -> None:
    """Leave this browser in peace until then (UTC microseconds; 0 ends it)."""
    tx.run(SQL_QUIET, {"session": session, "until": until})


def of(read: Read, session: bytes) -> Subscription | None:
    """What is kept of a session's browser."""
    row = read.one(SQL_OF, {"session": session})
    return _subscription(row) if row else None


def is_due(read: Read) -> bool:
    """Whether `claim` would find anything."""
    return bool(read.all(SQL_DUE, _asked(read, 1)))


def claim(tx: Tx) -> list[Call]:
    """Everything that is due, each given out once."""
    found = []
    for row in tx.all(SQL_DUE, _asked(tx, MOST)):
        to, (conversation, alarm, alarm_at) = _subscription(row[:6]), row[6:]
        tx.run(SQL_CLAIM, {"session": to.session, "conversation": conversation, "alarm_at": alarm_at})
        shown = view.row(tx, conversation)
        assert shown is not None, "a conversation that waits exists"
        call = Call(to=to, conversation=conversation, alarm=alarm, alarm_at=alarm_at, site=shown.site)
        if to.words:
            call = msgspec.structs.replace(call, name=shown.name, text=shown.last_text or "")
        found.append(call)
    return found


def arrived(tx: Tx, session: bytes) -> None:
    """The push service took it."""
    tx.run(SQL_WELL, {"session": session})


def put_off(tx: Tx, call: Call, seconds: float | None) -> None:
    """The push service failed for now: again after a pause, which it may have named, if it is still due by then."""
    row = tx.one(SQL_FAILURES, {"session": call.to.session})
    if row is None:
        return
    pause = max(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row[0], 10)), min(seconds or 0, 24 * 3600))
    tx.run(SQL_PAUSE, {"session": call.to.session, "until": tx.now + int(pause * 1_000_000)})
    claimed = {"session": call.to.session, "conversation": call.conversation, "alarm_at": call.alarm_at}
    tx.run(SQL_UNCLAIM, claimed)


def sweep(tx: Tx) -> None:
    """Forget browsers that were signed out, and what nobody waits for any longer."""
    tx.run(SQL_SWEEP, {})
    tx.run(SQL_SWEEP_SENT, {})


def _asked(read: Read, most: int) -> dict[str, int]:
    return {"now": read.now, "idle": read.now - IDLE_END, "age": read.now - AGE_END, "most": most}


def _subscription(row: tuple[Any, ...]) -> Subscription:
    session, endpoint, key, auth, words, language = row
    return Subscription(session, endpoint, key, auth, bool(words), language)


def conversation_id(call: Call) -> str:
    """The conversation as the console knows it."""
    return id_hex(call.conversation)
