"""Generated histories: touchpoints over small alphabets, and everything operators may decide about them.

Small alphabets, because clashes matter more than length: three accounts and a few addresses meet in a dozen steps, and the settings
of half the histories are so tight that identifiers turn shared and back all the time.
"""

import datetime as dt
import os

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from hub import identity, ids, intake
from hub.contract import AttributeClaim, Claim, Identifier, Level, Touchpoint
from hub.identity import rebuilding
from hub.identity.terms import DEFAULT, Rules

START = 1_600_000_000
LAWS = settings(
    max_examples=int(os.environ.get("HUB_EXAMPLES", "200")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
"""Examples of each law: 200 where all tests run, HUB_EXAMPLES of them in `make soak`."""

TIGHT = Rules(
    limits={"email": 2, "phone": 1, "device": 2},
    others={"device": 2, "phone": 2, "email": 2, "session": 2},
    crowds={"device": 3},
)
RULES = st.sampled_from([DEFAULT, TIGHT])

SAID = st.sampled_from(
    [("user_id", u, Level.VERIFIED) for u in ("A", "B", "C")]
    + [("email", m, level) for m in ("m@shop.org", "n@shop.org") for level in Level] * 2
    + [("email", "o@shop.org", Level.ASSERTED), ("email", "info@shop.org", Level.OBSERVED)]
    + [("device", d, Level.OBSERVED) for d in ("d1", "d2", "d3")] * 2
    + [("session", s, Level.OBSERVED) for s in ("s1", "s2")]
    + [("phone", "+493012345678", level) for level in Level]
    + [("ext:crm", e, Level.OBSERVED) for e in ("1", "2")]
    + [("user_id", "A", Level.ASSERTED), ("fax", "+493012345679", Level.OBSERVED)]
)


def proves_one(claims):
    """Whether no kind that a person has one of is verified twice: such a touchpoint is refused."""
    return sum(kind == "user_id" and level is Level.VERIFIED for kind, _, level in claims) < 2


CLAIMS = st.lists(SAID, max_size=4, unique_by=lambda c: c[:2]).filter(proves_one)
NAME = st.sampled_from([None, None, None, "Ann Berg", "A. Berg", "Bob Stone", "Berg, Ann"])
TOUCHES = st.lists(st.tuples(st.integers(0, 6), CLAIMS, NAME), min_size=1, max_size=10)
WHICH = st.integers(0, 9)
IDENTIFIER = st.sampled_from(
    [
        ("device", "d1"),
        ("user_id", "A"),
        ("email", "m@shop.org"),
        ("email", "info@shop.org"),
        ("session", "s1"),
    ]
)
SIDE = st.one_of(WHICH, IDENTIFIER)
TOUCH = st.tuples(st.just("touch"), WHICH)
ABOUT_PEOPLE = st.tuples(st.sampled_from(["same", "never"]), SIDE, SIDE)
ABOUT_CLAIMS = st.one_of(
    st.tuples(st.just("detach"), WHICH, IDENTIFIER),
    st.tuples(st.just("retract"), WHICH),
    st.tuples(st.sampled_from(["block", "unblock"]), IDENTIFIER),
    st.tuples(st.just("pin"), WHICH),
)
REVOKE = st.tuples(st.just("revoke"), WHICH)
DECISION = st.one_of(ABOUT_PEOPLE, ABOUT_CLAIMS)
STEP = st.one_of(TOUCH, TOUCH, ABOUT_PEOPLE, ABOUT_CLAIMS, REVOKE)


def touchpoints(drawn):
    """The touchpoints of drawn (second, claims, name)."""
    return [
        Touchpoint(
            channel="web",
            kind="visit",
            key=str(n),
            occurred_at=dt.datetime.fromtimestamp(START + at, dt.UTC),
            claims=tuple(Claim(kind=k, value=v, level=level) for k, v, level in claims),
            attributes=(AttributeClaim(attribute="name", value=name),) if name else (),
        )
        for n, (at, claims, name) in enumerate(drawn)
    ]


def put(tx, touchpoint, connection="c"):
    return identity.resolve_touch(tx, intake.accept(tx, connection, touchpoint))


def touch_id(touchpoint, connection="c"):
    return ids.touch_id(int(touchpoint.occurred_at.timestamp() * 1e6), connection, touchpoint.key)


class History:
    """Carries out generated steps; sides and revoked decisions are numbers into what there is, or will be."""

    def __init__(self, tx, drawn, rules=DEFAULT):
        self.tx, self.touchpoints, self.decisions = tx, touchpoints(drawn), []
        if rules is not DEFAULT:
            rebuilding.set_rules(tx, rules)

    def side(self, drawn):
        if isinstance(drawn, tuple):
            return Identifier(kind=drawn[0], value=drawn[1])
        return touch_id(self.touchpoints[drawn % len(self.touchpoints)])

    def all_touches(self):
        for touchpoint in self.touchpoints:
            put(self.tx, touchpoint)

    def take(self, step):
        self.tx.now += 1
        match step:
            case "touch", n:
                put(self.tx, self.touchpoints[n % len(self.touchpoints)])
                return None
            case "revoke", n:
                if not self.decisions:
                    return None
                # A revocation is revoked like any other decision.
                made = self._decide("revoke", decision=self.decisions[n % len(self.decisions)])
            case "pin", n:
                made = self._decide("pin", a=self.side(n), attribute="name", value="Pinned")
            case op, a:
                made = self._decide(op, a=self.side(a))
            case op, a, b:
                made = self._decide(op, a=self.side(a), b=self.side(b))
        if made.decision:
            self.decisions.append(made.decision)
        return made

    def _decide(self, op, **about):
        return identity.decide(self.tx, op, author="Kim", **about)


def live(tx):
    """{touch id: customer}, from the tables."""
    return dict(tx.all("SELECT t.id, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence"))


def fields(tx):
    return {customer: identity.record(tx, customer) for customer in set(live(tx).values())}


def derived(tx):
    """Everything that follows from the log, but for labels, which only have to be different for different groups."""
    plain = {
        name: tx.all(f"SELECT {columns} FROM {name} ORDER BY {columns}")
        for name, columns in (
            ("evidence", "key, first, customer, ruled, names, last, touches, tells, talked"),
            ("customer_total", "customer, touches"),
            ("claim", "kind, value, evidence, level, status, links"),
            ("touchpoint", "id, evidence"),
            ("identifier", "kind, value, status, ruled"),
            ("near", "kind, value, what, said, nodes"),
            ("attribute", "evidence, attribute, connection, level, value, confidence, touch, at, touches"),
        )
    }
    groups = {}
    for label, key in tx.all("SELECT component, key FROM evidence ORDER BY key"):
        groups.setdefault(label, []).append(key)
    plain["component"] = sorted(
        (groups.get(label), customer, dirty, msgspec.json.decode(summary))
        for label, customer, dirty, summary in tx.all("SELECT label, customer, dirty, summary FROM component")
    )
    return plain
