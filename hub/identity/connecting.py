"""Groups of nodes that claims connect, rules left aside. Pure; quick-find, so a node is relabelled O(log n) times."""

from collections.abc import Callable, Iterable

from hub.identity.terms import Key, Node, Said


def connected(
    nodes: Iterable[Node], counts: Callable[[Said], bool], pairs: Iterable[tuple[bytes, bytes]] = ()
) -> list[list[bytes]]:
    """Groups of nodes that claims for which `counts` holds, or `pairs`, connect."""
    group: dict[bytes, list[bytes]] = {}
    holder: dict[Key, bytes] = {}

    def join(a: bytes, b: bytes) -> None:
        small, large = sorted((group[a], group[b]), key=len)
        if small is not large:
            large += small
            group.update(dict.fromkeys(small, large))

    for node in nodes:
        group[node.key] = [node.key]
        for said in node.claims:
            if counts(said):
                join(holder.setdefault(said.key, node.key), node.key)
    for a, b in pairs:
        join(a, b)
    return list({id(g): g for g in group.values()}.values())
