"""One mail into the hub, or aside: and what was set aside is read again as what it was."""

import datetime as dt

import pytest

import hub
from hub.testing import FakeContext
from hub_email import EmailSettings, filing, reading
from hub_email.filing import Filing
from hub_email.ids import Ids

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
IDS = Ids(b"s" * 32, "mail", "shop.example")
MAIL = b"From: Shop <shop@shop.example>\r\nTo: jo@home.example\r\nMessage-ID: <1@x>\r\n\r\nHello\r\n"


@pytest.fixture
def context() -> FakeContext:
    return FakeContext(
        EmailSettings(address="shop@shop.example", password=hub.Secret("x"), imap_host="127.0.0.1")
    )


@pytest.mark.parametrize("ours", [True, False], ids=["of the sent folder", "of the inbox"])
async def test_what_was_set_aside_is_ours_only_where_it_lay_with_the_sent_ones(context, monkeypatch, ours):
    def breaks(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(reading, "sent", breaks)
        broken.setattr(reading, "touchpoint", breaks)
        assert not await Filing(context, IDS).file(MAIL, NOW, ours=ours)
    (aside,) = context.aside.values()
    assert await Filing(context, IDS).again(aside, NOW)
    assert [touchpoint.message.ours for touchpoint in context.reported] == [ours]


async def test_a_reading_that_breaks_again_leaves_it_aside(context, monkeypatch):
    monkeypatch.setattr(filing.parsing, "parse", lambda raw: 1 / 0)
    assert not await Filing(context, IDS).again(hub.Aside(key="x", raw=MAIL, why=""), NOW)
