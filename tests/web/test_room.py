"""New sockets are turned away before the last file is used up; open ones go on."""

import pytest

from hub.web.room import Room, reserve
from hub.wire import Refusal


class Machine:
    """So many files, and a clock."""

    def __init__(self, limit=256, used=20):
        self.limit, self.used, self.now = limit, used, 0.0
        self.room = Room(lambda: self.now, limit=lambda: self.limit, count=lambda: self.used)

    def come(self):
        self.room.demand()
        self.used += 1


def test_so_many_come_in_and_a_reserve_is_kept():
    machine = Machine()
    with pytest.raises(Refusal) as refused:
        for _ in range(300):
            machine.come()
    assert refused.value.code == "unavailable"
    assert refused.value.retry_after
    assert machine.used == 256 - reserve(256)


def test_who_goes_makes_room():
    machine = Machine(used=256 - reserve(256))
    with pytest.raises(Refusal):
        machine.come()
    machine.used -= 2
    machine.come()
    machine.come()
    with pytest.raises(Refusal):
        machine.come()


def test_other_files_are_noticed_within_a_second():
    machine = Machine(limit=4096)
    machine.come()
    machine.used = 4000
    machine.now += 1.1
    with pytest.raises(Refusal):
        machine.come()
