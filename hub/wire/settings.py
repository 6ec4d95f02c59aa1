"""What the console's settings read and write, over plain HTTP, for admins.

A site works by hub.toml over what the console keeps over the default. Every setting says which of the three it is.
"""

from typing import Any, Literal

from hub.wire.common import Count, Id, Part
from hub.wire.visitor import SiteLook

Source = Literal["file", "console", "default"]


class SiteSetting(Part):
    """One setting of a site. `line` is where it stands in the file; `at` and `by` when and by whom it was set in the console."""

    name: str
    value: Any
    source: Source
    default: Any = None
    locked: bool = False
    """The file decides it, or it is the file's alone."""
    line: int | None = None
    at: int | None = None
    by: str = ""
    shadowed: bool = False
    """The console keeps a value that the file overrules."""


class SettingsChange(Part):
    """Settings that were changed together."""

    id: Id
    at: int
    by: str
    settings: list[tuple[str, Any, Any]]
    """Name, value before, value after; null: not set here."""
    may_undo: bool = False


class SnippetSeen(Part):
    """Pages of an origin have loaded the widget within the last day; `url` is the newest, where it may be known."""

    origin: str
    at: int
    url: str = ""


class TurnedAway(Part):
    """Pages of an origin that no site lists have asked for the widget."""

    origin: str
    at: int
    count: Count
    site: str = ""
    """The site whose key they carry, where they got as far as to say it."""


class OpenNow(Part):
    """Whether a site is open, and until when that stays so; `until` is null when it does for a month."""

    open: bool
    until: int | None = None
    at: str = ""
    """The time on the site's own clock, as 2026-11-22T09:30."""


class SiteSettings(Part):
    """A site, and all that it works by."""

    key: str
    origins: list[str]
    settings: list[SiteSetting]
    look: SiteLook
    opening: OpenNow
    n: Count = 0
    """Number of the last change: what a change is based on."""
    seen: list[SnippetSeen] = []
    changes: list[SettingsChange] = []


class SettingsPage(Part):
    """`GET /api/settings`. Every write answers with it as well."""

    sites: list[SiteSettings]
    turned_away: list[TurnedAway] = []
    file: str = "hub.toml"
    folder: str = ""
    public_url: str = ""
    zones: list[str] = []
    languages: list[str] = []
    """Languages that the widget speaks."""


class KeepSettings(Part):
    """`POST /api/settings/sites/SITE`: values by name; null takes one back. `seen` is the site's `n`."""

    values: dict[str, Any]
    seen: Count


class UndoSettings(Part):
    """`POST /api/settings/sites/SITE/undo`."""

    change: Id


class DraftSettings(Part):
    """`POST /api/settings/sites/SITE/preview`: how the site would work; nothing is kept."""

    values: dict[str, Any]


class SitePreview(Part):
    """Its answer: how the site would work, or what is wrong with the draft, by place."""

    look: SiteLook | None = None
    opening: OpenNow | None = None
    problems: dict[str, str] = {}


class FileSetting(Part):
    """One setting of the configuration. A secret has no value, but says where it comes from."""

    path: str
    value: str
    source: Source
    line: int | None = None
    secret: bool = False


class FilePage(Part):
    """`GET /api/settings/file`: everything that hub.toml can say, with what counts."""

    file: str
    folder: str
    settings: list[FileSetting]


class ConnectionFacts(Part):
    """How a connection, or an endpoint of the owner's (`webhook:NAME`), works. Times are since the hub's start; `oldest` is when the first of those that wait was written."""

    name: str
    kind: str
    plugin: str
    version: str
    state: str
    since: int
    why: str = ""
    last_in: int | None = None
    last_out: int | None = None
    waiting: Count = 0
    oldest: int | None = None
    aside: Count = 0
    """Deliveries in quarantine, for somebody to look at."""
    runs: bool = False
    """Its plugin is at work, so that another try can be asked for; what its table says may keep it from that."""
    restarts: Count = 0
    line: int | None = None
    """Where its table stands in the file."""
    error: str = ""
    """The last error, which may be over."""
    error_at: int | None = None
    traceback: str = ""


class Undelivered(Part):
    """A delivery that waits for somebody to look: after a bug, after its last try, or because nobody knows whether it arrived."""

    item: Id
    """The id under which it leaves, in every attempt."""
    connection: str
    kind: str
    """message, question or webhook; incoming: it came in and could not be read."""
    attempts: Count
    made: int
    last: int
    """When it was put aside."""
    why: str
    raw: str = ""
    """What was to be sent, or what came."""
    first: int | None = None
    """When it was first tried."""
    conversation: Id | None = None


class UndeliveredPage(Part):
    """`GET /api/undelivered`, newest first, and the answer to a POST there. `count`: of all, also of those that are not shown."""

    items: list[Undelivered]
    count: Count = 0


class JudgeUndelivered(Part):
    """`POST /api/undelivered`: one more round of tries, or none; without `item` for all of a connection."""

    connection: str
    verdict: Literal["again", "give_up"]
    item: Id | None = None


class ConnectionsPage(Part):
    """`GET /api/connections`, and the answer to `POST /api/connections/NAME/again`, which has one try at once."""

    connections: list[ConnectionFacts]
    file: str = "hub.toml"
