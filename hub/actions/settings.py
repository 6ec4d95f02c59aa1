"""Settings of sites that are kept here because hub.toml leaves them out: set, taken back, and told to whoever works by them.

The table is the history; the last row of a setting is its value. A change is checked by the code that checks hub.toml, inside the
transaction, together with what is kept already, and is refused when somebody else has changed the same setting since it was looked at.
Topic `settings`: a `SiteChanged` after the commit, so that a running hub works by it at once.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from hub.actions import people
from hub.config import CONSOLE, Config, ConfigError, SiteSection, of_file, overlay
from hub.conversations import opening
from hub.store import Read, Tx
from hub.wire import Refusal, id_hex, millis
from hub.wire.settings import SettingsChange

TOPIC = "settings"
MOST = 30
"""Changes that the history shows."""

SQL_CURRENT = """
SELECT s.name, s.value, s.n, s.at, coalesce(o.name, '') FROM setting_change s LEFT JOIN operator o ON o.id = s.author
WHERE s.site = :site AND s.n = (SELECT max(n) FROM setting_change WHERE site = s.site AND name = s.name)"""
SQL_LAST = """
SELECT value, n FROM setting_change WHERE site = :site AND name = :name ORDER BY n DESC LIMIT 1"""
SQL_KEEP = """
INSERT INTO setting_change (change, site, name, value, before, at, author)
VALUES (:change, :site, :name, :value, :before, :now, :author)"""
SQL_OF_CHANGE = "SELECT name, before, n FROM setting_change WHERE change = :change AND site = :site"
SQL_NAMES = """
SELECT s.site, s.name FROM setting_change s WHERE s.value IS NOT NULL
AND s.n = (SELECT max(n) FROM setting_change WHERE site = s.site AND name = s.name) ORDER BY s.site, s.name"""
SQL_HISTORY = """
SELECT s.change, s.name, s.n, s.at, coalesce(o.name, ''), s.before, s.value
FROM setting_change s LEFT JOIN operator o ON o.id = s.author
WHERE s.site = :site ORDER BY s.n DESC LIMIT :most"""


class Kept(msgspec.Struct, frozen=True):
    """One setting as it is kept. `value` is UNSET when it was taken back."""

    value: Any
    n: int
    at: int
    author: str


class SiteChanged(msgspec.Struct, frozen=True):
    """What is kept of a site from now on."""

    site: str
    kept: dict[str, Any]


def kept(read: Read, site: str) -> dict[str, Kept]:
    """Every setting of a site that was ever set here, as it is now."""
    found = {}
    for name, value, n, at, author in read.all(SQL_CURRENT, {"site": site}):
        found[name] = Kept(msgspec.UNSET if value is None else msgspec.json.decode(value), n, at, author)
    return found


def is_unset(one: Kept) -> bool:
    """Whether it was taken back."""
    return one.value is msgspec.UNSET


def values(read: Read, site: str) -> dict[str, Any]:
    """The values that count."""
    return {name: one.value for name, one in kept(read, site).items() if not is_unset(one)}


def kept_names(read: Read) -> dict[str, list[str]]:
    """Site → the settings that are kept of it, those of sites that hub.toml has no longer as well."""
    found: dict[str, list[str]] = {}
    for site, name in read.all(SQL_NAMES):
        found.setdefault(site, []).append(name)
    return found


def keep(
    tx: Tx, author: bytes, config: Config, site: str, asked: Mapping[str, Any], seen: int | None = None
) -> SiteChanged:
    """Set settings of a site; None takes one back. `config` is hub.toml's. Refusals: bad_request, forbidden, not_found, taken.

    `seen` is the number of the last change that its author knew of.
    """
    section = config.sites.get(site)
    if section is None:
        raise Refusal("not_found", f"no site {site[:64]!r}")
    _demand_ours(config, site, asked)
    now = kept(tx, site)
    for name in asked:
        if seen is not None and name in now and now[name].n > seen:
            by = now[name].author or "somebody"
            raise Refusal("taken", f"{name}: {by} has changed it meanwhile; look again before you do")
    before = values(tx, site)
    after = {name: value for name, value in {**before, **asked}.items() if value is not None}
    effective = checked(site, section, after)
    change = tx.new_id()
    for name in sorted(asked):
        if before.get(name) != after.get(name):
            _write(tx, change, site, name, before.get(name), after.get(name), author)
    tx.run(people.SQL_ROUTE_SETTINGS, route_row(site, effective))
    told = SiteChanged(site, after)
    tx.publish(TOPIC, told)
    return told


def undo(tx: Tx, author: bytes, config: Config, site: str, change: bytes) -> SiteChanged:
    """Give the settings of one change the values they had before. Refusals: not_found, taken when one was changed again since."""
    rows = tx.all(SQL_OF_CHANGE, {"change": change, "site": site})
    if not rows:
        raise Refusal("not_found", "no such change of this site")
    now = kept(tx, site)
    for name, _, n in rows:
        if now[name].n != n:
            raise Refusal("taken", f"{name}: {now[name].author} has changed it since; undo that first")
    asked = {name: None if before is None else msgspec.json.decode(before) for name, before, _ in rows}
    return keep(tx, author, config, site, asked)


def history(read: Read, site: str) -> list[SettingsChange]:
    """The last changes, the newest first."""
    last = {one.n for one in kept(read, site).values()}
    changes: dict[bytes, SettingsChange] = {}
    for change, name, n, at, author, before, value in read.all(SQL_HISTORY, {"site": site, "most": 4 * MOST}):
        known = changes.get(change) or SettingsChange(
            id=id_hex(change), at=millis(at), by=author, settings=[], may_undo=True
        )
        told = (name, _decoded(before), _decoded(value))
        changes[change] = msgspec.structs.replace(
            known, settings=[*known.settings, told], may_undo=known.may_undo and n in last
        )
    return list(changes.values())[:MOST]


def checked(site: str, section: SiteSection, after: Mapping[str, Any]) -> SiteSection:
    """The site as it would work. Refusals: bad_request, with a field for each problem in hub.toml's own words."""
    try:
        return overlay(site, section, after)
    except ConfigError as error:
        start = f"sites.{site}."
        fields = {one.path.removeprefix(start): one.words for one in error.problems}
        message = "; ".join(f"{name}: {words}" for name, words in fields.items())
        raise Refusal("bad_request", message, fields=fields) from None


def route_row(site: str, section: SiteSection) -> dict[str, Any]:
    """What actions must know of a site's settings."""
    return {
        "site": site,
        "region": section.region,
        "alarm_seconds": section.alarm_seconds,
        "opening": opening.packed(section.zone, section.hours, section.exceptions),
    }


def _demand_ours(config: Config, site: str, asked: Mapping[str, Any]) -> None:
    for name in asked:
        if name not in CONSOLE:
            raise Refusal("forbidden", f"{name[:80]}: set by {config.file} alone")
        if name in of_file(config.sites[site]):
            line = config.lines.get(f"sites.{site}.{name}")
            where = f", line {line}" if line else ""
            raise Refusal(
                "forbidden", f"{name}: stands in {config.file}{where}; change it there, or take it out"
            )


def _write(tx: Tx, change: bytes, site: str, name: str, before: Any, after: Any, author: bytes) -> None:
    row = {"change": change, "site": site, "name": name, "now": tx.now, "author": author}
    tx.run(SQL_KEEP, {**row, "value": _encoded(after), "before": _encoded(before)})


def _encoded(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _decoded(value: str | None) -> Any:
    return None if value is None else msgspec.json.decode(value)
