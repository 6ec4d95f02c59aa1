"""Which plugins can live with which contract."""

import pytest

from hub.contract.version import CONTRACT_VERSION, mismatch


@pytest.mark.parametrize("wanted", ["1.0", "1.1", "1.2"])
def test_a_plugin_for_this_or_an_earlier_minor_version_runs(wanted):
    assert mismatch(wanted, "1.2") is None


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("1.3", "upgrade the hub"),
        ("2.0", "get a release of it for 1.x"),
        ("0.9", "get a release of it for 1.x"),
        ("1", "must be a version such as"),
        (1.0, "must be a version such as"),
        (None, "must be a version such as"),
        (">=1.0", "must be a version such as"),
    ],
)
def test_others_are_told_why_not(wanted, why):
    assert why in (mismatch(wanted, "1.2") or "")


def test_our_own_version_suits_us():
    assert mismatch(CONTRACT_VERSION) is None
