"""Canned replies over real sockets: all tabs in step, private ones for one pair of eyes, files in and out."""

import os

from tests.web.people import new_id

LARGE = "shortcut,text\n" + "".join(f"r{n},{'ü' * 2_000}\n" for n in range(120))


def reply(**more: object) -> dict:
    return {
        "reply": os.urandom(16).hex(),
        "shortcut": new_id(),
        "text": "Hello {{customer.first_name|there}}",
        **more,
    }


async def test_all_tabs_follow_what_an_admin_keeps_and_deletes(tab_of):
    ann, boss = await tab_of("ann"), await tab_of("boss")
    topic = await ann.follow("canned")
    said = reply(title="A greeting")
    assert (await boss.do("shared_save", **said))["t"] == "done"
    kept = await ann.until(lambda: topic.of("canned"))
    assert {**said, "id": said["reply"], "by": "Boss"}.items() >= {
        k: kept[0][k] for k in ("shortcut", "text", "title", "by")
    }.items()
    assert (await boss.do("shared_drop", reply=said["reply"]))["t"] == "done"
    await ann.until(lambda: not topic.of("canned"))


async def test_a_private_reply_reaches_its_owners_tabs_and_no_other(tab_of):
    one, two, bob = await tab_of("ann"), await tab_of("ann"), await tab_of("bob")
    mine = f"canned:{one.world.operators['ann'].hex()}"
    topic = await two.follow(mine)
    await bob.follow("canned")
    await one.do("canned_save", **reply(text="CANARY"))
    await two.until(lambda: topic.of("canned"))
    await bob.settled()
    assert "CANARY" not in bob.everything()


async def test_keeping_twice_is_keeping_once_and_a_mistake_names_its_fields(tab_of):
    ann = await tab_of("ann")
    topic = await ann.follow(f"canned:{ann.world.operators['ann'].hex()}")
    said = reply()
    assert [(await ann.do("canned_save", **said))["t"] for _ in range(2)] == ["done", "done"]
    assert len(topic.of("canned")) == 1
    refused = await ann.do("canned_save", **reply(text="{{customer.nmae}}"))
    assert (refused["code"], list(refused["fields"])) == ("bad_request", ["text"])
    refused = await ann.do("canned_save", **reply(shortcut=said["shortcut"].upper()))
    assert (refused["code"], list(refused["fields"])) == ("taken", ["shortcut"])


async def test_a_tab_that_was_away_gets_what_it_missed(tab_of):
    ann, boss = await tab_of("ann"), await tab_of("boss")
    first, second = reply(), reply()
    await boss.do("shared_save", **first)
    topic = await ann.follow("canned")
    await ann.line.cut()
    await boss.do("shared_drop", reply=first["reply"])
    await boss.do("shared_save", **second)
    await ann.come()
    await ann.follow("canned", resume=True)
    await ann.until(lambda: [it["id"] for it in topic.of("canned")] == [second["reply"]])


async def test_an_open_variable_never_goes_out_and_may_stand_in_a_note(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await page.begin("Hello?")
    await page.until(lambda: page.talk)
    refused = await ann.do("reply", page.conversation, text="Hi {{customer.name}}")
    assert (refused["t"], refused["code"], refused["fields"]) == (
        "refused",
        "bad_request",
        {"text": "{{customer.name}}"},
    )
    assert (await ann.do("reply", page.conversation, text="use {{customer.name}}", kind="note"))[
        "t"
    ] == "done"
    assert (await ann.do("reply", page.conversation, text="Hi there"))["t"] == "done"
    await page.until(lambda: len(page.messages) == 2)
    assert page.texts == ["Hello?", "Hi there"]


async def test_files_go_out_and_come_in(world):
    ann, boss = await world.sign_in("ann"), await world.sign_in("boss")
    csv = {"content_type": "text/csv"}
    loaded = await world.ask(
        "POST", "/api/canned/shared/import", cookie=boss, body=b"shortcut,text\nhi,=1+1\n", **csv
    )
    assert (loaded.status_code, loaded.json()) == (200, {"added": 1, "changed": 0})
    written = await world.ask("GET", "/api/canned/shared?format=csv", cookie=ann)
    assert "'=1+1" in written.text
    assert written.headers["content-disposition"].startswith('attachment; filename="canned-replies.csv"')
    assert (await world.ask("GET", "/api/canned/own", cookie=ann)).json() == {"canned_replies": []}
    loaded = await world.ask("POST", "/api/canned/own/import", cookie=ann, body=written.content, **csv)
    assert loaded.json() == {"added": 1, "changed": 0}
    (mine,) = (await world.ask("GET", "/api/canned/own?format=json", cookie=ann)).json()["canned_replies"]
    assert mine == {"shortcut": "hi", "title": "", "text": "=1+1", "queue": ""}


async def test_a_bad_file_lists_all_its_problems_and_changes_nothing(world):
    ann = await world.sign_in("ann")
    body = {"canned_replies": [{"shortcut": "ok", "text": "x"}, {"shortcut": "", "text": "{{x}}"}]}
    answer = await world.ask("POST", "/api/canned/own/import", cookie=ann, body=body)
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == ["reply 2, shortcut", "reply 2, text"]
    assert (await world.ask("GET", "/api/canned/own", cookie=ann)).json() == {"canned_replies": []}


async def test_a_file_comes_from_our_own_page_in_a_type_that_no_form_sends(world):
    ann = await world.sign_in("ann")
    wanted = [
        ("text/plain", world.url, 415),
        ("text/csv", "http://evil.test", 403),
        ("application/json", "", 403),
    ]
    for kind, origin, status in wanted:
        headers = {"content_type": kind, "origin": origin}
        assert (
            await world.ask("POST", "/api/canned/own/import", cookie=ann, body=b"[]", **headers)
        ).status_code == status
    big = await world.ask("POST", "/api/canned/own/import", cookie=ann, body=b" " * 5_000_000)
    assert big.status_code == 413


async def test_a_large_file_does_not_cut_the_tabs_that_look_on(world, tab_of):
    ann = await tab_of("ann")
    topic = await ann.follow("canned")
    boss = await world.sign_in("boss")
    body = LARGE.encode()
    await world.ask("POST", "/api/canned/shared/import", cookie=boss, body=body, content_type="text/csv")
    await ann.until(lambda: topic.resyncs or len(topic.of("canned")) == 120)
    await ann.follow("canned")
    assert len(topic.of("canned")) == 120
    assert ann.line.closed is None
