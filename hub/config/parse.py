"""hub.toml → Config: one pass over everything, every mistake kept with its path.

What plugins may be configured with is handed in as settings types by kind, because the configuration stands below
the registry. A mistake in the hub's own sections is fatal. A mistake in one connection's table makes that
connection unhealthy and nothing else, so that the upgrade of one plugin cannot take the chat down; `strict` (as in
`hub check`) makes it fatal too.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel, ValidationError

from hub.config.places import places
from hub.config.problems import ConfigError, Problem, from_pydantic, join, nearest, shown
from hub.config.sections import HubSection, IdentitySection, PluginsSection, SiteSection
from hub.config.webhooks import WebhookSection
from hub.contract import Settings

SECTIONS = ("hub", "sites", "channels", "webhooks", "plugins", "identity")
RESERVED = ("kind", "enabled")
"""Keys of a connection's table that are the hub's; the plugin's settings cannot use these names."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_M = TypeVar("_M", bound=BaseModel)


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """One `[channels.NAME]` table. `settings` is None when `problems` says why."""

    name: str
    kind: str
    enabled: bool = True
    settings: Settings | None = None
    problems: tuple[Problem, ...] = ()


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """All of hub.toml, checked."""

    hub: HubSection
    sites: Mapping[str, SiteSection]
    plugins: PluginsSection
    identity: IdentitySection
    connections: tuple[Connection, ...]
    folder: Path
    webhooks: Mapping[str, WebhookSection] = {}
    file: str = "hub.toml"
    """What the file is called."""
    written: Mapping[str, Any] = {}
    """The file as it was read, before it was checked: secrets are references here, unless somebody made a mistake."""
    lines: Mapping[str, int] = {}
    """Dotted path → line of what stands in the file."""

    @property
    def data(self) -> Path:
        """The data folder; a relative path counts from hub.toml's own folder."""
        return self.folder / Path(self.hub.data).expanduser()


def parse(
    text: str,
    settings_types: Mapping[str, type[Settings]],
    *,
    folder: Path = Path(),
    environ: Mapping[str, str] = os.environ,
    strict: bool = False,
    file: str = "hub.toml",
    mailers: Collection[str] | None = None,
) -> Config:
    """Check the whole text. Raises ConfigError with every problem, those of connections included.

    `mailers`: the kinds of channels that send e-mail, where the caller knows them.
    """
    raw = _toml(text)
    reader = _Reader(folder, environ)
    reader.top(raw)
    hub = reader.section(raw.get("hub", {}), HubSection, "hub")
    plugins = reader.section(raw.get("plugins", {}), PluginsSection, "plugins")
    identity = reader.section(raw.get("identity", {}), IdentitySection, "identity")
    sites = {
        key: reader.section(table, SiteSection, "sites", key) for key, table in reader.tables(raw, "sites")
    }
    connections = tuple(
        reader.connection(name, table, settings_types) for name, table in reader.tables(raw, "channels")
    )
    named = {key: site.mail for key, site in sites.items() if site and site.mail}
    reader.mail_of(named, connections, mailers, places(text))
    webhooks = {
        name: reader.section(table, WebhookSection, "webhooks", name)
        for name, table in reader.tables(raw, "webhooks")
    }
    of_connections = [problem for connection in connections for problem in connection.problems]
    if reader.problems or (strict and of_connections):
        raise ConfigError([*reader.problems, *of_connections])
    assert hub is not None
    assert plugins is not None
    assert identity is not None
    whole = {key: site for key, site in sites.items() if site is not None}
    return Config(
        hub=hub,
        sites=whole,
        plugins=plugins,
        identity=identity,
        connections=connections,
        webhooks={name: webhook for name, webhook in webhooks.items() if webhook is not None},
        folder=folder,
        file=file,
        written=raw,
        lines=places(text),
    )


def wanted_plugins(text: str) -> PluginsSection:
    """Only `[plugins]`, for the registry, which loads before the rest can be checked.

    Mistakes are left for `parse` to report; until then the section counts as empty.
    """
    try:
        return PluginsSection.model_validate(tomllib.loads(text).get("plugins", {}))
    except (ValueError, AttributeError, RecursionError):  # pydantic's and tomllib's errors are ValueErrors
        return PluginsSection()


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = Problem(
            path="", expected="TOML", came=str(error), hint="Nothing else could be checked yet."
        )
    except RecursionError:
        problem = Problem(path="", expected="TOML", came="brackets nested too deeply to read")
    raise ConfigError([problem])


class _Reader:
    """Collects problems while the parts of the file are read one by one."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self._context = {"folder": folder, "environ": environ}

    def top(self, raw: Mapping[str, Any]) -> None:
        for key in raw:
            if key not in SECTIONS:
                self.problems.append(
                    Problem(
                        path=key, expected="a known section", came=f"“{key}”", hint=nearest(key, SECTIONS)
                    )
                )

    def tables(self, raw: Mapping[str, Any], section: str) -> list[tuple[str, Any]]:
        """The (name, table) pairs of a section of named tables; wrong names are problems, and are left out."""
        tables = raw.get(section, {})
        if not isinstance(tables, dict):
            self.problems.append(
                Problem(path=section, expected=f"tables [{section}.NAME]", came=shown(tables))
            )
            return []
        for name in [name for name in tables if not _NAME.fullmatch(name)]:
            self.problems.append(
                Problem(
                    path=join(section, name),
                    expected="a name of at most 40 lower-case letters, digits, - and _",
                    came=f"“{name}”",
                )
            )
        return [(name, table) for name, table in tables.items() if _NAME.fullmatch(name)]

    def section(self, table: Any, model: type[_M], *path: str) -> _M | None:
        found, problems = self._validated(table, model, *path)
        self.problems += problems
        return found

    def connection(self, name: str, table: Any, types: Mapping[str, type[Settings]]) -> Connection:
        path = ("channels", name)
        if not isinstance(table, dict):
            problem = Problem(path=join(*path), expected="a table", came=shown(table))
            return Connection(name=name, kind=name, problems=(problem,))
        kind, enabled = table.get("kind", name), table.get("enabled", True)
        problems = []
        if not isinstance(kind, str):
            problems.append(Problem(path=join(*path, "kind"), expected="text in quotes", came=shown(kind)))
        elif kind not in types:
            hint = (
                f"{nearest(kind, types)} If its plugin is installed, `hub plugins` says why it did not load."
            )
            expected = "the kind of a channel that some plugin supplies"
            problems.append(Problem(path=join(*path, "kind"), expected=expected, came=f"“{kind}”", hint=hint))
        if not isinstance(enabled, bool):
            problems.append(
                Problem(path=join(*path, "enabled"), expected="true or false", came=shown(enabled))
            )
        settings = None
        if isinstance(kind, str) and kind in types:
            rest = {key: value for key, value in table.items() if key not in RESERVED}
            settings, more = self._validated(rest, types[kind], *path)
            problems += more
        return Connection(
            name=name,
            kind=str(kind),
            enabled=enabled is True,
            settings=None if problems else settings,
            problems=tuple(problems),
        )

    def mail_of(
        self,
        named: Mapping[str, str],
        connections: Sequence[Connection],
        mailers: Collection[str] | None,
        lines: Mapping[str, int],
    ) -> None:
        """Which connection's mail each site's answers leave by: one that there is, and that sends mail."""
        # Whether one whose plugin has not loaded sends mail is not known; that it is unwell is said of itself.
        fit = {it.name: mailers is None or it.settings is None or it.kind in mailers for it in connections}
        for key, name in named.items():
            if fit.get(name):
                continue
            path = join("sites", key, "mail")
            came = f"“{name}”" + (", which sends no e-mail" if name in fit else "")
            came += f" (line {lines[path]})" if path in lines else ""
            usable = [one for one, fits in fit.items() if fits]
            expected = "the name of a connection that sends e-mail, as in [channels.NAME]"
            hint = nearest(name, usable) if usable else "There is none; config/email.toml has an example."
            self.problems.append(Problem(path=path, expected=expected, came=came, hint=hint))

    def _validated(self, table: Any, model: type[_M], *path: str) -> tuple[_M | None, list[Problem]]:
        return checked(table, model, *path, context=self._context)


def checked(
    table: Any, model: type[_M], *path: str, context: Mapping[str, Any] | None = None
) -> tuple[_M | None, list[Problem]]:
    """A table as its model, or every problem with it, under its path.

    pydantic's JSON mode is the one that fits TOML: strict on types, yet a list may fill a tuple, text a date.
    """
    try:
        document = json.dumps(table, default=str)
        return model.model_validate_json(document, context=dict(context or {})), []
    except ValidationError as error:
        return None, from_pydantic(error, model, *path)
