"""In-process wake-ups: "something new under this topic", said on the event loop after the rows are durable.

The bus carries no truth. Whoever misses an event finds it in the database by its number, so there is no queue, no
replay and no promise across processes; with Redis the same two methods will reach other hubs.
"""

import logging
from collections.abc import Callable

Listener = Callable[[object], None]
log = logging.getLogger("hub.bus")


class Bus:
    """Topics and their listeners. For the event loop's thread only."""

    __slots__ = ("_listeners",)

    def __init__(self) -> None:
        # Tuples, replaced on change: publishing iterates without copying, and a listener may unsubscribe while called.
        self._listeners: dict[str, tuple[Listener, ...]] = {}

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Call `listener(event)` for each event under exactly `topic`; returns the call that ends it (harmless twice)."""
        self._listeners[topic] = (*self._listeners.get(topic, ()), listener)
        ended = False

        def unsubscribe() -> None:
            nonlocal ended
            if not ended:
                ended = True
                self._remove(topic, listener)

        return unsubscribe

    def unsubscribe(self, topic: str, listener: Listener) -> None:
        """The same end, for whoever keeps its topic and would keep the call only for this. Harmless when it has ended."""
        if listener in self._listeners.get(topic, ()):
            self._remove(topic, listener)

    @property
    def listeners(self) -> int:
        """How many there are, over all topics."""
        return sum(map(len, self._listeners.values()))

    def publish(self, topic: str, event: object) -> None:
        """Call the topic's listeners in the order they subscribed. One that raises is logged and stops nobody else."""
        for listener in self._listeners.get(topic, ()):
            try:
                listener(event)
            except Exception:
                log.exception("a listener of topic %s failed on %r", topic, event)

    def _remove(self, topic: str, listener: Listener) -> None:
        listeners = list(self._listeners[topic])
        listeners.remove(listener)
        if listeners:
            self._listeners[topic] = tuple(listeners)
        else:
            del self._listeners[topic]
