"""What an offer is made of: seats that are counted once, promises that somebody sits and waits for, and a pace that was kept."""

import pytest

from hub.actions import offers, people
from hub.conversations import routing, thread
from hub.conversations.thread import Utterance
from hub.store import scratch_tx
from hub.visits import invitations

MINUTE = 60 * 1_000_000


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        people.route_sites(tx, [people.Route("shop", "main", ""), people.Route("book", "books", "")])
        yield tx


def here(tx, login: str, *queues: str, state: str = "available") -> bytes:
    who = people.add(tx, login=login, name=login, password_hash="x", role="operator", queues=list(queues))
    sql = "INSERT INTO presence (operator, state, chosen, until, since) VALUES (?, ?, ?, ?, ?)"
    tx.run(sql, (who, state, state, tx.now + 60 * MINUTE, tx.now))
    return who


def asks(tx, site: str = "shop", answer_by: str = "here") -> thread.Conversation:
    talk, leg = thread.begin(
        tx, anchor=tx.new_id(), queue=routing.queue_for(tx, site), site=site, channel="text",
        connection=f"site:{site}", thread="x", visitor=tx.new_id(),
    )  # fmt: skip
    thread.append(tx, talk.id, leg.id, Utterance(author="visitor", text="Hello?"))
    thread.answer_by(tx, talk.id, answer_by)
    return talk


def team(tx, site: str = "shop") -> offers.Team:
    return offers.teams(tx, [site])[site][1]


def free(tx, site: str = "shop") -> int:
    found = team(tx, site)
    return sum(hands.seats for hands in found.hands) - found.promised


def test_seats_are_those_of_whoever_is_here_and_takes_something(tx):
    here(tx, "ann", "main")
    here(tx, "bob", "main", state="busy")
    here(tx, "cleo", "books")
    assert free(tx) == 4
    assert [hands.available for hands in team(tx).hands].count(False) == 1
    tx.now += 60 * MINUTE
    assert team(tx).hands == ()


def test_who_waits_is_promised_a_seat_until_they_have_been_silent_for_long(tx):
    here(tx, "ann", "main")
    asks(tx)
    asks(tx, answer_by="email")
    assert free(tx) == 3
    tx.now += offers.PATIENCE
    assert free(tx) == 4


def test_an_accepted_invitation_is_promised_until_it_has_become_a_chat_or_is_too_old(tx):
    ann = here(tx, "ann", "main")
    visitor = tx.new_id()
    offer = invitations.offer(tx, visitor=visitor, visit=tx.new_id(), operator=ann, text="May I help?")
    assert free(tx) == 4
    invitations.meet(tx, offer.id, visitor, "accepted")
    assert free(tx) == 3
    talk = asks(tx)
    invitations.led_to(tx, offer.id, talk.id)
    routing.claim(tx, talk, ann)
    assert free(tx) == 3
    other = invitations.offer(tx, visitor=tx.new_id(), visit=tx.new_id(), operator=ann, text="And you?")
    invitations.meet(tx, other.id, other.visitor, "accepted")
    assert free(tx) == 2
    tx.now += invitations.LIFE
    assert free(tx) == 3


def test_a_line_that_its_own_people_cannot_take_falls_on_those_who_serve_both(tx):
    here(tx, "ann", "main", "books")
    here(tx, "bob", "books")
    for _ in range(6):
        asks(tx, "book")
    assert free(tx, "book") == 2
    assert free(tx, "shop") == 2, "bob takes four, ann has to take two"


def test_a_line_of_a_team_that_shares_nobody_is_its_own_affair(tx):
    here(tx, "ann", "main")
    here(tx, "bob", "books")
    for _ in range(6):
        asks(tx, "book")
    assert (free(tx, "shop"), free(tx, "book")) == (4, -2)


def test_the_pace_is_that_of_chats_taken_lately(tx):
    here(tx, "ann", "main")

    def answer(**asked: str) -> None:
        talk = asks(tx, **asked)
        tx.now += MINUTE
        thread.append(
            tx, talk.id, thread.leg_of(tx, talk.id).id, Utterance(author="operator", text="Good day.")
        )
        routing.close(tx, thread.get(tx, talk.id), "resolved")

    for _ in range(offers.LEAST - 1):
        answer()
        answer(answer_by="email")
    assert team(tx).pace == 0.0, "from so few nothing can be told"
    answer()
    assert team(tx).pace == pytest.approx(offers.LEAST / 1800)
    tx.now += offers.LATELY
    assert team(tx).pace == 0.0


def test_a_call_that_waits_is_promised_as_much_as_it_weighs(tx):
    offers.set_weights(tx, {"voice": 4_000})
    here(tx, "ann", "main")
    here(tx, "bob", "main")
    talk = asks(tx)
    tx.run("UPDATE conversation SET channel = 'voice' WHERE id = ?", (talk.id,))
    assert free(tx) == 4
