"""A scene in a shop, one touchpoint a line, played through the product's front door in several orders.

    Scene('''
        a1  device:kiosk session:s1
        a2  device:kiosk session:s1 user_id!Ann  name="Ann Berg"
        m1  phone:"030 123456"  at=-3600  from=crm
    ''')

A decision `("revoke", 0)` takes the first one back. Claims are `kind!value` (verified), `kind:value` (observed) or `kind?value` (asserted); other words are attributes, but for `at` (seconds;
else a minute a line), `from` (the connection, else shop) and `region` (else DE). What comes out is told by the labels.
"""

import datetime as dt
import random
import shlex

from hub import identity, ids
from hub.actions.receive import receive
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.identity import oracle
from hub.store import scratch_tx
from tests.identity.conftest import claim

START = 1_600_000_000
SHUFFLES = 4


class Scene:
    """Everything reported, in the order written, then shuffled and redelivered: the answers are the same, or this fails."""

    def __init__(self, text, decisions=(), shuffles=SHUFFLES):
        self.touchpoints = dict(
            _touchpoint(n, line) for n, line in enumerate(filter(str.strip, text.splitlines()))
        )
        self.decisions, self.shuffles = decisions, shuffles
        plays = [self._play(order) for order in self._orders()]
        self.told = plays[0]
        assert all(play == self.told for play in plays), "the order of arrival changed the answer"

    @property
    def records(self):
        """`"a1 a2 | b1"`: who is with whom, by the first of each."""
        return self.told["records"]

    def why(self, label):
        """The chain that made this record, strongest first: `["email ann@shop.org", "decided"]`."""
        return self.told["why"][label]

    @property
    def refused(self):
        """`{("phone +4930123456", "names")}`: what would have joined more, and why it did not."""
        return self.told["refused"]

    def apart(self, label):
        """What this record shares with others and is not joined by, why, and with whom (the first label of each):
        `[("device kiosk", "limit", "a1 x1")]`. This is what an operator is shown."""
        return self.told["apart"][label]

    def held(self, label):
        """{identifier: (status, level)} of this record."""
        return self.told["held"][label]

    def name(self, label):
        return self.told["name"][label]

    def _orders(self):
        labels = list(self.touchpoints)
        yield labels
        for seed in range(self.shuffles):
            chance = random.Random(seed)
            again = labels + chance.sample(labels, min(3, len(labels)))
            yield chance.sample(again, len(again))

    def _play(self, order):
        with scratch_tx() as tx:
            for label in order:
                connection, touchpoint = self.touchpoints[label]
                receive(tx, connection, touchpoint)
            _work_out(tx)
            touch = {label: self.id_of(label) for label in self.touchpoints}
            made = []
            for op, *sides in self.decisions:
                tx.now += 1
                a, b = (*(touch.get(side, side) for side in sides), None)[:2]
                which = {"decision": made[sides[0]]} if op == "revoke" else {"a": a, "b": b}
                made.append(identity.decide(tx, op, author="Kim", **which).decision)
                _work_out(tx)
            return _answer(tx, touch)

    def id_of(self, label):
        connection, touchpoint = self.touchpoints[label]
        return ids.touch_id(round(touchpoint.occurred_at.timestamp() * 1e6), connection, touchpoint.key)


def _work_out(tx):
    """What is too large to be settled within a transaction."""
    while labels := identity.pending(tx):
        plan = identity.plan(tx, labels[0])
        for n in range(len(plan.steps)):
            identity.carry_out(tx, plan, n)


def _answer(tx, touch):
    label = {id_: name for name, id_ in touch.items()}
    customer = {name: identity.resolve(tx, id_) for name, id_ in touch.items()}
    batch = oracle.answer(tx)
    assert {touch[name]: who for name, who in customer.items()} == batch.customers
    members = {}
    for name, who in customer.items():
        members.setdefault(who, []).append(name)
    found = {who: identity.record(tx, who, whole=True) for who in members}
    explained = {who: identity.explain(tx, who) for who in members}
    for who, one in explained.items():
        # The record's short reasons and the whole explanation are one story.
        told = [
            f"{link.identifier[0]} {link.identifier[1]}" if link.identifier else "decided"
            for link in one.chain
        ]
        assert told == [_reason(reason) for reason in found[who].why]
    records = {name: found[who] for name, who in customer.items()}
    return {
        "records": " | ".join(" ".join(sorted(names)) for names in sorted(members.values(), key=min)),
        "why": {name: [_reason(reason) for reason in record.why] for name, record in records.items()},
        "parts": {
            name: [tuple(label.get(p) for p in r.parts) for r in record.why]
            for name, record in records.items()
        },
        "refused": sorted({(_by(one.by), one.reason) for one in batch.partition.refused}),
        "apart": {
            name: sorted(
                (
                    _by(one.identifier) if one.identifier else "decided",
                    one.reason,
                    " ".join(sorted(min(members[other]) for other in one.others)),
                )
                for one in explained[who].apart
            )
            for name, who in customer.items()
        },
        "held": {
            name: {f"{h.kind} {h.value}": (h.status, h.level.value) for h in record.identifiers}
            for name, record in records.items()
        },
        "name": {name: record.name for name, record in records.items()},
    }


def _reason(reason):
    return "decided" if reason.identifier is None else f"{reason.identifier.kind} {reason.identifier.value}"


def _by(by):
    return f"{by[0]} {by[1]}" if len(by) == 2 else "decided"


def _touchpoint(n, line):
    label, *words = shlex.split(line)
    claims, said, options = [], [], {"at": str(60 * n), "from": "shop", "region": "DE"}
    for word in words:
        key, is_set, value = word.partition("=")
        if is_set and key in options:
            options[key] = value
        elif is_set and key.isidentifier():
            said.append(AttributeClaim(attribute=key, value=value))
        else:
            claims.append(_claim(word))
    at = dt.datetime.fromtimestamp(START + float(options["at"]), dt.UTC)
    touchpoint = Touchpoint(
        channel="web", kind="visit", key=label, occurred_at=at, claims=tuple(claims), attributes=tuple(said), region=options["region"]
    )  # fmt: skip
    return label, (options["from"], touchpoint)


def _claim(word):
    if word.startswith("ext:"):
        system, _, value = word.removeprefix("ext:").partition(":")
        return Claim(kind=f"ext:{system}", value=value, level=Level.OBSERVED)
    return claim(word)
