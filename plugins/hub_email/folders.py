"""Names of folders on the wire: modified UTF-7 (RFC 3501, section 5.1.3) in quotes."""

from __future__ import annotations

import base64
import re

_BEYOND = re.compile(r"[^\x20-\x7e]+")
_SHIFTED = re.compile(rb"&([A-Za-z0-9+,]*)-")


def encoded(name: str) -> bytes:
    """`Entwürfe` → `"Entw&APw-rfe"`."""

    def shifted(found: re.Match[str]) -> str:
        words = base64.b64encode(found[0].encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
        return f"&{words.decode()}-"

    return quoted(_BEYOND.sub(shifted, name.replace("&", "&-")))


def decoded(name: bytes) -> str:
    """The other way round; what is no UTF-7 stays as it is."""

    def unshifted(found: re.Match[bytes]) -> bytes:
        words = found[1].replace(b",", b"/")
        if not words:
            return b"&"
        try:
            return base64.b64decode(words + b"=" * (-len(words) % 4)).decode("utf-16-be").encode()
        except ValueError:
            return found[0]

    return _SHIFTED.sub(unshifted, name).decode("utf-8", "replace")


def quoted(text: str) -> bytes:
    """As a quoted string. What has a line end in it is no argument of a command."""
    if any(sign in text for sign in "\r\n\0"):
        raise ValueError("a line end in an argument of a command")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode()
