"""A shop with a mailbox, an operator, and a visitor who has begun to talk and given an address."""

from hub import outbox
from hub.actions import arrive, people, serve, talk
from hub.conversations import legs, thread, view
from hub.conversations.legs import Outlet
from hub.conversations.thread import Leg, Utterance
from hub.wire.common import Page
from hub.wire.visitor import Hello, Look, Open, Said, Say

ANN = "ann.lee@mail.test"
MAIL = Outlet("support", "email", "email")


class Scene:
    """A shop with a mailbox, an operator, and a visitor who has begun to talk."""

    def __init__(self, tx, *, email: str | None = ANN, answer_by: str = "here") -> None:
        self.tx, self.number, self.open = tx, 0, True
        people.route_sites(tx, [people.Route("shop", "main", "")])
        legs.know(tx, [MAIL, Outlet("bell", "bell")])
        self.bob = people.add(
            tx, login="bob", name="Bob", password_hash="x", role="operator", queues=["main"], capacity=9
        )
        hello = Hello(site="shop", tab="tab-00000001")
        self.visitor = arrive.greet(tx, "shop", hello).visitor
        arrive.arrive(tx, "shop", self.visitor, hello, Look(page=Page(url="https://a.test/")))
        first = Open(client_id="c-first-01", text="Hello?", email=email, answer_by=answer_by)
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

    def opens_again(self) -> bytes:
        """The same browser opens the chat once more."""
        first = Open(client_id="c-again-01", text="Anybody?")
        return talk.open_chat(self.tx, "shop", self.visitor, first).conversation

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
