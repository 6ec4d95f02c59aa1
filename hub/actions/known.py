"""What a channel, a form or a bot may know of what its customer has said elsewhere, so that it does not ask again.

That something is known may be told to whoever talks with the customer; what it is may not: somebody who only typed an address is not
proven to be its owner. So the value goes along where it was said on this very leg of the conversation, or stands there; or where the
customer has proven who they are. A conversation is no such place: by another leg somebody else may have answered, and its notes are for
colleagues.
"""

import datetime as dt

from hub import identity
from hub.actions.receive import SOCKET
from hub.contract import Known, Level, Visitor
from hub.conversations import routing, sheet, thread
from hub.store import Read


def known(read: Read, connection: str, of: Visitor | str) -> tuple[Known, ...]:
    """What the customer behind a thread of a connection, or a page, has volunteered anywhere; nothing for a stranger."""
    where, counterpart = (SOCKET + of.site, of.id) if isinstance(of, Visitor) else (connection, of)
    leg = thread.leg_of_thread(read, where, counterpart)
    if leg is None:
        return ()
    talk = thread.get(read, leg.conversation)
    proven = identity.header(read, talk.anchor).here is Level.VERIFIED
    found = sheet.sheet(read, talk.id, routing.region_of(read, talk.site))
    return tuple(
        Known(
            kind=one.kind,
            value=one.value if proven or leg.id in one.legs else None,
            at=dt.datetime.fromtimestamp(one.at / 1_000_000, dt.UTC),
        )
        for one in found.facts
    )
