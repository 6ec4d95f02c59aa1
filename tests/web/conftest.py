"""Everything about sockets, sign-in and HTTP answers is tested against a running hub."""

from tests.web.running import open_world, page_of, static, tab_of, wire, world
from tests.web.tracked import tracked

__all__ = ["open_world", "page_of", "static", "tab_of", "tracked", "wire", "world"]
