"""The laws would notice: each bug that is easily made here is planted, and a law must find an example against it.

Seeds are fixed, so no chance decides. A mutant that survives means the alphabets, or the checks, have become too weak.
"""

import inspect

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.identity import judging, nodes, placing, rule, summary, terms
from hub.identity.clusters import Clusters
from hub.identity.summary import Summary
from tests.identity import test_laws as laws
from tests.identity.histories import ABOUT_CLAIMS, CLAIMS, NAME, TIGHT

SEARCH = settings(
    max_examples=600,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
ARRIVAL = laws.test_the_order_of_arrival_and_redelivery_change_nothing
STEPWISE = laws.test_after_every_step_live_state_is_the_batch_rule_over_the_log
PREFIX = laws.test_after_every_touchpoint_live_state_is_the_batch_rule_over_those_before
PROTECTION = laws.test_without_an_operators_same_two_verified_people_are_never_one_and_never_holds


DENSE = {
    "drawn": st.lists(st.tuples(st.integers(0, 6), CLAIMS.filter(bool), NAME), min_size=7, max_size=10),
    "rules": st.just(TIGHT),
}
"""Where mutants live: enough touchpoints to meet, and settings that are reached."""


def falsified(law, **strategies):
    """Run a law until it finds a counterexample; fails if it finds none."""

    def check(*args, **drawn):
        law.hypothesis.inner_test(*args, **drawn)

    check.__signature__ = inspect.signature(law.hypothesis.inner_test)
    search = SEARCH(given(**{**law.hypothesis._given_kwargs, **DENSE, **strategies})(check))
    with pytest.raises(AssertionError):
        search()


def test_taking_claimants_in_the_order_of_insertion_dies(monkeypatch):
    monkeypatch.setattr(terms.Node, "order", property(lambda node: (b"", b"")))
    falsified(ARRIVAL)


def test_a_claimant_order_that_is_not_canonical_dies(monkeypatch):
    def as_they_come(self, keys=None):
        return list({id(c): c for c in map(self.of, self._of if keys is None else keys)}.values())[::-1]

    def edges(found, real=rule._edges):
        found = list(found)
        by_insertion = {node.key: n for n, node in enumerate(found)}
        return [
            edge._replace(nodes=tuple(sorted(edge.nodes, key=lambda n: by_insertion[n.key])))
            for edge in real(found)
        ]

    monkeypatch.setattr(Clusters, "distinct", as_they_come)
    monkeypatch.setattr(rule, "_edges", edges)
    falsified(ARRIVAL)


def test_handles_of_components_kept_while_they_are_merged_die(monkeypatch):
    """The components that an identifier's new status touches are forgotten: only those found before count."""

    def turn(tx, keys, real=judging.turn):
        real(tx, keys)
        return set()

    monkeypatch.setattr(judging, "turn", turn)
    falsified(PREFIX)


def test_components_met_on_the_way_that_are_not_settled_die(monkeypatch):
    def settle(self, cause, more=(), real=nodes.Moving.settle):
        self.components = set(sorted(self.components)[:1])
        return real(self, cause, more)

    monkeypatch.setattr(nodes.Moving, "settle", settle)
    falsified(STEPWISE)


def test_not_counting_verified_people_dies(monkeypatch):
    def is_one_record(self, rules, real=Summary.is_one_record):
        return real(msgspec.structs.replace(self, persons=0), rules)

    monkeypatch.setattr(Summary, "is_one_record", is_one_record)
    falsified(PREFIX)


def test_letting_two_verified_people_meet_dies(monkeypatch):
    monkeypatch.setattr(Clusters, "mark_people", lambda self: None)
    falsified(PROTECTION)


def test_not_settling_again_when_something_earlier_arrives_dies(monkeypatch):
    monkeypatch.setattr(placing, "_earlier", lambda tx, key, touch, label: ())
    falsified(PREFIX)


def test_judging_an_identifier_without_what_is_said_beside_it_dies(monkeypatch):
    monkeypatch.setattr(judging, "entered", lambda *args, **kwargs: set())
    falsified(PREFIX)


def test_not_judging_again_what_was_taken_back_dies(monkeypatch):
    monkeypatch.setattr(judging, "left", lambda tx, claims, names: set())
    everything = [("touch", n) for n in range(10)]
    falsified(
        STEPWISE, steps=st.lists(ABOUT_CLAIMS, min_size=1, max_size=4).map(lambda late: everything + late)
    )


def test_taking_names_that_contradict_for_one_record_dies(monkeypatch):
    monkeypatch.setattr(summary, "_fit", lambda ours, theirs: True)
    falsified(PREFIX)


def test_adding_up_what_two_parts_share_dies(monkeypatch):
    def of_node(node, known=(), real=summary.of_node):
        return real(node)

    monkeypatch.setattr(summary, "of_node", of_node)
    falsified(laws.test_reading_the_log_anew_changes_nothing)
