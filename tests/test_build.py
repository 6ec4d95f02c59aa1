"""Set-up on a machine that lacks something: what is missing is named together with its cure."""

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import hatch_build

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "hub" / "web" / "static"


def program(folder: Path, name: str, script: str) -> Path:
    """An executable shell script, as a stand-in for a program on PATH."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty PATH, as a folder to put programs into."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("HUB_NODE", "HUB_SKIP_FRONTEND", "HUB_NPM_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def hook() -> hatch_build.FrontendHook:
    return hatch_build.FrontendHook(str(ROOT), {}, None, None, str(ROOT / "dist"), "wheel")


def test_a_machine_with_node_needs_no_packaged_one(path: Path):
    program(path, "node", "echo v22.1.0")
    program(path, "npm", "")
    assert hook().dependencies() == []
    assert hatch_build.system_node() == (str(path / "node"), [str(path / "npm")])


@pytest.mark.parametrize("version", ["v18.19.0", "", "nonsense"])
def test_an_old_node_is_passed_over(path: Path, version: str):
    program(path, "node", f"echo {version}")
    program(path, "npm", "")
    assert hook().dependencies() == [hatch_build.NODE_WHEEL]


def test_a_machine_without_node_asks_for_the_packaged_one(path: Path):
    assert hook().dependencies() == [hatch_build.NODE_WHEEL]


def test_the_packaged_node_can_be_preferred(path: Path, monkeypatch: pytest.MonkeyPatch):
    program(path, "node", "echo v22.1.0")
    program(path, "npm", "")
    monkeypatch.setenv("HUB_NODE", "wheel")
    assert hook().dependencies() == [hatch_build.NODE_WHEEL]


def test_a_build_without_browser_code_needs_no_node(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUB_SKIP_FRONTEND", "1")
    assert hook().dependencies() == []
    hook().initialize("editable", {"force_include": {}})


def test_no_node_at_all_is_named_with_its_cures(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"no Node 20(?s:.*)install Node 20(?s:.*)HUB_SKIP_FRONTEND=1"):
        hatch_build.packaged_node()


def test_a_failing_bundle_names_the_command(path: Path, tmp_path: Path):
    node = program(path, "node", 'if [ "$1" = --version ]; then echo v22.1.0; else exit 3; fi')
    program(path, "npm", "")
    (tmp_path / "package-lock.json").touch()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / ".package-lock.json").touch()
    assert node.exists()
    with pytest.raises(SystemExit, match=r"`node build\.mjs` in .* ended with 3"):
        hatch_build.bundle(tmp_path)


def test_packages_are_installed_again_when_the_lock_has_changed(tmp_path: Path):
    lock = tmp_path / "package-lock.json"
    lock.touch()
    assert hatch_build.stale(tmp_path)
    installed = tmp_path / "node_modules" / ".package-lock.json"
    installed.parent.mkdir()
    installed.touch()
    assert not hatch_build.stale(tmp_path)
    later = installed.stat().st_mtime + 10
    os.utime(lock, (later, later))
    assert hatch_build.stale(tmp_path)


def test_the_manifest_names_files_that_are_there():
    if not (STATIC / "manifest.json").exists():
        pytest.skip("the browser code is not bundled here: run `make install`")
    manifest = json.loads((STATIC / "manifest.json").read_text())
    assert set(manifest) >= {"widget.js", "visitor.js", "panel.js", "console.js", "console.css"}
    assert [name for name in manifest.values() if not (STATIC / name).is_file()] == []


@pytest.mark.parametrize(
    ("python", "named"),
    [
        ("no-such-python", "Missing: Python 3.11 or later. On Debian: apt-get install python3 python3-venv"),
        ("old", "Missing: Python 3.11 or later; "),
        ("without-venv", "Missing: Python's venv. On Debian: apt-get install python3-venv"),
    ],
)
def test_make_names_what_python_lacks(tmp_path: Path, python: str, named: str):
    if shutil.which("make") is None:
        pytest.skip("there is no make here")
    program(tmp_path, "old", 'case "$*" in --version) echo Python 3.9.2;; *) exit 1;; esac')
    program(tmp_path, "without-venv", 'case "$*" in *ensurepip*) exit 1;; *) exit 0;; esac')
    chosen = tmp_path / python
    venv = tmp_path / "venv"
    command = ["make", f"PYTHON={chosen if chosen.exists() else python}", f"VENV={venv}", f"{venv}/.made"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert named in answer.stdout
    assert not venv.exists()
