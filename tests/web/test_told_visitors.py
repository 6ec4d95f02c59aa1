"""Visitors whom only another tracker tells of: on the board while their visit is fresh, and out of reach."""

import pytest

from hub.access import Actor
from hub.visits.reported import visitor_id
from hub.web import told
from hub.web.commands import COMMANDS
from hub.web.told import FRESH
from hub.wire import Refusal
from hub.wire.console import Invite
from tests.web.tracked import track


def page(message: str, browser: str = "a-1", path: str = "/vase", **more):
    context = {
        "page": {"url": f"https://shop.example{path}", "title": path, "referrer": "https://search.example/"}
    }
    return {"type": "page", "messageId": message, "anonymousId": browser, "context": context, **more}


@pytest.fixture
async def hub(tracked):
    return await tracked(more="board = true")


def board(hub):
    return list(hub.hub.hall.board.rows())


async def test_who_is_told_of_is_on_the_board_for_as_long_as_their_visit_is_fresh(hub):
    await hub.batch(page("m1"))
    hub.later(60)
    await hub.batch(page("m2", path="/checkout"))
    (row,) = board(hub)
    assert (row.url, row.pages, row.told_by) == ("https://shop.example/checkout", 2, "tracking")
    assert (row.since, row.attentive, row.arrived) == (hub.now // 1000, False, hub.now // 1000 - 60_000)
    hub.later(FRESH / 1e6 - 1)
    hub.hub.hall.board.sweep(hub.now)
    assert len(board(hub)) == 1
    hub.later(2)
    hub.hub.hall.board.sweep(hub.now)
    assert board(hub) == []


async def test_what_happened_long_ago_or_is_no_page_view_shows_nobody(hub):
    await hub.batch(page("m1", timestamp="2026-11-18T00:00:00Z"), track("m2", anonymousId="b-2"))
    assert board(hub) == []
    assert await hub.one("SELECT count(*) FROM page_view") == 1


async def test_they_cannot_be_invited(hub):
    await hub.batch(page("m1"))
    asked = Invite(id="invite-0001", visitor=visitor_id("tracking", "a-1").hex(), text="May I help?")
    with pytest.raises(Refusal, match="no widget") as refused:
        await COMMANDS[Invite](hub.hub.hall, Actor(kind="operator", id=b"o" * 16), asked)
    assert refused.value.code == "no_change"
    assert await hub.one("SELECT count(*) FROM invitation") == 0


async def test_a_stranger_with_the_public_key_cannot_crowd_the_board(hub, monkeypatch):
    monkeypatch.setattr(told, "MOST", 3)
    await hub.batch(*(page(f"m{n}", f"b-{n}") for n in range(6)))
    assert len(board(hub)) == 3
    await hub.batch(page("again", "b-7"))
    assert len(board(hub)) == 3


async def test_without_the_setting_nobody_is_shown(tracked):
    hub = await tracked()
    await hub.batch(page("m1"))
    assert board(hub) == []
