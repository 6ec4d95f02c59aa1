"""Named cases: what people share, what strangers type, and inputs that are out of all proportion."""

from hub import identity, intake
from hub.identity import oracle
from tests.identity.test_cases import Counting


def test_a_site_may_let_typed_identifiers_join_nobody(shop):
    ann = shop.report("device:d1", "user_id!Ann", "email!ann@shop.org")
    held = intake.accept(shop.tx, "shop", shop.touchpoint("device:d9", "email?ann@shop.org"), held=True)
    identity.resolve_touch(shop.tx, held)
    attached = shop.report("device:d8", "email?ann@shop.org")
    assert shop.who(ann, held.touch_id, attached) == [1, 2, 1]
    assert oracle.customers(shop.tx)[held.touch_id] == held.touch_id


def test_the_form_does_not_tell_that_somebody_is_known(shop):
    shop.report("device:d1", "user_id!Ann", "email!ann@shop.org", name="Ann Berg")
    visit = shop.report("device:d9", "session:s9")
    typed = shop.report("device:d9", "session:s9", "email?ann@shop.org")
    assert shop.who(visit, typed) == [1, 1]
    assert identity.told(shop.tx, visit, "email")
    assert not identity.told(shop.tx, visit, "name")


def test_a_family_mailbox_keeps_who_gives_a_name_apart_and_who_does_not_to_itself(shop):
    ann = (
        shop.report("email:family@shop.org", name="Ann Berg"),
        shop.report("email:family@shop.org", name="A. Berg"),
    )
    otto = shop.report("email:family@shop.org", name="Otto Berg")
    nameless = shop.report("email:family@shop.org"), shop.report("email:family@shop.org", "session:s1")
    assert shop.who(*ann, otto, *nameless) == [1, 1, 2, 3, 3]


def test_a_hostile_report_shatters_nobody(shop):
    ann = [
        shop.report("email:ann@shop.org", name="Ann Berg"),
        shop.report("email?ann@shop.org", "device:d1", name="Ann Berg"),
        shop.report("device:d1", "session:s2"),
    ]
    stranger = shop.report("email?ann@shop.org", "device:d9", name="Otto Maler")
    assert shop.who(*ann, stranger) == [1, 1, 1, 2]


def test_a_recycled_number_is_nobodys_who_does_not_say_a_name(shop):
    before = shop.report("phone:+493012345678", name="Ann Berg")
    after = shop.report("phone:+493012345678", name="Otto Maler")
    call = shop.report("phone:+493012345678")
    assert len(set(shop.who(before, after, call))) == 3


def test_a_desks_mails_are_told_apart_by_names(shop):
    one, again = (
        shop.report("email:info@firm.org", name="Ann Berg"),
        shop.report("email:info@firm.org", name="Ann Berg", at=50),
    )
    other = shop.report("email:info@firm.org", name="Otto Maler")
    nameless = shop.report("email:info@firm.org"), shop.report("email:info@firm.org", "fax:+493012345679")
    assert shop.who(one, again, other, *nameless) == [1, 1, 2, 3, 3]


def test_a_switchboard_is_shared_and_joins_nobody(shop):
    callers = [shop.report("phone:+493012345678", f"email:{letter}@firm.org") for letter in "abcdefgh"]
    assert len(set(shop.who(*callers))) == 8
    (phone,) = (i for i in identity.record(shop.tx, callers[0]).identifiers if i.kind == "phone")
    assert phone.status == "shared"


def test_a_name_changed_by_marriage_does_not_part_who_is_proven(shop):
    before = shop.report("user_id!U", name="Ann Berg")
    after = shop.report("user_id!U", name="Ann Maler")
    other = shop.report("user_id!U", name="Otto Maler")
    assert shop.who(before, after, other) == [1, 1, 1]


def test_clocks_of_1970_and_2038_break_nothing(shop):
    old = shop.report("device:d1", at=-1_600_000_000)
    new = shop.report("device:d1", "session:s1", at=10_000_000_000)
    assert shop.who(old, new) == [1, 1]
    assert identity.record(shop.tx, new).last_at <= shop.tx.now


def test_an_account_with_250_ids_is_one_record_and_opens(shop):
    touches = [
        shop.report("user_id!U", f"email:u{n}@shop.org", f"device:d{n}", f"session:s{n}") for n in range(250)
    ]
    while labels := identity.pending(shop.tx):
        plan = identity.plan(shop.tx, labels[0])
        for n in range(len(plan.steps)):
            identity.carry_out(shop.tx, plan, n)
    assert set(shop.who(*touches)) == {1}
    assert len(identity.record(shop.tx, touches[0], whole=True).identifiers) == 751
    assert (
        len(identity.record(shop.tx, touches[0]).identifiers) >= 251
    )  # its addresses, and the visits at both ends


def test_twenty_thousand_visits_on_one_browser_and_then_rivals_take_moments(shop):
    visits = [shop.report("device:kiosk", f"session:{n}") for n in range(1500)]
    assert set(shop.who(*visits[:5])) == {1}
    for n, name in enumerate(("Ann Berg", "Otto Maler", "Kim Lee")):
        shop.report("device:kiosk", f"session:r{n}", f"email?{n}@shop.org", name=name)
    counting = shop.tx = Counting(shop.tx)
    shop.report("device:kiosk", "session:last")
    assert counting.count <= 12
    while labels := identity.pending(shop.tx):
        plan = identity.plan(shop.tx, labels[0])
        for n in range(len(plan.steps)):
            identity.carry_out(shop.tx, plan, n)
    assert len(set(shop.who(*visits[:50]))) == 50
    assert identity.verify(shop.tx)["differences"] == 0
