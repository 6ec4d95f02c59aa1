"""What clients saw, written down as they saw it: the half of the evidence that does not come from the database.

Every text that is sent is unlike any other: `CANARY/SENDER/N`, so that a message is known wherever it turns up.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sent:
    """Somebody pressed Enter. `n` counts what this sender has written."""

    sender: str
    client_id: str
    text: str
    n: int
    note: bool = False


@dataclass(frozen=True)
class Told:
    """The hub said that it is stored under this number of the reader's own counting."""

    sender: str
    client_id: str
    seq: int


@dataclass(frozen=True)
class Refused:
    """The hub said that it will not be stored."""

    sender: str
    client_id: str
    code: str


@dataclass(frozen=True)
class Seen:
    """A reader was given a message. `resumed`: as part of an answer to hello or subscribe, which may repeat what is known."""

    reader: str
    conversation: str
    seq: int
    text: str
    resumed: bool


@dataclass(frozen=True)
class Hooked:
    """The receiver of web hooks took an event that it had not seen before: its id, its type, and what it is about."""

    id: str
    event: str
    conversation: str
    about: str
    seq: int


@dataclass
class Story:
    """All of a run. `canaries` says whose conversation a canary belongs to; `visitors` are the readers who count by their leg."""

    sent: list[Sent] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    canaries: dict[str, str] = field(default_factory=dict)
    visitors: set[str] = field(default_factory=set)
    hooked: list[Hooked] | None = None
    """What the receiver of web hooks took, in this order; None where there is none."""
    ended: dict[str, int] = field(default_factory=dict)
    """The last number that each reader holds at the end, after everybody has caught up."""
    conversations: dict[str, str] = field(default_factory=dict)
    """Reader → the conversation it follows (an operator follows several and stands here as operator/conversation)."""
    waits: list[tuple[float, float]] = field(default_factory=list)
    """Of each acknowledgement: when it came (monotonic), and how long after it was asked for, in seconds."""
