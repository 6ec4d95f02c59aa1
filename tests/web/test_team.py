"""Who works here: presence with a clock, queues and their teams, and what the tabs of those concerned hear of it at once."""

import os

import pytest

from hub.actions import people, teams
from hub.conversations import routing
from hub.store import scratch_tx
from tests.web.people import Tab


def op(world, login: str) -> str:
    return world.operators[login].hex()


async def state_of(world, login: str) -> tuple[str, bool]:
    tab = next(
        (party for party in world.parties if isinstance(party, Tab) and party.line.closed is None), None
    )
    assert tab is not None
    topic = await tab.follow("team")
    row = next(row for row in topic.of("operator") if row["id"] == op(world, login))
    return row["presence"], row.get("automatic", False)


async def rest(world, *tabs: Tab, seconds: float) -> None:
    """Time passes with living tabs that nobody touches."""
    world.clock.move(seconds)
    for tab in tabs:
        tab.idle += seconds
        await tab.line.send({"t": "beat", "idle": int(tab.idle)})
        await tab.settled()
    await world.hub.hall.renew_leases()
    await world.hub.hall.sweep()


async def touch(tab: Tab) -> None:
    tab.idle = 0.0
    await tab.line.send({"t": "beat", "idle": 0})
    await tab.settled()


# --- presence


async def test_who_touches_nothing_is_away_and_back_with_the_first_touch(world, tab_of):
    ann, bob = await tab_of("ann"), await tab_of("bob")
    await rest(world, ann, bob, seconds=590)
    await touch(bob)
    assert await state_of(world, "ann") == ("available", False)
    await rest(world, ann, bob, seconds=15)
    assert await state_of(world, "ann") == ("away", True)
    assert await state_of(world, "bob") == ("available", False)
    await world.until(lambda: not world.hub.hall.offers.attended("shop"))
    await touch(ann)
    assert await state_of(world, "ann") == ("available", False)


async def test_any_tab_counts_and_a_busy_operator_is_busy_again(world, tab_of):
    ann, other = await tab_of("ann"), await tab_of("ann")
    await ann.do("presence", state="busy")
    await rest(world, ann, other, seconds=400)
    await touch(other)
    await rest(world, ann, other, seconds=400)
    assert await state_of(world, "ann") == ("busy", False)
    await rest(world, ann, other, seconds=300)
    assert await state_of(world, "ann") == ("away", True)
    await touch(ann)
    assert await state_of(world, "ann") == ("busy", False)


async def test_an_away_that_was_chosen_stays(world, tab_of):
    ann = await tab_of("ann")
    await ann.do("presence", state="away")
    await rest(world, ann, seconds=700)
    await touch(ann)
    assert await state_of(world, "ann") == ("away", False)


async def test_each_sets_the_minutes_and_none_is_never(world, tab_of):
    ann, bob = await tab_of("ann"), await tab_of("bob")
    await ann.do("idle", minutes=2)
    assert (await ann.hear("you"))["me"]["idle"] == 2
    await bob.do("idle", minutes=0)
    await rest(world, ann, bob, seconds=130)
    assert await state_of(world, "ann") == ("away", True)
    await rest(world, ann, bob, seconds=7200)
    assert await state_of(world, "bob") == ("available", False)


async def test_a_line_that_is_mended_is_no_touch(world, tab_of):
    ann, bob = await tab_of("ann"), await tab_of("bob")
    await rest(world, ann, bob, seconds=601)
    await touch(bob)
    await ann.line.cut()
    await ann.dial()
    await ann.line.send({"t": "hello", "tab": ann.tab, "idle": 602})
    await ann.hear("welcome")
    assert await state_of(world, "ann") == ("away", True)
    await touch(ann)
    assert await state_of(world, "ann") == ("available", False)


async def test_an_accepted_invitation_of_somebody_away_waits_for_everybody(world, page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await ann.follow("visitors")
    visitor = ann.topics["visitors"].one("visitor")["id"]
    await ann.do("invite", visitor=visitor, text="May I help?")
    invitation = (await page.hear("invited"))["invitation"]
    await ann.do("idle", minutes=1)
    for _ in range(3):
        await rest(world, ann, seconds=21)
        await page.settled()
    assert await state_of(world, "ann") == ("away", True)
    await page.begin("Yes please", invitation=invitation)
    row = (await ann.follow(f"conversation:{page.conversation}")).one("row")
    assert (row["status"], row.get("operator")) == ("waiting", None)


async def test_a_page_that_is_loaded_anew_shows_nobody_leaving(world, tab_of):
    ann, bob = await tab_of("ann"), await tab_of("bob")
    team = await bob.follow("team")
    since = next(row for row in team.of("operator") if row["id"] == op(world, "ann"))["since"]
    seen: list[str] = []
    before = len(bob.line.heard)
    await ann.line.hang_up()
    world.clock.move(3)
    await world.hub.hall.sweep()
    ann = await tab_of("ann")
    world.clock.move(3)
    await world.hub.hall.sweep()
    await bob.settled()
    for frame in bob.line.heard[before:]:
        if frame["t"] == "event" and frame["item"].get("id") == op(world, "ann"):
            seen.append(frame["item"]["presence"])
            assert frame["item"]["since"] == since
    assert set(seen) <= {"available"}


async def test_who_closes_the_last_tab_is_offline_after_a_grace_and_who_signs_out_at_once(
    world, tab_of, wire
):
    if wire == "poll":
        pytest.skip("a poll that ends is found out by its silence")
    ann, bob, boss = await tab_of("ann"), await tab_of("bob"), await tab_of("boss")
    team = await boss.follow("team")

    def offline() -> set[str]:
        return {row["name"] for row in team.of("operator") if row["presence"] == "offline"}

    await ann.line.hang_up()
    await world.ask("POST", "/api/sign-out", cookie=bob.cookie, body={})
    await boss.until(lambda: offline() == {"Bob"})
    world.clock.move(6)
    await world.hub.hall.sweep()
    await boss.until(lambda: offline() == {"Ann", "Bob"})


# --- two tabs of one operator


async def test_closing_one_of_two_tabs_leaves_what_the_other_looks_at(world, page_of, tab_of, wire):
    if wire == "poll":
        pytest.skip("a poll that ends is found out by its silence")
    page = await page_of()
    await page.begin("hello")
    one, other, boss = await tab_of("ann"), await tab_of("ann"), await tab_of("boss")
    live = await boss.follow(f"live:{page.conversation}")
    eyes = await boss.follow(f"eyes:{world.queues['main']}")
    for tab in (one, other):
        await tab.line.send({"t": "viewing", "conversation": page.conversation, "on": True})
        await tab.line.send({"t": "typing", "conversation": page.conversation, "on": True})
        await tab.settled()
    await page.until(lambda: any(frame["t"] == "typing" and frame["on"] for frame in page.line.heard))
    await one.line.hang_up()
    await boss.settled()
    await other.settled()
    assert [(row["viewing"], row["typing"]) for row in live.of("typing")] == [(True, True)]
    assert [(row["name"], row["conversation"]) for row in eyes.of("eye")] == [("Ann", page.conversation)]
    await other.line.send({"t": "typing", "conversation": page.conversation, "on": False})
    await boss.until(lambda: not live.of("typing")[0].get("typing"))
    await other.line.hang_up()
    await boss.until(lambda: not live.of("typing") and not eyes.of("eye"))
    typing = [frame["on"] for frame in page.line.heard if frame["t"] == "typing"]
    assert typing[-1] is False


async def test_who_looks_on_is_seen_in_the_queue_it_moved_to(world, page_of, tab_of):
    page = await page_of()
    await page.begin("hello")
    ann, bob, boss = await tab_of("ann"), await tab_of("bob"), await tab_of("boss")
    for tab in (ann, boss):
        await tab.line.send({"t": "viewing", "conversation": page.conversation, "on": True})
        await tab.settled()
    main = await ann.follow(f"eyes:{world.queues['main']}")
    books = await bob.follow(f"eyes:{world.queues['books']}")
    assert {row["name"] for row in main.of("eye")} == {"Ann", "Boss"}
    await boss.do("transfer", page.conversation, queue=world.queues["books"])
    await bob.until(lambda: {row["name"] for row in books.of("eye")} == {"Boss"})
    await ann.until(lambda: not main.of("eye"))


async def test_of_two_who_take_in_the_same_moment_one_wins_and_the_other_hears_who(world, page_of, tab_of):
    page = await page_of()
    await page.begin("hello")
    ann, boss = await tab_of("ann"), await tab_of("boss")
    for tab in (ann, boss):
        await tab.line.send({"t": "take", "id": f"take-{tab.tab}", "conversation": page.conversation})
    answers = {}
    for name, tab in (("Ann", ann), ("Boss", boss)):
        await tab.until(
            lambda tab=tab: any(
                f.get("id") == f"take-{tab.tab}" or f.get("client_id") == f"take-{tab.tab}"
                for f in tab.line.heard
            )
        )
        answers[name] = next(
            f for f in tab.line.heard if f"take-{tab.tab}" in (f.get("id"), f.get("client_id"))
        )
    (winner,) = [name for name, frame in answers.items() if frame["t"] == "done"]
    (loser,) = [frame for frame in answers.values() if frame["t"] == "refused"]
    assert loser["code"] == "taken"
    assert loser["fields"]["operator"] == winner
    assert winner in loser["message"]


# --- queues and their teams


async def test_who_leaves_a_queue_sees_nothing_more_of_it_at_once(world, page_of, tab_of):
    page = await page_of()
    await page.begin("hello")
    ann, boss = await tab_of("ann"), await tab_of("boss")
    topics = [
        f"queue:{world.queues['main']}",
        f"conversation:{page.conversation}",
        f"live:{page.conversation}",
    ]
    for topic in topics:
        await ann.follow(topic)
    await ann.do("take", page.conversation)
    main = world.queues["main"]
    assert (await boss.do("queue_save", queue=main, name="main", members=[]))["t"] == "done"
    assert "queues" not in (await ann.hear("you"))["me"]
    ended = {
        frame["topic"]
        for frame in ann.line.heard
        if frame["t"] == "event" and frame["item"]["id"] == frame["topic"]
    }
    assert ended == set(topics)
    row = (await boss.follow(f"conversation:{page.conversation}")).one("row")
    assert (row["status"], row.get("operator")) == ("waiting", None)
    await page.say("CANARY after the change")
    await ann.settled()
    assert "CANARY" not in ann.everything()
    assert (await ann.do("reply", page.conversation, text="still mine"))["code"] == "forbidden"
    await boss.do("queue_save", queue=main, name="main", members=[op(world, "ann")])
    assert [queue["id"] for queue in (await ann.hear("you"))["me"]["queues"]] == [main]
    await ann.follow(f"conversation:{page.conversation}")
    assert "CANARY" in ann.everything()


async def test_a_queue_is_made_renamed_archived_into_another_and_brought_back(world, page_of, tab_of):
    boss, ann, bob = await tab_of("boss"), await tab_of("ann"), await tab_of("bob")
    queues = await ann.follow("queues")
    new = os.urandom(16).hex()
    await boss.do("queue_save", queue=new, name=" Returns ", members=[op(world, "ann")])
    await ann.until(lambda: any(row["name"] == "Returns" for row in queues.of("queue")))
    assert (await boss.do("queue_save", queue=os.urandom(16).hex(), name="Returns"))["code"] == "taken"
    await boss.do("queue_save", queue=new, name="Parcels", members=[op(world, "ann")])
    page, other = await page_of(), await page_of()
    for one in (page, other):
        await one.begin("hello")
        await boss.do("transfer", one.conversation, queue=new)
    await ann.do("take", page.conversation)
    refused = await boss.do("queue_archive", queue=new)
    assert (refused["code"], list(refused["fields"])) == ("bad_request", ["to"])
    books = world.queues["books"]
    assert (await boss.do("queue_archive", queue=new, to=books))["t"] == "done"
    rows = {row["id"]: row for row in (await bob.follow(f"queue:{books}")).of("row")}
    assert {row["status"] for row in rows.values()} == {"waiting"}
    assert set(rows) == {page.conversation, other.conversation}
    assert (await boss.do("transfer", page.conversation, queue=new))["code"] == "no_change"
    assert new not in [queue["id"] for queue in (await ann.come()).welcome["queues"]]
    await boss.do("queue_restore", queue=new)
    assert new in [queue["id"] for queue in (await ann.come()).welcome["me"]["queues"]]


async def test_a_queue_of_the_configuration_is_its_to_name_and_one_queue_stays(world, tab_of):
    boss = await tab_of("boss")
    refused = await boss.do("queue_save", queue=world.queues["books"], name="Volumes")
    assert refused["code"] == "no_change"
    assert "book" in refused["message"]
    assert (await boss.do("queue_archive", queue=world.queues["books"], to=world.queues["main"]))[
        "code"
    ] == "no_change"


async def test_a_limit_of_ones_own_goes_before_the_houses(world, page_of, tab_of):
    boss, ann = await tab_of("boss"), await tab_of("ann")
    main = world.queues["main"]
    await boss.do("operator_change", operator=op(world, "ann"), role="operator", limit=1, queues=[main])
    assert (await ann.hear("you"))["me"]["limit"] == 1
    pages = [await page_of() for _ in range(5)]
    for page in pages:
        await page.begin("hello")
    assert (await ann.do("take", pages[0].conversation))["t"] == "done"
    assert (await ann.do("take", pages[1].conversation))["code"] == "at_limit"
    await boss.do("operator_change", operator=op(world, "ann"), role="operator", queues=[main])
    for page in pages[1:4]:
        assert (await ann.do("take", page.conversation))["t"] == "done"
    assert (await ann.do("take", pages[4].conversation))["fields"] == {"limit": "4"}


def test_a_queue_that_the_configuration_names_again_is_brought_back():
    with scratch_tx() as tx:
        people.route_sites(tx, [people.Route("shop", "main", ""), people.Route("book", "books", "")])
        who = people.add(tx, login="boss", name="Boss", password_hash="x", role="admin", queues=[])
        books = people.queue_named(tx, "books")
        people.route_sites(tx, [people.Route("shop", "main", "")])
        teams.archive(tx, who, books, None)
        assert [name for _, name in people.queues(tx)] == ["main"]
        people.route_sites(tx, [people.Route("shop", "main", ""), people.Route("book", "books", "")])
        assert [name for _, name in people.queues(tx)] == ["books", "main"]
        assert routing.queue_for(tx, "book") == books
