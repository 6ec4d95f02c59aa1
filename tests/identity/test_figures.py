"""The figures to reach on labelled touchpoints: right enough, and the same whatever the order of arrival."""

import random

import pytest

from hub.cli.replaying import read
from tests.bench import bench_identity as bench


@pytest.fixture(scope="module")
def lines(shared):
    return list(read(shared / "data" / "identity" / "touchpoints_dev.jsonl.gz"))


def test_touchpoints_find_their_people_and_nobody_elses(lines):
    precision, recall, mixed, records, _ = bench.score(lines, bench.pure(lines))
    assert precision >= 0.985
    assert recall >= 0.83
    assert mixed / records <= 0.015


@pytest.mark.heavy
def test_the_write_path_gives_the_rules_answer_in_any_order(lines):
    expected = bench.pure(lines)
    for seed in (1, 2):
        shuffled = random.Random(seed).sample(lines, len(lines))
        assert bench.differing(bench.engine(shuffled), expected) == 0


@pytest.mark.heavy
def test_the_usual_design_is_less_right_and_depends_on_arrival(lines):
    answer = bench.usual(lines)
    precision, recall, *_ = bench.score(lines, answer)
    assert precision < 0.9
    assert recall < 0.9
    assert bench.differing(answer, bench.usual(random.Random(1).sample(lines, len(lines)))) > 0
