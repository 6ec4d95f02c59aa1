"""Everything that is kept of a person, as a zip of JSON and files: what they may ask to see, complete and in slices.

Rows are handed out as they are stored, so nothing can be forgotten when a column is added; ids are hexadecimal, times microseconds.
What colleagues said among themselves (notes) is about the person, too, and is marked by its audience.
"""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from hub import identity
from hub.actions.erase import Plan, plan
from hub.store import Read, Store
from hub.wire import id_hex

AT_ONCE = 200
MESSAGES = 1_000
SECRET = frozenset(("evidence", "origin", "sender"))
"""Columns that are ours alone: hashes that say nothing of anybody."""

SQL_TOUCH = "SELECT * FROM touchpoint WHERE id = ?"
SQL_VISIT = "SELECT * FROM visit WHERE id = ?"
SQL_PAGES = "SELECT * FROM page_view WHERE visit = ? ORDER BY n"
SQL_EVENTS = "SELECT * FROM visit_event WHERE visit = ? ORDER BY at"
SQL_INVITATIONS = "SELECT * FROM invitation WHERE visit = ? ORDER BY offered_at"
SQL_CARTS = "SELECT * FROM cart WHERE visit = ?"
SQL_TALK = "SELECT * FROM conversation WHERE id = ?"
SQL_LEGS = "SELECT * FROM leg WHERE conversation = ?"
SQL_TAGS = "SELECT * FROM conversation_tag WHERE conversation = ?"
SQL_FILES = "SELECT * FROM attachment WHERE conversation = ?"
SQL_MESSAGES = "SELECT * FROM message WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?"
SQL_BODIES = "SELECT * FROM message_body WHERE conversation = ? ORDER BY message"
SQL_REFS = "SELECT * FROM message_ref WHERE conversation = ? ORDER BY message, place"
SQL_COLUMNS = "SELECT name FROM pragma_table_info(?)"

JSON_TEXT = frozenset(("claims", "attributes", "payload", "data", "properties", "items", "inside"))
"""Columns that hold JSON as text: handed out as what it says."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What is in the zip."""

    customer: bytes
    name: str
    touches: int
    conversations: int
    files: int


async def export(store: Store, anchor: bytes, target: Path, path_of: Callable[[bytes], Path]) -> Exported:
    """Write the zip to `target`, which must not exist, readable for its owner alone. Refusal: not_found.

    Raises FileExistsError, or OSError for a place that cannot be written; nothing is left behind then.
    """
    asked = await store.read(plan, anchor)
    await asyncio.to_thread(target.touch, mode=0o600, exist_ok=False)
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            await _put(archive, "record.json", _record(store, asked))
            await _put(archive, "touchpoints.json", _each(store, _touchpoint, asked.touches))
            await _put(archive, "visits.json", _each(store, _visit, asked.touches))
            await _put(archive, "conversations.json", _talks(store, asked.conversations))
            files = await _files(archive, store, asked, path_of)
    except BaseException:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        raise
    return Exported(
        customer=asked.customer, name=asked.name, touches=len(asked.touches), conversations=len(asked.conversations), files=files
    )  # fmt: skip


async def _put(archive: zipfile.ZipFile, name: str, items: AsyncIterator[Any]) -> None:
    """One JSON file: the list of these items."""
    with archive.open(name, "w", force_zip64=True) as out:
        between = b"[\n"
        async for item in items:
            text = msgspec.json.format(msgspec.json.encode(item))
            await asyncio.to_thread(out.write, between + text)
            between = b",\n"
        out.write(b"[]\n" if between == b"[\n" else b"\n]\n")


async def _record(store: Store, asked: Plan) -> AsyncIterator[Any]:
    yield plain(await store.read(identity.record, asked.customer, whole=True))


async def _each(
    store: Store, read: Callable[[Read, Sequence[bytes]], list[Any]], ids: Sequence[bytes]
) -> AsyncIterator[Any]:
    for at in range(0, len(ids), AT_ONCE):
        for item in await store.read(read, ids[at : at + AT_ONCE]):
            yield item


async def _talks(store: Store, ids: Sequence[bytes]) -> AsyncIterator[Any]:
    for conversation in ids:
        said: list[Any] = []
        while page := await store.read(_messages, conversation, said[-1]["seq"] if said else 0):
            said += page
        for talk in await store.read(_talk, conversation):
            yield {**talk, "messages": said}


async def _files(
    archive: zipfile.ZipFile, store: Store, asked: Plan, path_of: Callable[[bytes], Path]
) -> int:
    count = 0
    for conversation in asked.conversations:
        for file in await store.read(_attachments, conversation):
            path = path_of(bytes.fromhex(file["id"]))
            if await asyncio.to_thread(path.is_file):
                await asyncio.to_thread(archive.write, path, f"files/{file['id']}-{Path(file['name']).name}")
                count += 1
    return count


def _touchpoint(read: Read, ids: Sequence[bytes]) -> list[Any]:
    return [row for touch in ids for row in rows(read, "touchpoint", SQL_TOUCH, (touch,))]


def _visit(read: Read, ids: Sequence[bytes]) -> list[Any]:
    found = []
    for visit in ids:
        for row in rows(read, "visit", SQL_VISIT, (visit,)):
            parts = (("pages", "page_view", SQL_PAGES), ("events", "visit_event", SQL_EVENTS),
                     ("invitations", "invitation", SQL_INVITATIONS), ("cart", "cart", SQL_CARTS))  # fmt: skip
            found.append({**row, **{name: rows(read, table, sql, (visit,)) for name, table, sql in parts}})
    return found


def _talk(read: Read, conversation: bytes) -> list[Any]:
    parts = (
        ("legs", "leg", SQL_LEGS),
        ("tags", "conversation_tag", SQL_TAGS),
        ("files", "attachment", SQL_FILES),
        ("bodies", "message_body", SQL_BODIES),
        ("refs", "message_ref", SQL_REFS),
    )
    return [
        {**row, **{name: rows(read, table, sql, (conversation,)) for name, table, sql in parts}}
        for row in rows(read, "conversation", SQL_TALK, (conversation,))
    ]


def _messages(read: Read, conversation: bytes, after: int) -> list[Any]:
    return rows(read, "message", SQL_MESSAGES, (conversation, after, MESSAGES))


def _attachments(read: Read, conversation: bytes) -> list[Any]:
    return rows(read, "attachment", SQL_FILES, (conversation,))


def rows(read: Read, table: str, sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
    """Whole rows of a table, readable."""
    names = [row[0] for row in read.all(SQL_COLUMNS, (table,))]
    return [
        {name: _cell(name, cell) for name, cell in zip(names, row, strict=True) if name not in SECRET}
        for row in read.all(sql, params)
    ]


def _cell(name: str, cell: Any) -> Any:
    return msgspec.json.decode(cell) if name in JSON_TEXT and isinstance(cell, str) else plain(cell)


def plain(value: Any) -> Any:
    """A value as JSON has it, ids in hexadecimal."""
    if isinstance(value, bytes):
        return id_hex(value) if len(value) == 16 else value.hex()
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value
