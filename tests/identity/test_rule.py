"""The rule by itself, on nodes and rulings written by hand."""

from hub.identity import clusters
from hub.identity.names import compatible, fold
from hub.identity.rule import partition
from hub.identity.terms import Node, Ruling, Said


def node(letter, *claims, names=()):
    """`node("a", "user_id=U", "email?x")`; the letter is key and first touch. `=` is verified, `:` observed, `?` asserted."""
    return Node(letter.encode(), letter.encode(), tuple(sorted(map(said, claims))), tuple(map(fold, names)))


def said(text):
    for sign, rank in (("=", 0), (":", 1), ("?", 2)):
        kind, found, value = text.partition(sign)
        if found:
            return Said((kind, value), rank, "links")
    raise ValueError(text)


def ruled(op, pair, at):
    return Ruling(f"{op}{pair}{at}".encode(), at, op, pair[0].encode(), pair[1].encode())


def records(nodes, rulings=()):
    return sorted(
        "".join(sorted(key.decode() for key in record)) for record in partition(nodes, rulings).records
    )


def test_of_two_sames_that_a_never_forbids_together_the_newer_counts():
    three = [node("a"), node("b"), node("c")]
    never = ruled("never", "ac", 9)
    assert records(three, [ruled("same", "ab", 1), ruled("same", "bc", 2), never]) == ["a", "bc"]
    assert records(three, [ruled("same", "ab", 2), ruled("same", "bc", 1), never]) == ["ab", "c"]


def test_a_name_that_thousands_say_is_compared_once(monkeypatch):
    def one(n):
        return Node(
            n.to_bytes(4), n.to_bytes(4), (Said(("email", "a@shop.org"), 2, "links"),), (fold("Ann Berg"),)
        )

    compared = []
    monkeypatch.setattr(clusters, "compatible", lambda a, b: compared.append((a, b)) or compatible(a, b))
    again = one(9_999)._replace(names=(fold("A. Berg"),))
    (record,) = partition([*map(one, range(2_000)), again], ()).records
    assert len(record) == 2_001
    assert len(compared) == 1


def test_names_that_one_part_alone_carries_need_not_fit_each_other():
    both = [
        node("a", "user_id=A", "email?m", names=["Ann Berg"]),
        node("b", "user_id=A", names=["Otto Maler"]),
    ]
    assert records([*both, node("c", "email?m", names=["Ann Berg"])]) == ["ab", "c"]
    assert records([*both, node("c", "email?m")]) == ["abc"]


def test_for_one_pair_the_latest_decision_counts():
    two = [node("a"), node("b")]
    assert records(two, [ruled("same", "ab", 1), ruled("never", "ba", 2)]) == ["a", "b"]
    assert records(two, [ruled("never", "ba", 1), ruled("same", "ab", 2)]) == ["ab"]


def test_accounts_an_operator_joined_count_as_one_everywhere():
    nodes = [
        node("a", "user_id=A"), node("b", "user_id=B"), node("c", "user_id=A", "email=x@shop.org"),
        node("d", "user_id=B", "email=x@shop.org"), node("e", "user_id=C", "email=x@shop.org"),
    ]  # fmt: skip
    assert records(nodes, [ruled("same", "ab", 1)]) == ["abcd", "e"]


def test_a_weaker_kind_never_tears_what_a_stronger_one_joined():
    nodes = [node(letter, "user_id=U", f"email={letter}@shop.org") for letter in "abcdefghij"]
    assert records(nodes) == ["abcdefghij"]


def test_who_says_nothing_else_goes_with_the_unknown_one_an_operator_took_apart():
    nodes = [node("a", "user_id=A", "device=d"), node("b", "device=d"), node("c", "device=d")]
    assert records(nodes) == ["abc"]
    assert records(nodes, [ruled("never", "ab", 1)]) == ["a", "bc"]


def test_with_two_known_people_a_never_about_one_visit_gathers_nobody():
    nodes = [
        node("a", "user_id=A", "device=d"),
        node("b", "user_id=B", "device=d"),
        node("c", "device=d"),
        node("x", "device=d"),
    ]
    assert records(nodes, [ruled("never", "ac", 1)]) == ["a", "b", "c", "x"]


def test_each_join_names_its_reason_and_its_parts():
    joins = partition(
        [node("a", "device=d"), node("b", "device=d", "user_id=U"), node("c", "user_id=U")], []
    ).joins
    assert [(join.by, join.parts) for join in joins] == [
        (("user_id", "U"), (b"b", b"c")),
        (("device", "d"), (b"a", b"b")),
    ]
