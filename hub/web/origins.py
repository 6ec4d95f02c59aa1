"""Where a request comes from, as the browser says, and where it may.

A page of another site can make a browser send requests with our cookies; it cannot choose their Origin. So everything unsafe needs
the hub's own origin, sockets of consoles too (a WebSocket handshake carries Origin and no Sec-Fetch-*), and pages with a widget
need an origin that the owner listed, compared exactly: no suffixes, no wildcards, no case folding.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from hub.config import SiteSection
from hub.web.sockets import Scope
from hub.wire import Refusal


def header(scope: Scope, name: bytes) -> str | None:
    """The only value of a header; None when it is absent or given more than once."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None


class Origins:
    """The hub's own origin and those of its sites."""

    def __init__(
        self,
        public_url: str,
        sites: Mapping[str, SiteSection],
        turned_away: Callable[[str | None, str], None] = lambda origin, site: None,
    ) -> None:
        """`turned_away` hears of origins that no site lists, and of those that the named site does not."""
        self._own, self._turned_away = public_url, turned_away
        self._sites = sites
        self._any = {origin: origin for site in sites.values() for origin in site.origins}

    def demand_own(self, scope: Scope) -> None:
        """The console's own page, or `Refusal` foreign_origin."""
        origin = header(scope, b"origin")
        fetch_site = header(scope, b"sec-fetch-site")
        if origin != self._own or fetch_site not in (None, "same-origin"):
            raise Refusal(
                "foreign_origin",
                f"this console is at {self._own} and the page at {_shown(origin)}; open it there, or correct hub.public_url in hub.toml",
            )

    def demand_some_site(self, scope: Scope) -> str:
        """A page of any of our sites: its origin, or `Refusal` foreign_origin."""
        origin = header(scope, b"origin")
        if origin is None or origin not in self._any:
            self._turned_away(origin, "")
            raise Refusal("foreign_origin", f"expected an origin listed under [sites], got {_shown(origin)}")
        return self._any[origin]  # ours and not the header's: sessions keep it, and there are many

    def demand_site(self, key: str, origin: str) -> SiteSection:
        """The site that this page says it belongs to. Refusals: unknown_site, foreign_origin."""
        site = self._sites.get(key)
        if site is None:
            raise Refusal(
                "unknown_site", f"no site {key[:64]!r}; the snippet's data-site must be a key of [sites]"
            )
        if origin not in site.origins:
            self._turned_away(origin, key)
            raise Refusal("foreign_origin", f"{_shown(origin)} is not among the origins of [sites.{key}]")
        return site

    def of_sites(self) -> Mapping[str, Sequence[str]]:
        """The origins of each site."""
        return {key: site.origins for key, site in self._sites.items()}

    def keys(self) -> Iterable[str]:
        """Keys of all sites."""
        return self._sites.keys()


def _shown(origin: str | None) -> str:
    return "none" if origin is None else repr(origin[:100])
