"""Settings at the door, for admins: what every site works by and why, changes with a way back, drafts, and the file.

Who may is asked before the handler runs, by the sitemap; every row of these routes is an admin's.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.actions import settings
from hub.config import CONSOLE, SiteSection, of_file, plain
from hub.store import Read
from hub.web import file_settings
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.web.pages import Pages
from hub.wire import Refusal, hex_id, millis
from hub.wire.settings import (
    DraftSettings,
    KeepSettings,
    OpenNow,
    SettingsPage,
    SitePreview,
    SiteSetting,
    SiteSettings,
    UndoSettings,
)

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "ar", "he", "ja", "zh")
"""Languages that the widget speaks; a test compares them with its texts."""
SHOWN = (*CONSOLE, "origins", "consent", "honour_gpc", "queue", "identity_keys")
_DEFAULTS = SiteSection()
_ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


def routes(route: Router, hall: Hall, files: Pages) -> list[Route]:
    """The settings, for the sitemap; `route` asks the policy first."""

    async def page(request: Request, asks: Asks) -> Response:
        return Json(await all_settings(hall))

    async def keep(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, KeepSettings)
        site = request.path_params["site"]
        await _write(hall, settings.keep, asks.actor.id, hall.sites.config, site, asked.values, asked.seen)
        return Json(await all_settings(hall))

    async def undo(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, UndoSettings)
        site = request.path_params["site"]
        await _write(hall, settings.undo, asks.actor.id, hall.sites.config, site, hex_id(asked.change))
        return Json(await all_settings(hall))

    async def preview(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, DraftSettings)
        return Json(await _preview(hall, request.path_params["site"], asked.values))

    async def stage(request: Request, asks: Asks) -> Response:
        return files.preview()

    async def file(request: Request, asks: Asks) -> Response:
        return Json(file_settings.page(hall.sites.config, hall.sites.now))

    return [
        route("GET", "/api/settings", page),
        route("GET", "/api/settings/file", file),
        route("GET", "/preview", stage),
        route("POST", "/api/settings/sites/{site}", keep),
        route("POST", "/api/settings/sites/{site}/undo", undo),
        route("POST", "/api/settings/sites/{site}/preview", preview),
    ]


async def _write(hall: Hall, action: Any, *args: Any) -> None:
    changed: settings.SiteChanged = await hall.store.write(action, *args)
    # The bus tells the hall as well, a moment later; the answer is to tell of the site as it works by then.
    hall.set_site(changed)


async def all_settings(hall: Hall) -> SettingsPage:
    """Everything that the settings show."""
    config = hall.sites.config
    return SettingsPage(
        sites=await hall.store.read(_sites, hall),
        turned_away=hall.sites.all_turned_away(),
        file=config.file,
        folder=str(config.folder),
        public_url=config.hub.public_url,
        zones=_ZONES,
        languages=list(LANGUAGES),
    )


def _sites(read: Read, hall: Hall) -> list[SiteSettings]:
    return [_site(read, hall, key, site) for key, site in hall.sites.now.items()]


def _site(read: Read, hall: Hall, key: str, site: SiteSection) -> SiteSettings:
    kept = settings.kept(read, key)
    return SiteSettings(
        key=key,
        origins=site.origins,
        settings=[_setting(hall, key, name, kept.get(name)) for name in SHOWN],
        look=hall.look_of(key, site),
        opening=opening_of(site, _moment(hall)),
        n=max((one.n for one in kept.values()), default=0),
        seen=hall.sites.seen(key),
        changes=settings.history(read, key),
    )


def _setting(hall: Hall, key: str, name: str, kept: settings.Kept | None) -> SiteSetting:
    config = hall.sites.config
    in_file = name in of_file(config.sites[key])
    own = kept is not None and not settings.is_unset(kept)
    return SiteSetting(
        name=name,
        value=plain(hall.sites.now[key], name),
        default=plain(_DEFAULTS, name),
        source="file" if in_file else "console" if own else "default",
        locked=in_file or name not in CONSOLE,
        line=config.lines.get(f"sites.{key}.{name}"),
        at=millis(kept.at) if kept and own and not in_file else None,
        by=kept.author if kept and own and not in_file else "",
        shadowed=in_file and own,
    )


async def _preview(hall: Hall, key: str, draft: dict[str, Any]) -> SitePreview:
    config = hall.sites.config
    if key not in config.sites:
        raise Refusal("not_found", f"no site {key[:64]!r}")
    kept: dict[str, Any] = {**(await hall.store.read(settings.values, key)), **draft}
    after = {name: value for name, value in kept.items() if value is not None}
    try:
        site = settings.checked(key, config.sites[key], after)
    except Refusal as error:
        return SitePreview(problems=error.fields)
    return SitePreview(look=hall.look_of(key, site), opening=opening_of(site, _moment(hall)))


def opening_of(site: SiteSection, moment: dt.datetime) -> OpenNow:
    """Whether a site is open at an aware moment, and until when that stays so."""
    change = site.next_change(moment)
    return OpenNow(
        open=site.open_at(moment),
        until=round(change.timestamp() * 1000) if change else None,
        at=moment.astimezone(ZoneInfo(site.zone)).isoformat(timespec="minutes")[:16],
    )


def _moment(hall: Hall) -> dt.datetime:
    return dt.datetime.fromtimestamp(hall.clock() / 1_000_000, dt.UTC)
