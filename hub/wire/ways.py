"""Ways: where an answer to a conversation can go, and where it goes by itself."""

from hub.wire.common import Part, Short


class WayThere(Part):
    """One way to the customer. `name` is what `reply` takes as its `way`; of the page of theirs it is `site`."""

    name: str
    channel: str
    address: str = ""
    takes: bool = True
    """Whether it takes a message now."""
    proven: bool = False
    """The address is known to be theirs; the page: whoever sits there may read what was written by mail."""
    used: bool = False
    """Something has gone by it in this conversation."""


class Ways(Part):
    """Where answers go. `best` is the name of the one that is taken by itself."""

    best: Short
    ways: list[WayThere]
    here: bool = False
    """A page of theirs is open now."""
    left: int | None = None
    """When their page was last seen, if none is open."""
