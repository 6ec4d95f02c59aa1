"""Browsers: one's own, a family's, everybody's. A browser is the weakest word about who somebody is."""

from tests.identity.scene import Scene


def test_a_kiosk_keeps_two_log_ins_apart_and_the_anonymous_session_alone():
    scene = Scene("""
        a1  device:kiosk session:s1 user_id!Ann name="Ann Berg"
        x1  device:kiosk session:s2
        b1  device:kiosk session:s3 user_id!Bob name="Bob Roth"
        b2  device:kiosk session:s3
    """)
    assert scene.records == "a1 | b1 b2 | x1"
    assert scene.why("b1") == ["session s3"]
    assert scene.refused == [("device kiosk", "limit")]
    assert scene.held("a1")["device kiosk"] == ("contested", "observed")
    assert scene.apart("a1") == [("device kiosk", "limit", "b1 x1")]
    assert scene.apart("x1") == [("device kiosk", "limit", "a1 b1")]


def test_a_family_tablet_leaves_each_their_own_devices():
    scene = Scene("""
        a1  device:tablet session:s1 user_id!Ann name="Ann Berg"
        a2  device:laptop session:s2 user_id!Ann
        b1  device:tablet session:s3 user_id!Ben name="Ben Berg"
        b2  device:phone session:s4 user_id!Ben
        a3  device:laptop session:s5
        b3  device:phone session:s6
        x1  device:tablet session:s7
    """)
    assert scene.records == "a1 a2 a3 | b1 b2 b3 | x1"
    assert scene.why("a1") == ["user_id Ann", "device laptop"]
    assert scene.refused == [("device tablet", "limit")]
    assert scene.apart("b1") == [("device tablet", "limit", "a1 x1")]


def test_ones_own_laptop_brings_its_history_along_at_the_log_in():
    scene = Scene("""
        a1  device:laptop session:s1
        a2  device:laptop session:s2
        a3  device:laptop session:s2 user_id!Ann name="Ann Berg"
        a4  device:phone session:s3 user_id!Ann
    """)
    assert scene.records == "a1 a2 a3 a4"
    assert scene.why("a1") == ["user_id Ann", "session s2", "device laptop"]
    assert (scene.refused, scene.apart("a1")) == ([], [])


def test_a_log_out_without_reset_gives_nobodys_visits_to_nobody():
    scene = Scene("""
        a1  device:d1 session:s1 user_id!Ann name="Ann Berg"
        x1  device:d1 session:s2
        b1  device:d1 session:s3 user_id!Bob name="Bob Roth"
    """)
    assert scene.records == "a1 | b1 | x1"
    assert scene.refused == [("device d1", "limit")]
    assert scene.why("a1") == scene.why("x1") == []
    assert scene.apart("x1") == [("device d1", "limit", "a1 b1")]


def test_two_who_only_typed_who_they_are_stay_two_on_one_browser():
    scene = Scene("""
        a1  device:cafe session:s1 email?ann@shop.org name="Ann Berg"
        b1  device:cafe session:s2 email?bob@shop.org name="Bob Roth"
        x1  device:cafe session:s3
    """)
    assert scene.records == "a1 | b1 | x1"
    assert scene.refused == [("device cafe", "names")]
    assert scene.apart("a1") == [("device cafe", "names", "b1 x1")]


def test_one_person_with_two_addresses_and_one_name_is_one_on_their_browser():
    scene = Scene("""
        a1  device:d1 session:s1 email?ann@shop.org name="Ann Berg"
        a2  device:d1 session:s2 email?ann@home.org name="Berg, Anna"
        a3  device:d1 session:s3
    """)
    assert scene.records == "a1 a2 a3"
    assert scene.why("a1") == ["device d1"]
    assert scene.apart("a1") == []


def test_two_nameless_addresses_on_one_browser_are_not_taken_for_one_person():
    scene = Scene("""
        a1  device:d1 session:s1 email?ann@shop.org
        b1  device:d1 session:s2 email?bob@shop.org
    """)
    assert scene.records == "a1 | b1"
    assert scene.refused == [("device d1", "browser")]
    assert scene.apart("a1") == [("device d1", "browser", "b1")]


def test_an_agent_who_is_logged_in_and_types_a_customers_mail_is_not_the_customer():
    scene = Scene("""
        c1  email:cus@home.org name="Clara Weiss"
        a1  device:desk session:s1 user_id!Agent name="Adam Agent"
        a2  device:desk session:s1 user_id!Agent email?cus@home.org name="Adam Agent"
        c2  email:cus@home.org name="Clara Weiss"
    """)
    assert scene.records == "a1 a2 | c1 c2"
    assert scene.refused == [("email cus@home.org", "names")]
    assert scene.held("a1")["email cus@home.org"] == ("contested", "asserted")
    assert scene.name("a1") == "Adam Agent"
    assert scene.why("a1") == ["user_id Agent"]
    assert scene.apart("a1") == [("email cus@home.org", "names", "c1")]
    assert scene.why("c1") == []


def test_an_account_keeps_its_touches_when_a_bot_uses_the_same_device():
    lines = "\n".join(f"x{n:03} device:bot session:s{n}" for n in range(60))
    scene = Scene(f"""
        a1  device:home session:h1 user_id!Ann name="Ann Berg"
        {lines}
        b1  device:bot session:b1 user_id!Bob name="Bob Roth"
        c1  device:bot session:c1 user_id!Cat name="Cat Hall"
    """)
    assert scene.records.startswith("a1 | b1 | c1 | x000 |")
    assert ("device bot", "limit") in scene.refused
    assert scene.why("a1") == []
    ((what, why, _),) = scene.apart("b1")
    assert (what, why) == ("device bot", "limit")
