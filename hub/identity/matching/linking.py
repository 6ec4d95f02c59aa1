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
from hub.identity.matching.comparing import compare
from hub.identity.matching.counting import Counts
from hub.identity.matching.fitting import fit
from hub.identity.matching.model import Scorer
from hub.identity.matching.person import Person
from hub.identity.matching.weights import PLAIN

SURE: Final = 0.95
Scored = tuple[int, int, float]
"""Two places, the smaller first, and their bits."""


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """`pairs`: (place, place, bits) of every candidate, best first. `labels`: a label per place; one label is one person."""

    people: tuple[Person, ...]
    pairs: tuple[Scored, ...]
    labels: tuple[int, ...]
    scorer: Scorer

    def at(self, threshold: float) -> list[int]:
        """The labels at another probability."""
        return cluster(self.people, self.pairs, self.scorer, threshold)


def link(people: Sequence[Person], threshold: float = SURE) -> Linked:
    """Link plain records without labels. Some 10 µs a candidate and looks twice; a few seconds for 10,000 records."""
    candidates = sorted(pairs(people))
    compared = [compare(people[a], people[b]) for a, b in candidates]
    weights = fit(people, [pattern for pattern, *_ in compared], PLAIN)
    labels: list[int] | None = None
    for _ in range(2):
        scorer = Scorer(weights, Counts(people, labels).frequency)
        bits = (scorer.bits_of(people[a], found) for (a, _), found in zip(candidates, compared, strict=True))
        scored = [(a, b, odds) for (a, b), odds in zip(candidates, bits, strict=True)]
        scored.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
        labels = cluster(people, scored, scorer, threshold)
    return Linked(people=tuple(people), pairs=tuple(scored), labels=tuple(labels or ()), scorer=scorer)


def cluster(
    people: Sequence[Person], scored: Sequence[Scored], scorer: Scorer, threshold: float
) -> list[int]:
    """A label per place, from pairs that stand best first. `threshold`: a probability above 0 and below 1."""
    least = log2(threshold / (1 - threshold))
    known = {(a, b): bits for a, b, bits in scored}

    def bits(a: int, b: int) -> float:
        pair = (a, b) if a < b else (b, a)
        if pair not in known:
            known[pair] = scorer.bits(people[a], people[b])
        return known[pair]

    return clusters(len(people), ((a, b) for a, b, found in scored if found >= least), bits)
