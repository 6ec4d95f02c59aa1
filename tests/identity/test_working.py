"""Records too large to settle at once: kept as they were, worked out step by step, and then exactly what the rule says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import identity
from hub.contract import Identifier
from hub.identity import oracle, settling, working
from hub.store import scratch_tx
from tests.identity.histories import LAWS, RULES, STEP, TOUCHES, History, live


@pytest.fixture
def small(monkeypatch):
    """Three nodes are many, and a step moves two."""
    monkeypatch.setattr(settling, "INLINE", 3)
    monkeypatch.setattr(settling, "REWRITTEN", 3)
    monkeypatch.setattr(working, "SLICE", 2)


def work_out_everything(tx):
    while labels := identity.pending(tx):
        plan = identity.plan(tx, labels[0])
        for n in range(len(plan.steps)):
            assert identity.carry_out(tx, plan, n) is not None


@given(
    drawn=TOUCHES,
    rules=RULES,
    steps=st.lists(STEP, min_size=1, max_size=14),
    when=st.sets(st.integers(0, 13)),
)
@LAWS
def test_what_is_worked_out_later_is_what_would_have_been_settled_at_once(small, drawn, rules, steps, when):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        for n, step in enumerate(steps):
            history.take(step)
            everybody_is_somewhere(tx)
            if n in when:
                work_out_everything(tx)
                assert live(tx) == oracle.customers(tx)
        work_out_everything(tx)
        assert live(tx) == oracle.customers(tx)


def everybody_is_somewhere(tx):
    now = live(tx)
    assert None not in now.values()
    assert set(now.values()) <= set(now)


def kiosk(shop, visits=12):
    """Two who log in, and visits that nobody named."""
    shop.report("device:k", "session:a", "user_id!Ann", at=1)
    return [shop.report("device:k", f"session:{n}", at=10 + n) for n in range(visits)]


def test_a_large_record_is_shown_as_being_worked_out_and_then_is_not(shop, small):
    touches = kiosk(shop)
    assert len(set(shop.who(*touches))) == 1
    shop.report("device:k", "session:b", "user_id!Bob", at=100)
    customer = identity.resolve(shop.tx, touches[0])
    assert identity.is_being_worked_out(shop.tx, customer)
    assert len(set(shop.who(*touches))) == 1
    work_out_everything(shop.tx)
    assert len(set(shop.who(*touches))) == len(touches)
    assert not identity.is_being_worked_out(shop.tx, customer)


def test_a_plan_is_void_when_somebody_comes_in_between(shop, small):
    kiosk(shop)
    shop.report("device:k", "session:b", "user_id!Bob", at=100)
    plan = identity.plan(shop.tx, identity.pending(shop.tx)[0])
    assert identity.carry_out(shop.tx, plan, 0) is not None
    shop.report("device:k", "session:c", "user_id!Bob", at=101)
    assert identity.carry_out(shop.tx, plan, 1) is None
    work_out_everything(shop.tx)
    assert live(shop.tx) == oracle.customers(shop.tx)


def test_each_step_tells_what_it_made_true(shop, small):
    kiosk(shop)
    shop.report("device:k", "session:b", "user_id!Bob", at=100)
    plan = identity.plan(shop.tx, identity.pending(shop.tx)[0])
    for n in range(len(plan.steps)):
        for event in identity.carry_out(shop.tx, plan, n):
            now = set(live(shop.tx).values())
            assert event.customer in now
            assert event.other is None or event.kind != "split" or event.other in now


def test_a_decision_about_a_large_record_says_that_it_takes_a_moment(shop, small):
    touches = kiosk(shop)
    decided = shop.decide("never", touches[3], touches[4])
    assert decided.pending
    work_out_everything(shop.tx)
    assert len(set(shop.who(touches[3], touches[4]))) == 2
    assert not shop.decide("block", Identifier(kind="device", value="elsewhere")).pending


def test_two_large_records_that_become_one_are_brought_together_later(shop, small):
    ours = [shop.report("device:k", "email:a@shop.org", f"session:{n}") for n in range(10)]
    theirs = [shop.report("device:l", "email:b@shop.org", f"session:{n + 50}") for n in range(8)]
    work_out_everything(shop.tx)
    both = shop.report("email:a@shop.org", "email:b@shop.org", "user_id!Ann")
    assert len(identity.pending(shop.tx)) == 2
    assert set(shop.who(*ours)) | set(shop.who(*theirs)) == {1}
    assert identity.resolve(shop.tx, ours[0]) != identity.resolve(shop.tx, theirs[0])
    work_out_everything(shop.tx)
    assert set(shop.who(*ours, *theirs, both)) == {1}
    assert live(shop.tx) == oracle.customers(shop.tx)


def test_an_older_visit_of_a_large_record_gives_it_its_id_later(shop, small):
    touches = [shop.report("email:a@shop.org", f"session:{n}") for n in range(10)]
    work_out_everything(shop.tx)
    older = shop.report("email:a@shop.org", "session:3", at=-5)
    assert identity.pending(shop.tx)
    work_out_everything(shop.tx)
    assert {identity.resolve(shop.tx, touch) for touch in touches} == {older}


def test_claims_of_an_identifier_that_is_blocked_are_unlinked_later(shop, small):
    touches = kiosk(shop)
    blocked = shop.decide("block", Identifier(kind="device", value="k"))
    joining = "SELECT count(*) FROM claim WHERE kind = 'device' AND value = 'k' AND links > 0"
    assert shop.tx.one(joining) == (len(touches) + 1,)
    assert blocked.pending
    late = shop.report("device:k", "session:late")
    assert len(set(shop.who(late, touches[0]))) == 2
    work_out_everything(shop.tx)
    assert shop.tx.one(joining) == (0,)
    assert live(shop.tx) == oracle.customers(shop.tx)
    again = shop.decide("revoke", decision=blocked.decision)
    assert again.pending
    assert identity.is_being_worked_out(shop.tx, touches[3])
    assert shop.tx.one(joining) == (0,), "not one of them within the transaction"
    later = shop.report("device:k", "session:later")
    work_out_everything(shop.tx)
    assert shop.tx.one(joining) == (len(touches) + 3,)
    assert len(set(shop.who(later, *touches))) == 1
    assert not identity.is_being_worked_out(shop.tx, touches[3])
    assert live(shop.tx) == oracle.customers(shop.tx)


def test_an_identifier_that_turns_while_its_claims_follow_is_followed_to_the_end(shop, small):
    kiosk(shop)
    blocked = shop.decide("block", Identifier(kind="device", value="k"))
    plan = identity.plan(shop.tx, identity.pending(shop.tx)[0])
    assert identity.carry_out(shop.tx, plan, 0) is not None
    shop.decide("revoke", decision=blocked.decision)
    for n in range(1, len(plan.steps)):
        assert identity.carry_out(shop.tx, plan, n) is not None
    assert shop.tx.one("SELECT count(*) FROM behind") == (1,)
    work_out_everything(shop.tx)
    assert shop.tx.one("SELECT count(*) FROM behind") == (0,)
    assert live(shop.tx) == oracle.customers(shop.tx)
