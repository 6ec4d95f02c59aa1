"""The policy, asked inside the transaction that acts on the answer.

Asked before, a transfer or a change of teams could slip between the question and the deed.
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from hub import access
from hub.access import Actor
from hub.conversations import routing, thread
from hub.store import Read, Tx
from hub.wire import Refusal

P = ParamSpec("P")
T = TypeVar("T")


def may_see(read: Read, actor: Actor, what: str, conversation: bytes) -> bytes:
    """Let the actor have to do with this conversation. Returns the queue it is in. Refusals: not_found, forbidden, not_signed_in."""
    queue, serves = routing.queue_of(read, conversation, actor.id)
    access.demand(actor, what, serves=serves)
    return queue


def sees(read: Read, actor: Actor, what: str, conversation: bytes) -> bool:
    """Whether `may_see` would let them: words to another team are nobody else's, even beside what they may read."""
    try:
        may_see(read, actor, what, conversation)
    except Refusal:
        return False
    return True


def whereabouts(read: Read, actor: Actor, what: str, conversation: bytes) -> tuple[bytes, bytes | None]:
    """As `may_see`; the queue, and the browser on the other side, where there is one."""
    queue = may_see(read, actor, what, conversation)
    return queue, thread.get(read, conversation).visitor


def may_follow(read: Read, actor: Actor, topic: str, queue: bytes) -> None:
    """Let the actor follow a topic of a queue. Refusals: not_found, forbidden."""
    routing.queue_name(read, queue)
    access.demand(actor, f"topic {topic}", serves=routing.serves(read, actor.id, queue))


def act(
    tx: Tx,
    actor: Actor,
    what: str,
    action: Callable[Concatenate[Tx, bytes, bytes, P], T],
    conversation: bytes,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """`action(tx, operator, conversation, …)`, if this operator may. Refusals: not_found, forbidden, and the action's own."""
    may_see(tx, actor, what, conversation)
    return action(tx, actor.id, conversation, *args, **kwargs)
