"""Conversations that go on with one another: proposed with a reason, joined, split again without a trace, never two customers'."""

import pytest

from hub.actions import cases, decide, serve, talk
from hub.actions.arrive import greet
from hub.conversations import cases as bonds
from hub.conversations import thread
from hub.store import scratch_tx
from hub.wire import Refusal
from hub.wire.visitor import Hello, Open
from tests.actions.desk import LATE, STILL, Desk


@pytest.fixture
def desk():
    with scratch_tx() as tx:
        yield Desk(tx)


def test_a_second_mail_is_proposed_for_the_open_matter_and_says_why(desk):
    first = desk.mail("lena@mailbox.at", LATE, "Where is it?")
    second = desk.mail("lena@mailbox.at", STILL, "Question")
    (proposal,) = cases.proposed(desk.tx, second)
    assert proposal.head == first
    assert proposal.weighed.probability > 0.5
    assert proposal.weighed.reasons[0].word == "code"


def test_a_chat_is_proposed_for_the_matter_of_a_mail(desk):
    first = desk.mail("lena@mailbox.at", LATE)
    desk.tx.now += 60_000_000
    visitor = greet(desk.tx, "shop", Hello(site="shop", tab="tab-00000001")).visitor
    chat = talk.open_chat(
        desk.tx, "shop", visitor, Open(client_id="c-00000001", text=STILL, email="lena@mailbox.at")
    ).conversation
    assert [one.head for one in cases.proposed(desk.tx, chat)] == [first]


def test_what_came_first_is_not_proposed_for_what_came_later(desk):
    first = desk.mail("lena@mailbox.at", LATE)
    desk.mail("lena@mailbox.at", STILL)
    assert cases.proposed(desk.tx, first) == []


def test_somebody_elses_matter_is_never_proposed_and_never_joined(desk):
    hers = desk.mail("lena@mailbox.at", LATE)
    his = desk.mail("tom@mailbox.at", STILL)
    assert cases.proposed(desk.tx, his) == []
    with pytest.raises(Refusal) as refused:
        cases.join(desk.tx, desk.ann, his, hers)
    assert refused.value.code == "forbidden"
    assert bonds.together(desk.tx, hers) == [hers]


def test_a_closed_matter_is_not_proposed(desk):
    first = desk.mail("lena@mailbox.at", LATE)
    serve.take(desk.tx, desk.ann, first)
    serve.close(desk.tx, desk.ann, first, "solved")
    assert cases.proposed(desk.tx, desk.mail("lena@mailbox.at", STILL)) == []


def test_a_no_is_heard_once_for_all(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("lena@mailbox.at", STILL)
    cases.decline(desk.tx, desk.ann, second, first)
    assert cases.proposed(desk.tx, second) == []
    assert [step.op for step in bonds.steps(desk.tx, second)] == ["declined"]


def test_what_is_joined_is_in_the_hands_of_the_case(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("lena@mailbox.at", STILL)
    serve.take(desk.tx, desk.ann, first)
    cases.join(desk.tx, desk.ann, second, first)
    assert thread.get(desk.tx, second).operator == desk.ann
    assert bonds.together(desk.tx, second) == [first, second]


def test_whoever_gets_or_closes_one_gets_or_closes_all(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("lena@mailbox.at", STILL)
    cases.join(desk.tx, desk.ann, second, first)
    serve.take(desk.tx, desk.ann, second)
    assert thread.get(desk.tx, first).operator == desk.ann
    serve.transfer_to(desk.tx, desk.ann, first, desk.bob, "")
    assert thread.get(desk.tx, second).operator == desk.bob
    serve.close(desk.tx, desk.bob, first, "solved")
    assert thread.get(desk.tx, second).status == "closed"
    serve.reopen(desk.tx, desk.bob, second)
    assert thread.get(desk.tx, first).status == "open"


def test_splitting_is_the_exact_inverse(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("lena@mailbox.at", STILL)
    serve.take(desk.tx, desk.ann, first)
    serve.take(desk.tx, desk.bob, second)
    before = desk.rows()
    cases.join(desk.tx, desk.ann, second, first)
    assert desk.rows() != before
    cases.split(desk.tx, desk.ann, second)
    assert desk.rows() == before


def test_what_was_said_meanwhile_stays_where_it_was_said(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("lena@mailbox.at", STILL)
    cases.join(desk.tx, desk.ann, second, first)
    serve.reply(desk.tx, desk.ann, second, "c-00000001", "It is on its way")
    cases.split(desk.tx, desk.ann, second)
    texts = desk.tx.all("SELECT text FROM message WHERE conversation = ? AND author = 'operator'", (second,))
    assert texts == [("It is on its way",)]


def test_what_brought_others_along_takes_them_with_it(desk):
    first, second, third = (desk.mail("lena@mailbox.at", text) for text in (LATE, STILL, STILL))
    cases.join(desk.tx, desk.ann, third, second)
    before = desk.rows()
    cases.join(desk.tx, desk.ann, second, first)
    assert set(bonds.together(desk.tx, third)) == {first, second, third}
    cases.split(desk.tx, desk.ann, second)
    assert bonds.together(desk.tx, third) == [second, third]
    assert desk.rows() == before


def test_joining_twice_and_with_oneself_changes_nothing(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("lena@mailbox.at", STILL)
    cases.join(desk.tx, desk.ann, second, first)
    before = desk.rows()
    for a, b in ((second, first), (first, second), (first, first)):
        with pytest.raises(Refusal) as refused:
            cases.join(desk.tx, desk.ann, a, b)
        assert refused.value.code == "no_change"
    assert desk.rows() == before


def test_a_customer_who_writes_again_where_it_was_closed_is_heard_by_whoever_has_the_case(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("lena@mailbox.at", STILL)
    cases.join(desk.tx, desk.ann, second, first)
    serve.take(desk.tx, desk.ann, first)
    serve.close(desk.tx, desk.ann, first, "solved")
    desk.writes_again(second)
    assert desk.hands(first)[0] == "closed", "what nobody wrote to stays closed"
    assert desk.hands(second) == ("waiting", None)
    serve.take(desk.tx, desk.bob, second)
    assert desk.hands(first)[0] == "closed"
    desk.writes_again(first)
    assert desk.hands(first) == ("open", desk.bob)


def test_a_chat_that_its_customer_ended_is_not_opened_again_by_what_becomes_of_the_case(desk):
    first = desk.mail("lena@mailbox.at", LATE)
    chat, visitor = desk.chat("lena@mailbox.at", STILL)
    serve.take(desk.tx, desk.ann, chat)
    cases.join(desk.tx, desk.ann, chat, first)
    talk.end(desk.tx, visitor, chat)
    serve.transfer_to(desk.tx, desk.ann, first, desk.bob, "")
    assert desk.hands(chat)[0] == "closed"
    serve.close(desk.tx, desk.bob, first, "solved")
    assert desk.tx.one("SELECT outcome FROM conversation WHERE id = ?", (chat,)) == (None,)


def test_who_is_served_does_not_begin_to_wait_by_being_joined(desk):
    first = desk.mail("lena@mailbox.at", LATE)
    chat, _ = desk.chat("lena@mailbox.at", STILL)
    serve.take(desk.tx, desk.bob, chat)
    before = desk.rows()
    cases.join(desk.tx, desk.ann, chat, first)
    assert desk.hands(chat) == desk.hands(first) == ("open", desk.bob)
    cases.split(desk.tx, desk.ann, chat)
    assert desk.rows() == before


def test_a_closed_one_of_the_case_does_not_take_it_out_of_a_colleagues_hands(desk):
    first = desk.mail("lena@mailbox.at", LATE)
    chat, visitor = desk.chat("lena@mailbox.at", STILL)
    serve.take(desk.tx, desk.ann, chat)
    cases.join(desk.tx, desk.ann, chat, first)
    talk.end(desk.tx, visitor, chat)
    serve.reopen(desk.tx, desk.bob, chat)
    assert desk.hands(chat) == desk.hands(first) == ("open", desk.ann)


def test_an_answer_is_an_answer_to_the_whole_case_and_to_nobody_else_once_it_is_split(desk):
    first, second, third = (desk.mail("lena@mailbox.at", text) for text in (LATE, STILL, STILL))
    for one in (second, third):
        cases.join(desk.tx, desk.ann, one, first)
    desk.tx.now += 1_000_000
    serve.reply(desk.tx, desk.ann, second, "c-00000001", "It is on its way")
    assert not any(desk.waits(one) for one in (first, second, third))
    cases.split(desk.tx, desk.ann, third)
    assert desk.waits(third)
    cases.split(desk.tx, desk.ann, second)
    assert desk.waits(first) and not desk.waits(second)


def test_what_is_closed_with_its_case_waits_for_nothing_and_is_told_of(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("lena@mailbox.at", STILL)
    cases.join(desk.tx, desk.ann, second, first)
    serve.take(desk.tx, desk.ann, first)
    serve.close(desk.tx, desk.ann, first, "solved")
    assert not desk.waits(second)


def test_when_two_people_turn_out_to_be_two_their_cases_come_apart(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("tom@mailbox.at", STILL)
    one, other = (thread.get(desk.tx, each).anchor for each in (first, second))
    same = decide.decide(desk.tx, "operator:ann", "same", one, other).decision
    cases.join(desk.tx, desk.ann, second, first)
    decide.revoke(desk.tx, "operator:ann", same)
    assert bonds.together(desk.tx, second) == [second]
    assert bonds.steps(desk.tx, second)[0].operator is None
