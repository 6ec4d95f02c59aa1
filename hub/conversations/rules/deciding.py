"""Rules and the facts of one message → what is to happen with it, and why. Pure, and total: every message is decided, in bounded time.

The rules are looked at from the top, all of them. For each thing that can happen (queue, priority, answer, close) the first rule that
matches and says something about it decides; tags are gathered from all that match. A matching rule that says `stop` is the last one.
So a rule put below others never changes what they decided, and one that is moved up decides more.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from hub.conversations import tags
from hub.conversations.rules.checking import LONGEST_FOUND, Compiled
from hub.conversations.rules.facts import Facts
from hub.wire import Refusal
from hub.wire.routing import Rule, Then

Thing = Literal["queue", "priority", "tags", "answer", "close"]
_FIRST: tuple[Literal["queue", "priority", "answer", "close"], ...] = ("queue", "priority", "answer", "close")


class Looked(msgspec.Struct, frozen=True):
    """One rule that was looked at. Of one that did not match, `because` has only what it failed by."""

    rule: Rule
    matched: bool
    because: tuple[tuple[int, str], ...]
    """Place of a comparison in the rule, and what was found."""
    counted: tuple[Thing, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """What is to happen, all rules together, and every rule that was looked at."""

    then: Then
    steps: tuple[Looked, ...]

    @property
    def matched(self) -> tuple[Looked, ...]:
        return tuple(step for step in self.steps if step.matched)


def decide(facts: Facts, rules: Iterable[Compiled]) -> Decision:
    """What these rules say of a message."""
    then, steps = Then(), []
    for one in rules:
        looked = _look(facts, one)
        if looked.matched:
            before, then = then, _joined(then, one.rule.then)
            looked = msgspec.structs.replace(looked, counted=_counted(before, then))
        steps.append(looked)
        if looked.matched and one.rule.then.stop:
            break
    return Decision(then, tuple(steps))


def _look(facts: Facts, one: Compiled) -> Looked:
    answers = [asked.ask(facts) for asked in one.asked]
    held = sum(holds for holds, _ in answers)
    matched = held > 0 if one.rule.match == "any" else held == len(answers)
    because = tuple(
        (n, found[:LONGEST_FOUND]) for n, (holds, found) in enumerate(answers) if holds is matched
    )
    return Looked(one.rule, matched, because)


def _joined(then: Then, more: Then) -> Then:
    first = {name: getattr(then, name) or getattr(more, name) for name in _FIRST}
    gathered = list(dict.fromkeys([*then.tags, *_tidy(more.tags)]))[: tags.MOST]
    return Then(**first, tags=gathered, stop=then.stop or more.stop)


def _counted(before: Then, after: Then) -> tuple[Thing, ...]:
    names: tuple[Thing, ...] = (*_FIRST, "tags")
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _tidy(written: Iterable[str]) -> list[str]:
    found = []
    for tag in written:
        try:
            found.append(tags.tidy(tag))
        except Refusal:  # refused when the rule is kept; a rule that is only tried has not been
            continue
    return found
