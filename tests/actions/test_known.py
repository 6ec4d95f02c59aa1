"""What a bot or a form may know: that something was said, always; what it was, only of whoever has proven to be that customer."""

import datetime as dt

import pytest

from hub import Known
from hub.actions import people
from hub.actions.known import known
from hub.actions.receive import receive
from hub.contract import Claim, IncomingMessage, Level, Touchpoint
from hub.store import scratch_tx


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        people.route_sites(tx, [people.Route("shop", "main", "")])
        yield tx


def comes(tx, channel: str, thread: str, text: str, level: Level) -> None:
    tx.now += 60_000_000
    claims = (Claim(kind="email", value="lena@mailbox.at", level=level),)
    when = dt.datetime.fromtimestamp(tx.now / 1e6, dt.UTC)
    said = Touchpoint(
        channel=channel, kind="message", key=str(tx.now), occurred_at=when, claims=claims, thread=thread, message=IncomingMessage(text=text)
    )  # fmt: skip
    receive(tx, channel, said)


def order(found: tuple[Known, ...]) -> str | None:
    return next(one.value for one in found if one.kind == "order")


def test_a_stranger_has_said_nothing(tx):
    assert known(tx, "bot", "nobody") == ()


def test_who_only_typed_an_address_hears_that_it_is_known_and_not_what(tx):
    comes(tx, "email", "lena@mailbox.at", "It is about order A44871", Level.OBSERVED)
    comes(tx, "bot", "page-1", "Hello", Level.ASSERTED)
    assert order(known(tx, "bot", "page-1")) is None


def test_who_has_proven_to_be_the_customer_need_only_confirm(tx):
    comes(tx, "email", "lena@mailbox.at", "It is about order A44871", Level.OBSERVED)
    comes(tx, "bot", "page-1", "Hello", Level.VERIFIED)
    assert order(known(tx, "bot", "page-1")) == "A44871"


def test_what_was_said_in_this_very_conversation_is_no_secret(tx):
    comes(tx, "bot", "page-1", "Hello, order A44871", Level.ASSERTED)
    assert order(known(tx, "bot", "page-1")) == "A44871"
