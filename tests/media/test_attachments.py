"""Rows of attachments: one's own, once, within the quota, and gone when nobody wants them."""

import os

import pytest

from hub import media
from hub.wire import Refusal

ANN, BOB, TALK = b"ann-" * 4, b"bob-" * 4, b"talk" * 4


def kept(size: int = 1_000, **changes) -> media.Kept:
    facts = {"id": os.urandom(16), "name": "a.png", "media_type": "image/png", "size": size, "width": 40, "height": 30, "inline": True}  # fmt: skip
    return media.Kept(**facts | changes)


def refusal(action, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as no:
        action(*args, **kwargs)
    return no.value.code


def test_a_file_is_kept_and_used_in_a_conversation(tx):
    first = media.keep(tx, kept(thumb=True), visitor=ANN)
    second = media.keep(tx, kept(name="b.pdf", inline=False), visitor=ANN)
    assert [one.id for one in media.waiting(tx, [second, first], visitor=ANN)] == [second, first]
    rows = media.use(tx, [second, first], TALK, visitor=ANN)
    assert [(row.id, row.conversation, row.inline, row.thumb) for row in rows] == [(second, TALK, False, False), (first, TALK, True, True)]  # fmt: skip
    assert media.of(tx, [first, os.urandom(16)]) == [rows[1]]


def test_nobody_uses_the_file_of_another(tx):
    anns = media.keep(tx, kept(), visitor=ANN)
    staff = media.keep(tx, kept(), operator=ANN)  # the same bytes as an id mean nothing
    assert refusal(media.use, tx, [anns], TALK, visitor=BOB) == "not_found"
    assert refusal(media.use, tx, [anns], TALK, operator=ANN) == "not_found"
    assert refusal(media.use, tx, [staff], TALK, visitor=ANN) == "not_found"
    assert refusal(media.use, tx, [os.urandom(16)], TALK, visitor=ANN) == "not_found"
    assert refusal(media.use, tx, [b""], TALK, visitor=ANN) == "not_found"
    assert media.get(tx, anns).conversation is None


def test_a_file_is_used_once(tx):
    one = media.keep(tx, kept(), operator=BOB)
    assert refusal(media.use, tx, [one, one], TALK, operator=BOB) == "not_found"
    media.use(tx, [one], TALK, operator=BOB)
    assert refusal(media.use, tx, [one], TALK, operator=BOB) == "not_found"


def test_a_message_carries_ten_files(tx):
    ids = [media.keep(tx, kept(), visitor=ANN) for _ in range(11)]
    assert refusal(media.use, tx, ids, TALK, visitor=ANN) == "too_large"
    assert len(media.use(tx, ids[:10], TALK, visitor=ANN)) == 10


def test_a_visitor_has_so_many_bytes_a_day(tx):
    quota = media.Quota(size=2_500, count=9)
    media.keep(tx, kept(2_000), visitor=ANN, quota=quota)
    assert media.room(tx, ANN, quota) == 500
    assert refusal(media.keep, tx, kept(501), visitor=ANN, quota=quota) == "quota"
    media.keep(tx, kept(500), visitor=ANN, quota=quota)
    assert refusal(media.room, tx, ANN, quota) == "quota"
    assert media.room(tx, BOB, quota) == 2_500
    media.keep(tx, kept(99_999), operator=ANN)
    tx.now += 24 * 3600 * 1_000_000
    assert media.room(tx, ANN, quota) == 2_500


def test_a_visitor_has_so_many_files_a_day_and_is_told_when_again(tx):
    quota = media.Quota(count=2)
    for _ in range(2):
        media.keep(tx, kept(), visitor=ANN, quota=quota)
        tx.now += 3600 * 1_000_000
    with pytest.raises(Refusal, match="at most 2 files") as no:
        media.room(tx, ANN, quota)
    assert no.value.retry_after == 22 * 3600


def test_what_was_never_sent_is_forgotten_after_a_day(tx):
    used, unused = media.keep(tx, kept(), visitor=ANN), media.keep(tx, kept(), visitor=ANN)
    media.use(tx, [used], TALK, visitor=ANN)
    tx.now += 24 * 3600 * 1_000_000
    assert media.orphans(tx) == []
    tx.now += 1
    assert media.orphans(tx) == [unused]
    assert media.unknown(tx, [used, unused]) == [unused]


def test_a_visitor_is_forgotten_with_all_files(tx):
    mine = {media.keep(tx, kept(), visitor=ANN) for _ in range(3)}
    media.use(tx, sorted(mine)[:1], TALK, visitor=ANN)
    other = media.keep(tx, kept(), visitor=BOB)
    assert set(media.forget(tx, ANN)) == mine
    media.use(tx, [other], TALK, visitor=BOB)
    assert media.forget_conversation(tx, TALK) == [other]
    assert tx.one("SELECT count(*) FROM attachment") == (0,)
