"""A file of touchpoints in the product's own tables, and figures of who ended up with whom.

Lines are those of `touchpoints_dev.jsonl.gz`: claims with kinds of the file's own words, a name, attributes, and the truth. Figures
are over *identified* touchpoints, those that name a person (e-mail, telephone, account, another system's id), pairwise.
"""

import datetime as dt
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import comb
from pathlib import Path
from typing import Any, NamedTuple

from hub import identity, intake
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.store.tx import Tx

IDENTIFIES = ("account", "email", "phone", "ext")
LATEST = 1_900_000_000_000_000


class Line(NamedTuple):
    """A touchpoint of the file, its connection, the real person, and whether it names anybody."""

    touchpoint: Touchpoint
    connection: str
    truth: str
    identified: bool


def lines(path: Path) -> Iterable[Line]:
    """The file's touchpoints, in the order of their arrival."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for text in file:
            yield _line(json.loads(text))


def _line(row: dict[str, Any]) -> Line:
    attributes = {**{key: str(value) for key, value in row["attrs"].items() if value}}
    if row["name"]:
        attributes["name"] = row["name"]
    touchpoint = Touchpoint(
        channel=row["channel"], kind=row["channel"], key=row["id"], region=row["region"],
        occurred_at=dt.datetime.fromisoformat(row["at"]),
        claims=tuple(_claim(*claim) for claim in row["claims"]),
        attributes=tuple(AttributeClaim(attribute=key, value=value) for key, value in attributes.items()),
    )  # fmt: skip
    return Line(
        touchpoint, row["source"], row["truth"], any(kind in IDENTIFIES for kind, *_ in row["claims"])
    )


def _claim(kind: str, value: str, level: str) -> Claim:
    if kind == "ext":
        system, _, value = value.partition(":")
        kind = f"ext:{system}"
    return Claim(kind="user_id" if kind == "account" else kind, value=value, level=Level(level))


def fill(tx: Tx, path: Path) -> dict[bytes, Line]:
    """Report every line through intake and identity; the lines by touch id."""
    known = {}
    for line in lines(path):
        accepted = intake.accept(tx, line.connection, line.touchpoint)
        identity.resolve_touch(tx, accepted)
        known[accepted.touch_id] = line
    return known


def customers(tx: Tx) -> dict[bytes, bytes]:
    """Touch id → customer of now."""
    return dict(tx.all("SELECT t.id, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence"))


class Figures(NamedTuple):
    """Pairwise precision and recall, how many records hold two people, and of how many."""

    precision: float
    recall: float
    mixed: int
    records: int

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def figures(holder: Mapping[bytes, object], known: Mapping[bytes, Line]) -> Figures:
    """Figures of an assignment of touchpoints to records."""
    touches = [touch for touch, line in known.items() if line.identified]
    pairs = Counter((holder[touch], known[touch].truth) for touch in touches)
    together = sum(comb(n, 2) for n in pairs.values())
    found = sum(comb(n, 2) for n in Counter(holder[touch] for touch in touches).values())
    there = sum(comb(n, 2) for n in Counter(known[touch].truth for touch in touches).values())
    people = Counter(record for record, _ in pairs)
    return Figures(together / found, together / there, sum(1 for n in people.values() if n > 1), len(people))


def owners(holder: Mapping[bytes, bytes], known: Mapping[bytes, Line]) -> dict[bytes, str]:
    """Whose each record with an identified touchpoint mostly is."""
    counts: defaultdict[bytes, Counter[str]] = defaultdict(Counter)
    for touch, line in known.items():
        if line.identified:
            counts[holder[touch]][line.truth] += 1
    return {record: min(count, key=lambda truth: (-count[truth], truth)) for record, count in counts.items()}
