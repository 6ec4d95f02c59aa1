"""Everything that hub.toml can say, with what counts, and where it stands: one row for each setting.

Secrets have no value here. What is shown of one is the reference that stands in the file, which is no secret; anything else in its
place may be one that was put there by mistake, and is not shown.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from hub.config import Config, Connection, SiteSection
from hub.config.problems import join, secret_at
from hub.wire.settings import FilePage, FileSetting, Source


def page(file: Config, now: Mapping[str, SiteSection]) -> FilePage:
    """All rows. `file` is the configuration as the file has it, `now` the sites as they work."""
    rows = [*_section(file, file.hub, "hub")]
    for key, site in file.sites.items():
        rows += _section(file, now[key], "sites", key, file_says=site)
    for connection in file.connections:
        rows += _connection(file, connection)
    for name, webhook in file.webhooks.items():
        rows += _section(file, webhook, "webhooks", name)
    rows += _section(file, file.plugins, "plugins")
    return FilePage(file=file.file, folder=str(file.folder), settings=rows)


def _section(
    file: Config, section: BaseModel, *path: str, file_says: BaseModel | None = None
) -> Iterator[FileSetting]:
    for name in type(section).model_fields:
        place = join(*path, name)
        source: Source = "default"
        if name in (file_says or section).model_fields_set:
            source = "file"
        elif file_says is not None and getattr(section, name) != getattr(file_says, name):
            source = "console"
        if secret_at(type(section), name):
            yield _secret(file, source, *path, name)
        else:
            value = section.model_dump(mode="json", include={name})[name]
            yield FileSetting(path=place, value=_shown(value), source=source, line=file.lines.get(place))


def _connection(file: Config, connection: Connection) -> Iterator[FileSetting]:
    path = ("channels", connection.name)
    known: dict[str, Any] = {"kind": connection.kind, "enabled": connection.enabled}
    for name, value in known.items():
        place = join(*path, name)
        line = file.lines.get(place)
        yield FileSetting(
            path=place, value=_shown(value), source="file" if line else "default", line=line or None
        )
    if connection.settings is not None:
        yield from _section(file, connection.settings, *path)
        return
    # What could not be read may hold anything, so only the names are shown.
    for name in _written(file, *path) or {}:
        if name not in known:
            place = join(*path, name)
            yield FileSetting(path=place, value="…", source="file", line=file.lines.get(place))


def _secret(file: Config, source: Source, *path: str) -> FileSetting:
    place = join(*path)
    written = _written(file, *path)
    references = written if isinstance(written, list) else [written] if written is not None else []
    told = ", ".join(one if _is_reference(one) else "…" for one in references)
    return FileSetting(path=place, value=told, source=source, line=file.lines.get(place), secret=True)


def _is_reference(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("env:", "file:")) and len(value) <= 200


def _written(file: Config, *path: str) -> Any:
    here: Any = file.written
    for part in path:
        here = here.get(part) if isinstance(here, dict) else None
    return here


def _shown(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
