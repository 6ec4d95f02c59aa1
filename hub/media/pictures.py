"""Pictures drawn anew: decoded and encoded again, so that only what we drew is ever shown in a page.

What does not survive: the place and time a phone wrote into the file (EXIF, GPS, comments), scripts that hide behind a valid
header, and anything that would make a browser's decoder stumble. What does: the picture the right way up, its transparency,
and a short animation. Runs in a thread, one picture at a time, so the limits below bound memory for the whole hub (some
200 MB at worst); a picture beyond them is refused before a pixel is decoded.
"""

import io
import struct
from collections.abc import Iterator
from typing import Any

import msgspec
from PIL import ExifTags, Image, ImageCms, ImageOps, ImageSequence

PIXELS = 16_000_000
"""In a picture after decoding: a 5K screen has fewer, and so have the 12 of most phones."""
WEBP_PIXELS = 12_000_000
"""Its decoder holds a picture three times."""
JPEG_PIXELS = 80_000_000
"""In a JPEG that can be decoded at half its size or less as it streams by; below Pillow's own alarm."""
FRAMES = 200
MOVING_PIXELS = 16_000_000
"""In all frames of an animation together; beyond this or `FRAMES` the first frame is kept."""
THUMB = 480
"""Pixels, the longer edge of the small picture."""
SHORTEST_FRAME = 20
"""Milliseconds."""
LARGEST_PROFILE = 2_000_000
"""Bytes of a colour profile that is applied; larger ones are passed over."""


class BadPicture(Exception):
    """It cannot be drawn; the text says why, fit for its sender."""


class Drawn(msgspec.Struct, frozen=True):
    """A picture as it is kept: the same format as before, without anything that is not picture."""

    data: bytes
    width: int
    height: int
    thumb: bytes | None
    """WebP; None when the picture itself is that small."""


def draw(data: bytes, kind: str) -> Drawn:
    """Draw the picture in `data` anew.

    Raises:
        BadPicture: not a picture of this format, cut short, or too large to decode.
    """
    try:
        frames, pace = _decoded(data, kind)
        made = _encoded(frames[0], kind) if len(frames) == 1 else _animation(frames, pace, kind)
        return Drawn(made, *frames[0].size, _thumb(frames[0]))
    except BadPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPicture(
            f"at most {PIXELS // 1_000_000} million pixels, got far more; make it smaller first"
        ) from None
    except (Exception, MemoryError) as error:  # decoders of hostile bytes raise whatever they stumble over
        raise BadPicture(
            f"a whole {kind} picture, got one that cannot be read ({type(error).__name__})"
        ) from error


def _decoded(data: bytes, kind: str) -> tuple[list[Image.Image], dict[str, Any]]:
    """The frames of a picture, one for most, and how fast they follow. The decoder and its memory are gone when this returns."""
    with _opened(data, kind) as source:
        if kind not in ("GIF", "WEBP"):
            return [_still(source, kind)], {}
        frames = list(_frames(source))
        return frames, _pace(source, len(frames)) if len(frames) > 1 else {}


def _opened(data: bytes, kind: str) -> Image.Image:
    """The picture, nothing decoded yet."""
    if kind == "WEBP":
        _bounded(*_webp_size(data), WEBP_PIXELS)  # its decoder reserves all memory as soon as it is opened
    source = Image.open(io.BytesIO(data), formats=[kind])
    if kind != "JPEG":
        _bounded(*source.size, PIXELS)
        return source
    streams = _one_scan(data)
    _bounded(*source.size, JPEG_PIXELS if streams else PIXELS)
    scale = next(n for n in (1, 2, 4, 8) if source.width * source.height <= PIXELS * n * n)
    if scale > 1:
        source.draft("RGB", (source.width // scale, source.height // scale))
    return source


def _bounded(width: int, height: int, most: int) -> None:
    if width * height > most:
        raise BadPicture(
            f"at most {most // 1_000_000} million pixels, got {width} × {height}; make it smaller first"
        )


def _webp_size(data: bytes) -> tuple[int, int]:
    chunk = data[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF


def _one_scan(data: bytes) -> bool:
    """Whether the JPEG's first scan has all its components, and is not progressive: then it is decoded row by row.
    Otherwise the decoder holds every coefficient of the picture, whatever size is asked of it."""
    at, components = 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xDA:
            return components > 0 and data[at + 4] == components
        if marker in (0xC0, 0xC1):
            components = data[at + 9]
        at += 2 + length
    return False


def _still(source: Image.Image, kind: str) -> Image.Image:
    picture = _true_colours(_upright(source))
    return _plain(picture, ("L", "RGB") if kind == "JPEG" else ("1", "L", "P", "LA", "RGB", "RGBA"))


def _upright(source: Image.Image) -> Image.Image:
    source.load()
    try:
        turned = source.getexif().get(ExifTags.Base.Orientation, 1) != 1
        return ImageOps.exif_transpose(source) if turned else source
    except Exception:  # the tag is optional, and its container as hostile as the rest
        return source


def _true_colours(picture: Image.Image) -> Image.Image:
    """Colours of a camera's or printer's own space as every screen has them, since the profile is not kept."""
    profile = picture.info.get("icc_profile")
    if not profile or len(profile) > LARGEST_PROFILE or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        seen = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return seen or picture


def _plain(picture: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    """A copy in one of `modes` that carries pixels and a palette, and no notes of any kind."""
    clear = "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBA", "RGBa")
    if picture.mode.startswith("I"):  # 16 bits of grey
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    wanted = "RGBA" if clear and "RGBA" in modes else picture.mode
    copy = picture.convert(wanted if wanted in modes else "RGB")
    copy.info = {}
    return copy


def _frames(source: Image.Image) -> Iterator[Image.Image]:
    """The first frame, and the others if they are few and small enough. Counted by stepping: a GIF of a million frames is
    otherwise walked to its end by asking for their number."""
    most = min(FRAMES, MOVING_PIXELS // (source.width * source.height))
    moves = _moves(source, most)
    source.seek(0)
    if not moves:
        yield _plain(_upright(source), ("RGB", "RGBA"))
        return
    for frame in ImageSequence.Iterator(source):
        frame.load()
        yield _plain(frame, ("RGB", "RGBA"))


def _moves(source: Image.Image, most: int) -> bool:
    """Whether there are 2 to `most` frames. A frame of a GIF may be larger than the picture, and the decoder would follow it."""
    size = source.size
    for n in range(1, most + 1):
        try:
            source.seek(n)
        except EOFError:
            return n > 1
        if source.size != size:
            raise BadPicture(f"frames of {size[0]} × {size[1]}, got one of {source.width} × {source.height}")
    return False


def _pace(source: Image.Image, count: int) -> dict[str, Any]:
    durations = []
    for n in range(count):
        source.seek(n)
        source.load()
        durations.append(max(int(source.info.get("duration") or 100), SHORTEST_FRAME))
    loop = {"loop": source.info["loop"]} if "loop" in source.info else {}
    return {"duration": durations, **loop}


def _animation(frames: list[Image.Image], pace: dict[str, Any], kind: str) -> bytes:
    if len({frame.mode for frame in frames}) > 1:
        frames = [frame.convert("RGBA") for frame in frames]
    how = {"disposal": 2} if kind == "GIF" else {"quality": 80, "method": 2}
    return _encoded(frames[0], kind, save_all=True, append_images=frames[1:], **how, **pace)


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    usual: dict[str, dict[str, object]] = {"JPEG": {"quality": 88}, "WEBP": {"quality": 85}}
    out = io.BytesIO()
    picture.save(out, kind, **{**usual.get(kind, {}), **options})
    return out.getvalue()


def _thumb(picture: Image.Image) -> bytes | None:
    if max(picture.size) <= THUMB:
        return None
    small = picture.convert("RGBA" if picture.mode in ("RGBA", "LA") else "RGB")
    small.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    return _encoded(small, "WEBP", quality=80)
