"""From the mail back to the site: what following its link proves, and what nothing else does."""

from collections.abc import Iterator

import pytest

from hub import identity
from hub.actions import arrive, returning
from hub.actions.arrive import Vouched
from hub.actions.returning import Returning
from hub.contract import Level
from hub.conversations import legs, thread, view
from hub.store import scratch_tx
from hub.visits.track import web_url
from hub.wire import Refusal
from hub.wire.common import Page
from hub.wire.visitor import Hello, Look, Resync
from tests.actions.shop import ANN, Scene

MAILS = ["Hello?", "It is in stock.", "Two, please.", "On their way."]


class Shop(Scene):
    """The scene, after the chat has gone on by mail."""

    def __init__(self, tx) -> None:
        super().__init__(tx)
        self.links = Returning(b"k" * 32, lambda: tx.now)
        self.open = False
        self.answer("It is in stock.")
        self.mail = self.mails("Two, please.")
        self.answer("On their way.")

    def follow(self, visitor: bytes | None = None, code: str | None = None) -> None:
        followed = self.links.read(code or self.links.code(self.mail.id))
        returning.come_back(self.tx, "shop", visitor or self.visitor, followed)

    def another_browser(self) -> bytes:
        hello = Hello(site="shop", tab="tab-00000002")
        visitor = arrive.greet(self.tx, "shop", hello).visitor
        arrive.arrive(self.tx, "shop", visitor, hello, Look(page=Page(url="https://a.test/")))
        return visitor

    def sees(self, visitor: bytes) -> list[str]:
        known = arrive.again(self.tx, visitor, Hello(site="shop", tab="tab-00000003"))
        return [said.text for said in known.messages]

    def mailed(self) -> bool:
        return view.both(self.tx, self.id)[1].mailed


@pytest.fixture
def shop() -> Iterator[Shop]:
    with scratch_tx() as tx:
        yield Shop(tx)


def test_until_the_link_is_followed_the_page_only_says_that_mail_has_come(shop):
    assert shop.sees(shop.visitor) == MAILS[:2]
    assert shop.mailed()


def test_who_follows_the_link_sees_all_of_it_and_goes_on(shop):
    shop.follow()
    assert shop.sees(shop.visitor) == MAILS
    assert not shop.mailed()
    assert (f"visitor:{shop.visitor.hex()}", Resync()) in shop.tx.published
    shop.open = True
    assert shop.answer("Welcome back.").channel == "text"
    assert shop.sees(shop.visitor) == [*MAILS, "Welcome back."]


def test_what_is_mailed_afterwards_is_shown_at_once_and_counted_without_holes(shop):
    shop.follow()
    shop.tx.published.clear()
    shop.mails("By mail again.")
    said = view.said_after(shop.tx, shop.page.id, 0)[0]
    assert [one.text for one in said] == [*MAILS, "By mail again."]
    assert [one.seq for one in said] == list(range(1, 6))
    assert thread.leg_of(shop.tx, shop.id).leg_seq == 5


def test_the_address_and_the_browser_are_one_person_from_then_on(shop):
    shop.follow()
    record = identity.record(shop.tx, identity.resolve(shop.tx, thread.get(shop.tx, shop.id).anchor))
    assert (ANN, Level.VERIFIED) in [(it.value, it.level) for it in record.identifiers]


def test_in_another_browser_it_goes_on_there_with_what_was_mailed_and_no_more(shop):
    """Whoever typed the address may be somebody else: their words on the page are not the owner's to read."""
    other = shop.another_browser()
    shop.follow(other)
    assert shop.sees(other) == MAILS[1:]
    assert shop.sees(shop.visitor) == []
    assert thread.get(shop.tx, shop.id).visitor == other
    shop.tx.now += 1
    first = shop.opens_again()
    assert first != shop.id, "who sits at the first page begins anew"


def test_a_link_works_in_one_browser(shop):
    code = shop.links.code(shop.mail.id)
    shop.follow(code=code)
    shop.follow(code=code)
    with pytest.raises(Refusal, match="used in another browser"):
        shop.follow(shop.another_browser(), code)


def test_a_link_ends_and_cannot_be_made_up(shop):
    code = shop.links.code(shop.mail.id)
    for wrong in ("", "x" * 48, code[:-1] + ("A" if code[-1] != "A" else "B"), code[::-1]):
        with pytest.raises(Refusal, match="this one is over"):
            shop.links.read(wrong)
    shop.tx.now += 31 * 24 * 3_600_000_000
    with pytest.raises(Refusal, match="this one is over"):
        shop.links.read(code)


def test_a_link_to_one_site_opens_nothing_on_another(shop):
    followed = shop.links.read(shop.links.code(shop.mail.id))
    with pytest.raises(Refusal, match="this one is over"):
        returning.come_back(shop.tx, "book", shop.visitor, followed)


def test_the_sites_own_word_on_the_address_shows_it_as_well(shop):
    visit = shop.tx.one("SELECT id FROM visit WHERE visitor = ?", (shop.visitor,))[0]
    said = Vouched(user_id="u-1", nonce="n1", email="somebody.else@mail.test")
    arrive.identify(shop.tx, "shop", shop.visitor, visit, said)
    assert shop.sees(shop.visitor) == MAILS[:2], "another address proves nothing of this one"
    said = Vouched(user_id="u-1", nonce="n2", email=ANN.upper())
    arrive.identify(shop.tx, "shop", shop.visitor, visit, said)
    assert shop.sees(shop.visitor) == MAILS


def test_who_was_vouched_for_before_sees_the_mails_as_they_come():
    with scratch_tx() as tx:
        scene = Scene(tx, email=None)
        visit = tx.one("SELECT id FROM visit WHERE visitor = ?", (scene.visitor,))[0]
        arrive.identify(tx, "shop", scene.visitor, visit, Vouched(user_id="u-1", nonce="n1", email=ANN))
        scene.open = False
        assert scene.answer("Yes.").to == ANN
        scene.mails("Thank you.")
        assert scene.widget() == ["Hello?", "Yes.", "Thank you."]


def test_two_legs_of_one_page_never_count_the_same_message_twice(shop):
    shop.follow()
    shop.follow()
    assert not legs.show(shop.tx, thread.get(shop.tx, shop.id), ANN)
    assert shop.sees(shop.visitor) == MAILS


def test_the_code_of_a_link_is_not_told_as_the_page_it_led_to(shop):
    url = f"https://a.test/blue#{returning.FRAGMENT.removeprefix('#')}{shop.links.code(shop.mail.id)}"
    assert web_url(url) == "https://a.test/blue"
    assert web_url("https://a.test/blue#hubcaps") == "https://a.test/blue#hubcaps"
