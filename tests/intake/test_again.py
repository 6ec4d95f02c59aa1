"""The log is read again by today's rules, and says by which rules the tables were made."""

import datetime as dt

import pytest

from hub import intake
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.intake import again, normalise
from hub.store import scratch_tx


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


def report(tx, key, *claims, **more):
    at = dt.datetime(2023, 5, 1, 12, tzinfo=dt.UTC)
    return intake.accept(
        tx,
        "office",
        Touchpoint(channel="c", kind="k", key=key, occurred_at=at, claims=claims, **more),
        region="DE",
    )


def test_what_is_read_again_is_what_was_accepted(tx):
    name = (AttributeClaim(attribute="name", value="Berg, Anna"),)
    accepted = report(
        tx,
        "1",
        Claim(kind="phone", value="030 123456"),
        Claim(kind="email", value="A@Shop.org"),
        attributes=name,
    )
    (said,) = again.log(tx)
    assert (said.touch, said.claims, said.names, said.evidence) == (
        accepted.touch_id, accepted.claims, accepted.names, accepted.evidence)  # fmt: skip
    assert list(again.log(tx, after=said.touch)) == []


def test_new_rules_read_raw_values_anew(tx, monkeypatch):
    report(
        tx, "1", Claim(kind="user_id", value="A", level=Level.VERIFIED), Claim(kind="user_id", value="null")
    )
    monkeypatch.setattr(normalise, "identifier", lambda kind, raw, region=None: raw.upper())
    (said,) = again.log(tx)
    assert [c.value for c in said.claims] == ["A", "NULL"]


def test_what_new_rules_make_two_verified_people_joins_nobody(tx):
    row = '[{"kind":"user_id","value":"A","level":"verified"},{"kind":"user_id","value":"B","level":"verified"}]'
    assert again.said(b"t" * 16, row, "[]", None).claims == ()


def test_the_tables_know_which_rules_made_them(tx):
    assert again.made_with(tx) == normalise.version()
    report(tx, "1")
    assert again.made_with(tx) is None
    again.note(tx)
    again.note(tx)
    assert again.made_with(tx) == normalise.version()
    assert tx.one("SELECT count(*) FROM normaliser") == (1,)
