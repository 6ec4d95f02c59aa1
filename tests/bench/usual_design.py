"""The usual design, to compare with: flat matching of each event's identifiers in the order of arrival, limits, and priorities.

As customer data platforms document it: no profile has an identifier of the event → a new one; one has → it is added; several have →
they are merged. When that would give a profile more values of a kind than its limit, the event's identifier of the lowest priority is
left out and the event is tried again. Nothing is ever taken apart.
"""

from collections.abc import Iterable
from typing import Final

LIMITS: Final = {"user_id": 1, "session": 100_000}
OTHERS: Final = 5
PRIORITY: Final = ("user_id", "ext", "email", "phone", "device", "session")
"""Strongest first."""

Key = tuple[str, str]


class Profiles:
    """Profiles so far. `place` takes one event's identifiers, in the order of arrival, and says whose it is."""

    def __init__(self) -> None:
        self._of: dict[Key, int] = {}
        self._holds: dict[int, set[Key]] = {}
        self._events: dict[int, list[str]] = {}
        self._next = 0

    def place(self, event: str, identifiers: Iterable[Key]) -> None:
        kept = sorted({one for one in identifiers if rank(one) < len(PRIORITY)}, key=rank)
        while True:
            found = {self._of[one] for one in kept if one in self._of}
            union = set(kept).union(*(self._holds[one] for one in found))
            if len(kept) <= 1 or not overflows(union):
                break
            kept.pop()
        into = min(found, default=self._next)
        self._next += 1
        for one in found - {into}:
            self._holds[into] |= self._holds.pop(one)
            self._events[into] += self._events.pop(one)
        self._holds.setdefault(into, set()).update(kept)
        self._events.setdefault(into, []).append(event)
        self._of.update(dict.fromkeys(self._holds[into], into))

    def profiles(self) -> dict[str, int]:
        """{event: profile}."""
        return {event: profile for profile, events in self._events.items() for event in events}


def rank(identifier: Key) -> int:
    kind = identifier[0].partition(":")[0]
    return PRIORITY.index(kind) if kind in PRIORITY else len(PRIORITY)


def overflows(identifiers: set[Key]) -> bool:
    counts: dict[str, int] = {}
    for kind, _ in identifiers:
        counts[kind] = counts.get(kind, 0) + 1
    return any(count > LIMITS.get(kind, OTHERS) for kind, count in counts.items())


def by_address(events: Iterable[tuple[str, Iterable[Key]]]) -> dict[str, str]:
    """Exact normalised e-mail addresses: {event: profile}; who has none is alone."""
    return {event: min((v for k, v in keys if k == "email"), default=event) for event, keys in events}
