"""Conditions over a visit: what holds, and that every mistake is told at once with its place."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.visits.conditions import BadCondition, lingers, parse
from hub.visits.facts import TYPES, Facts


def compare(fact, op, value):
    return {"fact": fact, "op": op, "value": value}


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        (compare("page_seconds", ">=", 45), Facts(page_seconds=45.0)),
        (compare("path", "matches", "/checkout/*"), Facts(path="/Checkout/pay")),
        (compare("title", "contains", "vase"), Facts(title="The Blue VASE")),
        (compare("returning", "is", True), Facts(returning=True)),
        (compare("cart_value", ">", 0.5), Facts(cart_value=84.0)),
        ({"not": compare("talking", "is", True)}, Facts()),
        ({"any": [compare("pages", ">", 9), compare("device", "=", "phone")]}, Facts(device="phone")),
        (
            {"all": [compare("pages", ">", 1), compare("language", "starts with", "de")]},
            Facts(pages=2.0, language="de-AT"),
        ),
    ],
)
def test_a_condition_holds(condition, facts):
    assert parse(condition).holds(facts)
    assert not parse({"not": condition}).holds(facts)


def test_every_mistake_is_told_with_its_path():
    wrong = {
        "all": [
            compare("page_second", ">=", 1),
            compare("pages", "contains", 1),
            {"any": []},
            {"not": {"not": compare("returning", "is", "yes")}},
            {"fact": "pages"},
            3,
        ]
    }
    with pytest.raises(BadCondition) as raised:
        parse(wrong)
    assert [path for path, _ in raised.value.problems] == [
        "when.all[0].fact",
        "when.all[1].op",
        "when.all[2].any",
        "when.all[3].not.not.value",
        "when.all[4]",
        "when.all[5]",
    ]
    assert "page_seconds" in str(raised.value)


@pytest.mark.parametrize("value", [math.nan, True, "45", None, [45]])
def test_a_number_is_a_number(value):
    with pytest.raises(BadCondition, match="expected a number"):
        parse(compare("page_seconds", ">=", value))


def test_a_condition_is_bounded_in_depth_and_length():
    deep = compare("pages", ">", 1)
    for _ in range(12):
        deep = {"not": deep}
    with pytest.raises(BadCondition, match="levels"):
        parse(deep)
    with pytest.raises(BadCondition, match="at most 100 comparisons"):
        parse({"any": [compare("pages", ">", n) for n in range(101)]})


def test_lingering_is_attention_on_a_page_without_a_conversation():
    rule = lingers(30, "/checkout*")
    assert rule.holds(Facts(path="/checkout/2", page_seconds=31.0))
    assert not rule.holds(Facts(path="/checkout/2", page_seconds=29.0))
    assert not rule.holds(Facts(path="/", page_seconds=31.0))
    assert not rule.holds(Facts(path="/checkout/2", page_seconds=31.0, talking=True))


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(sorted(TYPES)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["all", "any", "not", "fact", "op", "value"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(anything)
def test_whatever_is_written_is_read_or_refused(source):
    try:
        condition = parse(source)
    except BadCondition as error:
        assert error.problems
    else:
        assert condition.holds(Facts()) in (True, False)
