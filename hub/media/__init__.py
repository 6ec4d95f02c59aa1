"""Attachments and pictures: what strangers upload, made harmless, kept, and handed out.

    upload = await media.receive(chunks, name=…, limit=min(LIMIT, room))    bytes on disk, nothing decided
    kept = await media.settle(upload)                                       type by content, pictures drawn anew
    id = await store.write(keep, kept, visitor=…)                           a row, within the quota
    use(tx, [id], conversation, visitor=…)                                  in the transaction that stores the message
    links.path(id, links.until(now))                                        an address for who may see it

The rules, all here and nowhere else: a file is what its bytes say (`kinds`); only pictures we drew ourselves (`pictures`) are
ever shown in a page, everything else is a download (`serving`); its name is for people and never for paths (`naming`);
its address is its own permission and ends within the hour (`links`). Deleting: rows first, files after the commit.
"""

from hub.media import faces, html
from hub.media.attachments import (
    MOST_PER_MESSAGE,
    NOTHING,
    Attachment,
    Came,
    Intake,
    Kept,
    LeftOut,
    Quota,
    came,
    forget,
    forget_conversation,
    forget_unsent,
    get,
    keep,
    of,
    orphans,
    room,
    room_of,
    unknown,
    use,
    waiting,
)
from hub.media.keeping import LIMIT, MediaFolder, MediaStore, Upload
from hub.media.links import Asked, Links, Part, secret
from hub.media.serving import headers

__all__ = [
    "LIMIT",
    "MOST_PER_MESSAGE",
    "NOTHING",
    "Asked",
    "Attachment",
    "Came",
    "Intake",
    "Kept",
    "LeftOut",
    "Links",
    "MediaFolder",
    "MediaStore",
    "Part",
    "Quota",
    "Upload",
    "came",
    "faces",
    "forget",
    "forget_conversation",
    "forget_unsent",
    "get",
    "headers",
    "html",
    "keep",
    "of",
    "orphans",
    "room",
    "room_of",
    "secret",
    "unknown",
    "use",
    "waiting",
]
