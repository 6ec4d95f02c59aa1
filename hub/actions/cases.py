"""What operators decide about cases: this conversation goes on with that one, or stands by itself.

Proposals are weighed when somebody looks, never stored: they follow at once when records merge, when a matter is closed, and when
more was said. Two conversations are bound only while both are one customer's; when records come apart later, so do their cases.
"""

from hub.actions import announce
from hub.conversations import cases, routing, thread, view
from hub.conversations.cases import Proposal
from hub.store import Read, Tx
from hub.wire import Refusal

CONSIDERED = 30
"""A customer's latest conversations, of which those that are open are weighed."""


def proposed(read: Read, conversation: bytes) -> list[Proposal]:
    """Open matters of the same customer that it may belong to, the likeliest first. Nothing for one that was joined already."""
    talk = thread.get(read, conversation)
    own = cases.together(read, conversation)
    if len(own) > 1 or talk.status == "closed":
        return []
    customer = cases.customer_of(read, conversation)
    rows = view.of_customer(read, customer, CONSIDERED)
    heads = [bytes.fromhex(row.id) for row in rows if row.status != "closed"]
    older = [one for one in heads if _before(read, one, talk) and cases.head_of(read, one) == one]
    return cases.weigh(read, conversation, older)


def join(tx: Tx, operator: bytes | None, conversation: bytes, into: bytes) -> None:
    """Go on with it in the case of `into`. Refusals: not_found, forbidden (two customers'), no_change, bad_request, closed."""
    talk = thread.get(tx, conversation)
    head = cases.head_of(tx, into)
    if cases.customer_of(tx, conversation) != cases.customer_of(tx, head):
        raise Refusal(
            "forbidden",
            "these conversations are two customers'; if both are one person, say so in the customer's record first",
        )
    if thread.get(tx, head).status == "closed" and talk.status != "closed":
        raise Refusal("closed", "that case is closed; reopen it to go on with it")
    spoke = [one for one in cases.weigh(tx, conversation, [head]) if one.head == head]
    reasons = [reason for one in spoke for reason in one.weighed.reasons]
    bring = _serves_both(tx, talk, thread.get(tx, head))
    _tell(tx, [talk, thread.get(tx, head), *cases.join(tx, talk, head, operator, reasons, bring=bring)])


def split(tx: Tx, operator: bytes | None, conversation: bytes) -> None:
    """Let it stand by itself again, as it did before. Refusals: not_found, no_change."""
    head = thread.get(tx, cases.head_of(tx, conversation))
    _tell(tx, [head, *cases.split(tx, thread.get(tx, conversation).id, operator)])


def decline(tx: Tx, operator: bytes, conversation: bytes, head: bytes) -> None:
    """It is about something else. Refusals: not_found."""
    thread.get(tx, head)
    cases.decline(tx, thread.get(tx, conversation).id, head, operator)
    announce.conversation(tx, conversation)


def follow(tx: Tx, before: thread.Conversation) -> None:
    """A conversation may have changed hands, and `announce.moved` has told so: those of its case go where it goes, and it is told."""
    for was in cases.follow(tx, before):
        now = thread.get(tx, was.id)
        if now.status == "closed" != was.status:
            announce.closed(tx, now.id, cases.outcome_of(tx, now.id))
        elif was.status == "closed" != now.status:
            announce.opened(tx, now.id, again=True)
        announce.moved(tx, was)


def answered(tx: Tx, conversation: bytes) -> None:
    """An operator has answered here: the whole case was answered."""
    for one in cases.answered(tx, conversation):
        announce.conversation(tx, one)


def _serves_both(read: Read, talk: thread.Conversation, head: thread.Conversation) -> bool:
    """Whether the case waits, and somebody has this one in hand who may have both: then nobody is to begin to wait by being joined."""
    if head.status != "waiting" or talk.status != "open" or talk.operator is None:
        return False
    who = routing.still_here(read, talk.operator)
    return who is not None and (who.role == "admin" or routing.serves(read, who.id, head.queue))


def _before(read: Read, other: bytes, talk: thread.Conversation) -> bool:
    older = thread.get(read, other)
    return (older.opened_at, older.id) < (talk.opened_at, talk.id)


def _tell(tx: Tx, were: list[thread.Conversation]) -> None:
    for before in {one.id: one for one in reversed(were)}.values():
        announce.moved(tx, before)
