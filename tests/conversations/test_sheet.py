"""What somebody volunteered anywhere stands on one sheet, with where it was said; and nothing of it is asked again unnoticed."""

import datetime as dt
import time

import pytest

from hub import identity
from hub.actions import edit, people, serve
from hub.actions.receive import receive
from hub.contract import AttributeClaim, Claim, IncomingMessage, Level, Touchpoint
from hub.conversations import asking, following, sheet, told
from hub.conversations.sheet import again
from hub.store import Tx, scratch_tx


class Shop:
    """One operator, and one customer who comes by every way there is."""

    def __init__(self, tx: Tx) -> None:
        self.tx, self.count = tx, 0
        people.route_sites(tx, [people.Route("shop", "main", "")])
        self.ann = people.add(
            tx, login="ann", name="Ann", password_hash="x", role="operator", queues=["main"], capacity=99
        )

    def comes(
        self,
        channel: str,
        text: str,
        *,
        who: str = "lena@mailbox.at",
        fields: dict[str, str] | None = None,
        name: str = "",
    ) -> bytes:
        self.count += 1
        self.tx.now += 60_000_000
        came = Touchpoint(
            channel=channel, kind="message", key=f"m{self.count}", thread=f"{who}/{self.count}", site="shop",
            occurred_at=dt.datetime.fromtimestamp(self.tx.now / 1e6, dt.UTC), claims=(Claim(kind="email", value=who, level=Level.OBSERVED),),
            attributes=(AttributeClaim(attribute="name", value=name),) if name else (),
            message=IncomingMessage(text=text, data={"fields": fields} if fields else {}),
        )  # fmt: skip
        stored = receive(self.tx, channel, came).message
        assert stored is not None
        return stored.conversation

    def says(self, conversation: bytes, text: str, *, note: bool = False) -> None:
        self.count += 1
        self.tx.now += 1_000_000
        (serve.note if note else serve.reply)(self.tx, self.ann, conversation, f"c-{self.count:08}", text)

    def hears(self, conversation: bytes, text: str, *, automatic: bool = False) -> None:
        """One more message of theirs in an open conversation."""
        from hub.conversations import thread
        from hub.conversations.thread import Utterance

        self.tx.now += 1_000_000
        thread.append(
            self.tx,
            conversation,
            thread.leg_of(self.tx, conversation).id,
            Utterance(
                author="visitor",
                text=text,
                data={"mail": {"automatic": "auto-replied"}} if automatic else {},
            ),
        )


@pytest.fixture
def shop():
    with scratch_tx() as tx:
        yield Shop(tx)


def facts(shop: Shop, conversation: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in sheet.sheet(shop.tx, conversation, "DE").facts:
        found.setdefault(one.kind, []).append(one.value)
    return found


def test_a_customer_who_comes_by_four_ways_is_asked_nothing_twice_and_loses_no_fact(shop):
    """A form in a bot, a mail, a phone call written down as a note, then a chat."""
    bot = shop.comes("faq", "", fields={"name": "Lena Vogt", "order number": "A44871"})
    shop.comes("email", "The grinder from order A44871 is broken. I need it in size 38 by Friday.")
    shop.says(bot, "Called: she lives in PLZ 70173 and can be reached at +49 711 2345678", note=True)
    chat = shop.comes("text", "Hello, it is me again")
    known = facts(shop, chat)
    assert known["name"] == ["Lena Vogt"]
    assert known["order"] == ["A44871"]
    assert known["size"] == ["38"]
    assert known["postcode"] == ["70173"]
    assert known["phone"] == ["+49 711 2345678"]
    assert known["email"] == ["lena@mailbox.at"]
    script = (
        "May I have your name?", "What is your e-mail address?", "What is your phone number?", "What is your order number?",
        "Which size do you need?", "What is your postcode?",
    )  # fmt: skip
    whole = sheet.sheet(shop.tx, chat, "DE")
    for question in script:
        assert again(question, whole), f"asked twice: {question}"
    sources = {one.kind: one.source for one in whole.facts}
    assert (sources["size"], sources["postcode"]) == ("words", "note")


def test_what_nobody_said_may_be_asked(shop):
    chat = shop.comes("text", "Hello")
    known = sheet.sheet(shop.tx, chat, "DE")
    assert again("What is your order number?", known) == []


def test_asking_whether_it_is_still_so_is_not_asking_again(shop):
    chat = shop.comes("text", "My order is A44871")
    known = sheet.sheet(shop.tx, chat)
    assert again("Is it still about order number A-44871?", known) == []
    assert again("What is your order number?", known)[0].fact.value == "A44871"


def test_naming_any_of_several_is_not_asking_again(shop):
    chat = shop.comes("text", "My order is A44871, and there was order B10022 before")
    known = sheet.sheet(shop.tx, chat)
    for number in ("A44871", "B10022"):
        assert again(f"Is it about order number {number}?", known) == []


def test_a_window_full_of_numbers_is_no_sheet(shop):
    chat = shop.comes("text", "\n".join(f"order {number}" for number in range(10_000, 10_030)))
    assert len(facts(shop, chat)["order"]) == sheet.MOST_OF_KIND


def test_a_question_no_table_knows_is_remembered_with_its_answer(shop):
    first = shop.comes("email", "I look for a lamp")
    shop.says(first, "Is the lamp for inside or for the garden?")
    shop.hears(first, "For the garden, under the apple tree")
    chat = shop.comes("text", "Me again, about the lamp")
    known = sheet.sheet(shop.tx, chat)
    (found,) = again("Would the lamp be for inside or the garden?", known)
    assert found.answered.answer == "For the garden, under the apple tree"
    assert again("Shall we send the lamp today?", known) == []


def test_a_short_answer_is_the_thing_itself(shop):
    first = shop.comes("email", "I would like the boots")
    shop.says(first, "Which size do you need?")
    shop.hears(first, "42 wide")
    assert facts(shop, shop.comes("text", "Hello"))["size"] == ["42 wide"]


def test_somebody_elses_words_are_not_on_the_sheet(shop):
    shop.comes("email", "Order B10022 please", who="tom@mailbox.at")
    assert "order" not in facts(shop, shop.comes("text", "Hello"))


def test_our_own_words_are_not_theirs(shop):
    chat = shop.comes("text", "Hello")
    shop.says(chat, "We sent order C77120 to somebody else, size 44")
    assert not {"order", "size"} & facts(shop, chat).keys()


def test_what_a_machine_writes_in_their_name_is_not_theirs(shop):
    first = shop.comes("email", "I would like the boots")
    shop.says(first, "Which size do you need?")
    shop.hears(first, "I am away. Write to maria@mailbox.at, size of my box: 42", automatic=True)
    shop.hears(first, "38 please")
    chat = shop.comes("text", "Hello")
    assert facts(shop, chat)["email"] == ["lena@mailbox.at"]
    assert facts(shop, chat)["size"] == ["38 please"]


def test_whoever_writes_without_end_is_read_to_an_end(shop, monkeypatch):
    looked = []
    whole = told.told
    monkeypatch.setattr(told, "told", lambda text, region: looked.append(len(text)) or whole(text, region))
    for _ in range(30):
        for _ in range(3):
            chat = shop.comes("text", "12 34 (0" * 1000)
    sheet.sheet(shop.tx, chat, "DE")
    assert sum(looked) <= 2 * sheet.LETTERS


@pytest.mark.parametrize(
    "piece", ["1 ", "12-", "+1 ", "(0", "0711 234 ", "+49 711 2345678, ", "a@b-", "？", "your\n", ". ", "\ufdfa", "Re:"]
)  # fmt: skip
def test_no_text_takes_long_to_be_looked_through(piece):
    text = piece * (100_000 // len(piece))
    begun = time.thread_time()
    told.told(text, "DE"), asking.asks(text), sheet.question_of(text), following.stem_of(text)
    assert time.thread_time() - begun < 0.12, "seconds of the processor"


def test_the_same_thing_said_twice_is_one_fact_with_the_latest_place(shop):
    shop.comes("email", "Order A44871")
    chat = shop.comes("text", "it is about order A-44871")
    (fact,) = [one for one in sheet.sheet(shop.tx, chat).facts if one.kind == "order"]
    assert (fact.times, fact.where, fact.here) == (2, "text", True)


def test_of_several_places_one_is_told_where_the_asker_may_look(shop):
    first = shop.comes("email", "Order A44871")
    chat = shop.comes("text", "it is about order A-44871")
    (fact,) = [
        one
        for one in sheet.sheet(shop.tx, chat, may_read=lambda talk: talk == first).facts
        if one.kind == "order"
    ]
    assert (fact.times, fact.conversation) == (2, first)


def test_what_a_colleague_entered_counts(shop):
    chat = shop.comes("text", "Hello")
    edit.edit(
        shop.tx, shop.ann, identity.resolve(shop.tx, _anchor(shop.tx, chat)), "k1", "company", "Vogt GmbH"
    )
    assert facts(shop, chat)["company"] == ["Vogt GmbH"]


def _anchor(tx: Tx, conversation: bytes) -> bytes:
    row = tx.one("SELECT anchor FROM conversation WHERE id = ?", (conversation,))
    assert row is not None
    return bytes(row[0])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My name is Lena Vogt and I wait", [("name", "Lena Vogt")]),
        ("ich heiße Anna und wohne in PLZ 70173", [("name", "Anna"), ("postcode", "70173")]),
        ("Bestellung 10442 kam nicht an", [("order", "10442")]),
        ("tracking number 1Z999AA10123456784", [("tracking", "1Z999AA10123456784")]),
        ("Is the order ready in 2 days? I ordered it in 2024", []),
        ("write to lena.vogt@mailbox.at.", [("email", "lena.vogt@mailbox.at")]),
        ("注文番号は A-4421 です", [("order", "A-4421")]),
        ("size M please", [("size", "M")]),
    ],
    ids=range(8),
)
def test_only_what_proves_itself_is_found(text, found):
    assert [(one.kind, one.value) for one in told.told(text, "DE")] == found
