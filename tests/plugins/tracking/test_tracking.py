"""The tracking channel: its settings are what is worth testing, since the core receives."""

import pytest
from pydantic import ValidationError

import hub
import hub_tracking
from hub.testing import ChannelSuite

GOOD = {"site": "shop", "write_key": "wk_public_0001"}


class TestTracking(ChannelSuite):
    channel = hub_tracking.Tracking
    settings = GOOD


@pytest.mark.parametrize("key", ["", "short", "with space in it", "ä" * 10, "x" * 101])
def test_a_write_key_is_plain_and_not_too_short(key):
    with pytest.raises(ValidationError, match="write_key"):
        hub_tracking.TrackingSettings(**{**GOOD, "write_key": key})


def test_a_server_key_that_could_be_guessed_is_refused():
    with pytest.raises(ValidationError, match="at least 16 characters"):
        hub_tracking.TrackingSettings(**GOOD, server_key=hub.Secret("short"))


def test_a_server_key_shows_nowhere():
    settings = hub_tracking.TrackingSettings(**GOOD, server_key=hub.Secret("sk-a-secret-of-the-server"))
    assert "sk-a-secret" not in repr(settings)
    assert "sk-a-secret" not in settings.model_dump_json()
