"""Visits that other trackers tell of hold no more than those that our own pages tell of."""

import pytest

from hub.store import scratch_tx
from hub.visits import events, reported, track
from hub.visits.track import Origin

VISITOR, VISIT = b"v" * 16, b"t" * 16


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        reported.know_browser(tx, VISITOR, "shop", tx.now)
        reported.begin(tx, visit=VISIT, visitor=VISITOR, site="shop", at=tx.now, beginning=Origin())
        yield tx


def look(tx, n: int) -> None:
    origin = reported.origin("segment", f"m{n}")
    reported.page(tx, VISIT, origin=origin, url=f"https://shop.test/{n}", title=f"{n}", at=tx.now + n)


def test_page_views_are_kept_up_to_the_most_of_a_visit_and_the_newest_is_the_last(tx, monkeypatch):
    monkeypatch.setattr(reported, "MOST_PAGES", 3)
    for n in range(1, 7):
        look(tx, n)
    assert [url.rpartition("/")[2] for url, *_ in track.pages(tx, VISIT)] == ["1", "2", "6"]
    assert tx.one("SELECT pages FROM visit") == (3,)


def test_events_are_kept_up_to_the_most_of_a_visit_and_once(tx, monkeypatch):
    monkeypatch.setattr(events, "MOST_PER_VISIT", 2)
    for n in (1, 1, 2, 3):
        origin = reported.origin("segment", f"m{n}")
        reported.event(tx, VISIT, origin=origin, name=f"event {n}", at=tx.now + n, properties={"n": n})
    assert [event.name for event in events.of_visit(tx, VISIT)] == ["event 1", "event 2"]


def test_properties_beyond_what_an_event_holds_are_left_out(tx):
    reported.event(tx, VISIT, origin=b"o" * 16, name="big", at=tx.now, properties={"x": "y" * events.LARGEST})
    assert events.of_visit(tx, VISIT)[0].properties == {}
