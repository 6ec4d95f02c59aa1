"""Documents: each connection's own, whole or not at all."""

import pytest

from hub import documents
from hub.contract import Document, Put
from hub.store import scratch_tx


@pytest.fixture
def tx():
    with scratch_tx() as tx:
        yield tx


def test_what_is_put_is_got_as_it_was(tx):
    body = {"text": "grüß\u2028 Gott", "list": [1, 2.5, None, True], "deep": {"a": {"b": "c"}}}
    documents.put(tx, "acme", [Put(kind="k", key="a", body=body, version=3)])
    assert documents.get(tx, "acme", "k", "a") == Document(kind="k", key="a", body=body, version=3)


def test_a_second_put_replaces_and_none_removes(tx):
    documents.put(tx, "acme", [Put(kind="k", key="a", body=1), Put(kind="k", key="a", body=2)])
    assert [it.body for it in documents.all_of(tx, "acme", "k")] == [2]
    documents.put(tx, "acme", [Put(kind="k", key="a", body=None)])
    assert documents.get(tx, "acme", "k", "a") is None
    documents.delete(tx, "acme", "k", "a")


def test_connections_do_not_see_each_other(tx):
    documents.put(tx, "one", [Put(kind="k", key="a", body=1)])
    assert documents.get(tx, "two", "k", "a") is None
    documents.delete(tx, "two", "k", "a")
    assert documents.all_of(tx, "two", "k") == []
    assert documents.get(tx, "one", "k", "a") is not None


def test_all_of_a_kind_come_ordered_by_key(tx):
    documents.put(tx, "acme", [Put(kind="k", key=key, body=key) for key in ("b", "a", "c")])
    documents.put(tx, "acme", [Put(kind="other", key="a", body=0)])
    assert [it.key for it in documents.all_of(tx, "acme", "k")] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("put", "why"),
    [
        (Put(kind="", key="a", body=1), "kind must have"),
        (Put(kind="k", key="", body=1), "key 1–512"),
        (Put(kind="k", key="x" * 513, body=1), "key 1–512"),
        (Put(kind="k", key="a", body=1, version=0), "version must be 1 or more"),
        (Put(kind="k", key="a", body="x" * 300_000), "at most 262144 are kept"),
    ],
)
def test_what_cannot_be_kept_is_refused_before_anything_is_written(tx, put, why):
    with pytest.raises(ValueError, match=why):
        documents.put(tx, "acme", [Put(kind="k", key="good", body=1), put])
    assert documents.all_of(tx, "acme", "k") == []
