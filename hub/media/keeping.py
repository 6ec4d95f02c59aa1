"""The folder of files: from bytes that arrive to a file that counts.

    media/incoming/…       uploads under way; emptied at every start
    media/ab/abcd….        a file, by the 32 hex digits of its id
    media/ab/abcd….thumb   its small picture

Nothing in a path comes from outside. A file appears under its id complete and synced, or not at all. Disk work and drawing
run in threads of our own, one picture at a time; an upload that is cancelled, refused or cut off leaves nothing behind.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from hub.media import kinds, naming, pictures
from hub.media.attachments import Kept
from hub.media.links import Part
from hub.wire import Refusal

T = TypeVar("T")

LIMIT = 20_000_000
"""Bytes in one file, unless the settings say otherwise."""
RESERVE = 64_000_000
"""Bytes of the disk that files leave free: messages are stored on it too, and matter more."""
AT_ONCE = 32
"""Uploads under way in the whole hub."""
BATCH = 262_144
"""Bytes gathered before they are written."""
PATIENCE = 300.0
"""Seconds for one upload to arrive."""


class Upload(msgspec.Struct, frozen=True):
    """A file that has arrived and is not looked at yet. Give it to `settle` or `discard`."""

    path: Path
    name: str
    size: int


class MediaFolder:
    """Where the files are, for those who neither take nor draw any."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, attachment: bytes, part: Part = "file") -> Path:
        """Where the file of an attachment lies, or its small picture."""
        name = attachment.hex()
        return self._folder / name[:2] / (f"{name}.thumb" if part == "thumb" else name)

    def delete(self, ids: Iterable[bytes]) -> None:
        """Delete files; those that are gone are no error."""
        for each in ids:
            self.path(each).unlink(missing_ok=True)
            self.path(each, "thumb").unlink(missing_ok=True)


class MediaStore(MediaFolder):
    """Files below `folder`. Made on the event loop's side; its methods that are not `async` are for threads."""

    def __init__(self, folder: Path, *, reserve: int = RESERVE, at_once: int = AT_ONCE) -> None:
        super().__init__(folder)
        self.incoming = folder / "incoming"
        self._reserve = reserve
        self._at_once = at_once
        self._under_way = 0
        self._disk = ThreadPoolExecutor(2, "media-disk")
        self._drawing = ThreadPoolExecutor(1, "media-drawing")
        shutil.rmtree(self.incoming, ignore_errors=True)  # what a crash has left
        self.incoming.mkdir(mode=0o700, parents=True)
        folder.chmod(0o700)

    async def receive(
        self, chunks: AsyncIterator[bytes], *, name: str, limit: int = LIMIT, patience: float = PATIENCE
    ) -> Upload:
        """Take a file as it comes, at most `limit` bytes within `patience` seconds.

        Raises:
            Refusal: `too_large`; `bad_file` when it is empty; `rate_limited` when it comes too slowly; `unavailable` when the
                disk is full or too much is under way.
            Whatever `chunks` raises, with nothing left behind; cancelling does the same.
        """
        with self._turn():
            path = self.incoming / secrets.token_hex(16)
            try:
                async with asyncio.timeout(patience):
                    return Upload(path, name, await self._write(chunks, path, limit))
            except TimeoutError:
                path.unlink(missing_ok=True)
                raise Refusal(
                    "rate_limited",
                    f"file: expected all of it within {patience:.0f} s; try again on a better line",
                    retry_after=30,
                ) from None
            except BaseException:
                path.unlink(missing_ok=True)
                raise

    async def take(self, body: bytes, name: str) -> Kept:
        """A file that is in memory already: `receive` and `settle`. Raises as they do."""

        async def whole() -> AsyncIterator[bytes]:
            yield body

        return await self.settle(await self.receive(whole(), name=name, limit=len(body)))

    async def read(self, attachment: bytes) -> bytes | None:
        """The bytes of a file, read in a thread; None when it is gone."""
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._disk, self.path(attachment).read_bytes
            )
        except FileNotFoundError:
            return None

    async def settle(self, upload: Upload) -> Kept:
        """Decide what the file is, draw a picture anew, and put it in its place; the upload is used up either way.

        Raises:
            Refusal: `bad_file` for programs and for pictures that cannot be drawn; `unavailable` when the disk is full.
        """
        made = secrets.token_bytes(16)
        try:
            with self._turn(), _disk_trouble():
                return await _to_the_end(self._drawing, self._settle, upload, made)
        except BaseException:
            self.delete([made])
            raise
        finally:
            self.discard(upload)

    def discard(self, upload: Upload) -> None:
        """Delete an upload that is not wanted after all."""
        upload.path.unlink(missing_ok=True)

    def ids(self, older_than: float) -> Iterator[bytes]:
        """The ids of files last written before `older_than` (seconds since 1970); with `unknown` this finds files without a row."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(ValueError, FileNotFoundError):  # something else, or deleted meanwhile
                if path.stat().st_mtime < older_than:
                    yield bytes.fromhex(path.name.removesuffix(".thumb"))

    def close(self) -> None:
        """Wait for what is being written."""
        self._disk.shutdown()
        self._drawing.shutdown()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._under_way >= self._at_once:
            raise Refusal(
                "unavailable",
                f"file: {self._at_once} uploads are under way already; try again in a moment",
                retry_after=5,
            )
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def _write(self, chunks: AsyncIterator[bytes], path: Path, limit: int) -> int:
        """The number of bytes, all of them synced."""
        size, batch = 0, bytearray()
        with _disk_trouble():
            made = _new_file(path)
        with made as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise Refusal(
                        "too_large",
                        f"file: expected at most {limit / 1e6:g} MB, got more; send a smaller one",
                    )
                batch += chunk
                if len(batch) >= BATCH:
                    await self._on_disk(self._append, file, batch)
                    batch = bytearray()
            if not size:
                raise Refusal("bad_file", "file: expected some bytes, got an empty file; choose another one")
            await self._on_disk(self._append, file, batch)
            await self._on_disk(os.fsync, file.fileno())
        return size

    async def _on_disk(self, work: Callable[..., object], *args: object) -> None:
        with _disk_trouble():
            await _to_the_end(self._disk, work, *args)

    def _append(self, file: BinaryIO, data: bytes) -> None:
        if shutil.disk_usage(self._folder).free < self._reserve + len(data):
            raise OSError("the space kept for messages is reached")
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]

    def _settle(self, upload: Upload, made: bytes) -> Kept:
        # Cleaned first and judged afterwards: `setup.exe` with an invisible letter behind it must not become a program later.
        name = naming.clean(upload.name)
        kind = kinds.kind_of(*_ends(upload), name)
        name = naming.clean(name, kind.extensions, kinds.KNOWN)
        self._make_folder(self.path(made).parent)
        if kind.picture is None:
            upload.path.replace(self.path(made))
            _sync_folder(self.path(made).parent)
            return Kept(id=made, name=name, media_type=kind.media_type, size=upload.size)
        drawn = _draw(upload.path.read_bytes(), kind.picture)
        for part, data in _parts(drawn):
            self._place(made, part, data)
        _sync_folder(self.path(made).parent)
        return Kept(
            id=made, name=name, media_type=kind.media_type, size=len(drawn.data),
            width=drawn.width, height=drawn.height, thumb=drawn.thumb is not None, inline=True,
        )  # fmt: skip

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(self._folder)

    def _place(self, attachment: bytes, part: Part, data: bytes) -> None:
        """Write a part under its final name by way of `incoming`."""
        made = self.incoming / secrets.token_hex(16)
        try:
            with _new_file(made) as file:
                self._append(file, data)
                os.fsync(file.fileno())
            made.replace(self.path(attachment, part))
        finally:
            made.unlink(missing_ok=True)


async def _to_the_end(threads: ThreadPoolExecutor, work: Callable[..., T], *args: object) -> T:
    """Run `work` in a thread. When cancelled, wait for the thread first: what it writes to is about to be taken away."""
    running = asyncio.get_running_loop().run_in_executor(threads, work, *args)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # looked at, so that it is not reported as forgotten
        raise


@contextmanager
def _disk_trouble() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise
    except OSError as error:
        raise Refusal(
            "unavailable",
            f"file: it cannot be stored now ({error.strerror or error}); try again later",
            retry_after=60,
        ) from error


def _draw(data: bytes, kind: str) -> pictures.Drawn:
    try:
        return pictures.draw(data, kind)
    except pictures.BadPicture as error:
        raise Refusal("bad_file", f"file: expected {error}") from error


def _parts(drawn: pictures.Drawn) -> Iterator[tuple[Part, bytes]]:
    if drawn.thumb is not None:
        yield "thumb", drawn.thumb
    yield "file", drawn.data


def _ends(upload: Upload) -> tuple[bytes, bytes]:
    """The first and the last bytes, which do not overlap."""
    with upload.path.open("rb") as file:
        head = file.read(kinds.HEAD)
        file.seek(max(len(head), upload.size - kinds.HEAD))
        return head, file.read()


def _new_file(path: Path) -> BinaryIO:
    """Unbuffered, and for nobody else's eyes."""
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)  # noqa: PTH123 - of a descriptor


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
