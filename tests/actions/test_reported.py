"""Letters that a channel reports: into which conversation they go, whatever they claim and in whatever order they come."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub import identity, intake
from hub.actions import cases
from hub.actions.receive import receive
from hub.contract import Claim, IncomingMessage, Level, Put, Touchpoint
from hub.conversations import naming, thread, view
from hub.conversations.thread import Utterance
from hub.outbox import queue as outbox
from hub.store import scratch_tx

QUEUE = b"q" * 16
ANN, BEN = "ann@berg-post.de", "ben@tal-post.de"


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        tx.run("INSERT INTO queue (id, name) VALUES (?, 'mail')", (QUEUE,))
        yield tx


def letter(tx, sender, ref, *, key=None, thread_=None, claims=None, puts=(), level=Level.OBSERVED, **said):
    """What becomes of a letter called `ref` that is known to be from this address."""
    tx.now += 1_000_000
    point = Touchpoint(
        channel="email", kind="mail", key=key or ref or said["client_id"],
        occurred_at=dt.datetime.fromtimestamp(tx.now / 1e6, dt.UTC), thread=thread_ or sender,
        claims=claims or (Claim(kind="email", value=sender, level=level),),
        message=IncomingMessage(**{"text": f"words of {ref}", "refs": (ref,) if ref else (), **said}),
    )  # fmt: skip
    return receive(tx, "post", point, puts, subjects=True)


def answered(tx, stored, ref=None):
    """We answer in that conversation; the answer's id, called `ref` out there once it was sent."""
    leg = thread.leg_of(tx, stored.conversation)
    ours = thread.append(
        tx, stored.conversation, leg.id, Utterance(author="operator", text="Yes.", leaves=True)
    )
    outbox.enqueue(tx, connection="post", leg=leg.id, message=ours.id)
    (due,) = outbox.lease_due(tx, "post", limit=1, seconds=60)
    outbox.sent(tx, due, external_id=ref or f"<{ours.id.hex()}@hub>")
    return ours.id.hex()


def row(tx, received):
    return view.row(tx, received.message.conversation)


def mail(tx, received):
    return view.message(tx, received.message.conversation, received.message.seq).mail


def close(tx, received):
    tx.run("UPDATE conversation SET status = 'closed' WHERE id = ?", (received.message.conversation,))


def test_a_letter_that_follows_nothing_begins_a_conversation_of_its_own_subject(tx):
    first = letter(tx, ANN, "<a1>", subject="Re: AW: Fwd: The lamp")
    second = letter(tx, ANN, "<a2>", subject="Another matter")
    assert row(tx, first).subject == "The lamp"
    assert row(tx, second).subject == "Another matter"
    assert first.message.conversation != second.message.conversation


def test_a_subject_is_said_again_only_when_it_is_another_one(tx):
    first = letter(tx, ANN, "<a1>", subject="The lamp")
    same = letter(tx, ANN, "<a2>", subject="Re: The lamp", follows=("<a1>",))
    other = letter(tx, ANN, "<a3>", subject="The bill", follows=("<a1>",))
    assert [mail(tx, one).subject for one in (first, same, other)] == ["The lamp", "", "The bill"]
    assert row(tx, other).subject == "The lamp"


def test_what_answers_ours_or_follows_a_letter_of_the_same_sender_goes_on_there(tx):
    first = letter(tx, ANN, "<a1>")
    ours = answered(tx, first.message, "<o1@hub>")
    for said in ({"answers": (ours,)}, {"follows": ("<o1@hub>",)}, {"follows": ("<x>", "<a1>")}):
        again = letter(tx, ANN, f"<{said}>", **said)
        assert again.message.conversation == first.message.conversation


def test_a_stranger_who_knows_its_name_gets_no_further_than_a_conversation_that_says_so(tx):
    first = letter(tx, ANN, "<a1>")
    ours = answered(tx, first.message)
    for said in ({"answers": (ours,)}, {"follows": ("<a1>",)}):
        other = letter(tx, BEN, f"<b{said}>", **said)
        assert other.message.conversation != first.message.conversation
        assert mail(tx, other).strange
    assert not mail(tx, letter(tx, BEN, "<b9>", follows=("<unheard of>",))).strange


def test_an_answer_to_elsewhere_does_not_enter_by_the_name_in_its_from_line(tx):
    first = letter(tx, ANN, "<a1>")
    claims = (Claim(kind="email", value=ANN, level=Level.ASSERTED),)
    lured = letter(tx, ANN, "<a2>", thread_="evil@fremd-post.de", claims=claims, follows=("<a1>",))
    assert lured.message.conversation != first.message.conversation
    assert [
        leg[0]
        for leg in tx.all("SELECT thread FROM leg WHERE conversation = ?", (first.message.conversation,))
    ] == [ANN]


def test_a_name_in_the_from_line_enters_by_what_only_its_owner_was_sent_and_by_nothing_else(tx):
    first = letter(tx, ANN, "<a1>")
    ours = answered(tx, first.message, "<o1@hub>")
    elsewhere = letter(tx, ANN, "<s1>", follows=("<a1>",), ours=True, level=Level.ASSERTED)
    spoofed = letter(tx, ANN, "<x1>", follows=("<a1>",), level=Level.ASSERTED)
    assert spoofed.message.conversation != first.message.conversation
    assert (mail(tx, spoofed).unproven, mail(tx, spoofed).strange) == (True, False)
    for said in ({"answers": (ours,)}, {"follows": ("<o1@hub>",)}, {"follows": ("<s1>",)}):
        reply = letter(tx, ANN, f"<r{said}>", level=Level.ASSERTED, **said)
        assert reply.message.conversation == elsewhere.message.conversation == first.message.conversation
        assert not mail(tx, reply).unproven


def test_a_letter_whose_sender_is_not_proven_is_proposed_for_what_it_says_it_follows(tx):
    first = letter(tx, ANN, "<a1>", text="Where is my lamp?")
    later = letter(tx, ANN, "<a2>", text="Tuesday suits.", follows=("<a1>",), level=Level.ASSERTED)
    (one,) = cases.proposed(tx, later.message.conversation)
    assert one.head == first.message.conversation
    assert one.weighed.reasons[0].word == "named"
    assert one.weighed.probability > 0.5


@pytest.mark.parametrize("level", [Level.ASSERTED, Level.OBSERVED])
@pytest.mark.parametrize("how", ["answers", "follows"])
def test_a_stranger_whose_answers_are_to_go_to_somebody_does_not_enter_there(tx, how, level):
    first = letter(tx, ANN, "<a1>")
    ours = answered(tx, first.message)
    claims = (Claim(kind="email", value="evil@fremd-post.de", level=level),)
    lured = letter(tx, ANN, "<x1>", claims=claims, **{how: ({"answers": ours, "follows": "<a1>"}[how],)})
    assert lured.message.conversation != first.message.conversation
    assert mail(tx, lured).strange


def test_who_has_had_the_answers_sent_elsewhere_from_the_first_is_heard_there_again(tx):
    claims = (Claim(kind="email", value=ANN, level=Level.ASSERTED),)
    first = letter(tx, "office@berg-post.de", "<a1>", claims=claims)
    ours = answered(tx, first.message)
    again = letter(tx, "office@berg-post.de", "<a2>", claims=claims, answers=(ours,))
    assert again.message.conversation == first.message.conversation


def test_another_address_of_the_same_customer_gets_a_leg_of_its_own_there(tx):
    first = letter(tx, ANN, "<a1>")
    both = tuple(Claim(kind="email", value=v, level=Level.OBSERVED) for v in (ANN, "ann@werk-post.de"))
    letter(tx, ANN, "<a2>", claims=both)
    third = letter(tx, "ann@werk-post.de", "<a3>", follows=("<a1>",))
    assert third.message.conversation == first.message.conversation
    assert third.message.leg_seq == 1


def test_a_letter_that_comes_before_the_one_it_follows_is_found_by_it(tx):
    last = letter(tx, ANN, "<a3>", follows=("<a2>", "<a1>"))
    for ref, follows in (("<a1>", ()), ("<a2>", ("<a1>",))):
        assert letter(tx, ANN, ref, follows=follows).message.conversation == last.message.conversation


def test_a_letter_reported_twice_is_there_once_and_its_cursor_is_written_all_the_same(tx):
    first = letter(tx, ANN, "<a1>")
    again = letter(tx, ANN, "<a1>", puts=(Put(kind="cursor", key="INBOX", body={"uid": 7}),))
    assert not again.fresh
    assert view.row(tx, first.message.conversation).seq == 1
    assert tx.one("SELECT count(*) FROM document") == (1,)


def test_a_closed_conversation_is_opened_by_a_person_and_by_nothing_automatic(tx):
    first = letter(tx, ANN, "<a1>")
    close(tx, first)
    for kind in ("reply", "bulk", "bounce"):
        machine = letter(tx, ANN, f"<m-{kind}>", follows=("<a1>",), automatic=kind)
        assert machine.message.conversation == first.message.conversation
        assert (row(tx, machine).status, mail(tx, machine).automatic) == ("closed", kind)
    letter(tx, ANN, "<a2>", follows=("<a1>",))
    assert row(tx, first).status == "waiting"


def test_nobody_waits_behind_an_automatic_letter(tx):
    alone = letter(tx, ANN, "<news>", automatic="bulk")
    assert (row(tx, alone).status, row(tx, alone).waiting_since) == ("closed", None)
    first = letter(tx, BEN, "<b1>")
    answered(tx, first.message)
    letter(tx, BEN, "<away>", follows=("<b1>",), automatic="reply")
    assert row(tx, first).waiting_since is None
    assert row(tx, first).last_text == "words of <away>"


def test_an_answer_from_the_mail_program_ends_the_waiting_and_never_leaves(tx):
    first = letter(tx, ANN, "<a1>")
    said = letter(tx, ANN, "<s1>", follows=("<a1>",), ours=True, author="Olga")
    shown = view.message(tx, said.message.conversation, said.message.seq)
    assert (shown.author, shown.name, shown.mail.ours, shown.delivery) == ("operator", "Olga", True, None)
    assert said.message.conversation == first.message.conversation
    assert (row(tx, first).status, row(tx, first).waiting_since) == ("closed", None)
    assert tx.one("SELECT count(*) FROM outbox") == (0,)
    letter(tx, ANN, "<a2>", follows=("<s1>",))
    assert row(tx, first).status == "waiting"


def test_the_copy_of_what_the_hub_has_sent_is_no_second_answer(tx):
    first = letter(tx, ANN, "<a1>")
    ours = answered(tx, first.message, "<o1@hub>")
    by_name = letter(tx, ANN, "<o1@hub>", ours=True)
    by_id = letter(tx, ANN, "", ours=True, client_id=ours)
    assert (by_name.message, by_id.message) == (None, None)
    assert row(tx, first).seq == 2


def test_a_channel_cannot_lend_a_message_files_or_marks_of_the_hub(tx):
    stolen = {
        "attachments": [{"id": "0" * 32}],
        "mentions": ["0" * 32],
        "mail": {"proof": "verified"},
        "own": 1,
    }
    got = letter(tx, ANN, "<a1>", data=stolen, level=Level.ASSERTED)
    shown = view.message(tx, got.message.conversation, 1)
    assert (shown.attachments, shown.mentions, shown.mail.proof) == ([], [], "")
    assert thread.data_of(tx, got.message.conversation, 1)["own"] == 1


def test_an_address_is_proven_when_the_channel_saw_it(tx):
    assert mail(tx, letter(tx, ANN, "<a1>", level=Level.ASSERTED)).proof == ""
    assert mail(tx, letter(tx, ANN, "<a2>")).proof == "verified"


def test_what_could_be_read_after_all_is_aside_no_longer(tx):
    intake.asides.put(tx, "post", "<a1>", b"raw", "no such charset")
    letter(tx, ANN, "<a1>")
    assert intake.asides.counts(tx) == {}


PEOPLE = [f"p{n}@dorf-post.de" for n in range(4)]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_letter_lands_among_the_words_of_another_customer_whatever_it_claims(data):
    names = [f"<{who}-{n}>" for who in range(4) for n in range(3)]
    with scratch_tx() as tx:
        tx.run("INSERT INTO queue (id, name) VALUES (?, 'mail')", (QUEUE,))
        ids: list[str] = []
        for turn in range(data.draw(st.integers(2, 9), "letters")):
            who = data.draw(st.sampled_from(PEOPLE), f"who {turn}")
            got = letter(
                tx, who, data.draw(st.sampled_from(names), f"called {turn}"), key=f"k{turn}",
                follows=tuple(data.draw(st.lists(st.sampled_from([*names, *(f"<{i}@hub>" for i in ids)]), max_size=4), f"follows {turn}")),
                answers=tuple(data.draw(st.lists(st.sampled_from(ids), max_size=2), f"answers {turn}") if ids else ()),
                level=data.draw(st.sampled_from([Level.ASSERTED, Level.OBSERVED]), f"level {turn}"),
                automatic=data.draw(st.sampled_from(["", "", "reply"]), f"automatic {turn}"),
            )  # fmt: skip
            if data.draw(st.booleans(), f"answer {turn}"):
                ids.append(answered(tx, got.message))
            if data.draw(st.booleans(), f"close {turn}"):
                close(tx, got)
        rows = tx.all(
            "SELECT l.conversation, l.thread FROM message m JOIN leg l ON l.id = m.leg GROUP BY 1, 2"
        )
        assert len({conversation for conversation, _ in rows}) == len(rows), (
            "one address in each conversation"
        )
        for conversation, address in rows:
            (holder,) = identity.customers_of(tx, "email", address)
            assert identity.resolve(tx, thread.get(tx, conversation).anchor) == holder.customer


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("Re: Lamp", "Lamp"), ("RE[2]: AW: Fwd: Lamp", "Lamp"), ("回复：Lamp", "Lamp"), ("Re:", "Re:"), ("Reply: Lamp", "Reply: Lamp"),
        ("  two\r\n lines ", "two lines"), ("", ""), ("Antw: Rif: I: Lamp", "Lamp"),
    ],
)  # fmt: skip
def test_a_subject_is_shown_without_what_says_that_it_was_answered(said, subject):
    assert naming.subject(said) == subject
