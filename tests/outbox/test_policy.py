"""When to try again: ten tries over 75 hours at random instants of their slots; or quickly, until it expires."""

import hypothesis.strategies as st
from hypothesis import given

from hub.outbox import SCHEDULE, TRIES, next_try
from hub.outbox.policy import LAST_CHANCE

SECOND = 1_000_000
HOUR = 3600 * SECOND


def tries(chance, took=0):
    """The instants of all tries, in microseconds after the first; each takes `took`."""
    now, found = 0, [0]
    while (now := next_try(attempt=len(found), first_at=0, now=now + took, chance=chance)) is not None:
        found.append(now)
    return found


@given(st.floats(0, 1), st.integers(0, 30 * SECOND))
def test_there_are_ten_tries_and_the_last_one_is_after_75_hours(share, took):
    found = tries(lambda low, high: low + (high - low) * share, took)
    assert len(found) == TRIES == 10
    assert found == sorted(found)
    assert 75 * HOUR < found[-1] < 77 * HOUR


def test_each_try_is_anywhere_in_its_own_slot():
    early, late = tries(lambda low, high: low), tries(lambda low, high: high)
    for n in range(1, TRIES - 1):
        begins, ends = sum(SCHEDULE[: n - 1]) * SECOND, sum(SCHEDULE[:n]) * SECOND
        assert begins <= early[n] <= begins + (ends - begins) * 0.75
        assert late[n] == ends


def test_a_hub_that_was_down_for_days_does_not_use_up_its_tries_at_once():
    now = 100 * HOUR
    at = next_try(attempt=5, first_at=0, now=now, chance=lambda low, high: low)
    assert at - now >= SCHEDULE[4] * SECOND / 4


@given(
    st.integers(1, 40),
    st.integers(1, 3600 * SECOND),
    st.floats(0, 1),
    st.one_of(st.none(), st.floats(0, 7200)),
)
def test_what_expires_is_tried_in_time_or_not_at_all(attempt, left, share, retry_after):
    at = next_try(
        attempt=attempt,
        first_at=0,
        now=0,
        expires_at=left,
        retry_after=retry_after,
        chance=lambda low, high: low + (high - low) * share,
    )
    if at is None:
        assert left <= (LAST_CHANCE + max(retry_after or 0, 0)) * SECOND + 1
    else:
        assert (retry_after or 0) * SECOND - 1 <= at <= left - LAST_CHANCE * SECOND
