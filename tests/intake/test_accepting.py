"""Accepting a touchpoint: once, with its claims normalised, or not at all."""

import datetime as dt
import json

import pytest

from hub import intake
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.store import scratch_tx

THEN = dt.datetime(2023, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


def touchpoint(**changes):
    return Touchpoint(**{"channel": "mail", "kind": "mail", "key": "<1@mail>", "occurred_at": THEN} | changes)


def claim(kind, value, level=Level.ASSERTED):
    return Claim(kind=kind, value=value, level=level)


def stored(tx):
    return tx.one("SELECT count(*) FROM touchpoint")[0]


def test_a_touchpoint_reported_twice_is_stored_once(tx):
    first = intake.accept(tx, "office", touchpoint())
    again = intake.accept(
        tx, "office", touchpoint(payload={"other": 1}, occurred_at=THEN + dt.timedelta(days=1))
    )
    assert (first.fresh, again.fresh) == (True, False)
    assert (again.touch_id, again.evidence, again.occurred_at) == (
        first.touch_id,
        first.evidence,
        first.occurred_at,
    )
    assert stored(tx) == 1


def test_the_same_key_of_another_connection_is_another_touchpoint(tx):
    assert intake.accept(tx, "office", touchpoint()).fresh
    assert intake.accept(tx, "home", touchpoint()).fresh


def test_a_touch_id_is_content_and_sorts_by_time(tx):
    late = intake.accept(tx, "office", touchpoint())
    early = intake.accept(tx, "office", touchpoint(key="2", occurred_at=THEN - dt.timedelta(seconds=1)))
    assert early.touch_id < late.touch_id
    with scratch_tx() as other:
        assert intake.accept(other, "office", touchpoint()).touch_id == late.touch_id


@pytest.mark.parametrize("year, expected", [(2038, "now"), (1969, 0), (9999, "now"), (1, 0)])
def test_a_clock_that_is_wrong_is_set_right_once(tx, year, expected):
    accepted = intake.accept(tx, "office", touchpoint(occurred_at=dt.datetime(year, 1, 1, tzinfo=dt.UTC)))
    assert accepted.occurred_at == (tx.now if expected == "now" else 0)
    tx.now += 1_000_000
    again = intake.accept(tx, "office", touchpoint(occurred_at=dt.datetime(year, 1, 1, tzinfo=dt.UTC)))
    assert (again.fresh, again.touch_id) == (False, accepted.touch_id)


def test_claims_are_normalised_and_kept_raw(tx):
    accepted = intake.accept(
        tx,
        "office",
        touchpoint(claims=(claim("email", "mailto:Ann@SHOP.org"), claim("phone", "030 123456"))),
        region="DE",
    )
    assert [(c.kind, c.value) for c in accepted.claims] == [
        ("email", "ann@shop.org"),
        ("phone", "+4930123456"),
    ]
    (raw,) = tx.one("SELECT claims FROM touchpoint")
    assert [c["value"] for c in json.loads(raw)] == ["mailto:Ann@SHOP.org", "030 123456"]


def test_an_identifier_said_twice_counts_at_its_best_level(tx):
    said = (claim("email", "a@shop.org"), claim("email", "A@shop.org", Level.VERIFIED))
    (one,) = intake.accept(tx, "office", touchpoint(claims=said)).claims
    assert one.level is Level.VERIFIED


def test_a_claim_that_identifies_nobody_is_named_and_left_out(tx):
    accepted = intake.accept(
        tx, "office", touchpoint(claims=(claim("user_id", "null"), claim("email", "at home")))
    )
    assert accepted.claims == ()
    assert accepted.ignored == (
        "claims[0]: user_id 'null' identifies nobody: it is what is written where there is nothing to say",
        "claims[1]: email 'at home' identifies nobody: expected an address such as ann@shop.org",
    )


def test_what_cannot_be_read_is_kept_raw_and_costs_the_rest_nothing(tx):
    said = (claim("shoe", "44"), claim("user_id", "x" * 100_000), claim("email", "a@shop.org"))
    accepted = intake.accept(tx, "office", touchpoint(claims=said))
    assert [c.value for c in accepted.claims] == ["a@shop.org"]
    unknown, absurd = accepted.ignored
    assert unknown.startswith("claims[0]: unknown kind of identifier 'shoe'; expected one of user_id, email")
    assert absurd.endswith("identifies nobody: expected at most 500 characters, got 100000")
    (raw,) = tx.one("SELECT claims FROM touchpoint")
    assert [(c["kind"], len(c["value"])) for c in json.loads(raw)] == [
        ("shoe", 2),
        ("user_id", 100_000),
        ("email", 10),
    ]


def test_a_touchpoint_may_bring_the_country_its_numbers_are_written_for(tx):
    said = touchpoint(claims=(claim("phone", "030 123456"),), region="DE")
    (phone,) = intake.accept(tx, "office", said, region="FR").claims
    assert phone.value == "+4930123456"
    assert tx.one("SELECT region FROM touchpoint") == ("DE",)


def test_equal_claims_and_names_are_one_evidence(tx):
    def evidence(key, *claims, name="Ann"):
        said = (AttributeClaim(attribute="name", value=name), AttributeClaim(attribute="city", value=key))
        return intake.accept(tx, "office", touchpoint(key=key, claims=claims, attributes=said)).evidence

    a, b = claim("email", "a@shop.org"), claim("phone", "+4930123456")
    one = evidence("1", a, b)
    assert evidence("2", b, a, name="ANN") == one
    assert evidence("3", a) != one
    assert evidence("4", a, b, name="Bob") != one
    assert evidence("5", claim("email", "a@shop.org", Level.VERIFIED), b) != one


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"key": ""}, r"Touchpoint\.key: expected 1 to 500 characters, got 0"),
        ({"key": "x" * 501}, r"Touchpoint\.key: expected 1 to 500 characters, got 501"),
        ({"key": "\ud800"}, r"Touchpoint\.key: expected text, got a NUL or half a surrogate pair"),
        ({"thread": "a\0b"}, r"Touchpoint\.thread: expected text, got a NUL"),
        ({"claims": (claim("email", "x" * 300_000),)}, r"claims: expected at most 262144 characters of JSON"),
        ({"claims": (claim("email", "\ud800"),)}, r"expected values that can be written as JSON"),
        (
            {"claims": tuple(claim("device", str(n)) for n in range(301))},
            r"claims: expected at most 300, got 301",
        ),
        (
            {"attributes": (AttributeClaim(attribute="name", value="n" * 2001),)},
            r"attributes\[0\]\.value: expected 0 to 2000",
        ),
        ({"payload": {"x": "y" * 300_000}}, r"payload: expected at most 262144 characters of JSON"),
        ({"payload": {"x": object()}}, r"expected values that can be written as JSON"),
        (
            {"claims": (claim("user_id", "Ann", Level.VERIFIED), claim("user_id", "Bob", Level.VERIFIED))},
            r"verifies two values of user_id \('Ann' and 'Bob'\), and a person has one",
        ),
    ],
)
def test_a_touchpoint_that_cannot_be_kept_is_refused_with_the_place(tx, changes, sentence):
    with pytest.raises(intake.Unacceptable, match=sentence):
        intake.accept(tx, "office", touchpoint(**changes))
    assert stored(tx) == 0


def test_a_payload_nested_beyond_reason_is_refused(tx):
    deep = {}
    for _ in range(100_000):
        deep = {"d": deep}
    with pytest.raises(intake.Unacceptable, match="at most 32 levels"):
        intake.accept(tx, "office", touchpoint(payload=deep))
    while deep:  # taken apart by hand: freeing it in one go would recurse as deep
        deep = deep["d"]


def test_a_time_without_a_zone_is_refused_where_it_is_made():
    with pytest.raises(
        ValueError, match=r"occurred_at: expected an aware datetime, got 2023-05-01T12:00:00 without a zone"
    ):
        touchpoint(occurred_at=THEN.replace(tzinfo=None))
