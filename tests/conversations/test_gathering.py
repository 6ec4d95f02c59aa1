"""The facts of a message are gathered at a cost that does not grow with how much somebody has written before."""

import datetime as dt

import pytest

from hub.actions import people
from hub.actions.receive import receive
from hub.contract import Claim, IncomingMessage, Level, Touchpoint
from hub.conversations.rules import CUSTOMER, gathering
from hub.conversations.rules.gathering import LATEST, MANY, Arriving
from hub.store import scratch_tx
from tests.steps import steps

KIM = (Claim(kind="email", value="kim@mail.test", level=Level.OBSERVED),)


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        people.route_sites(tx, [people.Route("shop", "main", "")])
        yield tx


def touch(tx, n, kind, **more):
    tx.now += 1_000_000
    at = dt.datetime.fromtimestamp(tx.now / 1e6, dt.UTC)
    said = Touchpoint(
        channel="mail",
        kind=kind,
        key=f"{kind}-{n}",
        occurred_at=at,
        thread="kim@mail.test",
        claims=KIM,
        **more,
    )
    return receive(tx, "mail", said, subjects=True).touch


def letters(tx, count, begin=0):
    for n in range(begin, begin + count):
        anchor = touch(tx, n, "mail", message=IncomingMessage(text="hello"))
    return anchor


def gather(tx, anchor, needed=CUSTOMER):
    said = Arriving(connection="mail", channel="mail", site="", anchor=anchor, at=tx.now)
    return gathering.gather(tx, said, needed)


def test_the_customer_is_told_as_they_are_at_that_moment(tx):
    anchor = letters(tx, 2)
    tx.run("UPDATE conversation SET status = 'closed', closed_at = ? WHERE anchor = ?", (tx.now, anchor))
    for n, (value, currency) in enumerate([(10.0, "EUR"), (20.5, "EUR"), (25.0, "USD")]):
        touch(tx, n, "order", payload={"value": value, "currency": currency})
    facts = gather(tx, anchor)
    assert (facts.conversations, facts.open_cases) == (2, 1)
    assert (facts.orders, facts.total) == (3, 30.5), "sums of two currencies are not added up"
    assert (facts.known, facts.verified, facts.blocked) == (True, False, False)


def test_what_no_rule_asks_for_is_not_looked_up(tx):
    anchor = letters(tx, 1)
    assert steps(tx, lambda: gather(tx, anchor, {"words"})) == 0
    assert gather(tx, anchor, {"words"}).known is None


def test_who_writes_every_day_costs_no_more(tx):
    anchor = letters(tx, MANY)
    before = steps(tx, lambda: gather(tx, anchor))
    anchor = letters(tx, MANY, begin=MANY)
    assert steps(tx, lambda: gather(tx, anchor)) < before * 1.1
    assert gather(tx, anchor).conversations == LATEST


def test_who_has_thousands_of_touchpoints_costs_no_more_than_who_has_hundreds(tx):
    for n in range(MANY):
        touch(tx, n, "record")
    anchor = letters(tx, 1)
    before = steps(tx, lambda: gather(tx, anchor, {"open_cases"}))
    for n in range(MANY, 2 * MANY):
        touch(tx, n, "record")
    assert steps(tx, lambda: gather(tx, anchor, {"open_cases"})) < before * 1.1
