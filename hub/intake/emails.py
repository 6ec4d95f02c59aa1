"""E-mail addresses: one spelling each, and what an address is by itself.

What is folded is what mail servers fold (case, the domain's script, a dot behind it) and, at Gmail alone, dots and plus tags, which
mean nothing there. Elsewhere a plus tag may be another mailbox, so it stays. Addresses that cannot be delivered to by their form are
no identifiers; they are kept raw with their touchpoint.
"""

import functools
import re
import unicodedata
from typing import Final

import idna

from hub.intake.words import DISPOSABLE, PLACEHOLDER_DOMAINS, PLACEHOLDERS, ROLES, STAND_INS

LONGEST_LOCAL: Final = 64
LONGEST: Final = 254
GMAIL: Final = ("gmail.com", "googlemail.com")
MAILTO: Final = re.compile(r"mailto:([^?]*)", re.IGNORECASE)
INSIDE: Final = re.compile(r"[^<>]*<([^<>]+)>\s*")
"""Ann Berg <ann@shop.org>"""
BAD: Final = re.compile(r"[\s@<>()\[\],;:\\\"\x00-\x20\x7f]")


@functools.lru_cache(maxsize=16_384)
def fold(raw: str) -> str | None:
    """Casefolded, the domain as A-label (UTS 46); None if it is no address. Idempotent."""
    text = unicodedata.normalize("NFKC", raw).strip()
    for form in (INSIDE, MAILTO):
        if (found := form.fullmatch(text) if form is INSIDE else form.match(text)) is not None:
            text = found[1].strip()
    text = unicodedata.normalize("NFKC", text.strip("\"'<>,; ").casefold())
    local, _, domain = text.rpartition("@")
    host = _host(domain)
    if host is None or not local or BAD.search(local) or local.startswith(".") or local.endswith("."):
        return None
    if host in GMAIL:
        host, local = "gmail.com", local.partition("+")[0].replace(".", "")
    if not local or len(local) > LONGEST_LOCAL or len(local) + len(host) + 1 > LONGEST:
        return None
    return f"{local}@{host}"


def _host(domain: str) -> str | None:
    if len(domain) > LONGEST:
        return None
    try:
        host = idna.encode(domain.rstrip("."), uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return None
    return host if "." in host and not host.rpartition(".")[2].isdigit() else None


def is_placeholder(value: str) -> bool:
    """Typed to get past a field, or a mailbox that anybody may open."""
    local, _, domain = value.partition("@")
    name = domain.partition(".")[0]
    return (
        domain in PLACEHOLDER_DOMAINS
        or domain in DISPOSABLE
        or local in PLACEHOLDERS
        or domain.endswith(".invalid")
        or (local in STAND_INS and (name in PLACEHOLDERS or name in STAND_INS))
        or local == name in STAND_INS
    )


def is_role(value: str) -> bool:
    """A desk's mailbox: many people write from it, and none of them is it. A plus tag changes nothing of that."""
    return value.partition("@")[0].partition("+")[0] in ROLES
