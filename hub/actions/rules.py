"""Routing rules change, and go back. What a rule names must be there when it is kept; what goes away later is passed over (`route`)."""

from collections.abc import Iterator, Sequence

from hub.conversations import canned, routing
from hub.conversations import rules as routing_rules
from hub.conversations.rules import editions
from hub.store import Read, Tx
from hub.wire import Refusal, hex_id
from hub.wire.routing import Rule


def keep(tx: Tx, author: bytes, rules: Sequence[Rule], seen: int) -> None:
    """Let these be the rules. Refusals: bad_request with every mistake, taken (changed since edition `seen`)."""
    if wrong := problems(tx, rules):
        raise Refusal("bad_request", "; ".join(f"{at}: {why}" for at, why in wrong.items()), fields=wrong)
    editions.keep(tx, author, routing.name_of(tx, author), rules, seen)


def restore(tx: Tx, author: bytes, edition: int, seen: int) -> None:
    """Let the rules be those of an edition again, as a new edition. Refusals: as `keep`, and not_found."""
    keep(tx, author, editions.edition(tx, edition).rules, seen)


def problems(read: Read, rules: Sequence[Rule]) -> dict[str, str]:
    """Everything that is wrong with rules: place → sentence."""
    return {**routing_rules.problems(rules), **dict(_gone(read, rules))}


def _gone(read: Read, rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    for at, rule in enumerate(rules):
        if rule.then.queue and routing.is_archived(read, hex_id(rule.then.queue)):
            yield f"rules[{at}].then.queue", "there is no such queue any more"
        if rule.then.answer:
            reply = canned.one(read, hex_id(rule.then.answer))
            if reply is None or reply.owner is not None:
                yield f"rules[{at}].then.answer", "there is no such reply of everybody's any more"
            elif canned.by_itself(reply.text) is None:
                yield (
                    f"rules[{at}].then.answer",
                    "a reply that goes out by itself needs words in each variable for when it is not known: {{customer.name|there}}",
                )
