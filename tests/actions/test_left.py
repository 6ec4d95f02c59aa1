"""An answer that was on its way to a page when it closed goes after its customer by mail, once, and not when they have it in time."""

from collections.abc import Iterator

import pytest

from hub import outbox
from hub.actions import deliver, left, outgoing, talk
from hub.conversations import legs, view
from hub.store import scratch_tx
from tests.actions.shop import ANN, Scene
from tests.steps import steps


@pytest.fixture
def scene() -> Iterator[Scene]:
    with scratch_tx() as tx:
        yield Scene(tx)


def goes(scene: Scene) -> int:
    scene.open = False
    return left.behind(scene.tx, scene.visitor, lambda _: scene.open)


def test_an_answer_that_the_page_never_got_leaves_by_mail(scene):
    seq = scene.answer("It is in stock.").seq
    assert goes(scene) == 1
    assert scene.due() == [], "who comes back at once gets no mail"
    (due,) = scene.due(46)
    assert (deliver.compose(scene.tx, due).address, outbox.sent(scene.tx, due)) == (ANN, True)
    shown = view.message(scene.tx, scene.id, seq)
    assert (shown.channel, shown.by, shown.to, shown.delivery) == ("text", "email", ANN, "sent")
    assert scene.widget() == ["Hello?", "It is in stock."]
    assert goes(scene) == 0, "once"


def test_what_the_page_has_received_does_not_leave(scene):
    scene.answer("One.")
    talk.move_cursor(scene.tx, scene.visitor, scene.id, 2, 0)
    scene.answer("Two.")
    scene.ask("Their own words.")
    assert goes(scene) == 1
    assert [text for _, _, text in scene.leaving()] == ["Two."]


def test_whoever_is_back_with_another_page_or_gets_it_in_time_gets_no_mail(scene):
    scene.answer()
    assert left.behind(scene.tx, scene.visitor, lambda _: True) == 0
    goes(scene)
    talk.move_cursor(scene.tx, scene.visitor, scene.id, 2, 2)
    (due,) = scene.due(46)
    with pytest.raises(outbox.Needless):
        deliver.compose(scene.tx, due)


def test_nothing_is_planned_without_an_address_for_a_page_chosen_by_hand_or_for_whoever_asked_to_be_called(
    scene,
):
    scene.answer("Stays here.", way="site")
    assert goes(scene) == 0
    with scratch_tx() as tx:
        scene = Scene(tx, email=None)
        scene.answer()
        assert goes(scene) == 0
        assert scene.leaving() == []
    with scratch_tx() as tx:
        scene = Scene(tx, answer_by="phone")
        scene.answer()
        assert goes(scene) == 0


def test_what_left_by_mail_already_does_not_leave_again(scene):
    scene.open = False
    scene.answer("By mail.")
    (due,) = scene.due(46)
    outbox.sent(scene.tx, due)
    assert goes(scene) == 0
    assert left.before(scene.tx) == 0
    assert scene.leaving() == []


def test_pages_that_were_open_when_the_hub_ended_are_looked_at_when_it_starts(scene):
    scene.answer("Just before the lights went out.")
    scene.tx.now += 3 * 24 * left.HOUR
    assert left.before(scene.tx) == 1
    assert left.before(scene.tx) == 0
    assert [text for _, _, text in scene.leaving()] == ["Just before the lights went out."]


def test_who_asked_to_be_called_gets_a_mail_when_the_operator_chooses_it_and_when_they_wrote_one():
    with scratch_tx() as tx:
        scene = Scene(tx, answer_by="phone")
        scene.open = False
        shown = scene.answer("We shall call you.")
        assert (shown.channel, shown.by, scene.leaving()) == ("text", "", [])
        assert scene.answer("In writing.", way=f"support:{ANN}").channel == "email"
        assert scene.answer("And here again.").channel == "text"
        scene.mails()
        assert scene.answer("Gladly.").channel == "email"


def test_a_page_that_goes_costs_a_look_however_long_its_conversation_and_an_answer_nothing(
    scene, monkeypatch
):
    scene.answer()
    talk.move_cursor(scene.tx, scene.visitor, scene.id, 2, 2)
    assert steps(scene.tx, lambda: goes(scene)) < 100
    scene.open = True
    monkeypatch.setattr(legs, "ways_of", None)
    monkeypatch.setattr(outgoing, "grace", None)
    scene.answer()
