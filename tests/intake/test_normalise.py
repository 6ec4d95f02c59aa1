"""Many spellings, one identifier; and nothing that is nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import KINDS
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
        ("Ann <ann@shop.org>", None),
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
        ("110", "DE", None),
        ("anonymous", "DE", None),
        ("", "DE", None),
    ],
)
def test_a_number_has_one_spelling(raw, region, expected):
    assert normalise.identifier("phone", raw, region) == expected


@pytest.mark.parametrize(
    "nothing",
    ["null", "NULL", " undefined ", "0", "-1", "n/a", "anonymous", "", "  ", "[object Object]", "a\nb"],
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
        ("phone", "+498001234567", "junk"),
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
