"""The rules as they are kept: every change is a new edition of the whole list, and no edition is ever changed.

So a decision can be shown by the rules as they were, anything can be taken back, and who changes rules that somebody else has changed
meanwhile hears of it.
"""

from collections.abc import Sequence

import msgspec

from hub.conversations.rules import checking
from hub.conversations.rules.deciding import Decision, Thing
from hub.store import Read, Tx
from hub.wire import Refusal, millis
from hub.wire.common import Count
from hub.wire.routing import Explained, Found, Rule, RulesEdition, Step, Then

SHOWN = 30
"""Changes that the history shows."""

SQL_NEWEST = "SELECT n, rules FROM routing_edition ORDER BY n DESC LIMIT 1"
SQL_EDITION = "SELECT n, rules FROM routing_edition WHERE n = :n"
SQL_KEEP = "INSERT INTO routing_edition (n, at, author, rules) VALUES (:n, :now, :author, :rules)"
SQL_HISTORY = """
SELECT r.n, r.at, coalesce(o.name, ''), r.rules FROM routing_edition r LEFT JOIN operator o ON o.id = r.author
ORDER BY r.n DESC LIMIT :most"""
SQL_DECIDED = """
INSERT INTO routing_decision (conversation, at, edition, queue, steps, answered)
VALUES (:conversation, :now, :edition, :queue, :steps, :answered) ON CONFLICT DO NOTHING"""
SQL_DECISION = """
SELECT d.at, d.edition, coalesce(q.name, ''), d.steps, d.answered FROM routing_decision d LEFT JOIN queue q ON q.id = d.queue
WHERE d.conversation = :conversation"""

_rules = msgspec.json.Decoder(list[Rule]).decode


class Edition(msgspec.Struct, frozen=True):
    """The rules after one change. `text` is what `checking.read` reads; 0 and no rules before the first."""

    n: int = 0
    text: str = "[]"

    @property
    def rules(self) -> list[Rule]:
        return _rules(self.text)


class _Step(msgspec.Struct, frozen=True, array_like=True):
    """A rule that was looked at, as a decision keeps it: the comparisons of `because` by their place in the rule."""

    rule: str
    matched: bool
    because: tuple[tuple[int, str], ...]
    counted: tuple[Thing, ...] = ()


_steps = msgspec.json.Decoder(list[_Step]).decode


def newest(read: Read) -> Edition:
    """The rules that are in force."""
    row = read.one(SQL_NEWEST)
    return Edition(*row) if row else Edition()


def edition(read: Read, n: int) -> Edition:
    """The rules after change `n`; none for 0. Refusals: not_found."""
    row = read.one(SQL_EDITION, {"n": n})
    if row is None and n:
        raise Refusal("not_found", f"there is no edition {n} of the rules")
    return Edition(*row) if row else Edition()


def keep(tx: Tx, author: bytes, name: str, rules: Sequence[Rule], seen: Count) -> Edition:
    """A new edition. Refusals: bad_request (with every mistake), taken (somebody has changed the rules since edition `seen`)."""
    before = newest(tx)
    if seen != before.n:
        raise Refusal(
            "taken", "somebody else has changed the rules meanwhile; look at them again before you do"
        )
    if wrong := checking.problems(rules):
        raise Refusal("bad_request", "; ".join(f"{at}: {why}" for at, why in wrong.items()), fields=wrong)
    known = {rule.id: rule for rule in before.rules}
    signed = [_signed(rule, known.get(rule.id), name, millis(tx.now)) for rule in rules]
    if signed == list(known.values()):
        return before
    text = msgspec.json.encode(signed).decode()
    tx.run(SQL_KEEP, {"n": before.n + 1, "now": tx.now, "author": author, "rules": text})
    return Edition(before.n + 1, text)


def _signed(rule: Rule, before: Rule | None, name: str, at: int) -> Rule:
    if before is not None and _bare(before) == _bare(rule):
        return before
    return msgspec.structs.replace(rule, by=name, at=at)


def _bare(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, by="", at=0)


def history(read: Read) -> list[RulesEdition]:
    """The last changes, the newest first."""
    rows = read.all(SQL_HISTORY, {"most": SHOWN + 1})
    texts = [*(row[3] for row in rows[1:]), "[]"]
    return [
        _change(n, millis(at), by, _rules(before), _rules(after))
        for (n, at, by, after), before in zip(rows, texts, strict=False)
    ][:SHOWN]


def _change(n: int, at: int, by: str, before: Sequence[Rule], after: Sequence[Rule]) -> RulesEdition:
    old, new = {rule.id: rule for rule in before}, {rule.id: rule for rule in after}
    return RulesEdition(
        n=n,
        at=at,
        by=by,
        added=[rule.name for rule in after if rule.id not in old],
        changed=[rule.name for rule in after if rule.id in old and old[rule.id] != rule],
        dropped=[rule.name for rule in before if rule.id not in new],
        moved=[one for one in old if one in new] != [one for one in new if one in old],
    )


def decided(
    tx: Tx, conversation: bytes, edition: int, decision: Decision, queue: bytes, *, answered: str
) -> None:
    """Keep what was decided, for whoever asks why."""
    steps = [_Step(step.rule.id, step.matched, step.because, step.counted) for step in decision.steps]
    row = {"conversation": conversation, "edition": edition, "queue": queue, "now": tx.now}
    tx.run(SQL_DECIDED, {**row, "steps": msgspec.json.encode(steps).decode(), "answered": answered})


def explained(read: Read, conversation: bytes) -> Explained:
    """Why a conversation went where it did, by the rules as they were."""
    row = read.one(SQL_DECISION, {"conversation": conversation})
    if row is None:
        return Explained(decided=False)
    at, n, queue, steps, answered = row
    then = {rule.id: rule for rule in edition(read, n).rules}
    now = {rule.id: rule for rule in newest(read).rules}
    shown = [_shown(step, then[step.rule], now.get(step.rule)) for step in _steps(steps) if step.rule in then]
    usual = not any("queue" in step.counted for step in shown)
    return Explained(decided=True, at=millis(at), steps=shown, queue=queue, usual=usual, answered=answered)


def _shown(step: _Step, rule: Rule, now: Rule | None) -> Step:
    because = []
    for place, found in step.because:
        one = rule.when[place]
        because.append(Found(fact=one.fact, op=one.op, value=one.value, found=found, held=step.matched))
    return Step(
        rule=rule.id,
        name=rule.name,
        matched=step.matched,
        because=because,
        then=rule.then if step.matched else Then(),
        counted=list(step.counted),
        changed=now is None or _bare(now) != _bare(rule),
    )
