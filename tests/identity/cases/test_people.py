"""People who are alike, change, or are written in many ways."""

import pytest

from hub import identity
from tests.identity.scene import Scene


def test_father_and_son_of_one_name_and_address_are_two_where_anything_tells_them_apart():
    scene = Scene("""
        f1  user_id!Father name="Karl Berg" dob=1950-01-01 street="Am Krug 1"
        s1  user_id!Son name="Karl Berg" dob=1980-01-01 street="Am Krug 1"
        f2  user_id!Father email?karl@home.org
        s2  user_id!Son email?karl@home.org
        x1  email:karl@home.org
    """)
    assert scene.records == "f1 f2 | s1 s2 | x1"
    assert ("email karl@home.org", "limit") in scene.refused
    assert (scene.why("f1"), scene.why("s1")) == (["user_id Father"], ["user_id Son"])
    assert scene.apart("f1") == [("email karl@home.org", "limit", "s1 x1")]


def test_twins_who_share_a_number_are_two_by_their_given_names():
    scene = Scene("""
        a1  phone:"030 123456" email?lena@home.org name="Lena Berg"
        b1  phone:"030 123456" email?maja@home.org name="Maja Berg"
    """)
    assert scene.records == "a1 | b1"
    assert scene.refused == [("phone +4930123456", "names")]
    assert scene.why("a1") == []
    assert scene.apart("a1") == [("phone +4930123456", "names", "b1")]


def test_a_verified_person_who_marries_stays_one_under_both_names():
    scene = Scene("""
        a1  user_id!Ann email!ann@shop.org name="Ann Berg"
        a2  user_id!Ann email!ann@shop.org name="Ann Roth" at=90000000
        a3  email:ann@shop.org name="Ann Roth" at=90000060
        a4  email:ann@shop.org name="Ann Berg" at=90000120
    """)
    assert scene.records == "a1 a2 a3 a4"
    assert scene.why("a1") == ["user_id Ann", "email ann@shop.org"]
    assert scene.name("a1") == "Ann Berg"
    assert (scene.refused, scene.apart("a1")) == ([], [])


def test_what_a_mail_and_its_copy_in_the_crm_say_is_told_once_and_of_one_person():
    scene = Scene("""
        m1  email:ann@shop.org name="Ann Berg" from=post
        c1  email:Ann@Shop.org ext:crm:77 name="Berg, Ann" from=crm at=0
        c2  ext:crm:77 phone:"030 123456" from=crm
    """)
    assert scene.records == "c1 c2 m1"
    assert scene.why("m1") == ["ext:crm 77", "email ann@shop.org"]
    assert scene.held("m1")["ext:crm 77"] == ("links", "observed")
    assert scene.refused == []


def test_one_key_from_two_connections_is_two_touchpoints_and_from_one_is_one(shop):
    mail, copy, again = (
        shop.report("email:ann@shop.org", key="<1@shop.org>", at=1, connection=connection)
        for connection in ("post", "crm", "post")
    )
    assert (mail != copy, again) == (True, mail)
    assert shop.who(mail, copy) == [1, 1]
    assert identity.record(shop.tx, mail).touches == 2


def test_a_number_is_read_by_the_country_of_its_site():
    scene = Scene("""
        d1  phone:"030 123456"
        d2  phone:"+49 30 123456" region=FR
        f1  phone:"01 42 68 53 00" region=FR
        f2  phone:"+33 1 42 68 53 00"
        d3  phone:"01 42 68 53 00"
    """)
    assert scene.records == "d1 d2 | d3 | f1 f2"
    assert scene.why("f1") == [], "they say the very same, so nothing had to join them"
    assert scene.held("f1") == {"phone +33142685300": ("links", "observed")}


@pytest.mark.parametrize(
    "names",
    [
        ("Robert Miller", "Bob Miller", "Bobby Miller"),
        ("Robert Miller", "R. Miller", "Miller R."),
        ("Anna Berg", "Berg Anna", "BERG, ANNA", "Dr. Anna Berg"),
        ("Johannes Vos", "Jan Vos", "Hans Vos"),
        ("Александр Иванов", "Alexander Ivanov", "Саша Иванов"),
        ("Γιώργος Παππάς", "Georgios Pappas"),
        ("李小龍", "Bruce Lee"),
        ("Jürgen Groß", "Juergen Gross", "Jurgen Gross"),
        ("María Teresa Juliá", "Maria Julia"),
        ("Annabel Berg", "Anabel Berg", "Annabel Brg"),
    ],
)
def test_one_persons_names_never_keep_one_address_apart(names):
    scene = Scene("\n".join(f'a{n} email:one@shop.org name="{name}"' for n, name in enumerate(names)))
    assert " | " not in scene.records
    assert scene.why("a0") == ["email one@shop.org"]
    assert scene.refused == []


@pytest.mark.parametrize(
    "addresses",
    [
        (
            "ann.berg@gmail.com",
            "a.n.n.berg@gmail.com",
            "AnnBerg+shop@googlemail.com",
            "mailto:annberg@gmail.com",
        ),
        ("ann@shop.org", "ANN@Shop.ORG.", " ann@shop.org ", "ａｎｎ＠shop.org", "Ann <ann@shop.org>"),
        ("ann@münzen.de", "ann@xn--mnzen-kva.de", "ann@MÜNZEN.de"),
        ("jos\u00e9@shop.org", "jose\u0301@shop.org"),
    ],
)
def test_one_address_in_many_spellings_is_one(addresses):
    scene = Scene("\n".join(f"a{n} 'email:{address}' device:d{n}" for n, address in enumerate(addresses)))
    assert " | " not in scene.records
    (address,) = [held for held in scene.held("a0") if held.startswith("email ")]
    assert scene.why("a0") == [address]
    assert scene.refused == []


def test_a_plus_tag_may_be_another_mailbox_but_at_gmail():
    scene = Scene("""
        a1  email:ann@shop.org
        b1  email:ann+club@shop.org
        g1  email:ann@gmail.com
        g2  email:ann+club@gmail.com
    """)
    assert scene.records == "a1 | b1 | g1 g2"
    assert scene.held("g1") == {"email ann@gmail.com": ("links", "observed")}
    assert scene.held("b1") == {"email ann+club@shop.org": ("links", "observed")}
    assert (scene.refused, scene.apart("a1")) == ([], []), "two addresses share nothing"


def test_one_number_in_many_spellings_is_one():
    scene = Scene("""
        a1  phone:"+49 30 123456" device:d1
        a2  phone:"0049 30 123456" device:d2
        a3  phone:"+49 (0)30 123456" device:d3
        a4  phone:"030/123456" device:d4
        a5  phone:"tel:+49-30-123456" device:d5 region=US
        a6  phone:"011 49 30 123456" device:d6 region=US
    """)
    assert scene.records == "a1 a2 a3 a4 a5 a6"
    assert scene.why("a1") == ["phone +4930123456"]
    assert scene.refused == []


def test_an_extension_a_short_code_and_a_withheld_caller_are_nobody_elses():
    scene = Scene("""
        a1  phone:"030 123456"
        b1  phone:"030 123456 ext. 12"
        c1  phone:110
        c2  phone:110
        w1  phone:anonymous
        w2  phone:Withheld
        r1  phone:"030 123456" region=FR
    """)
    assert scene.records == "a1 | b1 | c1 | c2 | r1 | w1 | w2"
    assert scene.refused == []
    assert scene.held("a1") == {"phone +4930123456": ("links", "observed")}
    assert {one: scene.why(one) + scene.apart(one) for one in ("a1", "b1", "r1", "w1")} == {
        "a1": [], "b1": [], "r1": [], "w1": []}  # fmt: skip


def test_a_number_no_plan_knows_joins_as_hearsay():
    scene = Scene("""
        a1  phone:"+49 151 2345718" name="Ann Berg"
        a2  phone:"01512345718"
    """)
    assert scene.records == "a1 a2"
    assert scene.held("a1") == {"phone +491512345718": ("unverified", "asserted")}
    assert scene.why("a1") == ["phone +491512345718"]
    assert scene.apart("a1") == []


@pytest.mark.parametrize(
    "claim",
    ["user_id!null", "user_id!0", "user_id!undefined", "user_id!-1", "user_id!anonymous", "email:test@test.com", "email:none@gmx.de",
     "phone:111111", "phone:+491111111111", "phone:+16175555555", "device:null", "ext:crm:0", "email:ann@mailinator.com"],
)  # fmt: skip
def test_what_is_typed_to_get_past_a_field_makes_nobody_one(claim):
    scene = Scene(f"""
        a1  {claim} session:s1 name="Ann Berg"
        b1  {claim} session:s2 name="Ann Berg"
    """)
    assert scene.records == "a1 | b1"
    assert scene.refused == [], "what counts for nothing is not even weighed"
    assert scene.why("a1") == []
    assert {why for _, why, _ in scene.apart("a1")} <= {"junk"}
