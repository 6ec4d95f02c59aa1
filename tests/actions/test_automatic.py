"""Who may be answered by itself: nobody twice within a day, and no machine ever."""

import pytest

from hub.actions.automatic import DAY, may_answer
from hub.store import scratch_tx


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


def test_an_address_is_answered_once_within_a_day_whatever_the_mailbox_and_however_it_is_written(tx):
    assert may_answer(tx, "sales", "kim@mail.test")
    assert not may_answer(tx, "support", " KIM@mail.test")
    assert not may_answer(tx, "support", "kim+news@mail.test"), "the same mailbox under another name"
    assert may_answer(tx, "phone", "+4315123456") and may_answer(tx, "phone", "+4315123457")
    tx.now += DAY - 1
    assert not may_answer(tx, "sales", "kim@mail.test")
    tx.now += 1
    assert may_answer(tx, "support", "kim@mail.test")


def test_a_refusal_uses_nothing_up(tx):
    assert not may_answer(tx, "sales", "kim@mail.test", automatic="bulk")
    assert may_answer(tx, "sales", "kim@mail.test")


def test_nobody_is_not_answered(tx):
    assert not may_answer(tx, "sales", " ")


def test_who_was_answered_is_forgotten_after_a_day(tx):
    for n in range(3):
        may_answer(tx, "sales", f"kim{n}@mail.test")
    tx.now += DAY
    may_answer(tx, "sales", "lee@mail.test")
    assert tx.one("SELECT count(*) FROM automatic_answer") == (1,)
