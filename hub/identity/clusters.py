"""Clusters in the making: what they hold, when two may not become one, and the explanation of each step.

All that decides is in `clash`, and every condition in it is hereditary: when a whole breaks none, none of its parts does. Only so may
the incremental engine take a component that breaks none for one record without asking the rule.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from itertools import combinations
from typing import Final

from hub.contract import kind_of
from hub.identity.names import Name, compatible
from hub.identity.terms import (
    Join,
    Key,
    Node,
    Refused,
    Rules,
    Ruling,
    is_browser,
    is_personal,
)

OPERATOR: Final = -1
"""The level of an operator's `same`: stronger than verified."""
VERIFIED: Final = 0
BROWSERS: Final = 3
"""Behind asserted: browsers join what is left."""


Held = dict[str, set[str]]
"""Values by kind."""


class Cluster:
    """Nodes that are one person so far. `held`, `verified`: values of the kinds that are counted, by kind. `proven`: verified evidence
    says who it is; `person`: it did when people were marked, or an operator has joined some who were. `foes`: nodes that an operator
    said are somebody else."""

    __slots__ = ("foes", "held", "names", "nodes", "order", "person", "personal", "proven", "verified")

    def __init__(self, node: Node, counted: Container[str]) -> None:
        self.nodes = [node.key]
        self.order = node.order
        self.held: Held = {}
        self.verified: Held = {}
        self.personal: set[Key] = set()
        self.names: set[Name] = set(node.names)
        self.foes: set[bytes] = set()
        self.proven = self.person = False
        for said in node.claims:
            kind, value = said.key
            if proves := said.proves:
                self.proven = True
            if kind in counted:
                for held in (self.held, self.verified) if proves else (self.held,):
                    held.setdefault(kind, set()).add(value)
            if is_personal(said.key):
                self.personal.add(said.key)


class Clusters:
    """A partition of nodes that only grows coarser. Joining relabels the smaller side, so a node moves O(log n) times."""

    def __init__(self, nodes: Iterable[Node], nevers: Iterable[Ruling], rules: Rules) -> None:
        self.rules = rules
        nodes = list(nodes)
        counted = _counted(nodes, rules)
        self._of = {node.key: Cluster(node, counted) for node in nodes}
        for never in nevers:
            self._of[never.a].foes.add(never.b)
            self._of[never.b].foes.add(never.a)
        self._alias: dict[Key, Key] = {}
        self.joins: list[Join] = []
        self.refused: list[Refused] = []

    def of(self, key: bytes) -> Cluster:
        """The cluster a node is in now."""
        return self._of[key]

    def distinct(self, keys: Iterable[bytes] | None = None) -> list[Cluster]:
        """The clusters of these nodes, or all, in canonical order: by the first event in each."""
        found = {id(c): c for c in map(self.of, self._of if keys is None else keys)}
        return sorted(found.values(), key=lambda c: c.order)

    def count_joined_as_one(self) -> None:
        """Two accounts that an operator declared one person's count as one from here on, everywhere."""
        clusters = self.distinct()
        for cluster in clusters:
            if len(cluster.nodes) > 1:
                for kind, values in cluster.held.items():
                    first = self._root((kind, min(values)))
                    for value in sorted(values):
                        if (own := self._root((kind, value))) != first:
                            self._alias[max(own, first)] = first = min(own, first)
        for cluster in clusters if self._alias else ():
            for held in (cluster.held, cluster.verified):
                held.update({kind: {self._root((kind, value))[1] for value in held[kind]} for kind in held})

    def _root(self, identifier: Key) -> Key:
        while identifier in self._alias:
            identifier = self._alias[identifier]
        return identifier

    def mark_people(self) -> None:
        """What verified evidence has joined is one person; from here on two of them never meet."""
        for cluster in self.distinct():
            cluster.person = cluster.proven

    def join(self, by: Key | Ruling, level: int, parts: Sequence[Cluster]) -> bool:
        """Make one cluster of these, unless that breaks a rule."""
        parts = list({id(part): part for part in parts}.values())
        if len(parts) < 2:
            return True
        nodes = tuple(part.nodes[0] for part in parts)
        if (reason := self.clash(by, level, parts)) is not None:
            self.refused.append(Refused(by, reason, nodes))
            return False
        self.joins.append(Join(by, nodes))
        into = max(parts, key=lambda part: len(part.nodes))
        for part in parts:
            if part is not into:
                self._swallow(into, part)
        return True

    def _swallow(self, into: Cluster, part: Cluster) -> None:
        into.nodes += part.nodes
        into.order = min(into.order, part.order)
        for ours, theirs in ((into.held, part.held), (into.verified, part.verified)):
            for kind, values in theirs.items():
                ours.setdefault(kind, set()).update(values)
        into.personal |= part.personal
        into.foes |= part.foes
        into.names |= part.names
        into.proven |= part.proven
        into.person |= part.person
        self._of.update(dict.fromkeys(part.nodes, into))

    def clash(self, by: Key | Ruling, level: int, parts: Sequence[Cluster]) -> str | None:
        """Why these may not be one, or None. Only a `never` stops an operator; names and other people's proofs stop no proof."""
        if self._meets_a_foe(parts):
            return "never"
        if isinstance(by, Ruling):
            return None
        if self._over_a_limit(kind_of(by[0]).priority, parts):
            return "limit"
        if level == VERIFIED:
            return None
        if sum(part.person for part in parts) > 1:
            return "verified"
        if not _names_fit(parts):
            return "names"
        return "browser" if is_browser(by) and not _one_is_named(parts) else None

    def _meets_a_foe(self, parts: Sequence[Cluster]) -> bool:
        here = {id(part) for part in parts}
        return any(id(self.of(foe)) in here for part in parts for foe in part.foes)

    def is_ruled_apart(self, cluster: Cluster, among: Sequence[Cluster]) -> bool:
        """Whether an operator said of somebody here that they are somebody else than another one of these."""
        return bool(cluster.foes) and any(self.of(foe) in among for foe in cluster.foes)

    def _over_a_limit(self, priority: int, parts: Sequence[Cluster]) -> bool:
        """More values of a kind than a person has, of the kinds no weaker than the one that joins: a verified account is not torn
        apart because it has a ninth e-mail address. What is verified is counted by itself as well: two proven accounts stay two
        even where each has been mentioned beside the other."""
        return self._too_many(priority, [part.held for part in parts]) or self._too_many(
            priority, [part.verified for part in parts]
        )

    def _too_many(self, priority: int, held: Sequence[Held]) -> bool:
        for kind in {kind for one in held for kind in one}:
            if kind_of(kind).priority > priority:
                continue
            values = [one[kind] for one in held if kind in one]
            most = max(self.rules.limit(kind), *map(len, values))
            # A person has few of what is limited; of visits, which are not, nothing is counted out.
            if sum(map(len, values)) > most and len(set().union(*values)) > most:
                return True
        return False


def _counted(nodes: Iterable[Node], rules: Rules) -> set[str]:
    """The kinds of which all nodes together claim more than one person may hold: of the others nobody can have too many."""
    kinds = Counter(kind for kind, _ in {said.key for node in nodes for said in node.claims})
    return {kind for kind, count in kinds.items() if count > rules.limit(kind)}


def _names_fit(parts: Sequence[Cluster]) -> bool:
    """Whether every name of one part may be the person of every other part. Names that one part alone carries need not fit each other."""
    carriers: dict[Name, set[int]] = {}
    for part in parts:
        for name in part.names:
            carriers.setdefault(name, set()).add(id(part))
    return all(compatible(a, b) or len(carriers[a] | carriers[b]) < 2 for a, b in combinations(carriers, 2))


def _one_is_named(parts: Sequence[Cluster]) -> bool:
    """Whether at most one part names a person, or each also carries a name to be compared. A part whose identifiers all belong to
    another part as well names nobody else."""
    most = max((part.personal for part in parts), key=len)
    named = [part for part in parts if not part.personal <= most]
    return not named or all(part.names for part in parts if part.personal)
