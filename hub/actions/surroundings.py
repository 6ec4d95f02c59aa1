"""What a message that leaves stands among: what it is about, what it follows, what it answers, and whom it is written to.

What is quoted was said on the leg that the message leaves by: words of a page go to no address that was merely typed there.
"""

import msgspec

from hub import identity
from hub.conversations import naming
from hub.store import Read

LONGEST_QUOTED = 4_000
"""Characters of the customer's last words that are repeated."""

SQL_PLACE = """
SELECT m.seq, c.subject, c.anchor FROM message m JOIN conversation c ON c.id = m.conversation WHERE m.id = :message AND m.leaves"""
SQL_LAST_HEARD = """
SELECT text FROM message WHERE conversation = :conversation AND seq < :seq AND leg = :leg AND author = 'visitor' ORDER BY seq DESC LIMIT 1"""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """As `OutgoingMessage` has them."""

    subject: str = ""
    follows: tuple[str, ...] = ()
    quoted: str = ""
    name: str = ""


def of(read: Read, conversation: bytes, message: bytes, leg: bytes) -> Surroundings:
    """What a message of this conversation that leaves by `leg` stands among."""
    row = read.one(SQL_PLACE, {"message": message})
    if row is None:
        return Surroundings()
    seq, subject, anchor = row
    heard = read.one(SQL_LAST_HEARD, {"conversation": conversation, "seq": seq, "leg": leg})
    return Surroundings(
        subject=subject,
        follows=naming.followed(read, leg, seq),
        quoted=heard[0][:LONGEST_QUOTED] if heard else "",
        name=identity.header(read, anchor).name,
    )
