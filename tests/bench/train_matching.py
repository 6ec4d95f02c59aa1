"""Learns the scorer's shipped weights from labelled touchpoints, and writes them into the hub.

    python -m tests.bench.train_matching FOLDER

FOLDER holds `touchpoints_dev.jsonl.gz`. The touchpoints go through intake and identity, so that what is learned is how the records of
one person differ that the rule leaves apart. m counts the levels of all such pairs; the household's free part those of different
people in one house; u comes from pairs drawn at random. All are held near the broad weights. The same file gives the same weights.
"""

import sys
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import msgspec

from hub.identity import suggesting
from hub.identity.matching import Person, Weights, person
from hub.identity.matching.blocking import keys, pairs
from hub.identity.matching.comparing import AT, FIELDS, SAME, Pattern, compare
from hub.identity.matching.fitting import chance, draw, household_table
from hub.identity.matching.model import LEARNED
from hub.identity.matching.weights import PLAIN, both_as_text
from hub.store import scratch_tx
from tests.bench import shop

FILE = Path(__file__).resolve().parents[2] / "hub" / "identity" / "matching" / "weights.json"
HELD = 40.0
"""Pairs' worth of the broad weights."""


def labelled(path: Path) -> tuple[list[Person], list[str]]:
    """The customers that a file of touchpoints leaves, and whose each is."""
    with scratch_tx(now=shop.LATEST) as tx:
        known = shop.fill(tx, path)
        owners = shop.owners(shop.customers(tx), known)
        people = [person(customer.hex(), suggesting.said_of(tx, customer)[0]) for customer in sorted(owners)]
    return people, [owners[customer] for customer in sorted(owners)]


def train(people: list[Person], owners: list[str]) -> Weights:
    """Weights from labelled people."""
    of: defaultdict[str, list[int]] = defaultdict(list)
    for at, owner in enumerate(owners):
        of[owner].append(at)
    one = [compare(people[a], people[b])[0] for places in of.values() for a, b in combinations(places, 2)]
    m = {field: counted(one, field, PLAIN.m[field]) for field in FIELDS}
    u = chance(draw(people, 1), PLAIN.u)
    two = [compare(people[a], people[b])[0] for a, b in sorted(pairs(people, keys)) if owners[a] != owners[b]]
    house = [pattern for pattern in two if is_house(pattern)]
    line = [pattern for pattern in two if pattern[AT["phone"]] == SAME["phone"]]
    free = {
        field: counted(house if field == "phone" else house + line, field, PLAIN.h[field])
        for field in LEARNED
    }
    size = len(people)
    return msgspec.structs.replace(
        PLAIN, m=m, u=u, h=household_table(m, u, free), match=0.2 / size, household=0.4 / size
    )


def is_house(pattern: Pattern) -> bool:
    """One house, as far as street and number say."""
    return (pattern[AT["street"]] or 0) >= 2 and (pattern[AT["number"]] or 0) >= 2


def counted(patterns: list[Pattern], field: str, held: tuple[float, ...]) -> tuple[float, ...]:
    """Shares of a field's levels in these patterns, held near `held`."""
    seen = Counter(pattern[AT[field]] for pattern in patterns)
    del seen[None]
    whole = seen.total() + HELD
    return tuple((seen[level] + HELD * share) / whole for level, share in enumerate(held))


def main(folder: Path) -> None:
    """Learn, and write."""
    people, owners = labelled(folder / "touchpoints_dev.jsonl.gz")
    FILE.write_bytes(both_as_text(PLAIN, train(people, owners)))
    print(f"{FILE}: learned from {len(people)} customers of {len(set(owners))} people")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
