"""How commands speak: results on stdout, refusals as sentences on stderr, exit codes 0, 1 and 2.

`refusals` stands around every command and is the one list of what may go wrong without being a bug.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from hub.registry import Health

ConfigFile = Annotated[
    Path, typer.Option("--config", "-c", metavar="FILE", help="The configuration.", show_default=True)
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say all that is known of what is wrong.")]
DEFAULT_CONFIG = Path("hub.toml")
BRIEF = 160
"""Characters of a reason where one line is enough."""

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class Refused(Exception):
    """The command cannot go on; the text says where, what was expected, what came, and what to do next."""


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what is expected to go wrong into a sentence and exit code 1."""
    from hub.config import ConfigError
    from hub.registry import StrictError
    from hub.store import StoreError
    from hub.web.pages import NotBuilt
    from hub.wire import Refusal

    try:
        yield
    except (Refused, ConfigError, StrictError, StoreError, NotBuilt, Refusal) as error:
        complain(str(error))
        raise typer.Exit(1) from None


def place_for(out: Path, *sources: Path) -> None:
    """Raise Refused where nothing can be written, or `sources` would be written over, before the work rather than after it."""
    if not out.parent.is_dir():
        raise Refused(f"{out}: there is no folder {out.parent} to write to.")
    if out.is_dir():
        raise Refused(f"{out} is a folder; expected the name of a file to write.")
    if out.exists() and any(out.samefile(source) for source in sources):
        raise Refused(f"{out} is the file to read; expected the name of another one to write.")


def told(health: "Health", *, verbose: bool) -> str:
    """Why a plugin is not well: one short line, or all that is known."""
    if not verbose:
        return health.why if len(health.why) <= BRIEF else health.why[:BRIEF] + "… (--verbose says all)"
    return f"{health.why}\n{health.traceback}".rstrip()


def complain(sentence: str) -> None:
    """A refusal, on stderr; never read as markup, never wrapped in the middle of a path."""
    err.print(sentence, style="red", markup=False, soft_wrap=True)


def say(sentence: str = "", style: str = "") -> None:
    """A line of result on stdout, as it is."""
    out.print(sentence, style=style, markup=False, soft_wrap=True)
