"""The rows of attachments: who uploaded what, within which quota, and in which conversation it was sent.

Rows go before their files: whatever deletes rows here returns the ids, and the caller deletes the files after the commit. A
crash in between leaves files without rows, which `unknown` finds.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from hub.store import Read, Tx
from hub.wire import Refusal

MOST_PER_MESSAGE = 10
DAY = 24 * 3600 * 1_000_000

_COLUMNS = "id, conversation, visitor, operator, name, media_type, size, width, height, thumb, inline, at"
SQL_KEEP = f"""
INSERT INTO attachment ({_COLUMNS}, sender)
VALUES (:id, NULL, :visitor, :operator, :name, :media_type, :size, :width, :height, :thumb, :inline, :now, :sender)"""
SQL_CAME = f"""
INSERT INTO attachment ({_COLUMNS}, connection)
VALUES (:id, :conversation, NULL, NULL, :name, :media_type, :size, :width, :height, :thumb, :inline, :now, :connection)"""
SQL_CAME_TODAY = (
    "SELECT count(*), coalesce(sum(size), 0) FROM attachment WHERE connection = :connection AND at > :since"
)
SQL_USED_TODAY = "SELECT count(*), coalesce(sum(size), 0), coalesce(min(at), 0) FROM attachment WHERE visitor = :visitor AND at > :since"
SQL_UNSENT = "SELECT coalesce(sum(size), 0), coalesce(min(at), 0) FROM attachment WHERE sender = :sender"
SQL_USE = "UPDATE attachment SET conversation = :conversation, sender = NULL WHERE id = :id"
SQL_GET = f"SELECT {_COLUMNS} FROM attachment WHERE id = :id"
SQL_ORPHANS = "DELETE FROM attachment WHERE conversation IS NULL AND at < :before RETURNING id"
SQL_FORGET_UNSENT = "DELETE FROM attachment WHERE visitor = :visitor AND conversation IS NULL RETURNING id"
SQL_FORGET = "DELETE FROM attachment WHERE visitor = :visitor RETURNING id"
SQL_FORGET_CONVERSATION = "DELETE FROM attachment WHERE conversation = :conversation RETURNING id"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is safely on disk under its id and has no row yet."""

    id: bytes
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None
    thumb: bool = False
    inline: bool = False


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with a message and was not kept. `why`: too_large, quota or bad_file."""

    name: str
    size: int
    why: str


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What came with a message of a channel besides its words, looked at and on disk before the message is stored."""

    files: tuple[tuple[str, Kept], ...] = ()
    """With what its HTML calls them; empty where it does not."""
    left_out: tuple[LeftOut, ...] = ()
    html: str = ""
    """Cleaned."""


NOTHING = Came()


class Attachment(msgspec.Struct, frozen=True):
    """The row of a file."""

    id: bytes
    conversation: bytes | None
    visitor: bytes | None
    operator: bytes | None
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    thumb: bool
    inline: bool
    at: int


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """What one visitor may upload within 24 hours."""

    size: int = 100_000_000
    count: int = 50
    unsent: int = 200_000_000
    """Bytes that one address, with however many visitors, may have uploaded and not sent."""


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What one connection may bring in: in one message, and within 24 hours."""

    message: int = 25_000_000
    files: int = 30
    size: int = 2_000_000_000
    count: int = 5_000


def room_of(read: Read, connection: str, intake: Intake) -> tuple[int, int]:
    """How many files, and how many bytes, this connection may still bring in today."""
    count, size = read.one(SQL_CAME_TODAY, {"connection": connection, "since": read.now - DAY}) or (0, 0)
    return max(0, intake.count - count), max(0, intake.size - size)


def came(tx: Tx, kept: Kept, connection: str, conversation: bytes) -> Attachment:
    """A file that came with a message of `conversation`; its row."""
    row = {**msgspec.structs.asdict(kept), "connection": connection, "conversation": conversation}
    tx.run(SQL_CAME, {**row, "now": tx.now})
    found = get(tx, kept.id)
    assert found is not None, "it was stored in the line before"
    return found


def room(read: Read, visitor: bytes, quota: Quota, sender: bytes | None = None) -> int:
    """Bytes this visitor may still upload now: ask before the first byte is taken. `sender` stands for their address.

    Raises:
        Refusal: `quota`, with the seconds until some of it is free again.
    """
    return min(_room_of_visitor(read, visitor, quota), _room_of_sender(read, sender, quota))


def _room_of_sender(read: Read, sender: bytes | None, quota: Quota) -> int:
    """A new visitor costs nothing, so without this one address could fill the disk with what nobody will ever see."""
    size, oldest = read.one(SQL_UNSENT, {"sender": sender}) or (0, 0)
    if size >= quota.unsent:
        raise Refusal(
            "quota",
            f"file: {quota.unsent // 1_000_000} MB from your address wait to be sent; send some of it first, or come back tomorrow",
            retry_after=max((oldest + DAY - read.now) / 1e6, 1.0),
        )
    return int(quota.unsent - size)


def _room_of_visitor(read: Read, visitor: bytes, quota: Quota) -> int:
    count, size, oldest = read.one(SQL_USED_TODAY, {"visitor": visitor, "since": read.now - DAY}) or (0, 0, 0)
    left = int(quota.size - size)
    if count >= quota.count or left <= 0:
        raise _over(quota, (oldest + DAY - read.now) / 1e6)
    return left


def keep(
    tx: Tx,
    kept: Kept,
    *,
    visitor: bytes | None = None,
    operator: bytes | None = None,
    quota: Quota | None = None,
    sender: bytes | None = None,
) -> bytes:
    """Give the file a row; its id. Exactly one uploader; `sender` stands for a visitor's address. A refusal leaves the file to the caller, who deletes it.

    Raises:
        Refusal: `quota`: several uploads at once may each have had room.
    """
    assert (visitor is None) != (operator is None), "one uploader"
    if visitor is not None and kept.size > room(tx, visitor, quota or Quota(), sender):
        raise _over(quota or Quota(), None)
    whose = {"visitor": visitor, "operator": operator, "sender": sender}
    tx.run(SQL_KEEP, {**msgspec.structs.asdict(kept), **whose, "now": tx.now})
    return kept.id


def use(
    tx: Tx,
    ids: Sequence[bytes],
    conversation: bytes,
    *,
    visitor: bytes | None = None,
    operator: bytes | None = None,
) -> list[Attachment]:
    """Send these files in a message of `conversation`, each once and only by who uploaded it; their rows, in this order.

    Call it only for a message that is stored afresh: a repeated one has used them already.

    Raises:
        Refusal: `too_large` for more than ten; `not_found` for what is not theirs, was sent already, or does not exist.
    """
    waiting(tx, ids, visitor=visitor, operator=operator)
    for each in ids:
        tx.run(SQL_USE, {"id": each, "conversation": conversation})
    return of(tx, ids)


def waiting(
    read: Read, ids: Sequence[bytes], *, visitor: bytes | None = None, operator: bytes | None = None
) -> list[Attachment]:
    """The rows of files that are this uploader's and not sent yet: what a message may carry, before it has a conversation.

    Raises as `use`.
    """
    assert (visitor is None) != (operator is None), "one uploader"
    if len(ids) > MOST_PER_MESSAGE:
        raise Refusal(
            "too_large",
            f"attachments: expected at most {MOST_PER_MESSAGE} in a message, got {len(ids)}; send two messages",
        )
    found = [get(read, each) for each in ids]
    for wanted, row in zip(ids, found, strict=True):
        theirs = row is not None and (row.visitor, row.operator, row.conversation) == (
            visitor,
            operator,
            None,
        )
        if not theirs or ids.count(wanted) > 1:
            raise Refusal(
                "not_found",
                f"attachments: no file {wanted.hex()} of yours waits to be sent; upload it again",
            )
    return [row for row in found if row is not None]


def get(read: Read, attachment: bytes) -> Attachment | None:
    """The row, or None."""
    row = read.one(SQL_GET, {"id": attachment})
    return _attachment(row) if row else None


def of(read: Read, ids: Iterable[bytes]) -> list[Attachment]:
    """The rows of these ids, in their order; those that are gone are left out."""
    found = (get(read, each) for each in ids)
    return [attachment for attachment in found if attachment is not None]


def orphans(tx: Tx, older_than: int = DAY) -> list[bytes]:
    """Forget what was uploaded and not sent within `older_than` microseconds; the ids whose files are to be deleted."""
    return _ids(tx.all(SQL_ORPHANS, {"before": tx.now - older_than}))


def forget(tx: Tx, visitor: bytes) -> list[bytes]:
    """Forget everything this visitor has uploaded, sent or not; the ids whose files are to be deleted."""
    return _ids(tx.all(SQL_FORGET, {"visitor": visitor}))


def forget_unsent(tx: Tx, visitor: bytes) -> list[bytes]:
    """Forget what this visitor has uploaded and never sent; the ids whose files are to be deleted."""
    return _ids(tx.all(SQL_FORGET_UNSENT, {"visitor": visitor}))


def forget_conversation(tx: Tx, conversation: bytes) -> list[bytes]:
    """Forget what anybody has sent in a conversation; the ids whose files are to be deleted."""
    return _ids(tx.all(SQL_FORGET_CONVERSATION, {"conversation": conversation}))


def unknown(read: Read, ids: Iterable[bytes]) -> list[bytes]:
    """Those of `ids` (of files on disk) that have no row."""
    return [each for each in ids if get(read, each) is None]


def _over(quota: Quota, seconds: float | None) -> Refusal:
    return Refusal(
        "quota",
        f"file: expected at most {quota.count} files and {quota.size // 1_000_000} MB within 24 hours; send it by e-mail, or tomorrow",
        retry_after=seconds,
    )


def _attachment(row: tuple[Any, ...]) -> Attachment:
    attachment = Attachment(*row)  # SQLite has no booleans: 0 and 1 come back
    return msgspec.structs.replace(attachment, thumb=bool(attachment.thumb), inline=bool(attachment.inline))


def _ids(rows: list[tuple[Any, ...]]) -> list[bytes]:
    return [row[0] for row in rows]
