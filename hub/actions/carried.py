"""What a message carried besides its words: files, its layout, what it repeats of others. The files are on disk before this runs."""

from typing import Any

import msgspec

from hub import media
from hub.actions import attach
from hub.media import Attachment, Came
from hub.store import Read, Tx
from hub.wire import Refusal, id_hex

SMALL = 160
"""Pixels: a picture in the layout that is no larger is an ornament of it, and not shown beside the words as well."""
LONGEST_QUOTED = 200_000

SQL_KEEP = """
INSERT INTO message_body (message, conversation, html, inside, quoted) VALUES (:message, :conversation, :html, :inside, :quoted)"""
SQL_BODY = """
SELECT b.html, b.inside, b.quoted FROM message m JOIN message_body b ON b.message = m.id
WHERE m.conversation = :conversation AND m.seq = :seq"""


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says of what it carried. `inside`: pictures of its layout, by what that calls them."""

    attachments: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    inside: dict[str, str] = {}
    html: bool = False
    pictures: int = 0


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it was laid out, and what it repeats of earlier ones. `inside`: what the layout calls a picture → the file."""

    html: str
    inside: dict[str, bytes]
    quoted: str


def bring(tx: Tx, connection: str, conversation: bytes, came: Came) -> Brought:
    """Give the files rows, in this conversation."""
    files = [(name, media.came(tx, kept, connection, conversation)) for name, kept in came.files]
    named = media.html.named_inside(came.html) if came.html else frozenset()
    inside = {name: file for name, file in files if name in named and file.inline}
    return Brought(
        attachments=[
            msgspec.to_builtins(attach.shown(file))
            for name, file in files
            if name not in inside or not _small(file)
        ],
        left_out=[msgspec.to_builtins(one) for one in came.left_out],
        inside={name: id_hex(file.id) for name, file in inside.items()},
        html=bool(came.html),
        pictures=media.html.pictures_elsewhere(came.html) if came.html else 0,
    )


def keep(tx: Tx, conversation: bytes, message: bytes, html: str, quoted: str, brought: Brought) -> None:
    """Keep the layout, and what is repeated; nothing, where there is neither."""
    if html or quoted:
        row = {
            "message": message,
            "conversation": conversation,
            "html": html,
            "quoted": quoted[:LONGEST_QUOTED],
        }
        tx.run(SQL_KEEP, {**row, "inside": msgspec.json.encode(brought.inside).decode()})


def body(read: Read, conversation: bytes, seq: int) -> Body:
    """What is kept of a message besides its words. Refusals: not_found."""
    row = read.one(SQL_BODY, {"conversation": conversation, "seq": seq})
    if row is None:
        raise Refusal("not_found", f"message {seq} of this conversation is its words and no more")
    inside = msgspec.json.decode(row[1], type=dict[str, str])
    return Body(
        html=row[0], inside={name: bytes.fromhex(file) for name, file in inside.items()}, quoted=row[2]
    )


def _small(file: Attachment) -> bool:
    return (file.width or 0) <= SMALL and (file.height or 0) <= SMALL
