"""An operator's own list of customers they want to hear of. Topic `watching:ID` is for their eyes only."""

from hub import feed
from hub.store import Tx
from hub.visits import watching
from hub.wire import id_hex


def topic(operator: bytes) -> str:
    """Where the list of this operator is told."""
    return f"watching:{id_hex(operator)}"


def watch(tx: Tx, operator: bytes, customer: bytes, *, on: bool) -> None:
    """Begin or end to watch a customer; saying it twice is saying it once. Refusals: not_found, at_limit."""
    if on:
        anchor = watching.watch(tx, operator, customer)
        if anchor is not None:
            feed.note(tx, topic(operator), "watch", anchor, watching.one(tx, operator, anchor))
        return
    for anchor in watching.leave(tx, operator, customer):
        feed.note(tx, topic(operator), "watch", anchor, None)
