"""What every test may rely on, whatever it tests; each folder adds what only it needs.

`shared` gives the folder of captured payloads and public data sets that lies beside a checkout on the project's own
machines. It is no part of the distribution, so a test that asks for it is skipped anywhere else; `--shared=FOLDER`
names another place.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.mail.servers import Dovecot, Postfix
    from tests.mail.world import World

# The same examples in every run that must pass; new ones are looked for where there is time for what they find (`make soak`).
settings.register_profile("the same each time", derandomize=True)
if "HUB_EXAMPLES" not in os.environ:
    settings.load_profile("the same each time")

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--shared",
        type=Path,
        default=ROOT.parent / "shared",
        help="folder of captured payloads and data sets; tests that need it are skipped where it is missing",
    )


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Path:
    """The shared folder, read only; skips the test where there is none."""
    folder: Path = request.config.getoption("--shared")
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; name its folder with --shared=FOLDER")
    return folder


@pytest.fixture(scope="module")
def world() -> "Iterator[World]":
    """The rest of the world, as far as mail goes: `tests.mail.world.World`. One for each file of tests, as the servers below."""
    from tests.mail.world import World

    made = World()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def dovecot(world: "World") -> "Iterator[Dovecot]":
    """A real mail server (`tests.mail.servers.Dovecot`): every user has a mailbox, and what they send goes to the `world`."""
    from tests.mail.servers import Dovecot, missing_dovecot

    if why := missing_dovecot():
        pytest.skip(why)
    made = Dovecot(relay=world.port)
    made.start()
    yield made
    made.remove()


@pytest.fixture(scope="module")
def postfix(world: "World", dovecot: "Dovecot") -> "Iterator[Postfix]":
    """A real relay: what is for hub.test goes into Dovecot, everything else to the `world`."""
    from tests.mail.servers import Postfix, missing_postfix

    if why := missing_postfix():
        pytest.skip(why)
    made = Postfix(lmtp=dovecot.lmtp, world=world.port)
    made.start()
    yield made
    made.remove()
