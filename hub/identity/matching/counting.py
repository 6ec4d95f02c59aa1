"""How common values are: counted per person as far as persons are known, so that one man's ten records do not make his name common."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from hub.identity.matching.model import COUNTED
from hub.identity.matching.person import Person

RAREST: Final[Mapping[str, float]] = {
    "given": 1e-4, "surname": 3e-5, "dob": 4e-5, "postcode": 2e-5, "street": 2e-5, "city": 3e-4,
    "company": 2e-5, "occupation": 1e-3, "birthplace": 3e-4,
}  # fmt: skip
"""No value is rarer than this in the world, however small the shop that sees it."""


class Counts:
    """Shares of people with a value, by field. One person must have it to be asked about, so it is the others who count."""

    def __init__(self, people: Iterable[Person], same: Sequence[int] | None = None) -> None:
        """`same`: a label per record; records of one label are one person."""
        seen: dict[str, set[tuple[str, int]]] = {field: set() for field in COUNTED}
        total: dict[str, set[int]] = {field: set() for field in COUNTED}
        for at, who in enumerate(people):
            label = at if same is None else same[at]
            for field, value in values(who):
                seen[field].add((value, label))
                total[field].add(label)
        self._counts = {field: Counter(value for value, _ in pairs) for field, pairs in seen.items()}
        self._total = {field: max(1, len(labels)) for field, labels in total.items()}

    def frequency(self, field: str, value: str) -> float | None:
        """The share of people with this value; None where it was never seen."""
        count = self._counts[field].get(value)
        if count is None:
            return None
        if field == "dob":  # days are spread evenly; only those that stand for "unknown" come often
            share = count / self._total[field]
            return share if count > 10 and share > 0.002 else RAREST["dob"]
        return max(RAREST[field], (count - 0.5) / self._total[field])


def values(who: Person) -> Iterable[tuple[str, str]]:
    """The (field, value) of a person that are counted."""
    for given, surname in who.names:
        if given:
            yield "given", given
        if surname:
            yield "surname", surname
    for field in ("postcode", "street", "city", "dob", "company", "occupation", "birthplace"):
        value = getattr(who, field)
        if value:
            yield field, value
