"""What no source should send: bots, clocks, replays, absurdities, decisions about nobody. Clear answers, bounded time, nothing lost."""

import datetime as dt
import time

import pytest

from hub import identity
from hub.actions.receive import receive
from hub.contract import Claim, Identifier, Level, Touchpoint
from hub.intake import Unacceptable
from tests.identity.scene import Scene, _work_out

RIVALS = ("Anna", "Peter", "Clara", "David", "Emma")


def visit(n, *claims, at=None):
    said = tuple(Claim(kind=kind, value=value, level=level) for kind, value, level in claims)
    when = at or dt.datetime.fromtimestamp(1_600_000_000 + n, dt.UTC)
    return Touchpoint(channel="web", kind="visit", key=str(n), occurred_at=when, claims=said)


def on_the_bot(n, *more):
    return visit(n, ("device", "bot", Level.OBSERVED), ("session", f"s{n}", Level.OBSERVED), *more)


def play_a_bot(tx, visits):
    """So many anonymous visits of one device; then two people log in on it. How long the slowest of the last ones took."""
    for n in range(visits):
        receive(tx, "shop", on_the_bot(n))
    slowest = 0.0
    for n, who in enumerate(("Ann", "Bob") * 3):
        began = time.perf_counter()
        receive(tx, "shop", on_the_bot(visits + n, ("user_id", who, Level.VERIFIED)))
        slowest = max(slowest, time.perf_counter() - began)
        _work_out(tx)
    return slowest


def test_a_bot_of_many_sessions_and_two_log_ins_shatters_nobody(shop):
    play_a_bot(shop.tx, 400)
    customers = shop.tx.one("SELECT count(DISTINCT customer) FROM evidence")[0]
    assert customers == 402, "each visit its own, and Ann's and Bob's"
    ann = shop.tx.one(
        "SELECT e.customer FROM claim c JOIN evidence e ON e.key = c.evidence WHERE c.value = 'Ann'"
    )[0]
    held = {h.kind: h.status for h in identity.record(shop.tx, ann).identifiers}
    assert held["user_id"] == "links" and held["device"] in ("contested", "shared")


@pytest.mark.heavy
def test_a_bot_of_twenty_thousand_sessions_holds_nobody_up(shop):
    assert play_a_bot(shop.tx, 20_000) < 1.0


@pytest.mark.heavy
def test_a_device_of_twenty_thousand_visits_and_rival_names_holds_nobody_up(shop):
    for n in range(20_000):
        receive(shop.tx, "shop", on_the_bot(n))
    slowest = 0.0
    for n in range(20):
        began = time.perf_counter()
        shop.report("device:bot", f"session:r{n}", f"email?rival{n}@shop.org", name=f"{RIVALS[n % 5]} Berg")
        slowest = max(slowest, time.perf_counter() - began)
        _work_out(shop.tx)
    assert slowest < 1.0
    placed = shop.tx.one("SELECT count(*) FROM touchpoint t JOIN evidence e ON e.key = t.evidence")
    assert placed == (20_020,), "nothing is lost"
    named = "SELECT count(DISTINCT e.customer) FROM claim c JOIN evidence e ON e.key = c.evidence WHERE c.kind = 'email'"
    assert shop.tx.one(named) == (20,)


def test_two_hundred_and_fifty_numbers_and_addresses_in_one_touchpoint_are_answered(shop):
    said = [("email", f"ann{n}@shop.org", Level.ASSERTED) for n in range(250)]
    try:
        received = receive(shop.tx, "shop", visit(1, ("user_id", "Ann", Level.VERIFIED), *said))
    except Unacceptable as error:
        assert "250" in str(error) or "claims" in str(error)
    else:
        assert identity.record(shop.tx, received.touch).touches == 1


def test_an_import_that_is_replayed_changes_nothing():
    once = Scene("""
        i1  email?ann@shop.org phone?"030 123456" name="Ann Berg" from=import
        i2  email?bob@shop.org name="Bob Roth" from=import
    """)
    assert once.records == "i1 | i2", "a scene delivers again by itself"
    assert once.held("i1") == {
        "email ann@shop.org": ("unverified", "asserted"),
        "phone +4930123456": ("unverified", "asserted"),
    }
    assert (once.why("i1"), once.apart("i1"), once.refused) == ([], [], [])


@pytest.mark.parametrize("year", [1970, 2038, 9999])
def test_a_wrong_clock_puts_an_event_at_a_bearable_time_once(shop, year):
    touchpoint = visit(1, ("user_id", "Ann", Level.VERIFIED), at=dt.datetime(year, 1, 1, tzinfo=dt.UTC))
    first = receive(shop.tx, "shop", touchpoint)
    shop.tx.now += 1_000_000
    again = receive(shop.tx, "shop", touchpoint)
    assert (again.fresh, again.touch) == (False, first.touch)
    record = identity.record(shop.tx, first.touch)
    assert 0 <= record.first_at <= shop.tx.now and record.touches == 1


def test_an_event_from_2038_does_not_win_for_ever(shop):
    for n, (year, name) in enumerate([(2038, "From the Future"), (2026, "Ann Berg")]):
        shop.tx.now += 10_000_000
        at = (
            dt.datetime(year, 1, 1, tzinfo=dt.UTC)
            if year == 2038
            else dt.datetime.fromtimestamp(shop.tx.now / 1e6, dt.UTC)
        )
        touch = shop.report("user_id!Ann", name=name, key=str(n), at=at.timestamp() - 1_600_000_000)
    assert identity.header(shop.tx, touch).name == "Ann Berg"


def test_absurd_lengths_and_unknown_kinds_cost_the_rest_nothing(shop):
    said = visit(1, ("shoe", "44", Level.OBSERVED), ("email", "x" * 100_000 + "@shop.org", Level.OBSERVED),
                 ("user_id", "y" * 501, Level.VERIFIED), ("phone", "9" * 5_000, Level.OBSERVED), ("email", "ann@shop.org", Level.OBSERVED))  # fmt: skip
    received = receive(shop.tx, "shop", said)
    assert [h.value for h in identity.record(shop.tx, received.touch).identifiers] == ["ann@shop.org"]
    assert len(received.ignored) == 4 and all(len(sentence) < 400 for sentence in received.ignored)


def test_two_accounts_proven_in_one_breath_are_refused_with_what_to_do(shop):
    with pytest.raises(Unacceptable, match="report two touchpoints"):
        receive(
            shop.tx, "shop", visit(1, ("user_id", "Ann", Level.VERIFIED), ("user_id", "Bob", Level.VERIFIED))
        )
    assert shop.tx.one("SELECT count(*) FROM touchpoint") == (0,)


@pytest.mark.parametrize(
    "op, sides",
    [
        ("same", (b"a" * 16, b"b" * 16)),
        ("never", (b"a" * 16, b"b" * 16)),
        ("block", (Identifier(kind="email", value="never@seen.org"),)),
        ("detach", (b"a" * 16, Identifier(kind="email", value="never@seen.org"))),
        ("detach", (b"a" * 16, Identifier(kind="device", value="x" * 400))),
        ("unblock", (Identifier(kind="email", value="never@seen.org"),)),
        ("retract", (b"a" * 16,)),
    ],
)
def test_a_decision_about_what_was_never_seen_waits_and_harms_nobody(shop, op, sides):
    ann = shop.report("user_id!Ann")
    a, b = (*sides, None)[:2]
    decided = identity.decide(shop.tx, op, author="Kim", a=a, b=b)
    assert decided.decision and decided.answer.startswith("recorded")
    assert shop.who(ann, shop.report("user_id!Ann")) == [1, 1]
    assert identity.decide(shop.tx, "revoke", author="Kim", decision=decided.decision).answer == "revoked"
