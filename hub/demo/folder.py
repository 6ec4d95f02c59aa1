"""The demo's data folder: made on the first run, kept on the next, so that yesterday's visitors return.

    hub.toml  shop.key  password  visitors.json  data/

Only these are ever removed, and only from a folder that the demo made, whatever folder it was pointed at.
"""

import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from hub.demo.personas import Memory

MARK = "# Made by `hub demo`"
WORDS = [
    "amber",
    "anvil",
    "birch",
    "brick",
    "chalk",
    "clay",
    "cobalt",
    "copper",
    "ember",
    "fern",
    "flint",
    "frost",
    "harbour",
    "hazel",
    "kiln",
    "lamp",
    "linen",
    "maple",
    "moss",
    "oak",
    "ochre",
    "olive",
    "paper",
    "pearl",
    "pebble",
    "pine",
    "quartz",
    "raven",
    "reed",
    "river",
    "salt",
    "slate",
    "spruce",
    "stone",
    "straw",
    "thyme",
    "willow",
    "wren",
]

CONFIG = """{mark}: the demo's configuration, written again at each start.
[hub]
data = "data"
public_url = "{hub}"
log_level = "warning"

[sites.demo-shop]
name = "Blue Vase"
origins = ["{shop}"]
region = "DE"
identity_keys = ["file:shop.key"]

[channels.text]
"""


LOOK = {
    "accent": "#2a4a96",
    "greeting": "Hello, one of us is near the wheel. What would you like to know?",
}
"""Settings of the shop that are kept in the console, where they can be played with; what stands in the file is locked there."""


class NotOurs(Exception):
    """The folder holds something the demo did not make."""


class Folder:
    """One demo's folder. Raises NotOurs when it holds anything else, OSError when it cannot be written."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self.path = path
        self._claim()
        if fresh:
            self._clear()
        self.key = self._secret("shop.key", secrets.token_urlsafe(36))
        self.password = self._secret("password", _password())

    def configure(self, hub_url: str, shop_url: str) -> Path:
        """Write hub.toml for these addresses; returns its path."""
        path = self.path / "hub.toml"
        path.write_text(CONFIG.format(mark=MARK, hub=hub_url, shop=shop_url), encoding="utf-8")
        return path

    def visitors(self) -> dict[str, Memory]:
        """What simulated people remember, by the key of their persona."""
        try:
            return msgspec.json.decode((self.path / "visitors.json").read_bytes(), type=dict[str, Memory])
        except (FileNotFoundError, msgspec.MsgspecError):
            return {}

    def keep_visitors(self, memories: Mapping[str, Memory]) -> None:
        """Write it down for the next run; where that fails (a full disk), the next run begins with strangers."""
        made = self.path / "visitors.json.new"
        with suppress(OSError):
            made.write_bytes(msgspec.json.encode(memories))
            made.replace(self.path / "visitors.json")

    def _claim(self) -> None:
        config = self.path / "hub.toml"
        ours = config.is_file() and config.read_text(encoding="utf-8", errors="replace").startswith(MARK)
        if not ours and self.path.exists() and any(self.path.iterdir()):
            raise NotOurs(
                f"{self.path}: expected a folder that the demo made, or an empty one; choose another with --data"
            )
        self.path.mkdir(parents=True, exist_ok=True)
        if not ours:
            config.write_text(f"{MARK}\n", encoding="utf-8")

    def _clear(self) -> None:
        for name in ("shop.key", "password", "visitors.json"):
            (self.path / name).unlink(missing_ok=True)
        shutil.rmtree(self.path / "data", ignore_errors=True)

    def _secret(self, name: str, fresh: str) -> str:
        path = self.path / name
        if path.exists():
            return path.read_text(encoding="utf-8").strip()
        with open(path, "w", encoding="utf-8", opener=_private) as file:
            file.write(fresh + "\n")
        return fresh


def _password() -> str:
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), str(secrets.randbelow(9000) + 1000)])


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
