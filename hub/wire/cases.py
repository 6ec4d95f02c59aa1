"""Cases: which conversations of a customer go on with one another, what is proposed and why, and what an operator makes of it."""

from typing import Literal

from hub.wire.common import Id, Part
from hub.wire.console import ConversationRow


class CaseReason(Part):
    """One thing that speaks for it (positive `weight`, log odds) or against.

    `word`: code, other_code, subject, words, no_words, asking, waits, soon, late, page, named; of a step also two_customers.
    `shown` are the words it was found in.
    """

    word: str
    weight: float = 0.0
    shown: list[str] = []


class CaseProposal(Part):
    """An open matter of the same customer that the conversation may belong to, and how likely that is, 0 to 1."""

    row: ConversationRow
    probability: float
    reasons: list[CaseReason]


class CaseStep(Part):
    """What was decided about it, and by whom (nobody: the hub itself). `other` is the conversation that began the case."""

    op: Literal["joined", "split", "declined"]
    at: int
    other: Id
    name: str = ""
    reasons: list[CaseReason] = []


class CasePage(Part):
    """The case of one conversation. `members`: all of its conversations, the one that began it first; one alone is no case."""

    members: list[ConversationRow]
    proposals: list[CaseProposal]
    steps: list[CaseStep]
    likely: float
    """From this probability on a proposal is worth a line of its own."""


class DecideCase(Part):
    """`join`: go on with it in the case of `other`. `decline`: it is not about that. `split`: let it stand by itself again."""

    verdict: Literal["join", "split", "decline"]
    other: Id | None = None
