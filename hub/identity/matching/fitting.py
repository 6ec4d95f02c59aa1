"""Learning weights without labels: expectation maximisation over all pairs of a population, the three classes at once.

Pairs that share no blocking key are taken for strangers and only counted; strangers' agreement (u) comes from pairs drawn at random, so
no key contaminates it, and is counted anew once the matches among them are known. m starts from, and is held near, what shipped: a
shop with a few hundred records cannot say what a slip of the fingers looks like. The household's address part *is* m, else nothing
would tell it from a match.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp, log
from typing import Final

import msgspec

from hub.identity.matching.comparing import FIELDS, LEVELS, Pattern, compare
from hub.identity.matching.model import ADDRESS, KIN, LEARNED, Table, Weights
from hub.identity.matching.person import Person

STEPS: Final = 25
HELD: Final = 40.0
"""Pairs' worth of what shipped, in m."""
HELD_SHARED: Final = 100.0
"""The same in the fields households share."""
HELD_CHANCE: Final = 200.0
"""The same in u, or a file of three records would say how strangers are."""
MOST_HOUSEHOLDS: Final = 0.01
"""Of all pairs, at first: in a file of three records every pair would else be taken for a household."""
DRAWN: Final = 60_000
NAMED: Final = 0.1
"""Of two strangers of one name, how many have addresses made of nothing else."""
COMPARED: Final = 150_000
"""Candidates learned from; more would say the same."""

Patterns = Counter[Pattern]


def fit(
    people: Sequence[Person],
    compared: Sequence[Pattern],
    shipped: Weights,
    *,
    seed: int = 1,
    held: float = HELD,
) -> Weights:
    """Weights for a population, without labels. `compared`: the levels of all pairs that share a key. `held`: pairs' worth of what shipped,
    in m. Some seconds for 10^5 pairs."""
    total = max(1, len(people) * (len(people) - 1) // 2)
    if len(compared) > COMPARED:
        total = max(1, total * COMPARED // len(compared))
        compared = random.Random(seed).sample(compared, COMPARED)
    found: Patterns = Counter(compared)
    drawn, share = draw(people, seed), max(1, len(people)) / (2 * total)
    weights = msgspec.structs.replace(
        shipped,
        u=chance(drawn, shipped.u),
        match=min(0.3, 0.5 * share),
        household=min(MOST_HOUSEHOLDS, _households(people) * share),
    )
    for _ in range(2):
        weights = maximise(found, total, weights, shipped, held)
        weights = msgspec.structs.replace(weights, u=chance(drawn, shipped.u, weights))
    return maximise(found, total, weights, shipped, held)


def _households(people: Sequence[Person]) -> float:
    """A first guess, per record. Where nobody has an address or a telephone, nothing tells households from strangers."""
    housed = sum(1 for who in people if who.street or who.phones or who.postcode)
    return 1.0 if housed * 10 > len(people) else 1e-4


def draw(people: Sequence[Person], seed: int, most: int = DRAWN) -> Patterns:
    """Patterns of pairs drawn at random."""
    dice = random.Random(seed)
    size = len(people)
    if size * (size - 1) // 2 <= most:
        every = ((a, b) for b in range(size) for a in range(b))
    else:
        every = ((dice.randrange(size), dice.randrange(size)) for _ in range(most))
    return Counter(compare(people[a], people[b])[0] for a, b in every if a != b)


def chance(drawn: Patterns, held: Table, weights: Weights | None = None) -> Table:
    """u from pairs drawn at random, less what `weights` take for matches and households."""
    logs = Logs(weights) if weights else None
    sums = {field: [0.0] * len(LEVELS[field]) for field in FIELDS}
    for pattern, count in drawn.items():
        share = count * (logs.shares(pattern)[2] if logs else 1.0)
        for field, level in zip(FIELDS, pattern, strict=True):
            if level is not None:
                sums[field][level] += share
    smooth = {field: _smoothed(sums[field], held[field], HELD_CHANCE) for field in FIELDS}
    # What no draw has met is not impossible: a tenth of what shipped stays.
    table: Table = {
        field: tuple(max(seen, before / 10) for seen, before in zip(smooth[field], held[field], strict=True))
        for field in FIELDS
    }
    return {**table, "email": _named(table["email"])}


def _named(row: Sequence[float]) -> tuple[float, ...]:
    """The level is met only where names agree, and there it is common among strangers, too: names must not count twice."""
    at = LEVELS["email"].index("named")
    return (*row[:at], max(row[at], NAMED), *row[at + 1 :])


def _smoothed(sums: Sequence[float], held: Sequence[float], weight: float) -> tuple[float, ...]:
    whole = sum(sums) + weight * sum(held)
    return tuple((seen + weight * before) / whole for seen, before in zip(sums, held, strict=True))


class Logs:
    """Natural logarithms of weights, and each class's share in a pattern."""

    def __init__(self, weights: Weights) -> None:
        self.tables = [
            tuple(tuple(log(p) for p in table[field]) for table in (weights.m, weights.h, weights.u))
            for field in FIELDS
        ]
        self.prior = (
            log(weights.match),
            log(weights.household),
            log(max(1e-9, 1 - weights.match - weights.household)),
        )

    def shares(self, pattern: Pattern) -> tuple[float, float, float]:
        match, household, stranger = self.prior
        for (m, h, u), level in zip(self.tables, pattern, strict=True):
            if level is not None:
                match += m[level]
                household += h[level]
                stranger += u[level]
        top = max(match, household, stranger)
        parts = exp(match - top), exp(household - top), exp(stranger - top)
        whole = sum(parts)
        return parts[0] / whole, parts[1] / whole, parts[2] / whole


def maximise(found: Patterns, total: int, weights: Weights, shipped: Weights, held: float = HELD) -> Weights:
    """Expectation maximisation with u fixed, over `found` and the `total` of pairs that they come from."""
    if not found:
        return weights
    for _ in range(STEPS):
        after = _step(found, total, weights, shipped, held)
        still = all(
            abs(x - y) < 1e-4
            for field in FIELDS
            for x, y in zip(after.m[field], weights.m[field], strict=True)
        )
        weights = after
        if still:
            break
    return weights


def _step(found: Patterns, total: int, weights: Weights, shipped: Weights, held: float) -> Weights:
    logs = Logs(weights)
    matches = {field: [0.0] * len(LEVELS[field]) for field in FIELDS}
    homes = {field: [0.0] * len(LEVELS[field]) for field in FIELDS}
    all_matches = all_homes = 0.0
    for pattern, count in found.items():
        match, home, _ = logs.shares(pattern)
        match, home = match * count, home * count
        all_matches += match
        all_homes += home
        if match + home < 1e-6:
            continue
        for field, level in zip(FIELDS, pattern, strict=True):
            if level is not None:
                matches[field][level] += match
                homes[field][level] += home
    m = {field: _smoothed(matches[field], shipped.m[field], held) for field in FIELDS}
    free = {field: _smoothed(homes[field], shipped.h[field], HELD_SHARED) for field in LEARNED}
    return Weights(
        m=m,
        h=household_table(m, weights.u, free),
        u=weights.u,
        match=min(0.5, max(1e-9, all_matches / total)),
        household=min(0.4, max(1e-9, all_homes / total)),
    )


def household_table(m: Table, u: Table, free: Mapping[str, Sequence[float]]) -> Table:
    """The household's table: its address is m's, what households share is `free`, the rest is chance but for kinship."""
    table: Table = {}
    for field in FIELDS:
        if field in ADDRESS:
            table[field] = m[field]
        elif field in LEARNED:
            table[field] = _named(free[field]) if field == "email" else tuple(free[field])
        else:
            kin = KIN[field]
            table[field] = tuple((1 - kin) * x + kin * y for x, y in zip(u[field], m[field], strict=True))
    return table
