"""The hub's own time goes on evenly, whatever becomes of the wall's."""

import pytest

from hub.clock import Steady, on_the_wall

SECOND = 1_000_000
HOUR, DAY = 3600 * SECOND, 86400 * SECOND
START = 1_800_000_000 * SECOND


class Machine:
    """A wall that may be set, and seconds that pass."""

    def __init__(self):
        self.wall, self.up = START, 5 * SECOND

    def passes(self, micros, *, frozen=False):
        self.up += micros
        self.wall += 0 if frozen else micros


@pytest.fixture
def machine():
    return Machine()


def steady(machine, young=0.0):
    return Steady(lambda: machine.wall, lambda: machine.up, young)


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 2 * DAY, -2 * DAY])
def test_a_jump_of_the_wall_is_none_of_the_hub(machine, jump):
    clock = steady(machine)
    before = clock()
    machine.wall += jump
    assert clock() == before
    for _ in range(60):
        machine.passes(SECOND)
        now = clock()
        assert 0.94 * SECOND <= now - before <= 1.06 * SECOND
        before = now


def test_time_passes_though_the_wall_is_frozen(machine):
    clock = steady(machine)
    before = clock()
    for _ in range(100):
        machine.passes(SECOND, frozen=True)
        clock()
    assert 94 * SECOND < clock() - before <= 100 * SECOND


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_an_hour_is_made_up_within_a_day(machine, jump):
    clock = steady(machine)
    machine.wall += jump
    assert clock.astray() == jump
    for _ in range(21 * 60):
        machine.passes(60 * SECOND)
        clock()
    assert clock() == machine.wall
    assert clock.astray() == 0


def test_it_never_goes_back_however_often_it_is_asked(machine):
    clock = steady(machine)
    machine.wall -= DAY
    seen = []
    for step in range(2000):
        machine.passes(step % 40)
        seen.append(clock())
    assert seen == sorted(seen)


def test_a_wall_that_is_put_right_after_the_start_is_believed(machine):
    clock = steady(machine, young=300)
    machine.passes(30 * SECOND)
    machine.wall += 2 * DAY
    assert clock() == machine.wall
    machine.passes(300 * SECOND)
    machine.wall += 2 * DAY
    assert machine.wall - clock() > DAY


def test_others_tokens_are_checked_by_the_wall(machine):
    clock = steady(machine)
    machine.wall += HOUR
    assert on_the_wall(clock) == START + HOUR
    assert on_the_wall(lambda: 7) == 7


def test_without_a_jump_it_is_the_wall(machine):
    clock = steady(machine)
    for _ in range(100):
        machine.passes(37 * SECOND)
        assert clock() == machine.wall
