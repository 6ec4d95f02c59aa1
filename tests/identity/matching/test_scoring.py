"""Hand-made pairs: what a person looking at them would say, the scorer says too; and the laws every score keeps."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.identity.matching import SHIPPED, Person, Scorer, person
from hub.identity.matching.comparing import AT, FIELDS, LEVELS, SAME, compare

SCORER = Scorer(SHIPPED)
HOUSE = {
    "street": "Rosenweg",
    "number": "12",
    "postcode": "70173",
    "city": "Stuttgart",
    "phone": "0711 2345678",
}
ANNA = {"name": "Anna Berg", "email": "anna.berg@gmx.de", "dob": "1980-03-14", **HOUSE}


def who(**said: str) -> Person:
    return person("x", {field: [value] for field, value in said.items()})


def likely(one: dict[str, str], other: dict[str, str]) -> float:
    return SCORER.score(who(**one), who(**other)).probability


def test_the_same_person_with_another_address_is_found():
    moved = {**ANNA, "street": "Am Markt", "number": "3", "postcode": "80331", "city": "München"}
    assert likely(ANNA, moved) > 0.95


@pytest.mark.parametrize(
    "other",
    [
        {**ANNA, "name": "Ana Berg"},
        {**ANNA, "name": "Berg, Anna"},
        {**ANNA, "name": "Berg Anna"},
        {**ANNA, "email": "anna.breg@gmx.de"},
        {**ANNA, "dob": "1980-14-03"},
        {**ANNA, "email": "anna.berg+shop@gmx.de"},
        {"name": "A. Berg", "dob": "1980-03-14", **HOUSE},
        {"name": "Anna Maria Berg", "email": "anna.berg@gmx.de", "phone": "0711 2345678"},
    ],
    ids=["typo", "last first", "swapped", "mail slip", "day and month", "plus tag", "initial", "second name"],
)
def test_a_slip_does_not_make_another_person(other):
    assert likely(ANNA, other) > 0.95


def test_a_short_form_is_the_same_name():
    robert = {"name": "Robert Hale", "dob": "1971-06-24", "postcode": "SW1A 1AA"}
    assert likely(robert, {**robert, "name": "Bob Hale"}) > 0.9
    assert likely(robert, {**robert, "name": "Bob Hale"}) > likely(robert, {**robert, "name": "Carl Hale"})


def test_spouses_at_one_address_are_two_people():
    assert likely(ANNA, {"name": "Jörg Berg", "email": "j.berg@gmx.de", "dob": "1978-11-02", **HOUSE}) < 0.01
    assert likely({"name": "Anna Berg", **HOUSE}, {"name": "Jörg Berg", **HOUSE}) < 0.05


def test_spouses_with_a_family_mailbox_are_two_people():
    mail = {"email": "familie.berg@web.de"}
    assert likely({"name": "Anna Berg", **HOUSE, **mail}, {"name": "Jörg Berg", **HOUSE, **mail}) < 0.5


def test_father_and_son_of_one_name_are_not_suggested():
    father = {"name": "Karl Berg", "dob": "1950-05-01", **HOUSE}
    assert likely(father, {**father, "dob": "1981-09-30"}) < 0.8


def test_twins_are_two_people():
    twin = {"name": "Lena Berg", "dob": "2001-05-01", **HOUSE}
    assert likely(twin, {**twin, "name": "Marie Berg"}) < 0.6


def test_two_people_of_one_common_name_are_not_taken_for_one():
    common = Scorer(SHIPPED, lambda field, value: 0.02)
    smith = {"name": "John Smith"}
    assert common.score(who(**smith), who(**smith)).probability < 0.5
    mails = {**smith, "email": "john.smith@gmail.com"}, {**smith, "email": "john.smith@yahoo.com"}
    assert common.score(*(who(**mail) for mail in mails)).probability < 0.95


def test_a_rare_name_says_more_than_a_common_one():
    shares = {"smith": 0.02, "quillfeather": 0.00005}
    scorer = Scorer(SHIPPED, lambda field, value: shares.get(value) if field == "surname" else None)
    common = scorer.bits(who(name="Ann Smith"), who(name="Ann Smith"))
    assert scorer.bits(who(name="Ann Quillfeather"), who(name="Ann Quillfeather")) > common + 3


def test_what_is_not_said_speaks_neither_for_nor_against():
    nothing = SCORER.score(who(name="Anna Berg"), who(phone="0711 2345678"))
    assert nothing.steps == ()
    assert nothing.bits == nothing.prior


def test_a_waterfall_tells_each_field_with_its_level():
    told = SCORER.score(who(**ANNA), who(**{**ANNA, "name": "Ana Berg", "email": "anna@berg.example"}))
    levels = {step.field: step.level for step in told.steps}
    assert levels["given"] == "typo"
    assert levels["surname"] == levels["dob"] == levels["street"] == "same"
    assert levels["email"] == "differs"


# --- laws

WORDS = st.sampled_from(["anna", "ana", "berg", "bergs", "jorg", "smith", "a", ""])
PEOPLE = st.fixed_dictionaries(
    {},
    optional={
        "name": st.lists(st.tuples(WORDS, WORDS).map(" ".join), max_size=3),
        "email": st.lists(
            st.sampled_from(["a.berg@gmx.de", "anna@x.de", "ana@x.de", "a+b@x.de"]), max_size=3
        ),
        "phone": st.lists(st.sampled_from(["0711234567", "+49711234567", "0711234568"]), max_size=2),
        "dob": st.lists(st.sampled_from(["1980-03-14", "14.03.1980", "1980", "19810314"]), max_size=1),
        "street": st.lists(
            st.sampled_from(["Rosenweg 1", "Rosenweg", "Rosengasse 1a", "12 High Street"]), max_size=1
        ),
        "postcode": st.lists(st.sampled_from(["70173", "70174", "SW1A 1AA"]), max_size=1),
        "city": st.lists(st.sampled_from(["Ulm", "Köln", "Koeln"]), max_size=1),
        "company": st.lists(st.sampled_from(["Berg GmbH", "Berg & Co. KG", "Other Ltd"]), max_size=1),
    },
).map(lambda said: person("x", said))


@given(PEOPLE, PEOPLE)
def test_a_score_is_the_same_both_ways_round(a, b):
    assert SCORER.bits(a, b) == SCORER.bits(b, a)


@given(PEOPLE, PEOPLE)
def test_a_waterfall_sums_to_the_score(a, b):
    told = SCORER.score(a, b)
    assert told.prior + sum(step.bits for step in told.steps) == pytest.approx(told.bits, abs=1e-9)
    assert told.bits == pytest.approx(SCORER.bits(a, b), abs=1e-9)
    assert 0 <= told.probability <= 1


PATTERNS = st.tuples(*(st.none() | st.integers(0, SAME[field]) for field in FIELDS))


@given(PATTERNS, st.sampled_from(FIELDS))
def test_agreeing_never_makes_a_match_less_likely_than_differing(pattern, field):
    at = AT[field]
    low, high = ((*pattern[:at], level, *pattern[at + 1 :]) for level in (0, SAME[field]))
    nobody = person("x", {})
    assert SCORER.bits_of(nobody, (high, "", "")) >= SCORER.bits_of(nobody, (low, "", "")) - 1e-9


@given(PEOPLE)
def test_nobody_is_compared_with_themselves_and_found_to_differ(a):
    assert all(
        level in (None, len(LEVELS[field]) - 1) for field, level in zip(FIELDS, compare(a, a)[0], strict=True)
    )


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_agrees_never_speaks_against_and_one_that_differs_never_for(field):
    match = {level: SHIPPED.m[field][n] / SHIPPED.u[field][n] for n, level in enumerate(LEVELS[field])}
    assert match["same"] > 1 > match["differs"]
    # A name turned round is rarer than a name; and "same" is weighed by the value's own frequency besides.
    assert match["same"] >= 0.7 * max(odds for level, odds in match.items() if level != "swapped")


def test_tables_are_probabilities():
    for table, field in itertools.product((SHIPPED.m, SHIPPED.h, SHIPPED.u), FIELDS):
        # u of addresses made of names is that among people of one name.
        assert sum(table[field]) == pytest.approx(1, abs=0.12 if field == "email" else 0.01)
        assert min(table[field]) > 0


@pytest.mark.parametrize("local", ["berg65", "anna.1980", "berg"])
def test_an_address_of_nothing_but_a_surname_or_a_given_name_says_nothing(local):
    score = SCORER.score(who(**{**ANNA, "email": "x77@gmx.de"}), who(email=f"{local}@yahoo.com"))
    assert "alias" not in {step.field for step in score.steps}


def test_an_address_made_of_a_whole_name_speaks_for_it():
    named, nameless = {"name": "Anna Berg", "email": "x77@gmx.de"}, {"email": "anna.berg65@yahoo.com"}
    assert likely(named, nameless) > likely(named, {"email": "berg65@yahoo.com"})
    assert likely(named, nameless) > likely(named, {"email": "carl.hale@yahoo.com"})
