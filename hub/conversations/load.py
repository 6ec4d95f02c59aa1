"""Load: how much somebody has in hand, counted in chats.

A call takes both ears, a chat a quarter of somebody's attention, a mail waits while its operator thinks of something else. So what is in
hand is weighed, and a limit of four is four chats, or a call beside which three mails may lie, or two chats and eight mails. Weights are
whole thousandths of a chat, because sums of 0.1 are never exactly 1; which channel weighs what is written at every start from the
channels and `[hub]`.

A conversation that has gone on elsewhere weighs what it does where its last word was said. Who chose to be answered by e-mail or
phone waits for nothing here and now, and weighs what a mail does. A mail weighs until it is answered: one that lies open for its
customer to write again is in nobody's way, a chat in which the customer is silent still is.
"""

import math
from collections.abc import Mapping

from hub.store import Tx

CHAT = 1_000
"""What a chat weighs. All weights and loads are in this unit."""
MAIL = 250
"""What a mail weighs where no configuration was read."""

CAPACITY = (
    "coalesce(o.capacity, (SELECT r.value FROM house_rule r WHERE r.name = 'conversations_per_operator'), 4)"
)
"""An operator's limit in a statement over `operator o`, in chats: their own, else the house's."""
_LATER = "c.legs = 1 AND c.answer_by <> 'here'"
_CHANNEL = """CASE WHEN c.legs = 1 THEN c.channel ELSE coalesce((SELECT l.channel FROM message m JOIN leg l ON l.id = m.leg
WHERE m.conversation = c.id AND m.leg_seq IS NOT NULL ORDER BY m.seq DESC LIMIT 1), c.channel) END"""
WEIGHT = f"""coalesce((SELECT r.value FROM house_rule r
WHERE r.name = CASE WHEN {_LATER} THEN 'mail_weight' ELSE 'weight:' || {_CHANNEL} END),
CASE WHEN {_LATER} THEN {MAIL} ELSE {CHAT} END)"""
"""What a conversation weighs, in a statement over `conversation c`."""
LOAD = f"""(SELECT coalesce(sum(w), 0) FROM (SELECT {WEIGHT} AS w, c.waiting_since AS owed
FROM conversation c WHERE c.operator = o.id AND c.status = 'open') WHERE w >= {CHAT} OR owed IS NOT NULL)"""
"""What an operator has in hand, in a statement over `operator o`."""

SQL_WEIGHT = f"SELECT {WEIGHT} FROM conversation c WHERE c.id = :id"
SQL_SET = """
INSERT INTO house_rule (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value"""
SQL_OLD = "SELECT name FROM house_rule WHERE name LIKE 'weight:%'"
SQL_DROP = "DELETE FROM house_rule WHERE name = :name"


def has_room(load: int, capacity: int, weight: int) -> bool:
    """Whether somebody with so much in hand may take something of this weight. `capacity` is in chats.

    Whoever has nothing in hand may take anything: a limit of two chats must not mean that a call is answered by nobody.
    """
    return load == 0 or load + weight <= capacity * CHAT


def seats(load: int, capacity: int) -> int:
    """How many more chats somebody may take."""
    return max(0, (capacity * CHAT - load) // CHAT)


def in_chats(load: int) -> float:
    """A load as people read it, to two places and never less than it is: 4.0 is full, and 3.999 would not be."""
    return math.ceil(load / 10) / 100


def weigh(tx: Tx, weights: Mapping[str, int], mail: int = MAIL) -> bool:
    """Write down what a conversation of each kind of channel weighs (others: a chat). Returns whether any of it is new."""
    rules = {"mail_weight": mail} | {f"weight:{kind}": weight for kind, weight in weights.items()}
    changed = 0
    for (name,) in tx.all(SQL_OLD):
        if name not in rules:
            changed += tx.run(SQL_DROP, {"name": name})
    for name, weight in rules.items():
        changed += tx.run(SQL_SET, {"name": name, "value": weight})
    return changed > 0
