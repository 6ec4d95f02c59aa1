"""The pytest plugin: `pytest_plugins = ["hub.testing.plugin"]` in a conftest.py gives these fixtures."""

from __future__ import annotations

import pytest

from hub.testing.fakes import FakeContext


@pytest.fixture
def hub_context() -> FakeContext:
    """A context without settings: set `hub_context.settings` to an instance of the plugin's own."""
    return FakeContext()
