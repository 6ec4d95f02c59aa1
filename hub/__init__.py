"""The plugin author's front door: everything in `hub.contract`, and nothing else.

A plugin imports `hub` and no other module of ours. Importing it loads neither the ORM nor the web server nor an
HTTP client, so that a plugin's tests start at once; a test keeps it so.
"""

from hub.contract import *  # noqa: F403  # the names are listed, sorted and tested in hub.contract
from hub.contract import __all__ as __all__
