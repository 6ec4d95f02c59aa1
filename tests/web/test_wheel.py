"""The wheel of liveness: whoever gives a sign of life stays, whoever gives none is asked once and then let go, in bounded time."""

import asyncio
import gc

from hypothesis import given
from hypothesis import strategies as st

from hub.web.sockets import RESTARTING, TRY_LATER
from hub.web.wheel import ANSWER, BEAT, GREETING, LOOK, Wheel

MOST = LOOK + LOOK + ANSWER + 1
"""Ticks from the last sign to the end; one more, for a sign comes between two."""


class Socket:
    """`answers`: whether a ping is answered."""

    def __init__(self, *, answers=False):
        self.answers, self.moved, self.asked, self.closed = answers, False, 0, None

    def stirred(self):
        moved, self.moved = self.moved, False
        return moved

    def ask(self):
        self.asked += 1
        self.moved = self.answers

    def give_up(self, code):
        self.closed = self.closed or (code, "given up")

    def close(self, code):
        self.closed = self.closed or (code, "told")


class Session:
    def __init__(self, nobody_since=None, **socket):
        self.socket, self.nobody_since, self.spoke = Socket(**socket), nobody_since, None


class Time:
    now = 0.0

    def __call__(self):
        return self.now


def turns(wheel, count):
    for _ in range(count):
        wheel._clock.now += wheel.tick
        wheel.turn()


def test_the_promise_of_45_seconds_is_kept_with_a_beat_of_15():
    assert BEAT == 15
    assert MOST * Wheel(Time()).tick <= 45


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(0, LOOK))
def test_from_the_last_sign_to_the_end_is_a_bounded_time_and_nobody_is_cut_before(waits, age):
    wheel, quiet = Wheel(Time()), Session()
    turns(wheel, age)
    wheel.add(quiet)
    for wait in waits:
        turns(wheel, wait)
        if quiet.socket.closed:
            return
        quiet.socket.moved = True
    ticks = 0
    while not quiet.socket.closed:
        turns(wheel, 1)
        ticks += 1
        assert ticks <= MOST
    assert quiet.socket.closed == (RESTARTING, "given up")
    assert quiet.socket.asked >= 1
    assert ticks > ANSWER


def test_who_beats_is_never_asked_and_who_only_answers_stays():
    wheel, beats, throttled = Wheel(Time()), Session(), Session(answers=True)
    wheel.add(beats)
    wheel.add(throttled)
    for _ in range(100):
        beats.socket.moved = True
        turns(wheel, 15)
    assert (beats.socket.asked, beats.socket.closed, throttled.socket.closed) == (0, None, None)
    assert throttled.socket.asked > 10


def test_who_stays_nobody_is_told_to_come_later():
    wheel = Wheel(Time())
    nobody, greeted = Session(nobody_since=0.0, answers=True), Session(answers=True)
    wheel.add(nobody)
    wheel.add(greeted)
    turns(wheel, GREETING)
    assert nobody.socket.closed == (TRY_LATER, "told")
    assert greeted.socket.closed is None


def test_one_who_ends_leaves_nothing_behind_and_one_stands_in_one_place():
    wheel = Wheel(Time())
    all_of_them = [Session(answers=n % 2 == 0) for n in range(100)]
    for n, one in enumerate(all_of_them):
        wheel.add(one)
        turns(wheel, n % 3)
    assert sorted(map(id, wheel)) == sorted(map(id, all_of_them))
    for one in all_of_them:
        wheel.remove(one)
        wheel.remove(one)
    assert list(wheel) == []
    gc.collect()
    assert not [it for it in gc.get_referrers(all_of_them[0]) if isinstance(it, set)]


async def test_a_look_that_fails_does_not_stop_the_wheel(caplog):
    wheel, broken, quiet = Wheel(Time(), beat=0.0015), Session(), Session()
    broken.socket.ask = None
    wheel.add(broken)
    wheel.add(quiet)
    wheel.start()
    async with asyncio.timeout(10):
        while quiet.socket.closed is None:
            await asyncio.sleep(0.001)
    wheel.stop()
    assert "liveness" in caplog.text
