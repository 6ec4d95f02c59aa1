"""Everything about sockets, sign-in and HTTP answers is tested against a running hub."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop

from tests.web.running import open_world, page_of, static, tab_of, wire, world
from tests.web.tracked import tracked

__all__ = ["open_world", "page_of", "static", "tab_of", "tracked", "wire", "world"]

ON_BOTH_LOOPS = ("test_protocol.py", "test_sockets.py")
"""What depends on transports, which differ in what they buffer and in when they tell of an end; the product runs on uvloop."""


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    loops = {"asyncio": asyncio.new_event_loop}
    return {**loops, "uvloop": uvloop.new_event_loop} if item.path.name in ON_BOTH_LOOPS else loops
