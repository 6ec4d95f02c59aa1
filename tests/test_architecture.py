"""The habits a machine can check: who may import whom, sizes, docstrings, names, what lies where.

A failure prints the worst offenders and what to do about them. A list of exceptions stands at the top, each with its
reason; an exception that is no longer needed fails as well, so that the lists only shrink.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PLUGINS = sorted(path.name for path in (ROOT / "plugins").glob("hub_*") if path.is_dir())

MOST_LINES = 400
LONG_FILES = {
    "hub/wire/console.py": "the whole vocabulary of console sockets; a list is read in one piece or not at all",
    "hub/wire/visitor.py": "the same for pages",
    "tests/test_access.py": "the one reviewed table of who may do what, and the walk that holds everything to it",
    "widget/console/design/components.css": "every primitive of the design system; looked up by name, not read through",
    "widget/console/views/conversation.css": "one view, one sheet",
    "widget/console/views/visitors.css": "one view, one sheet",
}
GENERATED = ("widget/wire/", "hub/migrations/versions/")
LONG_FUNCTION = 50
MOST_LONG_FUNCTIONS = 0.02

TOP_LEVEL = {
    ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "SECURITY.md",
    "config", "constraints.txt", "hatch_build.py", "hub", "plugins", "pyproject.toml", "tests", "widget",
}  # fmt: skip

FORBIDDEN_WORDS = {
    "handle", "handles", "handler", "handlers", "process", "processor", "manage", "manager", "do", "util", "utils",
    "helper", "helpers", "service", "services", "impl", "misc",
}  # fmt: skip
FORBIDDEN_NAMES_ALLOWED: dict[str, str] = {}
"""`path:name` → why somebody else chose that name."""

HOSTS = ("py" + "pi.org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "deb.debian" + ".org")
MACHINE_PATHS = re.compile(r"(?<![\w.-])/(?:work|root)/|/tmp/" + r"hub\b|/home/\w")


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository; a test run from an unpacked archive has none to ask and skips."""
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        pytest.skip("not a git checkout")
    return tuple(name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file())


def sources(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[str]:
    return [name for name in tracked() if name.startswith(folders) and name.endswith(suffixes)]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


# --- who may import whom


def test_imports_keep_to_the_contracts():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_part_of_the_hub_has_its_place_in_the_layers():
    contract = PROJECT["tool"]["importlinter"]["contracts"][0]
    placed = {word.strip("() ") for layer in contract["layers"] for word in re.split(r"[|:]", layer)}
    parts = {Path(name).parts[1].removesuffix(".py") for name in sources("hub/")} - {"__init__"}
    unplaced = parts - placed - set(contract.get("exhaustive_ignores", []))
    assert not unplaced, f"add to the layers in pyproject.toml: {sorted(unplaced)}"


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_bundled_plugin_is_packed_announced_and_fenced(plugin: str):
    contracts = {contract["name"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}
    hatch = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert f"plugins/{plugin}" in hatch
    assert plugin in PROJECT["project"]["entry-points"]["touchpoint_hub"].values()
    assert plugin in PROJECT["tool"]["importlinter"]["root_packages"]
    assert plugin in contracts["Plugins reach the hub by its front door only"]["source_modules"]
    assert plugin in contracts["The hub knows no plugin"]["forbidden_modules"]
    assert plugin in contracts["Plugins ignore each other"]["modules"]


# --- sizes


def lengths() -> dict[str, int]:
    code = sources("hub/", "plugins/", "widget/", "tests/", suffixes=(".py", ".ts", ".tsx", ".mjs", ".css"))
    ours = [name for name in code if not name.startswith(GENERATED)]
    return {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in ours}


def test_no_file_is_long_without_a_reason():
    over = {name: lines for name, lines in lengths().items() if lines > MOST_LINES and name not in LONG_FILES}
    worst = "\n".join(
        f"  {lines:5} {name}" for name, lines in sorted(over.items(), key=lambda pair: -pair[1])
    )
    assert not over, (
        f"over {MOST_LINES} lines; split by what changes together, or give a reason above:\n{worst}"
    )


def test_no_reason_for_a_long_file_outlives_it():
    found = lengths()
    stale = [name for name in LONG_FILES if found.get(name, 0) <= MOST_LINES]
    assert not stale, f"no longer long, remove from LONG_FILES: {stale}"


def functions() -> Iterator[tuple[str, int]]:
    written = [
        name for name in sources("hub/", "plugins/") if not name.startswith("hub/migrations/versions/")
    ]
    for name in written:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{name}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def test_functions_fit_in_a_glance():
    found = dict(functions())
    long = {where: lines for where, lines in found.items() if lines > LONG_FUNCTION}
    worst = "\n".join(
        f"  {lines:5} {where}" for where, lines in sorted(long.items(), key=lambda pair: -pair[1])
    )
    share = len(long) / max(len(found), 1)
    assert share <= MOST_LONG_FUNCTIONS, f"{share:.1%} of functions are over {LONG_FUNCTION} lines:\n{worst}"


# --- words


def test_every_module_says_what_it_is():
    silent = [
        name for name in sources("hub/", "plugins/", "tests/", "widget/", "hatch_build") if not says(name)
    ]
    assert not silent, f"open with a docstring, what it is and why it is this way: {silent}"


def says(name: str) -> bool:
    module = tree(name)
    return not module.body or bool((ast.get_docstring(module) or "").strip())


def test_every_browser_module_opens_with_a_comment():
    code = sources("widget/", suffixes=(".ts", ".tsx", ".mjs", ".css"))
    silent = [name for name in code if not (ROOT / name).read_text().lstrip().startswith(("//", "/*"))]
    assert not silent, f"open with a comment, what it is and why it is this way: {silent}"


def words(name: str) -> set[str]:
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


def definitions() -> Iterator[str]:
    for name in sources("hub/", "plugins/"):
        yield f"{name}:{Path(name).stem}"
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield f"{name}:{node.name}"


def test_names_say_what_is_meant():
    vague = [where for where in definitions() if words(where.rpartition(":")[2]) & FORBIDDEN_WORDS]
    vague = [where for where in vague if where not in FORBIDDEN_NAMES_ALLOWED]
    assert not vague, "handle, process, manage, do, util, helper, service say nothing:\n  " + "\n  ".join(
        vague
    )


# --- what lies where


def test_the_top_level_holds_what_the_design_names_and_nothing_else():
    found = {Path(name).parts[0] for name in tracked()}
    assert found <= TOP_LEVEL, f"does not belong at the top: {sorted(found - TOP_LEVEL)}"


def texts() -> Iterator[tuple[str, str]]:
    for name in tracked():
        raw = (ROOT / name).read_bytes()
        if b"\0" not in raw:
            yield name, raw.decode("utf-8")


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine():
    found = [
        name for name, text in texts() if any(host in text for host in HOSTS) or MACHINE_PATHS.search(text)
    ]
    assert not found, f"registry hosts or machine paths in: {found}"


def test_the_lock_file_names_no_addresses():
    text = (ROOT / "widget" / "package-lock.json").read_text()
    assert '"resolved"' not in text, "run npm inside widget/, whose .npmrc leaves addresses out"
    assert '"integrity"' in text


def test_built_files_are_not_tracked():
    built = [name for name in tracked() if name.startswith(("hub/web/static/", "widget/node_modules/"))]
    assert not built, f"git rm --cached: {built}"
