"""What an identifier is: may it join people, or is it a desk, a placeholder, something many share, or blocked?

A local judgement, from the touchpoints that claim the identifier and nothing else. Judging it by the records that result would feed
back into them, and the answer would depend on which came first.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations

from hub.contract import Group, kind_of
from hub.identity.names import Name, compatible
from hub.identity.terms import (
    BLOCKED,
    HELD,
    JUNK,
    LINKS,
    ROLE,
    SHARED,
    Key,
    Node,
    Rules,
    Said,
    is_personal,
)

MOST_NAMES = 40
"""So many different names on one identifier are rivals, whatever they are."""


class Facts:
    """What the touchpoints that claim an identifier say besides: other personal identifiers, names, and how many nodes say so."""

    __slots__ = ("names", "nodes", "others", "status")

    def __init__(self, status: str) -> None:
        self.status = status
        self.nodes = 0
        self.others: set[Key] = set()
        self.names: set[Name] = set()


def facts(nodes: Iterable[Node]) -> dict[Key, Facts]:
    """The facts about every identifier the nodes claim. An empty node is no touchpoint and says nothing."""
    found: dict[Key, Facts] = {}
    for node in nodes:
        personal = {said.key for said in node.claims if said.status == LINKS and is_personal(said.key)}
        for said in node.claims:
            about = found.setdefault(said.key, Facts(said.status))
            if said.status == HELD:
                continue
            about.status = said.status
            if node.first is not None:
                about.nodes += 1
                about.others |= personal - {said.key}
                about.names.update(node.names)
    return found


def status(key: Key, about: Facts, ruled: str | None, rules: Rules) -> str:
    """The status of an identifier; `ruled`: what an operator said of it, block or unblock."""
    if ruled is not None:
        return BLOCKED if ruled == "block" else LINKS
    if about.status in (ROLE, JUNK):
        return about.status
    most = rules.others.get(key[0])
    if most is not None and len(about.others) > most:
        return SHARED
    crowd = rules.crowds.get(key[0])
    return SHARED if crowd is not None and about.nodes > crowd and rivals(about) else LINKS


def rivals(about: Facts) -> bool:
    """Whether the touchpoints that claim an identifier name two people."""
    single = [kind for kind, _ in about.others if kind_of(kind).limit == 1]
    return (
        len(single) > len(set(single))
        or len(about.names) > MOST_NAMES
        or any(not compatible(a, b) for a, b in combinations(about.names, 2))
    )


def linking(claims: Iterable[Said], statuses: Mapping[Key, str]) -> tuple[Said, ...]:
    """The claims of one node by which it joins others. Without any, it sits with its best desk or shared mailbox: those claims
    come back with that status, and join only touchpoints that have nothing better either."""
    claims = tuple(claims)
    joining = [
        said._replace(status=LINKS)
        for said in claims
        if said.status != HELD
        and statuses[said.key] == LINKS
        and kind_of(said.key[0]).group is not Group.NEITHER
    ]
    if joining:
        return tuple(joining)
    desks = [
        said
        for said in claims
        if said.status != HELD and statuses[said.key] in (ROLE, SHARED) and is_personal(said.key)
    ]
    if not desks:
        return ()
    best = min(desks, key=lambda said: (said.rank, kind_of(said.key[0]).priority, said.key))
    return (best._replace(status=statuses[best.key]),)
