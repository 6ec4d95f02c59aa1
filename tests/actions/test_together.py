"""Several answers in a row to somebody who has left are one mail: nothing twice, nothing lost, in order, whatever breaks."""

from collections.abc import Iterator

import pytest

from hub import outbox
from hub.actions import deliver, outgoing, talk
from hub.contract import Receipt
from hub.conversations import thread, view
from hub.conversations.thread import Utterance
from hub.store import scratch_tx
from tests.actions.shop import ANN, Scene


@pytest.fixture
def scene() -> Iterator[Scene]:
    with scratch_tx() as tx:
        made = Scene(tx)
        made.open = False
        yield made


def answers(scene: Scene, *texts: str, apart: float = 10.0) -> list[int]:
    said = []
    for text in texts:
        said.append(scene.answer(text).seq)
        scene.tx.now += int(apart * 1e6)
    return said


def letter(scene: Scene, seconds: float = 46) -> tuple[outbox.Due, str]:
    (due,) = scene.due(seconds)
    message = deliver.compose(scene.tx, due)
    assert message is not None
    return due, message.text


def states(scene: Scene, said: list[int]) -> list[str | None]:
    return [view.message(scene.tx, scene.id, seq).delivery for seq in said]


def test_what_is_said_in_a_row_is_one_mail(scene):
    said = answers(scene, "One.", "Two.", "Three.")
    assert states(scene, said) == ["sent"] * 3
    due, text = letter(scene)
    assert text.split("\n\n") == ["One.", "Two.", "Three."]
    assert outbox.sent(scene.tx, due, external_id="<1@mail>")
    assert scene.due(3600) == []
    names = scene.tx.all("SELECT DISTINCT state, external_id FROM outbox")
    assert names == [("sent", "<1@mail>")]
    scene.answer("Four.")
    due, text = letter(scene)
    assert text == "Four."
    assert deliver.compose(scene.tx, due).follows == ("<1@mail>",)


def test_each_answer_waits_for_the_next_but_not_for_ever(scene):
    answers(scene, "One.", "Two.", apart=40)
    assert scene.due() == [], "the second was said forty seconds ago"
    for n in range(10):
        answers(scene, f"And {n}.", apart=20)
    assert scene.due(), "five times the wait is long enough"


def test_every_attempt_carries_the_same_words_under_the_same_id(scene):
    answers(scene, "One.", "Two.")
    due, first = letter(scene)
    assert outbox.reclaim(scene.tx) == 1, "the hub died while it was sent"
    scene.answer("Three.")
    again, second = letter(scene)
    assert (again.item, second) == (due.item, first)
    outbox.postpone(scene.tx, again, "away")
    scene.answer("Four.")
    again, third = letter(scene, 10)
    assert (again.item, third) == (due.item, first)
    outbox.sent(scene.tx, again)
    _, rest = letter(scene)
    assert rest.split("\n\n") == ["Three.", "Four."]


def test_what_becomes_of_it_becomes_of_all_and_trying_again_carries_them_all(scene):
    said = answers(scene, "One.", "Two.")
    due, text = letter(scene)
    outbox.failed(scene.tx, due, "no such mailbox")
    assert states(scene, said) == ["failed", "failed"]
    told = [event for topic, event in scene.tx.published if topic == outbox.OUTCOMES]
    assert [(one.state, one.why) for one in told] == [("failed", "no such mailbox")] * 2
    deliver.once_more(scene.tx, scene.bob, scene.id, said[0])
    again, repeated = letter(scene, 0)
    assert repeated == text
    outbox.sent(scene.tx, again, external_id="<1@mail>")
    assert states(scene, said) == ["sent", "sent"]
    assert deliver.receipt(scene.tx, "support", again.item, Receipt(state="failed", why="it came back"))
    assert states(scene, said) == ["failed", "failed"]


def test_one_that_is_tried_again_alone_is_on_its_own_from_then_on(scene):
    said = answers(scene, "One.", "Two.")
    due, _ = letter(scene)
    outbox.failed(scene.tx, due, "no such mailbox")
    deliver.once_more(scene.tx, scene.bob, scene.id, said[1])
    alone, text = letter(scene, 0)
    assert text == "Two."
    outbox.sent(scene.tx, alone)
    deliver.once_more(scene.tx, scene.bob, scene.id, said[0])
    other, text = letter(scene, 0)
    assert text == "One."
    outbox.sent(scene.tx, other)
    assert deliver.receipt(scene.tx, "support", other.item, Receipt(state="failed", why="it came back"))
    assert states(scene, said) == ["failed", "sent"]


def test_only_whoever_has_them_all_gets_no_mail(scene):
    said = answers(scene, "One.", "Two.")
    talk.move_cursor(scene.tx, scene.visitor, scene.id, 2, 2)
    due, text = letter(scene)
    assert text.split("\n\n") == ["One.", "Two."]
    talk.move_cursor(scene.tx, scene.visitor, scene.id, 3, 3)
    with pytest.raises(outbox.Needless):
        deliver.compose(scene.tx, due)
    outbox.needless(scene.tx, due)
    assert states(scene, said) == [None, None]


def test_what_goes_at_once_in_between_keeps_its_place(scene):
    answers(scene, "One.")
    scene.answer("Now, as a mail.", way=f"support:{ANN}")
    answers(scene, "Three.")
    heard = []
    for _ in range(3):
        due, text = letter(scene)
        heard.append(text)
        outbox.sent(scene.tx, due)
    assert heard == ["One.", "Now, as a mail.", "Three."]


FILE = {"id": "00" * 16, "name": "a.pdf", "type": "application/pdf", "size": 7, "url": ""}


@pytest.mark.parametrize("other", [{"operator": b"somebody else..."}, {"data": {"attachments": [FILE]}}])
def test_another_operators_words_and_files_leave_by_themselves(scene, other):
    answers(scene, "One.")
    said = Utterance(**{"author": "operator", "text": "Two.", "operator": scene.bob, **other})
    now = thread.get(scene.tx, scene.id)
    taken = outgoing.route(scene.tx, now, scene.page, "", lambda _: False)
    outgoing.send(scene.tx, now, taken, said)
    due, text = letter(scene)
    assert text == "One."
    outbox.sent(scene.tx, due)
    assert letter(scene)[1] == "Two."


def test_asking_twice_is_asking_once(scene):
    answers(scene, "One.", "Two.")
    rows = scene.tx.all("SELECT lane, item FROM outbox")
    for lane, item in rows:
        outbox.enqueue(scene.tx, connection="support", leg=lane, message=item, after=45_000_000)
    assert len(scene.tx.all("SELECT id FROM outbox")) == len(rows) == 2
