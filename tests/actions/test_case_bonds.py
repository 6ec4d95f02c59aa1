"""Cases after any sequence of what may happen to them, and on a whole mailbox."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hub.actions import cases, serve, talk
from hub.conversations import cases as bonds
from hub.conversations import tags, thread
from hub.store import scratch_tx
from hub.wire import Refusal
from hub.wire.visitor import Say
from tests.actions.desk import LATE, STILL, Desk
from tests.conversations.mailbox import Closing, Mail, mailbox


@pytest.fixture
def desk():
    with scratch_tx() as tx:
        yield Desk(tx)


class Bonds(RuleBasedStateMachine):
    """Whatever is joined, taken, closed and split: a case is one customer's, its hands are one, and a split undoes its join."""

    @initialize()
    def begin(self) -> None:
        self.scratch = scratch_tx()
        self.desk = Desk(self.scratch.__enter__())
        self.talks: list[bytes] = []
        self.pages: list[tuple[str, bytes]] = []

    def teardown(self) -> None:
        if hasattr(self, "scratch"):
            self.scratch.__exit__(None, None, None)

    @rule(who=st.sampled_from("abc"), text=st.sampled_from((LATE, STILL, "Workshop?")))
    def mail(self, who: str, text: str) -> None:
        self.talks.append(self.desk.mail(f"{who}@mailbox.at", text))

    @rule(
        who=st.sampled_from("abc"), text=st.sampled_from((LATE, STILL)), again=st.booleans(), data=st.data()
    )
    def chat(self, who: str, text: str, again: bool, data: st.DataObject) -> None:
        """From a new browser, or from one that may have a conversation open."""
        known = [one for of, one in self.pages if of == who] if again else []
        visitor = data.draw(st.sampled_from(known)) if known else None
        began, visitor = self.desk.chat(f"{who}@mailbox.at", text, visitor)
        self.pages.append((who, visitor))
        if began not in self.talks:
            self.talks.append(began)

    @precondition(lambda self: self.talks)
    @rule(data=st.data(), verb=st.sampled_from(("ends", "says", "mails", "reply", "note", "tag")))
    def speak(self, data: st.DataObject, verb: str) -> None:
        desk, one = self.desk, data.draw(st.sampled_from(self.talks))
        desk.written += 1
        desk.tx.now += 1_000_000
        visitor, key = thread.get(desk.tx, one).visitor, f"s-{desk.written:08}"
        said = Say(client_id=key, conversation=one.hex(), text="And?")
        acts = {
            "ends": lambda: visitor and talk.end(desk.tx, visitor, one),
            "says": lambda: visitor and talk.say(desk.tx, visitor, said),
            "mails": lambda: visitor or desk.writes_again(one),
            "reply": lambda: serve.reply(desk.tx, desk.ann, one, key, "Soon."),
            "note": lambda: serve.note(desk.tx, desk.ann, one, key, "Mind.", mentioned=[desk.bob]),
            "tag": lambda: tags.change(desk.tx, one, [key], ()),
        }
        try:
            acts[verb]()
        except Refusal:
            return

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
            found = [thread.get(self.desk.tx, each) for each in case]
            assert len({one.queue for one in found}) == 1
            assert len({(one.operator, one.status) for one in found if one.status != "closed"}) <= 1
        for _, visitor in getattr(self, "pages", ()):
            found = [thread.get(self.desk.tx, one) for one in thread.of_visitor(self.desk.tx, visitor)]
            assert sum(one.status != "closed" for one in found) <= 1


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
