"""Laws of identity on generated histories. Each check is made from the log or the tables, never from the rule's own bookkeeping."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from hub import identity
from hub.identity import oracle, rebuilding
from hub.store import scratch_tx
from tests.identity.histories import (
    DECISION,
    LAWS,
    RULES,
    STEP,
    TOUCHES,
    History,
    derived,
    fields,
    live,
    put,
)


@given(TOUCHES, RULES, st.randoms(use_true_random=False))
@LAWS
def test_the_order_of_arrival_and_redelivery_change_nothing(drawn, rules, random):
    with scratch_tx() as one, scratch_tx() as other:
        reports = History(one, drawn, rules).touchpoints
        History(other, drawn, rules)
        for report in reports:
            put(one, report)
        for report in random.sample(reports, len(reports)) + random.choices(reports, k=3):
            put(other, report)
        assert live(one) == live(other)
        assert fields(one) == fields(other)
        assert derived(one) == derived(other)


@given(TOUCHES, RULES, st.lists(DECISION, min_size=1, max_size=5), st.randoms(use_true_random=False))
@LAWS
def test_decisions_may_come_before_between_or_after_what_they_are_about(drawn, rules, decided, random):
    with scratch_tx() as one, scratch_tx() as other:
        first, second = History(one, drawn, rules), History(other, drawn, rules)
        for history in (first, second):
            # The rows are written as the console's would be, but for the search for better anchors, which depends on what is known.
            rows = [decision_row(history, n, step) for n, step in enumerate(decided)]
            steps = [("touch", n) for n in range(len(drawn))] + rows
            for step in random.sample(steps, len(steps)) if history is second else steps:
                if step[0] == "touch":
                    history.take(step)
                else:
                    carry_out(history.tx, step)
        assert live(one) == live(other) == oracle.customers(one)
        assert derived(one) == derived(other)


def decision_row(history, n, step):
    op, *sides = step
    return ("decide", n, op, tuple(map(history.side, sides)))


def carry_out(tx, step):
    """A decision with a given id and time, as another hub's log would bring it."""
    from hub.identity import decisions

    _, n, op, sides = step
    made = decisions.Spoken(n.to_bytes(16, "big"), n, op, sides, *(("name", "Pinned") if op == "pin" else ()))
    columns = [column for side in (*sides, None)[:2] for column in decisions._columns(side)]
    values = (made.attribute or None, made.value or None)
    tx.run(decisions.SQL_DECIDE, (made.key, n, "Kim", op, *columns, None, *values, ""))
    decisions._bring(tx, made, made.key, counts=True)


@given(TOUCHES, RULES, st.lists(STEP, min_size=1, max_size=14))
@LAWS
def test_after_every_step_live_state_is_the_batch_rule_over_the_log(drawn, rules, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        for step in steps:
            history.take(step)
            assert live(tx) == oracle.customers(tx)
        assert_tidy(tx)


@given(TOUCHES, RULES)
@LAWS
def test_after_every_touchpoint_live_state_is_the_batch_rule_over_those_before(drawn, rules):
    with scratch_tx() as tx:
        for report in History(tx, drawn, rules).touchpoints:
            put(tx, report)
            assert live(tx) == oracle.customers(tx)
        assert_tidy(tx)


def assert_tidy(tx):
    """Nothing derived is left over, and every component says of itself what its nodes say."""
    for table, column in (("claim", "evidence"), ("attribute", "evidence")):
        orphans = (
            f"SELECT count(*) FROM {table} o LEFT JOIN evidence e ON e.key = o.{column} WHERE e.key IS NULL"
        )
        assert tx.one(orphans) == (0,)
    assert tx.one("SELECT count(*) FROM component WHERE dirty") == (0,)
    assert tx.one("SELECT count(*) FROM behind") == (0,)
    stored = {label for (label,) in tx.all("SELECT label FROM component")}
    assert stored == {label for (label,) in tx.all("SELECT DISTINCT component FROM evidence")}


@given(TOUCHES, RULES, st.lists(STEP, max_size=8), DECISION)
@LAWS
def test_a_decision_and_its_revocation_give_exactly_what_was(drawn, rules, steps, decision):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        history.all_touches()
        for step in steps:
            history.take(step)
        before = live(tx), derived(tx), fields_without_decisions(tx)
        made = history.take(decision)
        if made.decision:
            identity.decide(tx, "revoke", author="Kim", decision=made.decision)
        assert (live(tx), derived(tx), fields_without_decisions(tx)) == before


def fields_without_decisions(tx):
    return {who: (one.name, one.attributes, one.identifiers, one.why) for who, one in fields(tx).items()}


@given(TOUCHES, RULES, st.lists(STEP, max_size=12))
@LAWS
def test_every_touchpoint_is_in_exactly_one_record_whose_id_is_its_first(drawn, rules, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        for step in steps:
            history.take(step)
        now = live(tx)
        assert sorted(now) == [row[0] for row in tx.all("SELECT id FROM touchpoint ORDER BY id")]
        for customer in set(now.values()):
            members = identity.members(tx, customer)
            assert customer == members[0] == min(touch for touch, who in now.items() if who == customer)
            assert all(identity.resolve(tx, touch) == customer for touch in members)


@given(TOUCHES, RULES, st.lists(STEP.filter(lambda s: s[0] not in ("same", "block", "unblock")), max_size=14))
@LAWS
def test_without_an_operators_same_two_verified_people_are_never_one_and_never_holds(drawn, rules, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        history.all_touches()
        for step in steps:
            history.take(step)
        for customer in set(live(tx).values()):
            assert proven_people(tx, customer) <= 1
        for a, b in kept_apart(tx):
            assert a != b


def proven_people(tx, customer):
    """How many groups the verified claims of a record fall into, and at least how many accounts it holds: from the log alone, but for
    what a detach or a retract has taken away, and identifiers that are no one person's."""
    taken = defaultdict(set)
    for touch, kind, value in tx.all("SELECT touch, kind, value FROM taken"):
        taken[touch].add((kind, value))
    nobodys = set(tx.all("SELECT kind, value FROM identifier WHERE status <> 'links'"))
    seen = {}
    for touch in identity.touches(tx, customer, limit=1000):
        gone = taken[touch.id]
        proofs = {
            (c["kind"], c["value"])
            for c in touch.claims
            if c["level"] == "verified"
            and (None, None) not in gone
            and (c["kind"], c["value"]) not in gone | nobodys
        }
        merged = proofs.union(*(group for group in seen.values() if group & proofs))
        seen.update(dict.fromkeys(merged, merged))
    groups = {frozenset(group) for group in seen.values()}
    accounts = {value for group in groups for kind, value in group if kind == "user_id"}
    return max(len(groups), len(accounts))


def kept_apart(tx):
    """(customer, customer) for every pair of arrived touchpoints on which the latest word in force is `never`."""
    now, latest = live(tx), {}
    for one in oracle.in_force(tx.all(oracle.SQL_ALL_DECISIONS)):
        if one.op in ("same", "never") and all(side in now for side in one.sides):
            latest[frozenset(one.sides)] = one
    return [tuple(now[side] for side in one.sides) for one in latest.values() if one.op == "never"]


@given(TOUCHES, RULES, st.lists(STEP, max_size=14))
@LAWS
def test_never_holds_against_any_chain_of_sames(drawn, rules, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        history.all_touches()
        for step in steps:
            history.take(step)
        for a, b in kept_apart(tx):
            assert a != b


@given(TOUCHES, RULES, st.lists(DECISION, max_size=4), st.lists(st.booleans(), min_size=14, max_size=14))
@LAWS
def test_two_hubs_with_halves_of_the_log_that_exchange_them_agree(drawn, rules, decided, halves):
    with scratch_tx() as one, scratch_tx() as other:
        hubs = History(one, drawn, rules), History(other, drawn, rules)
        steps = [("touch", n) for n in range(len(drawn))]
        steps += [decision_row(hubs[0], n, step) for n, step in enumerate(decided)]
        ours = [step for step, half in zip(steps, halves, strict=False) if half]
        theirs = [step for step in steps if step not in ours]
        for hub, mine, received in ((hubs[0], ours, theirs), (hubs[1], theirs, ours)):
            for step in mine + received:
                if step[0] == "touch":
                    hub.take(step)
                else:
                    carry_out(hub.tx, step)
        assert live(one) == live(other)
        assert derived(one) == derived(other)


def renew_everything(tx):
    """Every slice of a rebuild; what it moved."""
    place, moved = rebuilding.Place(), []
    while place is not None:
        renewed = rebuilding.renew(tx, place, limit=3)
        place, moved = renewed.next, [*moved, *renewed.events]
    return moved


@given(TOUCHES, RULES, st.lists(STEP, max_size=12))
@LAWS
def test_reading_the_log_anew_changes_nothing(drawn, rules, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        for step in steps:
            history.take(step)
        before = live(tx), derived(tx)
        assert renew_everything(tx) == []
        assert (live(tx), derived(tx)) == before
        assert rebuilding.differences(tx) == []


@given(TOUCHES, st.lists(STEP, max_size=10))
@LAWS
def test_other_settings_and_the_log_read_anew_are_as_if_they_had_always_been(drawn, steps):
    from tests.identity.histories import TIGHT

    with scratch_tx() as tx:
        history = History(tx, drawn)
        for step in steps:
            history.take(step)
        rebuilding.set_rules(tx, TIGHT)
        renew_everything(tx)
        assert live(tx) == oracle.customers(tx)


@given(TOUCHES, RULES, st.lists(STEP, max_size=10))
@LAWS
def test_a_value_shown_was_said_in_the_record_and_by_whom_it_says(drawn, rules, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        history.all_touches()
        for step in steps:
            history.take(step)
        for customer, record in fields(tx).items():
            said = {
                (touch.id, claim["value"])
                for touch in identity.touches(tx, customer, limit=1000)
                for claim in touch.attributes
            }
            for attribute in record.attributes:
                for value in (attribute.chosen, *attribute.runners_up):
                    assert (value.touch, value.value) in said or attribute.rule == "pinned"


@given(TOUCHES, RULES, st.lists(STEP, max_size=8), st.integers(0, 9))
@LAWS
def test_a_touchpoint_changes_only_records_that_share_something_with_it(drawn, rules, steps, which):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        late = history.touchpoints[which % len(drawn)]
        for report in history.touchpoints:
            if report is not late:
                put(tx, report)
        for step in steps:
            if step[0] != "touch":
                history.take(step)
        before = live(tx)
        near = reachable(tx, history, late)
        put(tx, late)
        changed = {touch for touch, who in live(tx).items() if before.get(touch, who) != who}
        assert changed <= near


def reachable(tx, history, late):
    """The touchpoints that identifiers, status lists and decisions connect with one, however far: from the log alone."""
    from tests.identity.histories import touch_id

    tied = [
        {("touch", touch_id(r)), *(("id", c.kind, c.value) for c in r.claims)} for r in history.touchpoints
    ]
    for one in oracle.in_force(tx.all(oracle.SQL_ALL_DECISIONS)):
        sides = [("touch", s) if isinstance(s, bytes) else ("id", s.kind, s.value) for s in one.sides]
        tied.append(set(sides))
    found = {("touch", touch_id(late))}
    grown = True
    while grown:
        more = found.union(*(tie for tie in tied if tie & found))
        grown, found = more != found, more
    return {what[1] for what in found if what[0] == "touch"}


@given(TOUCHES, RULES, st.lists(STEP, max_size=10))
@LAWS
def test_events_lead_from_every_id_ever_shown_to_where_it_is_now(drawn, rules, steps):
    with scratch_tx() as tx:
        history = History(tx, drawn, rules)
        shown = set()
        for step in steps:
            before = live(tx)
            n = tx.one("SELECT coalesce(max(n), 0) FROM record_event")[0]
            history.take(step)
            now = live(tx)
            shown |= set(now.values())
            assert all(identity.resolve(tx, customer) == now[customer] for customer in shown)
            told = {
                who
                for row in tx.all("SELECT customer, other FROM record_event WHERE n > ?", (n,))
                for who in row
            }
            moved = {touch for touch, who in before.items() if now[touch] != who}
            assert {before[touch] for touch in moved} | {now[touch] for touch in moved} <= told
