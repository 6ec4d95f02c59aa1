"""Routing rules, as admins write them in the console, and what came of them, over plain HTTP.

A rule is data: comparisons of facts with values, and what is to happen. The list of rules is kept as a whole: every change makes a new
edition of it, and a decision names the edition it was made by.
"""

from typing import Annotated, Literal

from msgspec import Meta

from hub.wire.common import Count, Id, Outcome, Part, Priority, Short

Fact = Literal[
    "words", "subject", "text", "to", "from", "connection", "channel", "site", "language", "open", "automatic",
    "known", "verified", "blocked", "conversations", "open_cases", "orders", "total", "customer_tags",
]  # fmt: skip
"""What may be asked of a message that begins a conversation; `words` is subject and text."""
Op = Literal["has", "has all", "has none", "is", "is not", "at least", "at most"]
Word = Annotated[str, Meta(max_length=100)]


class Condition(Part):
    """One comparison. Words and addresses have a list of values, figures a number, the rest yes or no."""

    fact: Fact
    op: Op
    value: Annotated[list[Word], Meta(max_length=100)] | float | bool


class Then(Part):
    """What is to happen. What is left out, this rule says nothing about."""

    queue: Id | None = None
    priority: Priority | None = None
    tags: Annotated[list[Word], Meta(max_length=20)] = []
    answer: Id | None = None
    """A canned reply of everybody's."""
    close: Outcome | None = None
    stop: bool = False
    """No rule below this one is looked at."""


class Rule(Part):
    """One rule. `by` and `at` say who wrote it as it is, and when; the hub fills them in."""

    id: Id
    name: Short
    when: Annotated[list[Condition], Meta(max_length=20)]
    then: Then = Then()
    match: Literal["all", "any"] = "all"
    """Whether all comparisons must hold, or one of them."""
    enabled: bool = False
    by: str = ""
    at: int = 0


Rules = Annotated[list[Rule], Meta(max_length=100)]


class KeepRules(Part):
    """All rules, in their order. `seen` is the edition they were made from."""

    rules: Rules
    seen: Count = 0


class RestoreRules(Part):
    """Let the rules be those of this edition again."""

    edition: Count
    seen: Count = 0


class TryRules(Part):
    """Try rules, switched on or not, on the conversations that began last."""

    rules: Rules
    last: Annotated[int, Meta(ge=1, le=500)] = 200


class RulesEdition(Part):
    """One change of the rules: what became of which rule."""

    n: Count
    at: int
    by: str
    added: list[str] = []
    changed: list[str] = []
    dropped: list[str] = []
    moved: bool = False


class Choice(Part):
    """Something a rule may name."""

    value: str
    label: str


class RulesPage(Part):
    """The rules, and what can be chosen in them."""

    edition: Count
    rules: list[Rule]
    queues: list[Choice] = []
    replies: list[Choice] = []
    """Replies of everybody's that may go out by themselves."""
    sites: list[Choice] = []
    connections: list[Choice] = []
    history: list[RulesEdition] = []


class Found(Part):
    """Why a comparison held, or why it did not: what was found of its fact."""

    fact: Fact
    op: Op
    value: list[str] | float | bool
    found: str = ""
    """The words, the address or the figure that it was; empty where there was none."""
    held: bool = False


class Step(Part):
    """One rule, as it was then, on one message. Of a rule that did not match, only the comparisons that it failed by are told."""

    rule: Id
    name: str
    matched: bool
    because: list[Found] = []
    then: Then = Then()
    counted: list[Literal["queue", "priority", "tags", "answer", "close"]] = []
    """What of it came to pass; the rest another rule above had decided."""
    changed: bool = False
    """The rule is another by now, or no more."""


class Explained(Part):
    """Why a conversation is where it is. `decided` is false where no rules were in force when it began."""

    decided: bool
    at: int = 0
    steps: list[Step] = []
    queue: str = ""
    """The queue it began in."""
    usual: bool = True
    """That queue was its site's own: no rule said otherwise."""
    answered: Literal["", "sent", "automatic", "lately", "gone"] = ""
    """What became of the canned answer: it went out, or not: the message was no person's, somebody was answered by itself within a day,
    the reply is gone."""


class Tried(Part):
    """What rules would have done with one past conversation, and what was done."""

    conversation: Id
    name: str
    at: int
    words: str
    rules: list[Id]
    queue: str = ""
    queue_was: str = ""
    priority: Priority = "normal"
    priority_was: Priority = "normal"
    tags: list[str] = []
    """Those it would have had besides its own."""
    answer: str = ""
    close: Outcome | None = None
    close_was: Outcome | None = None
    differs: bool = False


class TriedRule(Part):
    """One rule over past conversations."""

    rule: Id
    matched: Count = 0
    differing: Count = 0
    """Of those, how many would have gone another way than they did."""


class Trial(Part):
    """What rules would have done."""

    looked_at: Count
    since: int | None = None
    rules: list[TriedRule] = []
    tried: list[Tried] = []
    problems: dict[str, str] = {}
    """What is wrong with the rules: place → sentence; then nothing was tried."""
