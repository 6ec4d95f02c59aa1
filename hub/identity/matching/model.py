"""The scorer: how much more a pair looks like one person than like two, in bits, and which field says so.

Fellegi and Sunter (1969) weigh each field by how often it agrees in matches (m) against how often by chance (u). Two classes fail on
customers: candidates are full of spouses and children, whose surname, street, number and telephone agree all at once, so three fields
that are one fact outvote the one that tells them apart. Hence a third class, *same household, other person* (h): its address agrees
as a match's does, its surname and telephone often, and given name and birthday as between strangers. The score is the log2 odds of
match against (household or stranger).

Agreeing on a rare surname says more than on a common one, so "same" is weighed by the value's own frequency where it is known.
"""

from collections.abc import Callable, Mapping
from math import inf, log2
from typing import Final

import msgspec

from hub.identity.matching.comparing import AT, FIELDS, LEVELS, SAME, Compared, compare
from hub.identity.matching.person import Person

ADDRESS: Final = ("postcode", "street", "number", "line", "city")
"""Fields of the house: in the household class as in a match."""
LEARNED: Final = ("phone", "surname", "email")
"""Fields that some households share: learned."""
KIN: Final[Mapping[str, float]] = {
    "alias": 0.05, "given": 0.02, "dob": 0.015, "gender": 0.0, "company": 0.05, "occupation": 0.1, "birthplace": 0.3,
}  # fmt: skip
"""The rest is as between strangers, but for this part: father and son of one name, twins, a family's business."""
COUNTED: Final = (
    "postcode",
    "street",
    "city",
    "surname",
    "given",
    "dob",
    "company",
    "occupation",
    "birthplace",
)
"""Fields whose "same" is weighed by how common the value is."""

Table = dict[str, tuple[float, ...]]
"""Probability of each level, by field."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What scoring needs of the world: m, h and u by field and level, and the shares of matches and of households among all pairs."""

    m: Table
    h: Table
    u: Table
    match: float
    household: float


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One bar of a waterfall: what a field adds to the score, in bits, given the fields before it."""

    field: str
    level: str
    bits: float


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """`bits`: log2 odds of one person; `probability` the same between 0 and 1; `prior` plus the steps' bits make `bits`."""

    bits: float
    probability: float
    prior: float
    steps: tuple[Step, ...]


Frequency = Callable[[str, str], float | None]
"""(field, value) → share of people with that value, or None where it is not known."""


def nothing_counted(_field: str, _value: str) -> float | None:
    """No frequencies: every value weighs the same."""
    return None


class Scorer:
    """Scores pairs by fixed weights. Some 10 µs a pair."""

    def __init__(self, weights: Weights, frequency: Frequency = nothing_counted) -> None:
        self.weights = weights
        self._frequency = frequency
        self._tables = [
            (
                [log2(p) for p in weights.m[field]],
                [log2(p) for p in weights.h[field]],
                [log2(p) for p in weights.u[field]],
            )
            for field in FIELDS
        ]
        self._match, self._household = (
            log2(weights.match),
            log2(weights.household) if weights.household else -inf,
        )
        self._stranger = log2(max(1e-9, 1 - weights.match - weights.household))
        self._kin = [KIN.get(field) for field in FIELDS]

    def bits(self, a: Person, b: Person) -> float:
        """Log2 odds that these are one person."""
        return self.bits_of(a, compare(a, b))

    def bits_of(self, a: Person, compared: Compared) -> float:
        """The same, of a comparison of `a` with somebody that was made before."""
        match, household, stranger = self._match, self._household, self._stranger
        for m, h, u in self._evidence(a, compared):
            match += m
            household += h
            stranger += u
        return match - add_logs(household, stranger)

    def score(self, a: Person, b: Person) -> Score:
        """The same with its waterfall: each field's bits, given the fields before it, so that they add up exactly."""
        compared = compare(a, b)
        pattern = compared[0]
        match, household, stranger = self._match, self._household, self._stranger
        before = prior = match - add_logs(household, stranger)
        steps = []
        told = (field for field, level in zip(FIELDS, pattern, strict=True) if level is not None)
        for field, (m, h, u) in zip(told, self._evidence(a, compared), strict=True):
            match, household, stranger = match + m, household + h, stranger + u
            after = match - add_logs(household, stranger)
            level = pattern[AT[field]]
            assert level is not None
            steps.append(Step(field=field, level=LEVELS[field][level], bits=after - before))
            before = after
        return Score(bits=before, probability=probability(before), prior=prior, steps=tuple(steps))

    def _evidence(self, a: Person, compared: Compared) -> list[tuple[float, float, float]]:
        """Logarithms of m, h and u of every field that tells something."""
        pattern, surname, given = compared
        found = []
        for at, level in enumerate(pattern):
            if level is None:
                continue
            m, h, u = self._tables[at]
            field = FIELDS[at]
            if level == SAME[field] and field in COUNTED:
                value = surname if field == "surname" else given if field == "given" else getattr(a, field)
                rare = self._frequency(field, value)
                if rare is not None:
                    kin = self._kin[at]
                    met = log2(rare)
                    own = h[level] if kin is None else log2((1 - kin) * rare + kin * 2 ** m[level])
                    found.append((m[level], own, met))
                    continue
            found.append((m[level], h[level], u[level]))
        return found


def add_logs(a: float, b: float) -> float:
    """log2(2^a + 2^b)."""
    if a < b:
        a, b = b, a
    return a if b == -inf else a + log2(1 + 2 ** (b - a))


def probability(bits: float) -> float:
    """Log2 odds as a probability."""
    return 1 / (1 + 2 ** -max(-1000.0, min(1000.0, bits)))
