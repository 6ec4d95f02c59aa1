"""Canned replies as files: JSON for hubs, CSV for spreadsheets.

A file is read whole or not at all: every problem in it is listed with its place, so that nobody mends and tries twenty times. A
spreadsheet runs a cell that begins like a formula; such cells are written with an apostrophe before them, which opens as text and
is taken off again when the file comes back (OWASP, "CSV Injection").
"""

import csv
import io
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from hub.conversations import canned
from hub.conversations.canned import MOST, Draft
from hub.wire import Refusal
from hub.wire.console import CannedReply

Format = Literal["json", "csv"]
COLUMNS = ("shortcut", "title", "text", "queue")
LARGEST = 4 * 1024 * 1024
"""Bytes of a file."""
MOST_TOLD = 200

_RISKY = frozenset("=+-@\t\r\n'＝＋－＠")


def write(replies: list[CannedReply], queues: Mapping[str, str], form: Format) -> str:
    """The replies as a file. `queues`: id → name; a queue goes by its name, which means the same in another hub."""
    rows = [
        {"shortcut": it.shortcut, "title": it.title, "text": it.text, "queue": queues.get(it.queue or "", "")}
        for it in replies
    ]
    if form == "json":
        return msgspec.json.format(msgspec.json.encode({"canned_replies": rows}), indent=2).decode() + "\n"
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([_guarded(row[column]) for column in COLUMNS] for row in rows)
    return "\ufeff" + out.getvalue()


def read(data: bytes, queues: Mapping[str, bytes], form: Format) -> list[Draft]:
    """The drafts in a file. `queues`: name → id. Refusals: bad_request, whose fields are all problems: place → sentence."""
    found = _Problems()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found.add("file", f"expected UTF-8, got something else at byte {error.start}; save it as “CSV UTF-8”")
        found.end()
    rows = _json(text, found) if form == "json" else _csv(text, found)
    if len(rows) > MOST:
        found.add("file", f"expected at most {MOST} replies, got {len(rows):,}; only these were looked at")
    drafts = _drafts(rows[:MOST], queues, found)
    found.end()
    return drafts


class _Problems:
    def __init__(self) -> None:
        self.fields: dict[str, str] = {}

    def add(self, place: str, words: str) -> None:
        self.fields[place] = f"{self.fields[place]}; {words}" if place in self.fields else words

    def end(self) -> None:
        """Raise when there is one."""
        if not self.fields:
            return
        told = dict(list(self.fields.items())[:MOST_TOLD])
        more = f"; the first {MOST_TOLD} are listed" if len(self.fields) > MOST_TOLD else ""
        say = "1 problem" if len(self.fields) == 1 else f"{len(self.fields)} problems"
        raise Refusal("bad_request", f"file: {say}, so nothing was imported{more}", fields=told)


Row = tuple[str, dict[str, str]]
"""Place in the file, and the cells."""


def _drafts(rows: list[Row], queues: Mapping[str, bytes], found: _Problems) -> list[Draft]:
    drafts, seen = [], dict[str, str]()
    for place, cells in rows:
        queue = cells.get("queue", "").strip()
        draft = canned.tidy(
            Draft(
                shortcut=cells.get("shortcut", ""),
                title=cells.get("title", ""),
                text=cells.get("text", ""),
                queue=queues.get(queue),
            )
        )
        for field, words in canned.problems(draft).items():
            found.add(f"{place}, {field}", words)
        if queue and queue not in queues:
            found.add(f"{place}, queue", f"there is no queue {queue!r}; there are {', '.join(queues)}")
        folded = canned.fold(draft.shortcut)
        if folded and folded in seen:
            found.add(f"{place}, shortcut", f"/{draft.shortcut} stands in {seen[folded]} already")
        seen.setdefault(folded, place)
        drafts.append(draft)
    return drafts


def _json(text: str, found: _Problems) -> list[Row]:
    try:
        data: Any = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        found.add("file", f"expected JSON: {error}")
        return []
    listed = data.get("canned_replies") if isinstance(data, dict) else data
    if not isinstance(listed, list):
        found.add(
            "file", 'expected {"canned_replies": [{"shortcut": …, "title": …, "text": …, "queue": …}, …]}'
        )
        return []
    rows = []
    for n, item in enumerate(listed, 1):
        place = f"reply {n}"
        if not isinstance(item, dict):
            found.add(place, f"expected an object, got {_kind(item)}")
            continue
        for key, value in item.items():
            if key not in COLUMNS:
                found.add(f"{place}, {key[:40]}", f"expected one of {', '.join(COLUMNS)}")
            elif not isinstance(value, str) and value is not None:
                found.add(f"{place}, {key}", f"expected text, got {_kind(value)}")
        rows.append((place, {key: item[key] for key in COLUMNS if isinstance(item.get(key), str)}))
    return rows


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "null" if value is None else "text")


def _csv(text: str, found: _Problems) -> list[Row]:
    first = text.partition("\n")[0]
    separator = (
        ";" if ";" in first and "," not in first else ","
    )  # as spreadsheets write it where the comma is for decimals
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if not {"shortcut", "text"} <= set(names):
            found.add(
                "row 1",
                f"expected the columns {', '.join(COLUMNS)}, got {', '.join(names)[:200] or 'nothing'}",
            )
            return []
        for name in [name for name in names if name not in COLUMNS]:
            found.add("row 1", f"{name[:40]!r} is no column; expected {', '.join(COLUMNS)}")
        for n, cells in enumerate(reader, 2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(names):
                found.add(
                    f"row {n}", f"expected {len(names)} cells, got {len(cells)}; is a text not in quotes?"
                )
            rows.append((f"row {n}", {name: _plain(cell) for name, cell in zip(names, cells, strict=False)}))
    except csv.Error as error:
        found.add(f"line {reader.line_num}", f"expected CSV: {error}")
    return rows


def _guarded(cell: str) -> str:
    return f"'{cell}" if _is_risky(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _is_risky(cell[1:]) else cell


def _is_risky(cell: str) -> bool:
    return bool(cell) and (cell[0] in _RISKY or cell.lstrip()[:1] in _RISKY)
