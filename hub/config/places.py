"""Where in hub.toml a setting stands: dotted paths and their lines, for whoever is told that the file decides.

tomllib tells no positions. So the text is cut into its statements: a line, or as many as are needed until they can be read.
"""

import tomllib
from collections.abc import Iterator
from typing import Any

_LONGEST = 500
"""Lines of one statement; a longer one is left without its place."""


def places(text: str) -> dict[str, int]:
    """Dotted path → line, from 1, of every table and setting of a text that is TOML."""
    found: dict[str, int] = {}
    table: tuple[str, ...] = ()
    for line, statement in _statements(text):
        if statement.lstrip().startswith("["):
            table = _header(statement)
            found.setdefault(".".join(table), line)
        else:
            for path in _paths(tomllib.loads(statement)):
                found.setdefault(".".join((*table, *path)), line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        size = 1
        if lines[at].strip() and not lines[at].lstrip().startswith("#"):
            size = _size(lines[at : at + _LONGEST])
            if size:
                yield at + 1, "\n".join(lines[at : at + size])
        at += size or 1


def _size(lines: list[str]) -> int:
    """How many of these lines the statement at their beginning has; 0 when it cannot be told."""
    for size in range(1, len(lines) + 1):
        try:
            tomllib.loads("\n".join(lines[:size]))
        except tomllib.TOMLDecodeError:
            continue
        return size
    return 0


def _header(statement: str) -> tuple[str, ...]:
    path, here = [], tomllib.loads(statement)
    while here:
        name = next(iter(here))
        path.append(name)
        inner: Any = here[name]
        here = inner[0] if isinstance(inner, list) else inner
    return tuple(path)


def _paths(table: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        yield (name,)
        if isinstance(value, dict):
            for rest in _paths(value):
                yield (name, *rest)
