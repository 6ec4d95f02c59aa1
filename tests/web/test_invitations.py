"""An offer to talk, from the operator's click to its fate, over real sockets."""

import pytest

from tests.web.people import new_id


@pytest.fixture
def wire():
    return "socket"


async def visitor_of(page) -> str:
    ((visitor,),) = await page.world.sql(
        "SELECT visitor FROM visit WHERE id = ?", bytes.fromhex(page.welcome["visit"])
    )
    return visitor.hex()


async def invite(tab, page, text="May I help?", **more):
    return await tab.do("invite", visitor=await visitor_of(page), text=text, **more)


async def answer(page, invitation: str, fate: str) -> None:
    await page.line.send({"t": "answer", "invitation": invitation, "fate": fate})
    await page.settled()


async def fates(world) -> list[str]:
    return [fate for (fate,) in await world.sql("SELECT fate FROM invitation ORDER BY offered_at")]


@pytest.fixture
async def met(page_of, tab_of):
    """A page, and ann's tab that follows who is here."""
    page, ann = await page_of(), await tab_of("ann")
    floor = await ann.follow("visitors")
    return page, ann, floor


@pytest.fixture
async def invited(met):
    """The same, with an invitation open: its id comes last."""
    page, ann, floor = met
    assert (await invite(ann, page))["t"] == "done"
    return page, ann, floor, (await page.hear("invited"))["invitation"]


async def test_an_invitation_shows_who_offers_what(met):
    page, ann, floor = met
    assert (await invite(ann, page, "Shall I help you choose?"))["t"] == "done"
    heard = await page.hear("invited")
    assert (heard["text"], heard["operator"]) == (
        "Shall I help you choose?",
        {"name": "Ann", "initials": "A"},
    )
    await ann.until(lambda: floor.one("visitor").get("invitation") == "offered")


@pytest.mark.parametrize("fate", ["shown", "accepted", "declined"])
async def test_consoles_see_its_fate(invited, fate):
    page, ann, floor, invitation = invited
    await answer(page, invitation, fate)
    await ann.until(lambda: floor.one("visitor")["invitation"] == fate)
    assert await fates(page.world) == [fate]


async def test_a_fate_is_met_once(invited):
    page, _, _, invitation = invited
    for fate in ("shown", "declined", "accepted", "shown"):
        await answer(page, invitation, fate)
    assert await fates(page.world) == ["declined"]


async def test_an_invitation_that_nobody_answers_expires(invited, world):
    page, ann, floor, invitation = invited
    world.clock.move(minutes=10, seconds=1)
    await world.hub.hall.expire_invitations()
    await ann.until(lambda: floor.one("visitor")["invitation"] == "expired")
    await answer(page, invitation, "accepted")
    assert await fates(world) == ["expired"]


async def test_an_invitation_is_over_when_its_time_is_whether_anybody_swept_or_not(invited, world):
    page, _, _, invitation = invited
    world.clock.move(minutes=10, seconds=1)
    await answer(page, invitation, "declined")
    assert await fates(world) == ["offered"]


async def test_one_invitation_at_a_time(invited, tab_of):
    page, ann, *_ = invited
    for tab in (ann, await tab_of("boss")):
        refused = await invite(tab, page, "And I?")
        assert (refused["t"], refused["code"]) == ("refused", "no_change")
    assert await fates(page.world) == ["offered"]


async def test_the_same_offer_sent_again_is_the_same_offer(invited):
    page, ann, *_ = invited
    assert (await invite(ann, page))["t"] == "done"
    assert await fates(page.world) == ["offered"]


async def test_who_declined_is_left_alone_for_the_visit_and_not_for_ever(invited, world):
    page, ann, _, invitation = invited
    await answer(page, invitation, "declined")
    refused = await invite(ann, page, "Really not?")
    assert (refused["code"], "in peace" in refused["message"]) == ("no_change", True)
    world.clock.move(minutes=31)
    await page.come()
    assert (await invite(ann, page, "Welcome back!"))["t"] == "done"


async def test_accepting_begins_a_talk_with_the_operators_words_and_theirs_to_serve(invited):
    page, ann, floor, invitation = invited
    sent = await page.begin("Yes, please.", invitation=invitation)
    await page.until(lambda: len(page.messages) == 2)
    assert page.texts == ["May I help?", "Yes, please."]
    assert [page.messages[n]["author"] for n in (1, 2)] == ["operator", "visitor"]
    await page.until(lambda: page.talk.get("operator") == {"name": "Ann", "initials": "A"})
    assert page.talk["status"] == "open"
    await ann.until(lambda: floor.one("visitor")["invitation"] == "accepted")
    assert floor.one("visitor")["conversation"] == sent["conversation"]
    assert (await ann.do("reply", sent["conversation"], text="So..."))["t"] == "done"
    assert await page.world.sql("SELECT hex(conversation) FROM invitation") == [
        (sent["conversation"].upper(),)
    ]


async def test_accepting_first_and_writing_later_is_the_same(invited):
    page, _, _, invitation = invited
    await answer(page, invitation, "accepted")
    await page.begin("Yes, please.", invitation=invitation)
    await page.until(lambda: len(page.messages) == 2)
    assert page.texts == ["May I help?", "Yes, please."]


async def test_an_invitation_leads_to_one_conversation_and_no_second_one(invited):
    page, ann, _, invitation = invited
    await page.begin("Yes, please.", invitation=invitation)
    await page.until(lambda: page.talk)
    await ann.do("close", page.conversation, outcome="resolved")
    await page.begin("Once more", invitation=invitation)
    rows = await page.world.sql("SELECT status, operator IS NULL FROM conversation ORDER BY opened_at")
    assert rows == [("closed", 0), ("waiting", 1)]


@pytest.mark.parametrize("over", ["declined", "expired", "too old"])
async def test_words_that_answer_an_offer_that_is_over_lose_nobodys_words_and_wait(invited, world, over):
    page, _, _, invitation = invited
    if over == "declined":
        await answer(page, invitation, "declined")
    else:
        world.clock.move(minutes=10, seconds=1)
    if over == "expired":
        await world.hub.hall.expire_invitations()
    before = await fates(world)
    await page.begin("Or perhaps yes", invitation=invitation)
    await page.until(lambda: len(page.messages) == 2)
    assert (page.texts, page.talk["status"]) == (["May I help?", "Or perhaps yes"], "waiting")
    assert await fates(world) == before


async def test_every_tab_of_the_visitor_hears_the_fate(invited, world, page_of, tab_of):
    one, ann, _, invitation = invited
    two = await page_of(token=one.token)
    assert two.welcome["invited"]["invitation"] == invitation
    await answer(one, invitation, "shown")
    await answer(one, invitation, "declined")
    assert await two.hear("fate") == {"t": "fate", "invitation": invitation, "fate": "declined"}
    await two.begin("Well, yes", invitation=invitation)
    await one.until(lambda: one.texts == ["May I help?", "Well, yes"])
    await ann.do("take", one.conversation)
    await ann.do("close", one.conversation, outcome="resolved")
    world.clock.move(minutes=31)
    await one.come()
    await two.come()
    assert (await invite(ann, one))["t"] == "done"
    again = (await two.hear("invited"))["invitation"]
    await two.begin("Now I do", invitation=again)
    assert await one.hear("fate") == {"t": "fate", "invitation": again, "fate": "accepted"}


async def test_every_tab_hears_that_an_offer_has_expired(invited, world):
    page, _, _, invitation = invited
    world.clock.move(minutes=10, seconds=1)
    await world.hub.hall.expire_invitations()
    assert await page.hear("fate") == {"t": "fate", "invitation": invitation, "fate": "expired"}


async def test_when_the_operator_is_full_the_words_are_kept_and_the_talk_waits(invited, world, page_of):
    page, ann, _, invitation = invited
    await world.hub.store.write(lambda tx: tx.run("UPDATE operator SET capacity = 1 WHERE login = 'ann'"))
    other = await page_of()
    await other.begin("Me first")
    await other.until(lambda: other.talk)
    await ann.do("take", other.conversation)
    await page.begin("Yes, please.", invitation=invitation)
    await page.until(lambda: len(page.messages) == 2 and page.talk.get("position") == 1)
    assert page.texts == ["May I help?", "Yes, please."]
    assert page.talk["status"] == "waiting"


async def test_who_invites_a_visitor_of_another_team_can_answer_them(page_of, tab_of):
    page, bob = await page_of("shop"), await tab_of("bob")
    assert (await invite(bob, page))["t"] == "done"
    heard = await page.hear("invited")
    sent = await page.begin("Yes?", invitation=heard["invitation"])
    assert (await bob.do("reply", sent["conversation"], text="Bob here."))["t"] == "done"


async def test_another_visitors_invitation_does_nothing(invited, page_of):
    _, ann, _, invitation = invited
    other = await page_of()
    await answer(other, invitation, "declined")
    assert await fates(ann.world) == ["offered"]
    await other.begin("Is this mine?", invitation=invitation)
    await other.until(lambda: other.talk)
    assert (other.texts, other.talk["status"]) == (["Is this mine?"], "waiting")
    assert await fates(ann.world) == ["offered"]


async def test_an_invitation_that_never_was_keeps_no_message_back(page_of):
    page = await page_of()
    assert (await page.begin("Hello?", invitation="f" * 32))["t"] == "sent"


async def test_an_accepted_offer_sent_again_is_one_conversation(invited):
    page, _, _, invitation = invited
    client_id = new_id()
    first = await page.begin("Yes", client_id, invitation=invitation)
    assert await page.begin("Yes", client_id, invitation=invitation) == first
    assert await page.world.sql("SELECT count(*) FROM conversation") == [(1,)]


async def test_nobody_is_invited_who_has_left(met, world):
    page, ann, _ = met
    visitor = await visitor_of(page)
    await page.line.hang_up()
    world.clock.move(9)
    await world.until(lambda: world.hub.hall.board.get(bytes.fromhex(visitor)).leaving_at)
    world.clock.move(9)
    await world.hub.hall.sweep()
    refused = await ann.do("invite", visitor=visitor, text="Wait!")
    assert (refused["t"], refused["code"]) == ("refused", "not_found")
    assert await fates(world) == []


async def test_nobody_is_invited_who_talks_or_is_blocked(met):
    page, ann, _ = met
    await page.begin("Hello?")
    await page.until(lambda: page.talk)
    assert (await invite(ann, page))["code"] == "no_change"
    await ann.do("close", page.conversation, outcome="spam")
    await ann.do("block", page.conversation, on=True)
    assert (await invite(ann, page))["code"] == "no_change"


async def test_an_open_invitation_waits_on_the_next_page(invited):
    page, _, _, invitation = invited
    await page.come()
    assert page.welcome["invited"]["invitation"] == invitation
    await answer(page, invitation, "declined")
    await page.come()
    assert "invited" not in page.welcome
