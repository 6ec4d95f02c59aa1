"""Who types in and who looks at which conversation: one row for each operator, whatever number of tabs they have.

A tab's word counts for the tab. The row that colleagues see says whether any of them looks or types, so closing one tab takes nothing
from another.
"""

from collections.abc import Hashable

from hub.web.live import LiveTopics
from hub.wire.console import TypingRow

Look = tuple[bool, bool]
"""(types, looks)"""
NOWHERE: Look = (False, False)


class Eyes:
    """All tabs' words, by topic (`live:ID`) and operator. For the event loop's thread only."""

    def __init__(self, live: LiveTopics) -> None:
        self._live = live
        self._looks: dict[tuple[str, str], dict[Hashable, Look]] = {}

    def of(self, topic: str, operator: str, tab: Hashable) -> Look:
        """What this tab said last."""
        return self._looks.get((topic, operator), {}).get(tab, NOWHERE)

    def types(self, topic: str, operator: str) -> bool:
        """Whether the operator types there in any tab."""
        return any(types for types, _ in self._looks.get((topic, operator), {}).values())

    def say(self, topic: str, operator: str, name: str, tab: Hashable, look: Look) -> None:
        """A tab types or looks there now, or no longer."""
        tabs = self._looks.setdefault((topic, operator), {})
        tabs[tab] = look
        if look == NOWHERE:
            del tabs[tab]
        if not tabs:
            del self._looks[topic, operator]
            self._live.drop(topic, operator)
            return
        types, looks = (any(column) for column in zip(*tabs.values(), strict=True))
        row = TypingRow(id=operator, who="operator", name=name, typing=types, viewing=looks)
        self._live.put(topic, operator, row)
