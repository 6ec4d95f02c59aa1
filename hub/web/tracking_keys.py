"""The keys that trackers use, and how much each may send.

Keys are found by their hash, so that looking one up takes the same time for a right and a wrong one. A key's allowance is counted in
events and may go into debt: a batch that has come is taken whole, and the next has to wait until it is paid.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

from hub.config import Config, Connection, SiteSection
from hub.contract import Secret
from hub.tracking import Trust
from hub.wire import Refusal

KIND = "tracking"
BURST = 10.0
"""Seconds' worth of events that may come at once."""
MOST_PENDING = 20_000
"""Events of one key that may wait to be written."""


class TrackingSettings(Protocol):
    """What the settings of a tracking connection must have; a plugin supplies them."""

    site: str
    write_key: str
    server_key: Secret | None
    events_per_second: int
    board: bool


class Key:
    """One key of one connection, and its allowance."""

    def __init__(
        self, connection: str, site: SiteSection, settings: TrackingSettings, trust: Trust, key: str
    ) -> None:
        self.connection, self.site_key, self.site, self.trust = connection, settings.site, site, trust
        self.text = key if trust == "public" else ""
        self.board = settings.board
        self.pending = 0
        self._rate = float(settings.events_per_second)
        self._left, self._at = self._rate * BURST, 0.0

    def admit(self, now: float) -> None:
        """Let a request in, or raise `Refusal` rate_limited with the seconds until it may come again."""
        if self.pending > MOST_PENDING:
            raise Refusal(
                "rate_limited", "more waits to be written than should; try again soon", retry_after=1.0
            )
        self._left = min(self._rate * BURST, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left <= 0:
            wait = 1.0 - self._left / self._rate
            raise Refusal(
                "rate_limited", f"more than {self._rate:.0f} events a second for this key", retry_after=wait
            )

    def charge(self, events: int) -> None:
        """So many events have come."""
        self._left -= events


class Keys:
    """Every key of every tracking connection. `troubles` says which connections cannot work, and why."""

    def __init__(self, config: Config) -> None:
        self._keys: dict[bytes, Key] = {}
        self.origins: set[str] = set()
        self.troubles: dict[str, str] = {}
        for connection in config.connections:
            if connection.kind == KIND and connection.enabled and connection.settings is not None:
                why = self._add(connection, config.sites)
                if why:
                    self.troubles[connection.name] = why

    def find(self, key: str) -> Key:
        """The key's connection and trust. Raises `Refusal` unknown_key."""
        found = self._keys.get(_digest(key)) if key else None
        if found is None:
            raise Refusal("unknown_key", "expected the write_key or server_key of a tracking connection")
        return found

    def sites(self) -> dict[str, SiteSection]:
        """Connection → its site, of those that work."""
        return {key.connection: key.site for key in self._keys.values()}

    def _add(self, connection: Connection, sites: Mapping[str, SiteSection]) -> str:
        settings: Any = connection.settings
        site = sites.get(settings.site)
        if site is None:
            return f"site: expected a key of [sites] ({', '.join(sites)}), got {settings.site!r}"
        secret = settings.server_key.reveal() if settings.server_key else ""
        offered: list[tuple[str, Trust]] = [(settings.write_key, "public")]
        offered += [(secret, "server")] if secret else []
        if secret == settings.write_key or any(_digest(key) in self._keys for key, _ in offered):
            return "write_key, server_key: expected keys of its own, got one that is used twice"
        for key, trust in offered:
            self._keys[_digest(key)] = Key(connection.name, site, settings, trust, key)
        self.origins.update(site.origins)
        return ""


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
