"""What an operator's tab says, frame by frame: who came, what it follows, what is seen of it; commands are in `commands`.

The session cookie said who this is before the first frame. Commands are answered by `done` after the commit, or by `refused`.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from hub import access
from hub.access import Actor
from hub.actions import choose, guard, people
from hub.feed import Changed
from hub.identity import UnknownAnchor, resolve
from hub.store import Read, StoreError
from hub.web import items, limits
from hub.web.commands import COMMANDS
from hub.web.eyes import NOWHERE
from hub.web.hall import Hall
from hub.web.inorder import InOrder
from hub.web.operators import actor_of, all_queues, me_of
from hub.web.sockets import BAD_FIRST_FRAME, NOT_ALLOWED, SIGNED_OUT, Socket
from hub.web.wheel import Watched
from hub.wire import BadFrame, Refusal, decoder, encode, hex_id, id_hex, millis
from hub.wire import console as wire
from hub.wire.common import ClientId, Frame
from hub.wire.visitor import SomebodyTypes

log = logging.getLogger("hub.web")

_decode = decoder(wire.FromTab)


class _Named(msgspec.Struct, frozen=True):
    """Of a frame no more than what its tab calls it."""

    id: ClientId | None = None


_named = msgspec.json.Decoder(_Named).decode

BAD_FRAMES = 20
MOST_TOPICS = 500


class ConsoleSession:
    """One tab's side of a socket."""

    __slots__ = (
        "_actor",
        "_bad",
        "_bucket",
        "_greeted",
        "_hall",
        "_live",
        "_order",
        "_queue_of",
        "_served",
        "_topics",
        "_types_in",
        "heard",
        "nobody_since",
        "operator",
        "session",
        "signed_out",
        "socket",
        "spoke",
    )  # fmt: skip

    def __init__(self, hall: Hall, socket: Socket, *, operator: people.Operator, session: bytes) -> None:
        self.socket = socket
        self.heard = hall.monotonic()
        self.nobody_since: float | None = self.heard
        self.spoke: set[Watched] | None = None
        self.operator = operator
        self.session = session
        self._hall = hall
        self._actor = actor_of(operator)
        self._topics: set[str] = set()
        self._live: dict[str, Callable[[], None]] = {}
        self._types_in: dict[str, bytes] = {}
        self._served: frozenset[str] = frozenset()
        self._queue_of: dict[str, str] = {}
        self.signed_out = False
        self._greeted = False
        self._bad = 0
        self._order = InOrder()
        self._bucket: limits.Bucket | None = None
        hall.tab_came(self)
        hall.knocked(self)

    async def frame(self, data: str | bytes) -> None:
        """One frame from the tab."""
        self.heard = self._hall.monotonic()
        command = asked = None
        held = 0.0
        try:
            asked = _decode(data)
            command = getattr(asked, "id", None)
            held, self._bucket = self._hall.limits.draw(self._bucket, limits.FRAMES)
            if held:
                raise limits.too_many(held)
            what = f"console {asked.__struct_config__.tag}"
            if not self._greeted and not isinstance(asked, wire.Hello):
                raise BadFrame("frame: the first frame of a socket is `hello`")
            # Rows of teams are asked again in the transaction, where the conversation's queue is known.
            access.demand(self._actor, what, serves=True)
            message = asked if isinstance(asked, (wire.Reply, wire.PushPage)) else None
            if message is not None:
                self._order.demand_turn(message.conversation, message.id, self.heard)
            if command_of := COMMANDS.get(type(asked)):
                done = await command_of(self._hall, self._actor, asked)
                if done is not None:
                    self.socket.send_frame(encode(done))
            else:
                await _VERBS[type(asked)](self, asked)
            if message is not None:
                self._order.settled(message.conversation, message.id)
        except BadFrame as error:
            self._bad_frame(str(error), command or _id_in(data))
        except Refusal as error:
            self._refuse_asked(error, asked, command)
        except StoreError as error:
            self._refuse_asked(
                Refusal("unavailable", f"not stored: {error}", retry_after=2.0), asked, command
            )
        except Exception:
            # A bug of ours costs this frame and not the socket: the tab would send it again on the next one, for ever.
            log.exception("a frame of a tab broke something: %s", type(asked).__name__)
            self._refuse_asked(
                Refusal("unexpected", "something broke here; it is in the hub's log"), asked, command
            )

        if held:
            await asyncio.sleep(held)  # read no faster than may be said

    def _refuse_asked(self, error: Refusal, asked: Frame | None, command: str | None) -> None:
        if isinstance(asked, (wire.Reply, wire.PushPage)):
            self._order.refused(asked.conversation, asked.id, self.heard, error)
        if isinstance(asked, wire.Subscribe):
            error.fields = {**error.fields, "topic": asked.topic}
        self._refuse(error, command)

    def refuse_binary(self) -> None:
        """A binary frame arrived; nothing of ours is binary."""
        self._bad_frame("frame: expected a text frame, got a binary one", None)

    def ended(self) -> None:
        """The socket is gone."""
        self._hall.turned(self)
        for topic in list(self._topics):
            self._hall.topics.leave(topic, self.socket)
        for topic in list(self._live):
            self._leave_room(topic)
        self._hall.tab_went(self, came=self._greeted)

    def rights(self, now: people.Rights) -> None:
        """Who the operator is and what they see has changed: what they may follow no longer ends before anything else is said."""
        self.operator, self._actor = now.operator, actor_of(now.operator)
        self._served = frozenset(id_hex(queue) for queue, _ in now.queues)
        for topic in [*self._topics, *self._live]:
            self._expel_unless_allowed(topic)
        if self._greeted:
            self.socket.send_frame(
                encode(wire.You(me=me_of(now.operator, now.queues, now.presence, now.choices)))
            )

    @property
    def _key(self) -> str:
        return id_hex(self.operator.id)

    # --- verbs

    async def _hello(self, asked: wire.Hello) -> None:
        try:
            state = await self._hall.came(self.operator.id, self.session, asked.idle)
        except Refusal as error:
            self._refuse(error, None)
            self.socket.close(SIGNED_OUT)
            return
        # A change of rights between the handshake and now was told to nobody.
        self.operator = await self._hall.store.read(people.one, self.operator.id)
        self._actor = actor_of(self.operator)
        queues = await self._hall.store.read(people.seen_by, self.operator)
        team = await self._hall.store.read(items.team)
        self._greeted, self.nobody_since = True, None
        self._served = frozenset(id_hex(queue) for queue, _ in queues)
        me = me_of(self.operator, queues, state, await self._hall.store.read(choose.chosen, self.operator.id))
        welcome = wire.Welcome(
            me=me,
            epoch=self._hall.live.epoch,
            now=millis(self._hall.clock()),
            beat=self._hall.beat,
            sites=list(self._hall.origins.keys()),
            site_names={key: site.name for key, site in self._hall.config.sites.items()},
            site_targets={key: site.target_seconds for key, site in self._hall.config.sites.items()},
            queues=await self._hall.store.read(all_queues),
            operators=team,
        )
        self.socket.send_frame(encode(welcome))

    async def _beat(self, asked: wire.Beat) -> None:
        if asked.idle is not None:
            await self._hall.touched(self.operator.id, asked.idle)
        self.socket.send_frame(encode(wire.Pong(now=millis(self._hall.clock()))))

    async def _subscribe(self, asked: wire.Subscribe) -> None:
        name, _, key = asked.topic.partition(":")
        if len(self._topics) + len(self._live) >= MOST_TOPICS:
            raise Refusal(
                "rate_limited", f"at most {MOST_TOPICS} topics at once; leave some first", retry_after=1.0
            )
        if bool(key) not in items.NAMES.get(name, ()):
            raise Refusal("not_found", f"no topic {asked.topic!r}")
        may = partial(self._may_follow, name=name, key=key)
        if name in items.LIVE:
            self._enter_room(asked.topic)
            try:
                await self._hall.store.read(may)
            except BaseException:
                self._leave_room(asked.topic)
                raise
            if asked.topic in self._live:
                self._hall.live.follow(asked.topic, self.socket, asked.n, asked.epoch)
                self._expel_unless_allowed(asked.topic)
            return
        await self._hall.topics.follow(asked.topic, self.socket, asked.n, may, self._allowed)
        self._topics.add(asked.topic)
        self._expel_unless_allowed(asked.topic)

    async def _unsubscribe(self, asked: wire.Unsubscribe) -> None:
        self._topics.discard(asked.topic)
        self._queue_of.pop(asked.topic, None)
        self._hall.topics.leave(asked.topic, self.socket)
        self._leave_room(asked.topic)

    async def _typing(self, asked: wire.Typing) -> None:
        await self._mark(asked.conversation, "console typing", typing=asked.on)

    async def _viewing(self, asked: wire.Viewing) -> None:
        await self._mark(asked.conversation, "console viewing", viewing=asked.on)

    # --- beside

    async def _mark(
        self, conversation: str, what: str, *, typing: bool | None = None, viewing: bool | None = None
    ) -> None:
        where, visitor = await self._hall.store.read(
            guard.whereabouts, self._actor, what, hex_id(conversation)
        )
        queue = id_hex(where)
        if self._actor.kind != "admin" and queue not in self._served:
            raise Refusal("forbidden", f"{what}: your rights have just changed")
        topic = f"live:{conversation}"
        types, views = self._hall.eyes.of(topic, self._key, self)
        look = (types if typing is None else typing, views if viewing is None else viewing)
        if look != NOWHERE:
            self._enter_room(topic)
            self._queue_of[topic] = queue
        typed = self._hall.eyes.types(topic, self._key)
        self._hall.eyes.say(topic, self._key, self.operator.name, self, look, queue)
        types = self._hall.eyes.types(topic, self._key)
        if visitor is not None and (types != typed or typing):
            self._tell_types(topic, visitor, on=types)

    def _tell_types(self, topic: str, visitor: bytes, *, on: bool) -> None:
        if on:
            self._types_in[topic] = visitor
        else:
            self._types_in.pop(topic, None)
        said = SomebodyTypes(conversation=topic.partition(":")[2], on=on, name=self.operator.name)
        self._hall.bus.publish(f"visitor:{id_hex(visitor)}", said)

    def _enter_room(self, topic: str) -> None:
        """Be in a live topic; in that of a conversation only as long as this team serves it."""
        if topic in self._live:
            return
        name, _, conversation = topic.partition(":")
        self._live[topic] = (
            self._hall.bus.subscribe(f"conversation:{conversation}", partial(self._moved, topic))
            if name == "live"
            else _nothing
        )

    def _moved(self, topic: str, event: object) -> None:
        if not isinstance(event, Changed):
            return
        before = self._queue_of.get(topic)
        if not self._allowed(event.item):
            self._hall.live.expel(topic, self.socket)
            self._leave_room(topic)
        elif before is not None and (queue := self._queue_of[topic]) != before:
            self._hall.eyes.moved(topic, self._key, self.operator.name, self, queue)

    def _leave_room(self, topic: str) -> None:
        """Neither look nor type there any longer, and let the visitor know that nobody types."""
        if topic not in self._live:
            return
        self._live.pop(topic)()
        self._queue_of.pop(topic, None)
        self._hall.live.leave(topic, self.socket)
        self._hall.eyes.say(topic, self._key, self.operator.name, self, NOWHERE)
        visitor = self._types_in.pop(topic, None)
        if visitor and not self._hall.eyes.types(topic, self._key):
            self._tell_types(topic, visitor, on=False)

    def _allowed(self, item: object) -> bool:
        """A conversation that moved to a queue of another team is not followed any longer."""
        if not isinstance(item, wire.ConversationRow):
            return True
        for topic in (f"conversation:{item.id}", f"live:{item.id}"):
            if topic in self._queue_of:
                self._queue_of[topic] = item.queue
        return self._actor.kind == "admin" or item.queue in self._served

    def _expel_unless_allowed(self, topic: str) -> None:
        """End a topic that this operator may not follow as things are now."""
        name, _, key = topic.partition(":")
        if self._actor.kind == "admin":
            return
        if name == "operators":
            allowed = False
        elif name in ("queue", "eyes"):
            allowed = key in self._served
        else:
            queue = self._queue_of.get(topic)
            allowed = queue is None or queue in self._served
        if allowed:
            return
        if topic in self._live:
            self._hall.live.expel(topic, self.socket)
            self._leave_room(topic)
        else:
            self._topics.discard(topic)
            self._queue_of.pop(topic, None)
            self._hall.topics.expel(topic, self.socket)

    def _may_follow(self, read: Read, *, name: str, key: str) -> None:
        actor = self._actor
        if name in ("queue", "eyes"):
            guard.may_follow(read, actor, name, hex_id(key))
        elif name in ("conversation", "live"):
            queue = guard.may_see(read, actor, f"topic {name}", hex_id(key))
            self._queue_of[f"{name}:{key}"] = id_hex(queue)
        else:
            _may_follow(read, actor, name, key)

    def _bad_frame(self, why: str, command: str | None) -> None:
        self._refuse(Refusal("bad_frame", why), command)
        self._bad += 1
        if not self._greeted or self._bad >= BAD_FRAMES:
            self.socket.close(NOT_ALLOWED if self._greeted else BAD_FIRST_FRAME)

    def _refuse(self, error: Refusal, command: str | None) -> None:
        self.socket.send_frame(encode(error.frame(command)))


def _id_in(data: str | bytes) -> str | None:
    """The command's id in a frame that is otherwise wrong, so that its tab learns which one will never be carried out."""
    try:
        return _named(data).id
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None


def _nothing() -> None:
    """The end of what was never begun."""


def _may_follow(read: Read, actor: Actor, name: str, key: str) -> None:
    access.demand(actor, f"topic {name}")
    if name in ("canned", "watching", "mentions") and key not in ("", id_hex(actor.id)):
        raise Refusal("forbidden", f"topic {name}: those of another operator are theirs alone")
    if name == "customer":
        try:
            resolve(read, hex_id(key))
        except UnknownAnchor:
            raise Refusal("not_found", f"no customer {key}") from None


_VERBS: dict[type, Any] = {
    wire.Hello: ConsoleSession._hello,
    wire.Beat: ConsoleSession._beat,
    wire.Subscribe: ConsoleSession._subscribe,
    wire.Unsubscribe: ConsoleSession._unsubscribe,
    wire.Typing: ConsoleSession._typing,
    wire.Viewing: ConsoleSession._viewing,
}
