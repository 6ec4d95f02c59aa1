"""What was said by mail is shown on the page whose visitor has been proven to own the address: by the link in a mail, or by the site."""

from hub.actions import announce
from hub.conversations import legs, thread
from hub.conversations.thread import Conversation, Utterance
from hub.intake import normalise
from hub.store import Tx
from hub.wire.visitor import Resync


def show(tx: Tx, talk: Conversation, address: str) -> None:
    """This address is of whoever sits before the conversation's page: their page counts what was said to it and by it, and asks anew."""
    if legs.show(tx, talk, address):
        said = Utterance(author="system", kind="system", text=f"returned:{address}")
        announce.message(tx, said, thread.append(tx, talk.id, None, said))
    announce.conversation(tx, talk.id, on_record=True)
    if talk.visitor is not None:
        tx.publish(f"visitor:{talk.visitor.hex()}", Resync())


def vouched(tx: Tx, visitor: bytes, address: str) -> None:
    """The site's own server says that this visitor has this address."""
    talk = thread.latest_of(tx, visitor)
    if talk is None or talk.legs == 1:
        return
    known = normalise.identifier("email", address)
    for way in legs.ways_of(tx, talk):
        hidden = way.leg is not None and way.leg.shown_on != talk.leg
        if hidden and not way.is_page and normalise.identifier("email", way.address) == known:
            show(tx, talk, way.address)
