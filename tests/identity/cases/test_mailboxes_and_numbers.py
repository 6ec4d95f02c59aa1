"""Addresses and numbers that several people use, that change hands, or that strangers type."""

from tests.identity.scene import Scene


def test_a_stranger_who_types_a_verified_address_attaches_unverified_and_brings_nobody_else_along():
    scene = Scene("""
        a1  device:home session:h1 user_id!Ann email!ann@shop.org name="Ann Berg"
        x1  device:evil session:e1
        x2  device:evil session:e1 email?ann@shop.org
    """)
    assert scene.records == "a1 x1 x2"
    assert scene.why("a1") == ["email ann@shop.org", "session e1"]
    assert scene.held("x2")["email ann@shop.org"] == ("links", "verified")
    assert scene.apart("a1") == []


def test_a_logged_in_stranger_who_types_a_verified_address_stays_who_they_are():
    scene = Scene("""
        a1  device:home session:h1 user_id!Ann email!ann@shop.org
        x1  device:evil session:e1 user_id!Mallory email?ann@shop.org
        a2  email:ann@shop.org
    """)
    assert scene.records == "a1 a2 | x1"
    assert ("email ann@shop.org", "limit") in scene.refused
    assert scene.held("x1")["email ann@shop.org"] == ("contested", "asserted")
    assert scene.why("a1") == ["email ann@shop.org"]
    assert scene.apart("x1") == [("email ann@shop.org", "limit", "a1")]


def test_a_stranger_poisons_an_unverified_address_and_shatters_nobody():
    scene = Scene("""
        a1  device:home session:h1 email?ann@shop.org name="Ann Berg"
        a2  email:ann@shop.org name="Ann Berg"
        a3  device:work session:w1 email?ann@shop.org name="A. Berg"
        x1  device:evil session:e1 email?ann@shop.org name="Mallory Jones"
        a4  device:home session:h2
    """)
    assert scene.records == "a1 a2 a3 a4 | x1"
    assert scene.refused == [("email ann@shop.org", "names")]
    assert scene.why("a1") == ["email ann@shop.org", "device home"]
    assert scene.apart("x1") == [("email ann@shop.org", "names", "a1")]


def test_a_family_mailbox_is_shared_by_person_and_keeps_its_nameless_mail():
    scene = Scene("""
        a1  email:berg@home.org name="Anna Berg"
        b1  email:berg@home.org name="Peter Berg"
        a2  email:berg@home.org name="A. Berg"
        m1  email:berg@home.org
        m2  email:berg@home.org
    """)
    assert scene.records == "a1 a2 | b1 | m1 m2"
    assert scene.refused == [("email berg@home.org", "names")]
    assert {scene.held(label)["email berg@home.org"][0] for label in ("a1", "b1", "m1")} == {"contested"}
    assert scene.why("a1") == ["email berg@home.org"]
    assert scene.apart("m1") == [("email berg@home.org", "names", "a1 b1")]


def test_a_family_mailbox_with_one_name_in_it_is_that_persons():
    scene = Scene("""
        m1  email:berg@home.org
        a1  email:berg@home.org name="Anna Berg"
        m2  email:berg@home.org
    """)
    assert scene.records == "a1 m1 m2"
    assert scene.why("a1") == ["email berg@home.org"]
    assert scene.apart("a1") == []


def test_a_desks_mailbox_joins_no_people_and_keeps_what_nobody_signed():
    scene = Scene("""
        a1  email:info@acme.org phone?"030 111111" name="Anna Berg"
        b1  email:info@acme.org phone?"030 222222" name="Peter Roth"
        c1  email:info@acme.org phone?"030 333333" name="Clara Weiss"
        m1  email:info@acme.org
        m2  email:info@acme.org
    """)
    assert scene.records == "a1 | b1 | c1 | m1 m2"
    assert scene.held("a1")["email info@acme.org"] == ("role", "observed")
    assert scene.why("m1") == []
    assert scene.apart("a1") == [("email info@acme.org", "role", "b1 c1 m1")]


def test_a_company_switchboard_is_shared_once_it_names_too_many():
    people = (
        "Anna Berg",
        "Peter Roth",
        "Clara Weiss",
        "David Hall",
        "Emma Stein",
        "Frank Moser",
        "Gerda Lang",
        "Hugo Pohl",
    )
    lines = "\n".join(
        f'p{n} phone:"030 7654321" email?p{n}@acme.org name="{name}"' for n, name in enumerate(people)
    )
    scene = Scene(f"""
        {lines}
        c1  phone:"030 7654321"
        c2  phone:"030 7654321"
    """)
    assert scene.records == "c1 c2 | " + " | ".join(f"p{n}" for n in range(8))
    assert scene.held("p0")["phone +49307654321"] == ("shared", "observed")
    assert scene.refused == []
    ((what, why, _),) = scene.apart("p0")
    assert (what, why) == ("phone +49307654321", "shared")
    assert scene.why("p0") == scene.why("c1") == []


def test_a_recycled_number_gives_no_stranger_the_history_of_who_had_it():
    scene = Scene("""
        a1  phone:"0170 1234567" email?ann@shop.org name="Ann Berg"
        a2  email:ann@shop.org name="Ann Berg"
        b1  phone:"0170 1234567" email?bob@shop.org name="Bob Roth" at=90000000
        b2  phone:"0170 1234567" name="Bob Roth" at=90000060
        x1  phone:"0170 1234567" at=90000120
    """)
    assert scene.records == "a1 a2 | b1 b2 | x1"
    assert scene.refused == [("phone +491701234567", "names")]
    assert scene.why("a1") == ["email ann@shop.org"]
    assert scene.why("b1") == ["phone +491701234567"]
    assert scene.apart("x1") == [("phone +491701234567", "names", "a1 b1")]


def test_a_typo_in_an_address_joins_nobody_and_the_number_does():
    scene = Scene("""
        a1  email?ann.berg@shop.org phone?"030 123456" name="Ann Berg"
        a2  email?ann.brg@shop.org phone?"030 123456" name="Ann Berg"
        a3  email?an.berg@shop.org name="Ann Berg"
    """)
    assert scene.records == "a1 a2 | a3"
    assert scene.why("a1") == ["phone +4930123456"]
    assert (scene.refused, scene.apart("a3")) == ([], []), "nothing that is shared was refused"


def test_a_typo_in_a_number_joins_nobody():
    scene = Scene("""
        a1  phone?"030 123456" name="Ann Berg"
        a2  phone?"030 123465" name="Ann Berg"
    """)
    assert scene.records == "a1 | a2"
    assert (scene.refused, scene.apart("a1")) == ([], []), "they share nothing"


def test_a_typo_in_a_name_keeps_nobody_apart():
    scene = Scene("""
        a1  email:ann@shop.org name="Alexandra Berg"
        a2  email:ann@shop.org name="Alexanrda Berg"
        a3  email:ann@shop.org name="alexandra brg"
    """)
    assert scene.records == "a1 a2 a3"
    assert scene.why("a1") == ["email ann@shop.org"]
    assert (scene.refused, scene.apart("a1")) == ([], [])


def test_an_account_of_many_addresses_is_one_person_and_a_number_of_them_is_enough():
    lines = "\n".join(
        f"a{n:03} user_id!Ann email!ann{n}@shop.org device:d{n} session:s{n}" for n in range(250)
    )
    scene = Scene(lines, shuffles=1)
    assert " | " not in scene.records
    assert scene.why("a000") == ["user_id Ann"]
    assert scene.apart("a000") == []


def test_the_same_contact_told_by_a_mailbox_and_by_a_crm_is_one_persons_twice():
    scene = Scene("""
        m1  email:ann@shop.org name="Ann Berg" from=post
        c1  email?ANN@shop.org ext:crm:4711 name="Berg, Ann" from=crm at=0
        c2  ext:crm:4711 phone?"030 123456" from=crm
        p1  phone:"+49 30 123456" from=tel
    """)
    assert scene.records == "c1 c2 m1 p1"
    assert scene.why("m1") == ["ext:crm 4711", "email ann@shop.org", "phone +4930123456"]


def test_an_import_older_than_everything_is_the_beginning_of_the_record():
    scene = Scene("""
        a1  user_id!Ann email!ann@shop.org
        i1  email?ann@shop.org name="Ann Berg" from=import at=-90000000
    """)
    assert scene.records == "a1 i1"
    assert scene.why("a1") == ["email ann@shop.org"]
    assert scene.apart("a1") == []
    assert scene.name("a1") == "Ann Berg"
