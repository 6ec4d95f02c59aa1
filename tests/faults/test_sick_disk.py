"""A disk that says it could not write: the sync of a commit fails in the real hub, once and again. Nobody is told "sent" for what no sync has
confirmed, reading goes on, and the hub goes on by itself.

What the kernel could not write it takes for written afterwards, so one more sync would succeed and prove nothing (PostgreSQL's lesson of
2018): the group is given up, and the log is begun anew.
"""

import pytest

from tests.faults.checker import check, lost, rows_of
from tests.faults.rig import HubProcess, World, living, until
from tests.faults.test_sync import may_trace

pytestmark = pytest.mark.skipif(not may_trace(), reason="no strace that may look: apt-get install strace")

# Counted for each thread: of the writer's syncs the tenth fails, and then every seventh up to the hundredth.
FAILING = (
    *("strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fdatasync,fsync"),
    *("-e", "inject=fdatasync,fsync:error=EIO:when=10..100+7"),
)


async def test_a_sync_that_fails_acknowledges_nothing_and_stops_nothing(tmp_path):
    hub = HubProcess(tmp_path, before=FAILING)
    await hub.start()
    world = World(hub, visitors=6, seed=21)
    async with living(world):
        await until(lambda: world.unavailable >= 5, "somebody to be told that nothing can be stored")
        assert hub.answers(), "reading goes on"
        told = world.acknowledged
        await until(lambda: world.acknowledged > told + 50, "the hub to go on by itself")
        await world.settle()
    await hub.kill()
    assert check(world.story, hub.database) == []


async def test_a_hub_that_takes_a_failed_sync_for_a_commit_is_found_out(tmp_path):
    hub = HubProcess(tmp_path, "acknowledge_what_failed", before=FAILING)
    await hub.start()
    world = World(hub, visitors=6, seed=22)
    found = lambda: lost(world.story, rows_of(hub.database))  # what was lost stays so
    async with living(world):
        await until(lambda: bool(found()), "something to be lost")
    await hub.kill()
    assert found()
