"""Folding names: one person's many spellings are one value, and what names nobody is empty."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.intake import names, normalise


@pytest.mark.parametrize(
    "raw, full",
    [
        ("Berg, Anna", "anna berg"),
        ("Dr. Ánná  BERG", "anna berg"),
        ("BERG Anna", "anna berg"),
        ("ANNA BERG", "anna berg"),
        ("Berg, Dr. Anna-Maria", "anna maria berg"),
        ("Anna Berg, PhD", "anna berg"),
        ("Łukasz Weiß", "lukasz weiss"),
        ("Søren O'Neil-Kræ", "soren oneil-krae"),
        ("Herr Schmidt", "schmidt"),
        ("Ludwig van Beethoven", "ludwig van beethoven"),
        ("J.R.R. Tolkien", "j r r tolkien"),
        ("Ａｎｎａ　Ｂｅｒｇ", "anna berg"),
        ("Anna\u200b Be\u0301rg", "anna berg"),
        ("Don Juan Carlos", "juan carlos"),
        ("Don Smith", "don smith"),
        ("Анна Ёжикова", "анна ежикова"),
        ("李小龍", "李小龍"),
        ("山田 太郎", "山田 太郎"),
        ("प्रिया शर्मा", "प्रिया शर्मा"),
        ("Anna Berg 2", "anna berg"),
    ],
)
def test_a_name_is_folded_for_comparing(raw, full):
    assert names.fold(raw).full == full == normalise.name(raw)


def test_a_folded_name_knows_its_parts():
    assert names.fold("Dr. Anna-Maria von der Heide") == names.Name(
        ("anna", "maria"), "von der heide", "anna maria von der heide", "amv"
    )
    assert names.fold("Schmidt") == names.Name(("schmidt",), "", "schmidt", "s")
    assert names.fold("李小龍") == names.Name(("小龍",), "李", "李小龍", "小李")
    assert names.fold("山田太郎").surname == "山田"
    assert names.fold("김민준").given == ("민준",)


@pytest.mark.parametrize(
    "raw",
    ["", " ", "…", "n/a", "N.A.", "null", "Visitor 4711", "Gast", "ann@shop.org", "Ann <ann@shop.org>", "Dr.", "Test Tester", "A.",
     "Acme GmbH", "Müller & Söhne KG", "Max Mustermann", "+49 30 1234", "12345", "-", "http://shop.org", "Kein Name"],
)  # fmt: skip
def test_what_names_nobody_is_empty(raw):
    assert not names.fold(raw)
    assert normalise.name(raw) is None


@given(st.text(max_size=60) | st.from_regex(r"([A-Za-zßÄøł.,'\-]{1,8} ){1,5}[A-Za-z\-]{1,9}", fullmatch=True))
def test_folding_a_second_time_changes_nothing(raw):
    name = names.fold(raw)
    assert names.fold(name.full) == name
    assert bool(name) == bool(name.given)


def test_an_absurdly_long_name_is_cut_and_costs_nothing():
    name = names.fold("Anna " * 100_000 + "Berg")
    assert len(name.full) <= names.LONGEST and len(name.given) < names.MOST_WORDS
