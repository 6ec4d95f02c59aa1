"""Links that work once, passwords and sessions: who they let in, how often, and what is left of them anywhere."""

import asyncio
import logging

import pytest

from tests.web.people import Tab

PASSWORD = "a sentence is good"


@pytest.fixture
def wire() -> str:
    """What is asked here goes by plain requests; one way to the hub will do."""
    return "socket"


async def ask(world, path: str, login: str = "", body: object = None, **headers: str):
    cookie = await world.sign_in(login) if login else ""
    return await world.ask("POST", path, cookie=cookie, body={} if body is None else body, **headers)


async def invited(world, **more: object) -> str:
    given = {"role": "operator", "queues": [world.queues["books"]], "note": "Kim, mornings", **more}
    answer = await ask(world, "/api/operators/invite", "boss", given)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    token: str = answer.json()["token"]
    assert len(token) == 22  # 128 bits
    return token


def joins(token: str, login: str = "kim", **more: object) -> dict[str, object]:
    return {"token": token, "login": login, "name": "Kim Park", "password": PASSWORD, **more}


async def tab_by(world, wire: str, answer) -> Tab:
    """The console of whoever this answer signed in."""
    cookie = answer.headers["set-cookie"].partition(";")[0]
    tab = Tab(world, wire, cookie)
    world.parties.append(tab)
    return await tab.come()


async def test_whoever_opens_the_link_becomes_an_operator_who_serves_what_was_said(world, wire, tab_of):
    boss = await tab_of("boss")
    people = await boss.follow("operators")
    token = await invited(world, limit=2)
    await boss.until(lambda: [row["note"] for row in people.of("link")] == ["Kim, mornings"])
    assert token not in boss.everything()
    looked = await ask(world, "/api/links/look", body={"token": token})
    assert looked.json() == {"note": "Kim, mornings"}
    used = await ask(world, "/api/links/use", body=joins(token))
    assert used.status_code == 200
    me = used.json()
    assert (me["name"], me["role"], me["limit"]) == ("Kim Park", "operator", 2)
    assert [queue["name"] for queue in me["queues"]] == ["books"]
    tab = await tab_by(world, wire, used)
    await tab.follow(f"queue:{world.queues['books']}")
    await boss.until(lambda: not people.of("link"))
    assert "kim" in [row["login"] for row in people.of("member")]
    signed = await ask(world, "/api/sign-in", body={"login": "kim", "password": PASSWORD})
    assert signed.status_code == 200


async def test_of_fifty_who_use_a_link_at_once_one_is_let_in(world):
    token = await invited(world)
    answers = await asyncio.gather(
        *(ask(world, "/api/links/use", body=joins(token, f"kim{n}")) for n in range(50))
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[404] * 49]


async def test_links_that_ended_were_used_withdrawn_or_never_were_are_answered_alike(world, tab_of):
    boss = await tab_of("boss")
    people = await boss.follow("operators")
    used, withdrawn, old = [await invited(world, note=word) for word in ("used", "withdrawn", "old")]
    assert (await ask(world, "/api/links/use", body=joins(used))).status_code == 200
    await boss.until(lambda: len(people.of("link")) == 2)
    link = next(row["id"] for row in people.of("link") if row["note"] == "withdrawn")
    await boss.do("link_drop", link=link)
    world.clock.move(hours=72)
    hashed = world.hasher.calls
    told = set()
    for token in (used, withdrawn, old, "never-was", link):
        for path, body in (("look", {"token": token}), ("use", joins(token, "lee"))):
            answer = await ask(world, f"/api/links/{path}", body=body)
            told.add((answer.status_code, answer.text))
    assert len(told) == 1
    assert told.pop()[0] == 404
    assert world.hasher.calls == hashed


async def test_a_login_that_is_taken_leaves_the_link_as_it_was(world):
    token = await invited(world)
    assert (await ask(world, "/api/links/use", body=joins(token, "ann"))).status_code == 409
    assert (await ask(world, "/api/links/use", body=joins(token))).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"password": "short"}, {"login": ""}, {"login": "two words"}, {"name": "  "}, {"name": "a\nb"}, {"token": ""},
     {"token": None}, {"token": 0}, {"token": []}, {"token": " " * 64}, {"role": "admin"}],
)  # fmt: skip
async def test_what_is_wrong_lets_nobody_in_and_uses_nothing_up(world, wrong):
    token = await invited(world)
    answer = await ask(world, "/api/links/use", body=joins(token) | wrong)
    assert answer.status_code in (400, 404)
    assert (await ask(world, "/api/links/use", body=joins(token))).status_code == 200


async def test_a_link_for_a_password_ends_every_session_and_signs_its_owner_in(world, wire, tab_of):
    ann, boss = await tab_of("ann"), await tab_of("boss")
    made = await ask(world, f"/api/operators/{world.operators['ann'].hex()}/link", "boss")
    older = made.json()["token"]
    token = (await ask(world, f"/api/operators/{world.operators['ann'].hex()}/link", "boss")).json()["token"]
    assert (await ask(world, "/api/links/look", body={"token": older})).status_code == 404
    assert (await ask(world, "/api/links/look", body={"token": token})).json() == {"login": "ann"}
    used = await ask(world, "/api/links/use", body={"token": token, "password": PASSWORD})
    assert used.json()["login"] == "ann"
    assert await ann.ended(1.0) in (4401, 401)
    await boss.settled()
    assert (await ask(world, "/api/sign-in", body={"login": "ann", "password": "ann"})).status_code == 401
    assert (await (await tab_by(world, wire, used)).do("presence", state="busy"))["t"] == "done"


async def test_links_end_with_the_rights_of_whoever_made_them_and_of_whom_they_are_for(world, tab_of):
    boss = await tab_of("boss")
    await world.hire("eve", "admin")
    eve = (await ask(world, "/api/operators/invite", "eve", {"role": "admin"})).json()["token"]
    ann = (await ask(world, f"/api/operators/{world.operators['ann'].hex()}/link", "boss")).json()["token"]
    await boss.do("operator_change", operator=world.operators["eve"].hex(), role="operator")
    await boss.do("operator_active", operator=world.operators["ann"].hex(), on=False)
    for token in (eve, ann):
        assert (await ask(world, "/api/links/look", body={"token": token})).status_code == 404
    refused = await ask(world, f"/api/operators/{world.operators['ann'].hex()}/link", "boss")
    assert refused.status_code == 409


async def test_the_last_admin_stays_one_whoever_asks_and_how(world, tab_of):
    boss = await tab_of("boss")
    me = world.operators["boss"].hex()
    assert (await boss.do("operator_active", operator=me, on=False))["code"] == "no_change"
    assert (await boss.do("operator_change", operator=me, role="operator"))["code"] == "no_change"
    await world.hire("eve", "admin")
    eve = world.operators["eve"].hex()
    other = await tab_of("eve")
    answers = await asyncio.gather(
        boss.do("operator_change", operator=eve, role="operator"),
        other.do("operator_change", operator=me, role="operator"),
    )
    assert sorted(answer["t"] for answer in answers) == ["done", "refused"]
    assert await world.sql("SELECT count(*) FROM operator WHERE role = 'admin' AND active") == [(1,)]


async def test_whoever_is_put_out_is_gone_at_once_and_their_conversations_wait(world, page_of, tab_of):
    page = await page_of()
    await page.begin("hello")
    ann, boss = await tab_of("ann"), await tab_of("boss")
    await ann.do("take", page.conversation)
    await boss.do("operator_active", operator=world.operators["ann"].hex(), on=False)
    assert await ann.ended(1.0) in (4401, 401)
    row = (await boss.follow(f"conversation:{page.conversation}")).one("row")
    assert (row["status"], row.get("operator")) == ("waiting", None)
    assert (await ask(world, "/api/sign-in", body={"login": "ann", "password": "ann"})).status_code == 401
    await boss.do("operator_active", operator=world.operators["ann"].hex(), on=True)
    assert (await ask(world, "/api/sign-in", body={"login": "ann", "password": "ann"})).status_code == 200


async def test_an_admin_who_is_one_no_longer_hears_nothing_more_of_it(world, tab_of):
    await world.hire("eve", "admin")
    eve, boss = await tab_of("eve"), await tab_of("boss")
    for topic in ("operators", f"queue:{world.queues['main']}"):
        await eve.follow(topic)
    await boss.do("operator_change", operator=world.operators["eve"].hex(), role="operator")
    assert (await eve.hear("you"))["me"]["role"] == "operator"
    await invited(world, note="CANARY")
    await eve.settled()
    assert "CANARY" not in eve.everything()
    await eve.line.send({"t": "subscribe", "topic": "operators"})
    refused = await eve.hear("refused")
    assert (refused["code"], refused["fields"]) == ("forbidden", {"topic": "operators"})
    assert (await eve.do("queue_save", queue="0" * 32, name="x"))["code"] == "forbidden"


# --- passwords and sessions


async def test_a_password_of_ones_own_needs_the_old_one_and_ends_other_sessions(world, tab_of):
    ann, elsewhere = await tab_of("ann"), await tab_of("ann")
    wrong = await world.ask("POST", "/api/password", cookie=ann.cookie, body={"old": "x", "new": PASSWORD})
    assert wrong.status_code == 401
    short = await world.ask("POST", "/api/password", cookie=ann.cookie, body={"old": "ann", "new": "short"})
    assert short.status_code == 400
    done = await world.ask("POST", "/api/password", cookie=ann.cookie, body={"old": "ann", "new": PASSWORD})
    assert done.status_code == 200
    assert await elsewhere.ended(1.0) in (4401, 401)
    await ann.settled()
    assert (await ask(world, "/api/sign-in", body={"login": "ann", "password": PASSWORD})).status_code == 200


async def test_sessions_are_listed_by_browser_and_end_one_by_one(world, tab_of):
    signed = await ask(
        world, "/api/sign-in", body={"login": "ann", "password": "ann"}, user_agent="Firefox on Linux"
    )
    cookie = signed.headers["set-cookie"].partition(";")[0]
    ann, bob = await tab_of("ann", cookie), await tab_of("bob")
    other, third = await tab_of("ann"), await tab_of("ann")
    page = (await world.ask("GET", "/api/sessions", cookie=cookie)).json()
    assert [(row.get("agent"), row.get("mine", False)) for row in page["items"]].count(
        ("Firefox on Linux", True)
    ) == 1
    assert len(page["items"]) == 3
    assert "CANARY" not in str(page)
    theirs = next(
        row["id"] for row in (await world.ask("GET", "/api/sessions", cookie=bob.cookie)).json()["items"]
    )
    await world.ask("POST", "/api/sessions/end", cookie=cookie, body={"session": theirs})
    await bob.settled()
    one = next(row["id"] for row in page["items"] if not row.get("mine"))
    await world.ask("POST", "/api/sessions/end", cookie=cookie, body={"session": one})
    left = (await world.ask("GET", "/api/sessions", cookie=cookie)).json()["items"]
    assert len(left) == 2
    await world.ask("POST", "/api/sessions/end", cookie=cookie, body={})
    for tab in (other, third):
        assert await tab.ended(1.0) in (4401, 401)
    await ann.settled()
    ids = world.operators["ann"].hex()
    assert (await ask(world, f"/api/operators/{ids}/sessions/end", "boss")).status_code == 200
    assert await ann.ended(1.0) in (4401, 401)


async def test_links_are_limited_by_address_and_stand_in_no_log(open_world, caplog):
    caplog.set_level(logging.DEBUG)
    world = await open_world(limited=True)
    token = await invited(world)
    told = [(await ask(world, "/api/links/look", body={"token": token})).status_code for _ in range(12)]
    assert told == [200] * 10 + [429] * 2
    assert token not in caplog.text
    assert token.encode() not in b"".join(
        file.read_bytes() for file in world.data.rglob("*") if file.is_file()
    )
