"""What is erased or taken back counts no more, and leaves nothing behind; pages of a timeline join."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import identity
from hub.contract import Claim, Level, Touchpoint
from hub.identity import oracle
from hub.store import scratch_tx
from tests.identity.histories import LAWS, RULES, STEP, TOUCHES, History, live, put, touchpoints


@given(TOUCHES, RULES, st.lists(STEP, max_size=12), st.integers(0, 9))
@LAWS
def test_what_is_erased_leaves_no_trace_in_anything_derived(drawn, rules, steps, which):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        secret = drawn[which % len(drawn)]
        drawn[which % len(drawn)] = (
            secret[0],
            [*secret[1][:2], ("email", "secret@else.org", Level.ASSERTED)],
            "Zoe Secret",
        )
        history = History(tx, drawn, rules)
        history.all_touches()
        for step in steps:
            history.take(step)
        touch = history.side(which)
        identity.erase(tx, [touch], "Kim")
        assert live(tx) == oracle.customers(tx)
        for (table,) in tx.all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ):
            for row in tx.all(f"SELECT * FROM {table}"):
                assert not any("secret" in str(value).casefold() for value in row), table
        again = put(tx, history.touchpoints[which % len(drawn)])
        assert again.customer == live(tx)[touch]
        assert live(tx) == oracle.customers(tx)


UNSAY = st.tuples(st.just("unsay"), st.integers(0, 9))


@given(TOUCHES, RULES, st.lists(st.one_of(STEP, UNSAY), min_size=1, max_size=14))
@LAWS
def test_what_is_taken_back_counts_no_more_whatever_happens_around_it(drawn, rules, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        for step in steps:
            if step[0] != "unsay":
                history.take(step)
            elif history.side(step[1]) in live(tx):
                touch = history.side(step[1])
                identity.unsay(tx, touch)
                claims = (
                    "SELECT count(*) FROM claim c JOIN touchpoint t ON t.evidence = c.evidence WHERE t.id = ?"
                )
                assert tx.one(claims, (touch,)) == (0,)
            assert live(tx) == oracle.customers(tx)


@pytest.mark.parametrize("seed", range(3))
def test_pages_of_a_timeline_join_without_gap_or_overlap(seed):
    with scratch_tx() as tx:
        for n in range(25):
            at = touchpoints([((n * (seed + 3)) % 11, [], None)])[0].occurred_at
            claims = (
                Claim(kind="device", value="d1", level=Level.OBSERVED),
                Claim(kind="session", value=f"s{n % 4}", level=Level.OBSERVED),
            )
            put(tx, Touchpoint(channel="web", kind="visit", key=f"k{n}", occurred_at=at, claims=claims))
        (customer,) = set(live(tx).values())
        found, before = [], None
        while page := identity.touches(tx, customer, before, 7):
            found += [touch.id for touch in page]
            before = found[-1]
        assert found == sorted(found, reverse=True)
        assert tuple(sorted(found)) == identity.members(tx, customer)
        assert len(found) == 25
