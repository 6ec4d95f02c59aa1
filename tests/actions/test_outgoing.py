"""Where an answer goes: to the page while somebody is there, after them by mail when they have left, and never to a stranger's page."""

from collections.abc import Iterator

import msgspec
import pytest

from hub import outbox
from hub.actions import arrive, deliver, outgoing, people, serve, talk
from hub.actions.receive import SOCKET
from hub.conversations import cursors, legs, thread, view
from hub.conversations.legs import Outlet, Way
from hub.conversations.thread import Leg, Utterance
from hub.store import scratch_tx
from hub.wire import Refusal
from hub.wire.common import Page
from hub.wire.visitor import Hello, Look, Open, Said, Say

ANN = "ann.lee@mail.test"
MAIL = Outlet("support", "email", "email")


class Scene:
    """A shop with a mailbox, an operator, and a visitor who has begun to talk."""

    def __init__(self, tx, *, email: str | None = ANN) -> None:
        self.tx, self.number, self.open = tx, 0, True
        people.route_sites(tx, [people.Route("shop", "main", "")])
        legs.know(tx, [MAIL, Outlet("bell", "bell")])
        self.bob = people.add(
            tx, login="bob", name="Bob", password_hash="x", role="operator", queues=["main"], capacity=9
        )
        hello = Hello(site="shop", tab="tab-00000001")
        self.visitor = arrive.greet(tx, "shop", hello).visitor
        arrive.arrive(tx, "shop", self.visitor, hello, Look(page=Page(url="https://a.test/")))
        first = Open(client_id="c-first-01", text="Hello?", email=email)
        self.id = talk.open_chat(tx, "shop", self.visitor, first).conversation
        self.page = thread.leg_of(tx, self.id)

    def answer(self, text: str = "Yes.", way: str = ""):
        self.number += 1
        here = lambda visitor: self.open and visitor == self.visitor
        stored = serve.reply(self.tx, self.bob, self.id, f"c-{self.number:08d}", text, way=way, here=here)
        return view.message(self.tx, self.id, stored.seq)

    def ask(self, text: str = "And this?"):
        self.number += 1
        said = Say(client_id=f"v-{self.number:08d}", conversation=self.id.hex(), text=text)
        return talk.say(self.tx, self.visitor, said)

    def mails(self, text: str = "By mail, then.", address: str = ANN) -> Leg:
        """The customer answers by mail, as `receive` files it."""
        leg = legs.join(self.tx, self.id, "email", "support", address)
        self.tx.now += 1
        thread.append(self.tx, self.id, leg.id, Utterance(author="visitor", text=text), shown_on=leg.shown_on)
        return leg

    def leaving(self) -> list[tuple[str, str, str]]:
        """What waits to leave: connection, address, text."""
        rows = self.tx.all("SELECT connection, lane, item FROM outbox WHERE state = 'waiting' ORDER BY id")
        found = [(name, thread.leaving(self.tx, item, lane)) for name, lane, item in rows]
        return [(name, it.address, it.text) for name, it in found if it]

    def due(self, seconds: float = 0.0) -> list[outbox.Due]:
        self.tx.now += int(seconds * 1e6)
        return outbox.lease_due(self.tx, "support", limit=10, seconds=30)

    def widget(self) -> list[str]:
        """What the page is shown when it says hello."""
        return [said.text for said in view.said_after(self.tx, self.page.id, 0)[0]]

    def told_the_page(self) -> list[str]:
        topic = f"visitor:{self.visitor.hex()}"
        return [event.text for name, event in self.tx.published if name == topic and isinstance(event, Said)]


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
