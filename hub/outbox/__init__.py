"""Stage 4b, the outbox: what must leave, decided in the database. It awaits nobody; the runners do.

In: the message, question or event that must leave, in the transaction that causes it. Out: due deliveries under a lease, and what
became of each.

    queue        who is next, under which lease, and what becomes of it     policy       when to try again, pure
    together     several answers that leave as one mail
    webhooks     the owner's endpoints and the events they get
    erasing      what was to be sent to somebody who is erased
    undelivered  the quarantine, and what somebody decides about it
"""

from hub.outbox.erasing import erase_events, erase_lanes, events_about
from hub.outbox.policy import SCHEDULE, TRIES, next_try
from hub.outbox.queue import (
    BLOCKED,
    HERE,
    MOST_BUGS,
    MOST_DOUBTS,
    OUTCOMES,
    TOPIC,
    Due,
    Needless,
    Outcome,
    add,
    ask,
    broke,
    enqueue,
    expire,
    failed,
    follow,
    give_back,
    hasten,
    lease_due,
    needless,
    next_due,
    postpone,
    put_aside,
    receipt,
    reclaim,
    sent,
    told,
)
from hub.outbox.together import carried
from hub.outbox.undelivered import (
    Aside,
    aside,
    counts,
    forget,
    give_up,
    retry,
    retry_message,
    those_of,
    try_again,
)

__all__ = [
    "BLOCKED",
    "HERE",
    "MOST_BUGS",
    "MOST_DOUBTS",
    "OUTCOMES",
    "SCHEDULE",
    "TOPIC",
    "TRIES",
    "Aside",
    "Due",
    "Needless",
    "Outcome",
    "add",
    "aside",
    "ask",
    "broke",
    "carried",
    "counts",
    "enqueue",
    "erase_events",
    "erase_lanes",
    "events_about",
    "expire",
    "failed",
    "follow",
    "forget",
    "give_back",
    "give_up",
    "hasten",
    "lease_due",
    "needless",
    "next_due",
    "next_try",
    "postpone",
    "put_aside",
    "receipt",
    "reclaim",
    "retry",
    "retry_message",
    "sent",
    "those_of",
    "told",
    "try_again",
]
