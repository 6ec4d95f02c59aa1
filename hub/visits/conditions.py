"""Rules over a visit, as data: JSON conditions over typed facts.

    {"all": [{"fact": "path", "op": "matches", "value": "/checkout/*"},
             {"fact": "page_seconds", "op": ">=", "value": 45},
             {"not": {"fact": "talking", "op": "is", "value": true}}]}

`all`, `any` and `not` hold conditions; everything else is one comparison. There is no way to write code, a regular expression or a
name that is not a fact, so a rule from anywhere is safe to keep and to run: its cost is its length. `parse` reports every mistake with
its path. Lingering marks use this form now; triggers and segments will use the same.
"""

import fnmatch
import operator
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from hub.visits.facts import TYPES, Facts

MOST = 100
"""Comparisons in one condition."""
DEEPEST = 8

Holds = Callable[[Facts], bool]

_NUMBER: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_TEXT: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda fact, value: fact.casefold() == value.casefold(),
    "!=": lambda fact, value: fact.casefold() != value.casefold(),
    "contains": lambda fact, value: value.casefold() in fact.casefold(),
    "starts with": lambda fact, value: fact.casefold().startswith(value.casefold()),
    "ends with": lambda fact, value: fact.casefold().endswith(value.casefold()),
    "matches": lambda fact, value: fnmatch.fnmatchcase(fact.casefold(), value.casefold()),
}
_TRUTH: Mapping[str, Callable[[Any, Any], bool]] = {"is": operator.is_, "=": operator.is_}
_OPS: Mapping[type, tuple[str, Mapping[str, Callable[[Any, Any], bool]]]] = {
    float: ("a number", _NUMBER),
    str: ("a text of at most 500 characters", _TEXT),
    bool: ("true or false", _TRUTH),
}
_GROUPS = ("all", "any")


class BadCondition(ValueError):
    """A condition cannot be read. `problems` has one (path, sentence) for each mistake."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {what}" for path, what in problems))
        self.problems = problems


class Condition(msgspec.Struct, frozen=True):
    """A condition that has been read: `holds(facts)`. `source` is what was written, for showing and storing."""

    source: Any
    holds: Holds


def parse(source: Any, path: str = "when") -> Condition:
    """Read a condition. Raises BadCondition with every mistake and its path."""
    reader = _Reader()
    holds = reader.read(source, path, 0)
    if reader.count > MOST:
        reader.problems.append((path, f"expected at most {MOST} comparisons, got {reader.count}"))
    if reader.problems:
        raise BadCondition(reader.problems)
    return Condition(source, holds)


def lingers(seconds: float, pages: str = "*") -> Condition:
    """The common rule: so many seconds of attention on a page whose path matches, and no conversation yet."""
    return parse(
        {
            "all": [
                {"fact": "path", "op": "matches", "value": pages},
                {"fact": "page_seconds", "op": ">=", "value": seconds},
                {"fact": "talking", "op": "is", "value": False},
            ]
        }
    )


class _Reader:
    """Collects mistakes, so that all are told at once; what cannot be read counts as false."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []
        self.count = 0

    def read(self, source: Any, path: str, depth: int) -> Holds:
        if not isinstance(source, dict):
            return self._wrong(path, f"expected a condition (a table), got {type(source).__name__}")
        if depth > DEEPEST:
            return self._wrong(path, f"expected at most {DEEPEST} levels of all, any and not")
        if len(source) == 1 and (group := next(iter(source))) in (*_GROUPS, "not"):
            return self._group(group, source[group], f"{path}.{group}", depth)
        return self._comparison(source, path)

    def _group(self, group: str, inner: Any, path: str, depth: int) -> Holds:
        if group == "not":
            negated = self.read(inner, path, depth + 1)
            return lambda facts: not negated(facts)
        if not isinstance(inner, list) or not inner:
            return self._wrong(path, "expected a list of at least one condition")
        parts = [self.read(part, f"{path}[{n}]", depth + 1) for n, part in enumerate(inner)]
        if group == "all":
            return lambda facts: all(part(facts) for part in parts)
        return lambda facts: any(part(facts) for part in parts)

    def _comparison(self, source: dict[Any, Any], path: str) -> Holds:
        self.count += 1
        if set(source) != {"fact", "op", "value"}:
            got = ", ".join(sorted(map(str, source))) or "nothing"
            return self._wrong(path, f"expected fact, op and value (or one of all, any, not), got {got}")
        fact, op, value = source["fact"], source["op"], source["value"]
        kind = TYPES.get(fact) if isinstance(fact, str) else None
        if kind is None:
            return self._wrong(f"{path}.fact", f"expected one of {', '.join(TYPES)}, got {fact!r}")
        words, ops = _OPS[kind]
        compare = ops.get(op) if isinstance(op, str) else None
        if compare is None:
            return self._wrong(f"{path}.op", f"expected one of {', '.join(ops)} for {fact}, got {op!r}")
        if not _fits(value, kind):
            return self._wrong(f"{path}.value", f"expected {words} for {fact}, got {value!r}")
        return lambda facts: compare(getattr(facts, fact), value)

    def _wrong(self, path: str, what: str) -> Holds:
        self.problems.append((path, what))
        return lambda facts: False


def _fits(value: Any, kind: type) -> bool:
    if kind is float:
        # NaN compares false with everything, which would make a rule that silently never holds.
        return isinstance(value, int | float) and not isinstance(value, bool) and value == value  # noqa: PLR0124
    if kind is str:
        return isinstance(value, str) and len(value) <= 500
    return isinstance(value, bool)
