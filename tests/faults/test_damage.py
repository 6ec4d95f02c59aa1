"""Files that were damaged while no hub ran, before the real program: it refuses in one sentence that says what to do, and `hub restore` is
the one command that brings everything back.
"""

import asyncio
import os
import shutil
import subprocess
import sys

import pytest

from hub.store import backup
from tests.faults.checker import lost, rows_of, state
from tests.faults.rig import ROOT, HubProcess, World, living, until
from tests.faults.story import Story

PAGE = 4096


@pytest.fixture(scope="module")
def died(tmp_path_factory):
    """(folder, copy, world, acknowledged before the copy): a hub that was killed under load, and the backup taken while it lived."""
    folder, copies = tmp_path_factory.mktemp("died"), tmp_path_factory.mktemp("copies")

    async def live():
        hub = HubProcess(folder)
        await hub.start()
        world = World(hub, visitors=6, seed=41)
        async with living(world):
            await until(lambda: world.acknowledged > 120, "some messages")
            before = list(world.story.told)
            taken = await asyncio.to_thread(backup.take, folder, copies / "hub-1")
            after = world.acknowledged
            await until(lambda: world.acknowledged > after + 60, "some more")
            await hub.kill()
        return taken, before

    taken, before = asyncio.run(live())
    return folder, taken.folder, before


class Shop:
    """A folder with hub.toml and the data of the hub that died."""

    def __init__(self, folder, died):
        self.folder, self.data = folder, folder / "data"
        # Not the door for commands of the hub that was killed: a socket cannot be copied.
        shutil.copytree(died, self.data, ignore=shutil.ignore_patterns("*.sock"))
        (folder / "hub.toml").write_text(
            '[hub]\ndata = "data"\npublic_url = "http://localhost:8000"\n'
            '[sites.shop]\nname = "Shop"\norigins = ["https://shop.example"]\n'
        )

    def hub(self, *arguments, seconds=30):
        """(exit code or None when it went on, what it said)"""
        environ = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", "COLUMNS": "4000"}
        command = [sys.executable, "-m", "hub.cli", *arguments]
        running = subprocess.Popen(
            command, cwd=self.folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        with running:
            said = ""
            for line in running.stdout:
                said += line
                if "serving http" in line:
                    running.terminate()
                    running.communicate(timeout=seconds)
                    return None, said
        return running.returncode, said


@pytest.fixture
def shop(died, tmp_path):
    return Shop(tmp_path / "shop", died[0])


def flip(path, place):
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 0xFF]))


def page(share):
    """One byte in the head of a page near this share of the file: the next one that the log does not hold anew, which would mend it."""

    def harm(data):
        path, log = data / "hub.db", (data / "hub.db-wal").read_bytes()
        pages = path.stat().st_size // PAGE
        anew = {int.from_bytes(log[at : at + 4], "big") for at in range(32, len(log) - PAGE, 24 + PAGE)}
        old = [number for number in range(2, pages + 1) if number not in anew]
        assert old, "the log holds every page"
        flip(path, (min(old, key=lambda number: abs(number - pages * share)) - 1) * PAGE)

    return harm


def zeros(data):
    (data / "hub.db").write_bytes(bytes((data / "hub.db").stat().st_size))


def cut(name, share):
    return lambda data: os.truncate(data / name, int((data / name).stat().st_size * share))


HARM = {"a page in the middle": page(0.5), "a cut log": cut("hub.db-wal", 0.5)}
MORE = {
    "a file of zeros": zeros,
    "a cut file": cut("hub.db", 0.6),
    "a byte of the log": lambda data: flip(data / "hub.db-wal", (data / "hub.db-wal").stat().st_size // 3),
    "no log": lambda data: (data / "hub.db-wal").unlink(),
}
MORE |= {f"a page at {n * 5} %": page(n / 20) for n in range(1, 20)}
MORE |= {f"a cut log at {n * 10} %": cut("hub.db-wal", n / 10) for n in range(1, 9)}


def refuses(shop):
    code, said = shop.hub("serve", "--port", "0")
    assert code == 1, said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1, said
    assert "`hub restore` does it" in said


@pytest.mark.parametrize("harm", HARM)
def test_damage_is_a_refusal_that_says_what_to_do(shop, harm):
    HARM[harm](shop.data)
    refuses(shop)


@pytest.mark.heavy
@pytest.mark.parametrize("harm", MORE)
def test_more_damage_is_a_refusal_too(shop, harm):
    MORE[harm](shop.data)
    refuses(shop)


def test_one_command_brings_back_all_that_was_acknowledged_before_the_backup(shop, died, tmp_path):
    _, copy, before = died
    zeros(shop.data)
    code, said = shop.hub("restore", str(copy))
    assert code == 0, said
    code, said = shop.hub("serve", "--port", "0")
    assert code is None, said
    assert "Traceback" not in said

    held = Story(told=before, visitors={it.sender for it in before if it.sender.startswith("visitor")})
    assert lost(held, rows_of(shop.data / "hub.db")) == []
    assert state(shop.data / "hub.db") == []
