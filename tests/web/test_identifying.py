"""Who a visitor is: recognised tomorrow, vouched for by the shop's server, joined, taken apart, and never mistaken for somebody else."""

import base64
import json

import jwt
import pytest

from hub.web import site_tokens
from hub.wire import Refusal
from tests.web.people import new_id
from tests.web.running import KEYS
from tests.web.test_talking import begun

HOUR = 3600


@pytest.fixture
def signed(world):
    """`signed(sub=…)`: a token as the shop's server makes it; None leaves a claim out."""

    def sign(key=KEYS["SHOP_KEY"], algorithm="HS256", headers=None, **claims):
        now = world.clock() // 1_000_000
        payload = {"sub": "u-1", "aud": "shop", "exp": now + 600, **claims}
        payload = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(payload, key, algorithm=algorithm, headers=headers)

    return sign


def by_hand(header, payload, signature=b""):
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


async def customer_of(page, ann):
    """(customer, name, level) that consoles see behind a page."""
    rows = (await ann.follow("visitors")).of("visitor")
    row = next(row for row in rows if row["visit"] == page.welcome["visit"])
    return row["customer"], row["name"], row["level"]


# --- tomorrow


async def test_a_visitor_is_recognised_tomorrow_and_given_a_new_token(world, page_of):
    page = await page_of()
    await page.begin("I shall be back")
    first = page.token
    await page.line.cut()
    world.clock.move(hours=25)
    tomorrow = await page_of(token=first)
    assert tomorrow.token != first
    assert tomorrow.texts == ["I shall be back"]
    assert await world.sql("SELECT visits FROM visitor") == [(2,)]


async def test_the_old_token_is_good_until_the_new_one_was_used_and_ten_minutes_more(world, page_of):
    page = await page_of()
    await page.begin("mine")
    old = page.token
    world.clock.move(hours=25)
    lost = await page_of(token=old)  # its answer never arrives, let us say
    new = lost.token
    world.clock.move(minutes=30)
    assert (await page_of(token=old)).talk is not None
    assert (await page_of(token=new)).token == new
    world.clock.move(minutes=9)
    assert (await page_of(token=old)).talk is not None
    world.clock.move(minutes=2)
    stranger = await page_of(token=old)
    assert stranger.talk is None, "using the old one has not given it a new life"
    assert (await page_of(token=new)).talk is not None


async def test_a_page_that_still_holds_the_old_token_is_handed_one_to_go_on_with(world, page_of):
    page = await page_of()
    await page.begin("mine")
    old = page.token
    world.clock.move(hours=25)
    await (await page_of(token=old)).come()  # says hello with its new token
    slow_tab = await page_of(token=old)
    assert slow_tab.token != old
    world.clock.move(minutes=20)
    assert (await page_of(token=slow_tab.token)).talk is not None


async def test_a_token_unused_for_ninety_days_is_forgotten(world, page_of):
    page = await page_of()
    await page.begin("mine")
    world.clock.move(hours=24 * 91)
    await world.hub._jobs._housekeeping()
    assert (await page_of(token=page.token)).talk is None
    assert await world.sql("SELECT count(*) FROM visitor_token") == [(1,)]


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "' OR 1=1 --", "\0", "🙂", "a" * 4_096])
async def test_a_token_that_is_none_makes_a_new_visitor(page_of, token):
    page = await page_of(token=token)
    assert len(page.token) == 43
    assert page.token != token


async def test_a_token_is_kept_hashed(world, page_of):
    page = await page_of()
    rows = await world.sql("SELECT hash FROM visitor_token")
    assert [len(row[0]) for row in rows] == [32]
    assert page.token.encode() not in (world.data / "hub.db").read_bytes()


# --- vouched for


async def test_a_good_token_makes_the_visitor_known(page_of, tab_of, signed):
    page, ann = await page_of(), await tab_of("ann")
    before = page.token
    answer = await page.identify(
        signed(sub="u-7", email="kim@shop-mail.org", name="Kim Ode", phone="+44 20 7946 0000")
    )
    assert (answer["t"], answer["level"]) == ("identified", "verified")
    assert page.token not in (None, before)
    await ann.follow("visitors")
    await ann.until(lambda: ann.topics["visitors"].one("visitor")["level"] == "verified")
    row = ann.topics["visitors"].one("visitor")
    assert row["name"] == "Kim Ode"
    record = (await ann.follow(f"customer:{row['customer']}")).one("customer")
    held = {(one["kind"], one["value"]): one["level"] for one in record["identifiers"]}
    assert held["user_id", "u-7"] == held["email", "kim@shop-mail.org"] == "verified"
    assert (await page_of(token=page.token)).welcome["level"] == "verified"


async def test_a_name_that_was_typed_shows_at_its_own_level(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await page.begin("hello", name="Mallory", email="ceo@shop-mail.org")
    row = (await ann.follow(f"queue:{ann.world.queues['main']}")).one("row")
    assert (row["name"], row["level"]) == ("Mallory", "asserted")


async def test_both_live_keys_are_good(page_of, signed):
    for key in ("SHOP_KEY", "SHOP_NEXT_KEY"):
        page = await page_of()
        assert (await page.identify(signed(key=KEYS[key])))["t"] == "identified"


async def test_two_clocks_may_differ_by_a_minute(world, page_of, signed):
    now = world.clock() // 1_000_000
    page = await page_of()
    for claims in ({"exp": now - 50}, {"exp": now + HOUR + 50}, {"iat": now + 50}, {"nbf": now + 50}):
        assert (await page.identify(signed(**claims)))["t"] == "identified", claims


def refused_tokens(world, signed):
    now = world.clock() // 1_000_000
    good = signed()
    head, _, signature = good.split(".")
    claims = {"sub": "u-1", "aud": "shop", "exp": now + 600}
    yield "expired", signed(exp=now - 90)
    yield "for too long", signed(exp=now + HOUR + 90)
    yield "for ever", signed(exp=2**62)
    yield "from the future", signed(iat=now + 600)
    yield "not yet", signed(nbf=now + 300)
    yield "another key", signed(key="k" * 40)
    yield "the key of another site", signed(key=KEYS["BOOK_KEY"])
    yield "another audience", signed(aud="book")
    yield "several audiences", signed(aud=["shop", "book"])
    yield "one audience in a list", signed(aud=["shop"])
    yield "no audience", signed(aud=None)
    yield "no subject", signed(sub=None)
    yield "no expiry", signed(exp=None)
    yield "an empty subject", signed(sub=" ")
    yield "a long subject", signed(sub="x" * 201)
    yield "a subject with a NUL", signed(sub="a\0b")
    yield "nobody's subject", signed(sub="null")
    yield "an unknown critical header", signed(headers={"crit": ["tea"], "tea": True})
    yield "another algorithm", signed(algorithm="HS512", key=KEYS["SHOP_KEY"] * 2)
    yield "no signature", by_hand({"alg": "none", "typ": "JWT"}, claims)
    yield "none in capitals", by_hand({"alg": "NONE"}, claims)
    yield "an asymmetric name", by_hand({"alg": "RS256"}, claims, base64.urlsafe_b64decode(signature + "=="))
    yield "a key of its own", by_hand({"alg": "HS256", "jwk": {"kty": "oct", "k": "AA"}}, claims, b"x" * 32)
    yield (
        "altered",
        f"{head}.{base64.urlsafe_b64encode(json.dumps({**claims, 'sub': 'u-2'}).encode()).decode().rstrip('=')}.{signature}",
    )
    yield "cut", good[:-2]
    yield "doubled", f"{good}.{signature}"
    yield "wrong types", by_hand({"alg": "HS256"}, {"sub": 5, "aud": 6, "exp": "soon"})
    yield "no object", by_hand({"alg": "HS256"}, [1, 2])
    yield (
        "deep",
        by_hand({"alg": "HS256"}, {}).replace(
            "e30", base64.urlsafe_b64encode(b"[" * 2_000).decode().rstrip("=")
        ),
    )
    yield "garbage", "garbage"
    yield "dots", ".."
    yield "nothing", ""
    yield "letters beyond ascii", "ü.ü.ü"


async def test_every_other_token_is_refused_with_its_reason_and_nothing_is_kept(world, page_of, signed):
    page = await page_of()
    token = page.token
    for n, (what, bad) in enumerate(refused_tokens(world, signed)):
        answer = await page.identify(bad)
        assert (answer["t"], answer.get("code")) == ("refused", "bad_token"), what
        assert len(answer["message"]) > 15, what
        if n % 15 == 14:
            await page.come()
    assert page.token == token
    assert await world.sql("SELECT count(*) FROM visitor WHERE person IS NOT NULL") == [(0,)]
    assert await world.sql("SELECT count(*) FROM touchpoint WHERE kind = 'identify'") == [(0,)]


async def test_wrong_types_in_a_signed_token_are_named(page_of, signed):
    page = await page_of()
    for claims in ({"sub": "u", "email": 5}, {"sub": "u", "exp": 1.5}, {"sub": "u", "name": ["x"]}):
        answer = await page.identify(signed(**claims))
        assert (answer["t"], answer.get("code")) == ("refused", "bad_token"), claims


def test_a_token_of_100_kb_is_refused_at_once(world, signed):
    site = world.hub.config.sites["shop"]
    for huge in ("a" * 100_000, ".".join(["a" * 33_000] * 3), signed(name="x" * 100_000)[:-8] + "AAAAAAAA"):
        with pytest.raises(Refusal) as refused:
            site_tokens.verify(huge, site, "shop", world.clock() / 1_000_000)
        assert refused.value.code == "bad_token"


# --- joined and taken apart


async def test_identify_in_a_second_browser_joins_the_two_and_an_operator_takes_them_apart_again(
    world, page_of, tab_of, signed
):
    laptop, phone, ann = await page_of(), await page_of(), await tab_of("ann")
    before = [(await customer_of(page, ann))[0] for page in (laptop, phone)]
    assert len(set(before)) == 2
    for page in (laptop, phone):
        assert (await page.identify(signed(sub="u-9", name="Kim")))["t"] == "identified"
    visitors = ann.topics["visitors"]
    await ann.until(lambda: len({row["customer"] for row in visitors.of("visitor")}) == 1)
    joined = visitors.of("visitor")[0]["customer"]
    record = (await ann.follow(f"customer:{joined}")).one("customer")
    done = await ann.do(
        "decide", op="never", a=laptop.welcome["visit"], b=phone.welcome["visit"], note="sisters"
    )
    assert done["t"] == "done", done
    await ann.until(lambda: len({row["customer"] for row in visitors.of("visitor")}) == 2)
    assert (await ann.do("decide", op="revoke", decision=done["decision"]))["t"] == "done"
    await ann.until(lambda: len({row["customer"] for row in visitors.of("visitor")}) == 1)
    again = (await ann.follow(f"customer:{joined}")).one("customer")
    assert _without_decisions(again) == _without_decisions(record)
    assert [ruled["revoked"] for ruled in again["decisions"] if ruled["op"] == "never"] == [True]


def _without_decisions(record):
    return {name: value for name, value in record.items() if name != "decisions"}


async def test_what_operators_decide_on_nothing_is_refused(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    visit = page.welcome["visit"]
    for frame, code in (
        ({"op": "same", "a": visit, "b": visit}, "no_change"),
        ({"op": "same", "a": visit, "b": "0" * 32}, "not_found"),
        ({"op": "same", "a": visit}, "bad_request"),
        ({"op": "revoke", "decision": "0" * 32}, "not_found"),
        ({"op": "revoke"}, "bad_request"),
    ):
        assert (await ann.do("decide", **frame))["code"] == code


# --- one browser, several people


async def test_another_user_in_the_same_browser_sees_nothing_of_the_first(world, page_of, signed):
    page = await page_of()
    await page.identify(signed(sub="first"))
    await page.begin("CANARY of the first")
    first_visit, first_token = page.welcome["visit"], page.token
    line = page.line
    answer = await page.identify(signed(sub="second"))
    assert answer["t"] == "identified"
    await page.until(lambda: page.welcome.get("visit") not in (None, first_visit))
    assert page.talk is None
    assert page.token != first_token
    heard = len(line.raw)
    await page.begin("of the second")
    await page.come()
    assert page.texts == ["of the second"]
    assert "CANARY" not in "\n".join(line.raw[heard:]) + page.everything()
    old = world.parties[0].conversation
    assert old
    people = await world.sql("SELECT person FROM visitor ORDER BY created_at")
    assert people == [("first",), ("second",)]


async def test_the_second_user_cannot_reach_the_first_ones_conversation(page_of, signed):
    page = await page_of()
    await page.identify(signed(sub="first"))
    await page.begin("private")
    conversation = page.conversation
    await page.identify(signed(sub="second"))
    await page.until(lambda: page.talk is None)
    for frame in (
        {"t": "say", "client_id": new_id(), "conversation": conversation, "text": "x"},
        {"t": "end", "client_id": new_id(), "conversation": conversation},
    ):
        assert (await page.ask(frame, "sent"))["code"] == "not_found"


async def test_the_same_user_again_changes_nothing(world, page_of, signed):
    page = await page_of()
    token = signed(sub="u-1")
    await page.identify(token)
    await page.begin("hello")
    for again in (token, signed(sub="u-1", iat=1)):
        assert (await page.identify(again))["t"] == "identified"
    await page.come()
    assert page.texts == ["hello"]
    assert await world.sql("SELECT count(*) FROM visitor") == [(1,)]


async def test_a_reset_makes_a_new_visitor_and_the_old_token_opens_nothing(world, page_of, signed):
    page = await page_of()
    await page.identify(signed())
    await page.begin("before I log out")
    old = page.token
    await page.line.send({"t": "reset"})
    await page.hear("resync")
    await page.line.send({"t": "beat"})  # was on its way already
    assert (await page.hear("refused"))["code"] == "bad_frame"
    page.token, page.talk = None, None
    await page.greet()
    assert page.talk is None
    assert page.welcome.get("level", "observed") == "observed"
    assert (await page_of(token=old)).talk is None


async def test_lists_name_a_customer_as_soon_as_the_shop_vouches(page_of, tab_of, signed):
    page, ann = await begun(page_of, tab_of)
    queue = ann.topics[f"queue:{ann.world.queues['main']}"]
    await page.identify(signed(sub="u-3", name="Kim Ode"))
    await ann.until(lambda: (queue.one("row")["name"], queue.one("row")["level"]) == ("Kim Ode", "verified"))
    assert ann.topics[f"conversation:{page.conversation}"].one("row")["name"] == "Kim Ode"
