"""The hub is killed again and again while mail comes in: afterwards every mail is there, and once."""

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.mail.servers import PASSWORD, free_ports
from tests.plugins.hub_email.hubs import PLUGIN

ROOT = Path(__file__).resolve().parents[3]
MAILS = 300
SQL_DATA = "SELECT data FROM message WHERE author = 'visitor'"


def prepared(folder: Path, mailbox) -> Path:
    """A hub.toml for this mailbox; the plugin comes as a file where it is not installed."""
    installed = any(it.name == "email" for it in entry_points(group="touchpoint_hub"))
    (folder / "mail.key").write_text(PASSWORD)
    (folder / "email_here.py").write_text(PLUGIN)
    files = "" if installed else '[plugins]\nfiles = ["email_here.py"]\n'
    (folder / "hub.toml").write_text(
        f'[hub]\ndata = "data"\nport = {free_ports(1)[0]}\n{files}[sites.main]\nname = "Shop"\n'
        f'[channels.mail]\nkind = "email"\naddress = "{mailbox.user}"\npassword = "file:mail.key"\n'
        f'imap_host = "127.0.0.1"\nimap_port = {mailbox.server.imap}\nimap_security = "none"\n'
        f'smtp_port = {mailbox.server.submission}\nsmtp_security = "none"\nearlier_days = 2\npoll = 0.5\n'
    )
    return folder / "hub.toml"


class Serving:
    """`hub serve`, until it is killed."""

    def __init__(self, config: Path) -> None:
        command = [sys.executable, "-m", "hub.cli", "serve", "--config", str(config)]
        env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}"}
        with (config.parent / "hub.log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)

    def end(self, by: int = signal.SIGKILL) -> None:
        self._process.send_signal(by)
        self._process.wait(20)


def filed(folder: Path) -> list[str]:
    """The subjects of what the database has."""
    path = folder / "data" / "hub.db"
    if not path.exists():
        return []
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database,
    ):
        return [json.loads(data)["mail"]["subject"] for (data,) in database.execute(SQL_DATA)]
    return []


@pytest.mark.heavy
async def test_a_hub_that_is_killed_while_mail_comes_in_has_every_mail_once(tmp_path, mailbox):
    config, dice = prepared(tmp_path, mailbox), random.Random(11)
    mailbox.fill(*range(1, 51))
    sending = asyncio.get_running_loop().run_in_executor(None, lambda: mailbox.fill(*range(51, MAILS + 1)))
    for _ in range(6):
        before, hub = len(filed(tmp_path)), Serving(config)
        async with asyncio.timeout(60):  # it must have begun, or there is nothing to kill
            while len(filed(tmp_path)) <= before and len(filed(tmp_path)) < MAILS:
                await asyncio.sleep(0.005)
        await asyncio.sleep(dice.uniform(0, 0.1))
        hub.end()
    await sending
    hub = Serving(config)
    try:
        async with asyncio.timeout(60):
            while len(filed(tmp_path)) < MAILS:
                await asyncio.sleep(0.1)
    finally:
        hub.end(signal.SIGTERM)
    found = filed(tmp_path)
    assert sorted(found) == sorted(f"Mail {number}" for number in range(1, MAILS + 1))
