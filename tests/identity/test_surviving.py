"""Which value survives, and why: the winner is a maximum, so merging is taking the greater of two."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Level
from hub.identity import surviving
from hub.identity.surviving import Pin, Value, choose

T = b"t" * 16


def said(value, level=Level.ASSERTED, confidence=1.0, connection="form", at=1, touch=T):
    return Value(value=value, level=level, confidence=confidence, connection=connection, touch=touch, at=at)


def pin(value, at=1, attribute="city", decision=b"d" * 16):
    return Pin(decision=decision, at=at, attribute=attribute, value=value)


@pytest.mark.parametrize(
    "winner, loser, rule",
    [
        (said("Bonn"), None, "only"),
        (said("Bonn", at=2), said("Bonn"), "agreed"),
        (said("Bonn"), said("n/a", Level.VERIFIED, at=9), "substance"),
        (said("Bonn", Level.VERIFIED), said("Köln", at=9, connection="operator:1"), "verification"),
        (said("Bonn", connection="operator:1"), said("Köln", at=9), "source"),
        (said("Bonn", confidence=0.9), said("Köln", confidence=0.5, at=9), "confidence"),
        (said("Bonn", at=2), said("Köln am Rhein"), "latest"),
        (said("Bad Godesberg"), said("Bonn"), "completeness"),
        (said("Köln"), said("Bonn"), "tie"),
    ],
)
def test_a_winner_says_by_which_step_it_won(winner, loser, rule):
    for order in itertools.permutations([winner, loser] if loser else [winner]):
        found = choose("city", order)
        assert (found.chosen, found.rule) == (winner, rule)
        assert found.runners_up == ((loser,) if loser else ())


def test_a_pin_beats_everything_while_somebody_says_its_value():
    best, other = said("Bonn", Level.VERIFIED, at=9), said("Köln")
    found = choose("city", [best, other], [pin("Bonn"), pin("Köln", at=2, decision=b"e" * 16)])
    assert (found.chosen, found.rule, found.pin) == (other, "pinned", b"e" * 16)
    nobody_says_it = choose("city", [best, other], [pin("Trier")])
    assert (nobody_says_it.chosen, nobody_says_it.rule, nobody_says_it.pin) == (best, "verification", None)
    assert choose("zip", [best], [pin("Köln")]).pin is None


def test_the_order_of_sources_is_a_setting_of_each_attribute():
    crm, site = said("Bonn", connection="crm"), said("Köln", connection="site:main", at=9)
    order = {"city": ("crm", "site"), "*": ("site",)}
    assert choose("city", [crm, site], order=order).chosen == crm
    assert choose("name", [crm, site], order=order).chosen == site


def test_an_attribute_of_many_values_keeps_each_as_it_was_said_best():
    red, again, blue = said("red", at=2), said("red"), said("blue", Level.VERIFIED)
    found = choose("tag", [red, again, blue])
    assert (found.chosen, found.rule, found.also, found.runners_up) == (blue, "every", (red,), (again,))


def test_a_name_that_names_nobody_never_wins_over_one_that_does():
    assert (
        choose("name", [said("Ann Berg"), said("Visitor 12", Level.VERIFIED, at=9)]).chosen.value
        == "Ann Berg"
    )


VALUES = st.builds(
    said,
    st.sampled_from(["a", "b", "bb", "n/a", "0", ""]),
    st.sampled_from(Level),
    st.sampled_from([0.5, 1.0]),
    st.sampled_from(["form", "crm", "operator:1"]),
    st.integers(1, 3),
    st.sampled_from([b"1" * 16, b"2" * 16]),
)
PINS = st.lists(
    st.builds(
        pin, st.sampled_from("ab"), st.integers(1, 3), decision=st.sampled_from([b"d" * 16, b"e" * 16])
    ),
    max_size=2,
    unique_by=lambda p: p.decision,
)


@given(st.lists(VALUES, min_size=1, max_size=6, unique=True), PINS, st.randoms())
def test_the_winner_is_maximal_and_arrival_never_matters(values, pins, random):
    found = choose("city", values, pins)
    shuffled = random.sample(values, len(values))
    assert choose("city", shuffled, random.sample(pins, len(pins))) == found
    held = max(pins, key=lambda p: (p.at, p.decision)).value if pins else None
    assert found.chosen in values
    assert all(
        surviving.key("city", found.chosen, held) >= surviving.key("city", value, held) for value in values
    )
    assert sorted([found.chosen, *found.runners_up], key=repr) == sorted(values, key=repr)


@given(st.lists(VALUES, min_size=1, max_size=5), st.lists(VALUES, min_size=1, max_size=5), PINS)
def test_merging_is_the_greater_of_two_winners(ours, theirs, pins):
    together = choose("city", ours + theirs, pins).chosen
    assert (
        together
        == choose(
            "city", [choose("city", ours, pins).chosen, choose("city", theirs, pins).chosen], pins
        ).chosen
    )
