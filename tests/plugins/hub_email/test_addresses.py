"""Addresses as people and programs write them, and names that cannot pass for addresses."""

import time

import pytest

from hub_email.addresses import listed, name_of, normal


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ann@shop.example", [("", "ann@shop.example", True)]),
        ("Ann Berg <Ann@Shop.Example>", [("Ann Berg", "ann@shop.example", True)]),
        ('"Berg, Ann" <ann@shop.example>, jo@home.example', [("Berg, Ann", "ann@shop.example", True), ("", "jo@home.example", True)]),
        ("ann@shop.example (Ann Berg)", [("Ann Berg", "ann@shop.example", True)]),
        ("=?iso-8859-1?q?J=F6rg_M=FCller?= <j@home.example>", [("Jörg Müller", "j@home.example", True)]),
        ("=?utf-8?b?w7w=?= =?utf-8?b?w7w=?= <j@home.example>", [("üü", "j@home.example", True)]),
        ("Team: ann@shop.example, jo@home.example;", [("", "ann@shop.example", True), ("", "jo@home.example", True)]),
        ("undisclosed-recipients:;", []),
        ("Ann ann@shop.example", [("", "ann@shop.example", False)]),
        ("<ann@shop.example", [("", "ann@shop.example", False)]),
        ('"a b"@home.example', [("", '"ab"@home.example', False)]),
        ('"victim@bank.example" <evil@evil.example>', [("victim@bank.example", "evil@evil.example", True)]),
        ("jo@müller.example", [("", "jo@xn--mller-kva.example", True)]),
        ("jörg@home.example", [("", "jörg@home.example", True)]),
        ("jo@[127.0.0.1]", [("", "jo@[127.0.0.1]", False)]),
        ("jo@localhost", [("", "jo@localhost", False)]),
        ("jo@home.example.", [("", "jo@home.example", True)]),
        ("a@b@c.example", [("", "a@b@c.example", False)]),
        ("nobody", []),
        ("", []),
        ("@", []),
        ("Kundenservice (Shop) <ann@shop.example>", [("Kundenservice", "ann@shop.example", True)]),
        ('"He said \\"hi\\"" <jo@home.example>', [("He said hi", "jo@home.example", True)]),
    ],
    ids=[f"n{n}" for n in range(23)],
)  # fmt: skip
def test_addresses_are_found(value, expected):
    assert [(a.name, a.normal, a.sound) for a in listed(value)] == expected


def test_a_name_cannot_turn_or_hide_what_stands_beside_it():
    assert name_of("Ann\u202egreB\u202c \u200bX\r\nY") == "AnngreB X Y"


def test_one_spelling():
    assert normal(" Jo@MÜLLER.example. ") == "jo@xn--mller-kva.example"


@pytest.mark.parametrize(
    "attack", ['"', "(", "<", "a@b,", ":", "\\", ";", "=?utf-8?q?", " ", "@", "ü@"], ids=range(11)
)
def test_lines_made_to_take_long_do_not(attack):
    start = time.process_time()
    listed((attack * 100_000)[:32_768])  # the longest that a header's reading lets through
    assert time.process_time() - start < 0.1
