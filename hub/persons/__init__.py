"""What the law gives a person: everything that is kept of them, handed out, and everything erased.

Both are long, so they go in slices beside whatever else the hub does: `exporting` reads into a zip, `erasing` drives `actions.erase`.
Who is meant is found by a customer's id or by an identifier (`who`).
"""

from hub.persons.erasing import Erased, erase, resume
from hub.persons.exporting import Exported, export
from hub.persons.who import find

__all__ = ["Erased", "Exported", "erase", "export", "find", "resume"]
