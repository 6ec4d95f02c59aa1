"""Opening hours: weekdays, holidays, nights, zones and the days the clock changes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from hub.config import SiteSection, open_at
from hub.config.hours import next_change, next_opening

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = {"mon": ["09:00-12:30", "13:30-18:00"], "fri": ["22:00-02:00"], "sun": ["00:00-24:00"]}
HOLIDAYS = {"2026-01-05": [], "2026-01-06": ["10:00-11:00"]}


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-01-12 08:59", False),
        ("2026-01-12 09:00", True),
        ("2026-01-12 12:29", True),
        ("2026-01-12 12:30", False),
        ("2026-01-12 17:59", True),
        ("2026-01-13 10:00", False),  # a Tuesday, not named: closed
        ("2026-01-05 10:00", False),  # a Monday, but a holiday
        ("2026-01-06 10:30", True),  # a Tuesday that differs
        ("2026-01-09 23:00", True),  # Friday night
        ("2026-01-10 01:59", True),  # runs on into Saturday
        ("2026-01-10 02:00", False),
        ("2026-01-11 23:59", True),
        ("2026-01-12 00:00", False),
    ],
)
def test_a_site_is_open_when_its_clock_says_so(moment, is_open):
    assert open_at(at(moment), BERLIN, WEEK, HOLIDAYS) is is_open


def test_without_hours_a_site_is_always_open_but_for_its_holidays():
    assert open_at(at("2026-01-12 03:00"), BERLIN, None, HOLIDAYS)
    assert not open_at(at("2026-01-05 03:00"), BERLIN, None, HOLIDAYS)


def test_a_moment_from_elsewhere_is_seen_on_the_sites_own_clock():
    assert open_at(datetime(2026, 1, 12, 8, 30, tzinfo=UTC), BERLIN, WEEK, {})
    assert not open_at(datetime(2026, 7, 13, 6, 30, tzinfo=UTC), BERLIN, WEEK, {})
    assert open_at(datetime(2026, 7, 13, 7, 30, tzinfo=UTC), BERLIN, WEEK, {})


def test_a_section_knows_its_own_hours():
    site = SiteSection(name="Shop", zone="Europe/Berlin", hours={"mon": ["09:00-18:00"]})
    assert site.open_at(datetime(2026, 1, 12, 8, 30, tzinfo=UTC))
    assert not site.open_at(datetime(2026, 1, 13, 8, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "wrong",
    [
        {
            "exceptions": {"2026-W52-5": []}
        },  # Christmas Day by its week: it would be looked up as 2026-12-25, and never found
        {"exceptions": {"20261225": []}},
        {"hours": {"mon": [f"{n // 60:02}:{n % 60:02}-23:59" for n in range(49)]}},
        {"zone": "localtime"},  # known to this machine alone
        {"zone": "Factory"},
    ],
)
def test_what_would_not_be_kept_to_is_refused(wrong):
    with pytest.raises(ValidationError):
        SiteSection(**wrong)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-01-12 03:00", "2026-01-12 09:00"),
        ("2026-01-12 13:00", "2026-01-12 13:30"),
        ("2026-01-13 20:00", "2026-01-17 10:00"),
    ],
)
def test_a_closed_site_says_when_it_opens_next(moment, opens):
    week = {"mon": ["09:00-12:30", "13:30-18:00"], "sat": ["10:00-14:00"]}
    assert next_opening(at(moment), BERLIN, week, {}) == at(opens)


def test_an_open_site_opens_no_sooner_and_a_closed_for_ever_one_never():
    assert next_opening(at("2026-01-12 10:00"), BERLIN, {"mon": ["09:00-12:30"]}, {}) is None
    assert next_opening(at("2026-01-12 10:00"), BERLIN, {}, {}) is None


def test_a_holiday_is_passed_over():
    week = {"mon": ["09:00-12:30"]}
    assert next_opening(at("2026-01-11 10:00"), BERLIN, week, {"2026-01-12": []}) == at("2026-01-19 09:00")


@pytest.mark.parametrize(
    ("at", "change"),
    [
        ("2026-11-23T10:00", "2026-11-23T12:30"),  # open on a Monday, until the break
        ("2026-11-23T13:00", "2026-11-23T13:30"),
        ("2026-11-23T20:00", "2026-11-24T22:00"),
        ("2026-11-24T23:00", "2026-11-25T02:00"),  # a span past midnight ends on the next day
        ("2026-11-25T01:00", "2026-11-25T02:00"),
    ],
)
def test_the_next_change_is_when_it_opens_or_closes(at, change):
    week = {"mon": ["09:00-12:30", "13:30-18:00"], "tue": ["22:00-02:00"]}
    zone = ZoneInfo("Europe/Berlin")
    found = next_change(datetime.fromisoformat(at).replace(tzinfo=zone), zone, week, {})
    assert found == datetime.fromisoformat(change).replace(tzinfo=zone)


def test_there_is_no_next_change_of_what_is_always_open_or_always_closed():
    zone, moment = ZoneInfo("UTC"), datetime(2026, 11, 23, tzinfo=UTC)
    assert next_change(moment, zone, None, {}) is None
    assert next_change(moment, zone, {}, {}) is None
    assert next_change(moment, zone, None, {"2026-11-24": []}) == datetime(2026, 11, 24, tzinfo=UTC)
