"""Rates and addresses: buckets fill and are forgotten, and a forwarded address is believed from a known proxy only."""

import pytest

from hub.web import limits
from hub.web.limits import Addresses, Limits, Rate, network_of
from hub.wire import Refusal

TEA = Rate(3, 0.5)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_burst_and_then_its_rate():
    clock = Clock()
    rates = Limits(clock)
    assert [rates.wait("tea", "kim", TEA) for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]
    clock.now = 1.0
    assert rates.wait("tea", "kim", TEA) == 1.0
    clock.now = 2.0
    assert rates.wait("tea", "kim", TEA) == 0.0
    clock.now = 1_000.0
    assert [rates.wait("tea", "kim", TEA) for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]


def test_keys_and_kinds_do_not_touch_each_other():
    rates = Limits(Clock())
    for _ in range(3):
        rates.take("tea", "kim", TEA)
    rates.take("tea", "lou", TEA)
    rates.take("coffee", "kim", TEA)
    with pytest.raises(Refusal) as refused:
        rates.take("tea", "kim", TEA)
    assert (refused.value.code, refused.value.retry_after) == ("rate_limited", 2.0)


def test_a_table_that_is_full_forgets_who_was_quiet_and_not_who_is_busy(monkeypatch):
    monkeypatch.setattr(limits, "MOST_KEYS", 100)
    clock = Clock()
    rates = Limits(clock)
    for n in range(100):
        clock.now = float(n)
        rates.take("tea", str(n), TEA)
    for _ in range(2):
        rates.take("tea", "99", TEA)
    clock.now = 99.5
    rates.take("tea", "new", TEA)
    assert len(rates._buckets) < 80
    with pytest.raises(Refusal):
        rates.take("tea", "99", TEA)


def test_a_bucket_that_somebody_keeps_themselves_gives_as_much():
    clock = Clock()
    rates, bucket, waits = Limits(clock), None, []
    for _ in range(4):
        seconds, bucket = rates.draw(bucket, TEA)
        waits.append(seconds)
    assert waits == [0.0, 0.0, 0.0, 2.0]


def scope(client, *forwarded):
    return {
        "client": (client, 1) if client else None,
        "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded],
    }


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("192.0.2.7", (), "192.0.2.7"),
        ("192.0.2.7", ("203.0.113.9",), "192.0.2.7"),
        ("10.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("198.51.100.1, 203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("198.51.100.1", "203.0.113.9"), "203.0.113.9"),
        ("10.0.0.1", ("forged",), "10.0.0.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::"),
        ("10.0.0.1", ("2001:db8:1:2::9",), "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", (), "192.0.2.7"),
        ("::ffff:192.0.2.8", (), "192.0.2.8"),
        ("", (), "local"),
    ],
)
def test_who_is_on_the_other_end(client, forwarded, address):
    assert Addresses(["10.0.0.0/8"]).of(scope(client, *forwarded)) == address


def test_a_network_tells_less_than_an_address():
    assert "192.0.2.7" not in network_of("192.0.2.7")
