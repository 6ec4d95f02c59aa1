"""Laws of identity on generated histories. Small alphabets, because clashes matter more than length."""

import datetime as dt
from collections import defaultdict
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import identity, ids, intake
from hub.contract import Claim, Identifier, Level, Touchpoint
from hub.identity import oracle
from hub.store import scratch_tx

SAID = st.sampled_from(
    [("user_id", u, Level.VERIFIED) for u in ("A", "B", "C")]
    + [("email", m, level) for m in ("m@shop.org", "n@shop.org") for level in Level]
    + [("device", d, Level.OBSERVED) for d in ("d1", "d2", "d3")] * 2
    + [("session", s, Level.OBSERVED) for s in ("s1", "s2")]
    + [("user_id", "A", Level.ASSERTED), ("phone", "+4930123456", Level.VERIFIED)]
)
CLAIMS = st.lists(SAID, max_size=3, unique_by=lambda c: c[:2]).filter(
    lambda cs: sum(kind == "user_id" and level is Level.VERIFIED for kind, _, level in cs) < 2
)
TOUCHES = st.lists(st.tuples(st.integers(0, 6), CLAIMS), min_size=1, max_size=10)
SIDE = st.one_of(
    st.integers(0, 9), st.sampled_from([("device", "d1"), ("user_id", "A"), ("email", "m@shop.org")])
)
STEP = st.one_of(
    st.tuples(st.just("touch"), st.integers(0, 9)),
    st.tuples(st.just("touch"), st.integers(0, 9)),
    st.tuples(st.sampled_from(["same", "never"]), SIDE, SIDE),
    st.tuples(st.just("revoke"), st.integers(0, 9)),
)
LIMITS = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
START = 1_600_000_000


def touchpoints(drawn):
    return [
        Touchpoint(
            channel="web", kind="visit", key=str(n), occurred_at=dt.datetime.fromtimestamp(START + at, dt.UTC),
            claims=tuple(Claim(kind=k, value=v, level=level) for k, v, level in claims),
        )
        for n, (at, claims) in enumerate(drawn)
    ]  # fmt: skip


def put(tx, touchpoint):
    return identity.resolve_touch(tx, intake.accept(tx, "c", touchpoint))


def live(tx):
    rows = tx.all("SELECT t.id, e.customer FROM touchpoint t JOIN evidence e ON e.key = t.evidence")
    return dict(rows)


def fields(tx):
    return {customer: identity.record(tx, customer) for customer in set(live(tx).values())}


def derived(tx):
    """Everything that follows from the log, but for labels, which only have to be different for different groups."""
    nodes = tx.all("SELECT key, first, customer, ruled, names FROM evidence ORDER BY key")
    claims = tx.all("SELECT * FROM claim ORDER BY kind, value, evidence")
    placed = tx.all("SELECT id, evidence FROM touchpoint ORDER BY id")
    return nodes, claims, placed


class History:
    """Carries out generated steps; sides and revoked decisions are numbers into what there is, or will be."""

    def __init__(self, tx, drawn):
        self.tx, self.touchpoints, self.decisions = tx, touchpoints(drawn), []

    def side(self, drawn):
        if isinstance(drawn, tuple):
            return Identifier(kind=drawn[0], value=drawn[1])
        touchpoint = self.touchpoints[drawn % len(self.touchpoints)]
        return ids.touch_id(int(touchpoint.occurred_at.timestamp() * 1e6), "c", touchpoint.key)

    def take(self, step):
        self.tx.now += 1
        match step:
            case "touch", n:
                put(self.tx, self.touchpoints[n % len(self.touchpoints)])
            case "revoke", n:
                if self.decisions:
                    target = self.decisions[n % len(self.decisions)]  # a revocation is revoked like any other
                    self._decided(identity.decide(self.tx, "revoke", author="Kim", decision=target))
            case op, a, b:
                return self._decided(
                    identity.decide(self.tx, op, author="Kim", a=self.side(a), b=self.side(b))
                )
        return None

    def _decided(self, decided):
        if decided.decision:
            self.decisions.append(decided.decision)
        return decided


@given(TOUCHES, st.randoms(use_true_random=False))
@LIMITS
def test_the_order_of_arrival_and_redelivery_change_nothing(drawn, random):
    reports = touchpoints(drawn)
    shuffled = random.sample(reports, len(reports)) + random.choices(reports, k=3)
    with scratch_tx() as one, scratch_tx() as other:
        for report in reports:
            put(one, report)
        for report in shuffled:
            put(other, report)
        assert live(one) == live(other)
        assert fields(one) == fields(other)
        assert derived(one) == derived(other)


@given(TOUCHES, st.lists(STEP, min_size=1, max_size=14))
@LIMITS
def test_after_every_step_live_state_is_the_batch_rule_over_the_log(drawn, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn)
        for step in steps:
            history.take(step)
            assert live(tx) == oracle.customers(tx)
            orphans = tx.one(
                "SELECT count(*) FROM claim c LEFT JOIN evidence e ON e.key = c.evidence WHERE e.key IS NULL"
            )
            assert orphans == (0,)


@given(TOUCHES, st.lists(STEP, max_size=8), st.sampled_from(["same", "never"]), SIDE, SIDE)
@LIMITS
def test_a_decision_and_its_revocation_give_exactly_what_was(drawn, steps, op, a, b):
    with scratch_tx() as tx:
        history = History(tx, drawn)
        for touchpoint in history.touchpoints:
            put(tx, touchpoint)
        for step in steps:
            history.take(step)
        before = live(tx), derived(tx)
        decided = history.take((op, a, b))
        if decided.decision:
            identity.decide(tx, "revoke", author="Kim", decision=decided.decision)
        assert (live(tx), derived(tx)) == before


@given(TOUCHES, st.lists(st.one_of(STEP).filter(lambda s: s[0] != "same"), max_size=14))
@LIMITS
def test_without_an_operators_same_two_verified_people_are_never_one_and_never_holds(drawn, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn)
        for step in [*(("touch", n) for n in range(len(drawn))), *steps]:
            history.take(step)
        for customer in set(live(tx).values()):
            assert proven_people(tx, customer) <= 1
        for a, b in kept_apart(tx):
            assert a != b


def kept_apart(tx):
    """(customer, customer) for every `never` in force between two touchpoints that have arrived."""
    now = live(tx)
    for one in oracle.in_force(tx.all(oracle.SQL_ALL_DECISIONS)):
        if one.op == "never" and all(side in now for side in one.sides):
            yield now[one.sides[0]], now[one.sides[1]]


def proven_people(tx, customer):
    """How many groups the verified claims of a record fall into, and at least how many accounts it holds: from the log alone."""
    seen = defaultdict(set)
    for touch in identity.touches(tx, customer, limit=1000):
        proofs = {
            (c["kind"], c["value"])
            for c in touch.claims
            if c["level"] == "verified" and c["kind"] != "device"
        }
        if proofs:
            merged = set().union(proofs, *(group for group in seen.values() if group & proofs))
            for proof in merged:
                seen[proof] = merged
    groups = {frozenset(group) for group in seen.values()}
    accounts = {value for group in groups for kind, value in group if kind == "user_id"}
    return max(len(groups), len(accounts))


@given(TOUCHES, st.lists(STEP, max_size=10))
@LIMITS
def test_events_lead_from_every_id_ever_shown_to_where_it_is_now(drawn, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn)
        shown = set()
        for step in steps:
            history.take(step)
            now = live(tx)
            shown |= set(now.values())
            for customer in shown:
                assert identity.resolve(tx, customer) == now[customer]
            assert sorted(
                t.id for c in set(now.values()) for t in identity.touches(tx, c, limit=99)
            ) == sorted(now)


@pytest.mark.parametrize("seed", range(3))
def test_pages_of_a_timeline_join_without_gap_or_overlap(seed):
    with scratch_tx() as tx:
        for n in range(25):
            drawn = [
                (
                    (n * (seed + 3)) % 11,
                    [("device", "d1", Level.OBSERVED), ("session", f"s{n % 4}", Level.OBSERVED)],
                )
            ]
            put(tx, Touchpoint(channel="web", kind="visit", key=f"k{n}", occurred_at=touchpoints(drawn)[0].occurred_at,
                               claims=touchpoints(drawn)[0].claims))  # fmt: skip
        (customer,) = set(live(tx).values())
        found, before = [], None
        while page := identity.touches(tx, customer, before, 7):
            found += [touch.id for touch in page]
            before = found[-1]
        assert found == sorted(found, reverse=True)
        assert tuple(sorted(found)) == identity.members(tx, customer)
        assert len(found) == 25


RETRACT = st.tuples(st.just("retract"), st.integers(0, 9))


@given(TOUCHES, st.lists(st.one_of(STEP, RETRACT), min_size=1, max_size=14))
@LIMITS
def test_what_is_taken_back_counts_no_more_whatever_happens_around_it(drawn, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn)
        for step in steps:
            if step[0] != "retract":
                history.take(step)
            else:
                touch = history.side(step[1])
                with suppress(LookupError):  # only what a decision names can be taken back
                    identity.unsay(tx, touch)
                    claims = "SELECT count(*) FROM claim c JOIN touchpoint t ON t.evidence = c.evidence WHERE t.id = ?"
                    assert tx.one(claims, (touch,)) == (0,)
            assert live(tx) == oracle.customers(tx)
