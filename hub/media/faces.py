"""A face: a small square picture of an operator, drawn anew from what they chose."""

import io

from PIL import Image, ImageOps

from hub.media import kinds, pictures
from hub.wire import Refusal

LARGEST = 5_000_000
"""Bytes of the picture that a face is made of."""
EDGE = 160
"""Pixels of a face: sharp at the 44 that the largest is shown at, on any screen."""
_KINDS = ("PNG", "JPEG", "WEBP")


def face(data: bytes) -> bytes:
    """The middle of a PNG, JPEG or WebP, small and square, as WebP. For a thread: it takes some tens of milliseconds.

    Raises:
        Refusal: `bad_file` for anything else, and for what cannot be drawn.
    """
    kind = kinds.kind_of(data[: kinds.HEAD], b"", "").picture
    if kind not in _KINDS:
        raise Refusal("bad_file", "picture: expected a PNG, a JPEG or a WebP, got something else")
    try:
        drawn = pictures.draw(data, kind)
    except pictures.BadPicture as error:
        raise Refusal("bad_file", f"picture: expected {error}") from error
    with Image.open(io.BytesIO(drawn.thumb or drawn.data)) as source:
        square = ImageOps.fit(source.convert("RGBA"), (EDGE, EDGE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    square.save(out, "WEBP", quality=86, method=6)
    return out.getvalue()
