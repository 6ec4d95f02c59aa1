"""Which value of an attribute survives: the maximum of a total order over what was said. Pure.

    pinned > says something > verification > source > confidence > latest > completeness > value > touch id

A maximum needs no history: the winner of a merged record is the greater of two winners, and a record taken apart is looked through
again. The first step in which the winner and the best other value differ *is* the explanation. Nothing is lost: who did not win is a
runner-up. Some attributes keep every value (`MANY`); consent has a rule of its own (`consent.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import msgspec

from hub.contract import Level
from hub.intake import normalise
from hub.intake.names import fold

STEPS: Final = ("pinned", "substance", "verification", "source", "confidence", "latest", "completeness")
MANY: Final = frozenset(("tag", "interest"))
"""Attributes of which a person has as many as were said."""
ANY: Final = "*"

Order = Mapping[str, Sequence[str]]
"""Sources, best first, by attribute; `*` for those that are not named. A source is the name of a connection, or what stands before
its colon: `operator`, `site`. Who is not listed comes behind who is."""
ORDER: Final[Order] = MappingProxyType({ANY: ("operator",)})
"""What somebody of the business entered by hand goes before what came in by itself."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One value somebody said: `connection` at `at` (UTC microseconds) in the touchpoint `touch`, at `level`."""

    value: str
    level: Level
    confidence: float
    connection: str
    touch: bytes
    at: int


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's word that this value of the attribute is the one, in force. `decision` takes it back."""

    decision: bytes
    at: int
    attribute: str
    value: str


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """The chosen value of an attribute. `rule` says what decided: only, agreed, pinned, substance, verification, source, confidence,
    latest, completeness, tie; or every, where all values count: the best one first, each as it was said best in `also`.

    `pin` is the decision that holds the value; it may hold one that would be chosen without it, too.
    """

    attribute: str
    chosen: Value
    rule: str
    runners_up: tuple[Value, ...] = ()
    also: tuple[Value, ...] = ()
    pin: bytes | None = None


def choose(
    attribute: str, said: Iterable[Value], pins: Iterable[Pin] = (), order: Order = ORDER
) -> Attribute:
    """The winner among at least one value, and by which step of the order."""
    pin = max((p for p in pins if p.attribute == attribute), key=lambda p: (p.at, p.decision), default=None)
    held = pin.value if pin else None

    def merit(value: Value) -> tuple[Any, ...]:
        return key(attribute, value, held, order)

    winner, *others = sorted(said, key=merit, reverse=True)
    decided = pin.decision if pin and winner.value == pin.value else None
    if attribute in MANY:
        also, rest = _each(others, {winner.value})
        return Attribute(
            attribute=attribute, chosen=winner, rule="every", also=also, runners_up=rest, pin=decided
        )
    rival = next((value for value in others if value.value != winner.value), None)
    rule = _step(merit(winner), merit(rival)) if rival else "agreed" if others else "only"
    return Attribute(attribute=attribute, chosen=winner, rule=rule, runners_up=tuple(others), pin=decided)


def key(attribute: str, value: Value, pinned: str | None = None, order: Order = ORDER) -> tuple[Any, ...]:
    """What the order compares; greater wins. No two claims have the same one."""
    return (
        value.value == pinned,
        substance(attribute, value.value),
        -value.level.rank,
        -rank(attribute, value.connection, order),
        value.confidence,
        value.at,
        len(value.value),
        value.value,
        value.touch,
        value.connection,
    )


def rank(attribute: str, connection: str, order: Order = ORDER) -> int:
    """The place of a source in the order for this attribute; 0 is the best."""
    places = order.get(attribute, order.get(ANY, ()))
    names = (connection, connection.partition(":")[0])
    return next((n for n, source in enumerate(places) if source in names), len(places))


def substance(attribute: str, value: str) -> bool:
    """Whether a value says anything: "n/a" is not newer knowledge than a name."""
    if attribute == "name":
        return bool(fold(value))
    text = value.strip()
    return not normalise.is_nothing(text) or (text != "" and set(text) == {"0"})


def _each(values: Iterable[Value], seen: set[str]) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Each value once, as it was said best; and its other occurrences."""
    also: list[Value] = []
    rest: list[Value] = []
    for value in values:
        (rest if value.value in seen else also).append(value)
        seen.add(value.value)
    return tuple(also), tuple(rest)


def _step(ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> str:
    return next((step for step, a, b in zip(STEPS, ours, theirs, strict=False) if a != b), "tie")
