"""What somebody has in hand: weighed, summed without rounding away, and held against their limit in one place."""

import pytest

from hub.actions import people
from hub.conversations import legs, load, routing, thread
from hub.store import scratch_tx
from hub.wire import Refusal

MAIN = b"m" * 16


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("DELETE FROM queue")
        tx.run("INSERT INTO queue (id, name) VALUES (?, 'main')", (MAIN,))
        load.weigh(tx, {"voice": 3_250, "email": 250, "text": 1_000})
        yield tx


@pytest.fixture
def ann(tx) -> bytes:
    return people.add(tx, login="ann", name="Ann", password_hash="x", role="operator", queues=["main"])


def comes(tx, channel: str = "text", answer_by: str = "here") -> thread.Conversation:
    talk, _ = thread.begin(
        tx, anchor=tx.new_id(), queue=MAIN, site="shop", channel=channel, connection=channel, thread="x",
        visitor=tx.new_id(),
    )  # fmt: skip
    says(tx, talk, "visitor")
    thread.answer_by(tx, talk.id, answer_by)
    return talk


def says(tx, talk: thread.Conversation, author: str) -> None:
    thread.append(
        tx, talk.id, thread.leg_of(tx, talk.id).id, thread.Utterance(author=author, text="Good day.")
    )


def takes(tx, who: bytes, channel: str = "text", answer_by: str = "here") -> bool:
    try:
        routing.claim(tx, comes(tx, channel, answer_by), who)
    except Refusal as refusal:
        assert refusal.code == "at_limit"
        return False
    return True


def held(tx, who: bytes) -> float:
    return load.in_chats(routing.candidate(tx, who).load)


def test_four_chats_are_what_an_operator_takes(tx, ann):
    assert [takes(tx, ann) for _ in range(5)] == [True] * 4 + [False]
    assert held(tx, ann) == 4.0


def test_beside_a_call_there_is_no_room_for_a_chat_but_for_three_mails(tx, ann):
    assert takes(tx, ann, "voice")
    assert not takes(tx, ann)
    assert [takes(tx, ann, "email") for _ in range(4)] == [True] * 3 + [False]


def test_a_mail_weighs_until_it_is_answered_and_again_when_its_customer_writes(tx, ann):
    mail, chat = comes(tx, "email"), comes(tx)
    for talk in (mail, chat):
        routing.claim(tx, talk, ann)
    assert held(tx, ann) == 1.25
    for talk in (mail, chat):
        says(tx, talk, "operator")
    assert held(tx, ann) == 1.0, "a chat goes on while its customer thinks"
    says(tx, mail, "visitor")
    assert held(tx, ann) == 1.25


def test_with_a_chat_in_hand_no_call_is_taken(tx, ann):
    assert takes(tx, ann)
    assert not takes(tx, ann, "voice")


def test_mails_leave_room_for_chats(tx, ann):
    assert all(takes(tx, ann, "email") for _ in range(4))
    assert [takes(tx, ann) for _ in range(4)] == [True, True, True, False]
    assert held(tx, ann) == 4.0


def test_whoever_wants_the_answer_by_mail_weighs_what_a_mail_does(tx, ann):
    assert all(takes(tx, ann, "text", way) for way in ("email", "phone", "email", "phone"))
    assert held(tx, ann) == 1.0


def test_a_chat_that_goes_on_by_mail_weighs_what_its_last_word_does(tx, ann):
    routing.claim(tx, talk := comes(tx), ann)
    leg = legs.join(tx, talk.id, "email", "mail", "v@example.com")
    assert held(tx, ann) == 1.0
    thread.append(tx, talk.id, leg.id, thread.Utterance(author="visitor", text="I have left."))
    assert held(tx, ann) == 0.25
    says(tx, talk, "visitor")
    assert held(tx, ann) == 1.0, "back on the page"


def test_whoever_has_nothing_in_hand_may_take_a_call_whatever_their_limit(tx, ann):
    people.change(tx, ann, "operator", 2)
    assert takes(tx, ann, "voice")
    assert not takes(tx, ann)


def test_a_channel_nobody_weighed_counts_as_a_chat(tx, ann):
    takes(tx, ann, "fax")
    assert held(tx, ann) == 1.0


def test_what_is_closed_or_waits_weighs_on_nobody(tx, ann):
    routing.claim(tx, talk := comes(tx), ann)
    comes(tx)
    assert held(tx, ann) == 1.0
    routing.close(tx, thread.get(tx, talk.id), "resolved")
    assert held(tx, ann) == 0.0


def test_who_takes_up_a_closed_one_again_needs_room_for_what_it_weighs(tx, ann):
    routing.claim(tx, mail := comes(tx, "email"), ann)
    routing.close(tx, mail, "resolved")
    assert all(takes(tx, ann) for _ in range(4))
    with pytest.raises(Refusal, match="as much in hand as 4 chats, the limit is 4"):
        routing.reopen(tx, thread.get(tx, mail.id), ann)


def test_tenths_add_up_to_one(tx, ann):
    load.weigh(tx, {"email": 100}, 100)
    people.change(tx, ann, "operator", 1)
    assert [takes(tx, ann, "email") for _ in range(11)] == [True] * 10 + [False]


def test_weights_are_those_of_the_last_start(tx, ann):
    takes(tx, ann, "voice")
    assert load.weigh(tx, {"email": 500}) is True
    assert held(tx, ann) == 1.0, "there are no calls here any longer"
    assert load.weigh(tx, {"email": 500}) is False


@pytest.mark.parametrize(("milli", "chats"), [(0, 0.0), (250, 0.25), (3_999, 4.0), (4_000, 4.0), (333, 0.34)])
def test_a_load_is_never_told_smaller_than_it_is(milli, chats):
    assert load.in_chats(milli) == chats
