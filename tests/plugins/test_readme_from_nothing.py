"""The README's channel as a stranger makes it: an empty folder, a fresh environment, and the commands as printed."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = re.compile(r"^```(?:\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.heavy
def test_the_commands_work_in_an_empty_folder(tmp_path):
    readme = (ROOT / "plugins" / "README.md").read_text()
    for name, text in FILES.findall(readme):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (commands,) = COMMANDS.findall(readme)
    # The bundled browser code is the build's own matter and takes a while; the channel needs none of it.
    environment = {
        **os.environ,
        "HUB": str(ROOT),
        "HUB_SKIP_FRONTEND": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        ["bash", "-euc", commands], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout
