"""A population linked once, from nothing but itself: candidates, weights, frequencies, scores, people.

Twice over, because the second look is better: how common a name is must be counted per person, and who is one person is what the
first look says.
"""

from collections.abc import Sequence
from math import log2
from typing import Final

import msgspec

from hub.identity.matching.blocking import pairs
from hub.identity.matching.clustering import clusters
from hub.identity.matching.counting import Counts
from hub.identity.matching.fitting import fit
from hub.identity.matching.model import Scorer, Weights
from hub.identity.matching.person import Person
from hub.identity.matching.weights import SHIPPED

SURE: Final = 0.95


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """`pairs`: (place, place, bits) of every candidate, best first. `labels`: a label per place; one label is one person."""

    pairs: tuple[tuple[int, int, float], ...]
    labels: tuple[int, ...]
    scorer: Scorer
    weights: Weights

    def at(self, threshold: float) -> list[int]:
        """The labels at another probability."""
        return clusters(len(self.labels), surer(self.pairs, threshold))


def surer(scored: Sequence[tuple[int, int, float]], threshold: float) -> list[tuple[int, int]]:
    """The pairs of at least this probability (above 0, below 1)."""
    least = log2(threshold / (1 - threshold))
    return [(a, b) for a, b, bits in scored if bits >= least]


def link(people: Sequence[Person], threshold: float = SURE) -> Linked:
    """Link plain records without labels. Some 10 µs a candidate and looks twice; a few seconds for 10,000 records."""
    candidates = sorted(pairs(people))
    weights = fit(people, candidates, SHIPPED)
    labels: list[int] | None = None
    for _ in range(2):
        scorer = Scorer(weights, Counts(people, labels).frequency)
        scored = [(a, b, scorer.bits(people[a], people[b])) for a, b in candidates]
        labels = clusters(len(people), surer(scored, threshold))
    scored.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    return Linked(pairs=tuple(scored), labels=tuple(labels or ()), scorer=scorer, weights=weights)
