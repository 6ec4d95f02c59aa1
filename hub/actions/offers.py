"""What offers are made of: who of a site's team is here with how much in hand, what was promised, and how fast it is kept.

Promised is a chat that waits to be taken, as long as its customer was heard of lately: a line of last night's messages is work,
and no promise to anybody who sits there. An accepted invitation is promised by its operator, until its first words make it a chat. A line that
its own people cannot take falls on colleagues who serve both queues, so no seat is promised twice.
"""

from collections.abc import Collection, Mapping

import msgspec

from hub.actions import announce, people
from hub.conversations import routing
from hub.conversations.load import CAPACITY, CHAT, LOAD, MAIL, WEIGHT, weigh
from hub.conversations.offering import Hands
from hub.store import Read, Tx
from hub.visits.invitations import LIFE

PATIENCE = 15 * 60 * 1_000_000
"""Microseconds after their last word for which somebody in a line counts as sitting there."""
LATELY = 30 * 60 * 1_000_000
"""Microseconds over which the pace is taken."""
LEAST = 3
"""Chats taken in that time, below which there is no pace to speak of."""

SQL_HANDS = f"""
SELECT m.queue, o.id, p.state = 'available', {CAPACITY}, {LOAD} +
(SELECT {CHAT} * count(*) FROM invitation i WHERE i.operator = o.id AND i.fate = 'accepted' AND i.conversation IS NULL
 AND i.fate_at > :accepted)
FROM presence p JOIN operator o ON o.id = p.operator AND o.active JOIN queue_member m ON m.operator = o.id
WHERE p.until > :now ORDER BY m.queue, o.id"""
SQL_PROMISED = f"""
SELECT q.id, (sum({WEIGHT}) + {CHAT} - 1) / {CHAT} FROM queue q
JOIN conversation c ON c.queue = q.id AND c.status = 'waiting' AND c.last_at > :since
WHERE {WEIGHT} >= {CHAT} GROUP BY q.id"""
SQL_PACE = f"""
SELECT q.id, count(c.id) FROM queue q JOIN conversation c ON c.queue = q.id AND c.first_reply_at > :since
WHERE c.first_reply_at > c.opened_at AND {WEIGHT} >= {CHAT} GROUP BY q.id"""


class Team(msgspec.Struct, frozen=True):
    """How it is in a queue; see `offering.Situation`."""

    hands: tuple[Hands, ...] = ()
    promised: int = 0
    pace: float = 0.0


def teams(read: Read, sites: Collection[str]) -> dict[str, tuple[bytes, Team]]:
    """Site → the queue its chats wait in, and how it is there."""
    people_of: dict[bytes, dict[bytes, Hands]] = {}
    for queue, operator, available, capacity, held in read.all(
        SQL_HANDS, {"now": read.now, "accepted": read.now - LIFE}
    ):
        people_of.setdefault(queue, {})[operator] = Hands(bool(available), capacity, held)
    promised: dict[bytes, int] = dict(read.all(SQL_PROMISED, {"since": read.now - PATIENCE}))
    taken: dict[bytes, int] = dict(read.all(SQL_PACE, {"since": read.now - LATELY}))
    found = {}
    for site in sites:
        queue = routing.queue_for(read, site)
        owed = promised.get(queue, 0) + _overflow(queue, people_of, promised)
        number = taken.get(queue, 0)
        pace = number / LATELY * 1_000_000 if number >= LEAST else 0.0
        found[site] = (queue, Team(tuple(people_of.get(queue, {}).values()), owed, pace))
    return found


def _overflow(
    queue: bytes, people_of: Mapping[bytes, Mapping[bytes, Hands]], promised: Mapping[bytes, int]
) -> int:
    """Chats of other queues that only people of this one can take."""
    ours = people_of.get(queue, {})
    over = 0
    for other, theirs in people_of.items():
        if other != queue and promised.get(other) and ours.keys() & theirs.keys():
            own = sum(hands.seats for operator, hands in theirs.items() if operator not in ours)
            over += max(0, promised[other] - own)
    return over


def set_weights(tx: Tx, weights: Mapping[str, int], mail: int = MAIL) -> None:
    """What a conversation of each kind of channel weighs from now on; the team is shown anew where that is a change."""
    if weigh(tx, weights, mail):
        announce.team(tx, *(who.id for who in people.every(tx)))
