"""Offering: what a visitor may be promised now, so that it can be kept.

As load rises, calls go first, then chat; what waits for nobody (a mail, a call back, the FAQ) stays. A chat is promised while a free seat
is left after everything that was promised before, or while the line moves so fast that the answer comes within the site's target
(Little's law: who joins a line of n waits as long as the team lately took to answer n). A call is promised only while taking it
would leave a seat for the next chat, except to a team that has nothing in hand.

What has gone comes back at a second free seat, not at the first, so that an offer does not come and go with every visitor. It is a pure
function of the situation and of what was offered before: `actions/offers.py` reads the one, `web/offers.py` keeps the other.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from hub.conversations.load import CHAT, has_room, seats

Why = Literal["room", "few", "line", "full", "away", "nobody", "closed"]


class Hands(msgspec.Struct, frozen=True):
    """An operator of the team who is here. `load`: what they have in hand or in their promise, in thousandths of a chat."""

    available: bool
    capacity: int
    load: int

    @property
    def seats(self) -> int:
        """Chats they can still take."""
        return seats(self.load, self.capacity) if self.available else 0


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All that an offer depends on. `promised`: chats that wait to be taken, `pace`: how many a second were taken lately (0: unknown)."""

    team: Sequence[Hands]
    promised: int = 0
    pace: float = 0.0
    open: bool = True
    target: float = 60.0
    """Seconds within which visitors should have an answer."""
    call: int = 13 * CHAT // 4
    """What a call weighs."""
    has: frozenset[str] = frozenset(("voice", "mail", "callback", "faq"))
    """What there is to offer besides chat."""


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What a visitor gets, and why no more of it.

    `room`: everything · `few`: calls would take the last seats · `line`: no seat is free, but the line is short · `full`: neither ·
    `away`: those who are here take nothing new · `nobody` is here · `closed`.
    `free` is below zero where more was promised than there are seats. `wait`: seconds a new chat waits for a seat; None is unknown.
    """

    voice: bool
    chat: bool
    mail: bool
    callback: bool
    faq: bool
    why: Why
    seats: int = 0
    free: int = 0
    wait: float | None = 0.0


def offer(now: Situation, before: Offered | None = None) -> Offered:
    """What can be kept. `before`: what was offered until now; None after a start."""
    total = sum(seats(0, one.capacity) for one in now.team if one.available)
    free = sum(one.seats for one in now.team) - now.promised
    line = _line(free, now.pace)
    at_hand = now.open and total > 0
    # Whoever stands at the door sees no change for a seat that comes and goes.
    gone = before is not None and before.why == "full"
    chat = at_hand and (free >= (min(2, total) if gone else 1) or _is_short(line, now.target, gone))
    voice = (
        chat
        and free > 0
        and "voice" in now.has
        and _call_fits(now, was_off=before is not None and not before.voice)
    )
    return Offered(
        voice=voice,
        chat=chat,
        mail="mail" in now.has,
        callback="callback" in now.has,
        faq="faq" in now.has,
        why=_why(now, chat=chat, voice=voice, free=free, total=total),
        seats=total,
        free=free,
        wait=0.0 if free > 0 else line,
    )


def _line(free: int, pace: float) -> float | None:
    """Seconds until whoever joins the line has a seat, were there none free now; None when nothing tells."""
    return (1 - min(free, 0)) / pace if pace else None


def _is_short(line: float | None, target: float, gone: bool) -> bool:
    """Whether so long a line is within the promise; what has gone comes back at half of it."""
    return line is not None and line <= (target / 2 if gone else target)


def _call_fits(now: Situation, *, was_off: bool) -> bool:
    """Whether somebody can take a call and a chat that comes then still finds a seat (two, for a call that was not offered)."""
    able = [one for one in now.team if one.available and has_room(one.load, one.capacity, now.call)]
    if not able:
        return False
    here = [one for one in now.team if one.available]
    if not now.promised and not any(one.load for one in here):
        return True
    all_seats = sum(one.seats for one in here) - now.promised
    left = max(all_seats - one.seats + seats(one.load + now.call, one.capacity) for one in able)
    return left >= (2 if was_off else 1)


def _why(now: Situation, *, chat: bool, voice: bool, free: int, total: int) -> Why:
    if not now.open:
        return "closed"
    if not now.team:
        return "nobody"
    if not total:
        return "away"
    if not chat:
        return "full"
    if free <= 0:
        return "line"
    return "few" if "voice" in now.has and not voice else "room"
