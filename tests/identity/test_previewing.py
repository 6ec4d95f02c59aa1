"""A preview says exactly what the decision then does, and changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import identity
from hub.contract import Identifier
from hub.identity import settling
from hub.store import scratch_tx
from tests.identity.histories import DECISION, LAWS, RULES, STEP, TOUCHES, History, derived, fields, live
from tests.steps import steps as count


@given(
    drawn=TOUCHES,
    rules=RULES,
    steps=st.lists(STEP, max_size=8),
    decision=DECISION,
    revoked=st.booleans(),
    few=st.booleans(),
)
@LAWS
def test_what_is_shown_beforehand_is_what_happens(drawn, rules, steps, decision, revoked, few):
    inline = settling.INLINE
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        history.all_touches()
        for step in steps:
            history.take(step)
        asked = arguments(history, decision)
        if revoked:
            made = history.take(decision)
            if made.decision is None:
                return
            asked = {"op": "revoke", "decision": made.decision}
        before, derived_before = live(tx), derived(tx)
        values = {who: chosen(record) for who, record in fields(tx).items()}
        settling.INLINE = 3 if few else inline
        try:
            shown = identity.preview(tx, **asked)
        finally:
            settling.INLINE = inline
        assert derived(tx) == derived_before
        tx.now += 1
        made = identity.decide(tx, author="Kim", **asked)
        assert (shown.decided.answer, shown.decided.against) == (made.answer, made.against)
        after = live(tx)
        went = {}
        for touch, who in before.items():
            if after[touch] != who:
                went[who, after[touch]] = went.get((who, after[touch]), 0) + 1
        assert {(move.before, move.after): move.touches for move in shown.moves} == went
        changed = {change.customer: {} for change in shown.fields}
        for change in shown.fields:
            changed[change.customer][change.attribute] = change.after
        for who, record in fields(tx).items():
            told = changed.get(who, {})
            if who in values:
                was, now = values[who], chosen(record)
                assert told == {
                    name: now.get(name) for name in was.keys() | now.keys() if was.get(name) != now.get(name)
                }


def arguments(history, decision):
    op, *sides = decision
    about = dict(zip("ab", map(history.side, sides), strict=False))
    return {"op": op, **about, **({"attribute": "name", "value": "Pinned"} if op == "pin" else {})}


def chosen(record):
    return {one.attribute: one.chosen.value for one in record.attributes}


def test_taking_two_apart_is_shown_with_what_goes_where(shop):
    home = [shop.report("device:home", at=1), shop.report("device:home", "user_id!U", name="Ann Berg", at=2)]
    phone = [shop.report("device:phone", f"session:{n}", at=10 + n) for n in range(3)]
    shop.report("device:phone", "user_id!U", at=20)
    shown = identity.preview(shop.tx, "never", a=home[1], b=phone[0])
    assert [(move.before, move.after, move.touches) for move in shown.moves] == [(home[0], phone[0], 3)]
    assert [(change.attribute, change.before, change.after) for change in shown.fields] == [
        ("name", "Ann Berg", None)
    ]
    assert shop.who(*home, *phone) == [1] * 5


def test_a_merge_is_shown_with_the_values_that_win(shop):
    work = shop.report("user_id!Work", name="Ann Berg", at=1)
    home = shop.report("user_id!Home", name="Anna Berg", at=2)
    shown = identity.preview(shop.tx, "same", a=work, b=home)
    assert [(move.before, move.after, move.touches) for move in shown.moves] == [(home, work, 1)]
    assert [(c.customer, c.before, c.after) for c in shown.fields] == [(work, "Ann Berg", "Anna Berg")]


def test_a_merge_with_oneself_is_answered_like_the_decision(shop):
    touch = shop.report("device:d")
    assert "changes nothing" in identity.preview(shop.tx, "same", a=touch, b=touch).decided.answer


def test_blocking_an_address_shows_who_falls_apart(shop):
    one, other = shop.report("email:a@shop.org", "device:d1"), shop.report("email:a@shop.org", "device:d2")
    shown = identity.preview(shop.tx, "block", a=Identifier(kind="email", value="a@shop.org"))
    assert [(move.before, move.after, move.touches) for move in shown.moves] == [(one, other, 1)]


def test_everybody_else_costs_a_preview_nothing(shop):
    """Counted in SQLite's own steps: a site of many customers shows a decision about one as quickly as a small one."""
    one, other = shop.report("user_id!U", at=1), shop.report("user_id!U", "device:d", at=2)

    def shown():
        return identity.preview(shop.tx, "never", a=one, b=other)

    few = count(shop.tx, shown)
    for n in range(400):
        shop.report(f"user_id!other{n}", f"device:other{n}", at=10 + n)
    assert count(shop.tx, shown) <= few * 1.1


def test_too_much_to_show_is_said(shop, monkeypatch):
    monkeypatch.setattr(identity.previewing, "MOST_NODES", 2)
    touches = [shop.report("device:d1", f"session:{n}") for n in range(4)]
    with pytest.raises(identity.TooLarge, match="at most 2 are shown beforehand"):
        identity.preview(shop.tx, "never", a=touches[0], b=touches[1])
