"""Who types in and who looks at which conversation: one row for each operator, whatever number of tabs they have.

A tab's word counts for the tab. The row that colleagues see says whether any of them looks or types, so closing one tab takes nothing
from another. It stands in two live topics: in that of the conversation, for its pane, and in that of the queue the conversation is in,
for lists.
"""

from collections.abc import Hashable

from hub.web.live import LiveTopics
from hub.wire.console import EyeRow, TypingRow

Look = tuple[bool, bool]
"""(types, looks)"""
NOWHERE: Look = (False, False)


class Eyes:
    """All tabs' words, by topic (`live:ID`) and operator. For the event loop's thread only."""

    def __init__(self, live: LiveTopics) -> None:
        self._live = live
        self._looks: dict[tuple[str, str], dict[Hashable, Look]] = {}
        self._queues: dict[tuple[str, str], str] = {}

    def of(self, topic: str, operator: str, tab: Hashable) -> Look:
        """What this tab said last."""
        return self._looks.get((topic, operator), {}).get(tab, NOWHERE)

    def types(self, topic: str, operator: str) -> bool:
        """Whether the operator types there in any tab."""
        return any(types for types, _ in self._looks.get((topic, operator), {}).values())

    def say(self, topic: str, operator: str, name: str, tab: Hashable, look: Look, queue: str = "") -> None:
        """A tab types or looks there now, or no longer; `queue` is where the conversation is, where it is known."""
        place = (topic, operator)
        tabs = self._looks.setdefault(place, {})
        tabs[tab] = look
        if look == NOWHERE:
            del tabs[tab]
        conversation = topic.partition(":")[2]
        key = f"{conversation}.{operator}"
        before = self._queues.get(place, "")
        queue = queue or before
        if before and (before != queue or not tabs):
            self._live.drop(f"eyes:{before}", key)
        if not tabs:
            del self._looks[place]
            self._queues.pop(place, None)
            self._live.drop(topic, operator)
            return
        types, looks = (any(column) for column in zip(*tabs.values(), strict=True))
        row = TypingRow(id=operator, who="operator", name=name, typing=types, viewing=looks)
        self._live.put(topic, operator, row)
        if queue:
            self._queues[place] = queue
            eye = EyeRow(id=key, conversation=conversation, operator=operator, name=name, typing=types)
            self._live.put(f"eyes:{queue}", key, eye)

    def moved(self, topic: str, operator: str, name: str, tab: Hashable, queue: str) -> None:
        """The conversation is in another queue now."""
        if (look := self.of(topic, operator, tab)) != NOWHERE:
            self.say(topic, operator, name, tab, look, queue)
