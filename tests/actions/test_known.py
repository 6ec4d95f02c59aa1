"""What a bot or a form may know: that something was said, always; what it was, only of whoever has proven to be that customer."""

import datetime as dt

import pytest

from hub import Known
from hub.actions import people, serve
from hub.actions.known import known
from hub.actions.receive import receive
from hub.contract import Claim, IncomingMessage, Level, Touchpoint, Visitor
from hub.store import scratch_tx
from tests.actions.shop import ANN, Scene


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


def test_what_the_owner_of_a_typed_address_answers_by_mail_is_not_told_on_the_page(tx):
    scene = Scene(tx)
    scene.answer("Which order is it about?", way="support:" + ANN)
    scene.mails("Order A44871, and you reach me at +49 711 2345678")
    page = Visitor(id=scene.visitor.hex(), site="shop")
    assert {one.kind: one.value for one in known(tx, "", page)} == {
        "email": None,
        "order": None,
        "phone": None,
    }
    assert order(known(tx, "support", ANN)) == "A44871"


def test_what_a_colleague_noted_is_not_told_on_the_page(tx):
    scene = Scene(tx, email=None)
    serve.note(tx, scene.bob, scene.id, "c-note-0001", "She called, it is about order A44871")
    page = Visitor(id=scene.visitor.hex(), site="shop")
    assert order(known(tx, "", page)) is None
    scene.ask("It is order A44871")
    serve.note(tx, scene.bob, scene.id, "c-note-0002", "So it is order A44871 indeed")
    assert order(known(tx, "", page)) == "A44871"
