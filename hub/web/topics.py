"""Topics and who follows them: snapshot, then events, without a hole between the two.

A follower is registered first and its snapshot (or what it missed) is read after; what happens meanwhile waits with it and is sent
behind the snapshot, where its number is newer. An event is encoded once, for everybody. Items that are dear to compose are read when
somebody watches: the topic is marked, and one task at a time reads what is new and sends it.
"""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from hub import feed
from hub.bus import Bus
from hub.feed import Changed, Missed
from hub.store import Read, Store
from hub.web.items import compose, snapshot
from hub.web.sockets import SLOW, Socket
from hub.wire import encode
from hub.wire.console import Event, Gone, Item, Resync, Snapshot

log = logging.getLogger("hub.web")

FEW = 20
"""Events that are sent without a look at their size."""

May = Callable[[Read], None]
Allowed = Callable[[Item], bool]


class Follower:
    """One socket's subscription. While `waiting` is a list, events wait for the snapshot."""

    __slots__ = ("allowed", "n", "socket", "waiting")

    def __init__(self, socket: Socket, allowed: Allowed) -> None:
        self.socket = socket
        self.allowed = allowed
        self.n = 0
        self.waiting: list[tuple[int, bytes]] | None = []

    def send(self, n: int, data: bytes) -> None:
        """An event, now or behind the snapshot that is being read."""
        if self.waiting is not None:
            self.waiting.append((n, data))
        elif n > self.n:
            self.n = n
            self.socket.send_frame(data)

    def caught_up(self, n: int) -> None:
        """Everything up to n has been sent; the rest follows."""
        self.n = max(self.n, n)
        waiting, self.waiting = self.waiting or [], None
        for number, data in waiting:
            self.send(number, data)


class Followed(msgspec.Struct):
    """A topic that somebody follows. `dirty` is set while there is something to read for it."""

    followers: dict[Socket, Follower]
    end: Callable[[], None]
    n: int = 0
    dirty: bool = False
    reading: bool = False


class Topics:
    """Durable topics. For the event loop's thread only."""

    def __init__(self, store: Store, bus: Bus, shown: Callable[[Item], Item] = lambda item: item) -> None:
        """`shown` is the last touch on every item: it signs the links of attachments."""
        self._shown = shown
        self._store = store
        self._bus = bus
        self._topics: dict[str, Followed] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def follow(self, topic: str, socket: Socket, n: int | None, may: May, allowed: Allowed) -> None:
        """Send a snapshot, or with `n` what came after it, and then every event until `leave`.

        `may` raises in the snapshot that is sent, so that nothing can change hands between the question and the answer;
        `allowed` is asked of every later event.
        """
        followed = self._topics.get(topic)
        if followed is None:
            followed = self._topics[topic] = Followed({}, self._bus.subscribe(topic, self._listener(topic)))
        follower = followed.followers[socket] = Follower(socket, allowed)
        try:
            found = await self._store.read(_present, topic, n, may)
            if not isinstance(found, Snapshot):
                frames = [encode(self._event(event)) for event in found]
                if sum(map(len, frames)) <= SLOW:
                    for frame in frames:
                        socket.send_frame(frame)
                    follower.caught_up(found[-1].n if found else n or 0)
                    return
                # So much that a reader would be cut on the way; the newest page is less.
                found = await self._store.read(_snapshot, topic, may)
        except BaseException:
            self.leave(topic, socket)
            raise
        items = [self._shown(item) for item in found.items]
        socket.send_frame(encode(msgspec.structs.replace(found, items=items)))
        follower.caught_up(found.n)

    def leave(self, topic: str, socket: Socket) -> None:
        """No more events of this topic for this socket."""
        followed = self._topics.get(topic)
        if followed is None or followed.followers.pop(socket, None) is None or followed.followers:
            return
        followed.end()
        del self._topics[topic]

    def expel(self, topic: str, socket: Socket) -> None:
        """`leave`, and tell the socket that this topic is none of its any longer."""
        followed = self._topics.get(topic)
        follower = followed.followers.get(socket) if followed else None
        if follower is not None:
            self.leave(topic, socket)
            n = follower.n + 1
            socket.send_frame(encode(Event(topic=topic, n=n, after=follower.n, item=Gone(id=topic))))

    def _listener(self, topic: str) -> Callable[[object], None]:
        def heard(event: object) -> None:
            assert isinstance(event, Changed)
            followed = self._topics.get(topic)
            if followed is None:
                return
            if event.item is feed.UNSET:
                self._look(topic, followed, event.n)
                return
            item = Gone(id=event.key.hex()) if event.item is None else event.item
            self._tell(topic, followed, Event(topic=topic, n=event.n, item=item))  # type: ignore[arg-type]  # stages note wire items

        return heard

    def _tell(self, topic: str, followed: Followed, event: Event) -> None:
        data = encode(self._event(event))
        for socket, follower in list(followed.followers.items()):
            if follower.allowed(event.item):
                follower.send(event.n, data)
            else:
                self.leave(topic, socket)
                socket.send_frame(encode(Event(topic=topic, n=event.n, item=Gone(id=topic))))

    def _event(self, event: Event) -> Event:
        item = self._shown(event.item)
        return event if item is event.item else msgspec.structs.replace(event, item=item)

    def _look(self, topic: str, followed: Followed, n: int) -> None:
        if not followed.dirty and not followed.reading:
            followed.n = n - 1
        followed.dirty = True
        if not followed.reading:
            followed.reading = True
            task = asyncio.get_running_loop().create_task(self._read(topic, followed))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read(self, topic: str, followed: Followed) -> None:
        try:
            while followed.dirty and followed.followers:
                followed.dirty = False
                events = await self._store.read(_missed, topic, followed.n, feed.since)
                if events is None or _too_much(events):
                    self._begin_again(topic, followed)
                    return
                for event in events:
                    followed.n = event.n
                    self._tell(topic, followed, event)
        except Exception:
            log.exception("topic %s: could not be read; its followers begin again", topic)
            self._begin_again(topic, followed)
        finally:
            followed.reading = followed.dirty = False

    def _begin_again(self, topic: str, followed: Followed) -> None:
        """What happened cannot be told; whoever follows asks for a new snapshot."""
        for socket in list(followed.followers):
            socket.send_frame(encode(Resync(topic=topic)))


def _too_much(events: list[Event]) -> bool:
    """So much at once that readers would be cut on the way: beginning again is less."""
    return len(events) > FEW and sum(len(encode(event)) for event in events) > SLOW // 2


def _present(read: Read, topic: str, n: int | None, may: May) -> Snapshot | list[Event]:
    """What a new follower needs: the events after n, or where that is impossible the topic as it is."""
    may(read)
    events = _missed(read, topic, n, feed.resumed) if n is not None else None
    return snapshot(read, topic) if events is None else events


def _snapshot(read: Read, topic: str, may: May) -> Snapshot:
    may(read)
    return snapshot(read, topic)


def _missed(
    read: Read, topic: str, n: int, since: Callable[[Read, str, int], list[Missed] | None]
) -> list[Event] | None:
    """Events after n, each item once; None when a snapshot is needed."""
    found = since(read, topic, n)
    if found is None:
        return None
    events, before = [], n
    for missed in found:
        item = compose(read, topic, missed.kind, missed.key)
        # Items that changed more than once are sent once, so numbers are skipped: `after` says that this is no gap.
        events.append(Event(topic=topic, n=missed.n, item=item, after=before))
        before = missed.n
    return events


__all__ = ["Followed", "Follower", "Snapshot", "Topics"]
