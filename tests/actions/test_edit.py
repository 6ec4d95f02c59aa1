"""What operators say of a customer in their own name: where it stands, what is refused, and how it is taken back."""

import datetime as dt

import pytest

from hub import feed, identity
from hub.actions import edit, people
from hub.actions.receive import receive
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.identity import oracle
from hub.store import scratch_tx
from hub.web.customers import customer, timeline
from hub.wire import Refusal

ANN = b"a" * 16


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("INSERT INTO queue (id, name) VALUES (?, 'shop')", (b"q" * 16,))
        ann = people.add(tx, login="ann", name="Ann Ruiz", password_hash="", role="operator", queues=["shop"])
        tx.run("UPDATE operator SET id = ? WHERE id = ?", (ANN, ann))
        tx.run(
            "INSERT INTO site_route (site, queue, region, alarm_seconds) VALUES ('shop', ?, 'DE', 60)",
            (b"q" * 16,),
        )
        yield tx


def somebody(tx, device="d1", name="Lena", level=Level.ASSERTED, **more) -> bytes:
    tx.now += 1_000_000
    seen = Touchpoint(
        channel="web", kind="visit", key=device, occurred_at=dt.datetime.fromtimestamp(tx.now / 1e6, dt.UTC), site="shop",
        claims=(Claim(kind="device", value=device, level=Level.OBSERVED),),
        attributes=(AttributeClaim(attribute="name", value=name, level=level),), **more,
    )  # fmt: skip
    return receive(tx, "site:shop", seen).customer


def say(tx, who: bytes, field: str, value: str, key: str = "k1") -> bytes:
    tx.now += 1_000_000
    return edit.edit(tx, ANN, who, key, field, value)


def field(tx, who: bytes, attribute: str):
    return next((it for it in customer(tx, who).fields if it.attribute == attribute), None)


def as_computed_from_the_log(tx) -> bool:
    rows = tx.all("SELECT t.id, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence")
    return dict(rows) == oracle.customers(tx)


def test_an_edit_is_a_value_with_its_operator_and_the_earlier_one_stands_behind_it(tx):
    who = somebody(tx)
    touch = say(tx, who, "name", "  Lena   Weiß ")
    name = field(tx, who, "name")
    assert (name.chosen.value, name.chosen.level, name.chosen.source) == (
        "Lena Weiß",
        "asserted",
        "operator Ann Ruiz",
    )
    assert (name.chosen.operator, name.chosen.touch) == ("Ann Ruiz", touch.hex())
    assert [other.value for other in name.others] == ["Lena"]
    assert (name.others[0].operator, name.others[0].touch) == ("", None)
    assert as_computed_from_the_log(tx)


def test_better_evidence_stays_before_what_an_operator_says(tx):
    who = somebody(tx, level=Level.VERIFIED)
    say(tx, who, "name", "Somebody Else")
    assert field(tx, who, "name").chosen.value == "Lena"


def test_a_number_is_read_as_it_is_dialled_in_the_shops_country(tx):
    who = somebody(tx)
    say(tx, who, "phone", "030 901820")
    (phone,) = [it for it in customer(tx, who).identifiers if it.kind == "phone"]
    assert (phone.value, phone.level, phone.status, phone.operator) == (
        "+4930901820",
        "asserted",
        "unverified",
        "Ann Ruiz",
    )


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("email", "lena@"),
        ("email", "test@test.com"),
        ("phone", "12"),
        ("phone", "no number"),
        ("city", "  "),
        ("city", "K\0ln"),
    ],
)
def test_what_is_no_value_is_refused_with_what_was_expected(tx, what, value):
    who = somebody(tx)
    with pytest.raises(Refusal) as refused:
        say(tx, who, what, value)
    assert refused.value.code == "bad_request"
    assert "expected" in refused.value.fields["value"]


def test_an_address_that_another_customer_has_joins_nobody(tx):
    one, other = somebody(tx), somebody(tx, "d2", "Ben")
    say(tx, one, "email", "ben@shop.org", "k1")
    say(tx, other, "email", "ben@shop.org", "k2")
    assert identity.resolve(tx, one) != identity.resolve(tx, other)
    assert as_computed_from_the_log(tx)


def test_sending_it_again_says_it_once(tx):
    who = somebody(tx)
    assert say(tx, who, "city", "Berlin") == say(tx, who, "city", "Berlin")
    assert tx.one("SELECT count(*) FROM decision") == (1,)


def test_taken_back_it_is_as_before_but_for_the_line_that_tells(tx):
    who = somebody(tx)
    before = customer(tx, who)
    touches = [say(tx, who, "name", "Wrong Person"), say(tx, who, "email", "wrong@shop.org", "k2")]
    for touch in touches:
        edit.take_back(tx, ANN, touch)
    after = customer(tx, who)
    assert (after.name, after.fields, after.identifiers, after.level) == (
        before.name, before.fields, before.identifiers, before.level,
    )  # fmt: skip
    told = [item for item in timeline(tx, who, None).items if item.kind == "entry"]
    assert [item.detail["taken_back"] for item in told] == [True, True]
    assert as_computed_from_the_log(tx)
    with pytest.raises(Refusal) as again:
        edit.take_back(tx, ANN, touches[0])
    assert again.value.code == "no_change"


def test_only_what_an_operator_said_can_be_taken_back(tx):
    who = somebody(tx)
    with pytest.raises(Refusal) as refused:
        edit.take_back(tx, ANN, who)
    assert refused.value.code == "not_found"


def test_that_an_entry_is_about_this_customer_is_no_decision_to_be_shown(tx):
    who = somebody(tx)
    say(tx, who, "city", "Berlin")
    shown = customer(tx, who)
    assert (shown.decisions, shown.why) == ([], [])


def test_whoever_looks_at_the_record_is_told(tx):
    who = somebody(tx)
    n = feed.head(tx, f"customer:{who.hex()}")
    say(tx, who, "city", "Berlin")
    assert {missed.kind for missed in feed.since(tx, f"customer:{who.hex()}", n)} == {"touch", "customer"}
