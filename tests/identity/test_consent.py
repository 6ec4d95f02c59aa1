"""Consent has a rule of its own: the latest word per purpose and address, and a no wins a tie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Identifier, Level
from hub.identity import consent
from hub.identity.surviving import Value

MAIL = Identifier(kind="email", value="ann@shop.org")
OTHER = Identifier(kind="email", value="ann@home.org")


def said(value, at=1, level=Level.ASSERTED, touch=b"t" * 16, connection="form"):
    return Value(value=value, level=level, confidence=1.0, connection=connection, touch=touch, at=at)


def news(*values):
    return consent.consents([("consent:newsletter", value) for value in values])


def test_the_latest_word_counts_whoever_said_it():
    (held,) = news(said("yes", at=1, level=Level.VERIFIED), said("no", at=2))
    assert not held.granted and held.said.at == 2 and [v.value for v in held.earlier] == ["yes"]
    (again,) = news(said("no", at=1), said("yes", at=2))
    assert again.granted


def test_a_withdrawal_wins_a_tie():
    assert not news(said("yes", level=Level.VERIFIED, touch=b"z" * 16), said("no", touch=b"a" * 16))[
        0
    ].granted


def test_each_purpose_and_each_address_has_its_own_word():
    held = consent.consents([
        ("consent:newsletter", said("yes email:Ann@Shop.org")), ("consent:newsletter", said("no", at=2)),
        ("consent:calls", said("yes")),
    ])  # fmt: skip
    assert [(c.purpose, c.address, c.granted) for c in held] == [
        ("calls", None, True), ("newsletter", None, False), ("newsletter", MAIL, True)]  # fmt: skip
    assert consent.may(held, "newsletter", MAIL) and not consent.may(held, "newsletter", OTHER)


def test_do_not_contact_stands_above_every_consent():
    held = consent.consents(
        [("consent:newsletter", said("yes", at=9)), ("do-not-contact", said("yes email:ann@shop.org"))]
    )
    assert not consent.may(held, "newsletter", MAIL)
    assert consent.may(held, "newsletter", OTHER)
    assert not consent.may(consent.consents([("do-not-contact", said("yes"))]), "newsletter", OTHER)


def test_nothing_said_is_no_consent():
    assert not consent.may((), "newsletter", MAIL)


@pytest.mark.parametrize("value", ["maybe", "", "yes shoe:44", "yes email:nobody", "null"])
def test_what_is_neither_yes_nor_no_states_nothing(value):
    assert news(said(value)) == ()


STATED = st.lists(
    st.builds(said, st.sampled_from(["yes", "no", "yes email:ann@shop.org", "no email:ann@shop.org"]), st.integers(1, 3),
              touch=st.sampled_from([b"1" * 16, b"2" * 16])), max_size=6)  # fmt: skip


@given(STATED, st.randoms())
def test_arrival_never_matters(values, random):
    assert [(c.address, c.granted, c.said) for c in news(*random.sample(values, len(values)))] == [
        (c.address, c.granted, c.said) for c in news(*values)]  # fmt: skip
