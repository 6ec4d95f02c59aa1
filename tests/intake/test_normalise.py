"""Many spellings, one identifier; and nothing that is nobody's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import KINDS, Level
from hub.intake import normalise


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("Ann.Berg@Shop.ORG", "ann.berg@shop.org"),
        ("  mailto:ann@shop.org ", "ann@shop.org"),
        ("MAILTO:ann@shop.org", "ann@shop.org"),
        ("ann@shop.org.", "ann@shop.org"),
        ("ａｎｎ＠shop.org", "ann@shop.org"),
        ("ann@Münzen.de", "ann@xn--mnzen-kva.de"),
        ("ann@xn--mnzen-kva.de", "ann@xn--mnzen-kva.de"),
        ("Jose\u0301@shop.org", "jos\u00e9@shop.org"),
        ("A.n.n+shop@googlemail.com", "ann@gmail.com"),
        ("a.n.n+shop@shop.org", "a.n.n+shop@shop.org"),
        ("ann at shop.org", None),
        ("ann@", None),
        ("@shop.org", None),
        ("ann@localhost", None),
        ("a b@shop.org", None),
        ("Ann <ann@shop.org>", "ann@shop.org"),
        ("mailto:ann@shop.org?subject=Hi", "ann@shop.org"),
        ("\u200bann@shop.org", "ann@shop.org"),
        ("'ann@shop.org'", "ann@shop.org"),
        ("ann@shop.org,", "ann@shop.org"),
        ("Ann+Tag@shop.org", "ann+tag@shop.org"),
        ("ann@1.2.3.4", None),
        ("ann@[1.2.3.4]", None),
        ('"a b"@shop.org', None),
        ("ann@" + "x" * 300 + ".org", None),
        ("{{email}}@shop.org", None),
        ("+@gmail.com", None),
        ("undefined@undefined", None),
        ("a" * 65 + "@shop.org", None),
    ],
)
def test_an_address_has_one_spelling(raw, expected):
    assert normalise.identifier("email", raw) == expected


@pytest.mark.parametrize(
    "raw, region, expected",
    [
        ("+49 30 123456", None, "+4930123456"),
        ("0049 30 123456", None, "+4930123456"),
        ("030/123456", "DE", "+4930123456"),
        ("+49 (0)30 123456", None, "+4930123456"),
        ("tel:+49-30-123456", None, "+4930123456"),
        ("030 123456 ext. 12", "DE", "+4930123456;ext=12"),
        ("(212) 555-2368", "US", "+12125552368"),
        ("030 123456", None, None),
        ("+49 30 123456", "US", "+4930123456"),
        ("011 49 30 123456", "US", "+4930123456"),
        ("07911 123964", "FR", None),
        ("06 12 34 99 76", "FR", "+33612349976"),
        ("sip:+4930123456@pbx.example", None, "+4930123456"),
        ("+49 30 123456;ext=12", None, "+4930123456;ext=12"),
        ("+49 151 2345718", None, "+491512345718"),
        ("110", "DE", None),
        ("22 33 1", "DE", None),
        ("+266696687", "DE", None),
        ("Withheld", "DE", None),
        ("111111", "DE", None),
        ("+" + "9" * 10_000, "DE", None),
        ("anonymous", "DE", None),
        ("", "DE", None),
    ],
)
def test_a_number_has_one_spelling(raw, region, expected):
    assert normalise.identifier("phone", raw, region) == expected


@pytest.mark.parametrize(
    "nothing",
    [
        "null",
        "NULL",
        " undefined ",
        "0",
        "-1",
        "n/a",
        "anonymous",
        "",
        "  ",
        "[object Object]",
        "a\nb",
        "test",
        "(null)",
        "'none'",
        "--",
        "0000-0000",
        "{{user_id}}",
        "${id}",
        "x" * 501,
        "\u200b",
    ],
)
@pytest.mark.parametrize("kind", ["user_id", "device", "email", "phone", "ext:crm", "xmpp"])
def test_a_word_for_nothing_identifies_nobody(kind, nothing):
    assert normalise.identifier(kind, nothing) is None


def test_an_account_keeps_its_case_and_a_jabber_id_loses_its_resource():
    assert normalise.identifier("user_id", " Ab12 ") == "Ab12"
    assert normalise.identifier("xmpp", "Ann@Jabber.org/phone") == "ann@jabber.org"


@pytest.mark.parametrize(
    "kind, value, expected",
    [
        ("email", "info@shop.org", "role"),
        ("email", "ann@shop.org", "links"),
        ("email", "test@test.com", "junk"),
        ("email", "ann@mailinator.com", "junk"),
        ("email", "none@none.com", "junk"),
        ("email", "noemail@gmx.de", "junk"),
        ("email", "a@a.com", "junk"),
        ("email", "ann@yopmail.com", "junk"),
        ("email", "a@shop.org", "links"),
        ("email", "ann@email.com", "links"),
        ("email", "support+de@shop.org", "role"),
        ("email", "kontakt@shop.org", "role"),
        ("phone", "+493012345678", "links"),
        ("phone", "+49123456789", "junk"),
        ("phone", "+16175555555", "junk"),
        ("phone", "+16175551729", "links"),
        ("phone", "+4918051234", "role"),
        ("phone", "+498001234567", "role"),
        ("phone", "+491111111111", "junk"),
        ("phone", "+4930123456;ext=12", "links"),
        ("user_id", "info", "links"),
    ],
)
def test_a_desk_and_a_placeholder_are_known_as_such(kind, value, expected):
    assert normalise.status(kind, value) == expected


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=40), st.sampled_from([None, "DE", "US"]))
def test_whatever_comes_normalising_ends_and_a_second_time_changes_nothing(kind, raw, region):
    value = normalise.identifier(kind, raw, region)
    if value is not None:
        assert normalise.identifier(kind, value, region) == value
        assert normalise.status(kind, value) in ("links", "role", "junk")
        value.encode()


def test_a_number_no_plan_knows_is_hearsay():
    assert normalise.level("phone", "+491512345718", Level.OBSERVED) is Level.ASSERTED
    assert normalise.level("phone", "+4930123456", Level.OBSERVED) is Level.OBSERVED
    assert normalise.level("email", "a@shop.org", Level.VERIFIED) is Level.VERIFIED


def test_the_version_names_everything_results_depend_on():
    assert re.fullmatch(r"\d+, phonenumbers [\d.]+, idna [\d.]+, unicode [\d.]+", normalise.version())
