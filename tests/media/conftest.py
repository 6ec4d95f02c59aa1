"""A media folder of one's own, and makers of the files that people and attackers send."""

import io
from pathlib import Path

import pytest
from PIL import Image

from hub.media import MediaStore
from hub.store import scratch_tx


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


class Folder(MediaStore):
    """A media store that tells what lies in it."""

    def __init__(self, folder: Path, **settings) -> None:
        super().__init__(folder, **settings)
        self.folder = folder

    async def take(self, data: bytes, name: str = "file", **settings):
        """Receive and settle."""
        return await self.settle(await self.receive(chunks(data), name=name, **settings))

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def media(tmp_path):
    store = Folder(tmp_path / "media", reserve=0)
    yield store
    store.close()


async def chunks(data: bytes, size: int = 65_536):
    for at in range(0, len(data), size):
        yield data[at : at + size]


def picture(kind: str = "PNG", size=(40, 30), mode: str = "RGB", color=None, **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color if color is not None else 0).save(out, kind, **options)
    return out.getvalue()


def animation(kind: str = "GIF", count: int = 4, size=(20, 20), **options) -> bytes:
    frames = [Image.new("RGB", size, (n * 50 % 256, n // 5 % 256, 0)) for n in range(count)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=70, loop=0, **options)
    return out.getvalue()


@pytest.fixture
def make():
    """`make.picture(…)`, `make.animation(…)`, `make.chunks(…)`: tests are no package, so makers come as a fixture."""

    class Makers:
        pass

    makers = Makers()
    makers.picture, makers.animation, makers.chunks, makers.folder = picture, animation, chunks, Folder
    return makers
