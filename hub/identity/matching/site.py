"""What is learned at one site: how strangers agree there (u), how common values are, how rare a second record is.

Not m: a shop with a few hundred records cannot say how one person's spellings differ, and trying costs more than it brings. Only
operators' verdicts may teach that, at least `VERDICTS` of them, and only if pairs that were left out are then judged better.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from typing import Final

import msgspec

from hub.identity.matching.blocking import keys, pairs
from hub.identity.matching.comparing import FIELDS, LEVELS, Pattern, compare
from hub.identity.matching.counting import Counts
from hub.identity.matching.fitting import Logs, fit, household_table
from hub.identity.matching.model import LEARNED, Scorer, Weights
from hub.identity.matching.person import Person
from hub.identity.matching.weights import SHIPPED, as_text, of_text

FEWEST: Final = 300
"""People from which a site's own u and priors are learned."""
LOOKED_AT: Final = 20_000
USUAL: Final = 0.15
"""Second records and other members of the household per record, where a site is too small to say."""
VERDICTS: Final = 500
HELD: Final = 200.0
Verdict = tuple[Pattern, bool]
"""The levels of a pair, and whether it was one person."""


class Learned(msgspec.Struct, frozen=True):
    """What a site's scorer works with."""

    weights: Weights
    counts: Counts

    def scorer(self) -> Scorer:
        """A scorer for this site."""
        return Scorer(self.weights, self.counts.frequency)


def learn(people: Sequence[Person], counts: Counts, size: int, shipped: Weights = SHIPPED) -> Learned:
    """Learn from a sample of a site's `size` people; `counts` are over all of them. Some seconds for 10^4 people."""
    if len(people) < FEWEST:
        return Learned(small(size, shipped), counts.common())
    compared = [compare(people[a], people[b])[0] for a, b in sorted(pairs(people, keys))]
    weights = fit(people, compared, shipped, held=1e9)
    share = 2 / max(2, size)
    bounded = msgspec.structs.replace(
        weights,
        match=min(0.6 * share, max(0.02 * share, weights.match)),
        household=min(1.5 * share, max(0.02 * share, weights.household)),
    )
    return Learned(bounded, counts.common())


def small(size: int, shipped: Weights = SHIPPED) -> Weights:
    """Weights for a site that is too small to learn from."""
    share = 2 * USUAL / max(10, size)
    return msgspec.structs.replace(shipped, match=share, household=2 * share)


def taught(verdicts: Sequence[Verdict], before: Weights, *, seed: int = 1) -> Weights | None:
    """Weights that operators' verdicts teach, or None: too few of them, or pairs that were left out are judged no better."""
    if len(verdicts) < VERDICTS:
        return None
    shuffled = random.Random(seed).sample(list(verdicts), len(verdicts))
    left_out, seen = shuffled[: len(shuffled) // 5], shuffled[len(shuffled) // 5 :]
    tried = _teach(seen, before)
    return _teach(shuffled, before) if loss(left_out, tried) < loss(left_out, before) else None


def loss(verdicts: Iterable[Verdict], weights: Weights) -> float:
    """Mean log loss in nats, common and rare values weighing the same."""
    logs = Logs(weights)
    lost = [
        -log(max(1e-6, share if one else 1 - share)) for p, one in verdicts for share in [logs.shares(p)[0]]
    ]
    return sum(lost) / len(lost)


def _teach(verdicts: Iterable[Verdict], before: Weights) -> Weights:
    same: dict[str, Counter[int]] = {field: Counter() for field in FIELDS}
    other: dict[str, Counter[int]] = {field: Counter() for field in FIELDS}
    for pattern, one in verdicts:
        for field, level in zip(FIELDS, pattern, strict=True):
            if level is not None:
                (same if one else other)[field][level] += 1
    m = {field: _mixed(same[field], before.m[field]) for field in FIELDS}
    free = {field: _mixed(other[field], before.h[field]) for field in LEARNED}
    return msgspec.structs.replace(before, m=m, h=household_table(m, before.u, free))


def _mixed(seen: Counter[int], before: Sequence[float]) -> tuple[float, ...]:
    whole = seen.total() + HELD
    return tuple((seen[level] + HELD * share) / whole for level, share in enumerate(before))


# --- as a row


class _Row(msgspec.Struct, frozen=True):
    weights: msgspec.Raw
    counts: dict[str, dict[str, int]]
    totals: dict[str, int]


def to_text(learned: Learned) -> str:
    """What was learned, as it is kept."""
    row = _Row(
        msgspec.Raw(as_text(learned.weights)), dict(learned.counts.counts), dict(learned.counts.totals)
    )
    return msgspec.json.encode(row).decode()


def from_text(text: str) -> Learned:
    """What was kept."""
    row = msgspec.json.decode(text, type=_Row)
    counts = Counts()
    counts.counts = {field: Counter(found) for field, found in row.counts.items()}
    counts.totals = Counter(row.totals)
    return Learned(of_text(bytes(row.weights)), counts)


def pattern_of(steps: Iterable[tuple[str, str]]) -> Pattern:
    """The levels of a pair from its waterfall: (field, level)."""
    told = dict(steps)
    return tuple(LEVELS[field].index(told[field]) if field in told else None for field in FIELDS)
