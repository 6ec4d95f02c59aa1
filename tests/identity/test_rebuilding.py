"""Reading everything anew, trying other settings first, and finding what has drifted."""

import pytest

from hub import identity
from hub.identity import rebuilding

FEW = identity.Rules(others={"email": 1})


def renew_everything(tx):
    place, moved = identity.Place(), 0
    while place is not None:
        renewed = identity.renew(tx, place)
        place, moved = renewed.next, moved + len(renewed.events)
    return moved


def shared_mailbox(shop):
    """One address, said beside two numbers."""
    one = shop.report("email:m@shop.org", "phone:+493012345678", at=1)
    return one, shop.report("email:m@shop.org", "phone:+493012345679", at=2)


def test_other_settings_are_tried_before_they_count(shop):
    touches = shared_mailbox(shop)
    trial = identity.try_rules(shop.tx, FEW)
    assert (trial.customers, trial.would_be, trial.moved) == (1, 2, 1)
    assert (trial.apart, trial.together) == ({touches[0]: (1, 1)}, {})
    assert shop.who(*touches) == [1, 1]


def test_those_who_would_be_one_are_named(shop):
    touches = shared_mailbox(shop)
    identity.set_rules(shop.tx, FEW)
    renew_everything(shop.tx)
    trial = identity.try_rules(shop.tx, identity.Rules())
    assert (trial.customers, trial.would_be, trial.moved) == (2, 1, 1)
    assert (trial.apart, trial.together) == ({}, {touches[0]: touches})


def test_a_trial_tells_how_far_it_is_and_can_be_ended(shop):
    shared_mailbox(shop)
    log, heard = identity.log_of(shop.tx), []
    identity.tried(log, FEW, heard.append)
    assert heard == sorted(heard)
    assert heard[0] == 0.0
    assert heard[-1] == 1.0

    def enough(share):
        if share > 0.4:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        identity.tried(log, FEW, enough)


def test_settings_that_are_changed_and_changed_back_during_the_walk_stay_due(shop):
    """Part of that walk went by other rules; taking them for done would leave its records as no settings have them."""
    touches = shared_mailbox(shop)
    identity.set_rules(shop.tx, FEW)
    seen = identity.due(shop.tx)
    renew_everything(shop.tx)
    assert shop.who(*touches) == [1, 2]
    identity.set_rules(shop.tx, identity.Rules())
    identity.renewed(shop.tx, seen)
    assert identity.is_outdated(shop.tx)
    seen = identity.due(shop.tx)
    renew_everything(shop.tx)
    identity.renewed(shop.tx, seen)
    assert not identity.is_outdated(shop.tx)
    assert shop.who(*touches) == [1, 1]


def test_settings_that_are_switched_on_are_due_until_everything_was_read_anew(shop):
    touches = shared_mailbox(shop)
    assert not identity.is_outdated(shop.tx)
    identity.set_rules(shop.tx, FEW)
    assert identity.is_outdated(shop.tx)
    assert renew_everything(shop.tx) == 1
    identity.renewed(shop.tx, 1)
    assert not identity.is_outdated(shop.tx)
    assert shop.who(*touches) == [1, 2]
    assert identity.differences(shop.tx) == []


def test_reading_everything_anew_keeps_decisions(shop):
    one, other = shop.report("email:a@shop.org", at=1), shop.report("email:b@shop.org", at=2)
    third = shop.report("email:a@shop.org", at=3)
    shop.decide("never", one, third)
    shop.decide("same", one, other)
    assert renew_everything(shop.tx) == 0
    assert shop.who(one, other, third) == [1, 1, 2]


def test_what_has_drifted_is_found_and_repaired(shop):
    touches = [shop.report("device:d", f"session:{n}") for n in range(3)]
    assert identity.drifted(shop.tx, b"") == []
    shop.tx.run(
        "UPDATE evidence SET customer = ? WHERE customer = ? AND first = ?",
        (touches[2], touches[0], touches[2]),
    )
    (found,) = identity.drifted(shop.tx, b"")
    assert identity.repair(shop.tx, [found])
    assert identity.drifted(shop.tx, b"") == []
    assert shop.who(*touches) == [1, 1, 1]


def test_a_difference_names_the_touchpoint_and_where_it_belongs(shop):
    touch = shop.report("device:d")
    shop.tx.run("UPDATE evidence SET customer = x'00'")
    (found,) = rebuilding.differences(shop.tx)
    assert (found.touch, found.live, found.expected) == (touch, b"\0", touch)
    assert identity.verify(shop.tx) == {"touchpoints": 1, "differences": 1, "miskept": 0}


def test_what_is_kept_for_quick_reading_is_verified_and_counted_anew(shop):
    touch = shop.report("device:d", "session:s")
    shop.report("device:d", "session:s", "email:a@shop.org")
    shop.tx.run(
        "UPDATE evidence SET tells = 1, last = x'00', talked = x'01' WHERE key = (SELECT evidence FROM touchpoint WHERE id = ?)",
        (touch,),
    )
    shop.tx.run("UPDATE customer_total SET touches = 7")
    shop.tx.run("INSERT INTO customer_total (customer, touches) VALUES (x'00', 3), (x'ffff', 3)")
    assert identity.verify(shop.tx) == {"touchpoints": 2, "differences": 0, "miskept": 4}
    assert renew_everything(shop.tx) == 0
    assert identity.verify(shop.tx) == {"touchpoints": 2, "differences": 0, "miskept": 0}
    assert shop.tx.all("SELECT customer, touches FROM customer_total") == [(touch, 2)]
