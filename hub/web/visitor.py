"""What a shop page says, frame by frame.

A session is one page. It is nobody until its hello is accepted, and from then on speaks for one visitor only: the ids in its frames are
checked against that visitor inside the transaction. A command is answered by `sent` after the commit, or by `refused`; a
frame that makes no sense is refused by name and costs the page nothing else.
"""

import datetime as dt
from typing import Any

from hub import access
from hub.access import NOBODY, Actor
from hub.actions import arrive, talk
from hub.contract import Frame as PluginFrame
from hub.contract import Visit as FeatureVisit
from hub.contract import Visitor
from hub.conversations.thread import Stored
from hub.runners import FrameRefused
from hub.store import StoreError
from hub.visits.live import Presence, Tab, Who
from hub.web import limits, site_tokens
from hub.web.hall import BEAT, Hall
from hub.web.sockets import BAD_FIRST_FRAME, NOT_ALLOWED, UNKNOWN_SITE, Socket
from hub.wire import BadFrame, Refusal, decoder, encode, hex_id, id_hex, level_word, millis
from hub.wire import visitor as wire
from hub.wire.common import Page
from hub.wire.console import TypingRow
from hub.wire.visitor import FeatureOffer, Hello

_decode = decoder(wire.FromPage)

BAD_FRAMES = 20
"""Frames that make no sense before the socket is closed: a broken page must not fill the log of its owner."""


class VisitorSession:
    """One page's side of a socket."""

    __slots__ = (
        "_actor", "_address", "_bad", "_end_listening", "_hall", "_offers", "_origin", "_page", "_tab", "_typing", "_visit",
        "heard", "site_key", "socket",
    )  # fmt: skip

    def __init__(self, hall: Hall, socket: Socket, *, origin: str, address: str) -> None:
        self.socket = socket
        self.heard = hall.monotonic()
        self.site_key = ""
        self._hall = hall
        self._origin = origin
        self._address = address
        self._actor = NOBODY
        self._tab = ""
        self._visit = b""
        self._page: Page | None = None
        self._offers: list[FeatureOffer] = []
        self._typing: str | None = None
        self._bad = 0
        self._end_listening: Any = None

    async def frame(self, data: str | bytes) -> None:
        """One frame from the page."""
        self.heard = self._hall.monotonic()
        client_id = None
        try:
            asked = _decode(data)
            client_id = getattr(asked, "client_id", None)
            self._hall.limits.take("frames", f"{id(self)}", limits.FRAMES)
            if self._actor is NOBODY and not isinstance(asked, Hello):
                raise BadFrame("frame: the first frame of a socket is `hello`")
            access.demand(self._actor, f"visitor {asked.__struct_config__.tag}")
            await _VERBS[type(asked)](self, asked)
        except BadFrame as error:
            self._refuse(Refusal("bad_frame", str(error)), None)
            self._bad += 1
            if self._actor is NOBODY or self._bad >= BAD_FRAMES:
                self.socket.close(BAD_FIRST_FRAME if self._actor is NOBODY else NOT_ALLOWED)
        except Refusal as error:
            self._refuse(error, client_id)
        except StoreError as error:
            self._refuse(Refusal("unavailable", f"not stored: {error}", retry_after=2.0), client_id)

    def ended(self) -> None:
        """The socket is gone."""
        self._leave()

    def tell(self, data: bytes) -> None:
        """A frame for this page."""
        self.socket.send_frame(data)

    def refresh(self) -> None:
        """The site's promise changed."""
        self.tell(self._hall.features_frame(self.site_key, self._offers))

    # --- verbs

    async def _hello(self, asked: Hello) -> None:
        self._hall.limits.take("hellos", self._address, limits.SOCKETS)
        try:
            site = self._hall.origins.demand_site(asked.site, self._origin)
        except Refusal as error:
            self._refuse(error, None)
            self.socket.close(UNKNOWN_SITE if error.code == "unknown_site" else NOT_ALLOWED)
            return
        came = await self._hall.store.write(arrive.arrive, asked.site, asked)
        # From here to the subscription nothing is awaited: no event can fall between the snapshot and the listening.
        self._leave()
        self.site_key, self._tab, self._visit, self._page = asked.site, asked.tab, came.visit.id, asked.page
        self._actor = Actor(kind="visitor", id=came.visitor)
        self._hall.page_came(came.visitor, self)
        self._end_listening = self._hall.bus.subscribe(f"visitor:{id_hex(came.visitor)}", self._hear)
        self._enter_board(asked, came)
        self.tell(encode(self._welcome(came)))
        self._hall.soon(self._offer(asked, came.visit.opened_at, site.open_at(self._now())))

    async def _look(self, asked: wire.Look) -> None:
        view = await self._hall.store.write(arrive.look, self._visit, self._tab, asked.page)
        self._page = asked.page
        left = self._hall.board.look(
            self._actor.id, self._tab, asked.page, view.n, view.n, self._hall.clock()
        )
        if left is not None:
            await self._hall.store.write_background(arrive.dwell, [left])

    async def _beat(self, asked: wire.Beat) -> None:
        now = self._hall.clock()
        self._hall.board.beat(self._actor.id, self._tab, asked.active, now)
        self.tell(encode(wire.Pong(now=millis(now))))

    async def _open(self, asked: wire.Open) -> None:
        self._hall.limits.take("messages", id_hex(self._actor.id), limits.MESSAGES)
        self._hall.limits.take("conversations", self._address, limits.CONVERSATIONS)
        try:
            stored = await self._hall.store.write(talk.open_chat, self.site_key, self._actor.id, asked)
        except ValueError as error:
            raise Refusal("bad_request", str(error)) from None
        self._sent(asked.client_id, stored)

    async def _say(self, asked: wire.Say) -> None:
        self._hall.limits.take("messages", id_hex(self._actor.id), limits.MESSAGES)
        stored = await self._hall.store.write(
            talk.say, self._actor.id, hex_id(asked.conversation), asked.client_id, asked.text
        )
        self._sent(asked.client_id, stored)

    async def _type(self, asked: wire.Typing) -> None:
        await self._hall.store.read(talk.own, self._actor.id, hex_id(asked.conversation))
        self._stop_typing()
        if asked.on:
            self._typing = asked.conversation
            row = TypingRow(id="visitor", who="visitor", name="", typing=True)
            self._hall.live.put(f"live:{asked.conversation}", "visitor", row)

    async def _cursor(self, asked: wire.Cursor) -> None:
        await self._hall.store.write(
            talk.move_cursor, self._actor.id, hex_id(asked.conversation), asked.delivered, asked.read
        )

    async def _end(self, asked: wire.End) -> None:
        ended = await self._hall.store.write(talk.end, self._actor.id, hex_id(asked.conversation))
        sent = wire.Sent(
            client_id=asked.client_id, conversation=asked.conversation, seq=0, at=millis(ended.opened_at)
        )
        self.tell(encode(sent))

    async def _identify(self, asked: wire.Identify) -> None:
        site = self._hall.config.sites[self.site_key]
        said = site_tokens.verify(asked.token, site, self.site_key, self._hall.clock() / 1_000_000)
        try:
            done = await self._hall.store.write(
                arrive.identify, self.site_key, self._actor.id, self._visit, said
            )
        except ValueError as error:
            raise Refusal("bad_token", f"identity token: {error}") from None
        self.tell(encode(wire.Identified(client_id=asked.client_id, level="verified", token=done.token)))
        if done.moved:
            # Somebody else sits there now. The page says hello again with the new token and begins with nothing.
            self._leave()
            self._actor = NOBODY
            self.tell(encode(wire.Resync()))

    async def _reset(self, asked: wire.Reset) -> None:
        self._leave()
        self._actor = NOBODY
        self.tell(encode(wire.Resync()))

    async def _feature(self, asked: wire.Feature) -> None:
        try:
            data = asked.data if isinstance(asked.data, dict) else {"value": asked.data}
            visitor = Visitor(
                id=id_hex(self._actor.id),
                site=self.site_key,
                visit=id_hex(self._visit),
                url=self._page.url if self._page else "",
            )
            self._hall.features.on_frame(PluginFrame(name=asked.name, data=data), visitor)
        except FrameRefused as error:
            raise Refusal(error.code, error.why) from None

    # --- beside

    def _hear(self, event: object) -> None:
        self.tell(encode(event))

    def _sent(self, client_id: str, stored: Stored) -> None:
        self._stop_typing()
        sent = wire.Sent(
            client_id=client_id,
            conversation=id_hex(stored.conversation),
            seq=stored.leg_seq or 0,
            at=millis(stored.at),
        )
        self.tell(encode(sent))

    def _refuse(self, error: Refusal, client_id: str | None) -> None:
        self.tell(encode(error.frame(client_id)))

    def _welcome(self, came: arrive.Arrived) -> wire.Welcome:
        return wire.Welcome(
            visit=id_hex(came.visit.id),
            site=self._hall.look_of(self.site_key, self._hall.config.sites[self.site_key]),
            now=millis(self._hall.clock()),
            beat=BEAT,
            token=came.token,
            talk=came.talk,
            messages=came.messages,
            resync=came.resync,
            level=level_word(came.level),
        )

    def _enter_board(self, asked: Hello, came: arrive.Arrived) -> None:
        now = self._hall.clock()
        presence = Presence(
            visitor=came.visitor,
            visit=came.visit.id,
            site=asked.site,
            who=Who(came.who.customer, came.who.name, level_word(came.who.level)),
            arrived=came.visit.opened_at,
            visits=came.visit.number,
            pages=came.visit.pages,
            referrer=asked.page.referrer,
            language=asked.language,
            tabs={},
            tab=asked.tab,
            conversation=came.conversation,
            operator_name=came.operator_name,
        )
        active = max(asked.active, came.page.active_ms / 1000)
        tab = Tab(
            n=came.page.n, url=asked.page.url, title=asked.page.title, since=now, active=active, heard=now
        )
        self._hall.board.arrive(presence, asked.tab, tab)

    async def _offer(self, asked: Hello, opened_at: int, open_now: bool) -> None:
        visitor = Visitor(
            id=id_hex(self._actor.id), site=self.site_key, visit=id_hex(self._visit), url=asked.page.url
        )
        since = dt.datetime.fromtimestamp(opened_at / 1_000_000, dt.UTC)
        visit = FeatureVisit(visitor=visitor, language=asked.language, open_now=open_now, since=since)
        self._offers = await self._hall.features.offers(visit)
        if self._offers:
            self.refresh()

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self._hall.clock() / 1_000_000, dt.UTC)

    def _stop_typing(self) -> None:
        if self._typing is not None:
            self._hall.live.drop(f"live:{self._typing}", "visitor")
            self._typing = None

    def _leave(self) -> None:
        """Stop being the visitor this page was."""
        if self._actor is NOBODY:
            return
        self._stop_typing()
        self._end_listening()
        self._hall.page_went(self._actor.id, self)
        left = self._hall.board.left(self._actor.id, self._tab, self._hall.clock())
        if left is not None:
            self._hall.soon(self._hall.store.write_background(arrive.dwell, [left]))


_VERBS: dict[type, Any] = {
    wire.Hello: VisitorSession._hello,
    wire.Look: VisitorSession._look,
    wire.Beat: VisitorSession._beat,
    wire.Open: VisitorSession._open,
    wire.Say: VisitorSession._say,
    wire.Typing: VisitorSession._type,
    wire.Cursor: VisitorSession._cursor,
    wire.End: VisitorSession._end,
    wire.Identify: VisitorSession._identify,
    wire.Reset: VisitorSession._reset,
    wire.Feature: VisitorSession._feature,
}
