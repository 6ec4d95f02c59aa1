"""What a visitor's page does besides talking: arrive, look at another page, be vouched for, be forgotten.

A visit's touchpoint claims the browser and the visit, and, while the site's own server vouches for the person before it, that person
too. So on a shared browser the anonymous visits of strangers can be told apart, and everybody's visits by who was logged in.
"""

import datetime as dt
from hashlib import blake2b
from typing import Literal

import msgspec

from hub import identity
from hub.actions import announce, invite, shown
from hub.actions.receive import SOCKET, receive
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.conversations import thread, view
from hub.store import Read, Tx
from hub.visits import events, invitations, tokens, track
from hub.visits.tokens import TokenLevel
from hub.visits.track import Dwell, PageView, Visit, web_url
from hub.wire.common import Page
from hub.wire.visitor import Hello, Invited, Look, Said, Talk


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """What a site's server signed about a visitor. `nonce` tells one such token from another."""

    user_id: str
    nonce: str
    email: str | None = None
    phone: str | None = None
    name: str | None = None


FIELDS: tuple[Literal["name", "email"], ...] = ("name", "email")
"""What the form before a chat asks of a stranger."""


class Greeted(msgspec.Struct, frozen=True, kw_only=True):
    """Whose page said hello, and what it missed of its conversation."""

    visitor: bytes
    level: TokenLevel
    talk: Talk | None
    messages: list[Said]
    resync: bool
    token: str | None = None
    invited: Invited | None = None
    ask: tuple[Literal["name", "email"], ...] = FIELDS


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A tracked page's place in the hub: its visit and page view, and what the board shows of its visitor."""

    visit: Visit
    page: PageView
    who: identity.Header
    conversation: bytes | None
    operator_name: str
    attention_before: float
    cart: events.Cart | None
    came_from: track.Origin
    invited: bool


class Identified(msgspec.Struct, frozen=True, kw_only=True):
    """A vouched visitor's new token. With `moved`, another person sits there now: the page begins anew as this new visitor."""

    token: str
    visitor: bytes
    moved: bool


def greet(tx: Tx, site: str, hello: Hello) -> Greeted:
    """A page that may be tracked said hello: recognise the browser, and catch up its conversation."""
    holder = tokens.recognise(tx, site, hello.token)
    return msgspec.structs.replace(again(tx, holder.visitor, hello), level=holder.level, token=holder.token)


def again(read: Read, visitor: bytes, hello: Hello) -> Greeted:
    """The same without a new hello: the page may be tracked from now on, or another person sits before it."""
    known = _greeted(read, visitor, hello)
    return msgspec.structs.replace(
        known, invited=_open_invitation(read, visitor), ask=unknown(read, track.latest(read, visitor))
    )


def resume(tx: Tx, site: str, hello: Hello) -> Greeted | None:
    """A page that may not be tracked said hello: only a browser that has talked before is recognised, else nothing is stored."""
    visitor = tokens.whose(tx, site, hello.token)
    if visitor is None or thread.latest_of(tx, visitor) is None:
        return None
    known = tokens.holder(tx, site, hello.token)
    assert known is not None, "its token was found in this transaction"
    return msgspec.structs.replace(_greeted(tx, visitor, hello), level=known.level, token=known.token)


def stay(read: Read, visitor: bytes, hello: Hello) -> Greeted | None:
    """A page is not to be tracked any longer: who it is all the same, if it has talked."""
    return None if thread.latest_of(read, visitor) is None else _greeted(read, visitor, hello)


def arrive(tx: Tx, site: str, visitor: bytes, hello: Hello, seen: Look, network: str = "") -> Arrived:
    """A tracked page says where it is: go on with the browser's visit, or begin one.

    `network` is the sender's address, cut short already.
    """
    visit = track.current(tx, visitor) or _begin_visit(tx, site, visitor, hello, seen, network)
    page = track.look(tx, visit.id, hello.tab, web_url(seen.page.url), seen.page.title)
    open_talk = thread.open_of(tx, visitor)
    talk = view.both(tx, open_talk.id)[1] if open_talk else None
    return Arrived(
        visit=msgspec.structs.replace(visit, pages=max(visit.pages, page.n)),
        page=page,
        who=identity.header(tx, visit.id),
        conversation=open_talk.id if open_talk else None,
        operator_name=talk.operator.name if talk and talk.operator else "",
        attention_before=track.attention_before(tx, visit.id, page.n),
        cart=events.cart_of(tx, visitor),
        came_from=track.came_from(tx, visit.id),
        invited=invitations.open_of(tx, visitor) is not None,
    )


def untracked_id(site: str, tab: str, client_id: str) -> bytes:
    """The visitor that a page becomes which is not tracked and opens a chat.

    Made of two random ids that only the page knows, so that sending the same first message again, after an answer with the
    token in it was lost, does not make another visitor.
    """
    return blake2b(f"{site}:{tab}:{client_id}".encode(), digest_size=16, person=b"untracked").digest()


def unknown(read: Read, visit: bytes | None) -> tuple[Literal["name", "email"], ...]:
    """What the form before a chat may ask: only what nobody has told yet."""
    return tuple(field for field in FIELDS if visit is None or not identity.told(read, visit, field))


def look(tx: Tx, visitor: bytes, visit: bytes, tab: str, page: Page) -> PageView | None:
    """The page went to another address without a reload. None when its visit is over by now; `arrive` begins a new one."""
    now = track.current(tx, visitor)
    if now is None or now.id != visit:
        return None
    return track.look(tx, visit, tab, web_url(page.url), page.title)


def reset(tx: Tx, visitor: bytes) -> None:
    """Whoever sat there has gone: this browser's tokens open nothing any longer."""
    tokens.end_all(tx, visitor)


def dwell(tx: Tx, batch: list[Dwell]) -> None:
    """Write how long pages have been looked at."""
    track.dwell(tx, batch)


def close_idle(tx: Tx) -> int:
    """End visits that are over, and tell who follows their customers. Returns how many; call again while it is not 0."""
    ended = track.close_idle(tx)
    for visit in ended:
        announce.touch(tx, identity.resolve(tx, visit), visit)
    return len(ended)


def identify(tx: Tx, site: str, visitor: bytes, visit: bytes, said: Vouched) -> Identified:
    """The site's server vouches for who this is.

    When it vouched for somebody else in this browser before (a log-out that nobody told us of), the newcomer is given a
    visitor of their own, so that neither sees the other's conversation.
    """
    before = tokens.person(tx, visitor)
    moved = before is not None and before != said.user_id
    if moved:
        visitor = tokens.new_visitor(tx, site)
    tokens.vouched(tx, visitor, said.user_id)
    receive(tx, SOCKET + site, _identity(tx, site, visitor, said))
    if not moved:
        announce.touch(tx, identity.resolve(tx, visit), visit)
    if said.email:
        shown.vouched(tx, visitor, said.email)
    return Identified(token=tokens.issue(tx, site, visitor, "verified"), visitor=visitor, moved=moved)


def _identity(tx: Tx, site: str, visitor: bytes, said: Vouched) -> Touchpoint:
    signed = [Claim(kind="user_id", value=said.user_id, level=Level.VERIFIED), *_browser(tx, visitor)]
    for kind, value in (("email", said.email), ("phone", said.phone)):
        if value:
            signed.append(Claim(kind=kind, value=value, level=Level.VERIFIED))
    named = (AttributeClaim(attribute="name", value=said.name, level=Level.VERIFIED),) if said.name else ()
    return Touchpoint(
        channel="web",
        kind="identify",
        key=f"identify:{visitor.hex()}:{said.nonce}",
        occurred_at=_aware(tx.now),
        site=site,
        claims=tuple(signed),
        attributes=named,
    )


def claims_of(tx: Tx, visitor: bytes) -> tuple[Claim, ...]:
    """Who a touchpoint from this browser is by: the browser, its visit, and the person vouched for in it."""
    user_id = tokens.person(tx, visitor)
    vouched = () if user_id is None else (Claim(kind="user_id", value=user_id, level=Level.VERIFIED),)
    return (*vouched, *_browser(tx, visitor))


def _browser(tx: Tx, visitor: bytes) -> tuple[Claim, ...]:
    # The visit's own id is made from its touchpoint, which carries this claim; its beginning names it as well.
    visit = track.current(tx, visitor)
    session = f"{visitor.hex()}:{visit.opened_at if visit else tx.now}"
    return (
        Claim(kind="session", value=session, level=Level.OBSERVED),
        Claim(kind="device", value=visitor.hex(), level=Level.OBSERVED),
    )


def _open_invitation(read: Read, visitor: bytes) -> Invited | None:
    offer = invitations.open_of(read, visitor)
    return invite.invited(read, offer) if offer is not None else None


def _begin_visit(tx: Tx, site: str, visitor: bytes, hello: Hello, seen: Look, network: str) -> Visit:
    touchpoint = Touchpoint(
        channel="web",
        kind="visit",
        key=f"visit:{visitor.hex()}:{tx.now}",
        occurred_at=_aware(tx.now),
        site=site,
        claims=claims_of(tx, visitor),
        payload={
            "url": web_url(seen.page.url),
            "title": seen.page.title,
            "referrer": web_url(seen.page.referrer),
        },
    )
    received = receive(tx, SOCKET + site, touchpoint)
    origin = track.origin_of(
        web_url(seen.page.url),
        web_url(seen.page.referrer),
        language=hello.language,
        zone=seen.zone,
        device=seen.device,
        network=network,
    )
    return track.begin(tx, visit=received.touch, visitor=visitor, site=site, origin=origin)


def _level(read: Read, visitor: bytes) -> TokenLevel:
    return "observed" if tokens.person(read, visitor) is None else "verified"


def _greeted(read: Read, visitor: bytes, hello: Hello) -> Greeted:
    level = _level(read, visitor)
    found = thread.latest_of(read, visitor)
    if found is None:
        return Greeted(visitor=visitor, level=level, talk=None, messages=[], resync=False)
    leg = thread.leg_of(read, found.id)
    same = hello.conversation == found.id.hex() and hello.have <= leg.leg_seq
    messages, resync = view.said_after(read, leg.id, hello.have if same else 0)
    _, talk = view.both(read, found.id)
    return Greeted(visitor=visitor, level=level, talk=talk, messages=messages, resync=resync or not same)


def _aware(micros: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(micros / 1_000_000, dt.UTC)
