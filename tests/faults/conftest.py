"""No hub outlives the test that started it, whatever became of the test."""

import pytest

from tests.faults import rig


@pytest.fixture(autouse=True)
def nobody_is_left():
    yield
    for hub in list(rig.LIVING):
        hub.leave()
