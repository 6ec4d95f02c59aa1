"""Replay a file of touchpoints through the hub's own write path: store, intake, identity, nothing by the side.

A line is `{"id", "at", "received"?, "source", "channel"?, "region"?, "claims": [[kind, value, level]…], "name"?, "attrs"?, "truth"?}`;
`account` is `user_id`, and `["ext", "crm:123", …]` a system's own id. Where a line says who it truly is, figures are told as well.
Files of strangers are read in good faith: numbers for words, null for what is left out, `Verified` for `verified`, time as seconds.
"""

import asyncio
import datetime as dt
import gzip
import re
import time
import zlib
from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from hub import identity
from hub.actions import decide
from hub.actions.receive import receive
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.intake import Unacceptable
from hub.intake.accepting import LONGEST_ATTRIBUTE
from hub.store import Read, Store

CONNECTION: Final = "replay"
AT_ONCE: Final = 200
"""Touchpoints under way at once, as when channels are busy; each is an action of its own."""
IDENTIFYING: Final = ("account", "user_id", "email", "phone", "ext")

BRIEF: Final = 80
"""Characters of an id in a sentence."""
WORDLESS: Final = re.compile(r"[^a-z0-9._:-]+")
"""What no name of a system may hold."""

SQL_LINKS = "SELECT t.key, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence ORDER BY t.key"


class Unreadable(ValueError):
    """A line of the file is no touchpoint."""


class Line(msgspec.Struct, frozen=True):
    """One line of the file."""

    id: str
    at: dt.datetime
    claims: list[tuple[str, str, Level]]
    received: dt.datetime | None = None
    source: str = "import"
    channel: str = "import"
    region: str | None = None
    name: str | None = None
    attrs: dict[str, Any] = {}
    truth: str | None = None


class Written(msgspec.Struct, frozen=True):
    """A line as somebody wrote it."""

    id: str | int
    at: dt.datetime
    claims: list[tuple[str, str | int | float | None, str]] | None = None
    received: dt.datetime | None = None
    source: str | None = None
    channel: str | None = None
    region: str | None = None
    name: str | None = None
    attrs: dict[str, Any] | None = None
    truth: str | int | None = None

    def line(self) -> Line:
        """Raises ValueError where a level is none."""
        return Line(
            id=str(self.id), at=_aware(self.at), received=self.received and _aware(self.received),
            claims=[(kind.strip().lower(), str(value), _level(level)) for kind, value, level in self.claims or () if value not in (None, "")],
            source=self.source or "import", channel=self.channel or "import", region=self.region, name=self.name,
            attrs=self.attrs or {}, truth=None if self.truth is None else str(self.truth),
        )  # fmt: skip


class Replayed(NamedTuple):
    """(touch, customer) of each line, what was refused and why, what was left aside of others, how many lines had been told before,
    and figures in sentences where truth is known."""

    links: list[tuple[str, bytes]]
    customers: int
    seconds: float
    refused: list[str]
    ignored: list[str]
    again: int
    figures: list[str]


class Told:
    """What intake answered."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self.ignored: list[str] = []
        self.again = 0


async def replay(file: Path, database: Path) -> Replayed:
    """Report everything to a hub without a face, and let it work out what it put off. Raises Unreadable."""
    lines = list(read(file))
    latest = max((line.received or line.at for line in lines), default=dt.datetime.now(dt.UTC))
    now = int(latest.timestamp() * 1_000_000)
    store = await Store.open(
        database, clock=lambda: now, publish=lambda topic, event: None, synchronous="NORMAL"
    )
    began = time.monotonic()
    try:
        told = Told()
        for n in range(0, len(lines), AT_ONCE):
            await asyncio.gather(*(_report(store, line, told) for line in lines[n : n + AT_ONCE]))
        await _work_out(store)
        seconds = time.monotonic() - began
        links = await store.read(_links)
    finally:
        await store.close()
    customers = len({customer for _, customer in links})
    return Replayed(
        links, customers, seconds, sorted(told.refused), sorted(told.ignored), told.again, list(figures(lines, dict(links)))
    )  # fmt: skip


def read(file: Path) -> Iterator[Line]:
    """The lines of a file, plain or compressed. Raises Unreadable, naming the line."""
    decoder = msgspec.json.Decoder(Written, strict=False)
    with file.open("rb") as raw, _plain(raw) as found:
        for n, text in enumerate(_texts(file, found), 1):
            if text.strip():
                try:
                    line = decoder.decode(text).line()
                except RecursionError:
                    raise Unreadable(
                        f"{file}, line {n}: expected a touchpoint: it is nested too deeply"
                    ) from None
                except ValueError as error:  # msgspec's errors and those of coding are such
                    raise Unreadable(f"{file}, line {n}: expected a touchpoint: {error}") from None
                yield line


def _plain(raw: BufferedReader) -> gzip.GzipFile | BufferedReader:
    """By what it begins with, whatever the file is called."""
    return gzip.open(raw) if raw.peek(2)[:2] == b"\x1f\x8b" else raw


def _texts(file: Path, found: Iterable[bytes]) -> Iterator[bytes]:
    """Lines, without the mark that some editors put first."""
    try:
        for n, text in enumerate(found):
            yield text.removeprefix(BOM_UTF8) if n == 0 else text
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Unreadable(f"{file}: the compressed file is damaged or cut off: {error}") from None


def _aware(at: dt.datetime) -> dt.datetime:
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _level(text: str) -> Level:
    try:
        return Level(text.strip().lower())
    except ValueError:
        raise ValueError(
            f"a claim's level is {text!r}; expected {', '.join(level.value for level in Level)}"
        ) from None


def touchpoint(line: Line) -> Touchpoint:
    """A line as a channel would report it."""
    said = {"name": line.name, **line.attrs}
    return Touchpoint(
        channel=line.channel,
        key=line.id,
        kind=line.source,
        occurred_at=line.at,
        region=line.region,
        claims=tuple(_claim(*claim) for claim in line.claims),
        attributes=tuple(
            AttributeClaim(attribute=attribute, value=str(value)[:LONGEST_ATTRIBUTE])
            for attribute, value in said.items()
            if value and attribute
        ),
    )


def _claim(kind: str, value: str, level: Level) -> Claim:
    if kind == "account":
        kind = "user_id"
    elif kind == "ext":
        system, _, rest = value.rpartition(":")
        kind, value = f"ext:{WORDLESS.sub('-', system.lower()).strip('-') or 'other'}", rest
    return Claim(kind=kind, value=value, level=level)


async def _report(store: Store, line: Line, told: Told) -> None:
    try:
        received = await store.write(receive, CONNECTION, touchpoint(line))
    except Unacceptable as error:
        told.refused.append(f"{line.id[:BRIEF]}: {error}")
    else:
        told.again += not received.fresh
        told.ignored += (f"{line.id[:BRIEF]}: {sentence}" for sentence in received.ignored)


async def _work_out(store: Store) -> None:
    while labels := await store.read(identity.pending):
        for label in labels:
            plan, n = await store.read(identity.plan, label), 0
            while plan is not None and await store.write_background(decide.work_out, plan, n):
                n += 1


def _links(read: Read) -> list[tuple[str, bytes]]:
    return [(key, bytes(customer)) for key, customer in read.all(SQL_LINKS)]


def figures(lines: Iterable[Line], links: dict[str, bytes]) -> Iterator[str]:
    """Pairs of identified touchpoints that are rightly together, and records that hold two people."""
    inside: dict[bytes, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    people: dict[str, int] = defaultdict(int)
    for line in {
        line.id: line for line in reversed(list(lines))
    }.values():  # the first told counts, like in the hub
        if line.truth and line.id in links and any(kind in IDENTIFYING for kind, _, _ in line.claims):
            inside[links[line.id]][line.truth] += 1
            people[line.truth] += 1
    if not people:
        return
    right = sum(_pairs(n) for record in inside.values() for n in record.values())
    together = sum(_pairs(sum(record.values())) for record in inside.values())
    mixed = sum(len(record) > 1 for record in inside.values())
    precision, recall = right / max(together, 1), right / max(sum(map(_pairs, people.values())), 1)
    yield f"Of identified touchpoints: precision {precision:.4f}, recall {recall:.4f}, F1 {2 * precision * recall / max(precision + recall, 1e-9):.4f}."
    yield f"{mixed} of {len(inside)} records hold two people or more ({mixed / len(inside):.2%})."


def _pairs(n: int) -> int:
    return n * (n - 1) // 2
