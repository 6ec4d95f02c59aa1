"""Installing a plugin as a stranger would: built from its own pyproject.toml into a folder on the import path."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.registry import Registry


@pytest.fixture(scope="session")
def install(tmp_path_factory) -> Callable[[Path], Path]:
    """`install(source)` → the folder it was installed into."""

    def run(source: Path) -> Path:
        target = tmp_path_factory.mktemp("site")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation"]
        command += ["--no-deps", "--disable-pip-version-check", "--target", str(target), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return target

    return run


@pytest.fixture
def registry_of() -> Iterator[Callable[[Path], Registry]]:
    """`registry_of(folder)` → a registry that sees only what is installed there."""
    before, modules = sys.path[:], set(sys.modules)

    def load(folder: Path) -> Registry:
        sys.path.insert(0, str(folder))
        registry = Registry(paths=[str(folder)])
        registry.load()
        return registry

    yield load
    sys.path[:] = before
    for name in set(sys.modules) - modules:
        if name.startswith("acme_"):
            del sys.modules[name]
