"""The sites as they work now: hub.toml over what the console keeps over the default; and where their snippet was seen.

`now` is one mapping for everybody who asks for a site, changed in place, so that a setting counts from the commit on without a
restart. Where pages asked for the widget is kept in memory: enough to tell an owner that the snippet works, or why it does not.
"""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from typing import Any

from hub.actions import settings
from hub.config import Config, SiteSection, overlay_known
from hub.config.origins import origin_of
from hub.store import Read, Store
from hub.wire import millis
from hub.wire.settings import SnippetSeen, TurnedAway

log = logging.getLogger("hub.web")

DAY = 86_400_000_000
MOST_SEEN = 20
MOST_TURNED_AWAY = 20
"""Origins that are remembered; whoever invents more pushes out older ones, and nothing else."""

SQL_SEEN = """
SELECT p.url, p.at FROM page_view p JOIN visit v ON v.id = p.visit
WHERE v.site = :site AND p.origin IS NULL AND (v.closed_at IS NULL OR v.closed_at > :since) ORDER BY p.at DESC LIMIT 200"""


class Sites:
    """Made with the configuration of hub.toml; `load` before the first socket."""

    def __init__(self, config: Config, clock: Callable[[], int]) -> None:
        self.config = config
        self.now: dict[str, SiteSection] = dict(config.sites)
        self._clock = clock
        self._open: dict[str, bool] = {}
        self._seen: dict[tuple[str, str], tuple[int, str]] = {}
        self._turned: dict[str, TurnedAway] = {}

    async def load(self, store: Store) -> None:
        """Take what the console keeps, and where the snippet was seen before this start."""
        for key, kept in (await store.read(_kept, list(self.config.sites))).items():
            self.keep(key, kept)
        for key, pages in (await store.read(_pages, list(self.config.sites))).items():
            for url, at in reversed(pages):
                origin = origin_of(url)
                if origin is not None and origin in self.now[key].origins:
                    self._seen[key, origin] = (at, url)
        self.hours_moved()

    def keep(self, key: str, kept: Mapping[str, Any]) -> bool:
        """This is what the console keeps of a site from now on. Returns whether that changes how it works."""
        section = self.config.sites.get(key)
        if section is None:
            return False
        site, problems = overlay_known(key, section, kept)
        for problem in problems:
            log.warning("a setting that was kept in the console is left out: %s", problem)
        changed = site != self.now[key]
        self.now[key] = site
        return changed

    def hours_moved(self) -> set[str]:
        """Sites that have opened or closed since the last call."""
        moment = dt.datetime.fromtimestamp(self._clock() / 1_000_000, dt.UTC)
        open_now = {key: site.open_at(moment) for key, site in self.now.items()}
        moved = {key for key, on in open_now.items() if self._open.get(key, on) != on}
        self._open = open_now
        return moved

    # --- where the snippet is

    def came(self, key: str, origin: str, url: str = "") -> None:
        """A page's hello was accepted. `url` is empty where, or while, the page may not be known."""
        self._seen[key, origin] = (self._clock(), url)

    def turned_away(self, origin: str | None, site: str = "") -> None:
        """A page of an origin that is not listed has asked for the widget."""
        if origin is None or origin_of(origin) != origin:  # no page of a browser: nothing an owner could list
            return
        known = self._turned.pop(origin, None)
        count = 1 + (known.count if known else 0)
        at = millis(self._clock())
        self._turned[origin] = TurnedAway(origin=origin, at=at, count=count, site=site[:40])
        while len(self._turned) > MOST_TURNED_AWAY:
            del self._turned[next(iter(self._turned))]

    def seen(self, key: str) -> list[SnippetSeen]:
        """Where the snippet was seen within the last day, the newest first."""
        since = self._clock() - DAY
        found = [
            SnippetSeen(origin=origin, at=millis(at), url=url)
            for (site, origin), (at, url) in self._seen.items()
            if site == key and at > since
        ]
        return sorted(found, key=lambda one: -one.at)[:MOST_SEEN]

    def all_turned_away(self) -> list[TurnedAway]:
        """Origins that were turned away within the last day, the newest first."""
        since = millis(self._clock() - DAY)
        return [one for one in reversed(self._turned.values()) if one.at > since]


def _kept(read: Read, sites: list[str]) -> dict[str, dict[str, Any]]:
    return {site: settings.values(read, site) for site in sites}


def _pages(read: Read, sites: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    return {site: read.all(SQL_SEEN, {"site": site, "since": read.now - DAY}) for site in sites}
