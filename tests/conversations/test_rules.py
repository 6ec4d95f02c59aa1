"""Routing rules by themselves: they decide every message, in bounded time, by their order, and no text can break or slow them."""

import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.conversations import rules
from hub.conversations.rules import words
from hub.wire.routing import Condition, Rule, Then

VOCABULARY = (
    "refund",
    "order",
    "late",
    "vase",
    "blue*",
    "*back",
    "my order",
    "can* my order",
    "退款",
    "Käufe",
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(["refund", "order", "late", "vase", "blues", "cashback", "my", "cancel"])).map(" ".join))  # fmt: skip


def condition(fact):
    kind = rules.KINDS[fact]
    values = {
        "words": st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3),
        "names": st.lists(st.sampled_from(("de", "*@shop.test", "shop", "kim@*", "vip")), min_size=1, max_size=2),
        "figure": st.floats(0, 100, allow_nan=False),
        "truth": st.booleans(),
    }  # fmt: skip
    return st.builds(Condition, fact=st.just(fact), op=st.sampled_from(rules.OPS[kind]), value=values[kind])


CONDITIONS = st.sampled_from(tuple(rules.KINDS)).flatmap(condition)
IDS = st.sampled_from([f"{n:032x}" for n in range(4)])
THEN = st.builds(
    Then, queue=st.none() | IDS, priority=st.none() | st.sampled_from(("urgent", "normal", "low")),
    tags=st.lists(st.sampled_from(("a", "B", " c ", "d")), max_size=3), answer=st.none() | IDS,
    close=st.none() | st.sampled_from(("spam", "resolved")), stop=st.booleans(),
)  # fmt: skip
RULE = st.builds(
    Rule, id=st.uuids().map(lambda it: it.hex), name=st.just("a rule"), when=st.lists(CONDITIONS, min_size=1, max_size=3),
    then=THEN, match=st.sampled_from(("all", "any")), enabled=st.just(True),
)  # fmt: skip
RULES = st.lists(RULE, max_size=6)
NAMES = st.lists(st.sampled_from(("kim@shop.test", "info@shop.test", "x@y.z")), max_size=2).map(tuple)
FACTS = st.builds(
    rules.Facts, subject=TEXTS, text=TEXTS, to=NAMES, sender=NAMES, language=st.sampled_from(("", "de", "en")),
    open=st.none() | st.booleans(), automatic=st.booleans(), known=st.none() | st.booleans(),
    orders=st.none() | st.floats(0, 100), customer_tags=st.sampled_from(((), ("vip",))),
)  # fmt: skip


def rule(*when, then=None, n=1, **more):
    return Rule(id=f"{n:032x}", name=f"rule {n}", when=list(when), then=then or Then(), enabled=True, **more)


def said(text, **more):
    return rules.Facts(text=text, **more)


def decided(facts, *written):
    assert rules.problems(written) == {}
    return rules.decide(facts, rules.compiled(written))


@given(FACTS, RULES)
def test_every_message_is_decided_and_every_rule_up_to_a_stop_is_accounted_for(facts, written):
    decision = decided(facts, *written)
    looked = [step.rule.id for step in decision.steps]
    stops = [step.rule.id for step in decision.steps if step.matched and step.rule.then.stop]
    assert looked == [one.id for one in written][: len(looked)]
    assert len(looked) == len(written) or stops == looked[-1:]
    for step in decision.steps:
        enough = len(step.rule.when) if step.rule.match == "all" else 1
        if step.matched:
            assert len(step.because) >= enough
        else:
            assert step.because
            assert step.counted == ()


@given(FACTS, RULES, RULE)
def test_a_rule_below_others_changes_nothing_they_decided(facts, written, last):
    before, after = decided(facts, *written).then, decided(facts, *written, last).then
    for thing in ("queue", "priority", "answer", "close"):
        if getattr(before, thing) is not None:
            assert getattr(after, thing) == getattr(before, thing)
    assert after.tags[: len(before.tags)] == before.tags


@given(FACTS, RULES)
def test_the_first_matching_rule_that_says_something_decides_it(facts, written):
    decision = decided(facts, *written)
    for thing in ("queue", "priority", "answer", "close"):
        first = next((s for s in decision.matched if getattr(s.rule.then, thing) is not None), None)
        assert getattr(decision.then, thing) == (getattr(first.rule.then, thing) if first else None)
        assert [s.rule.id for s in decision.steps if thing in s.counted] == ([first.rule.id] if first else [])


@given(FACTS, RULES)
def test_a_rule_that_does_not_match_might_as_well_not_be_there(facts, written):
    decision = decided(facts, *written)
    matching = [step.rule for step in decision.matched]
    assert decided(facts, *matching).then == decision.then


@given(FACTS, RULE)
def test_a_rule_survives_being_kept(facts, one):
    text = msgspec.json.encode([one]).decode()
    kept = rules.decide(facts, rules.read(text))
    assert kept == decided(facts, one)


@given(st.text(max_size=200), st.text(max_size=30))
def test_a_plain_word_of_the_text_is_found_in_it_whatever_stands_around_it(text, word):
    if words.problem(word) or "*" in word or len(words.Words(word).text) > words.LONGEST:
        return
    assert words.phrase(word).found_in(words.Words(f"{text} {word} {text}"))


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("refund", "A REFUND, please", "refund"),
        ("refund", "two refunds", ""),
        ("refund*", "two refunds", "refunds"),
        ("*rechnung*", "die Stornorechnungen", "stornorechnungen"),
        ("reclamation", "une réclamation", "reclamation"),
        ("cancel* my order", "Cancelling my\n order!", "cancelling my order"),
        ("cancel* my order", "cancelling an order", ""),
        ("退款", "我要退款", "退 款"),
        ("a*e", "apple e", "apple"),
        ("don't", "I don’t know", "don t"),
    ],
)
def test_words_are_found_whole_folded_and_with_stars_inside_one_word(pattern, text, found):
    assert words.problem(pattern) == ""
    assert words.phrase(pattern).found_in(words.Words(text)) == found


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("*@shop.test", "Kim@SHOP.test", True), ("info@*", "info@shop.test", True), ("a*a", "a", False),
        ("*", "", True), ("a*b*c", "a1b2c", True), ("a*b*c", "acb", False), ("shop", "shop2", False),
    ],
)  # fmt: skip
def test_addresses_fit_with_stars_for_anything(pattern, value, fits):
    assert words.glob(pattern, value) is fits


def test_what_nobody_knows_holds_nothing_but_that_it_is_not():
    unknown = said("hello")
    for one in (Condition(fact="open", op="is", value=False), Condition(fact="orders", op="at most", value=3.0),
                Condition(fact="language", op="is", value=["d*"])):  # fmt: skip
        assert not decided(unknown, rule(one)).matched
    assert decided(unknown, rule(Condition(fact="language", op="is not", value=["de"]))).matched


def test_a_decision_says_on_which_words():
    one = rule(
        Condition(fact="words", op="has", value=["invoice", "refund*"]),
        Condition(fact="from", op="is", value=["*@shop.test"]),
        then=Then(queue="0" * 32, tags=["Money"]),
    )
    decision = decided(rules.Facts(subject="Two refunds", text="!", sender=("kim@shop.test",)), one)
    assert decision.steps[0].because == ((0, "refunds"), (1, "kim@shop.test"))
    assert decision.steps[0].counted == ("queue", "tags")
    assert decision.then.tags == ["money"]
    failed = decided(rules.Facts(subject="Two refunds", sender=("x@y.z",)), one).steps[0]
    assert (failed.matched, failed.because) == (False, ((1, "x@y.z"),))


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        (rule(), "rules[0].when"),
        (rule(Condition(fact="words", op="is", value=["a"])), "rules[0].when[0].op"),
        (rule(Condition(fact="words", op="has", value=[])), "rules[0].when[0].value"),
        (rule(Condition(fact="words", op="has", value=["  "])), "rules[0].when[0].value"),
        (rule(Condition(fact="words", op="has", value=["*"])), "rules[0].when[0].value"),
        (rule(Condition(fact="words", op="has", value=["a*b*c*d"])), "rules[0].when[0].value"),
        (rule(Condition(fact="words", op="has", value=["a b c d e f g h i"])), "rules[0].when[0].value"),
        (rule(Condition(fact="words", op="has", value=True)), "rules[0].when[0].value"),
        (rule(Condition(fact="orders", op="at least", value=float("nan"))), "rules[0].when[0].value"),
        (rule(Condition(fact="orders", op="at least", value=True)), "rules[0].when[0].value"),
        (rule(Condition(fact="from", op="is", value=["a\0b"])), "rules[0].when[0].value"),
        (rule(Condition(fact="open", op="is", value=1.0)), "rules[0].when[0].value"),
        (rule(Condition(fact="open", op="is", value=True), then=Then(tags=["x" * 60])), "rules[0].then.tags"),
    ],
)  # fmt: skip
def test_what_could_not_be_asked_is_refused_with_its_place(bad, place):
    assert list(rules.problems([bad])) == [place]


def test_ten_thousand_words_in_all_are_too_many():
    many = [rule(*[Condition(fact="words", op="has", value=["a"] * 100)] * 10, n=n) for n in range(10)]
    assert "rules" in rules.problems(many)


def test_a_megabyte_and_all_the_words_there_may_be_cost_milliseconds():
    """The text's cost is bounded by what is looked at, the rules' by how many words they may have."""
    phrases = [f"a*{n}* b*{n}*z" for n in range(100)]
    written = [
        rule(*[Condition(fact="words", op="has", value=phrases)] * 2, n=n, match="any") for n in range(5)
    ]
    assert rules.problems(written) == {}
    asked = rules.compiled(written)
    for text in ("a" * 1_000_000, "a1 b" * 250_000, "\0" * 1_000_000, "\ufdfa" * 1_000_000):
        started = time.process_time()
        assert not rules.decide(said(text), asked).matched
        assert time.process_time() - started < 2.0


@settings(max_examples=200)
@given(st.text(max_size=300), st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_nothing_anybody_can_write_breaks_it(text, patterns):
    one = rule(Condition(fact="words", op="has", value=patterns))
    if rules.problems([one]) == {}:
        rules.decide(said(text, subject=text[::-1]), rules.compiled([one]))
