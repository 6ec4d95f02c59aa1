"""Conversations that go on with one another: proposed with a reason, joined, split again without a trace, never two customers'."""

import datetime as dt

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hub.actions import cases, decide, people, serve, talk
from hub.actions.arrive import greet
from hub.actions.receive import receive
from hub.contract import Claim, IncomingMessage, Level, Touchpoint
from hub.conversations import cases as bonds
from hub.conversations import thread
from hub.store import Tx, scratch_tx
from hub.wire import Refusal
from hub.wire.visitor import Hello, Open
from tests.conversations.mailbox import Closing, Mail, mailbox

CONVERSATION_TABLES = ("conversation", "leg", "message", "reader", "conversation_tag", "case_member")


class Desk:
    """Two operators of one queue, and customers who write mails: each mail that threads nowhere begins a conversation."""

    def __init__(self, tx: Tx) -> None:
        self.tx, self.written = tx, 0
        people.route_sites(tx, [people.Route("shop", "main", "")])
        self.ann, self.bob = (
            people.add(
                tx,
                login=name,
                name=name.title(),
                password_hash="x",
                role="operator",
                queues=["main"],
                capacity=99,
            )
            for name in ("ann", "bob")
        )

    def mail(self, address: str, text: str, subject: str = "", level: Level = Level.OBSERVED) -> bytes:
        """The conversation the mail began."""
        self.written += 1
        self.tx.now += 60_000_000
        came = Touchpoint(
            channel="post", kind="mail", key=f"m{self.written}", occurred_at=dt.datetime.fromtimestamp(self.tx.now / 1e6, dt.UTC),
            claims=(Claim(kind="email", value=address, level=level),), thread=f"{address}#{self.written}",
            message=IncomingMessage(text=text, subject=subject, data={"mail": {"subject": subject}}),
        )  # fmt: skip
        stored = receive(self.tx, "post", came).message
        assert stored is not None
        return stored.conversation

    def rows(self) -> dict[str, list[tuple]]:
        return {
            table: sorted(self.tx.all(f"SELECT * FROM {table}"), key=repr) for table in CONVERSATION_TABLES
        }


@pytest.fixture
def desk():
    with scratch_tx() as tx:
        yield Desk(tx)


LATE = "My delivery of the grinder from order A44871 is overdue, the parcel has not arrived."
STILL = "Still no parcel. Please ask the courier about A44871."


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


def test_when_two_people_turn_out_to_be_two_their_cases_come_apart(desk):
    first, second = desk.mail("lena@mailbox.at", LATE), desk.mail("tom@mailbox.at", STILL)
    one, other = (thread.get(desk.tx, each).anchor for each in (first, second))
    same = decide.decide(desk.tx, "operator:ann", "same", one, other).decision
    cases.join(desk.tx, desk.ann, second, first)
    decide.revoke(desk.tx, "operator:ann", same)
    assert bonds.together(desk.tx, second) == [second]
    assert bonds.steps(desk.tx, second)[0].operator is None


class Bonds(RuleBasedStateMachine):
    """Whatever is joined, taken, closed and split: a case is one customer's, its hands are one, and a split undoes its join."""

    @initialize()
    def begin(self) -> None:
        self.scratch = scratch_tx()
        self.desk = Desk(self.scratch.__enter__())
        self.talks: list[bytes] = []

    def teardown(self) -> None:
        if hasattr(self, "scratch"):
            self.scratch.__exit__(None, None, None)

    @rule(who=st.sampled_from("abc"), text=st.sampled_from((LATE, STILL, "Workshop?")))
    def mail(self, who: str, text: str) -> None:
        self.talks.append(self.desk.mail(f"{who}@mailbox.at", text))

    @precondition(lambda self: len(self.talks) > 1)
    @rule(data=st.data(), undo=st.booleans())
    def join(self, data: st.DataObject, undo: bool) -> None:
        a, b = (data.draw(st.sampled_from(self.talks)) for _ in "ab")
        before = self.desk.rows()
        try:
            cases.join(self.desk.tx, self.desk.ann, a, b)
        except Refusal:
            assert self.desk.rows() == before
            return
        if undo:
            cases.split(self.desk.tx, self.desk.ann, a)
            assert self.desk.rows() == before

    @precondition(lambda self: self.talks)
    @rule(data=st.data(), verb=st.sampled_from(("take", "close", "reopen", "split", "give")))
    def act(self, data: st.DataObject, verb: str) -> None:
        desk, one = self.desk, data.draw(st.sampled_from(self.talks))
        acts = {
            "take": lambda: serve.take(desk.tx, desk.ann, one),
            "close": lambda: serve.close(desk.tx, desk.ann, one, "solved"),
            "reopen": lambda: serve.reopen(desk.tx, desk.ann, one),
            "split": lambda: cases.split(desk.tx, desk.ann, one),
            "give": lambda: serve.transfer_to(desk.tx, desk.ann, one, desk.bob, ""),
        }
        try:
            acts[verb]()
        except Refusal:
            return

    @invariant()
    def one_customer_and_one_pair_of_hands(self) -> None:
        for one in getattr(self, "talks", ()):
            case = bonds.together(self.desk.tx, one)
            assert one in case
            assert len({bonds.customer_of(self.desk.tx, each) for each in case}) == 1
            hands = {
                (talk.queue, talk.operator, talk.status)
                for talk in (thread.get(self.desk.tx, each) for each in case)
            }
            assert len(hands) == 1


TestBonds = Bonds.TestCase
TestBonds.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_a_mailbox_is_sorted_without_ever_mixing_two_customers(desk, capsys):
    """Every likely proposal is accepted, right or wrong: whatever an operator clicks, no case holds two customers."""
    matter_of: dict[bytes, int] = {}
    customer_of: dict[bytes, int] = {}
    open_: dict[int, list[bytes]] = {}
    right = wrong = missed = 0
    for event in mailbox(3, 600):
        if isinstance(event, Closing):
            for one in open_.pop(event.matter, []):
                if thread.get(desk.tx, one).status != "closed":
                    desk.tx.run(
                        "UPDATE conversation SET status = 'closed', closed_at = ? WHERE id = ?",
                        (desk.tx.now, one),
                    )
            continue
        assert isinstance(event, Mail)
        desk.tx.now = max(desk.tx.now, 1_700_000_000_000_000 + event.at)
        new = desk.mail(f"c{event.customer}@mailbox.at", event.text, event.subject)
        matter_of[new], customer_of[new] = event.matter, event.customer
        likely = [one for one in cases.proposed(desk.tx, new) if one.weighed.probability >= bonds.LIKELY]
        if likely:
            same = matter_of[likely[0].head] == event.matter
            right, wrong = right + same, wrong + (not same)
            cases.join(desk.tx, desk.ann, new, likely[0].head)
        elif event.matter in open_:
            missed += 1
        open_.setdefault(event.matter, []).append(new)
    for one in matter_of:
        assert len({customer_of[each] for each in bonds.together(desk.tx, one)}) == 1
    with capsys.disabled():
        print(
            f"\nthrough the desk: {right} right, {wrong} wrong, {missed} not seen of {len(matter_of)} mails; two customers in one case: 0"
        )
    assert right / (right + wrong) >= 0.8
