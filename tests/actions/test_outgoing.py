"""Where an answer goes: to the page while somebody is there, after them by mail when they have left, and never to a stranger's page."""

from collections.abc import Iterator

import msgspec
import pytest

from hub import outbox
from hub.actions import deliver, outgoing, people, talk
from hub.actions.receive import SOCKET
from hub.conversations import cursors, legs, thread, view
from hub.conversations.legs import Outlet, Way
from hub.conversations.thread import Leg
from hub.store import scratch_tx
from hub.wire import Refusal
from tests.actions.shop import ANN, MAIL, Scene


@pytest.fixture
def scene() -> Iterator[Scene]:
    with scratch_tx() as tx:
        yield Scene(tx)


def test_whoever_is_there_is_answered_on_the_page_and_nothing_leaves(scene):
    shown = scene.answer()
    assert (shown.channel, shown.by, shown.to, shown.delivery) == ("text", "", "", None)
    assert scene.leaving() == []
    assert thread.get(scene.tx, scene.id).legs == 1


def test_whoever_has_left_finds_the_answer_on_the_page_and_gets_it_by_mail(scene):
    scene.open = False
    shown = scene.answer("It is in stock.")
    assert (shown.channel, shown.by, shown.to, shown.delivery) == ("text", "email", ANN, "sent")
    assert scene.leaving() == [("support", ANN, "It is in stock.")]
    assert scene.widget() == ["Hello?", "It is in stock."]


def test_it_waits_a_moment_and_then_leaves(scene):
    scene.open = False
    scene.answer("It is in stock.")
    assert scene.due() == []
    (due,) = scene.due(46)
    message = deliver.compose(scene.tx, due)
    assert message is not None
    assert (message.address, message.text.splitlines()[0]) == (ANN, "It is in stock.")


def test_whoever_comes_back_in_time_gets_no_mail(scene):
    scene.open = False
    seq = scene.answer().seq
    talk.move_cursor(scene.tx, scene.visitor, scene.id, 2, 2)
    (due,) = scene.due(46)
    with pytest.raises(outbox.Needless):
        deliver.compose(scene.tx, due)
    assert outbox.needless(scene.tx, due)
    shown = view.message(scene.tx, scene.id, seq)
    assert (shown.by, shown.to, shown.delivery, shown.why) == ("", "", None, "")
    assert scene.leaving() == []


def test_an_answer_to_a_mail_leaves_at_once_as_a_mail(scene):
    scene.open = False
    scene.mails()
    shown = scene.answer("Gladly.")
    assert (shown.channel, shown.by, shown.to) == ("email", "", ANN)
    assert [deliver.compose(scene.tx, due).text.splitlines()[0] for due in scene.due()] == ["Gladly."]


def test_nobody_who_only_typed_an_address_sees_what_its_owner_wrote_or_is_answered(scene):
    """A prankster chats under somebody's address; the owner answers the mail; the prankster looks again."""
    scene.open = False
    scene.answer("About your order.")
    scene.mails("Which order? Mine is 4711.")
    scene.open = True
    shown = scene.answer("4711 goes to Ash Lane 3.")
    assert (shown.channel, shown.to) == ("email", ANN), "the page is open, but it is not proven to be hers"
    assert scene.widget() == ["Hello?", "About your order."]
    assert not [text for text in scene.told_the_page() if "4711" in text]
    assert view.both(scene.tx, scene.id)[1].seq == 2
    scene.ask("Still there")
    assert scene.widget() == ["Hello?", "About your order.", "Still there"]


def test_whoever_goes_on_writing_on_the_page_is_answered_there(scene):
    scene.open = False
    scene.answer()
    scene.mails()
    scene.open = True
    scene.tx.now += 1
    scene.ask()
    assert scene.answer("Here.").channel == "text"
    assert "Here." in scene.widget()


def test_the_operator_may_choose_another_way(scene):
    shown = scene.answer("As a mail, please.", way=f"support:{ANN}")
    assert (shown.channel, shown.to) == ("email", ANN)
    assert scene.answer("And here.", way="site").channel == "text"
    with pytest.raises(Refusal, match="cannot be answered that way"):
        scene.answer(way="support:mallory@mail.test")


def test_without_an_address_or_a_mailbox_it_waits_on_the_page():
    with scratch_tx() as tx:
        scene = Scene(tx, email=None)
        scene.open = False
        assert scene.answer().by == ""
    with scratch_tx() as tx:
        scene = Scene(tx)
        legs.know(tx, [])
        scene.open = False
        assert scene.answer().by == ""
        assert scene.leaving() == []


def test_a_site_names_its_mailbox_where_there_are_several(scene):
    legs.know(scene.tx, [MAIL, Outlet("sales", "email", "email")])
    scene.open = False
    assert scene.answer().by == "", "nobody knows which"
    people.route_sites(scene.tx, [people.Route("shop", "main", "", mail="sales")])
    scene.answer("From sales.")
    assert scene.leaving() == [("sales", ANN, "From sales.")]


def test_a_file_of_messages_never_shows_two_rows_for_two_legs(scene):
    scene.mails()
    assert len(view.active(scene.tx, thread.get(scene.tx, scene.id).queue)) == 1


# --- the rule itself


def _way(name: str, heard: int | None = None, **more) -> Way:
    page = name == "page"
    leg = Leg(name.encode(), b"talk", "text" if page else "email", SOCKET + "shop" if page else name, "t", 1)
    made = Way(
        leg=leg, channel=leg.channel, connection=leg.connection, address="" if page else ANN, heard_at=heard
    )
    return msgspec.structs.replace(made, **more)


@pytest.mark.parametrize(
    ("ways", "here", "taken"),
    [
        ([_way("page", 5, proven=True)], True, "page"),
        ([_way("page", 5), _way("mail")], True, "page"),
        ([_way("page", 5), _way("mail")], False, "mail"),
        ([_way("page", 5), _way("mail", 7)], True, "mail"),
        ([_way("page", 5, proven=True), _way("mail", 7)], True, "page"),
        ([_way("page", 9), _way("mail", 7)], True, "page"),
        ([_way("page", 5), _way("xmpp", 7, takes=False), _way("mail")], False, "mail"),
        ([_way("page", 5), _way("xmpp", 7, takes=False)], False, "page"),
        ([_way("xmpp", 7), _way("mail", 6)], False, "xmpp"),
        ([_way("xmpp", 7, takes=False)], False, "xmpp"),
        ([_way("page"), _way("typed", leg=None), _way("known", leg=None, proven=True)], False, "known"),
    ],
)
def test_the_best_way_is_where_the_customer_is_now(ways, here, taken):
    chosen = legs.best(ways, here=here)
    assert (chosen.leg.id.decode() if chosen.leg else chosen.connection) == taken


def test_a_page_that_is_there_costs_no_look_for_other_ways(scene, monkeypatch):
    monkeypatch.setattr(legs, "ways_of", None)
    scene.answer()
    assert outgoing.always(b"")
    assert cursors.customer(scene.tx, scene.page.id, 1, 1)
