"""What must not come in: frames that make no sense, too many of them, origins that are not ours, readers that do not read."""

import asyncio
import socket

import pytest
from websockets.exceptions import InvalidStatus

from tests.web.lines import PollLine
from tests.web.people import Page, Tab, new_id
from tests.web.test_talking import begun

NONSENSE = [
    "",
    "{",
    "null",
    "[]",
    '"hello"',
    "1e999",
    '{"t": "sing"}',
    '{"t": ["say"]}',
    '{"text": "no tag"}',
    '{"t": "say"}',
    '{"t": "say", "client_id": "c-00000000", "conversation": "x", "text": "y"}',
    '{"t": "beat", "active": -1}',
    '{"t": "beat", "active": "12"}',
    '{"t": "beat", "active": 1e309}',
    '{"t": "page", "page": {"url": 5}}',
    '{"t": "feature", "name": "../../etc"}',
    "[" * 30_000,
    '{"t": "feature", "name": "bell.ring", "data": ' + "[" * 30_000,
    '{"t": "cursor", "conversation": "' + "0" * 32 + '", "read": 99999999999999999999}',
]


async def test_a_frame_that_makes_no_sense_is_refused_and_costs_nothing_else(page_of, wire):
    page = await page_of()
    await page.begin("still here")
    for n, nonsense in enumerate(NONSENSE):
        if wire == "poll" and n < 2:
            continue  # what is no JSON at all spoils the whole request, below
        if wire == "poll" and nonsense.count("[") > 9:
            continue
        await page.line.send(nonsense)
        refused = await page.hear("refused")
        assert refused["code"] == "bad_frame", nonsense
        assert set(refused) <= {"t", "code", "message", "client_id", "fields"}
        if n % 9 == 8:  # before it counts as broken
            await page.come()
    assert (await page.say("and well"))["t"] == "sent"


async def test_a_request_that_is_no_json_is_refused_and_its_socket_goes_on(open_world):
    world = await open_world()
    page = Page(world, "poll")
    world.parties.append(page)
    await page.come()
    for body, status, code in (
        (b"{", 400, "bad_request"),
        (b"\xff\xfe", 400, "bad_request"),
        (b"[" * 50_000, 400, "bad_request"),
        (b"[]", 400, "bad_request"),
        (b'{"socket": 5}', 400, "bad_request"),
        (b'{"socket": null, "frames": []}', 400, "bad_request"),
        (b'{"socket": "0123", "frames": []}', 410, "socket_gone"),
        (b" " * 65_537, 413, "too_large"),
    ):
        answer = await world.ask(
            "POST", "/visitor/poll", body=body, origin="http://shop.test", content_type="text/plain"
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert answer.headers["access-control-allow-origin"] == "http://shop.test"
    await page.settled()


async def test_a_page_that_never_makes_sense_is_sent_away(page_of):
    page = await page_of()
    for _ in range(20):
        await page.line.send('{"t": "sing"}')
    assert await page.ended() == 1008


async def test_hello_comes_first(world, wire):
    for frame in (
        {"t": "beat"},
        {"t": "sing"},
        {"t": "say", "client_id": new_id(), "conversation": "0" * 32, "text": "x"},
    ):
        page = Page(world, wire)
        world.parties.append(page)
        await page.dial()
        await page.line.send(frame)
        assert await page.ended() == 4400


async def test_a_frame_over_64_kib_ends_its_own_socket_only(world, page_of, wire):
    page, other = await page_of(), await page_of()
    huge = {"t": "open", "client_id": new_id(), "text": "x" * 70_000}
    await page.line.send(huge)
    assert await page.ended() in (1009, 413)
    await other.settled()


async def test_many_letters_beyond_ascii_still_fit(page_of):
    page = await page_of()
    assert (await page.begin("ü" * 4_000))["t"] == "sent"
    assert (await page.say("x" * 4_001))["code"] == "bad_request"


async def test_a_binary_frame_is_refused(open_world):
    world = await open_world()
    page = Page(world, "socket")
    world.parties.append(page)
    await page.come()
    await page.line.send(b'{"t": "beat"}')
    assert (await page.hear("refused"))["code"] == "bad_frame"
    await page.settled()


async def test_half_characters_and_nuls_do_not_break_anything(page_of, wire):
    page = await page_of()
    assert (await page.begin("nul \0 inside", name="a\0b"))["t"] in ("sent", "refused")
    await page.line.send('{"t": "open", "client_id": "' + new_id() + '", "text": "half \\ud800"}')
    await page.settled()


async def test_a_message_of_nothing_that_can_be_seen_calls_nobody(page_of, wire):
    page = await page_of()
    for nothing in ("", " \n\t", "\0", "\u200b\u2060 \ufeff", "\u202e"):
        await page.line.send({"t": "open", "client_id": new_id(), "text": nothing})
        assert (await page.hear("refused"))["code"] == "bad_request", ascii(nothing)
    assert (await page.begin("👩‍🚀"))["t"] == "sent"


# --- whose door it is


ORIGINS = [
    "null", "http://shop.test.evil.example", "http://evilshop.test", "http://shop.test:8080", "https://shop.test", "HTTP://SHOP.TEST",
    "http://Shop.test", "http://shop.test.", "http://shop.test/", "http://user@shop.test", "http://xn--shop-test", "http://shop.test,http://shop.test",
    "http://127.0.0.1", "file://", "http://sub.shop.test", "",
]  # fmt: skip


async def refused_at_the_door(world, wire: str, path: str, headers: dict[str, str]) -> int:
    if wire == "socket":
        with pytest.raises(InvalidStatus) as refused:
            await world.dial(wire, path, headers)
        return refused.value.response.status_code
    line = await PollLine.dial(world._base, path, headers, world.http)
    hello = {"t": "hello", "site": "shop", "tab": new_id(), "page": {"url": "http://shop.test/"}}
    answer = await line.post(hello)
    assert answer.json()["error"]["code"] in ("foreign_origin", "not_signed_in")
    assert "access-control-allow-origin" not in answer.headers
    return answer.status_code


async def test_a_page_of_a_foreign_origin_gets_no_word(world, wire):
    for origin in ORIGINS:
        headers = {"origin": origin} if origin else {}
        assert await refused_at_the_door(world, wire, "/visitor", headers) == 403, origin


async def test_a_console_socket_opens_for_our_own_page_only(world, wire):
    cookie = await world.sign_in("ann")
    port = world.url.rpartition(":")[2]
    for origin in (
        *ORIGINS,
        "http://shop.test",
        f"http://127.0.0.1:{port}",
        f"https://localhost:{port}",
        "http://localhost",
    ):
        headers = {"cookie": cookie} | ({"origin": origin} if origin else {})
        assert await refused_at_the_door(world, wire, "/console", headers) == 403


async def test_a_site_opens_for_its_own_pages_only(world, wire):
    for site, origin, code, close in (
        ("book", "http://shop.test", "foreign_origin", 1008),
        ("nowhere", "http://shop.test", "unknown_site", 4404),
        ("SHOP", "http://shop.test", "unknown_site", 4404),
    ):
        page = Page(world, wire, site)
        world.parties.append(page)
        await page.connect("/visitor", {"origin": origin})
        await page.line.send(page.hello())
        assert (await page.hear("refused"))["code"] == code
        assert await page.ended() == close


async def test_a_token_of_one_site_is_worth_nothing_on_another(page_of):
    page = await page_of("shop")
    await page.begin("secret")
    other = await page_of("book", token=page.token)
    assert other.talk is None
    assert other.token != page.token


async def test_a_poll_belongs_to_who_opened_it(world, page_of, tab_of, wire):
    if wire == "socket":
        pytest.skip("long-poll only")
    page, ann = await page_of(), await tab_of("ann")
    for line, headers in (
        (page.line, {"origin": "http://book.test"}),
        (ann.line, {"origin": world.url, "cookie": await world.sign_in("bob")}),
    ):
        thief = PollLine(world.http, line._url, headers)
        thief.id = line.id
        answer = await thief.post()
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "socket_gone")


async def test_an_answer_that_was_lost_comes_again(world, page_of, wire):
    if wire == "socket":
        pytest.skip("long-poll only")
    page = await page_of()
    line = page.line
    line._reading.cancel()
    await asyncio.wait([line._reading])
    before = line.after
    first = (await line.post({"t": "beat"})).json()
    again = (await line.post()).json()
    assert first["frames"] == again["frames"][: len(first["frames"])]
    assert [n for n, _ in first["frames"]] == list(range(before + 1, before + 1 + len(first["frames"])))
    line.after = first["frames"][-1][0]
    assert (await line.post({"t": "beat"})).json()["frames"][0][0] == line.after + 1


# --- too much


async def test_frames_beyond_the_rate_are_refused_with_how_long_to_wait(open_world, wire):
    world = await open_world(limited=True)
    page = Page(world, wire)
    world.parties.append(page)
    await page.come()
    for _ in range(80):
        if wire == "socket":
            await page.line.send({"t": "beat"})
    if wire == "poll":
        await page.line.send(*[{"t": "beat"} for _ in range(80)])
    refused = await page.hear("refused")
    assert refused["code"] == "rate_limited"
    assert 0 < refused["retry_after"] < 1
    world.clock.move(10)
    await page.begin("calmer now")


async def test_messages_beyond_the_rate_wait_and_none_is_lost(open_world, wire):
    world = await open_world(limited=True)
    page = Page(world, wire)
    world.parties.append(page)
    await page.come()
    await page.begin("first")
    waited = 0
    for n in range(24):
        client_id = new_id()
        while (answer := await page.say(f"{n}", client_id))["t"] == "refused":
            assert answer["code"] == "rate_limited"
            world.clock.move(answer["retry_after"] + 0.01)
            waited += 1
    assert waited
    assert await world.sql("SELECT count(*) FROM message") == [(25,)]


async def test_conversations_from_one_address_are_limited_and_what_is_open_is_not_one_more(open_world):
    world = await open_world(limited=True)
    pages = []
    for _ in range(6):
        page = Page(world, "socket")
        world.parties.append(page)
        pages.append(await page.come())
    client_ids = [new_id() for _ in pages]
    answers = [
        await page.begin("hello", client_id) for page, client_id in zip(pages, client_ids, strict=True)
    ]
    assert [answer["t"] for answer in answers] == ["sent"] * 5 + ["refused"]
    assert answers[5]["code"] == "rate_limited"
    # What was stored already is acknowledged, however busy the address is: its first answer may have been lost.
    assert await pages[0].begin("hello", client_ids[0]) == answers[0]
    assert (await pages[1].begin("one more word"))["t"] == "sent"
    world.clock.move(31)
    assert (await pages[5].begin("hello", client_ids[5]))["t"] == "sent"


async def test_sockets_of_one_address_are_limited(open_world):
    world = await open_world(limited=True)
    codes = []
    for _ in range(64):
        line = await PollLine.dial(world._base, "/visitor", {"origin": "http://shop.test"}, world.http)
        hello = {"t": "hello", "site": "shop", "tab": new_id(), "page": {"url": "http://shop.test/"}}
        codes.append((await line.post(hello)).status_code)
    assert codes[0] == 200
    assert 429 in codes


# --- who does not listen


async def test_a_reader_that_does_not_read_is_cut_and_others_do_not_wait(open_world):
    world = await open_world()
    slow, page, ann = (
        Tab(world, "socket", await world.sign_in("boss")),
        Page(world, "socket"),
        Tab(world, "socket", await world.sign_in("ann")),
    )
    world.parties += [slow, page, ann]
    await slow.come()
    await page.come()
    await ann.come()
    await page.begin("x")
    await page.until(lambda: page.talk)
    await slow.follow(f"conversation:{page.conversation}")
    slow.line.socket.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
    slow.line.socket.transport.pause_reading()
    for n in range(400):
        answer = await ann.do("reply", page.conversation, text=f"{n:04}" + "y" * 7_900)
        assert answer["t"] == "done"
        if all(tab.socket._closing for tab in world.hub.hall._tabs.get(world.operators["boss"], ())):
            break
    else:
        pytest.fail("it was never cut")
    slow.line.socket.transport.resume_reading()
    assert await slow.ended() in (1013, 1006)
    await slow.come()
    await slow.follow(f"conversation:{page.conversation}", resume=True)
    await ann.follow(f"conversation:{page.conversation}")
    assert slow.topics[f"conversation:{page.conversation}"].one("row") == ann.topics[
        f"conversation:{page.conversation}"
    ].one("row")


async def test_who_falls_silent_is_let_go(world, page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await page.line.fall_silent()
    await world.silence(ann)
    await world.until(lambda: not world.hub.hall._pages)
    await ann.settled()


async def test_nothing_is_left_behind_when_everybody_has_gone(world, page_of, tab_of):
    page, ann = await begun(page_of, tab_of)
    await ann.follow("visitors")
    await ann.follow(f"live:{page.conversation}")
    await page.line.hang_up()
    await ann.line.hang_up()
    if page.wire == "poll":
        await world.silence()
    hall = world.hub.hall
    await world.until(lambda: not (hall._pages or hall._tabs or hall.topics._topics or hall._tasks))
    assert not hall.live._visitors
    assert set(hall.live._rooms) <= {"health", "suggestions", "offers"}


async def test_a_bug_of_ours_costs_the_frame_and_not_the_socket(world, page_of, tab_of, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise ZeroDivisionError("ours")

    page, ann = await page_of(), await tab_of("ann")
    await page.begin("The secret is 4711")
    await page.until(lambda: page.talk)
    monkeypatch.setattr("hub.actions.talk.say", broken)
    monkeypatch.setattr("hub.actions.serve.take", broken)
    said = {"t": "say", "client_id": "again-and-again", "conversation": page.conversation, "text": "4711"}
    for party, frame in (
        (page, said),
        (ann, {"t": "take", "id": "take-0001", "conversation": page.conversation}),
    ):
        refused = await party.ask(frame, "sent", "done")
        assert (refused["t"], refused["code"]) == ("refused", "unexpected")
        await party.settled()
    assert "ZeroDivisionError" in caplog.text
    assert "4711" not in caplog.text, "a log holds nobody's words"
