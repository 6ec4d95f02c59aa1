"""The command line called in this program, and as a program of its own."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.cli import app

PASSWORD = "correct horse battery staple"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch) -> Callable[..., Result]:
    """`hub("init", "--login", …, typed="…")` in an empty folder, as if `typed` were piped in. The log stays the test's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hub.cli.logs.begin", lambda level, *, json: None)

    def call(*arguments: str, typed: str = "") -> Result:
        result = CliRunner().invoke(app, list(arguments), input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def made(hub, tmp_path: Path) -> Path:
    """A folder that `hub init` has made, with the admin ana."""
    result = hub("init", "--login", "ana", "--name", "Ana Ruiz", "--password-stdin", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    return tmp_path


class Program:
    """A running `hub …`, its log so far, and the port it said."""

    def __init__(self, running: asyncio.subprocess.Process) -> None:
        self.running = running
        self.lines: list[str] = []

    async def says(self, pattern: str) -> re.Match[str]:
        """Read on until a line matches."""
        assert self.running.stderr is not None
        while line := (await self.running.stderr.readline()).decode():
            self.lines.append(line.rstrip())
            if match := re.search(pattern, line):
                return match
        raise AssertionError(f"it ended without saying {pattern!r}:\n" + "\n".join(self.lines))

    async def ended(self) -> int:
        """Its exit code; what it still says is kept."""
        _, rest = await self.running.communicate()
        self.lines += rest.decode().splitlines()
        assert self.running.returncode is not None
        return self.running.returncode


@asynccontextmanager
async def program(folder: Path, *arguments: str, **environ: str) -> AsyncIterator[Program]:
    """`hub` with these arguments in `folder`, ended with it."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub.cli", *arguments, cwd=folder, env={**os.environ, "COLUMNS": "200", **environ},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(25):
            yield Program(running)
    finally:
        if running.returncode is None:
            running.kill()
            await running.communicate()


@pytest.fixture
def run() -> Any:
    return program
