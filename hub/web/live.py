"""Live topics: what is true only now, numbered by (epoch, n) of this process.

Visitors on the board, who types and who looks at a conversation, and the health of plugins. Nothing of it is stored. A follower
gets a snapshot and then every event; a tab that comes back with another epoch, or with a number we cannot continue from,
simply gets a new snapshot, which is small.
"""

from collections.abc import Iterable

import msgspec

from hub.visits.live import Board
from hub.web.sockets import Socket
from hub.wire import encode
from hub.wire.console import (
    Event,
    EyeRow,
    Gone,
    HealthRow,
    Item,
    OfferRow,
    Snapshot,
    SuggestionsRow,
    TypingRow,
    VisitorRow,
)


class Room(msgspec.Struct):
    """One live topic: its items by id, the number of changes, its followers."""

    items: dict[str, Item]
    followers: set[Socket]
    n: int = 0


class LiveTopics:
    """All live topics of this process."""

    def __init__(self, board: Board) -> None:
        self.epoch = board.epoch
        self._board = board
        self._rooms: dict[str, Room] = {}
        self._floor = 0
        self._visitors: set[Socket] = set()
        board.listen(self._visitor)

    def follow(self, topic: str, socket: Socket, n: int | None, epoch: str | None) -> None:
        """Send a snapshot (unless the tab is up to date), then every event until `leave`."""
        if topic == "visitors":
            self._visitors.add(socket)
            self._send(socket, topic, self._board.n, self._board.rows(), n, epoch)
            return
        room = self._room(topic)
        room.followers.add(socket)
        self._send(socket, topic, room.n, room.items.values(), n, epoch)

    def leave(self, topic: str, socket: Socket) -> None:
        """No more events of this topic for this socket."""
        if topic == "visitors":
            self._visitors.discard(socket)
        elif room := self._rooms.get(topic):
            room.followers.discard(socket)
            self._close_if_empty(topic, room)

    def expel(self, topic: str, socket: Socket) -> None:
        """`leave`, and tell the socket that this topic is none of its any longer."""
        if room := self._rooms.get(topic):
            gone = Event(topic=topic, n=room.n + 1, epoch=self.epoch, item=Gone(id=topic))
            self.leave(topic, socket)
            socket.send_frame(encode(gone))

    def put(
        self, topic: str, key: str, item: TypingRow | EyeRow | HealthRow | SuggestionsRow | OfferRow
    ) -> None:
        """An item is so now."""
        room = self._room(topic)
        if room.items.get(key) != item:
            room.items[key] = item
            self._tell(topic, room, item)

    def get(self, topic: str, key: str) -> Item | None:
        """An item as it is now."""
        room = self._rooms.get(topic)
        return room.items.get(key) if room else None

    def drop(self, topic: str, key: str) -> None:
        """An item is no more."""
        room = self._rooms.get(topic)
        if room is not None and room.items.pop(key, None) is not None:
            self._tell(topic, room, Gone(id=key))
            self._close_if_empty(topic, room)

    def _room(self, topic: str) -> Room:
        room = self._rooms.get(topic)
        if room is None:
            room = self._rooms[topic] = Room({}, set(), self._floor)
        return room

    def _close_if_empty(self, topic: str, room: Room) -> None:
        """Forget a room nobody is in. Its numbers are not used again: a tab may come back with one of them."""
        if not room.followers and not room.items:
            self._floor = max(self._floor, room.n + 1)
            del self._rooms[topic]

    def _visitor(self, n: int, visitor: bytes, row: VisitorRow | None) -> None:
        if self._visitors:
            item: Item = row if row is not None else Gone(id=visitor.hex())
            data = encode(Event(topic="visitors", n=n, epoch=self.epoch, item=item))
            for socket in list(self._visitors):
                socket.send_frame(data)

    def _tell(self, topic: str, room: Room, item: Item) -> None:
        room.n += 1
        data = encode(Event(topic=topic, n=room.n, epoch=self.epoch, item=item))
        for socket in list(room.followers):
            socket.send_frame(data)

    def _send(
        self, socket: Socket, topic: str, now: int, items: Iterable[Item], n: int | None, epoch: str | None
    ) -> None:
        if epoch != self.epoch or n != now:
            socket.send_frame(encode(Snapshot(topic=topic, n=now, epoch=self.epoch, items=list(items))))
