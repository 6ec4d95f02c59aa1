"""Rules as somebody wrote them → rules that can be asked. Every mistake is told with its place; what passes cannot fail later.

The cost of a list of rules is bounded here: so many rules, so many comparisons, so many phrases of so many words.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache

import msgspec

from hub.conversations import tags
from hub.conversations.rules import words
from hub.conversations.rules.facts import KINDS, OPS, Facts
from hub.wire import Refusal
from hub.wire.routing import Condition, Fact, Rule

MOST_PHRASES = 1_000
"""Words and phrases in all rules together."""
LONGEST_FOUND = 120
"""Characters that are kept of what was found."""

Ask = Callable[[Facts], tuple[bool, str]]
"""Whether a comparison holds, and what was found."""


class Asked(msgspec.Struct, frozen=True):
    """A comparison that was read."""

    written: Condition
    ask: Ask


class Compiled(msgspec.Struct, frozen=True):
    """A rule that was read."""

    rule: Rule
    asked: tuple[Asked, ...]


def problems(rules: Collection[Rule]) -> dict[str, str]:
    """Everything that is wrong with the rules by themselves: place (`rules[2].when[0].value`) → sentence."""
    found = dict(_problems(rules))
    phrases = sum(len(one.value) for rule in rules for one in rule.when if isinstance(one.value, list))
    if phrases > MOST_PHRASES:
        found["rules"] = (
            f"expected at most {MOST_PHRASES:,} words and addresses in all rules together, got {phrases:,}"
        )
    return found


def _problems(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    ids: set[str] = set()
    for at, rule in enumerate(rules):
        place = f"rules[{at}]"
        if rule.id in ids:
            yield f"{place}.id", "another rule has this id"
        ids.add(rule.id)
        if not rule.name.strip() or not rule.name.isprintable():
            yield f"{place}.name", "expected a name of one line"
        if not rule.when:
            yield f"{place}.when", "expected at least one comparison; without any it would match everything"
        if wrong := _about_tags(rule.then.tags):
            yield f"{place}.then.tags", wrong
        for n, condition in enumerate(rule.when):
            if problem := _about(condition):
                yield f"{place}.when[{n}].{problem[0]}", problem[1]


def _about_tags(written: Iterable[str]) -> str:
    try:
        for tag in written:
            tags.tidy(tag)
    except Refusal as error:
        return error.message
    return ""


def _about(condition: Condition) -> tuple[str, str] | None:
    kind = KINDS[condition.fact]
    if condition.op not in OPS[kind]:
        return "op", f"expected one of {', '.join(OPS[kind])} for {condition.fact}, got {condition.op}"
    value = condition.value
    if kind == "truth":
        return None if isinstance(value, bool) else ("value", "expected yes or no")
    if kind == "figure":
        return None if _is_figure(value) else ("value", "expected a number, 0 or more")
    if not isinstance(value, list) or not value:
        return "value", "expected at least one word" if kind == "words" else "expected at least one"
    for one in value:
        wrong = words.problem(one) if kind == "words" else _about_name(one)
        if wrong:
            return "value", f"{one[:40]!r}: {wrong}"
    return None


def _is_figure(value: object) -> bool:
    # NaN compares false with everything, which would make a rule that silently never holds.
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
    )


def _about_name(name: str) -> str:
    return (
        ""
        if name.strip("* ") and name.isprintable()
        else "expected an address or a name, where * stands for anything"
    )


def compiled(rules: Iterable[Rule]) -> tuple[Compiled, ...]:
    """Rules that have no `problems`, ready to be asked."""
    return tuple(Compiled(rule, tuple(Asked(one, _ask(one)) for one in rule.when)) for rule in rules)


def needs(rules: Iterable[Compiled]) -> frozenset[Fact]:
    """The facts that these rules ask for."""
    return frozenset(one.written.fact for rule in rules for one in rule.asked)


@lru_cache(maxsize=8)
def read(text: str) -> tuple[Compiled, ...]:
    """The rules that are switched on, of an edition as it is kept. A pure function of the text, so keeping what it gave is safe."""
    return compiled(rule for rule in msgspec.json.decode(text, type=list[Rule]) if rule.enabled)


def _ask(one: Condition) -> Ask:
    kind, value = KINDS[one.fact], one.value
    if kind == "words" and isinstance(value, list):
        return _ask_words(one, [words.phrase(written) for written in value])
    if kind == "names" and isinstance(value, list):
        return _ask_names(one, value)
    if kind == "figure":
        assert isinstance(value, int | float), "a rule is checked before it is read"
        return _ask_figure(one, float(value))
    return lambda facts: ((known := getattr(facts, one.fact)) is value, _told(known))


def _ask_words(one: Condition, phrases: list[words.Phrase]) -> Ask:
    def has(facts: Facts) -> tuple[bool, str]:
        found = words.first_found(phrases, facts.read[one.fact])
        return bool(found) is (one.op == "has"), found

    def has_all(facts: Facts) -> tuple[bool, str]:
        found = [phrase.found_in(facts.read[one.fact]) for phrase in phrases]
        return all(found), " · ".join(filter(None, found))

    return has_all if one.op == "has all" else has


def _ask_names(one: Condition, wanted: list[str]) -> Ask:
    wanted = [name.strip() for name in wanted]

    def named(facts: Facts) -> tuple[bool, str]:
        known = facts.names(one.fact)
        found = next((name for name in known for written in wanted if words.glob(written, name)), "")
        return bool(found) is (one.op == "is"), found or ", ".join(known)

    return named


def _ask_figure(one: Condition, bound: float) -> Ask:
    def compare(facts: Facts) -> tuple[bool, str]:
        known: float | None = getattr(facts, one.fact)
        if known is None:
            return False, ""
        return (known >= bound if one.op == "at least" else known <= bound), f"{known:g}"

    return compare


def _told(known: bool | None) -> str:
    return "" if known is None else "yes" if known else "no"
