"""An invitation's fate, as a machine: whatever is said to it in whatever order, it is met once and by its own visitor."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.store import scratch_tx
from hub.visits import invitations
from hub.wire import Refusal

VISITOR, OTHER, VISIT, OPERATOR, CONVERSATION = (letter * 16 for letter in (b"v", b"o", b"t", b"a", b"c"))
SAID = st.lists(
    st.tuples(st.sampled_from([VISITOR, OTHER]), st.sampled_from(["shown", "accepted", "declined"])),
    max_size=8,
)


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


def offer(tx, text="May I help?", operator=OPERATOR, visit=VISIT):
    return invitations.offer(tx, visitor=VISITOR, visit=visit, operator=operator, text=text)


def fate(tx, invitation) -> str:
    return invitations.get(tx, invitation.id).fate


@settings(deadline=None)  # the first scratch database takes a while
@given(SAID, st.integers(0, 8))
def test_the_first_yes_or_no_of_its_own_visitor_is_the_fate(said, swept_after):
    with scratch_tx() as tx:
        made = offer(tx)
        expected = "offered"
        for n, (who, what) in enumerate(said):
            if n == swept_after:
                tx.now += invitations.LIFE
                expected = "expired" if invitations.expire(tx) else expected
            final = expected in ("accepted", "declined", "expired")
            counts = who == VISITOR and not final and not (expected == "shown" and what == "shown")
            assert invitations.meet(tx, made.id, who, what) is counts
            expected = what if counts else expected
            assert fate(tx, made) == expected


def test_an_offer_is_open_until_it_meets_its_fate(tx):
    made = offer(tx)
    assert invitations.open_of(tx, VISITOR).id == made.id
    invitations.meet(tx, made.id, VISITOR, "shown")
    assert invitations.open_of(tx, VISITOR).fate == "shown"
    invitations.meet(tx, made.id, VISITOR, "accepted")
    assert invitations.open_of(tx, VISITOR) is None


def test_a_second_offer_is_refused_while_one_is_open_and_the_same_one_is_the_same(tx):
    made = offer(tx)
    assert offer(tx).id == made.id
    for more in ({"text": "And now?"}, {"operator": OTHER}):
        with pytest.raises(Refusal, match="open already"):
            offer(tx, **more)


def test_who_declined_is_left_alone_in_that_visit(tx):
    invitations.meet(tx, offer(tx).id, VISITOR, "declined")
    with pytest.raises(Refusal, match="in peace"):
        offer(tx)
    assert offer(tx, visit=b"n" * 16).fate == "offered"


def test_an_offer_may_follow_one_that_nobody_answered(tx):
    made = offer(tx)
    tx.now += invitations.LIFE
    assert invitations.expire(tx) == [(VISITOR, made.id)]
    assert invitations.expire(tx) == []
    assert offer(tx).id != made.id
    assert fate(tx, made) == "expired"


def test_accepting_leads_to_one_conversation(tx):
    made = offer(tx)
    assert invitations.answered(tx, made.id, OTHER) is None
    assert invitations.answered(tx, made.id, VISITOR).text == "May I help?"
    assert invitations.answered(tx, made.id, VISITOR).fate == "accepted", (
        "said before, and nothing came of it yet"
    )
    invitations.led_to(tx, made.id, CONVERSATION)
    assert invitations.answered(tx, made.id, VISITOR) is None


@pytest.mark.parametrize("ended", ["declined", "expired"])
def test_what_is_over_is_not_accepted_by_words_that_answer_it(tx, ended):
    made = offer(tx)
    if ended == "declined":
        invitations.meet(tx, made.id, VISITOR, "declined")
    else:
        tx.now += invitations.LIFE
    assert invitations.answered(tx, made.id, VISITOR).fate == (
        "declined" if ended == "declined" else "offered"
    )
    assert invitations.answered(tx, b"?" * 16, VISITOR) is None
