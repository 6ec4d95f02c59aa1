"""What was said of a customer, as the database has it: chosen, counted, and moving along with its touchpoints."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import identity
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.identity import surviving
from hub.store import scratch_tx
from tests.identity.conftest import Shop

LIMITS = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
PLACES = ["form", "crm", "operator:ab"]
SAID = st.lists(
    st.tuples(
        st.sampled_from(["d1", "d2"]),
        st.sampled_from(PLACES),
        st.sampled_from(["name", "city", "tag"]),
        st.sampled_from(["Ann", "Bo", "Bob", "n/a", ""]),
        st.sampled_from(Level),
        st.sampled_from([0.5, 1.0]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


def say(shop, n, device, connection, attribute, value, level, confidence, at):
    claims = (
        Claim(kind="device", value=device, level=Level.OBSERVED),
        Claim(kind="user_id", value="U", level=Level.VERIFIED),
    )
    said = (AttributeClaim(attribute=attribute, value=value, level=level, confidence=confidence),)
    base = shop.touchpoint(at=at, key=f"k{n}")
    touchpoint = Touchpoint(
        channel="web",
        kind="visit",
        key=base.key,
        occurred_at=base.occurred_at,
        claims=claims,
        attributes=said,
    )
    return shop.accept(touchpoint, connection)[0].touch_id


def everything(shop, touch):
    """(attribute, value) of everything the log says of this customer, without the derived tables."""
    for found in identity.touches(shop.tx, identity.resolve(shop.tx, touch)):
        for said in found.attributes:
            yield said["attribute"], identity.Value(
                value=said["value"], level=Level(said["level"]), confidence=said["confidence"],
                connection=found.connection, touch=found.id, at=found.occurred_at,
            )  # fmt: skip


def reported(shop, said):
    return [say(shop, n, *one) for n, one in enumerate(said)]


@LIMITS
@given(SAID)
def test_the_winner_was_said_of_the_record_and_nothing_said_of_it_is_greater(said):
    with scratch_tx() as tx:
        shop = Shop(tx)
        touch, *_ = reported(shop, said)
        chosen = {a.attribute: a.chosen for a in identity.record(tx, touch).attributes}
        log = list(everything(shop, touch))
        assert chosen.keys() == {attribute for attribute, _ in log}
        for attribute, value in log:
            assert (attribute, chosen[attribute]) in log
            assert surviving.key(attribute, chosen[attribute]) >= surviving.key(attribute, value)


ORDERS = st.sampled_from(
    [
        None,
        {},
        {"*": []},
        {"name": [], "*": ["operator"]},
        {"name": ["crm", "form"]},
        {"*": ["form"], "city": ["crm"]},
    ]
)


@LIMITS
@given(SAID, ORDERS)
def test_the_name_in_lists_is_the_one_of_the_record(said, order):
    with scratch_tx() as tx:
        shop = Shop(tx)
        if order is not None:
            identity.order_sources(tx, order)
        touch, *_ = reported(shop, said)
        names = [a.chosen for a in identity.record(tx, touch).attributes if a.attribute == "name"]
        shown = identity.header(tx, touch)
        assert (shown.name, shown.customer) == (
            names[0].value if names and names[0].value else "U",
            identity.resolve(tx, touch),
        )


def test_a_name_behind_many_that_name_nobody_is_found(shop):
    touch = say(shop, 0, "d1", "form", "name", "Ann Berg", Level.ASSERTED, 1.0, 0)
    for n in range(1, 40):
        say(shop, n, "d1", "form", "name", f"Visitor {n}", Level.VERIFIED, 1.0, n)
    assert identity.header(shop.tx, touch).name == "Ann Berg"


def test_what_an_operator_entered_stands_before_what_came_in_later(shop):
    say(shop, 0, "d1", "operator:ab", "city", "Bonn", Level.ASSERTED, 1.0, 0)
    touch = say(shop, 1, "d1", "form", "city", "Köln", Level.ASSERTED, 1.0, 9)
    (city,) = identity.record(shop.tx, touch).attributes
    assert (city.chosen.value, city.rule) == ("Bonn", "source")
    identity.order_sources(shop.tx, {"city": ["form"]})
    (city,) = identity.record(shop.tx, touch).attributes
    assert (city.chosen.value, city.rule) == ("Köln", "source")
    identity.order_sources(shop.tx, {"*": []})
    (city,) = identity.record(shop.tx, touch).attributes
    assert (city.chosen.value, city.rule) == ("Köln", "latest")


def test_a_value_said_surely_once_is_not_lost_to_a_later_doubt(shop):
    say(shop, 0, "d1", "form", "city", "Bonn", Level.ASSERTED, 0.9, 0)
    say(shop, 1, "d1", "form", "city", "Bonn", Level.ASSERTED, 0.1, 5)
    touch = say(shop, 2, "d1", "form", "city", "Köln", Level.ASSERTED, 0.5, 9)
    (city,) = identity.record(shop.tx, touch).attributes
    assert (city.chosen.value, city.rule) == ("Bonn", "confidence")


def test_consent_is_no_attribute_among_others(shop):
    say(shop, 0, "d1", "crm", "consent:newsletter", "yes", Level.VERIFIED, 1.0, 0)
    touch = say(shop, 1, "d1", "form", "consent:newsletter", "no", Level.ASSERTED, 0.1, 0)
    record = identity.record(shop.tx, touch)
    assert record.attributes == ()
    assert [(c.purpose, c.granted, c.said.connection) for c in record.consents] == [
        ("newsletter", False, "form")
    ]


@pytest.mark.parametrize("seed", range(5))
def test_counts_are_counted_however_records_were_merged_and_parted(shop, seed):
    chance = random.Random(seed)
    touches = [
        shop.report(f"device:d{chance.randrange(4)}", f"user_id!U{chance.randrange(3)}") for _ in range(20)
    ]
    for _ in range(4):
        a, b = chance.sample(touches, 2)
        shop.decide(chance.choice(["same", "never"]), a, b)
    customers = {identity.resolve(shop.tx, touch) for touch in touches}
    assert sum(identity.record(shop.tx, customer).touches for customer in customers) == len(touches)


def pinned(shop, touch, attribute, value):
    shop.tx.now += 1
    return identity.decide(shop.tx, "pin", author="Kim", a=touch, attribute=attribute, value=value)


def test_a_pinned_value_wins_and_comes_off_again(shop):
    touch = say(shop, 0, "d1", "form", "name", "Ann Berg", Level.ASSERTED, 1.0, 0)
    say(shop, 1, "d1", "crm", "name", "Annabel Berg", Level.VERIFIED, 1.0, 9)
    made = pinned(shop, touch, "name", "Ann Berg")
    record = identity.record(shop.tx, touch)
    (name,) = record.attributes
    assert (name.chosen.value, name.rule, name.pin, record.name) == (
        "Ann Berg",
        "pinned",
        made.decision,
        "Ann Berg",
    )
    assert [(d.op, d.attribute, d.value) for d in record.decisions] == [("pin", "name", "Ann Berg")]
    shop.decide("revoke", decision=made.decision)
    (name,) = identity.record(shop.tx, touch).attributes
    assert (name.chosen.value, name.rule, name.pin) == ("Annabel Berg", "verification", None)


def test_a_pin_moves_with_its_touchpoint(shop):
    ann = shop.report("user_id!Ann", name="Ann", at=1)
    shop.report("user_id!Ann", name="Annabel", at=2)
    bob = shop.report("user_id!Bob", name="Bob", at=3)
    pinned(shop, ann, "name", "Ann")
    both = shop.decide("same", ann, bob)
    assert identity.header(shop.tx, bob).name == "Ann"
    shop.decide("revoke", decision=both.decision)
    assert [identity.header(shop.tx, touch).name for touch in (ann, bob)] == ["Ann", "Bob"]


def test_a_pinned_value_that_nobody_says_chooses_nothing(shop):
    touch = shop.report("user_id!Ann", name="Ann")
    pinned(shop, touch, "name", "Mallory")
    (name,) = identity.record(shop.tx, touch).attributes
    assert (name.chosen.value, name.rule, identity.header(shop.tx, touch).name) == ("Ann", "only", "Ann")


def test_a_record_lists_what_it_claims_and_does_not_own(shop):
    shop.report("user_id!Ann", "email?info@shop.org", "email?ann@shop.org", "email?test@test.com")
    touch = shop.report("user_id!Ann", "email:info@shop.org", "phone?+4930123456")
    shop.report("user_id!Bob", "phone:+4930123456")
    held = {(h.kind, h.value): (h.status, h.level) for h in identity.record(shop.tx, touch).identifiers}
    assert held == {
        ("user_id", "Ann"): ("links", Level.VERIFIED),
        ("email", "info@shop.org"): ("role", Level.OBSERVED),
        ("email", "ann@shop.org"): ("unverified", Level.ASSERTED),
        ("email", "test@test.com"): ("junk", Level.ASSERTED),
        ("phone", "+4930123456"): ("contested", Level.ASSERTED),
    }
