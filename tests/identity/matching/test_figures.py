"""The accuracy that linking reaches on public data sets, without labels and without the national number that FEBRL has."""

import csv
from collections import Counter
from collections.abc import Iterator
from math import comb
from pathlib import Path

import pytest

from hub.identity.matching import link
from hub.identity.matching.reading import read


def truth(path: Path) -> Iterator[str]:
    with path.open() as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield row["cluster"] if "cluster" in row else row["rec_id"].split("-")[1]


def pairwise_f1(labels, people) -> float:
    together, found, there = (
        sum(comb(n, 2) for n in Counter(of).values())
        for of in (zip(labels, people, strict=True), labels, people)
    )
    return 2 * together / (found + there)


@pytest.mark.parametrize(
    ("files", "least"),
    [
        (("fake_1000",), 0.945),
        pytest.param(("febrl3",), 0.998, marks=pytest.mark.heavy),
        pytest.param(("febrl4a", "febrl4b"), 0.995, marks=pytest.mark.heavy),
    ],
    ids=["fake_1000", "febrl3", "febrl4"],
)
def test_public_sets_are_linked_without_labels(shared, files, least):
    paths = [shared / "data" / "identity" / f"{name}.csv" for name in files]
    people = [person for path in paths for person in truth(path)]
    assert pairwise_f1(link(read(paths).people).labels, people) >= least
