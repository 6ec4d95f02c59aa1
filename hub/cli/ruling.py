"""`hub identity rules`: the limits of the rule, tried on everything there is before they are switched on.

How many e-mail addresses one person has, or how many people a browser before it counts as shared, differs between a shop of
families and one of companies. A change reaches back to the first touchpoint, so what it would do is computed on a reader and shown first.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.speaking import DEFAULT_CONFIG, ConfigFile, Refused, refusals, say

if TYPE_CHECKING:
    from hub.cli.verbs import Verb
    from hub.store import Read as StoreRead
    from hub.store import Store

AUTHOR = "command line"
SHOWN = 5
"""Examples of each sort."""
PATIENCE = 3600.0
"""Seconds: a million touchpoints are read anew in minutes."""
WORDS = {
    "limits": "one customer holds at most",
    "others": "is shared when its touchpoints name more others than",
    "crowds": "is shared when rivals name it and it is claimed more often than",
}
"""What each setting says of a kind of identifier, before its number."""

Numbers = Annotated[list[str], typer.Option(metavar="KIND=N", help="How many values one customer may hold.")]
Others = Annotated[
    list[str],
    typer.Option(
        metavar="KIND=N", help="An identifier that names more other personal ones than so many is shared."
    ),
]
Crowds = Annotated[
    list[str],
    typer.Option(metavar="KIND=N", help="So is one that rivals name and more claim than so many."),
]
Apply = Annotated[
    bool, typer.Option("--apply", help="Switch them on; what is there follows in the background.")
]
Reset = Annotated[bool, typer.Option("--reset", help="Begin from what the hub ships with.")]


def rules(
    limits: Numbers = [],  # noqa: B006  # typer reads the default and never changes it
    others: Others = [],  # noqa: B006  # as above
    crowds: Crowds = [],  # noqa: B006  # as above
    apply: Apply = False,
    reset: Reset = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Show the limits by which people are told apart; say what others would change, and switch them on with --apply."""
    with refusals():
        from hub.cli import loading, verbs

        data = loading.load(config)[0].data
        wanted = {"limits": _numbers(limits), "others": _numbers(others), "crowds": _numbers(crowds)}
        if not reset and not any(wanted.values()):
            _show(verbs.ask_hub(data, "identity_rules"))
            return
        trial = verbs.ask_hub(data, "identity_try", wanted=wanted, reset=reset, patience=PATIENCE)
        _tell(trial)
        if apply:
            verbs.ask_hub(data, "identity_set", wanted=wanted, reset=reset)
            say("Switched on. What is there follows in the background; `hub identity rebuild` waits for it.")
        else:
            say("Nothing has changed. With --apply it would.")


def _numbers(said: list[str]) -> dict[str, int]:
    found = {}
    for one in said:
        kind, _, number = one.partition("=")
        if not kind or not number.isdecimal() or not 1 <= int(number) <= 1_000_000:
            raise Refused(f"{one}: expected KIND=N with N from 1 to 1,000,000, for example email=8.")
        found[kind] = int(number)
    return found


def _show(settings: dict[str, dict[str, int]]) -> None:
    for name, words in WORDS.items():
        for kind, number in sorted(settings[name].items()):
            say(f"--{name} {kind}={number}".ljust(28) + f"{kind}: {words} {number}")


def _tell(trial: dict[str, Any]) -> None:
    say(f"{trial['customers']} customers would be {trial['would_be']}.")
    say(f"{trial['moved']} touchpoints would belong to another customer than now.")
    for example in trial["examples"]:
        say(f"  {example}")


def verbs_of(store: "Store") -> tuple["Verb", ...]:
    """What the commands above ask of a hub."""
    from hub import identity
    from hub.actions import ruling as action

    async def identity_rules() -> dict[str, dict[str, int]]:
        return action.numbers(await store.read(identity.rules_of))

    async def identity_try(wanted: dict[str, dict[str, int]], reset: bool) -> dict[str, Any]:
        with _in_words():
            return await store.read(_try, wanted, reset)

    async def identity_set(wanted: dict[str, dict[str, int]], reset: bool) -> None:
        with _in_words():
            await store.write(action.keep, AUTHOR, wanted, reset=reset)

    return identity_rules, identity_try, identity_set


@contextmanager
def _in_words() -> Iterator[None]:
    from hub.wire import Refusal

    try:
        yield
    except Refusal as error:
        raise Refused(error.message[:1].upper() + error.message[1:]) from None


def _try(read: "StoreRead", wanted: dict[str, dict[str, int]], reset: bool) -> dict[str, Any]:
    from hub import identity
    from hub.actions import ruling as action

    trial = identity.try_rules(read, action.changed(read, wanted, base=action.SHIPPED if reset else None))

    def some(changed: Mapping[bytes, Sequence[Any]], words: str) -> list[str]:
        first = sorted(changed, key=lambda customer: (-len(changed[customer]), customer))[:SHOWN]
        return [words.format(_name(read, customer), len(changed[customer])) for customer in first]

    return {
        "customers": trial.customers,
        "would_be": trial.would_be,
        "moved": trial.moved,
        "examples": some(trial.apart, "{} would be {} customers.")
        + some(trial.together, "{} and others, {} customers now, would be one."),
    }


def _name(read: "StoreRead", customer: bytes) -> str:
    from hub import identity

    return f"{identity.header(read, customer).name or 'Somebody without a name'} ({customer.hex()[:12]}…)"
