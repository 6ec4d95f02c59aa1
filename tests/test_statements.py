"""Every SQL constant of the hub and the plugins is prepared against the migrated schema.

A module-level name that starts with `SQL_` is one statement, or a mapping or sequence of statements. A column renamed
in a table and forgotten in a query is found here, not by the first customer.
"""

import importlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from hub.store import Tx, scratch_tx

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [(ROOT, file) for file in (ROOT / "hub").rglob("*.py")] + [
    (ROOT / "plugins", file) for file in (ROOT / "plugins").glob("hub_*/**/*.py")
]


def modules() -> list[str]:
    """Names of the modules with statements; the others are not imported, for some do things when imported."""
    found = [
        file.relative_to(base).with_suffix("")
        for base, file in SOURCES
        if re.search(r"^SQL_", file.read_text(), re.MULTILINE)
    ]
    return sorted(".".join(path.parts).removesuffix(".__init__") for path in found)


def statements(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from statements(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from statements(part)


def parameters(sql: str) -> Mapping[str, None] | list[None]:
    """Enough NULLs for the statement's parameters, named or not."""
    bare = re.sub(r"'(?:[^']|'')*'", "''", sql)
    names = re.findall(r":([A-Za-z_]\w*)", bare)
    return dict.fromkeys(names) if names else [None] * bare.count("?")


def failures(tx: Tx, module: str) -> Iterator[str]:
    for name, value in vars(importlib.import_module(module)).items():
        if name.startswith("SQL_"):
            for sql in statements(value):
                try:
                    tx.all(f"EXPLAIN {sql}", parameters(sql))
                except sqlite3.Error as error:
                    yield f"{module}.{name}: {error}\n    {sql}"


@pytest.mark.parametrize("module", modules())
def test_every_statement_fits_the_schema(module):
    with scratch_tx() as tx:
        assert list(failures(tx, module)) == []


def test_a_statement_that_does_not_fit_is_found():
    with scratch_tx() as tx, pytest.raises(sqlite3.OperationalError, match="no such column"):
        tx.all("EXPLAIN SELECT colour FROM topic WHERE name = ?", parameters("… = ?"))


def test_parameters_are_counted_outside_of_text():
    assert parameters("SELECT ':no', '?' WHERE a = :yes AND b = :yes") == {"yes": None}
    assert parameters("SELECT '?' WHERE a = ? AND b = ?") == [None, None]
