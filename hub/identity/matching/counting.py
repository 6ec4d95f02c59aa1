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

    def __init__(self, people: Iterable[Person] = (), same: Sequence[int] | None = None) -> None:
        """`same`: a label per record; records of one label are one person."""
        self.counts: dict[str, Counter[str]] = {field: Counter() for field in COUNTED}
        self.totals: Counter[str] = Counter()
        seen: set[tuple[str, str, int]] = set()
        for at, who in enumerate(people):
            if same is None:
                self.add(who)
                continue
            found = {(field, value, same[at]) for field, value in values(who)} - seen
            seen |= found
            self._add((field, value) for field, value, _ in found)

    def add(self, who: Person) -> None:
        """Count one more person."""
        self._add(values(who))

    def _add(self, found: Iterable[tuple[str, str]]) -> None:
        for field, value in found:
            self.counts[field][value] += 1
            self.totals[field] += 1

    def common(self, least: int = 3) -> "Counts":
        """Without the values of fewer than `least` people, which weigh as much as one never seen."""
        kept = Counts()
        kept.totals = self.totals
        kept.counts = {
            field: Counter({value: n for value, n in counts.items() if n >= least})
            for field, counts in self.counts.items()
        }
        return kept

    def frequency(self, field: str, value: str) -> float | None:
        """The share of people with this value; None where nothing was counted."""
        total = self.totals[field]
        if not total:
            return None
        count = self.counts[field][value] or 2
        if field == "dob":  # days are spread evenly; only those that stand for "unknown" come often
            share = count / total
            return share if count > 10 and share > 0.002 else RAREST["dob"]
        return max(RAREST[field], (count - 0.5) / total)


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
