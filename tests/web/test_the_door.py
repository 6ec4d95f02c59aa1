"""The door: who opens a socket and says nothing, who opens too many, and who never ends the head of a request."""

import asyncio

import pytest
from websockets.exceptions import InvalidStatus

from hub.web import limits
from hub.web.wheel import GREETING, LOOK
from tests.web.people import Page, Tab

HELLO_LATE = GREETING + 1


def look(world) -> None:
    """Once at everybody."""
    for _ in range(LOOK):
        world.hub.hall.wheel.turn()


async def silent(world, who: str, wire: str = "socket") -> Page | Tab:
    party = Page(world, wire) if who == "page" else Tab(world, wire, await world.sign_in("ann"))
    world.parties.append(party)
    await party.dial()
    return party


@pytest.mark.parametrize("who", ["page", "tab"])
async def test_a_socket_that_never_says_hello_is_closed(world, who):
    party = await silent(world, who)
    await world.until(lambda: list(world.hub.hall.wheel))
    world.hub.hall.wheel.turn()
    assert party.line.closed is None
    world.clock.move(HELLO_LATE)
    look(world)
    assert await party.ended() == 1013
    await world.until(lambda: not list(world.hub.hall.wheel))


async def test_a_hello_that_was_refused_is_none(world):
    page = await silent(world, "page")
    await world.until(lambda: list(world.hub.hall.wheel))
    await page.line.send("not a frame at all")
    assert await page.ended() == 4400


async def test_a_page_that_is_nobody_again_and_stays_so_is_closed(world, page_of, wire):
    page = await page_of()
    await page.line.send({"t": "reset"})
    await page.hear("resync")
    world.clock.move(HELLO_LATE)
    look(world)
    assert await page.ended() == 1013


async def test_who_has_said_hello_stays(world, page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    world.clock.move(HELLO_LATE)
    look(world)
    await page.settled()
    await ann.settled()


async def test_an_address_holds_so_many_sockets_and_no_more(open_world, monkeypatch):
    monkeypatch.setattr(limits, "MOST_OPEN", 3)
    world = await open_world(limited=True)
    pages = [await silent(world, "page") for _ in range(2)]
    tab = await silent(world, "tab")
    with pytest.raises(InvalidStatus) as refused:
        await silent(world, "page")
    assert refused.value.response.status_code == 429
    assert int(refused.value.response.headers["retry-after"]) > 0
    by_poll = Page(world, "poll")
    await by_poll.dial()
    answer = await by_poll.line.post(by_poll.hello())
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "rate_limited")
    await pages.pop().line.hang_up()
    await world.until(lambda: world.hub.hall.limits._held["127.0.0.1"] == 2)
    await (await silent(world, "page", "poll")).greet()
    with pytest.raises(InvalidStatus):
        await silent(world, "tab")
    assert tab.line.closed is None


async def test_nothing_is_held_when_everybody_has_gone(open_world):
    world = await open_world(limited=True)
    page, tab = await silent(world, "page", "poll"), await silent(world, "tab")
    await page.greet()
    await page.line.hang_up()
    await tab.line.hang_up()
    await world.silence()
    await world.until(lambda: not world.hub.hall.limits._held)
    assert not list(world.hub.hall.wheel)


# --- before there is a request


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /healthz HT",
        b"GET /healthz HTTP/1.1\r\nhost: x\r\n",
        b"\r\n",
        b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET /heal",
    ],
)
async def test_a_request_whose_head_never_ends_is_not_waited_for(world, monkeypatch, said):
    monkeypatch.setattr("hub.cli.heads.HEAD", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(world.url.rpartition(":")[2]))
    writer.write(said)
    async with asyncio.timeout(4):  # less than the seconds an idle connection is kept
        answer = await reader.read(-1)
    assert (b"200 OK" in answer) == (b"\r\n\r\n" in said)
    writer.close()


async def test_a_stray_line_end_after_an_answer_does_not_hold_a_connection_open(world, monkeypatch):
    monkeypatch.setattr("hub.cli.heads.HEAD", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(world.url.rpartition(":")[2]))
    writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
    await reader.readuntil(b'"ok"}')
    writer.write(b"\r\n")
    async with asyncio.timeout(4):
        assert await reader.read(-1) == b""
    writer.close()


async def test_a_head_that_comes_in_parts_is_read(world, monkeypatch):
    monkeypatch.setattr("hub.cli.heads.HEAD", 5.0)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(world.url.rpartition(":")[2]))
    for part in (b"GET /hea", b"lthz HTTP/1.1\r\nho", b"st: x\r\nconnection: close\r\n", b"\r\n"):
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0)
    assert b"200 OK" in await reader.read(-1)
    writer.close()


async def test_an_open_socket_outlives_the_deadline_of_its_head(world, monkeypatch, page_of, wire):
    monkeypatch.setattr("hub.cli.heads.HEAD", 0.05)
    page = await page_of()
    await asyncio.sleep(0.15)
    await page.settled()


async def test_one_address_has_so_many_requests_and_no_more(open_world, monkeypatch):
    monkeypatch.setattr(limits, "HTTP", limits.Rate(3, 0.1))
    world = await open_world(limited=True)
    answers = [await world.ask("GET", "/healthz") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].json()["error"]["code"] == "rate_limited"
    assert (await world.ask("POST", "/v1/track", body={})).status_code != 429, (
        "events have limits of their own"
    )
    world.clock.move(11)
    assert (await world.ask("GET", "/healthz")).status_code == 200


@pytest.mark.parametrize("path", ["/visitor/poll", "/console/poll"])
async def test_polls_need_room_at_the_door_as_sockets_do(world, monkeypatch, path):
    ann = await world.sign_in("ann")
    monkeypatch.setattr(world.hub.hall.room, "_limit", lambda: 0)
    hello = {"t": "hello", "site": "shop", "tab": "tab-00000001"}
    if path.startswith("/console"):
        answer = await world.ask("POST", path, cookie=ann, body={"socket": None, "frames": [hello]})
    else:
        answer = await world.ask(
            "POST", path, origin=world.origin("shop"), body={"socket": None, "frames": [hello]}
        )
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
