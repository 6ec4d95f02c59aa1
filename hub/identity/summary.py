"""What has to be known of a component to say without reading its nodes that it is one record. Pure, and mergeable.

Identifiers that join belong to one component, so components have none in common, and the counts of a union are the sums. Every
condition of the rule is hereditary: what holds of the whole holds of its parts, so when the whole breaks none, each step of the rule
joins, and the component is one record.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations, product

import msgspec

from hub.contract import kind_of
from hub.identity.connecting import connected
from hub.identity.names import compatible, fold
from hub.identity.terms import Node, Rules, Ruling, Said, is_personal

MOST_NAMES = 12
"""A component with more different names is left to the rule."""

Best = tuple[int, int, bytes]
"""How well a touchpoint says who somebody is (rank of its level, priority of its kind; smaller is better), and its id."""


class Summary(msgspec.Struct, array_like=True, frozen=True):
    """`persons`, `personals`: groups that verified claims, and personal claims, connect; 2 stands for more. `nevers`: nodes with a
    never. `names`: the folded names, `fit`: whether each may be each other's person. `counts`: different identifiers by kind.
    `best`: the touchpoint that proves best who this is, if one says who at all."""

    nodes: int = 0
    persons: int = 0
    personals: int = 0
    nevers: int = 0
    names: tuple[str, ...] = ()
    fit: bool = True
    counts: Mapping[str, int] = {}
    best: Best | None = None

    def is_one_record(self, rules: Rules) -> bool:
        """Whether no rule can be broken inside."""
        return (
            self.persons < 2
            and self.personals < 2
            and self.nevers < 2
            and self.fit
            and all(count <= rules.limit(kind) for kind, count in self.counts.items())
        )


def united(parts: Iterable[Summary], persons: int, personals: int) -> Summary:
    """The summary of a union. How many groups there are depends on what connects the parts: the caller knows."""
    parts = list(parts)
    names: tuple[str, ...] = ()
    fit, counts = True, dict[str, int]()
    for part in parts:
        fit = fit and part.fit and _fit(names, part.names)
        names = tuple(sorted({*names, *part.names}))[: MOST_NAMES + 1]
        for kind, count in part.counts.items():
            counts[kind] = counts.get(kind, 0) + count
    return Summary(
        nodes=sum(part.nodes for part in parts),
        persons=persons,
        personals=personals,
        nevers=sum(part.nevers for part in parts),
        names=names,
        fit=fit and len(names) <= MOST_NAMES,
        counts=counts,
        best=min((part.best for part in parts if part.best), default=None),
    )


def of_node(node: Node, known: Iterable[str] = ()) -> Summary:
    """One node with its joining claims, of which those of the kinds `known` (one for each) are counted elsewhere already."""
    names = tuple(sorted(name.full for name in node.names))
    counts: dict[str, int] = {}
    for said in node.claims:
        counts[said.key[0]] = counts.get(said.key[0], 0) + 1
    for kind in known:
        counts[kind] -= 1
    return Summary(
        nodes=1,
        persons=int(any(said.proves for said in node.claims)),
        personals=int(any(is_personal(said.key) for said in node.claims)),
        names=names[: MOST_NAMES + 1],
        fit=len(names) <= MOST_NAMES and all(compatible(fold(a), fold(b)) for a, b in combinations(names, 2)),
        counts=counts,
        best=best_of(node),
    )


def of_nodes(nodes: Iterable[Node], rulings: Iterable[Ruling]) -> Summary:
    """A whole component."""
    nodes = list(nodes)
    held = {said.key for node in nodes for said in node.claims}
    counts: dict[str, int] = {}
    for kind, _ in held:
        counts[kind] = counts.get(kind, 0) + 1
    ruled = {key for ruling in rulings if ruling.op == "never" for key in (ruling.a, ruling.b)}
    names = tuple(sorted({name.full for node in nodes for name in node.names}))[: MOST_NAMES + 1]
    fit = len(names) <= MOST_NAMES and all(compatible(fold(a), fold(b)) for a, b in combinations(names, 2))
    return Summary(
        nodes=len(nodes),
        persons=groups(nodes, proving=True),
        personals=groups(nodes, proving=False),
        nevers=sum(node.key in ruled for node in nodes),
        names=names,
        fit=fit,
        counts=counts,
        best=min((best for node in nodes if (best := best_of(node))), default=None),
    )


def best_of(node: Node) -> Best | None:
    """How well this node says who somebody is."""
    if node.first is None:
        return None
    said = [
        (said.rank, kind_of(said.key[0]).priority, node.first)
        for said in node.claims
        if is_personal(said.key)
    ]
    return min(said, default=None)


def groups(nodes: Iterable[Node], *, proving: bool) -> int:
    """How many groups verified (or personal) claims make of the nodes that have some; 2 for more."""

    def counts(said: Said) -> bool:
        return said.proves if proving else is_personal(said.key)

    # Of thousands who say the same, one stands for all.
    saying = {tuple(said.key for said in node.claims if counts(said)): node for node in nodes}
    saying.pop((), None)
    return min(len(connected(saying.values(), counts)), 2)


def _fit(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    return all(compatible(fold(a), fold(b)) for a, b in product(ours, theirs))
