"""Whether two names may be one person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.identity.names import compatible, fold, same_full

ONE_PERSON = [
    ("Anna Berg", "anna berg"), ("Anna Berg", "Anna Schmidt"), ("Anna Berg", "Anna Berg-Schmidt"), ("Anna Berg", "A. Berg"),
    ("Anna Berg", "Berg, Anna"), ("Anna Berg", "Berg Anna"), ("Anna Berg", "Anna"), ("Anna Berg", "Frau Berg"),
    ("Robert Miller", "Bob Miller"), ("William Gates", "Bill Gates"), ("Alexander Roth", "Sascha Roth"), ("Wilhelm Roth", "Willi Roth"),
    ("José Díaz", "Pepe Diaz"), ("Francisco Ruiz", "Paco Ruiz"), ("Giuseppe Verdi", "Beppe Verdi"), ("Johannes Vos", "Jan Vos"),
    ("Katarzyna Nowak", "Kasia Nowak"), ("Александр Иванов", "Саша Иванов"), ("Александр Иванов", "Alexander Ivanov"),
    ("Mehmet Kaya", "Memo Kaya"), ("María Teresa Juliá", "Teresa Juliá"), ("Maria Berg", "Mraia Berg"), ("Jürgen Groß", "Juergen Gross"),
    ("Alexander Roth", "Alex Roth"), ("李小龍", "Bruce Lee"), ("Γιώργος Παππάς", "Georgios Pappas"), ("Elizabeth Hall", "Liz Hall"),
    ("Kim Min-jun", "Min-jun Kim"), ("Anna Berg", "n/a"), ("Anna Berg", ""), ("Étienne Blanc", "Etienne Blanc"), ("Bob Miller", "Rob Miller"),
    ("Dávila Á.", "Ágata Dávila"), ("evans mike", "Michael Evans"), ("Sosa Jose Miguel", "J. Sosa"), ("Beenitez, Manolo", "Benitez Manolo"),
    ("Sofia Berg", "Sophia Schmidt"), ("Witold Bicz", "Witlod Bicz"), ("Mohamed Aziz", "Muhammad Aziz"), ("Stefan Roth-Berg", "Stephan Berg"),
]  # fmt: skip
TWO_PEOPLE = [
    ("Anna Berg", "Peter Berg"), ("Anna Berg", "B. Berg"), ("Anna Berg", "Peter A. Berg"), ("Anna Berg", "Schmidt"),
    ("Robert Miller", "William Miller"), ("Tim Roth", "Jan Roth"), ("Анна Иванова", "Пётр Иванов"), ("Maria Ruiz", "Carlos Ruiz"),
    ("Sabine Groß", "Thomas Groß"), ("Anna", "Peter"), ("王芳", "李伟"), ("Jane Hall", "Oliver Hall"),
    ("Witold Bicz", "Wiktor Narożna"), ("Marcin Zych", "Maciej Wrona"), ("Cristina Conti", "Carolina Greco"),
]  # fmt: skip


@pytest.mark.parametrize("a, b", ONE_PERSON)
def test_one_persons_names_are_compatible(a, b):
    assert compatible(fold(a), fold(b)) and compatible(fold(b), fold(a))


@pytest.mark.parametrize("a, b", TWO_PEOPLE)
def test_two_peoples_names_are_not(a, b):
    assert not compatible(fold(a), fold(b)) and not compatible(fold(b), fold(a))


def test_the_whole_name_is_the_same_in_any_order_and_spelling():
    assert same_full(fold("Jürgen Groß"), fold("GROSS, Juergen"))
    assert not same_full(fold("Anna Berg"), fold("Anna Schmidt"))
    assert not same_full(fold(""), fold(""))


WORD = st.sampled_from(
    [
        "anna",
        "anne",
        "peter",
        "a",
        "p",
        "berg",
        "van",
        "schmidt-berg",
        "jan",
        "willem",
        "bill",
        "李",
        "小龍",
        "анна",
        "herr,",
        "de",
    ]
)


@given(st.lists(WORD, max_size=4).map(" ".join), st.lists(WORD, max_size=4).map(" ".join))
def test_the_order_of_two_names_never_matters_and_nobody_contradicts_themselves(a, b):
    left, right = fold(a), fold(b)
    assert compatible(left, right) == compatible(right, left)
    assert same_full(left, right) == same_full(right, left)
    assert compatible(left, left)
    if same_full(left, right):
        assert compatible(left, right)
