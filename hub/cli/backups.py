"""`hub backup` and `hub restore`: a whole copy of the data folder while the hub runs, and the way back."""

import time
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, refusals, say

Where = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="The folder that backups are kept in.", show_default=True)
]
Which = Annotated[
    Path,
    typer.Argument(
        metavar="BACKUP",
        help="A backup, as `hub backup` has named it, or the copy made before an upgrade (hub.db.before-…).",
    ),
]


def backup(where: Where = Path("backups"), config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Copy database, attachments and keys while the hub runs or not; checked before it counts."""
    with refusals():
        from hub.cli import loading
        from hub.store import backup as backups

        settings, _ = loading.load(config)
        taken = backups.take(settings.data, where / time.strftime("hub-%Y%m%d-%H%M%S"))
        say(f"{taken.folder}: {taken.messages} messages, {taken.bytes / 1e6:.1f} MB, read back whole.")
        say(
            f"It holds all that your customers wrote: keep it as you keep {settings.data}. hub.toml is not in it."
        )


def restore(which: Which, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Go back to a backup. The hub must be stopped; what is there now is put aside, not deleted."""
    with refusals():
        from hub.cli import loading
        from hub.store import backup as backups

        settings, _ = loading.load(config)
        aside = backups.restore(which, settings.data, stamp=time.strftime("%Y%m%d-%H%M%S"))
        say(f"{settings.data} is as it was in {which}. `hub serve` goes on from there.")
        if aside:
            say(f"What was there before is in {aside}; delete it when you no longer need it.")
