"""Attachments of a message: whose they are, and what the message keeps of them.

A file is uploaded before the message that carries it. The message keeps the few facts that showing it needs, so that reading a
conversation joins nothing; links are signed when it is shown.
"""

from typing import Any

import msgspec

from hub import media
from hub.store import Tx
from hub.wire import Refusal, hex_id, id_hex
from hub.wire.common import Attachment


def checked(
    tx: Tx, text: str, ids: list[str], *, visitor: bytes | None = None, operator: bytes | None = None
) -> dict[str, Any]:
    """What a message with these attachments keeps. Refusals: bad_request when it says nothing, not_found for others' files."""
    if not ids and not any(each.isprintable() and not each.isspace() for each in text):
        raise Refusal("bad_request", "a message says something or carries a file; this one does neither")
    if not ids:
        return {}
    found = media.waiting(tx, [hex_id(each) for each in ids], visitor=visitor, operator=operator)
    return {"attachments": [msgspec.to_builtins(shown(one)) for one in found]}


def settle(
    tx: Tx,
    ids: list[str],
    conversation: bytes,
    *,
    visitor: bytes | None = None,
    operator: bytes | None = None,
) -> None:
    """The files have been sent in this conversation."""
    if ids:
        media.use(tx, [hex_id(each) for each in ids], conversation, visitor=visitor, operator=operator)


def to_message(
    tx: Tx,
    text: str,
    ids: list[str],
    conversation: bytes,
    *,
    visitor: bytes | None = None,
    operator: bytes | None = None,
) -> dict[str, Any]:
    """`checked` and `settle`, for a conversation that exists."""
    data = checked(tx, text, ids, visitor=visitor, operator=operator)
    settle(tx, ids, conversation, visitor=visitor, operator=operator)
    return data


def shown(file: media.Attachment) -> Attachment:
    """What a message keeps of a file."""
    return Attachment(
        id=id_hex(file.id),
        name=file.name,
        type=file.media_type,
        size=file.size,
        url="",
        inline=file.inline,
        width=file.width or 0,
        height=file.height or 0,
        thumb="thumb" if file.thumb else "",
    )
