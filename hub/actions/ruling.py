"""The settings by which people are told apart: how many values one customer may hold, and from when an identifier is shared.

They count for everything that was ever said, so a change is tried on history first (`identity.tried`). Each change is a row that holds
all settings before and after it: taking back the last one gives exactly what was. What is there already follows in the background.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from hub import identity
from hub.contract import KINDS, Group, UnknownKind, kind_of
from hub.identity import Rules
from hub.store import Read, Tx
from hub.wire import Refusal
from hub.wire.ruling import Name

MOST = 30
"""Changes that the history shows."""
NAMES: Final[tuple[Name, ...]] = ("limits", "others", "crowds")
MAXIMUM = 1_000_000
HELD = tuple(name for name, kind in KINDS.items() if kind.group is Group.PERSONAL or name == "device")
"""Kinds of which it is a setting how many one customer may hold."""
Asked = Mapping[str, Mapping[str, int | None]]
"""{name of NAMES: {kind: number, or None for what the hub ships with}}."""
Numbers = dict[str, dict[str, int]]
SHIPPED = Rules()

SQL_CHANGED = "INSERT INTO rules_change (id, rules, before, at, author) VALUES (?, ?, ?, ?, ?)"
SQL_LAST = "SELECT n, id, before FROM rules_change ORDER BY n DESC LIMIT 1"
SQL_CHANGES = "SELECT n, id, rules, before, at, author FROM rules_change ORDER BY n DESC LIMIT ?"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change. `numbers`: (name, kind, before, after); None where there was or is no such setting."""

    id: bytes
    at: int
    author: str
    numbers: tuple[tuple[Name, str, int | None, int | None], ...]
    is_last: bool


def numbers(rules: Rules) -> Numbers:
    """Every setting in force, by name and kind, those of the table of kinds among them."""
    held = dict.fromkeys((*HELD, *rules.limits))
    return {
        "limits": {kind: rules.limit(kind) for kind in held},
        "others": dict(rules.others),
        "crowds": dict(rules.crowds),
    }


def changed(read: Read, asked: Asked, *, base: Rules | None = None) -> Rules:
    """The settings in force (or `base`) with what is asked. Refusals: bad_request, with a field `name.kind` for each problem."""
    problems = {}
    for name, kinds in asked.items():
        for kind, number in kinds.items():
            if problem := _problem(name, kind, number):
                problems[f"{name}.{kind}"[:100]] = problem
    if problems:
        raise Refusal(
            "bad_request", "; ".join(f"{at}: {why}" for at, why in problems.items()), fields=problems
        )
    now = base or identity.rules_of(read)
    made = {name: _with(getattr(now, name), getattr(SHIPPED, name), asked.get(name, {})) for name in NAMES}
    # What the table of kinds says already is no setting, so that equal settings are equal.
    limits = {kind: number for kind, number in made["limits"].items() if number != kind_of(kind).limit}
    return Rules(limits=limits, others=made["others"], crowds=made["crowds"])


def keep(tx: Tx, author: str, asked: Asked, *, seen: int | None = None, reset: bool = False) -> None:
    """Switch settings on. `seen`: the number of the last change its author knew of. Refusals: bad_request, no_change, taken."""
    row = tx.one(SQL_LAST)
    if seen is not None and (row[0] if row else 0) != seen:
        raise Refusal("taken", "somebody has changed these settings meanwhile; look again before you do")
    _switch(tx, author, changed(tx, asked, base=SHIPPED if reset else None))


def undo(tx: Tx, author: str, change: bytes) -> None:
    """What counted before the last change counts again, and that is a change itself. Refusals: not_found, taken."""
    row = tx.one(SQL_LAST)
    if row is None or row[1] != change:
        known = any(one.id == change for one in history(tx))
        raise (
            Refusal("taken", "there is a later change; undo that first")
            if known
            else Refusal("not_found", "no such change")
        )
    _switch(tx, author, msgspec.json.decode(row[2], type=Rules))


def history(read: Read) -> list[Change]:
    """The last changes, the newest first."""
    rows = read.all(SQL_CHANGES, (MOST,))
    return [
        Change(id=key, at=at, author=author, numbers=_between(before, rules), is_last=n == rows[0][0])
        for n, key, rules, before, at, author in rows
    ]


def last(read: Read) -> int:
    """The number of the last change; 0 when there was none."""
    row = read.one(SQL_LAST)
    return int(row[0]) if row else 0


def _switch(tx: Tx, author: str, rules: Rules) -> None:
    now = identity.rules_of(tx)
    if numbers(now) == numbers(rules):
        raise Refusal("no_change", "these settings are in force already")
    texts = [msgspec.json.encode(one).decode() for one in (rules, now)]
    tx.run(SQL_CHANGED, (tx.new_id(), *texts, tx.now, author))
    identity.set_rules(tx, rules)


def _problem(name: str, kind: str, number: int | None) -> str:
    if name not in NAMES:
        return f"expected one of {', '.join(NAMES)}"
    try:
        kind_of(kind)
    except UnknownKind as error:
        return str(error)
    fits = number is None or 1 <= number <= MAXIMUM
    return "" if fits else f"expected a number from 1 to {MAXIMUM:,}, got {number}"


def _with(now: dict[str, int], shipped: dict[str, int], asked: Mapping[str, int | None]) -> dict[str, int]:
    wanted = {
        **now,
        **{kind: shipped.get(kind) if number is None else number for kind, number in asked.items()},
    }
    return {kind: number for kind, number in wanted.items() if number is not None}


def _between(before: str, after: str) -> tuple[tuple[Name, str, int | None, int | None], ...]:
    old, new = (numbers(msgspec.json.decode(text, type=Rules)) for text in (before, after))
    return tuple(
        (name, kind, old[name].get(kind), new[name].get(kind))
        for name in NAMES
        for kind in dict.fromkeys((*old[name], *new[name]))
        if old[name].get(kind) != new[name].get(kind)
    )
