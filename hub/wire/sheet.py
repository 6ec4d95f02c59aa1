"""The sheet beside a conversation: what its customer has volunteered anywhere, and what was asked and answered."""

from typing import Literal

from hub.wire.common import Count, Id, Part


class SheetFact(Part):
    """One thing that is known. `kind`: name, email, phone, order, invoice, tracking, customer, postcode, address, birthday, size,
    company or city.

    `value` is empty when it was said to a team whose words the asker may not read: then `where` names that team, which can be asked.
    `conversation` and `seq` say where it stands, when it was said in a conversation.
    """

    kind: str
    value: str
    source: Literal["record", "words", "form", "note", "answer"]
    where: str
    at: int
    times: Count = 1
    conversation: Id | None = None
    seq: Count | None = None
    here: bool = False
    """Said in this conversation, or one of its case."""


class SheetAnswer(Part):
    """A question of ours, and what they said next."""

    question: str
    answer: str
    at: int
    conversation: Id
    seq: Count


class SheetPage(Part):
    """Facts by kind, the latest first; answers, the latest first."""

    facts: list[SheetFact]
    answers: list[SheetAnswer]
