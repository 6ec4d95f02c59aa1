"""Files over HTTP: taking them, and handing them out by their own links.

A page uploads with its token in a header (never in the address), an operator with their cookie. What is handed out needs neither: the
address carries a signature and an end, and the hub gives such addresses only to who may see the file.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from hub import media
from hub.conversations import faces
from hub.store import Store, Tx
from hub.visits import tokens
from hub.web.answers import Json
from hub.web.sockets import Scope
from hub.web.transcripts import Transcripts
from hub.wire import Refusal, hex_id, id_hex
from hub.wire.common import Attachment
from hub.wire.console import Message
from hub.wire.visitor import Said

_FACE = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Files:
    """Uploads, downloads and links of one hub."""

    def __init__(self, store: Store, data: Path, clock: Any) -> None:
        self._store, self._clock = store, clock
        self._media = media.MediaStore(data / "media")
        self.secret = media.secret(data)
        self._links = media.Links(self.secret)
        self.quota = media.Quota()
        self.transcripts = Transcripts(store, self.secret, clock)

    def close(self) -> None:
        """Wait for what is being written."""
        self._media.close()

    # --- taking

    async def from_visitor(self, site: str, token: str, address: str, request: Request) -> Response:
        """A page's upload. Refusals: not_signed_in (say hello first), quota, too_large, bad_file."""
        visitor = await self._store.write(_uploader, site, token)
        # Addresses are not stored; without the key nobody can tell which one this was.
        sender = hmac.digest(self.secret, f"sender\0{address}".encode(), hashlib.sha256)[:16]
        room = await self._store.read(media.room, visitor, self.quota, sender)
        kept = await self._take(request, min(media.LIMIT, room))
        return await self._keep(kept, visitor=visitor, sender=sender)

    async def from_operator(self, operator: bytes, request: Request) -> Response:
        """An operator's upload. Refusals: too_large, bad_file."""
        return await self._keep(await self._take(request, media.LIMIT), operator=operator)

    async def _take(self, request: Request, limit: int) -> media.Kept:
        name = unquote(request.headers.get("x-file-name", ""))[:500]
        upload = await self._media.receive(_parts(request), name=name, limit=limit)
        return await self._media.settle(upload)

    async def _keep(
        self,
        kept: media.Kept,
        *,
        visitor: bytes | None = None,
        operator: bytes | None = None,
        sender: bytes | None = None,
    ) -> Response:
        try:
            attachment = await self._store.write(_kept, kept, visitor, operator, self.quota, sender)
        except BaseException:
            await self.drop([kept.id])
            raise
        return Json(self._signed(attachment))

    async def sweep(self) -> None:
        """Delete what was uploaded and never sent, and files that a crash left without a row."""
        orphans = await self._store.write_background(media.orphans)
        before = self._clock() / 1_000_000 - 3600
        # A folder of many files takes its time, and the loop has sockets to serve.
        old = await asyncio.to_thread(lambda: list(self._media.ids(before)))
        strays = await self._store.read(media.unknown, old)
        await asyncio.to_thread(self._media.delete, [*orphans, *strays])

    async def take(self, body: bytes, name: str) -> media.Kept:
        """A file that came with a message of another channel. Refusals: bad_file, unavailable."""
        return await self._media.take(body, name)

    async def read(self, attachment: bytes) -> bytes | None:
        """The bytes of a file; None when it is gone."""
        return await self._media.read(attachment)

    def link(self, attachment: bytes) -> str:
        """An address of a file that is good for half an hour at least."""
        return self._links.path(attachment, self._links.until(self._clock()))

    async def drop(self, ids: list[bytes]) -> None:
        """Delete files whose rows have gone."""
        await asyncio.to_thread(self._media.delete, ids)

    def path(self, attachment: bytes) -> Path:
        """Where the file of an attachment lies."""
        return self._media.path(attachment)

    def scratch(self, name: str) -> Path:
        """A place for a file that need not survive a restart."""
        return self._media.incoming / name

    # --- handing out

    async def file(self, link: str, scope: Scope) -> Response:
        """A file by its link, or an operator's picture by its name. Refusals: not_found."""
        if _FACE.fullmatch(link):
            return await self._face(bytes.fromhex(link))
        now = self._clock()
        asked = self._links.check(link, now)
        found = await self._store.read(media.get, asked.id)
        path = self._media.path(asked.id, asked.part)
        if found is None or not path.exists():
            raise Refusal("not_found", "link: this file has been deleted")
        headers = media.headers(found, asked.part, (asked.expires - now) // 1_000_000)
        return FileResponse(path, headers=headers, media_type=headers["content-type"])

    async def _face(self, name: bytes) -> Response:
        data = await self._store.read(faces.data_of, name)
        if data is None:
            raise Refusal("not_found", "link: there is no such picture (any more)")
        headers = {
            "cross-origin-resource-policy": "cross-origin",
            "cache-control": "public, max-age=31536000, immutable",
            "content-security-policy": media.serving.CSP,
            "content-disposition": "inline",
        }
        return Response(data, 200, headers, "image/webp")

    def signed(self, item: Any) -> Any:
        """A message with its attachments' links signed; anything else as it is."""
        if isinstance(item, Said | Message) and item.attachments:
            return msgspec.structs.replace(item, attachments=[self._signed(one) for one in item.attachments])
        return item

    def _signed(self, file: Attachment) -> Attachment:
        until = self._links.until(self._clock())
        raw = hex_id(file.id)
        thumb = self._links.path(raw, until, "thumb") if file.thumb else ""
        return msgspec.structs.replace(file, url=self._links.path(raw, until), thumb=thumb)


async def _parts(request: Request) -> AsyncIterator[bytes]:
    async for part in request.stream():
        yield part


def _uploader(tx: Tx, site: str, token: str) -> bytes:
    holder = tokens.holder(tx, site, token)
    if holder is None:
        raise Refusal("not_signed_in", "file: open the chat first; this browser has no good token")
    if tokens.blocked(tx, holder.visitor):
        raise Refusal("blocked", "this site does not take files from this browser")
    return holder.visitor


def _kept(
    tx: Tx,
    kept: media.Kept,
    visitor: bytes | None,
    operator: bytes | None,
    quota: media.Quota,
    sender: bytes | None,
) -> Attachment:
    media.keep(tx, kept, visitor=visitor, operator=operator, quota=quota, sender=sender)
    return Attachment(
        id=id_hex(kept.id),
        name=kept.name,
        type=kept.media_type,
        size=kept.size,
        url="",
        inline=kept.inline,
        width=kept.width or 0,
        height=kept.height or 0,
        thumb="thumb" if kept.thumb else "",
    )
