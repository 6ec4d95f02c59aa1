"""Fuzzy matching, beside exact rules, Splink 5 and recordlinkage in the same run: clustered F1 on public sets and invented households,
and what suggestions are worth on a shop's touchpoints after the rule has joined what it can.

    python -m tests.bench.bench_identity_matching FOLDER

FOLDER holds the public sets. Nothing sees a label. What needs the extra `bench` (`pip install touchpoint-hub[bench]`) and does not find
it is left out, and said so.
"""

import asyncio
import csv
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from math import comb
from pathlib import Path

from hub.identity import shelves, suggesting
from hub.identity.matching import Person, link
from hub.identity.matching.blocking import pairs
from hub.identity.matching.clustering import clusters
from hub.identity.matching.linking import cluster
from hub.identity.matching.model import probability
from hub.identity.matching.reading import read
from hub.identity.suggester import Suggester
from tests.bench import shop, yardsticks
from tests.bench.report import table

SETS = {"fake_1000": ("fake_1000",), "febrl3x": ("febrl3",), "febrl4x": ("febrl4a", "febrl4b")}
THRESHOLDS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)
HOUSEHOLDS = (("it_IT", 1), ("en_GB", 2), ("es_ES", 4))


class Population:
    """People and who they really are."""

    def __init__(self, name: str, people: Sequence[Person], truth: Sequence[str]) -> None:
        self.name, self.people, self.truth = name, list(people), list(truth)
        self.there = sum(comb(n, 2) for n in Counter(truth).values())

    def f1(self, labels: Sequence[int]) -> float:
        together = sum(comb(n, 2) for n in Counter(zip(labels, self.truth, strict=True)).values())
        return 2 * together / (sum(comb(n, 2) for n in Counter(labels).values()) + self.there)

    def of_pairs(self, found: Sequence[yardsticks.Pair], least: float) -> tuple[float, float]:
        """Precision and recall of pairs."""
        sure = {(a, b) for a, b, share in found if share >= least}
        right = sum(self.truth[a] == self.truth[b] for a, b in sure)
        return right / max(1, len(sure)), right / self.there


def public(folder: Path, name: str) -> Population:
    """One of the public sets."""
    paths = [folder / f"{file}.csv" for file in SETS[name]]
    truth = []
    for path in paths:
        with path.open() as file:
            lines = csv.DictReader(file, skipinitialspace=True)
            truth += [line.get("cluster") or line["rec_id"].split("-")[1] for line in lines]
    return Population(name, read(paths).people, truth)


def households(locale: str, seed: int) -> Population:
    """Invented households."""
    from tests.bench.population import FIELDS
    from tests.bench.population import Population as Households

    rows = list(Households(locale, seed, 600).records())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, FIELDS)
            writer.writeheader()
            writer.writerows(row for row, _ in rows)
        return Population(f"households {locale}", read([path]).people, [str(truth) for _, truth in rows])


def ours(of: Population) -> list[object]:
    """A row of our own figures."""
    began = time.perf_counter()
    linked = link(of.people)
    took = time.perf_counter() - began
    found = [(a, b, probability(bits)) for a, b, bits in linked.pairs]
    best = max(of.f1(cluster(of.people, linked.pairs, linked.scorer, least)) for least in THRESHOLDS)
    return row(of, "three classes (ours)", took, of.f1(linked.labels), best, found)


def theirs(of: Population, name: str, run: Callable[[], list[yardsticks.Pair]]) -> list[object]:
    """A row of somebody else's figures; connected components, as they do it."""
    began = time.perf_counter()
    found = run()
    took = time.perf_counter() - began

    def at(least: float) -> float:
        return of.f1(clusters(len(of.people), ((a, b) for a, b, share in found if share >= least)))

    return row(of, name, took, at(0.95), max(map(at, THRESHOLDS)), found)


def row(
    of: Population, name: str, took: float, f1: float, best: float, found: list[yardsticks.Pair]
) -> list[object]:
    precision, recall = of.of_pairs(found, 0.95)
    return [
        f"{of.name}: {name}",
        f"{f1:.4f}",
        f"{best:.4f}",
        f"{precision:.3f} / {recall:.3f}",
        f"{took:.1f}",
    ]


def plain(folder: Path) -> None:
    """The table of plain files."""
    populations = [public(folder, name) for name in SETS]
    if find_spec("faker"):
        populations += [households(*asked) for asked in HOUSEHOLDS]
    else:
        print("Without Faker: no invented households. `pip install touchpoint-hub[bench]` brings it.")
    rows = []
    for of in populations:
        rows.append(theirs(of, "exact rules", lambda of=of: yardsticks.exact(of.people)))
        if find_spec("recordlinkage"):
            rows.append(
                theirs(of, "recordlinkage ECM", lambda of=of: yardsticks.ecm(of.people, pairs(of.people)))
            )
        if find_spec("splink"):
            rows.append(theirs(of, "Splink 5", lambda of=of: yardsticks.splink(of.people)))
        rows.append(ours(of))
    for name in ("recordlinkage", "splink"):
        if not find_spec(name):
            print(f"Without {name}: `pip install touchpoint-hub[bench]` brings it.")
    table(
        "Plain files, no labels",
        ["set: linker", "F1 at .95", "best F1", "pairs P / R at .95", "seconds"],
        rows,
    )


def suggestions(folder: Path) -> None:
    """The table of suggestions, through the product's own tables and jobs."""
    asyncio.run(_suggestions(folder / "touchpoints_dev.jsonl.gz"))


async def _suggestions(path: Path) -> None:
    from hub.store import Store

    with tempfile.TemporaryDirectory() as scratch:
        store = await Store.open(Path(scratch) / "hub.db", clock=lambda: shop.LATEST, publish=lambda *_: None)
        known = await store.write(shop.fill, path)
        holder = await store.read(shop.customers)
        suggester = Suggester(store)
        began = time.perf_counter()
        await suggester.look_due()
        looked = time.perf_counter() - began
        await suggester.learn()
        await suggester.look_due()
        found = await store.read(
            lambda read: read.all("SELECT a, b, bits FROM suggestion WHERE status = 'open'")
        )
        waiting = await store.read(
            lambda read: {shelf: shelves.waiting(read, shelf) for shelf in ("queue", "more")}
        )
        await store.close()
    owners = shop.owners(holder, known)
    records = Counter(owners.values())
    missing = sum(comb(n, 2) for n in records.values())
    rows = []
    for least in (0.95, 0.90, suggesting.MORE):
        sure = [(a, b) for a, b, bits in found if probability(bits) >= least]
        right = [(a, b) for a, b in sure if owners.get(a, a) == owners.get(b, b)]
        places = {record: at for at, record in enumerate(sorted({*holder.values()}))}
        labels = clusters(len(places), ((places[a], places[b]) for a, b in right))
        after = shop.figures({touch: labels[places[record]] for touch, record in holder.items()}, known)
        rows.append([f">= {least:.2f}", len(sure), f"{len(right) / max(1, len(sure)):.3f}", f"{len(right) / missing:.3f}",
                     f"{after.precision:.3f}", f"{after.recall:.3f}"])  # fmt: skip
    before = shop.figures(holder, known)
    print(
        f"\nThe rule alone: precision {before.precision:.3f}, recall {before.recall:.3f}, {before.mixed} mixed of {before.records}."
    )
    print(
        f"{missing} pairs of records are still of one person; looking at {len(owners)} customers took {looked:.1f} s; shelves: {waiting}."
    )
    table(
        "Suggestions on touchpoints_dev",
        ["p", "made", "precision", "recall of missing pairs", "touches P after the right", "touches R"],
        rows,
    )


def main() -> None:
    """Print all tables."""
    if len(sys.argv) != 2 or not (folder := Path(sys.argv[1])).is_dir():
        sys.exit("python -m tests.bench.bench_identity_matching FOLDER: name the folder of the public sets.")
    plain(folder)
    suggestions(folder)


if __name__ == "__main__":
    main()
