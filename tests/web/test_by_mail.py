"""From the chat to the mailbox and back: one conversation, whichever way its words take."""

import datetime as dt
import re

import pytest

from hub.actions.receive import receive
from hub.contract import Claim, IncomingMessage, Level, Touchpoint
from tests.web.people import new_id

ANN = "ann.lee@post-haus.org"
POST = "[channels.post]\n"


@pytest.fixture
async def world(open_world):
    return await open_world(more=POST)


class Mailbox:
    """What leaves by the channel `post`, and letters that come in by it."""

    def __init__(self, world) -> None:
        self.world = world
        self.sent = world.hub.registry.channels["post"].sent

    async def next(self, seconds: float = 50.0):
        """What leaves when the moment is over in which its customer may come back."""
        before = len(self.sent)
        self.world.clock.move(seconds)
        self.world.hub.runners.wake("post")
        await self.world.until(lambda: len(self.sent) > before)
        return self.sent[-1]

    async def answer(self, text: str, letter, address: str = ANN) -> None:
        at = dt.datetime.fromtimestamp(self.world.clock() / 1_000_000, dt.UTC)
        touchpoint = Touchpoint(
            channel="post", kind="mail", key=new_id("mail"), occurred_at=at, thread=address,
            claims=(Claim(kind="email", value=address, level=Level.ASSERTED),),
            message=IncomingMessage(text=text, answers=(letter.id,)),
        )  # fmt: skip
        await self.world.hub.store.write(receive, "post", touchpoint, subjects=True)


def code_in(letter) -> str:
    return re.search(r"#hub:go-on=([\w-]+)$", letter.text, re.MULTILINE)[1]


async def test_from_the_chat_to_the_mailbox_and_back(world, page_of, tab_of):
    box, ann = Mailbox(world), await tab_of("ann")
    page = await page_of("shop")
    await page.begin("Is the blue one in stock?", email=ANN)
    talk = await ann.follow(f"conversation:{page.conversation}")
    cookie = await world.sign_in("ann")

    async def ways():
        return (await world.ask("GET", f"/api/conversations/{page.conversation}/ways", cookie=cookie)).json()

    assert (await ways()) == {
        "best": "site", "here": True,
        "ways": [{"name": "site", "channel": "text", "proven": True, "used": True},
                 {"name": f"post:{ANN}", "channel": "post", "address": ANN}],
    }  # fmt: skip
    await page.line.cut()
    await world.silence(ann)
    await world.until(lambda: not world.hub.hall._pages)
    found = await ways()
    assert (found["best"], found.get("here"), found["left"] > 0) == (f"post:{ANN}", None, True)

    await ann.do("reply", page.conversation, text="It is. Shall I put one aside?")
    letter = await box.next()
    assert (letter.address, letter.subject) == (ANN, "Your conversation with Shop")
    assert letter.text.startswith("It is. Shall I put one aside?\n\n-- \nAnn, Shop\n")
    assert "https://shop.test/" not in letter.text, "only the site's own origins"
    assert "Is the blue one" not in letter.text, "what a stranger typed goes to no address that was typed"
    await ann.until(lambda: talk.of("message")[-1].get("delivery") == "sent")
    said = talk.of("message")[-1]
    assert (said["channel"], said["by"], said["to"]) == ("text", "post", ANN)

    await box.answer("Yes, two. My number is 555 0199.", letter)
    await ann.until(lambda: "Yes, two" in talk.of("message")[-1]["text"])
    assert talk.of("message")[-1]["channel"] == "post"
    await ann.until(lambda: talk.one("row").get("last_channel") == "post")
    await ann.do("reply", page.conversation, text="Two it is.")
    assert (await box.next(0.0)).text.startswith("Two it is.")

    await page.come()
    assert page.texts == ["Is the blue one in stock?", "It is. Shall I put one aside?"]
    assert page.talk["mailed"] is True
    assert "555 0199" not in page.everything()
    assert (await ways())["best"] == f"post:{ANN}", "nobody has proven that the page is theirs"

    answer = await page.ask({"t": "come_back", "client_id": new_id(), "token": code_in(letter)}, "noted")
    assert answer["t"] == "noted"
    await page.hear("resync")
    page.messages, page.talk = {}, None
    await page.greet()
    assert page.texts[2:] == ["Yes, two. My number is 555 0199.", "Two it is."]
    assert not page.talk.get("mailed")
    await ann.do("reply", page.conversation, text="Welcome back.")
    await page.until(lambda: page.texts[-1] == "Welcome back.")


async def test_whoever_comes_back_in_time_gets_no_letter(world, page_of, tab_of):
    box, ann = Mailbox(world), await tab_of("ann")
    page = await page_of("shop")
    await page.begin("Hello?", email=ANN)
    talk = await ann.follow(f"conversation:{page.conversation}")
    await page.line.cut()
    await world.silence(ann)
    await world.until(lambda: not world.hub.hall._pages)
    await ann.do("reply", page.conversation, text="Good morning.")
    await page.come()
    await page.line.send({"t": "cursor", "conversation": page.conversation, "delivered": 2, "read": 2})
    await page.settled()
    world.clock.move(60)
    world.hub.runners.wake("post")
    await ann.until(lambda: not talk.of("message")[-1].get("by"))
    assert box.sent == []


async def test_a_page_that_closes_while_it_is_answered_gets_the_answer_by_mail_once(world, page_of, tab_of):
    box, ann = Mailbox(world), await tab_of("ann")
    page = await page_of("shop")
    await page.begin("Is anybody there?", email=ANN)
    talk = await ann.follow(f"conversation:{page.conversation}")
    await ann.do("reply", page.conversation, text="Here I am.")
    assert not talk.of("message")[-1].get("by"), "the page counted as open"
    await page.line.cut()
    await world.silence(ann)
    await ann.until(lambda: talk.of("message")[-1].get("by") == "post")
    assert box.sent == []
    assert (await box.next()).text.startswith("Here I am.")
    await ann.until(lambda: talk.of("message")[-1].get("delivery") == "sent")
    await page.come()
    await page.line.cut()
    await world.silence(ann)
    await ann.do("note", page.conversation, text="Waited for all that was written before.")
    world.clock.move(60)
    assert await world.sql("SELECT count(*) FROM outbox WHERE kind = 'message'") == [(1,)]


async def test_answers_in_a_row_are_one_letter_and_each_is_shown_as_sent(world, page_of, tab_of):
    box, ann = Mailbox(world), await tab_of("ann")
    page = await page_of("shop")
    await page.begin("Which sizes are there?", email=ANN)
    talk = await ann.follow(f"conversation:{page.conversation}")
    await page.line.cut()
    await world.silence(ann)
    await world.until(lambda: not world.hub.hall._pages)
    for text in ("Small.", "Large.", "And in between."):
        await ann.do("reply", page.conversation, text=text)
        world.clock.move(30)
        world.hub.runners.wake("post")
    letter = await box.next()
    assert letter.text.startswith("Small.\n\nLarge.\n\nAnd in between.\n\n-- \n")
    await ann.until(lambda: [one.get("delivery") for one in talk.of("message")[1:]].count("sent") >= 3)
    await box.answer("Small, please.", letter)
    await ann.until(lambda: "Small, please." in talk.of("message")[-1]["text"])
    world.clock.move(60)
    assert len(box.sent) == 1


async def test_a_hub_that_ends_mails_after_its_next_start_what_no_page_has_received(
    world, open_world, page_of, tab_of
):
    ann, page = await tab_of("ann"), await page_of("shop")
    await page.begin("Quick, before you close!", email=ANN)
    await ann.do("reply", page.conversation, text="Five minutes left.")
    await world.hub.hall.close()
    assert await world.sql("SELECT count(*) FROM outbox") == [(0,)]
    await world.stop()
    box = Mailbox(await open_world(more=POST))
    assert (await box.next()).text.startswith("Five minutes left.")


async def test_a_prankster_who_types_an_address_reads_nothing_of_its_owner(world, page_of, tab_of):
    box, ann = Mailbox(world), await tab_of("ann")
    page = await page_of("shop")
    await page.begin("Tell me about my order", email=ANN)
    await page.line.cut()
    await world.silence(ann)
    await world.until(lambda: not world.hub.hall._pages)
    await ann.do("reply", page.conversation, text="Which number is it?")
    letter = await box.next()
    await page.come()
    heard = page.everything()
    await box.answer("SECRET order 4711", letter)
    await ann.do("reply", page.conversation, text="SECRET goes to Ash Lane 3")
    await box.next(0.0)
    await page.say("And?")
    await page.settled()
    again = await page_of("shop", page.token)
    assert "SECRET" not in heard + page.everything() + again.everything()
    assert again.texts == ["Tell me about my order", "Which number is it?", "And?"]
    link = await again.ask(
        {"t": "transcript", "client_id": new_id(), "conversation": page.conversation}, "link"
    )
    assert "SECRET" not in (await world.http.get(link["url"])).text


async def test_a_transcript_goes_with_its_words_to_a_proven_address_only_and_once_a_day(
    world, page_of, tab_of
):
    box, ann = Mailbox(world), await tab_of("ann")
    page = await page_of("shop")
    await page.begin("BUY MY PILLS")
    await ann.do("reply", page.conversation, text="No, thank you.")
    await page.line.send({"t": "cursor", "conversation": page.conversation, "delivered": 2, "read": 2})

    async def ask(address: str = ANN) -> dict:
        wish = {"t": "transcript", "client_id": new_id(), "conversation": page.conversation, "email": address}
        return await page.ask(wish, "noted")

    assert (await ask())["t"] == "noted"
    letter = await box.next(0.0)
    assert letter.automatic
    assert "PILLS" not in letter.text + letter.subject + letter.quoted + letter.name
    assert (await ask())["code"] == "rate_limited"
    assert (await ask("no address"))["code"] == "bad_request"

    await page.ask({"t": "come_back", "client_id": new_id(), "token": code_in(letter)}, "noted")
    world.clock.move(hours=25)
    await page.come()
    assert (await ask())["t"] == "noted"
    letter = await box.next(0.0)
    assert "BUY MY PILLS" in letter.text
    assert "No, thank you." in letter.text
