"""The half of the suite that speaks with the other side: an honest channel passes all of it, and each rule catches who breaks it."""

import inspect

import pytest

import hub
from hub.testing import ChannelSuite
from hub.testing import bench as benches
from hub.testing.conversing import Conversing
from tests.testing.pigeon import DEFECTS, LoftPeer, Pigeon, Tidy

TESTS = [name for name in vars(Conversing) if name.startswith("test_")]
SETTINGS = {"loft": "none", "key": hub.Secret("x")}


class TestPigeon(ChannelSuite):
    channel = Pigeon
    settings = SETTINGS
    peer = LoftPeer

    test_run_ends_when_it_is_cancelled = None  # there is no loft of that name
    test_deliver_answers_with_a_receipt_or_an_instruction = None
    test_a_message_longer_than_its_limit_is_rejected_not_cut = None


def test_a_channel_whose_other_side_drops_repeats_passes():
    suite = type("Suite", (ChannelSuite,), {"channel": Tidy, "settings": SETTINGS, "peer": LoftPeer})()
    suite.test_what_it_drops_of_repeats_reaches_nobody_twice()


def test_every_rule_has_a_channel_that_breaks_it():
    assert set(DEFECTS) == set(TESTS)


@pytest.mark.parametrize("name", TESTS)
def test_who_breaks_a_rule_is_caught(name, monkeypatch):
    monkeypatch.setattr(benches, "PATIENCE", 2.0)
    suite = type(
        "Suite", (ChannelSuite,), {"channel": DEFECTS[name], "settings": SETTINGS, "peer": LoftPeer}
    )()
    test = getattr(suite, name)
    troubles = ["away"] if "trouble" in inspect.signature(test).parameters else []
    with pytest.raises(AssertionError):
        test(*troubles)


def test_without_a_peer_it_is_skipped_with_a_word():
    suite = type("Suite", (ChannelSuite,), {"channel": Pigeon, "settings": SETTINGS})()
    with pytest.raises(pytest.skip.Exception, match="give this suite a `peer`"):
        suite.test_what_comes_twice_is_there_once()
