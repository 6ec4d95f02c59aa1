"""Identifiers and claims: how a source says who a customer is.

An identifier is a kind and a normalised value; a claim is what one source said, raw, at a level. This file holds the one table of
kinds, so that a channel, the identity rule and the console read the same limits and the same labels. A kind is *personal* (it names
a person), a *browser* (it names a device or one visit on it), or neither (a fax number never says who somebody is).
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType

import msgspec


class Level(enum.StrEnum):
    """How far a claim can be trusted; `rank` 0 is the best.

    verified: a signed identity token, a one-time code, a clicked mail link. observed: a cookie, an authenticated sender, a caller id,
    a CRM's own id. asserted: typed, imported, parsed out of text.
    """

    VERIFIED = "verified"
    OBSERVED = "observed"
    ASSERTED = "asserted"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {Level.VERIFIED: 0, Level.OBSERVED: 1, Level.ASSERTED: 2}


class Group(enum.StrEnum):
    """What sharing an identifier of this kind says about two touchpoints."""

    PERSONAL = "personal"
    BROWSER = "browser"
    NEITHER = "neither"


class IdentifierKind(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table of kinds.

    `priority` orders kinds inside a group (lower is stronger); `limit` is how many different values one customer may hold.
    """

    name: str
    label: str
    group: Group
    priority: int
    limit: int


class UnknownKind(ValueError):
    """A claim names a kind of identifier that is not in the table."""


def _kind(name: str, label: str, group: Group, priority: int, limit: int) -> tuple[str, IdentifierKind]:
    return name, IdentifierKind(name=name, label=label, group=group, priority=priority, limit=limit)


KINDS: Mapping[str, IdentifierKind] = MappingProxyType(
    dict(
        (
            _kind("user_id", "Account", Group.PERSONAL, 0, 1),
            _kind("email", "E-mail", Group.PERSONAL, 20, 8),
            _kind("phone", "Phone", Group.PERSONAL, 30, 6),
            _kind("xmpp", "Jabber", Group.PERSONAL, 40, 6),
            _kind("telegram", "Telegram", Group.PERSONAL, 41, 6),
            _kind("whatsapp", "WhatsApp", Group.PERSONAL, 42, 6),
            _kind("signal", "Signal", Group.PERSONAL, 43, 6),
            _kind("matrix", "Matrix", Group.PERSONAL, 44, 6),
            _kind("irc", "IRC", Group.PERSONAL, 45, 6),
            _kind("session", "Visit", Group.BROWSER, 80, 100_000),
            _kind("device", "Browser", Group.BROWSER, 90, 25),
            _kind("fax", "Fax", Group.NEITHER, 99, 100),
        )
    )
)
"""Every fixed kind by name. Ids of other systems are `ext:SYSTEM` (see `kind_of`)."""

EXT = "ext:"


def kind_of(name: str) -> IdentifierKind:
    """The row of a kind; `ext:SYSTEM` (a letter, then up to 62 letters, digits, `.`, `_`, `-`, `:`) is made on the fly.

    Raises UnknownKind, naming the kinds that exist.
    """
    if (known := KINDS.get(name)) is not None:
        return known
    system = name[len(EXT) :]
    if name.startswith(EXT) and 1 <= len(system) <= 63 and system[0].isalpha() and _plain(system):
        return IdentifierKind(name=name, label=system, group=Group.PERSONAL, priority=10, limit=1)
    raise UnknownKind(
        f"unknown kind of identifier {name[:80]!r}; expected one of {', '.join(KINDS)} or ext:SYSTEM"
    )


def _plain(system: str) -> bool:
    return system.isascii() and system.islower() and all(c.isalnum() or c in "._-:" for c in system)


class Identifier(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A kind and a normalised value: the unit that joins touchpoints."""

    kind: str
    value: str


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What one source said about who a customer is. `value` is raw: intake normalises it and keeps both."""

    kind: str
    value: str
    level: Level = Level.ASSERTED


class AttributeClaim(msgspec.Struct, frozen=True, kw_only=True):
    """What one source said about a customer besides who it is: `name`, `company`, `city`, `language` …

    `confidence` (0 to 1) ranks claims of one level, for values that were parsed out of text.
    """

    attribute: str
    value: str
    level: Level = Level.ASSERTED
    confidence: float = 1.0
