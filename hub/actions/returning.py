"""From the mail back to the site: the link in a mail, and what following it proves.

Whoever opens the link reads the mail of that address, so the address is theirs: the browser and the address are one person from then
on (a verified claim), and what was written by mail is shown on the page as well. Nothing less shows it: an address that was typed there
may be anybody's. The site's own signed word on the same address (`shown.py`) is worth as much.

The code in the link names a leg and an end, is signed, and works in the browser that used it first and in no other: a mail that is
forwarded opens nothing for its second reader. It stands in the fragment, which browsers send to nobody.
"""

import base64
import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable

import msgspec

from hub.actions import shown
from hub.actions.arrive import claims_of
from hub.actions.receive import receive
from hub.contract import Claim, Level, Touchpoint
from hub.conversations import legs, thread
from hub.conversations.thread import SOCKET, Conversation, Leg
from hub.store import Tx
from hub.visits import tokens
from hub.visits.track import OURS
from hub.wire import Refusal
from hub.wire.visitor import Resync

HOUR = 3_600_000_000
DAYS = 30
"""A link in a mail works for so long."""
FRAGMENT = f"{OURS}go-on="
"""What the fragment of a link begins with; the widget looks for it."""
_CODE = re.compile(r"[A-Za-z0-9_-]{48}", re.ASCII)

SQL_FOLLOWED = """
INSERT INTO returned (token, leg, visitor, at) VALUES (:token, :leg, :visitor, :now) ON CONFLICT (token) DO NOTHING"""
SQL_WHO_FOLLOWED = "SELECT visitor FROM returned WHERE token = :token"


class Followed(msgspec.Struct, frozen=True):
    """A good code: the leg its mail went by, and a name of the code that does not give it away."""

    leg: bytes
    token: bytes


class Returning:
    """Makes and reads the codes of one hub. `clock` in UTC microseconds."""

    def __init__(self, secret: bytes, clock: Callable[[], int]) -> None:
        self._secret, self._clock = secret, clock

    def code(self, leg: bytes) -> str:
        """A code for a mail that goes by this leg now: the same within an hour."""
        said = leg + (self._clock() // HOUR + DAYS * 24).to_bytes(4, "big")
        return base64.urlsafe_b64encode(said + self._sign(said)).decode()

    def read(self, code: str) -> Followed:
        """What a code names. Refusals: not_found, in the same words whether it is over or never was one."""
        raw = base64.urlsafe_b64decode(code) if _CODE.fullmatch(code) else b""
        said, signature = raw[:20], raw[20:]
        good = bool(raw) and hmac.compare_digest(self._sign(said), signature)
        if good and int.from_bytes(said[16:], "big") * HOUR > self._clock():
            return Followed(said[:16], hashlib.sha256(raw).digest())
        raise Refusal("not_found", "link: this one is over, or never was one; answer the mail instead")

    def _sign(self, said: bytes) -> bytes:
        return hmac.digest(self._secret, b"return\0" + said, hashlib.sha256)[:16]


def come_back(tx: Tx, site: str, visitor: bytes, followed: Followed) -> None:
    """This browser's visitor followed the link: the conversation goes on here, with what was said by mail.

    Refusals: not_found (also where another browser has used it), blocked, no_change (another conversation is open here).
    """
    leg = legs.get(tx, followed.leg)
    talk = thread.get(tx, leg.conversation) if leg and not leg.is_page else None
    if leg is None or talk is None or talk.site != site:
        raise Refusal("not_found", "link: this one is over, or never was one; answer the mail instead")
    if tokens.blocked(tx, visitor):
        raise Refusal("blocked", "this site does not take messages from this browser")
    _use(tx, followed, visitor)
    _claim(tx, site, visitor, leg)
    if talk.visitor != visitor:
        talk = _move(tx, talk, leg, site, visitor)
    shown.show(tx, talk, leg.thread)


def come_back_as_nobody(tx: Tx, site: str, visitor: bytes, followed: Followed) -> str:
    """The same for a page that is not tracked: that much of its browser is known from now on, by the token returned."""
    tokens.know(tx, site, visitor)
    come_back(tx, site, visitor, followed)
    return tokens.issue(tx, site, visitor, "observed")


def _use(tx: Tx, followed: Followed, visitor: bytes) -> None:
    tx.run(SQL_FOLLOWED, {"token": followed.token, "leg": followed.leg, "visitor": visitor, "now": tx.now})
    row = tx.one(SQL_WHO_FOLLOWED, {"token": followed.token})
    if row is None or row[0] != visitor:
        raise Refusal("not_found", "link: it was used in another browser; the next mail brings a new one")


def _claim(tx: Tx, site: str, visitor: bytes, leg: Leg) -> None:
    said = Touchpoint(
        channel="web",
        kind="return",
        key=f"return:{visitor.hex()}:{leg.id.hex()}",
        occurred_at=dt.datetime.fromtimestamp(tx.now / 1_000_000, dt.UTC),
        site=site,
        claims=(*claims_of(tx, visitor), Claim(kind="email", value=leg.thread, level=Level.VERIFIED)),
    )
    receive(tx, SOCKET + site, said)


def _move(tx: Tx, talk: Conversation, leg: Leg, site: str, visitor: bytes) -> Conversation:
    other = thread.open_of(tx, visitor)
    if other is not None and talk.status != "closed":
        raise Refusal(
            "no_change", "another conversation is open here; finish that one first, or answer the mail"
        )
    legs.move(tx, talk, leg, SOCKET + site, visitor)
    if talk.visitor is not None:
        tx.publish(f"visitor:{talk.visitor.hex()}", Resync())
    return thread.get(tx, talk.id)
