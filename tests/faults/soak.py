"""The long run: `make soak`, about an hour. Everything that the short tests show, in a number that leaves little to chance.

    python -m tests.faults.soak [--kills 500] [--acknowledged 100000] [--storm 5000] [--visitors 24] [--rounds 40] [--only PART …] [--keep FOLDER]

Parts: `kills` (kill -9 at random instants under load, until both numbers are reached), `storm` (all pages back after a kill), `bounds`
(comings and goings at one hub that lives on), `rascals` (plugins that misbehave while chats flow). A module `tests/faults/soak_NAME.py` with
`async def soak(folder, scale) -> list[Line]` is a part too; `scale` is 1.0 in a full run and less in a short one.
It prints a table at the end, and its exit code is 1 when there is a finding.
"""

import argparse
import asyncio
import importlib
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hub.cli.listening import raise_open_files
from tests.faults.bounds import Figures, within
from tests.faults.checker import check
from tests.faults.rig import HubProcess, World, living

HERE = Path(__file__).parent
FULL_KILLS = 500


class Line(NamedTuple):
    """A line of the table: what was looked at, what came out, and whether it is as promised."""

    what: str
    found: str
    good: bool


Part = Callable[[Path, argparse.Namespace], Awaitable[list[Line]]]


async def kills(folder: Path, asked: argparse.Namespace) -> list[Line]:
    """kill -9 under load; rules C1 to C9."""
    hub, samples, done, back = HubProcess(folder), list[Figures](), 0, list[float]()
    await hub.start()
    world = World(hub, asked.visitors, seed=int(time.time()))
    print(f"  seed {world.seed}", flush=True)
    async with living(world):
        while done < asked.kills or world.acknowledged < asked.acknowledged:
            await asyncio.sleep(world.rng.uniform(0.3, 2 * asked.life))
            samples.append(await hub.figures())
            await hub.kill()
            began = time.monotonic()
            await hub.start()
            back.append(time.monotonic() - began)
            done += 1
            if done % 10 == 0:
                print(f"  {done} kills, {world.acknowledged} acknowledged", flush=True)
        await asyncio.sleep(1)
        samples.append(await hub.figures())
        await world.settle()
    code = await hub.stop()
    back.sort()
    findings = await asyncio.to_thread(check, world.story, hub.database)
    bounds = within(samples, starts=done + 1)
    return [
        Line("kills at random instants", str(done), done >= asked.kills),
        Line("acknowledged messages", str(world.acknowledged), world.acknowledged >= asked.acknowledged),
        Line("answers again after a kill", f"median {back[len(back) // 2]:.1f} s, longest {back[-1]:.1f} s", back[-1] < 40),
        Line("rules C1 to C7, C9", _told(findings), not findings),
        Line("rule C8", _told(bounds), not bounds),
        *(Line(f"most {name}", str(max(it[name] for it in samples)), True) for name in ("pss_kib", "open_files", "tasks", "threads", "wal_bytes")),
        Line("the end", f"exit code {code}", code == 0),
    ]  # fmt: skip


async def storm(folder: Path, asked: argparse.Namespace) -> list[Line]:
    """Everybody comes back at once."""
    from tests.faults import test_storm

    times, same = await test_storm.storm(folder, asked.storm)
    at = times[int(len(times) * 0.99)]
    return [
        Line("pages back after a kill", f"{len(times)} of {asked.storm}", len(times) == asked.storm),
        Line("99 of 100 of them within", f"{at:.1f} s", at < test_storm.PROMISE),
        Line("each is who it was", "yes" if same else "no", same),
    ]


async def bounds(folder: Path, asked: argparse.Namespace) -> list[Line]:
    """Many comings and goings at one hub."""
    from tests.faults import test_bounds

    found = await test_bounds.findings(folder, rounds=asked.rounds)
    comings = test_bounds.PAGES * asked.rounds
    return [Line(f"rule C8 over {comings} comings and goings", _told(found), not found)]


async def rascals(folder: Path, asked: argparse.Namespace) -> list[Line]:
    """Plugins of every bad kind, while chats flow."""
    from tests.faults import test_rascals

    found = await test_rascals.findings(folder, test_rascals.EVERY, quiet=10, troubled=60)
    spun = await test_rascals.findings(_made(folder / "spun"), ("spins",), quiet=10, troubled=60, visitors=1)
    return [
        Line("chats beside misbehaving plugins", _told(found), not found),
        Line("chats beside a thread that spins", _told(spun), not spun),
    ]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def parts() -> dict[str, Part]:
    """Ours, and those of modules beside us."""
    found: dict[str, Part] = {it.__name__: it for it in (kills, storm, bounds, rascals)}
    for path in sorted(HERE.glob("soak_*.py")):
        module = importlib.import_module(f"tests.faults.{path.stem}")
        found[path.stem.removeprefix("soak_")] = _scaled(module.soak)
    return found


def _scaled(soak: Callable[[Path, float], Awaitable[list[Line]]]) -> Part:
    async def part(folder: Path, asked: argparse.Namespace) -> list[Line]:
        return await soak(folder, min(1.0, asked.kills / FULL_KILLS))

    return part


def _of(error: BaseException) -> str:
    """What is at the bottom of it, and the end of what it says."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {' '.join(str(error).split())[-300:]}"


def _told(findings: list[str]) -> str:
    return "no finding" if not findings else f"{len(findings)} findings: " + " | ".join(findings[:3])


async def run(asked: argparse.Namespace, folder: Path) -> bool:
    """Every part, one after the other; one that breaks is a finding and stops no other."""
    table: list[tuple[str, Line]] = []
    for name, part in parts().items():
        if asked.only and name not in asked.only:
            continue
        print(f"— {name}", flush=True)
        place, began = folder / name, time.monotonic()
        place.mkdir()
        try:
            lines = await part(place, asked)
        except Exception as error:  # a part that breaks has found something
            lines = [Line("it broke", _of(error), False)]
        table += [(name, line) for line in lines]
        table.append((name, Line("took", f"{time.monotonic() - began:.0f} s", True)))
    _print(table)
    return all(line.good for _, line in table)


def _print(table: list[tuple[str, Line]]) -> None:
    width = max(len(line.what) for _, line in table)
    print(f"\n{'part':10} {'what':{width}}      found")
    for name, line in table:
        print(f"{name:10} {line.what:{width}}  {'ok' if line.good else '!!'}  {line.found}")


def main() -> None:
    words = argparse.ArgumentParser(description="The long run of the fault tests.")
    words.add_argument("--kills", type=int, default=FULL_KILLS)
    words.add_argument("--acknowledged", type=int, default=100_000)
    words.add_argument("--storm", type=int, default=5_000, help="pages that come back at once")
    words.add_argument("--visitors", type=int, default=24)
    words.add_argument("--life", type=float, default=2.0, help="seconds between two kills, on average")
    words.add_argument("--rounds", type=int, default=40, help="comings and goings of 25 pages")
    words.add_argument("--only", nargs="*", default=[], help="parts to run")
    words.add_argument("--keep", type=Path, help="an empty folder in which everything is left")
    asked = words.parse_args()
    raise_open_files()
    with TemporaryDirectory() as scratch:
        good = asyncio.run(run(asked, asked.keep or Path(scratch)))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
