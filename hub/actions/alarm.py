"""The alarm for somebody who waits: it goes further, round by round, until a person acknowledges it.

    round 0   rings those who are available         ─ nobody for `alarm_seconds` ─▶
    round 1   rings the busy ones as well           ─ nobody for as long again   ─▶
    round 2   rings everybody who is there; the visitor is told that nobody could answer so far, and may leave an address

A round of what is urgent takes half as long, and of what is low twice.

All of it stands in the conversation's row: the round, when it began, who acknowledged it and when. The job that looks for what is due
can miss ticks or run twice, and a restart in between loses nothing: a round is raised by one conditional UPDATE. An
acknowledgement is worth as much as whoever gave it: when they leave, the alarm begins to ring again. Only conversations from pages
have an alarm; a mail has hours.
"""

import datetime as dt

from hub.actions import announce
from hub.actions.arrive import claims_of
from hub.actions.receive import SOCKET, receive
from hub.contract import Claim, Level, Touchpoint
from hub.conversations import routing, thread
from hub.conversations.thread import Utterance
from hub.store import Read, Tx
from hub.wire import Refusal

LAST_ROUND = 2
GRACE = 30 * 1_000_000
"""Microseconds somebody may be gone before their acknowledgement is: a page that is loaded anew is not a person who left."""
AT_ONCE = 100

SQL_DUE = """
SELECT c.id FROM conversation c JOIN site_route s ON s.site = c.site LEFT JOIN visitor v ON v.id = c.visitor
WHERE c.status = 'waiting' AND c.seen_at IS NULL AND c.visitor IS NOT NULL AND v.blocked_at IS NULL
AND c.alarm < :last AND c.alarm_at + s.alarm_seconds * CASE c.priority WHEN 0 THEN 500000 WHEN 2 THEN 2000000 ELSE 1000000 END <= :now
ORDER BY c.alarm_at LIMIT :most"""
SQL_ABANDONED = """
SELECT c.id FROM conversation c LEFT JOIN presence p ON p.operator = c.seen_by
WHERE c.status = 'waiting' AND c.seen_at IS NOT NULL AND c.visitor IS NOT NULL
AND (p.operator IS NULL OR abs(p.until) <= :gone OR p.state = 'away') LIMIT :most"""
SQL_RAISE = """
UPDATE conversation SET alarm = alarm + 1, alarm_at = :now
WHERE id = :id AND status = 'waiting' AND seen_at IS NULL RETURNING alarm, answer_by, waiting_since, told_at"""
SQL_SEEN = """
UPDATE conversation SET seen_by = :operator, seen_at = :now
WHERE id = :id AND status = 'waiting' AND seen_at IS NULL"""
SQL_UNSEEN = """
UPDATE conversation SET seen_by = NULL, seen_at = NULL, alarm_at = :now
WHERE id = :id AND status = 'waiting' AND seen_at IS NOT NULL"""
SQL_TOLD = "UPDATE conversation SET told_at = :now WHERE id = :id"


def acknowledge(tx: Tx, operator: bytes, conversation: bytes) -> None:
    """This operator has seen that somebody waits. The first one counts; where nothing rings, nothing happens.

    Refusals: not_found.
    """
    talk = thread.get(tx, conversation)
    if tx.run(SQL_SEEN, {"id": talk.id, "operator": operator, "now": tx.now}):
        who = routing.candidate(tx, operator)
        said = Utterance(author="system", kind="system", text="seen", name=who.name)
        announce.message(tx, said, thread.append(tx, talk.id, None, said))
        announce.conversation(tx, talk.id)


def is_due(read: Read) -> bool:
    """Whether `go_further` would find anything."""
    return bool(_due(read) or _abandoned(read))


def go_further(tx: Tx) -> int:
    """Raise every alarm whose round is over, and wake those whose acknowledgement was left behind. Returns how many."""
    due, left = _due(tx), _abandoned(tx)
    for conversation in due:
        _raise(tx, conversation)
    for conversation in left:
        tx.run(SQL_UNSEEN, {"id": conversation, "now": tx.now})
    for conversation in (*due, *left):
        announce.conversation(tx, conversation)
    return len(due) + len(left)


def reach(tx: Tx, visitor: bytes, conversation: bytes, client_id: str, email: str) -> None:
    """The visitor would have the answer by e-mail. What they typed is asserted, and proves nothing; sent twice is sent once.

    Refusals: not_found. Raises ValueError where intake does not take the address.
    """
    talk = thread.get(tx, conversation)
    if talk.visitor != visitor:
        raise Refusal("not_found", f"no conversation {conversation.hex()}")
    left = Touchpoint(
        channel="text",
        kind="reach",
        key=f"reach:{visitor.hex()}:{client_id}",
        occurred_at=dt.datetime.fromtimestamp(tx.now / 1_000_000, dt.UTC),
        thread=visitor.hex(),
        site=talk.site,
        claims=(*claims_of(tx, visitor), Claim(kind="email", value=email, level=Level.ASSERTED)),
    )
    if receive(tx, SOCKET + talk.site, left).fresh:
        thread.answer_by(tx, talk.id, "email")
        said = Utterance(author="system", kind="system", text=f"reach:{email}")
        announce.message(tx, said, thread.append(tx, talk.id, None, said))
        announce.conversation(tx, talk.id, on_record=True)


def _due(read: Read) -> list[bytes]:
    asked = {"last": LAST_ROUND, "now": read.now, "most": AT_ONCE}
    return [row[0] for row in read.all(SQL_DUE, asked)]


def _abandoned(read: Read) -> list[bytes]:
    return [row[0] for row in read.all(SQL_ABANDONED, {"gone": read.now - GRACE, "most": AT_ONCE})]


def _raise(tx: Tx, conversation: bytes) -> None:
    row = tx.one(SQL_RAISE, {"id": conversation, "now": tx.now})
    if row is None:
        return
    rounds, answer_by, waits, told = row
    # Who chose to be answered by mail, or whose last word was answered, waits for nothing here and now.
    if rounds >= LAST_ROUND and answer_by == "here" and waits is not None and told is None:
        tx.run(SQL_TOLD, {"id": conversation, "now": tx.now})
        said = Utterance(author="system", kind="system", text="unanswered")
        talk, leg = thread.with_leg(tx, conversation)
        announce.message(tx, said, thread.append(tx, talk.id, leg.id, said), leg, talk.visitor)
