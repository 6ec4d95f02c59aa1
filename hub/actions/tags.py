"""Tags on a conversation: whoever may see it may say what it is about, whether it is open or closed."""

from collections.abc import Sequence

from hub.actions import announce
from hub.conversations import tags, thread
from hub.store import Tx


def tag(tx: Tx, operator: bytes, conversation: bytes, add: Sequence[str], drop: Sequence[str]) -> None:
    """Put tags on it and take others off; doing so twice is doing it once. Refusals: not_found, bad_request."""
    thread.get(tx, conversation)
    if tags.change(tx, conversation, add, drop):
        announce.conversation(tx, conversation, on_record=True)
