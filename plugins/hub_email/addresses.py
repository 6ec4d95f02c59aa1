"""Addresses in a header: From, Sender, Reply-To, To, Cc (RFC 5322 §3.4, and what is written instead).

One pass over the characters, brackets and quotes respected, so that an address inside a display name or a comment is never taken for
the address. Groups give their members. A form that leaves doubt is kept but not `sound`: what stands for a person has to be beyond it.
"""

import re
import unicodedata
from typing import Final

from hub_email.headers import words
from hub_email.mail import Address

MOST: Final = 1_000
"""Addresses of one field; the rest are left out."""
LONGEST_NAME: Final = 200
ATOMS: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
HOST: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:xn--[a-z0-9-]{1,59}|[a-z]{2,63})"
)
HIDDEN: Final = re.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Invisible, or turning the direction of what follows."""


def listed(value: str) -> list[Address]:
    """The addresses in a field's value, in order. What is none at all is left out."""
    found = (_address(*item) for item in _split(value))
    return [address for address in found if address is not None][:MOST]


def address_of(spec: str, name: str = "") -> Address | None:
    """One bare address; None when it has no two sides."""
    return _address(spec, name, True)


def normal(spec: str) -> str:
    """Lower case, the domain as A-label and without a dot behind it: what is compared and written to."""
    local, at, domain = spec.strip().rpartition("@")
    return f"{local.lower()}{at}{host_of(domain)}"


def host_of(domain: str) -> str:
    """A domain as mail servers compare it; one that IDNA refuses stays as it is, in lower case."""
    plain = domain.strip().rstrip(".").lower()
    if plain.isascii() or len(plain) > 253:
        return plain
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def name_of(text: str) -> str:
    """A display name fit to be shown: decoded, one line, without characters that hide or turn others."""
    return " ".join(HIDDEN.sub("", words(text.replace('"', ""))).split())[:LONGEST_NAME]


def _address(spec: str, name: str, certain: bool) -> Address | None:
    bare = "".join(spec.split()).removeprefix("mailto:").rstrip(".,;")
    local, at, domain = bare.rpartition("@")
    if not (local and at and domain) or len(bare) > 320:
        return None
    written = normal(bare)
    sound = certain and ATOMS.fullmatch(local) is not None and HOST.fullmatch(host_of(domain)) is not None
    # NFKC turns look-alikes into the letters they look like: an address that changes under it could become somebody else's.
    return Address(
        name=name_of(name),
        spec=bare,
        normal=written,
        sound=sound and unicodedata.normalize("NFKC", bare) == bare,
    )


def _split(value: str) -> list[tuple[str, str, bool]]:
    """(address, display name, certain) for each mailbox of a field."""
    found: list[tuple[str, str, bool]] = []
    reading = _Reading()
    for char in value:
        if reading.takes(char):
            continue
        if char in ",;":
            found.append(reading.taken())
            reading = _Reading()
        elif char == ":" and reading.spec is None and "@" not in "".join(reading.outside):
            reading = _Reading()  # what stood before was the name of a group
        else:
            reading.add(char)
    found.append(reading.taken())
    return [item for item in found if item[0]]


class _Reading:
    """One mailbox, being read. `depth` counts comments; a name may come as words before, or as a comment behind."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        self.comment: list[str] = []
        self.spec: list[str] | None = None
        self.quoted = self.escaped = self.inside = self.doubtful = False
        self.depth = 0

    def takes(self, char: str) -> bool:
        """Takes a character that cannot end this mailbox, and says whether it did."""
        if self.escaped:
            self.escaped = False
            self.add(char)
        elif char == "\\" and (self.quoted or self.depth):
            self.escaped = True
        elif char == '"' and not self.depth:
            self.quoted = not self.quoted
            self.add(char)  # kept, so that a quoted local part is never mistaken for another address
        elif self.quoted:
            self.add(char)
        elif char in "()":
            self.depth = max(self.depth + (1 if char == "(" else -1), 0)
        elif self.depth:
            self.comment.append(char)
        elif char == "<":
            self.doubtful |= self.spec is not None
            self.spec, self.inside = [], True
        elif char == ">":
            self.inside = False
        elif self.inside:
            self.add(char)
        else:
            return False
        return True

    def add(self, char: str) -> None:
        if self.depth:
            self.comment.append(char)
        elif self.inside and self.spec is not None:
            self.spec.append(char)
        else:
            self.outside.append(char)

    def taken(self) -> tuple[str, str, bool]:
        outside, comment = "".join(self.outside).strip(), "".join(self.comment).strip()
        broken = self.quoted or self.inside or self.depth > 0
        certain = not (self.doubtful or broken)
        if self.spec is None:
            if '"' in outside:
                return outside, comment, False
            # A bare address, or words with one among them, such as `Ann ann@shop.example`.
            bare = [word for word in outside.split() if "@" in word]
            if len(bare) != 1:
                return "", "", False
            return bare[0], comment, certain and outside == bare[0]
        spec = "".join(self.spec)
        if ":" in spec:  # a route, `@a,@b:ann@shop.example`, which nobody writes any more
            spec, certain = spec.rpartition(":")[2], False
        return spec, outside or comment, certain
