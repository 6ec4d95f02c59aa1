"""What every test may rely on, whatever it tests; each folder adds what only it needs.

`shared` gives the folder of captured payloads and public data sets that lies beside a checkout on the project's own
machines. It is no part of the distribution, so a test that asks for it is skipped anywhere else; `--shared=FOLDER`
names another place.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
