"""A conversation over real sockets, both ways, as the two sides see it."""

import asyncio

from hub.actions import people, presence
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


async def test_of_fifty_who_take_at_once_one_gets_it(world, page_of, tab_of):
    page = await page_of()
    await page.begin("help")
    await page.until(lambda: page.talk)
    tabs = []
    for n in range(5):
        await world.hire(f"op{n}", queues=["main"])
        tabs.append(await tab_of(f"op{n}"))
    answers = await asyncio.gather(*(tab.do("take", page.conversation) for tab in tabs * 10))
    won = {n % 5 for n, answer in enumerate(answers) if answer["t"] == "done"}
    assert len(won) == 1, "one operator, however often they asked"
    refused = [answer for answer in answers if answer["t"] == "refused"]
    assert {answer["code"] for answer in refused} == {"taken"}
    assert await world.sql("SELECT count(*) FROM message WHERE text = 'taken'") == [(1,)]


async def test_nobody_serves_more_than_their_limit(world, page_of, tab_of):
    ann = await tab_of("ann")
    pages = [await page_of() for _ in range(5)]
    for page in pages:
        await page.begin("help")
        await page.until(lambda page=page: page.talk)
    answers = [await ann.do("take", page.conversation) for page in pages]
    assert [answer["t"] for answer in answers] == ["done"] * 4 + ["refused"]
    assert (answers[4]["code"], answers[4]["fields"]) == ("at_limit", {"limit": "4"})
    assert (await ann.do("reply", pages[4].conversation, text="hello"))["code"] == "at_limit"
    await ann.do("close", pages[0].conversation, outcome="resolved")
    assert (await ann.do("take", pages[4].conversation))["t"] == "done"
    assert (await ann.do("reopen", pages[0].conversation))["code"] == "at_limit"


async def test_a_conversation_is_handed_on_with_a_note_that_the_customer_never_sees(world, page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    await world.hire("cy", queues=["main"])
    cy = await tab_of("cy")
    await ann.do("take", page.conversation)
    command = new_id()
    for _ in range(2):  # the answer to the first was lost
        done = await ann.do(
            "transfer",
            page.conversation,
            id=command,
            operator=world.operators["cy"].hex(),
            note="CANARY: be kind",
        )
        assert done["t"] == "done", done
    topic = await cy.follow(f"conversation:{page.conversation}")
    assert [m["text"] for m in topic.of("message") if m.get("kind") == "note"] == ["CANARY: be kind"]
    assert topic.one("row")["operator_name"] == "Cy"
    assert (await ann.do("reply", page.conversation, text="mine?"))["code"] == "not_yours"
    assert (await cy.do("transfer", page.conversation, queue=world.queues["books"]))["t"] == "done"
    bob = await tab_of("bob")
    assert (await bob.follow(f"queue:{world.queues['books']}")).one("row")["status"] == "waiting"
    assert (await cy.do("transfer", page.conversation, operator=world.operators["bob"].hex()))[
        "code"
    ] == "forbidden"
    await page.settled()
    assert "CANARY" not in page.everything()


async def test_a_closed_conversation_leaves_the_queue_and_comes_back_when_the_visitor_writes(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    queue = ann.topics[f"queue:{ann.world.queues['main']}"]
    await ann.do("close", page.conversation, outcome="unresolved")
    await ann.until(lambda: not queue.of("row"))
    await page.until(lambda: page.talk["status"] == "closed")
    closed = (await page.world.ask("GET", "/api/conversations", cookie=ann.cookie)).json()["items"]
    assert [(row["id"], row["outcome"]) for row in closed] == [(page.conversation, "unresolved")]
    assert (await ann.do("reply", page.conversation, text="too late"))["code"] == "closed"
    await page.say("one more thing")
    await ann.until(lambda: queue.of("row"))
    row = queue.one("row")
    assert row["status"] == "waiting"
    assert not {"operator", "operator_name", "outcome"} & set(row)


async def test_reopening_and_closing_twice_are_once(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    for verb, more in (("close", {"outcome": "spam"}), ("reopen", {}), ("block", {"on": True})):
        for _ in range(2):
            assert (await ann.do(verb, page.conversation, **more))["t"] == "done"
    lines = await page.world.sql("SELECT text FROM message WHERE kind = 'system' ORDER BY seq")
    assert [text for (text,) in lines] == ["closed:spam", "reopened", "blocked"]


async def test_an_older_conversation_that_was_reopened_takes_the_next_first_message(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    older = page.conversation
    await ann.do("close", older, outcome="resolved")
    newer = (await page.begin("something else"))["conversation"]
    assert newer != older
    await ann.do("close", newer, outcome="resolved")
    await ann.do("reopen", older)
    assert (await page.begin("and this?"))["conversation"] == older


async def test_a_page_follows_its_message_into_another_conversation(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    first = page.conversation
    await ann.do("close", first, outcome="resolved")
    await page.begin("a new one")
    await page.until(lambda: page.conversation != first)
    second = page.conversation
    sent = await page.ask(
        {"t": "say", "client_id": new_id(), "conversation": first, "text": "to the old one"}, "sent"
    )
    assert (sent["conversation"], sent["seq"]) == (second, 2)
    await page.until(lambda: len(page.messages) == 2)
    assert page.texts == ["a new one", "to the old one"]


async def test_a_blocked_browser_is_told_so_and_nothing_is_stored(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    await ann.do("block", page.conversation)
    await ann.until(lambda: ann.topics[f"conversation:{page.conversation}"].one("row").get("blocked"))
    assert (await page.say("let me in"))["code"] == "blocked"
    await ann.do("close", page.conversation, outcome="spam")
    assert (await page.begin("let me in"))["code"] == "blocked"
    await ann.do("block", page.conversation, on=False)
    assert (await page.begin("thanks"))["t"] == "sent"
    assert await page.world.sql("SELECT count(*) FROM message WHERE text = 'let me in'") == [(0,)]


async def test_a_visitor_ends_the_conversation_once(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    await ann.do("take", page.conversation)
    team = await ann.follow("team")
    assert _load(team, "Ann") == 1
    end = {"t": "end", "client_id": new_id(), "conversation": page.conversation}
    assert await page.ask(end, "sent") == await page.ask(end, "sent")
    await ann.until(lambda: _load(team, "Ann") == 0)
    lines = await page.world.sql("SELECT text FROM message WHERE kind = 'system' ORDER BY seq")
    assert [text for (text,) in lines] == ["taken", "left"]


def _load(team, name):
    return next(row.get("load", 0) for row in team.of("operator") if row["name"] == name)


async def test_cursors_say_what_has_arrived_and_what_was_seen_and_never_go_back(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    conversation = page.conversation
    row = ann.topics[f"conversation:{conversation}"]
    assert row.one("row")["unread"] == 1
    await ann.do("take", conversation)
    await ann.do("reply", conversation, text="a note", kind="note")
    await ann.do("reply", conversation, text="hello")
    await page.until(lambda: page.talk.get("theirs", {}).get("read") == 2)
    await ann.settled()
    seq = row.one("row")["seq"]
    await page.line.send({"t": "cursor", "conversation": conversation, "delivered": 2, "read": 1})
    await ann.until(lambda: row.one("row").get("customer_cursors") == {"delivered": seq, "read": 1})
    await page.line.send({"t": "cursor", "conversation": conversation, "delivered": 1, "read": 0})
    await page.line.send(
        {"t": "cursor", "conversation": conversation, "delivered": 9_007_199_254_740_991, "read": 2}
    )
    await ann.until(lambda: row.one("row").get("customer_cursors") == {"delivered": seq, "read": seq})
    await page.say("and?")
    await ann.line.send({"t": "cursor", "conversation": conversation, "delivered": seq + 1})
    await page.until(lambda: page.talk["theirs"] == {"delivered": 3, "read": 2})


async def test_typing_is_seen_on_both_sides_and_ends_with_the_line(page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    live = await ann.follow(f"live:{page.conversation}")
    await page.line.send({"t": "typing", "conversation": page.conversation, "on": True})
    await ann.until(lambda: live.of("typing"))
    await page.say("done")
    await ann.until(lambda: not live.of("typing"))
    await ann.line.send({"t": "typing", "conversation": page.conversation, "on": True})
    assert (await page.hear("typing", on=True))["name"] == "Ann"
    await ann.line.cut()
    await page.world.silence(page)
    assert (await page.hear("typing", on=False))["conversation"] == page.conversation


async def test_who_stops_beating_is_offline_when_the_lease_has_run_out(world, page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await page.hear("features", site=page.welcome["site"] | {"attended": True})
    boss = await tab_of("boss")
    team = await boss.follow("team")
    assert _presence(team, "Ann") == "available"
    await ann.do("presence", state="away")
    await boss.until(lambda: _presence(team, "Ann") == "away")
    await ann.line.fall_silent()
    await world.silence(boss, page)
    world.clock.move(46)
    await world.hub.hall.renew_leases()
    await world.hub._jobs._presence()
    await boss.until(lambda: _presence(team, "Ann") == "offline")


def _presence(team, name):
    return next(row["presence"] for row in team.of("operator") if row["name"] == name)


async def test_what_a_deactivated_operator_had_in_hand_waits_again(world, page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    await ann.do("take", page.conversation)
    boss = await tab_of("boss")
    queue = await boss.follow(f"queue:{world.queues['main']}")
    await world.hub.store.write(people.activate, world.operators["ann"], on=False)
    assert await ann.ended(1.0) == 4401
    await boss.until(lambda: queue.one("row")["status"] == "waiting")


async def test_a_lease_that_ran_out_under_a_living_tab_is_taken_up_again_and_who_has_gone_stays_gone(
    world, tab_of
):
    await tab_of("ann")
    boss = await tab_of("boss")
    team = await boss.follow("team")
    world.clock.jump(600)
    await world.hub._jobs._presence()
    await boss.until(lambda: _presence(team, "Ann") == "offline")
    await world.hub.hall.renew_leases()
    await boss.until(lambda: _presence(team, "Ann") == "available")
    await world.hub.store.write(presence.go, world.operators["ann"])
    await world.hub.store.write_background(presence.renew, [world.operators["ann"]], [])
    await boss.until(lambda: _presence(team, "Ann") == "offline")
    await boss.settled()
    assert _presence(team, "Ann") == "offline"


async def test_an_id_of_somebody_elses_message_loses_no_words(world, page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    boss = await tab_of("boss")
    of_ann, of_page = new_id(), new_id()
    first = await ann.do("reply", page.conversation, id=of_ann, text="We do.")
    await page.say("And to Gozo?", of_page)
    for taken in (of_ann, of_page):
        for verb, more in (
            ("reply", {"text": "lost?"}),
            ("reply", {"text": "lost?", "kind": "note"}),
            ("push", {"url": "http://shop.test/"}),
        ):
            refused = await boss.do(verb, page.conversation, id=taken, **more)
            assert (refused["t"], refused.get("code")) == ("refused", "bad_request"), (verb, taken)
    assert (await ann.do("reply", page.conversation, id=of_page, text="lost?"))["code"] == "bad_request"
    assert (await page.say("lost?", of_ann))["code"] == "bad_request"
    assert (await page.begin("lost?", of_ann))["code"] == "bad_request"
    assert await ann.do("reply", page.conversation, id=of_ann, text="We do.") == first
    await page.settled()
    assert page.texts == ["Do you ship to Malta?", "We do.", "And to Gozo?"]
