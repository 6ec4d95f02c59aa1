"""Where plugins come from: installed distributions (entry-point group `touchpoint_hub`) and single .py files.

Bundled plugins come through the same door. They are looked at first, then the others by name, then the files in the
order hub.toml lists them; of two that supply the same kind the later one is at fault.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType

import msgspec

from hub.registry.alone import PluginFailure

GROUP = "touchpoint_hub"
OUR_DISTRIBUTION = "touchpoint-hub"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that exists but is not imported yet. `source` says where it lives, for people."""

    name: str
    source: str
    version: str
    load: Callable[[], object]


def installed(paths: Sequence[str] | None = None) -> list[Found]:
    """Every entry point of our group, on `paths` or else on the import path; bundled ones first."""
    found: dict[tuple[bool, str, str], Found] = {}
    for distribution in distributions() if paths is None else distributions(path=list(paths)):
        ours = distribution.name == OUR_DISTRIBUTION
        for point in distribution.entry_points.select(group=GROUP):
            source = f"{distribution.name} {distribution.version}"
            # The first on the path is the one that would be imported; later copies are shadowed.
            found.setdefault(
                (not ours, point.name, distribution.name),
                Found(name=point.name, source=source, version=distribution.version, load=point.load),
            )
    return [found[key] for key in sorted(found)]


def in_file(path: Path) -> Found:
    """A plugin that is one .py file; its name is the file's."""

    def load() -> ModuleType:
        if not path.is_file():
            raise PluginFailure(f"the file {path} does not exist; see plugins.files in hub.toml")
        name = f"touchpoint_hub_file_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise PluginFailure(f"{path} is not a Python file; see plugins.files in hub.toml")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # pydantic looks up annotations there
        spec.loader.exec_module(module)
        return module

    return Found(name=path.stem, source=str(path), version="", load=load)
