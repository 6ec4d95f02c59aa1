"""What a shop page says, frame by frame: the session itself.

A session is one page. It is nobody until its hello is accepted, and from then on speaks for one visitor only: the ids in its frames are
checked against that visitor inside the transaction. A command is answered after the commit, or by `refused`; a frame that makes
no sense is refused by name and costs the page nothing else. What each frame does is in `visitor_talk.py` and `visitor_track.py`.

A hello says nothing of the page: where the welcome says that tracking is on, the page follows and becomes part of a visit. Where
the site asks for consent, or the browser asks not to be tracked, it is accepted without becoming a visitor: nothing is stored,
nobody sees it, and it becomes one only by opening the chat.
"""

import asyncio
import datetime as dt
import logging
import secrets
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from hub import access
from hub.access import NOBODY, Actor
from hub.actions import arrive
from hub.config import SiteSection
from hub.contract import Visit as FeatureVisit
from hub.contract import Visitor
from hub.store import StoreError
from hub.visits.live import Presence, Tab, Who
from hub.visits.track import web_url
from hub.web import limits
from hub.web.hall import Hall
from hub.web.inorder import InOrder
from hub.web.sockets import BAD_FIRST_FRAME, NOT_ALLOWED, UNKNOWN_SITE, Socket
from hub.web.visitor_talk import TALK
from hub.web.visitor_track import TRACK, Tracking, tracking_of
from hub.web.wheel import Watched
from hub.wire import BadFrame, Refusal, decoder, encode, id_hex, level_word, millis
from hub.wire import visitor as wire
from hub.wire.common import Frame
from hub.wire.visitor import FeatureOffer, Hello, Look, Open, Say

log = logging.getLogger("hub.web")

_decode = decoder(wire.FromPage)

BAD_FRAMES = 20
"""Frames that make no sense before the socket is closed: a broken page must not fill the log of its owner."""

NOTHING_HEARD: Mapping[str, int] = MappingProxyType({})


class VisitorSession:
    """One page's side of a socket. `visitor` is empty while the page is nobody; `visit` and `seen` until a tracked one said where it is.

    Most pages never say a word, so what only a few need is made when they do.
    """

    __slots__ = (
        "_actor", "_bad", "_bucket", "_ended", "_leg_seq", "_offered", "_offers", "_on_board", "_order", "_origin", "_stranger",
        "_welcomed", "address", "hall", "heard", "hello", "nobody_since", "seen", "site_key", "socket", "spoke", "tab", "tracked",
        "typing", "visit",
    )  # fmt: skip

    def __init__(self, hall: Hall, socket: Socket, *, origin: str, address: str) -> None:
        self.hall = hall
        self.socket = socket
        self.heard = hall.monotonic()
        self.nobody_since: float | None = self.heard
        self.spoke: set[Watched] | None = None
        self.address = address
        self.site_key = ""
        self.tab = ""
        self.visit = b""
        self.hello: Hello | None = None
        self.tracked = False
        self.seen: Look | None = None
        self.typing: str | None = None
        self._origin = origin
        self._actor = NOBODY
        self._stranger = b""
        self._offers: Sequence[FeatureOffer] = ()
        self._offered = False
        self._bad = 0
        self._bucket: limits.Bucket | None = None
        self._on_board: Tab | None = None
        self._leg_seq: Mapping[str, int] = NOTHING_HEARD
        self._order: InOrder | None = None
        self._welcomed = self._ended = False
        hall.knocked(self)

    @property
    def visitor(self) -> bytes:
        """The id this page speaks for."""
        return self._actor.id

    @property
    def place(self) -> bytes:
        """Where frames for this page go: its visitor, or an id of its own that is stored nowhere while it is nobody's."""
        if not self.visitor and not self._stranger:
            self._stranger = secrets.token_bytes(16)
        return self.visitor or self._stranger

    @property
    def site(self) -> SiteSection:
        """The site this page belongs to."""
        return self.hall.config.sites[self.site_key]

    async def frame(self, data: str | bytes) -> None:
        """One frame from the page."""
        self.heard = self.hall.monotonic()
        client_id = asked = None
        held = 0.0
        try:
            asked = _decode(data)
            client_id = getattr(asked, "client_id", None)
            if not self.withdraws(asked):
                held, self._bucket = self.hall.limits.draw(self._bucket, limits.FRAMES)
            if held:
                raise limits.too_many(held)
            if self._actor is NOBODY and not isinstance(asked, Hello):
                raise BadFrame("frame: the first frame of a socket is `hello`")
            access.demand(self._actor, f"visitor {asked.__struct_config__.tag}")
            message = asked.client_id if isinstance(asked, (Open, Say)) else ""
            if message and self._order is not None:
                self._order.demand_turn("", message, self.heard)
            await VERBS[type(asked)](self, asked)
            if message and self._order is not None:
                self._order.settled("", message)
        except BadFrame as error:
            self._bad_frame(str(error), client_id)
        except Refusal as error:
            self._refuse_asked(error, asked, client_id)
        except StoreError as error:
            self._refuse_asked(
                Refusal("unavailable", f"not stored: {error}", retry_after=2.0), asked, client_id
            )
        except Exception:
            # A bug of ours costs this frame and not the socket: the page would send it again on the next one, for ever.
            log.exception("a frame of a page broke something: %s", type(asked).__name__)
            self._refuse_asked(
                Refusal("unexpected", "something broke here; it is in the hub's log"), asked, client_id
            )

        if held:
            await asyncio.sleep(held)  # read no faster than may be said

    def _refuse_asked(self, error: Refusal, asked: Frame | None, client_id: str | None) -> None:
        if isinstance(asked, (Open, Say)):
            self._order = self._order or InOrder()
            self._order.refused("", asked.client_id, self.heard, error)
        self.refuse(error, client_id)

    def withdraws(self, asked: object) -> bool:
        """Whether this is a tracked visitor's no, which is heard however much was said before, by them or from their address."""
        return self.tracked and isinstance(asked, wire.Consent) and not asked.granted

    def refuse_binary(self) -> None:
        """A binary frame arrived; nothing of ours is binary."""
        self._bad_frame("frame: expected a text frame, got a binary one", None)

    def ended(self) -> None:
        """The socket is gone."""
        self._ended = True
        self.leave()
        self.hall.turned(self)

    def tell(self, data: bytes) -> None:
        """A frame for this page."""
        self.socket.send_frame(data)

    def say(self, frame: wire.ToPage) -> None:
        """The same, not encoded yet."""
        self.tell(encode(frame))

    def refuse(self, error: Refusal, client_id: str | None) -> None:
        """Nothing was stored, and why."""
        self.say(error.frame(client_id))

    def refresh(self) -> None:
        """The site's promise changed."""
        self.tell(self.hall.features_frame(self.site_key, self._offers))

    # --- coming and going

    async def greet(self, asked: Hello) -> None:
        """Hello: become a visitor, or with tracking off stay nobody in particular."""
        self.hall.limits.take("hellos", self.address, limits.SOCKETS)
        try:
            site = self.hall.origins.demand_site(asked.site, self._origin)
        except Refusal as error:
            self.refuse(error, None)
            self.socket.close(UNKNOWN_SITE if error.code == "unknown_site" else NOT_ALLOWED)
            return
        tracking = tracking_of(site, asked)
        self.hall.sites.came(asked.site, self._origin)
        action = arrive.greet if tracking == "on" else arrive.resume
        self._go_on(asked, await self.hall.store.write(action, asked.site, asked), tracking)

    async def again(self, visitor: bytes) -> None:
        """What a hello does, for a page that has said one and may be tracked: as this visitor, on the page it is on."""
        assert self.hello is not None
        asked, seen = without_token(self.hello), self.seen
        self._go_on(asked, await self.hall.store.read(arrive.again, visitor, asked), "on")
        if seen is not None:
            await self.enter(seen)

    async def decide(self, *, granted: bool) -> None:
        """The visitor said yes or no to being tracked: the same page goes on, as what it may be now."""
        assert self.hello is not None
        said: Literal["granted", "denied"] = "granted" if granted else "denied"
        asked = self.hello = msgspec.structs.replace(self.hello, consent=said)
        if not granted:
            await self.withdraw()
        elif self.visitor:
            await self.again(self.visitor)
        else:
            self._go_on(asked, await self.hall.store.write(arrive.greet, asked.site, asked), "on")

    async def withdraw(self) -> None:
        """Tracked no longer, and nobody at all unless there is a conversation to go on with."""
        assert self.hello is not None
        visitor, asked = self.visitor, without_token(self.hello)
        self.untrack()
        known = await self.hall.store.read(arrive.stay, visitor, asked) if visitor else None
        if self.visitor == visitor:
            self._go_on(asked, known, "off")

    def untrack(self) -> None:
        """Nothing more is told of this page, from this moment on."""
        self.hall.board.forget(self.visitor)
        self.tracked, self.visit, self.seen = False, b"", None

    def begin_anew(self) -> None:
        """Whoever this was is nobody any longer: the page is to drop what is theirs and say hello again."""
        self.leave()
        self.say(wire.Resync(anew=True))

    def _go_on(self, asked: Hello, known: arrive.Greeted | None, tracking: Tracking) -> None:
        # From the snapshot to the subscription nothing is awaited: no event can fall between them.
        if self._ended:  # a poll that was swept away meanwhile: nobody would ever let it go
            return
        if known is None:
            asked = without_token(asked)  # a page that is nobody forgets its token, and so do we
        self.become(asked, known.visitor if known else b"", known.talk if known else None)
        self.tracked = tracking == "on"
        self.say(self._welcome(known, tracking))
        if not self.tracked:
            self._offer_once("")

    async def enter(self, seen: Look) -> None:
        """A tracked page says where it is, for the first time in its visit."""
        assert self.hello is not None
        visitor, self.seen = self.visitor, seen
        network = limits.network_of(self.address)
        came = await self.hall.store.write(arrive.arrive, self.site_key, visitor, self.hello, seen, network)
        if self._ended or not self.tracked or self.visitor != visitor:
            return
        self._leave_board()
        self.visit = came.visit.id
        self.hall.sites.came(self.site_key, self._origin, web_url(seen.page.url))
        self._enter_board(seen, came)
        self.say(wire.Visiting(visit=id_hex(came.visit.id)))
        self._offer_once(web_url(seen.page.url))

    def become(self, asked: Hello, visitor: bytes, talk: wire.Talk | None = None) -> None:
        """Speak for this visitor from now on, who has been told of `talk`."""
        self.leave()
        self.hello = asked
        self.site_key, self.tab = asked.site, asked.tab
        self._actor = Actor(kind="visitor", id=visitor)
        self._leg_seq = {talk.id: talk.seq} if talk else NOTHING_HEARD
        self._welcomed, self.nobody_since = True, None
        self.hall.page_came(self.place, self)
        if visitor:
            self.hall.bus.subscribe(f"visitor:{id_hex(visitor)}", self._hear)

    def leave(self) -> None:
        """Stop being the visitor this page was."""
        if self._actor is NOBODY:
            return
        self.nobody_since = self.hall.monotonic()
        self.stop_typing()
        self.hall.bus.unsubscribe(f"visitor:{id_hex(self.visitor)}", self._hear)
        self.hall.page_went(self.place, self, talks=bool(self._leg_seq))
        self._leave_board()
        self._actor, self.tracked, self.visit, self.seen = NOBODY, False, b"", None

    def _leave_board(self) -> None:
        tab, self._on_board = self._on_board, None
        left = self.hall.board.left(self.visitor, self.tab, tab, self.hall.clock()) if tab else None
        if left is not None:
            self.hall.soon(self.hall.store.write_background(arrive.dwell, [left]))

    def stop_typing(self) -> None:
        """The visitor does not type any longer, whatever the page said."""
        if self.typing is not None:
            self.hall.live.drop(f"live:{self.typing}", "visitor")
            self.typing = None

    # --- beside

    def _bad_frame(self, why: str, client_id: str | None) -> None:
        self.refuse(Refusal("bad_frame", why), client_id)
        self._bad += 1
        # Between a resync and the next hello a page may still be sending what it had begun.
        if not self._welcomed or self._bad >= BAD_FRAMES:
            self.socket.close(NOT_ALLOWED if self._welcomed else BAD_FIRST_FRAME)

    def _hear(self, event: Any) -> None:
        if isinstance(event, wire.Said):
            # What was stored in the same commit as our hello is in the welcome, and is announced after it as well.
            if event.seq <= self._leg_seq.get(event.conversation, 0):
                return
            self._leg_seq = {**self._leg_seq, event.conversation: event.seq}
            if event.author == "operator":
                self.hall.chat_out = self.hall.clock()
        self.tell(encode(self.hall.signed(event)))

    def _welcome(self, known: arrive.Greeted | None, tracking: Tracking) -> wire.Welcome:
        return wire.Welcome(
            site=self.hall.look_of(self.site_key, self.site),
            now=millis(self.hall.clock()),
            beat=self.hall.beat,
            token=known.token if known else None,
            talk=known.talk if known else None,
            messages=[self.hall.signed(said) for said in known.messages] if known else [],
            resync=known.resync if known else False,
            level=level_word(known.level) if known else "observed",
            tracking=tracking,
            ask=list(known.ask if known else arrive.FIELDS),
            invited=known.invited if known else None,
        )

    def _enter_board(self, seen: Look, came: arrive.Arrived) -> None:
        assert self.hello is not None
        now = self.hall.clock()
        origin = came.came_from
        presence = Presence(
            visitor=self.visitor,
            visit=came.visit.id,
            site=self.site_key,
            who=Who(came.who.customer, came.who.name, level_word(came.who.here)),
            arrived=came.visit.opened_at,
            visits=came.visit.number,
            pages=came.visit.pages,
            referrer=origin.referrer,
            language=self.hello.language,
            tabs={},
            tab=self.tab,
            device=seen.device or origin.device,
            zone=seen.zone or origin.zone,
            source=origin.source,
            campaign=origin.campaign,
            attention_before=came.attention_before,
            conversation=came.conversation,
            operator_name=came.operator_name,
            cart=came.cart,
            invitation="offered" if came.invited else "",
        )
        active = max(seen.active, came.page.active_ms / 1000)
        tab = Tab(
            n=came.page.n,
            url=web_url(seen.page.url),
            title=seen.page.title,
            since=now,
            active=active,
            heard=now,
        )
        self._on_board = tab
        self.hall.board.arrive(presence, self.tab, tab)

    def _offer_once(self, url: str) -> None:
        if not self._offered:
            self._offered = True
            self.hall.soon(self._offer(url))

    async def _offer(self, url: str) -> None:
        assert self.hello is not None
        visitor = Visitor(id=id_hex(self.place), site=self.site_key, visit=id_hex(self.visit), url=url)
        now = self._now()
        open_now = self.site.open_at(now)
        visit = FeatureVisit(visitor=visitor, language=self.hello.language, open_now=open_now, since=now)
        self._offers = await self.hall.features.offers(visit) or ()
        if self._offers:
            self.refresh()

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.hall.clock() / 1_000_000, dt.UTC)


def without_token(asked: Hello) -> Hello:
    """The same hello from a browser we do not know."""
    return msgspec.structs.replace(asked, token=None, conversation=None, have=0)


VERBS: dict[type, Any] = {Hello: VisitorSession.greet, **TALK, **TRACK}
