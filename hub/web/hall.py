"""The hall: who is here now, and the little state that sessions share.

One object holds what a session needs (store, configuration, board, topics, runners, limits), and which sockets belong to whom, so
that an event reaches a visitor's pages or ends a signed-out operator's sockets. In memory, for the event loop's thread only.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any, Protocol

from hub import identity
from hub.actions import arrive, invite, left, people, presence, settings
from hub.actions.announce import Known, Talks
from hub.actions.invite import Met
from hub.actions.returning import Returning
from hub.bus import Bus
from hub.config import Config, SiteSection
from hub.contract import Frame
from hub.store import Read, Store
from hub.visits.conditions import Condition, lingers
from hub.visits.live import Board, Who
from hub.web.again import Again
from hub.web.eyes import Eyes
from hub.web.files import Files
from hub.web.limits import Addresses, Limits
from hub.web.lines import Lines
from hub.web.live import LiveTopics
from hub.web.offers import Offers
from hub.web.origins import Origins
from hub.web.pairs import Pairs
from hub.web.plugged import Plugged
from hub.web.room import Room
from hub.web.sites import Sites
from hub.web.sockets import RESTARTING, SIGNED_OUT, Socket
from hub.web.topics import Topics
from hub.web.touches import Touches
from hub.web.wheel import BEAT, Watched, Wheel
from hub.wire import encode, level_word
from hub.wire.visitor import FeatureFrame, FeatureOffer, Features, SiteLook

log = logging.getLogger("hub.web")


class Page(Protocol):
    """A visitor's session, as the hall needs it."""

    socket: Socket
    site_key: str
    visit: bytes

    def tell(self, data: bytes) -> None: ...

    def begin_anew(self) -> None: ...

    async def withdraw(self) -> None: ...

    def untrack(self) -> None: ...

    def refresh(self) -> None: ...


class Tab(Protocol):
    """An operator's session, as the hall needs it."""

    socket: Socket
    operator: people.Operator
    session: bytes
    signed_out: bool

    def rights(self, now: people.Rights) -> None: ...


class Hall:
    """Made once by the composition root; `open` and `close` are its life."""

    def __init__(
        self,
        *,
        config: Config,
        sites: Sites,
        store: Store,
        bus: Bus,
        features: Plugged,
        limits: Limits,
        clock: Callable[[], int],
        monotonic: Callable[[], float],
        beat: float = BEAT,
    ) -> None:
        self.config, self.store, self.bus, self.features, self.limits = config, store, bus, features, limits
        self.sites = sites
        self.clock, self.monotonic, self.beat = clock, monotonic, beat
        self.wheel = Wheel(monotonic, beat)
        self.room = Room(monotonic)
        self._leaving = False
        self.board = Board({key: _lingering(site) for key, site in config.sites.items()})
        # A text connection may allow less than a frame could hold; no plugin code runs per message, so the core keeps to it.
        self.longest_text = min(
            (getattr(c.settings, "max_length", 8_000) for c in config.connections if c.kind == "text"),
            default=8_000,
        )
        self.chat_in: int | None = None
        self.chat_out: int | None = None
        """When pages said something last, and were told something by an operator: no plugin sees these messages pass."""
        self.topics = Topics(store, bus, self.signed)
        self.live = LiveTopics(self.board)
        self.pairs = Pairs(store, self.live, clock)
        self.eyes, self.touches = Eyes(self.live), Touches(monotonic)
        self.addresses = Addresses(config.hub.trusted_proxies)
        self.origins = Origins(config.hub.public_url, config.sites, sites.turned_away)
        self._pages: dict[bytes, tuple[Page, ...]] = {}
        self.lines = Lines(
            store,
            self._pages.__contains__,
            lambda visitor, frame: bus.publish(f"visitor:{visitor.hex()}", frame),
        )
        self.files = Files(store, config.data, clock)
        self.mails: frozenset[str] = frozenset()
        """The sites whose answers can leave as mail."""
        self.returning = Returning(self.files.secret, clock)
        self.offers = Offers(store, config.sites, features.weighs, config.hub.call_weight, clock)
        self._tabs: dict[bytes, set[Tab]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._moved: set[bytes] = set()
        self._watched: set[bytes] = set()
        self._know_again = Again(self._look_who_is_here)
        self._offer_again = Again(self.look_what_is_offered)

    async def open(self) -> None:
        """Listen to what actions announce."""
        self.bus.subscribe("signed-out", self._signed_out)
        self.bus.subscribe("rights", self._rights)
        self.bus.subscribe("board", self._board)
        self.bus.subscribe("team", lambda _: self._offer_again())
        self.bus.subscribe(settings.TOPIC, self.set_site)
        await self.look_what_is_offered()
        self.wheel.start()

    async def _watch_lines(self) -> None:
        for queue in set(await self.lines.queues()) - self._watched:
            self._watched.add(queue)
            self.bus.subscribe(f"queue:{queue.hex()}", self._line_moved(queue))

    def _line_moved(self, queue: bytes) -> Callable[[object], None]:
        def heard(_: object) -> None:
            # One look for all that happens within a moment: a task per message would cost more than the message.
            if self.lines.begin(queue):
                self.soon(self._moved_on(queue))

        return heard

    async def _moved_on(self, queue: bytes) -> None:
        await self.lines.moved(queue)
        self._offer_again()

    async def close(self) -> None:
        """Tell every socket to come back to our successor, and let the last writes go."""
        self._leaving = True
        self.wheel.stop()
        for session in self.wheel:
            session.socket.close(RESTARTING)
        await self._know_again.end()
        await self._offer_again.end()
        # What has just been asked for begins, so that last writes are on the writer's list.
        await asyncio.sleep(0)
        if self._tasks:
            for task in self._tasks:
                task.cancel()  # which does not undo a write
            await asyncio.wait(self._tasks)
        await self.write_dwell()
        self.files.close()

    def soon(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run it beside; a failure is logged, nobody waits."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("web: work beside a socket failed", exc_info=error)

    # --- the door

    def knocked(self, session: Watched) -> None:
        """A socket has opened; nobody knows yet whose it is."""
        self.wheel.add(session)
        if self._leaving:
            session.socket.close(RESTARTING)

    @property
    def sessions(self) -> Collection[Watched]:
        """Whoever has come through the door and not gone."""
        return list(self.wheel)

    def turned(self, session: Watched) -> None:
        """It is gone."""
        self.wheel.remove(session)

    # --- pages

    def page_came(self, visitor: bytes, page: Page) -> None:
        """A page of this visitor is listening."""
        self._pages[visitor] = (*self._pages.get(visitor, ()), page)

    def page_went(self, visitor: bytes, page: Page, *, talks: bool) -> None:
        """Its socket is gone, or it is another visitor's now. `talks`: it may not have received all that was said to it."""
        others = tuple(one for one in self._pages.get(visitor, ()) if one is not page)
        if others:
            self._pages[visitor] = others
        elif self._pages.pop(visitor, None) and talks and not self._leaving:
            # After whatever is being written now: an answer that still found the page open is in its rows by then.
            self.soon(self.store.write_surely(left.behind, visitor, self.is_here))

    def pages_of(self, visitor: bytes) -> list[Page]:
        """The open pages of a visitor; none for the visitor that nobody is."""
        return list(self._pages.get(visitor, ())) if visitor else []

    def is_here(self, visitor: bytes) -> bool:
        """Whether this visitor has a page open. Of any thread."""
        return visitor in self._pages

    def to_visitor(self, visitor: str, frame: Frame) -> None:
        """Hand a feature's frame to a visitor's open pages; nothing happens when there are none."""
        data = encode(FeatureFrame(name=frame.name, data=frame.data))
        for page in self.pages_of(bytes.fromhex(visitor)):
            page.tell(data)

    def look_of(self, key: str, site: SiteSection) -> SiteLook:
        """How the widget of a site looks and what it promises now."""
        now = dt.datetime.fromtimestamp(self.clock() / 1_000_000, dt.UTC)
        opens = site.next_opening(now)
        return SiteLook(
            name=site.name,
            accent=site.accent,
            language=site.languages[0],
            greeting=site.greeting,
            attended=self.offers.attended(key),
            full=self.offers.full(key),
            open=site.open_at(now),
            opens=round(opens.timestamp() * 1000) if opens else None,
            answers=list(dict.fromkeys(site.answers)),
            rating=site.rating,
            mails=key in self.mails,
        )

    def set_site(self, changed: object) -> None:
        """Work by what the console keeps of a site from now on; its open pages are told."""
        if isinstance(changed, settings.SiteChanged) and self.sites.keep(changed.site, changed.kept):
            self.board.lingers(changed.site, _lingering(self.config.sites[changed.site]))
            self.sites.hours_moved()
            self._refresh_pages({changed.site})
            self._offer_again()

    async def look_at_the_clock(self) -> None:
        """Pages of sites that have opened or closed are told, and what is promised to a line grows old."""
        self._refresh_pages(self.sites.hours_moved())
        self._offer_again()

    def _refresh_pages(self, sites: set[str]) -> None:
        for page in self._all_pages():
            if page.site_key in sites:
                page.refresh()

    async def look_what_is_offered(self) -> None:
        """Somebody came or went, or took or ended something: pages of sites where that changes the promise are told."""
        await self._watch_lines()  # a queue may have come with whoever came
        self._refresh_pages(await self.offers.look())
        for row in self.offers.rows:
            self.live.put("offers", row.id, row)

    def features_frame(self, key: str, offers: Sequence[FeatureOffer]) -> bytes:
        """What a page may use now; a call only while one can be taken."""
        calls = frozenset() if self.offers.now[key].voice else self.features.calls
        features = [offer for offer in offers if offer.name not in calls]
        return encode(Features(site=self.look_of(key, self.config.sites[key]), features=features))

    def signed(self, item: Any) -> Any:
        """The item as it may be shown: links of its attachments are signed for a while."""
        return self.files.signed(item)

    def transcript_link(self, conversation: str, language: str, zone: str) -> str:
        """Where a conversation can be downloaded for the next minutes."""
        return self.files.transcripts.link(conversation, language, zone)

    # --- tabs

    def tab_came(self, tab: Tab) -> None:
        """A tab of this operator is listening."""
        self._tabs.setdefault(tab.operator.id, set()).add(tab)

    def tab_went(self, tab: Tab, *, came: bool) -> None:
        """Its socket is gone. Whoever has no other goes: at once when they signed out, else after a grace."""
        operator = tab.operator.id
        tabs = self._tabs.get(operator, set())
        tabs.discard(tab)
        if tabs:
            return
        self._tabs.pop(operator, None)
        if tab.signed_out:
            self.touches.forget(operator)
            self.soon(self.store.write(presence.go, operator))
        elif came:
            self.touches.left(operator)

    async def came(self, operator: bytes, session: bytes, idle: float) -> str:
        """A tab says hello; the state its operator is in. Refusals: not_signed_in."""
        self.touches.touched(operator, idle)
        state = await self.store.write(presence.come, operator, session, idle)
        self.touches.came(operator, state)
        return state

    async def touched(self, operator: bytes, idle: float) -> None:
        """A tab of theirs was touched so many seconds ago."""
        if self.touches.touched(operator, idle):
            await self.store.write(presence.back, operator)

    async def _look_who_rests(self) -> None:
        for operator in self.touches.gone():
            if operator not in self._tabs:
                await self.store.write(presence.go, operator)
        here = [(who, min(tab.operator.idle_minutes for tab in tabs)) for who, tabs in self._tabs.items()]
        for operator in self.touches.rested(here):
            await self.store.write(presence.idle, operator)

    async def renew_leases(self) -> None:
        """Whoever has a living tab is there, and its session is in use."""
        if self._tabs:
            sessions = {tab.session for tab in self._all_tabs()}
            await self.store.write_background(presence.renew, list(self._tabs), list(sessions))

    def _signed_out(self, event: object) -> None:
        """A session hash, or an operator whose sessions all ended: their sockets close now."""
        for tab in self._all_tabs():
            if event in (tab.session, tab.operator.id):
                tab.signed_out = True
                tab.socket.close(SIGNED_OUT)

    def _rights(self, event: object) -> None:
        assert isinstance(event, people.Rights)
        for tab in list(self._tabs.get(event.operator.id, ())):
            tab.rights(event)

    # --- the board

    def _board(self, event: object) -> None:
        if isinstance(event, Talks):
            self.board.talks(event.visitor, event.conversation, event.operator_name)
        elif isinstance(event, Met):
            self.board.invited(event.visitor, event.fate)
        elif isinstance(event, Known):
            self._moved |= event.customers
            self._know_again()

    async def _look_who_is_here(self) -> None:
        """Records were merged or split: look again who their visitors are."""
        changed, self._moved = self._moved, set()
        here = {p.visitor: p.visit for p in self.board.present() if p.who.customer in changed}
        if here:
            for visitor, who in (await self.store.read(_headers, here)).items():
                self.board.known_as(visitor, Who(who.customer, who.name, level_word(who.here)))

    async def expire_invitations(self) -> None:
        """End offers that nobody answered."""
        await self.store.write_background(invite.expire)

    async def write_dwell(self) -> None:
        """Write how long the open pages have been looked at."""
        batch = self.board.unwritten(self.clock())
        if batch:
            await self.store.write_background(arrive.dwell, batch)

    async def sweep(self) -> None:
        """Every few seconds: who left or rests."""
        self.board.sweep(self.clock())
        await self._look_who_rests()

    def _all_pages(self) -> list[Page]:
        return [page for pages in self._pages.values() for page in pages]

    def _all_tabs(self) -> list[Tab]:
        return [tab for tabs in self._tabs.values() for tab in tabs]


def _lingering(site: SiteSection) -> list[Condition]:
    return [lingers(rule.seconds, rule.pages) for rule in site.lingering]


def _headers(read: Read, visits: dict[bytes, bytes]) -> dict[bytes, identity.Header]:
    return {visitor: identity.header(read, visit) for visitor, visit in visits.items()}
