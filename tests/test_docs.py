"""Docs that cannot rot: whatever an owner, operator or plugin author can meet by name stands in a README.

The names are found by looking into the living code, so a new hook, setting, command or refusal fails here until
somebody has written the sentence about it.
"""

import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import typer.main

import hub
from hub.config import sections
from hub.contract import hooks
from hub.wire.refusal import REFUSALS

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ("When:", "How often:", "Arrives:", "Returns:", "Raises:", "Since:")


@cache
def readmes() -> str:
    """All READMEs that people are pointed to, as one text."""
    pages = [ROOT / "README.md", ROOT / "config" / "README.md"]
    pages += sorted([*(ROOT / "hub").rglob("README.md"), *(ROOT / "plugins").rglob("README.md")])
    return "\n".join(page.read_text() for page in pages if page.exists())


def quoted(name: str) -> bool:
    """True when a README has `name` as code: in backticks, or as a line of an indented or fenced block."""
    text = re.escape(name)
    return bool(
        re.search(rf"`[^`\n]*(?<![\w-]){text}(?![\w-])[^`\n]*`", readmes())
        or re.search(rf"^(?: {{4,}}|\t)?[^|#\n]*(?<![\w-]){text}(?![\w-]) *[=(\[\]]", readmes(), re.MULTILINE)
    )


def specs() -> dict[str, str]:
    """Name → docstring of each hook of the contract."""
    found = inspect.getmembers(hooks, lambda value: inspect.isfunction(value) and hasattr(value, "hub_spec"))
    return {name: inspect.getdoc(spec) or "" for name, spec in found}


def settings() -> Iterator[str]:
    """`section.field` for the hub's own sections and those of the bundled plugins."""
    for name, kind in inspect.getmembers(sections, inspect.isclass):
        if issubclass(kind, hub.Settings) and kind.__module__ == sections.__name__:
            yield from (f"{name}.{field}" for field in kind.model_fields)
    for point in entry_points(group="touchpoint_hub"):
        for _, kind in inspect.getmembers(point.load(), inspect.isclass):
            if issubclass(kind, hub.Settings) and kind.__module__.startswith(point.value):
                yield from (f"{kind.__name__}.{field}" for field in kind.model_fields)


def commands() -> Iterator[str]:
    from hub.cli import app

    group = typer.main.get_command(app)
    yield from walk(group, "hub")


def walk(command: object, path: str) -> Iterator[str]:
    below = getattr(command, "commands", None)
    if below is None:
        yield path
        return
    for name, child in below.items():
        if not child.hidden:
            yield from walk(child, f"{path} {name}")


def test_the_contract_has_hooks():
    assert specs()


@pytest.mark.parametrize("name", specs())
def test_every_hook_is_in_a_readme(name: str):
    assert quoted(name), f"write about {name} in plugins/README.md"


@pytest.mark.parametrize(("name", "text"), specs().items())
def test_every_hook_answers_the_six_questions(name: str, text: str):
    missing = [question for question in QUESTIONS if question not in text]
    assert not missing, f"{name}: its docstring does not answer {missing}"


def test_every_setting_is_in_a_readme():
    missing = [name for name in settings() if not quoted(name.rpartition(".")[2])]
    assert not missing, f"write about these settings in config/README.md, or in the plugin's own: {missing}"


def test_every_command_is_in_a_readme():
    missing = [name for name in commands() if name not in readmes()]
    assert not missing, f"write about these commands in README.md or hub/README.md: {missing}"


def test_every_refusal_is_in_a_readme():
    missing = [code for code in REFUSALS if f"`{code}`" not in readmes()]
    assert not missing, f"write about these codes in hub/wire/README.md: {missing}"


def test_the_table_of_refusals_gives_their_status():
    told = dict(
        re.findall(r"^\| `(\w+)` \| (\d{3}) \|", (ROOT / "hub/wire/README.md").read_text(), re.MULTILINE)
    )
    assert told == {code: str(status) for code, status in REFUSALS.items()}


def test_every_command_explains_itself():
    from hub.cli import app

    for name, child in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        assert child.help, f"hub {name} has no help text"


def links(page: Path) -> Iterator[Path]:
    text = page.read_text() if page.exists() else ""
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
        yield page.parent / target


def test_the_pictures_and_pages_that_readmes_point_to_exist():
    pages = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "hub/README.md", "plugins/README.md")
    broken = [f"{name} → {target}" for name in pages for target in links(ROOT / name) if not target.exists()]
    assert not broken, broken
