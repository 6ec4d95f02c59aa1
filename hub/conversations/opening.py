"""When sites are open, as actions know it: written from the settings, read in the transaction that routes by it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from hub.config import hours
from hub.store import Read

SQL_OPENING = "SELECT opening FROM site_route WHERE site = :site OR :site = '' ORDER BY site"


class _Opening(msgspec.Struct):
    zone: str = "UTC"
    hours: dict[str, list[str]] | None = None
    exceptions: dict[str, list[str]] = {}


def packed(
    zone: str, week: Mapping[str, Sequence[str]] | None, exceptions: Mapping[str, Sequence[str]]
) -> str:
    """A site's hours, as its row keeps them."""
    return msgspec.json.encode({"zone": zone, "hours": week, "exceptions": exceptions}).decode()


@lru_cache(maxsize=64)
def _read(text: str) -> _Opening:
    return msgspec.json.decode(text, type=_Opening)


def is_open(read: Read, site: str, at: int) -> bool | None:
    """Whether a site is open at a moment (UTC microseconds), by its hours of today; with "": any of them. None for no such site."""
    rows = read.all(SQL_OPENING, {"site": site})
    moment = dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC)
    return any(_open(_read(row[0]), moment) for row in rows) if rows else None


def _open(known: _Opening, moment: dt.datetime) -> bool:
    return hours.open_at(moment, ZoneInfo(known.zone), known.hours, known.exceptions)
