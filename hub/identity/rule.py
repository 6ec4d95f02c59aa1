"""The rule: evidence and rulings in, customers out. Pure, and independent of the order in which anything arrived.

Canonical constrained clustering: an identifier is a hyperedge over the evidence nodes that claim it. Hyperedges are taken strongest
first, in an order computed from content alone, and each joins all its claimants if the union breaks no rule (`clusters.clash`). If it
would, the identifier is *scoped by person*: who fits its owner joins the owner, claimants with names or proofs are grouped where they
are compatible, rivals stay apart, and claimants that say nothing else join only if there is no choice. "The first one wins" would
hand a recycled number to a stranger, and "nobody gets it" would let one hostile report shatter a record.

Two verified people are never in one record unless an operator said `same`. Which identifiers may join at all is judged before, from
their own touchpoints (`standing.py`). This file is the oracle of the tests, what `hub identity rebuild --verify` runs, and what the
incremental engine calls on the few nodes that could break a rule.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hub.contract import kind_of
from hub.identity import standing
from hub.identity.clusters import BROWSERS, OPERATOR, VERIFIED, Cluster, Clusters
from hub.identity.names import same_full
from hub.identity.terms import (
    DEFAULT,
    LINKS,
    Key,
    Node,
    Partition,
    Rules,
    Ruling,
    is_browser,
    is_personal,
)

DESKS = BROWSERS + 1
"""Last of all: who has nothing better sits with a desk or a shared mailbox."""


def records(
    nodes: Iterable[Node],
    rulings: Iterable[Ruling] = (),
    blocks: Mapping[Key, str] | None = None,
    rules: Rules = DEFAULT,
) -> Partition:
    """All of it: judge every identifier (`blocks`: what operators said of some), then partition. Pass everything there is."""
    nodes = list(nodes)
    facts = standing.facts(nodes)
    statuses = {
        key: standing.status(key, about, (blocks or {}).get(key), rules) for key, about in facts.items()
    }
    joining = [node._replace(claims=standing.linking(node.claims, statuses)) for node in nodes]
    return partition(joining, rulings, rules)


def partition(nodes: Iterable[Node], rulings: Iterable[Ruling], rules: Rules = DEFAULT) -> Partition:
    """The records that nodes with their joining claims form. Pass whole components: no rule looks further."""
    by_key = {node.key: node for node in nodes}
    inside = [r for r in in_force(rulings) if r.a in by_key and r.b in by_key]
    work = Clusters(by_key.values(), (r for r in inside if r.op == "never"), rules)
    sames = (r for r in inside if r.op == "same")
    for same in sorted(sames, key=lambda r: (r.at, r.decision), reverse=True):
        work.join(same, OPERATOR, [work.of(same.a), work.of(same.b)])
    work.count_joined_as_one()
    proven, left = False, []
    for edge in _edges(by_key.values()):
        if edge.level > VERIFIED and not proven:
            work.mark_people()
            proven = True
        left.append((edge, [c.nodes[0] for c in _take(work, edge)]))
    for edge, keys in left:
        rest = [c for c in work.distinct(keys) if not c.person and not c.names and not _says_more(c, edge)]
        _grouped(work, edge, rest)
    return Partition(
        tuple(frozenset(c.nodes) for c in work.distinct()), tuple(work.joins), tuple(work.refused)
    )


def in_force(rulings: Iterable[Ruling]) -> list[Ruling]:
    """For one pair of nodes the latest decision counts."""
    latest: dict[frozenset[bytes], Ruling] = {}
    for ruling in sorted(rulings, key=lambda r: (r.at, r.decision)):
        latest[frozenset((ruling.a, ruling.b))] = ruling
    return [ruling for pair, ruling in latest.items() if len(pair) == 2]


class _Edge(NamedTuple):
    identifier: Key
    level: int
    nodes: tuple[Node, ...]
    """Who claims it at this level or a better one."""
    owners: tuple[Node, ...]
    """Who claims it at a better level."""


def _edges(nodes: Iterable[Node]) -> list[_Edge]:
    """Every hyperedge in canonical order: verified, observed, asserted, then browsers whatever their level, or cookies would join
    people before their typed addresses could object; then stronger kinds, fewer other identifiers beside it, earlier ones."""
    claimants: dict[Key, list[tuple[int, Node]]] = {}
    for node in sorted(nodes, key=lambda node: node.order):
        for said in node.claims:
            rank = DESKS if said.status != LINKS else BROWSERS if is_browser(said.key) else said.rank
            claimants.setdefault(said.key, []).append((rank, node))
    ordered = []
    for identifier, claimed in claimants.items():
        if len(claimed) < 2:
            continue  # most visits are one
        beside = {said.key for _, node in claimed for said in node.claims if is_personal(said.key)}
        first, fan = claimed[0][1].order, len(beside)
        for level in sorted({rank for rank, _ in claimed}):
            edge = _Edge(
                identifier,
                level,
                tuple(node for rank, node in claimed if rank <= level),
                tuple(node for rank, node in claimed if rank < level),
            )
            ordered.append(((level, kind_of(identifier[0]).priority, fan, first, identifier), edge))
    return [edge for _, edge in sorted(ordered, key=lambda pair: pair[0])]


def _take(work: Clusters, edge: _Edge) -> list[Cluster]:
    claimants = work.distinct(node.key for node in edge.nodes)
    if len(claimants) < 2 or work.join(edge.identifier, edge.level, claimants):
        return []
    return _scope(work, edge, claimants)


def _scope(work: Clusters, edge: _Edge, claimants: Sequence[Cluster]) -> list[Cluster]:
    """Share an identifier that cannot be one person's; who says nothing else and may not choose is handed back."""
    owners = [c for c in work.distinct(node.key for node in edge.owners) if c.person or c.names]
    known = owners if len(owners) == 1 else [c for c in claimants if c.person or c.names]
    judged = set(map(id, known))
    unknown = [c for c in claimants if id(c) not in judged and work.is_ruled_apart(c, claimants)]
    judged.update(map(id, unknown))
    host = _host(_grouped(work, edge, known), _grouped(work, edge, unknown))
    alone: list[Cluster] = []
    for cluster in claimants:
        if id(cluster) in judged:
            continue
        if host is not None:
            work.join(edge.identifier, edge.level, [work.of(host), cluster])
        elif not cluster.person and not cluster.names and not _says_more(cluster, edge):
            alone.append(cluster)
    # Who says nothing else is the identifier's own record; a browser has none, each of its visits stays alone.
    return alone if edge.level != BROWSERS else []


def _host(known: Sequence[bytes], unknown: Sequence[bytes]) -> bytes | None:
    """Whom claimants that say nothing else may join. `never` speaks of people: when an operator has taken an unknown one apart
    from the one person known here, whoever else says nothing is taken for the unknown one too."""
    if len(known) > 1 or len(unknown) > 1:
        return None
    return next(iter((*unknown, *known)), None)


def _grouped(work: Clusters, edge: _Edge, clusters: Sequence[Cluster]) -> list[bytes]:
    """Join each to the first group it fits; a node of every group."""
    groups: list[bytes] = []
    for cluster in clusters:
        for group in map(work.of, groups):
            if _alike(edge, group, cluster) and work.join(edge.identifier, edge.level, [group, cluster]):
                break
        else:
            groups.append(cluster.nodes[0])
    return groups


def _alike(edge: _Edge, group: Cluster, cluster: Cluster) -> bool:
    """On a contested browser a first name is not enough to be the same person."""
    if edge.level < BROWSERS or not group.names or not cluster.names:
        return True
    return any(same_full(a, b) for a in group.names for b in cluster.names)


def _says_more(cluster: Cluster, edge: _Edge) -> bool:
    return any(key != edge.identifier for key in cluster.personal)
