"""Links to attachments that are their own permission.

A page of another origin shows a picture by its address alone: no cookie, no header. So the address carries a signature over
the attachment, the part and an end, and the hub hands such addresses only to who may see the file. A visitor's token is never
part of an address. Ends are rounded to half hours: everybody who asks within one gets the same address, which browsers can cache.
"""

import base64
import hashlib
import hmac
import os
import re
from pathlib import Path
from typing import Literal

import msgspec

from hub.wire import Refusal

Part = Literal["file", "thumb"]

STEP = 1_800_000_000
"""Microseconds; an address is good for one to two steps: 30 to 60 minutes."""
PREFIX = "/media/"
KEY_FILE = "media.key"

_LINK = re.compile(r"([0-9a-f]{32})\.([0-9]{1,19})\.(file|thumb)\.([A-Za-z0-9_-]{43})", re.ASCII)


class Asked(msgspec.Struct, frozen=True):
    """What a good link asks for. `expires` in UTC microseconds."""

    id: bytes
    part: Part
    expires: int


def secret(folder: Path) -> bytes:
    """The hub's own 32 random bytes for these links: made at the first start, readable by nobody else.

    Raises:
        ValueError: the file is there and holds something else.
    """
    path, new = folder / KEY_FILE, folder / f"{KEY_FILE}.new"
    if path.exists():
        return _existing(path)
    new.unlink(missing_ok=True)
    made = os.urandom(32)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)  # complete or not there: half a key would refuse every later start
    return made


def _existing(path: Path) -> bytes:
    found = path.read_bytes()
    if len(found) != 32 or len(set(found)) < 8:
        raise ValueError(
            f"{path}: expected 32 random bytes, got {len(found)}; delete the file, and a new one is made at the next start"
        )
    path.chmod(0o600)
    return found


class Links:
    """Makes and checks links with one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @staticmethod
    def until(now: int) -> int:
        """When a link made at `now` ends; the same for half an hour. Microseconds, both."""
        return (now // STEP + 2) * STEP

    def path(self, attachment: bytes, expires: int, part: Part = "file") -> str:
        """The path of an attachment (or its small picture) that is good until `expires`."""
        return f"{PREFIX}{attachment.hex()}.{expires}.{part}.{self._signature(attachment, expires, part)}"

    def check(self, link: str, now: int) -> Asked:
        """What `link`, the path after `/media/`, asks for.

        Raises:
            Refusal: `not_found`, in the same words whether it was altered, is over, or never was a link.
        """
        found = _LINK.fullmatch(link)
        if found is not None:
            asked, expires, part = bytes.fromhex(found[1]), int(found[2]), found[3]
            good = hmac.compare_digest(self._signature(asked, expires, part).encode(), found[4].encode())
            # A leading zero would be another address for the same file, and caches would keep both.
            if good and found[2] == str(expires) and now < expires:
                return Asked(asked, "thumb" if part == "thumb" else "file", expires)
        raise Refusal(
            "not_found",
            "link: expected one this hub has given out within the hour; open the conversation again for a new one",
        )

    def _signature(self, attachment: bytes, expires: int, part: str) -> str:
        said = b"attachment\0" + attachment + expires.to_bytes(9, "big") + part.encode()
        return base64.urlsafe_b64encode(hmac.digest(self._secret, said, hashlib.sha256)).rstrip(b"=").decode()
