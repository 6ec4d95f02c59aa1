"""Routing: who serves a conversation.

Every change of hands is one conditional UPDATE whose row count says who won, so two operators who take the same conversation
in the same instant cannot both have it, in one process or in several. The limit weighs what an operator has in hand (`load.py`) in the
same transaction.
"""

import msgspec

from hub.conversations import load
from hub.conversations.thread import Conversation
from hub.store import Read, Tx
from hub.wire import Refusal

SQL_CLAIM = """
UPDATE conversation SET operator = :operator, status = 'open'
WHERE id = :id AND status = 'waiting' AND operator IS NULL"""
SQL_GIVE = (
    "UPDATE conversation SET operator = :operator, status = 'open' WHERE id = :id AND status <> 'closed'"
)
SQL_TO_QUEUE = """
UPDATE conversation SET operator = NULL, status = 'waiting', queue = :queue,
alarm = 0, alarm_at = :now, seen_by = NULL, seen_at = NULL, told_at = NULL WHERE id = :id AND status <> 'closed'"""
SQL_CLOSE = """
UPDATE conversation SET status = 'closed', closed_at = :now, outcome = :outcome, waiting_since = NULL
WHERE id = :id AND status <> 'closed'"""
SQL_REOPEN = """
UPDATE conversation SET status = :status, operator = :operator, closed_at = NULL, outcome = NULL,
alarm = 0, alarm_at = :now, seen_by = NULL, seen_at = NULL, told_at = NULL
WHERE id = :id AND status = 'closed'"""
SQL_AWAIT = "UPDATE conversation SET waiting_since = coalesce(waiting_since, :now) WHERE id = :id"
SQL_OPERATOR = f"""
SELECT o.id, o.name, o.role, {load.CAPACITY}, o.active, {load.LOAD} FROM operator o WHERE o.id = :id"""
SQL_HELD_BY = "SELECT id FROM conversation WHERE operator = :operator AND status = 'open'"
SQL_SERVES = "SELECT 1 FROM queue_member WHERE queue = :queue AND operator = :operator"
SQL_QUEUE_OF = """
SELECT c.queue, EXISTS (SELECT 1 FROM queue_member m WHERE m.queue = c.queue AND m.operator = :operator)
FROM conversation c WHERE c.id = :id"""
SQL_FIRST_OF = """
SELECT q.id FROM queue q JOIN queue_member m ON m.queue = q.id
WHERE m.operator = :operator AND q.archived_at IS NULL ORDER BY q.name LIMIT 1"""
SQL_QUEUE = "SELECT name, archived_at FROM queue WHERE id = :id"
SQL_ACTIVE_IN = "SELECT id FROM conversation WHERE queue = :queue AND status <> 'closed'"
SQL_MOVE = "UPDATE conversation SET queue = :queue WHERE id = :id"
SQL_AWAY = "SELECT 1 FROM presence WHERE operator = :operator AND (until <= :now OR state = 'away')"
SQL_QUEUE_OF_SITE = """
SELECT s.queue FROM site_route s JOIN queue q ON q.id = s.queue AND q.archived_at IS NULL WHERE s.site = :site"""
SQL_READING_OF_SITE = "SELECT region, hold_typed FROM site_route WHERE site = :site"
SQL_REGION_OF_SITE = "SELECT region FROM site_route WHERE site = :site"
SQL_FIRST_QUEUE = "SELECT id FROM queue WHERE archived_at IS NULL ORDER BY name = 'main' DESC, name LIMIT 1"


class Candidate(msgspec.Struct, frozen=True):
    """An operator, how much they may have in hand (`capacity`, in chats) and how much they have (`load`, as `load.py` counts)."""

    id: bytes
    name: str
    role: str
    capacity: int
    active: bool
    load: int


def candidate(read: Read, operator: bytes) -> Candidate:
    """An active operator, or `Refusal` not_found."""
    row = read.one(SQL_OPERATOR, {"id": operator})
    if row is None or not row[4]:
        raise Refusal("not_found", f"no active operator {operator.hex()}; pick another from the list")
    return Candidate(*row)


def still_here(read: Read, operator: bytes | None) -> Candidate | None:
    """An operator who is still active, else None."""
    row = read.one(SQL_OPERATOR, {"id": operator}) if operator else None
    return Candidate(*row) if row and row[4] else None


def name_of(read: Read, operator: bytes) -> str:
    """An operator's name, whether they still work here or not."""
    row = read.one(SQL_OPERATOR, {"id": operator})
    return str(row[1]) if row else "somebody"


def held_by(read: Read, operator: bytes) -> list[bytes]:
    """Open conversations of an operator."""
    return [row[0] for row in read.all(SQL_HELD_BY, {"operator": operator})]


def active_in(read: Read, queue: bytes) -> list[bytes]:
    """What waits or is open in a queue."""
    return [row[0] for row in read.all(SQL_ACTIVE_IN, {"queue": queue})]


def away(read: Read, operator: bytes) -> bool:
    """Whether the operator is known to have left, or to be away, by their word or by the clock."""
    return read.one(SQL_AWAY, {"operator": operator, "now": read.now}) is not None


def serves(read: Read, operator: bytes, queue: bytes) -> bool:
    """Whether the operator belongs to the queue's team."""
    return read.one(SQL_SERVES, {"queue": queue, "operator": operator}) is not None


def queue_of(read: Read, conversation: bytes, operator: bytes) -> tuple[bytes, bool]:
    """The queue a conversation is in, and whether the operator belongs to its team. Refusals: not_found."""
    row = read.one(SQL_QUEUE_OF, {"id": conversation, "operator": operator})
    if row is None:
        raise Refusal("not_found", f"no conversation {conversation.hex()}")
    return row[0], bool(row[1])


def queue_name(read: Read, queue: bytes) -> str:
    """Name of a queue, or `Refusal` not_found."""
    row = read.one(SQL_QUEUE, {"id": queue})
    if row is None:
        raise Refusal("not_found", f"no queue {queue.hex()}; pick another from the list")
    name: str = row[0]
    return name


def open_queue(read: Read, queue: bytes) -> str:
    """Name of a queue that conversations may wait in. Refusals: not_found, no_change."""
    name = queue_name(read, queue)
    if is_archived(read, queue):
        raise Refusal("no_change", f"the queue {name} is archived; pick another from the list")
    return name


def is_archived(read: Read, queue: bytes) -> bool:
    """Whether nothing waits there any more."""
    row = read.one(SQL_QUEUE, {"id": queue})
    return row is None or row[1] is not None


def queue_for(read: Read, site: str | None) -> bytes:
    """Where a new conversation of this site waits; without a site, the default queue."""
    row = read.one(SQL_QUEUE_OF_SITE, {"site": site}) if site else None
    row = row or read.one(SQL_FIRST_QUEUE)
    assert row is not None, "a hub starts with at least one queue"
    queue: bytes = row[0]
    return queue


def queue_with(read: Read, site: str | None, operator: bytes) -> bytes:
    """Where a conversation of this site waits that this operator is to answer: a queue whose conversations they see."""
    usual = queue_for(read, site)
    row = read.one(SQL_OPERATOR, {"id": operator})
    if row is None or row[2] == "admin" or serves(read, operator, usual):
        return usual
    own = read.one(SQL_FIRST_OF, {"operator": operator})
    return own[0] if own else usual


def region_of(read: Read, site: str | None) -> str | None:
    """The country a site's national phone numbers are read for."""
    row = read.one(SQL_REGION_OF_SITE, {"site": site}) if site else None
    return (row[0] or None) if row else None


def reading_of(read: Read, site: str | None) -> tuple[str | None, bool]:
    """How a site's touchpoints are read: the country of its numbers, and whether what is only typed joins nobody."""
    row = read.one(SQL_READING_OF_SITE, {"site": site}) if site else None
    return ((row[0] or None), bool(row[1])) if row else (None, False)


def claim(tx: Tx, talk: Conversation, operator: bytes) -> Candidate:
    """Give a waiting conversation to the operator who asks first.

    Refusals: taken (somebody has it), closed, at_limit.
    """
    who = candidate(tx, operator)
    _within_limit(tx, who, talk)
    if tx.run(SQL_CLAIM, {"id": talk.id, "operator": operator}):
        return who
    if talk.status == "closed":
        raise Refusal("closed", "this conversation is closed; reopen it to answer")
    if talk.operator == operator:
        return who
    other = name_of(tx, talk.operator) if talk.operator else "somebody"
    raise Refusal("taken", f"{other} has taken this conversation already", fields={"operator": other})


def give(tx: Tx, talk: Conversation, to: bytes) -> Candidate:
    """Hand an open or waiting conversation to a colleague of its queue."""
    who = candidate(tx, to)
    if not serves(tx, to, talk.queue) and who.role != "admin":
        raise Refusal(
            "forbidden",
            f"{who.name} does not serve this conversation's queue; transfer it to a queue of theirs",
        )
    if talk.operator != to:
        _within_limit(tx, who, talk)
    _changed(tx.run(SQL_GIVE, {"id": talk.id, "operator": to}))
    return who


def give_any(tx: Tx, talk: Conversation, to: bytes) -> None:
    """Hand it to an operator whatever their teams: they had it before. Refusals: not_found, at_limit, closed."""
    _within_limit(tx, candidate(tx, to), talk)
    _changed(tx.run(SQL_GIVE, {"id": talk.id, "operator": to}))


def give_back(tx: Tx, talk: Conversation, queue: bytes) -> str:
    """Let it wait in a queue again. Returns the queue's name. Refusals: not_found, no_change (an archived one), closed."""
    name = open_queue(tx, queue)
    _changed(tx.run(SQL_TO_QUEUE, {"id": talk.id, "queue": queue, "now": tx.now}))
    return name


def move(tx: Tx, talk: Conversation, queue: bytes) -> None:
    """To another queue, in the hands it is in if they serve that one too, else to wait there. Refusals: as `give_back`."""
    open_queue(tx, queue)
    who = still_here(tx, talk.operator)
    if talk.status == "open" and who is not None and (who.role == "admin" or serves(tx, who.id, queue)):
        tx.run(SQL_MOVE, {"id": talk.id, "queue": queue})
    else:
        give_back(tx, talk, queue)


def close(tx: Tx, talk: Conversation, outcome: str | None) -> None:
    """Finish it; `outcome` is None when the customer left."""
    _changed(tx.run(SQL_CLOSE, {"id": talk.id, "now": tx.now, "outcome": outcome}))


def reopen(tx: Tx, talk: Conversation, operator: bytes | None) -> None:
    """Open a closed one again, for the operator, or (None: the customer wrote again) to wait in its queue."""
    if operator is not None:
        _demand_room(tx, candidate(tx, operator), talk)
    status = "waiting" if operator is None else "open"
    if is_archived(tx, talk.queue):
        tx.run(SQL_MOVE, {"id": talk.id, "queue": queue_for(tx, talk.site)})
    row = {"id": talk.id, "status": status, "operator": operator, "now": tx.now}
    if not tx.run(SQL_REOPEN, row):
        raise Refusal("no_change", "this conversation is open already")


def await_answer(tx: Tx, conversation: bytes) -> None:
    """The customer waits (still): an answer did not reach them."""
    tx.run(SQL_AWAIT, {"id": conversation, "now": tx.now})


def _within_limit(tx: Tx, who: Candidate, talk: Conversation) -> None:
    if talk.operator != who.id:
        _demand_room(tx, who, talk)


def _demand_room(tx: Tx, who: Candidate, talk: Conversation) -> None:
    row = tx.one(load.SQL_WEIGHT, {"id": talk.id})
    if not load.has_room(who.load, who.capacity, row[0] if row else load.CHAT):
        raise Refusal(
            "at_limit",
            f"{who.name} has as much in hand as {load.in_chats(who.load):g} chats, the limit is {who.capacity}; "
            "close or transfer something first",
            fields={"limit": str(who.capacity)},
        )


def _changed(rows: int) -> None:
    if not rows:
        raise Refusal("closed", "this conversation is closed; reopen it first")
