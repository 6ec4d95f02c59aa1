"""Opening hours of a site: spans per weekday in the site's own zone, and days that differ.

    hours = { mon = ["09:00-12:30", "13:30-18:00"], sat = ["10:00-14:00"] }
    exceptions = { 2026-12-24 = ["09:00-12:00"], 2026-12-25 = [] }

A weekday that is not named is closed; no hours at all means always open. A span whose end is not after its start
runs past midnight and belongs to the day it starts on. Wall-clock times are compared as a clock on the wall shows
them, so the hour that a change to summer time skips or repeats needs no rule of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

MOST = 48
"""Spans of one day: what is looked for among them is looked for at each of their ends."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


def minutes(span: str) -> tuple[int, int]:
    """`"09:00-17:30"` → (540, 1050). Past midnight the end is above 1440. Raises ValueError."""
    match = _SPAN.fullmatch(span)
    if match is None:
        raise ValueError('a span of hours such as "09:00-17:30"')
    start = int(match[1]) * 60 + int(match[2])
    end = int(match[3]) * 60 + int(match[4])
    if end > 1440:
        raise ValueError('a span of hours that ends at "24:00" at the latest')
    return start, end if end > start else end + 1440


def _checked_span(span: str) -> str:
    minutes(span)
    return span


def _checked_day(day: str) -> str:
    if day not in DAYS:
        raise ValueError(f"a day named {', '.join(DAYS)}")
    return day


def _checked_date(day: str) -> str:
    try:
        known = date.fromisoformat(day).isoformat()
    except ValueError:
        known = ""
    # Dates are looked up as they are written: 2026-W52-5 is Christmas Day too, and would never be found.
    if day != known:
        raise ValueError("a date such as 2026-12-25")
    return day


Span = Annotated[str, AfterValidator(_checked_span)]
Spans = Annotated[list[Span], Field(max_length=MOST, description="spans of hours")]
Week = dict[Annotated[str, AfterValidator(_checked_day)], Spans]
Exceptions = dict[Annotated[str, AfterValidator(_checked_date)], Spans]


def open_at(
    moment: datetime,
    zone: ZoneInfo,
    week: Mapping[str, Sequence[str]] | None,
    exceptions: Mapping[str, Sequence[str]],
) -> bool:
    """Whether the site is open at an aware moment."""
    local = moment.astimezone(zone)
    now = local.hour * 60 + local.minute
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    return _within(now, _spans(today, week, exceptions)) or _within(
        now + 1440, _spans(yesterday, week, exceptions)
    )


def next_opening(
    moment: datetime,
    zone: ZoneInfo,
    week: Mapping[str, Sequence[str]] | None,
    exceptions: Mapping[str, Sequence[str]],
    days: int = 30,
) -> datetime | None:
    """When a closed site opens next, as an aware moment; None when it is open, or will not open within so many days."""
    if open_at(moment, zone, week, exceptions):
        return None
    return next_change(moment, zone, week, exceptions, days)


def next_change(
    moment: datetime,
    zone: ZoneInfo,
    week: Mapping[str, Sequence[str]] | None,
    exceptions: Mapping[str, Sequence[str]],
    days: int = 30,
) -> datetime | None:
    """When an open site closes or a closed one opens, as an aware moment; None when neither comes within so many days."""
    local, now = moment.astimezone(zone), open_at(moment, zone, week, exceptions)
    for ahead in range(-1, days + 1):  # what began yesterday may end today
        midnight = datetime.combine(local.date() + timedelta(days=ahead), time(), zone)
        edges = {edge for span in _spans(midnight.date(), week, exceptions) for edge in minutes(span)}
        for edge in sorted(edges):
            change = midnight + timedelta(minutes=edge)
            if change > local and open_at(change, zone, week, exceptions) != now:
                return change
    return None


def _spans(
    day: date, week: Mapping[str, Sequence[str]] | None, exceptions: Mapping[str, Sequence[str]]
) -> Sequence[str]:
    if (spans := exceptions.get(day.isoformat())) is not None:
        return spans
    return ("00:00-24:00",) if week is None else week.get(DAYS[day.weekday()], ())


def _within(minute: int, spans: Sequence[str]) -> bool:
    return any(start <= minute < end for start, end in map(minutes, spans))
