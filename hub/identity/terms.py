"""The values the rule speaks of: evidence nodes, rulings, its settings, and the explanation it leaves behind. Pure.

Everything here is content: nothing carries an arrival time or a row id, so nothing computed from it can depend on them.
"""

from typing import Final, NamedTuple

import msgspec

from hub.contract import KINDS, Group, kind_of
from hub.intake.names import Name

Key = tuple[str, str]
"""(kind, value) of an identifier."""

LINKS: Final = "links"
ROLE: Final = "role"
JUNK: Final = "junk"
SHARED: Final = "shared"
BLOCKED: Final = "blocked"
HELD: Final = "held"

LATER: Final = b"\xff" * 16
"""Behind every touch id: the order of what no touchpoint has said."""


class Said(NamedTuple):
    """One claim of a node: the identifier, the rank of its level (0 = verified), and what the value is by itself (links, role,
    junk, or held: typed where the site lets typed identifiers join nobody)."""

    key: Key
    rank: int
    status: str

    @property
    def proves(self) -> bool:
        """Whether it proves who somebody is: verified, and no desk's or mailbox's that many share."""
        return self.rank == 0 and self.status == LINKS and is_personal(self.key)


class Node(NamedTuple):
    """Evidence: touchpoints that say the same. `first` is the smallest touch id, None for the empty node of an identifier that a
    ruling names."""

    key: bytes
    first: bytes | None
    claims: tuple[Said, ...]
    names: tuple[Name, ...] = ()

    @property
    def order(self) -> tuple[bytes, bytes]:
        return self.first or LATER, self.key


class Ruling(NamedTuple):
    """A `same` or `never` in force between two nodes."""

    decision: bytes
    at: int
    op: str
    a: bytes
    b: bytes


class Join(NamedTuple):
    """Why nodes are together: the identifier, or the ruling, that joined clusters. `parts` holds one node for each, in order."""

    by: Key | Ruling
    parts: tuple[bytes, ...]


class Refused(NamedTuple):
    """Why nodes that share an identifier are not together. `reason`: never, limit, verified, names, browser, choice (says nothing
    that would tell whose it is), or the status of an identifier that joins nobody. `parts` as in `Join`."""

    by: Key | Ruling
    reason: str
    parts: tuple[bytes, ...]


class Partition(NamedTuple):
    """`records`: sets of node keys, each node in exactly one. `joins` and `refused`: the chain of reasons, in the order taken."""

    records: tuple[frozenset[bytes], ...]
    joins: tuple[Join, ...]
    refused: tuple[Refused, ...]


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of the rule, by kind of identifier.

    `limits`: how many values one customer may hold, where not as in the table of kinds. `others`: an identifier whose own
    touchpoints name more than so many other personal identifiers is shared. `crowds`: so is one of more evidence nodes than
    this, if they name rivals.
    """

    limits: dict[str, int] = {}
    others: dict[str, int] = msgspec.field(
        default_factory=lambda: {"device": 6, "phone": 6, "email": 8, "session": 4}
    )
    crowds: dict[str, int] = msgspec.field(
        default_factory=lambda: {"device": 200, "session": 200, "email": 1000, "phone": 1000}
    )

    def limit(self, kind: str) -> int:
        """How many different values of a kind one customer may hold."""
        found = self.limits.get(kind)
        return kind_of(kind).limit if found is None else found


DEFAULT: Final = Rules()


_BROWSERS: Final = frozenset(kind.name for kind in KINDS.values() if kind.group is Group.BROWSER)
_PERSONAL: Final = frozenset(kind.name for kind in KINDS.values() if kind.group is Group.PERSONAL)


def is_personal(key: Key) -> bool:
    """Whether an identifier names a person."""
    kind = key[0]  # asked half a million times of a large record
    return kind in _PERSONAL or (kind not in KINDS and kind_of(kind).group is Group.PERSONAL)


def is_browser(key: Key) -> bool:
    """Whether an identifier names a browser or a visit on it."""
    return key[0] in _BROWSERS
