"""The rule: evidence and rulings in, customers out. Pure, and independent of the order in which anything arrived.

Canonical constrained clustering: an identifier is a hyperedge over the evidence nodes that claim it. Hyperedges are taken strongest
first, in an order computed from content alone, and each joins all its claimants if the union breaks no rule. If it would, the
identifier is *scoped by person*: claimants known by something else are grouped where they are compatible, rivals stay apart, and
claimants that say nothing else join only if there is no choice. "The first one wins" would hand a shared browser to a stranger, and
"nobody gets it" would let one hostile report shatter a record.

Two verified people are never in one record unless an operator said `same`. Which kinds join at which level is the table LINKS_DOWN_TO;
this file is the oracle of the tests as well as what the incremental engine calls on the few nodes that could break a rule.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from hub.contract import Group, Level, kind_of

LINKS_DOWN_TO: Final[Mapping[Group, Level | None]] = {
    Group.PERSONAL: Level.VERIFIED,
    Group.BROWSER: Level.OBSERVED,
    Group.NEITHER: None,
}
"""The weakest level at which an identifier joins. A claim below it is kept and shown, and joins nobody."""

Key = tuple[str, str]
"""(kind, value) of an identifier."""


class Node(NamedTuple):
    """Evidence: touchpoints that say the same. `first` is the smallest touch id, None for the empty node of an identifier that a
    ruling names. `claims` are the linking ones, with the rank of their level (0 = verified)."""

    key: bytes
    first: bytes | None
    claims: tuple[tuple[Key, int], ...]

    @property
    def order(self) -> tuple[bytes, bytes]:
        return self.first or b"\xff" * 16, self.key


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


class Partition(NamedTuple):
    """`records`: sets of node keys, each node in exactly one. `joins`: the chain of reasons."""

    records: tuple[frozenset[bytes], ...]
    joins: tuple[Join, ...]


def links(kind: str, level: Level, status: str) -> bool:
    """Whether a claim may join its touchpoint to others."""
    weakest = LINKS_DOWN_TO[kind_of(kind).group]
    return status == "links" and weakest is not None and level.rank <= weakest.rank


def partition(nodes: Iterable[Node], rulings: Iterable[Ruling]) -> Partition:
    """The records these nodes form. Pass whole components: no rule looks further."""
    work = _Clusters(nodes, in_force(rulings))
    for same in sorted(work.sames, key=lambda r: (r.at, r.decision), reverse=True):
        work.join(same, [work.of(same.a), work.of(same.b)])
    work.count_joined_as_one()
    edges = _edges(work.nodes.values())
    for edge in edges:
        if not edge.browser:
            work.take(edge)
    work.mark_people()
    for edge in edges:
        if edge.browser:
            work.take(edge)
    return Partition(tuple(frozenset(c.nodes) for c in work.distinct()), tuple(work.joins))


def in_force(rulings: Iterable[Ruling]) -> list[Ruling]:
    """For one pair of nodes the latest decision counts."""
    latest: dict[frozenset[bytes], Ruling] = {}
    for ruling in sorted(rulings, key=lambda r: (r.at, r.decision)):
        latest[frozenset((ruling.a, ruling.b))] = ruling
    return [ruling for pair, ruling in latest.items() if len(pair) == 2]


class _Edge(NamedTuple):
    identifier: Key
    browser: bool
    nodes: tuple[Node, ...]


def _edges(nodes: Iterable[Node]) -> list[_Edge]:
    """Every hyperedge in canonical order: verified before observed before asserted, browsers last; then stronger kinds, fewer
    claimants, earlier ones. Browsers come last whatever their level, or cookies would join people before their claims could object."""
    claimants: dict[Key, list[tuple[int, Node]]] = {}
    for node in nodes:
        for identifier, rank in node.claims:
            claimants.setdefault(identifier, []).append((rank, node))
    ordered = []
    for identifier, said in claimants.items():
        kind = kind_of(identifier[0])
        browser = kind.group is Group.BROWSER
        # An edge of a weaker level holds the stronger claimants too, or it would not tie the weaker ones to anything.
        for level in (2,) if browser else sorted({rank for rank, _ in said}):
            edge = _Edge(
                identifier, browser, tuple(sorted((n for r, n in said if r <= level), key=lambda n: n.order))
            )
            ordered.append(
                ((browser, level, kind.priority, len(edge.nodes), edge.nodes[0].order, identifier), edge)
            )
    return [edge for _, edge in sorted(ordered, key=lambda pair: pair[0])]


class _Cluster:
    __slots__ = ("held", "nodes", "order", "person", "verified")

    def __init__(self, node: Node) -> None:
        self.nodes = [node.key]
        self.order = node.order
        self.held = {identifier for identifier, _ in node.claims}
        self.verified = {i for i, rank in node.claims if rank == 0 and kind_of(i[0]).group is Group.PERSONAL}
        self.person = False


class _Clusters:
    """Clusters in the making. Joining relabels the smaller side, so a node moves O(log n) times."""

    def __init__(self, nodes: Iterable[Node], rulings: Sequence[Ruling]) -> None:
        self.nodes = {node.key: node for node in nodes}
        self._of = {key: _Cluster(node) for key, node in self.nodes.items()}
        inside = [r for r in rulings if r.a in self.nodes and r.b in self.nodes]
        self.sames = [r for r in inside if r.op == "same"]
        self._foes: dict[bytes, set[bytes]] = {}
        for ruling in inside:
            if ruling.op == "never":
                self._foes.setdefault(ruling.a, set()).add(ruling.b)
                self._foes.setdefault(ruling.b, set()).add(ruling.a)
        self._alias: dict[Key, Key] = {}
        self.joins: list[Join] = []

    def of(self, key: bytes) -> _Cluster:
        return self._of[key]

    def distinct(self, keys: Iterable[bytes] | None = None) -> list[_Cluster]:
        """The clusters of these nodes, or all, in canonical order."""
        found = {id(c): c for c in map(self.of, self.nodes if keys is None else keys)}
        return sorted(found.values(), key=lambda c: c.order)

    def count_joined_as_one(self) -> None:
        """Two accounts that an operator declared one person's count as one from here on."""
        for cluster in self.distinct():
            first: dict[str, Key] = {}
            for identifier in sorted(cluster.held) if len(cluster.nodes) > 1 else ():
                root = self._root(first.setdefault(identifier[0], identifier))
                if (own := self._root(identifier)) != root:
                    self._alias[max(own, root)] = min(own, root)

    def _root(self, identifier: Key) -> Key:
        while identifier in self._alias:
            identifier = self._alias[identifier]
        return identifier

    def mark_people(self) -> None:
        """What verified evidence alone has joined is one person; from here on two of them never meet."""
        for cluster in self.distinct():
            cluster.person = bool(cluster.verified)

    def take(self, edge: _Edge) -> None:
        claimants = self.distinct(node.key for node in edge.nodes)
        if len(claimants) > 1 and not self.join(edge.identifier, claimants):
            self._scope(edge, claimants)

    def _scope(self, edge: _Edge, claimants: Sequence[_Cluster]) -> None:
        """Share an identifier that cannot be one person's."""
        known = [c for c in claimants if c.verified - {edge.identifier}]
        unknown = [c for c in claimants if c not in known and self._is_ruled_apart(c, claimants)]
        host = self._host(self._grouped(edge, known), self._grouped(edge, unknown))
        pool: list[_Cluster] = []
        for cluster in claimants:
            if cluster in known or cluster in unknown:
                continue
            if host and self.join(edge.identifier, [self.of(host), cluster]):
                continue
            if (
                not edge.browser
            ):  # the mailbox's own record; a browser has none, each of its visits stays alone
                self._join_first_fit(edge, pool, cluster)

    def _grouped(self, edge: _Edge, clusters: Sequence[_Cluster]) -> list[_Cluster]:
        groups: list[_Cluster] = []
        for cluster in clusters:
            self._join_first_fit(edge, groups, cluster)
        return groups

    def _join_first_fit(self, edge: _Edge, groups: list[_Cluster], cluster: _Cluster) -> None:
        key = cluster.nodes[0]
        for n, group in enumerate(groups):
            if self.join(edge.identifier, [group, cluster]):
                groups[n] = self.of(key)
                return
        groups.append(cluster)

    def _is_ruled_apart(self, cluster: _Cluster, among: Sequence[_Cluster]) -> bool:
        foes = set().union(*(self._foes.get(key, ()) for key in cluster.nodes))
        return bool(foes) and any(foes.intersection(other.nodes) for other in among)

    def _host(self, known: Sequence[_Cluster], unknown: Sequence[_Cluster]) -> bytes | None:
        """Whom claimants that say nothing else may join. `never` speaks of people: when an operator has taken an unknown one apart
        from the one person known here, whoever else says nothing is taken for the unknown one too."""
        if len(known) > 1 or len(unknown) > 1:
            return None
        return next((cluster.nodes[0] for cluster in (*unknown, *known)), None)

    def join(self, by: Key | Ruling, parts: Sequence[_Cluster]) -> bool:
        """Make one cluster of these, unless that breaks a rule."""
        parts = list({id(part): part for part in parts}.values())
        if self._clash(by, parts):
            return False
        if len(parts) > 1:
            self.joins.append(Join(by, tuple(part.nodes[0] for part in parts)))
        into = max(parts, key=lambda part: len(part.nodes))
        for part in parts:
            if part is not into:
                into.nodes += part.nodes
                into.order = min(into.order, part.order)
                into.held |= part.held
                into.verified |= part.verified
                into.person |= part.person
                self._of.update(dict.fromkeys(part.nodes, into))
        return True

    def _clash(self, by: Key | Ruling, parts: Sequence[_Cluster]) -> bool:
        if self._foes and self._meets_a_foe(parts):
            return True
        return not isinstance(by, Ruling) and (
            sum(part.person for part in parts) > 1 or self._over_a_limit(kind_of(by[0]).priority, parts)
        )

    def _meets_a_foe(self, parts: Sequence[_Cluster]) -> bool:
        together = {key for part in parts for key in part.nodes}
        return any(self._foes[key] & together for key in together if key in self._foes)

    def _over_a_limit(self, priority: int, parts: Sequence[_Cluster]) -> bool:
        """More values of a personal kind than a person has, of the kinds no weaker than the one that joins: a verified account
        is not torn apart because it has a ninth e-mail address."""
        counts = [self._count(priority, part.held) for part in parts]
        union = self._count(priority, set().union(*(part.held for part in parts)))
        return any(
            len(values) > kind_of(kind).limit and len(values) > max(len(c.get(kind, ())) for c in counts)
            for kind, values in union.items()
        )

    def _count(self, priority: int, held: Iterable[Key]) -> dict[str, set[Key]]:
        found: dict[str, set[Key]] = {}
        for identifier in held:
            kind = kind_of(identifier[0])
            if kind.group is Group.PERSONAL and kind.priority <= priority:
                found.setdefault(identifier[0], set()).add(self._root(identifier))
        return found
