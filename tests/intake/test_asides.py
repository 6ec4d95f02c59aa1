"""What a channel could not read: kept as it came, counted, read again or given up; and how much of it."""

import pytest

from hub.intake import asides
from hub.store import scratch_tx


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


def only(tx):
    (one,) = asides.listed(tx)
    return one


def test_setting_one_aside_again_only_changes_the_reason(tx):
    asides.put(tx, "post", "k1", b"\xff\xfe raw", "no such charset: x-klingon")
    asides.put(tx, "post", "k1", b"another", "still none")
    assert (only(tx).raw, only(tx).why, only(tx).tries, only(tx).whole) == (
        b"\xff\xfe raw",
        "still none",
        2,
        True,
    )
    assert asides.counts(tx) == {"post": 1}
    assert tx.published == [(asides.TOPIC, "post")] * 2


def test_what_is_read_again_is_off_the_list_unless_it_was_set_aside_meanwhile(tx):
    asides.put(tx, "post", "k1", b"raw", "bad")
    held = asides.one(tx, only(tx).id)
    asides.put(tx, "post", "k1", b"raw", "worse")
    asides.done(tx, only(tx).id, held)
    assert only(tx).why == "worse"
    asides.done(tx, only(tx).id, asides.one(tx, only(tx).id))
    assert asides.listed(tx) == []


def test_what_is_given_up_leaves_its_key_and_nothing_else(tx):
    asides.put(tx, "post", "k1", b"raw", "bad")
    assert asides.give_up(tx, only(tx).id)
    asides.put(tx, "post", "k1", b"raw", "found by looking through everything")
    assert asides.listed(tx) == []
    assert asides.counts(tx) == {}
    assert tx.one("SELECT key, raw FROM aside") == ("k1", b"")


def test_of_what_is_too_large_or_too_much_the_beginning_is_kept(tx, monkeypatch):
    monkeypatch.setattr(asides, "LARGEST", 100_000)
    monkeypatch.setattr(asides, "MOST", 250_000)
    asides.put(tx, "post", "large", b"x" * 100_001, "bad")
    assert (only(tx).whole, only(tx).size) == (False, 100_001)
    for n in range(3):
        tx.now += 1
        asides.put(tx, "post", f"k{n}", b"x" * 90_000, "bad")
    assert [one.whole for one in reversed(asides.listed(tx))] == [False, True, True, False]
    tx.now += 1
    asides.put(tx, "other", "k0", b"x" * 90_000, "bad")
    assert asides.listed(tx)[0].whole


def test_those_that_speak_of_somebody_are_found_by_their_words(tx):
    asides.put(tx, "post", "k1", b"From: Ann <ANN@berg-post.de>\r\n\xff", "bad")
    asides.put(tx, "post", "k2", b"From: Ben", "bad")
    assert len(asides.speaking_of(tx, ("ann@berg-post.de",))) == 1


@pytest.mark.parametrize("key", ["", "k" * 501])
def test_a_key_that_is_none_is_refused(tx, key):
    with pytest.raises(ValueError, match="expected a key of 1 to 500 characters"):
        asides.put(tx, "post", key, b"raw", "bad")
