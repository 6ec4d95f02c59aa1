"""Named cases: who is who in situations a shop really has, with the expected records and the expected explanation."""

import datetime as dt

import pytest

from hub import identity
from hub.contract import Identifier, Level, UnknownKind


def test_a_returning_browser_is_the_same_customer(shop):
    first = shop.report("device:d1", "session:s1")
    again = shop.report("device:d1", "session:s2")
    assert shop.who(first, again) == [1, 1]
    assert identity.header(shop.tx, again).level is Level.OBSERVED


def test_logging_in_brings_the_anonymous_history_along(shop):
    before = shop.report("device:d1", "session:s1")
    shop.report("device:d1", "session:s1", "user_id!U", name="Ann Berg")
    after = shop.report("device:d1", "session:s2")
    assert shop.who(before, after) == [1, 1]
    assert identity.header(shop.tx, before) == identity.Header(
        customer=before, name="Ann Berg", level=Level.VERIFIED, here=Level.VERIFIED
    )


def two_browsers_log_in(shop):
    home = [shop.report("device:home"), shop.report("device:home", "user_id!U")]
    phone = [shop.report("device:phone", "session:p1"), shop.report("device:phone", "session:p2")]
    touchpoint = shop.touchpoint("device:phone", "session:p2", "user_id!U")
    login, resolution = shop.accept(touchpoint)
    (merge,) = resolution.events
    return home, phone, login.touch_id, merge


def test_logging_in_on_a_second_browser_merges_and_tells_so(shop):
    home, phone, login, merge = two_browsers_log_in(shop)
    assert shop.who(*home, *phone, login) == [1, 1, 1, 1, 1]
    assert (merge.kind, merge.customer, merge.other, merge.cause) == ("merged", home[0], phone[0], login)
    assert identity.events_of(shop.tx, phone[0])[0] == merge


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("named", ["ids", "anchors"])
def test_taking_a_merge_back_gives_the_two_records_there_were(shop, turned, named):
    home, phone, login, merge = two_browsers_log_in(shop)
    sides = (merge.customer, merge.other) if named == "ids" else (merge.anchor, merge.other_anchor)
    a, b = reversed(sides) if turned else sides
    decided = shop.decide("never", a, b)
    assert shop.who(*home, *phone, login) == [1, 1, 2, 2, 1]
    assert [event.kind for event in decided.events] == ["split"]
    assert shop.who(phone[0], shop.report("device:phone", "session:p3")) == [1, 1]
    undone = shop.decide("revoke", decision=decided.decision)
    assert shop.who(*home, *phone, login) == [1, 1, 1, 1, 1]
    assert undone.answer == "revoked"
    assert shop.decide("revoke", decision=decided.decision).decision is None


def test_a_merge_of_an_older_browser_is_taken_back_as_well(shop):
    phone = shop.report("device:phone")
    home = [shop.report("device:home"), shop.report("device:home", "user_id!U")]
    login, resolution = shop.accept(shop.touchpoint("device:phone", "user_id!U"))
    (merge,) = resolution.events
    assert (merge.customer, merge.other) == (phone, home[0])
    shop.decide("never", merge.customer, merge.other)
    assert shop.who(phone, *home, login.touch_id) == [1, 2, 2, 2]


def test_on_a_kiosk_two_who_log_in_stay_two_and_who_does_not_stays_alone(shop):
    ann = shop.report("device:kiosk", "session:s1", "user_id!Ann")
    nobody = shop.report("device:kiosk", "session:s2")
    bob = shop.report("device:kiosk", "session:s3", "user_id!Bob")
    other = shop.report("device:kiosk", "session:s4")
    same_visit = shop.report("device:kiosk", "session:s3")
    assert shop.who(ann, nobody, bob, other, same_visit) == [1, 2, 3, 4, 3]
    assert {i.status for i in identity.record(shop.tx, ann).identifiers if i.kind == "device"} == {
        "contested"
    }


def test_a_family_tablet_leaves_everybodys_own_devices_with_them(shop):
    ann = shop.report("device:tablet", "user_id!Ann"), shop.report("device:laptop", "user_id!Ann")
    bob = shop.report("device:tablet", "user_id!Bob"), shop.report("device:phone", "user_id!Bob")
    on_the_laptop, on_the_phone = shop.report("device:laptop"), shop.report("device:phone")
    assert shop.who(*ann, on_the_laptop, *bob, on_the_phone) == [1, 1, 1, 2, 2, 2]


def test_after_a_logout_without_reset_the_next_login_parts_what_nobody_claimed(shop):
    ann = shop.report("device:d1", "session:s1", "user_id!Ann")
    between = shop.report("device:d1", "session:s2")
    assert shop.who(ann, between) == [1, 1]
    bob = shop.report("device:d1", "session:s3", "user_id!Bob")
    assert shop.who(ann, between, bob) == [1, 2, 3]


def test_who_types_a_verified_address_is_shown_with_its_owner_unverified(shop):
    ann = shop.report("device:d1", "user_id!Ann", "email!ann@shop.org", name="Ann Berg")
    typed = shop.report("device:d9", "email?Ann@Shop.org")
    assert shop.who(ann, typed) == [1, 1]
    (reason,) = identity.why(shop.tx, ann)
    assert reason.identifier == Identifier(kind="email", value="ann@shop.org")
    holders = identity.customers_of(shop.tx, "email", "ann@shop.org")
    assert [(h.customer, h.level, h.links) for h in holders] == [(ann, Level.VERIFIED, True)]


def test_who_types_a_verified_address_under_another_name_stays_alone(shop):
    ann = shop.report("device:d1", "user_id!Ann", "email!ann@shop.org", name="Ann Berg")
    stranger = shop.report("device:d9", "email?ann@shop.org", name="Otto Maler")
    assert shop.who(ann, stranger) == [1, 2]
    assert identity.header(shop.tx, stranger) == identity.Header(
        customer=stranger, name="Otto Maler", level=Level.ASSERTED, here=Level.ASSERTED
    )
    (typed,) = (i for i in identity.record(shop.tx, stranger).identifiers if i.kind == "email")
    assert (typed.status, typed.level) == ("contested", Level.ASSERTED)


def test_a_verified_address_shared_by_two_accounts_parts_them_and_keeps_its_own_mail(shop):
    ann = shop.report("user_id!Ann", "email!family@shop.org")
    bob = shop.report("user_id!Bob", "email!family@shop.org")
    mail = shop.report("email!family@shop.org")
    assert shop.who(ann, bob, mail) == [1, 2, 3]


def test_a_verified_address_joins_what_one_account_alone_claims(shop):
    ann = shop.report("user_id!Ann", "email!ann@shop.org")
    mail = shop.report("email!ANN@shop.org", "device:d2")
    chat = shop.report("device:d2")
    assert shop.who(ann, mail, chat) == [1, 1, 1]
    assert [(r.identifier.kind, r.parts) for r in identity.why(shop.tx, ann)] == [
        ("email", (ann, mail)), ("device", (ann, chat))]  # fmt: skip


def test_an_account_is_not_torn_apart_by_its_many_addresses(shop):
    touches = [shop.report("user_id!U", f"email!u{n}@shop.org", f"device:d{n}") for n in range(30)]
    assert set(shop.who(*touches)) == {1}


def test_two_accounts_of_one_person_are_merged_by_an_operator_and_parted_again(shop):
    work = [shop.report("device:d1"), shop.report("device:d1", "user_id!Work")]
    home = [shop.report("device:d2"), shop.report("device:d2", "user_id!Home")]
    decided = shop.decide("same", work[0], home[0])
    assert shop.who(*work, *home) == [1, 1, 1, 1]
    assert shop.who(work[0], shop.report("device:d2", "session:new")) == [1, 1]
    record = identity.record(shop.tx, home[0])
    assert [(d.decision, d.op, d.revoked) for d in record.decisions] == [(decided.decision, "same", False)]
    assert record.why[0].decision == decided.decision
    shop.decide("revoke", decision=decided.decision)
    assert shop.who(*work, *home) == [1, 1, 2, 2]
    assert [d.revoked for d in identity.record(shop.tx, home[0]).decisions] == [True]


def test_merging_with_oneself_changes_nothing_and_says_so(shop):
    one, other = shop.report("device:d1", "session:s1"), shop.report("device:d1", "session:s2")
    for a, b in ((one, one), (one, other)):
        decided = shop.decide("same", a, b)
        assert decided.decision is None
        assert "one customer already" in decided.answer
    assert shop.tx.all("SELECT * FROM decision") == []


def test_a_merge_against_a_never_is_refused_with_the_decision_to_revoke(shop):
    one, other = shop.report("device:d1"), shop.report("device:d2")
    never = shop.decide("never", one, other)
    decided = shop.decide("same", one, other)
    assert (decided.decision, decided.against) == (None, (never.decision,))
    shop.decide("revoke", decision=never.decision)
    assert shop.decide("same", one, other).decision
    assert shop.who(one, other) == [1, 1]


def test_never_keeps_two_apart_whom_a_login_would_join(shop):
    one, other = shop.report("device:d1"), shop.report("device:d2")
    shop.decide("never", one, other)
    shop.report("device:d1", "user_id!U")
    shop.report("device:d2", "user_id!U")
    assert len(set(shop.who(one, other))) == 2


def test_a_decision_about_what_has_not_arrived_waits_for_it(shop):
    known, late = shop.report("device:d1"), shop.touchpoint("device:d2", at=50)
    with_id = shop.accept  # the id is content: known before the touchpoint is
    from hub import ids

    touch = ids.touch_id(int(late.occurred_at.timestamp() * 1e6), "shop", late.key)
    decided = shop.decide("same", known, touch)
    assert decided.waiting
    assert "when the touchpoint it names arrives" in decided.answer
    with_id(late)
    assert shop.who(known, touch) == [1, 1]


def test_a_decision_may_name_an_identifier_nobody_has_seen(shop):
    ann = shop.report("device:d1", "user_id!Ann")
    shop.decide("never", ann, Identifier(kind="device", value="cafe"))
    in_the_cafe = shop.report("device:cafe", "user_id!Ann")
    unknown = shop.report("device:cafe")
    assert shop.who(ann, in_the_cafe, unknown) == [1, 1, 2]
    assert identity.record(shop.tx, ann).decisions[0].b == Identifier(kind="device", value="cafe")


def test_decisions_that_cannot_be_read_are_refused(shop):
    touch = shop.report("device:d1")
    with pytest.raises(identity.BadDecision, match="expected same or never with two sides"):
        shop.decide("merge", touch, touch)
    with pytest.raises(identity.UnknownDecision, match="nothing was revoked"):
        shop.decide("revoke", decision=b"x" * 16)
    with pytest.raises(UnknownKind, match="unknown kind of identifier 'shoe size'"):
        shop.decide("same", touch, Identifier(kind="shoe size", value="44"))
    assert shop.tx.all("SELECT * FROM decision") == []


def test_a_late_event_older_than_everything_moves_the_id_and_old_ids_keep_resolving(shop):
    shown = shop.report("device:d1", at=100)
    accepted, resolution = shop.accept(shop.touchpoint("device:d1", "session:s0", at=5))
    assert resolution.customer == accepted.touch_id
    assert [(e.kind, e.customer, e.other) for e in resolution.events] == [
        ("changed", accepted.touch_id, shown)
    ]
    assert identity.resolve(shop.tx, shown) == accepted.touch_id
    again = shop.report("device:d1", at=1)
    assert identity.resolve(shop.tx, shown) == again


def test_an_unknown_anchor_is_named(shop):
    with pytest.raises(identity.UnknownAnchor, match="no touchpoint has the id 7878"):
        identity.resolve(shop.tx, b"x" * 16)


def test_touchpoints_that_say_nothing_are_nobodys_but_their_own(shop):
    kim, other = shop.report(name="Kim"), shop.report(name="Kim")
    junk = shop.report("email?test@test.com"), shop.report("email?test@test.com"), shop.report("user_id!null")
    assert len(set(shop.who(kim, other, *junk))) == 5


def test_values_that_are_placeholders_join_nobody_even_verified(shop):
    assert shop.who(shop.report("user_id!0", "device:d1"), shop.report("user_id!0", "device:d2")) == [1, 2]
    assert shop.who(
        shop.report("email!info@shop.org", "device:d3"), shop.report("email!info@shop.org", "device:d4")
    ) == [1, 2]


def test_a_records_value_says_where_it_comes_from_and_what_it_won_against(shop):
    shop.report("device:d1", name="ann", connection="form")
    typed = shop.report("device:d1", name="Ann B", connection="form")
    record = identity.record(shop.tx, typed)
    (name,) = record.attributes
    assert (name.chosen.value, name.rule, name.chosen.touch, name.chosen.connection) == (
        "Ann B",
        "latest",
        typed,
        "form",
    )
    assert [value.value for value in name.runners_up] == ["ann"]
    assert record.name == "Ann B"
    assert record.touches == 2


def test_a_value_said_again_later_is_as_recent_as_that(shop):
    shop.report("device:d1", name="Ann", at=1)
    shop.report("device:d1", name="Anna", at=2)
    touch = shop.report("device:d1", name="Ann", at=3)
    (name,) = identity.record(shop.tx, touch).attributes
    assert (name.chosen.value, name.chosen.touch) == ("Ann", touch)


class Counting:
    """A transaction that counts its statements."""

    def __init__(self, tx):
        self._tx, self.count = tx, 0

    def __getattr__(self, name):
        if name in ("one", "all", "run", "many"):
            self.count += 1
        return getattr(self._tx, name)


def test_a_repeated_page_view_is_one_look_up(shop):
    for _ in range(3):
        shop.report("device:d1", "session:s1", "user_id!U")
    counting = shop.tx = Counting(shop.tx)
    shop.report("device:d1", "session:s1", "user_id!U")
    assert counting.count <= 3
    counting.count = 0
    shop.report("device:d1", "session:s2")
    assert counting.count <= 12


def test_a_thousand_anonymous_visits_of_one_browser_are_placed_without_reading_each_other(shop):
    for n in range(1000):
        shop.report("device:bot", f"session:s{n}")
    counting = shop.tx = Counting(shop.tx)
    touch = shop.report("device:bot", "session:last")
    assert counting.count <= 9
    assert identity.record(shop.tx, touch).touches == 1001


def test_times_in_the_record_are_those_of_the_events(shop):
    touch = shop.report("device:d1", at=0)
    shop.report("device:d1", at=60)
    record = identity.record(shop.tx, touch)
    assert dt.datetime.fromtimestamp(record.first_at / 1e6, dt.UTC) == dt.datetime(
        2020, 9, 13, 12, 26, 40, tzinfo=dt.UTC
    )
    assert record.last_at - record.first_at == 60_000_000
