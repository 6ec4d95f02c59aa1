"""A conversation over real sockets, both ways, as the two sides see it."""

import asyncio

from tests.web.people import new_id


async def begun(page_of, tab_of, text="Do you ship to Malta?"):
    """A page that asked, and ann's tab that follows her queue and the conversation."""
    page, ann = await page_of(), await tab_of("ann")
    await page.begin(text)
    await page.until(lambda: page.talk)
    await ann.follow(f"queue:{ann.world.queues['main']}")
    await ann.follow(f"conversation:{page.conversation}")
    return page, ann


async def test_a_question_reaches_the_console_and_the_answer_reaches_the_page(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    queue = await ann.follow(f"queue:{ann.world.queues['main']}")
    sent = await page.begin("Do you ship to Malta?")
    await ann.until(lambda: queue.of("row"))
    row = queue.one("row")
    assert (row["id"], row["last_text"], row["status"]) == (
        sent["conversation"],
        "Do you ship to Malta?",
        "waiting",
    )
    done = await ann.do("reply", row["id"], text="We do.")
    assert done["t"] == "done", done
    await page.until(lambda: len(page.messages) == 2)
    assert page.texts == ["Do you ship to Malta?", "We do."]
    assert page.talk["operator"]["name"] == "Ann"


async def test_a_visitors_numbers_have_no_holes_where_notes_are(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    for n in range(3):
        assert (await ann.do("reply", page.conversation, text=f"CANARY {n}", kind="note"))["t"] == "done"
        assert (await ann.do("reply", page.conversation, text=f"answer {n}"))["t"] == "done"
        await page.say(f"question {n}")
    await page.until(lambda: len(page.messages) == 7)
    assert page.texts[1:3] == ["answer 0", "question 0"]
    topic = ann.topics[f"conversation:{page.conversation}"]
    await ann.until(lambda: topic.one("row")["seq"] == len(topic.of("message")))
    assert sorted(m["seq"] for m in topic.of("message")) == list(range(1, len(topic.of("message")) + 1))
    assert "CANARY" not in page.everything()


async def test_two_first_messages_at_once_make_one_conversation_with_both(page_of):
    one = await page_of()
    two = await page_of(token=one.token)
    answers = await asyncio.gather(one.begin("from one"), two.begin("from two"))
    assert len({answer["conversation"] for answer in answers}) == 1
    assert sorted(answer["seq"] for answer in answers) == [1, 2]
    await one.until(lambda: len(one.messages) == 2)
    assert sorted(one.texts) == ["from one", "from two"]


async def test_a_resent_message_is_stored_once_and_acknowledged_alike(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    client_id = new_id()
    first = await page.say("once", client_id)
    assert await page.say("once", client_id) == first
    await page.come()
    assert await page.say("once", client_id) == first
    await ann.do("close", page.conversation, outcome="resolved")
    assert await page.say("once", client_id) == first
    assert await page.world.sql("SELECT count(*) FROM message WHERE client_id = ?", client_id) == [(1,)]
    assert await page.world.sql("SELECT status FROM conversation") == [("closed",)]
