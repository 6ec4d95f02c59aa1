"""What the runners ask about messages that leave by the outbox."""

import datetime as dt
from collections.abc import Callable

import msgspec

from hub import media, outbox
from hub.actions import announce, cases, surroundings, transcribe
from hub.actions.letter import Letter
from hub.contract import OutgoingMessage, Receipt
from hub.conversations import routing, thread, transcript
from hub.outbox import Due, Needless, Outcome
from hub.store import Read, Tx
from hub.wire import Refusal

SQL_DATA = "SELECT data FROM message WHERE id = :id AND leaves"

Around = Callable[[Read, bytes, bytes, str], Letter]
"""What surrounds a message of a conversation that leaves by a leg, by an author."""


def nothing(_read: Read, _conversation: bytes, _leg: bytes, _author: str) -> Letter:
    """No subject, and no foot."""
    return Letter()


def compose(read: Read, due: Due, around: Around = nothing) -> OutgoingMessage | None:
    """The message a delivery points at, with those that ride with it; None when it is there no longer. Raises `Needless` when its
    customer came back to the page and has them all."""
    found = thread.leaving(read, due.item, due.lane)
    if found is None:
        return None
    carried = outbox.carried(read, due.connection, due.lane, due.item)
    others = [other for item in carried if (other := thread.leaving(read, item, due.lane))]
    if all(one.left and one.seen for one in (found, *others)):
        raise Needless
    letter = around(read, found.conversation, due.lane, found.author)
    words = _words(read, found, due.lane, letter.language)
    before = surroundings.of(read, found.conversation, found.id, due.lane)
    return OutgoingMessage(
        id=found.id.hex(),
        conversation=found.conversation.hex(),
        address=found.address,
        text="\n".join(filter(None, ("\n\n".join((words, *(other.text for other in others))), letter.foot))),
        subject=before.subject or letter.subject,
        follows=before.follows,
        quoted=before.quoted,
        # A name that was typed on a page may be anything; whoever has written from there knows their own.
        name=before.name if before.quoted or not found.left else "",
        language=letter.language,
        author=found.author,
        at=dt.datetime.fromtimestamp(found.at / 1_000_000, dt.UTC),
        kind=found.kind,
        attempt=due.attempt + due.doubts,
        automatic=bool(found.automatic),
    )


def _words(read: Read, found: thread.Leaving, lane: bytes, language: str) -> str:
    if found.kind != transcribe.KIND or not transcribe.is_proven(read, lane):
        return found.text
    return f"{found.text}\n\n{transcript.text(read, found.conversation, language[:2].lower(), 'UTC')}"


def attached(read: Read, due: Due) -> list[media.Attachment]:
    """The files that a message takes along; those that are gone are left out."""
    row = read.one(SQL_DATA, {"id": due.item})
    data = msgspec.json.decode(row[0]) if row else {}
    return media.of(read, [bytes.fromhex(file["id"]) for file in data.get("attachments", ())])


def settled(tx: Tx, outcome: Outcome) -> None:
    """A delivery came to an end, or its receipt arrived: show it."""
    place = thread.where_is(tx, outcome.item) if outcome.kind == "message" else None
    if place is not None:
        announce.restated(tx, *place)


def receipt(tx: Tx, connection: str, message: bytes, said: Receipt) -> bool:
    """What a connection says later of a message of ours. One that failed brings its conversation back to the operators: the customer
    still waits. False when this connection has sent no such message."""
    changed = outbox.told(tx, connection, message, said.state, said.why)
    place = thread.where_is(tx, message)
    if changed and said.state == "failed" and place is not None:
        talk = thread.get(tx, place[0])
        if talk.status == "closed" and not _another_is_open(tx, talk):
            routing.reopen(tx, talk, None)
            announce.opened(tx, talk.id, again=True)
            cases.follow(tx, talk)
        routing.await_answer(tx, talk.id)
        announce.conversation(tx, talk.id, on_record=talk.status == "closed")
    return changed is not None


def once_more(tx: Tx, operator: bytes, conversation: bytes, seq: int) -> None:
    """An operator has a message that failed tried again, with all its tries. Refusals: no_change, when it has not failed (any more)."""
    if not outbox.retry_message(tx, conversation, seq):
        raise Refusal("no_change", "this message has not failed, or is being tried again already")


def _another_is_open(tx: Tx, talk: thread.Conversation) -> bool:
    """A browser has one conversation that is open."""
    return talk.visitor is not None and thread.open_of(tx, talk.visitor) is not None
