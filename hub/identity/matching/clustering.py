"""From pairs to people: surest pairs first, whoever they connect is one, unless those already together speak against it.

One wrong pair between two large clusters makes one person of two, and with many records each there will be one. So a pair joins two
clusters only while all pairs across them, on average, do not contradict it. That costs nothing between single records.
"""

from collections.abc import Callable, Iterable
from itertools import islice, product
from statistics import fmean
from typing import Final

AGAINST: Final = -4.0
"""Mean bits across two clusters below which a sure pair does not join them."""
CLIPPED: Final = 20.0
"""No pair speaks louder, or one half-empty record would outvote five good ones."""
ASKED: Final = 200
"""Pairs asked at most across two clusters."""


def clusters(
    size: int, pairs: Iterable[tuple[int, int]], bits: Callable[[int, int], float] | None = None
) -> list[int]:
    """A label for each of `size` places, the smallest place of its cluster. `pairs`: surest first. `bits` scores any two places;
    without it every pair joins."""
    members = {at: [at] for at in range(size)}
    label = list(range(size))
    for a, b in pairs:
        one, other = members[label[a]], members[label[b]]
        if one is other or (bits and _contradict(one, other, bits)):
            continue
        if len(one) < len(other):
            one, other = other, one
        del members[label[other[0]]]
        one += other
        for at in other:
            label[at] = label[one[0]]
    first = {of: min(places) for of, places in members.items()}
    return [first[of] for of in label]


def _contradict(one: list[int], other: list[int], bits: Callable[[int, int], float]) -> bool:
    if len(one) == len(other) == 1:
        return False
    across = islice(product(one, other), ASKED)
    return fmean(max(-CLIPPED, min(CLIPPED, bits(a, b))) for a, b in across) < AGAINST
