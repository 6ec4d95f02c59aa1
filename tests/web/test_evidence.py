"""Why a record is one person, what a decision would do, and all that was decided, over HTTP."""

import datetime as dt

import msgspec
import pytest

from hub import AttributeClaim, Claim, Level, Touchpoint, identity
from hub.actions.receive import receive
from hub.identity import explaining, previewing, rebuilding
from hub.web import evidence
from hub.web.customers import customer as composed

LEVELS = {"!": Level.VERIFIED, ":": Level.OBSERVED, "?": Level.ASSERTED}


@pytest.fixture
def wire():
    return "socket"


def told(n, *claims, name=None, kind="order"):
    said = []
    for text in claims:
        sign = next(one for one in text if one in LEVELS)
        what, value = text.split(sign, 1)
        said.append(Claim(kind=what, value=value, level=LEVELS[sign]))
    names = (AttributeClaim(attribute="name", value=name, level=said[0].level),) if name else ()
    return Touchpoint(
        channel="shop", kind=kind, key=f"t{n}", occurred_at=dt.datetime(2025, 5, 1 + n, tzinfo=dt.UTC),
        claims=tuple(said), attributes=names, payload={"title": f"Order {n}"},
    )  # fmt: skip


@pytest.fixture
async def people(world):
    """Ann (three orders), Bo who typed her phone, and Ann's other address. Their touch ids."""
    touchpoints = [
        told(0, "user_id!42", "email:ann@shop.org", name="Ann Ray"),
        told(1, "user_id!42", "phone:+49301234567", name="A. Ray"),
        told(2, "email:ann@shop.org"),
        told(3, "user_id!77", "phone?+49301234567", name="Bo Lee"),
        told(4, "email?ann.ray@home.org", name="Ann Ray"),
    ]
    return [(await world.hub.store.write(receive, "shop", one)).touch.hex() for one in touchpoints]


async def ask(world, tab, path, **body):
    answer = await world.ask("POST" if body else "GET", path, cookie=tab.cookie, body=body or None)
    return answer.json()


async def preview(world, tab, **asked):
    return await ask(world, tab, "/api/decisions/preview", **asked)


async def test_an_explanation_names_the_evidence_and_who_stayed_apart(world, tab_of, people):
    ann = await tab_of("ann")
    found = await ask(world, ann, f"/api/customers/{people[2]}/why")
    assert found["customer"] == people[0]
    assert [one["item"]["id"] for one in found["touches"]] == people[:3]
    by_kind = {found["identifiers"][one["identifier"]]["kind"]: one for one in found["links"]}
    assert by_kind["user_id"] == {**by_kind["user_id"], "touches": [0, 1], "level": "verified"}
    assert by_kind["email"]["touches"] == [0, 2]
    (apart,) = found["apart"]
    assert (found["identifiers"][apart["identifier"]]["kind"], apart["reason"]) == ("phone", "limit")
    assert [one["name"] for one in apart["others"]] == ["Bo Lee"]


async def test_a_merge_is_seen_before_it_is_made_and_taken_back_exactly(world, tab_of, people):
    ann = await tab_of("ann")
    before = (
        await ask(world, ann, f"/api/customers/{people[0]}/why"),
        await ask(world, ann, f"/api/customers/{people[4]}/why"),
    )
    shown = await preview(world, ann, op="same", a=people[0], b=people[4])
    assert shown["changes"]
    assert [(s["name"], s["before"], s["after"]) for s in shown["sides"]] == [
        ("A. Ray", 3, 4),
        ("Ann Ray", 1, 0),
    ]
    (move,) = shown["moves"]
    assert (move["before"], move["after"], move["touches"]) == (people[4], people[0], 1)
    assert move["some"][0]["id"] == people[4]
    assert (await ask(world, ann, f"/api/customers/{people[4]}/why")) == before[1], "looking changes nothing"

    done = await ann.do("decide", op="same", a=people[0], b=people[4], note="She said so")
    merged = await ask(world, ann, f"/api/customers/{people[4]}/why")
    assert merged["customer"] == people[0]
    assert next(one["decision"] for one in merged["links"] if one.get("decision"))["note"] == "She said so"
    back = await preview(world, ann, op="revoke", decision=done["decision"])
    assert [(one["before"], one["after"]) for one in back["moves"]] == [(people[0], people[4])]
    await ann.do("decide", op="revoke", decision=done["decision"], note="She did not")
    after = (
        await ask(world, ann, f"/api/customers/{people[0]}/why"),
        await ask(world, ann, f"/api/customers/{people[4]}/why"),
    )
    assert after == before


async def test_a_pin_holds_a_value_and_tells_whose_it_is(world, tab_of, people):
    ann = await tab_of("ann")
    shown = await preview(world, ann, op="pin", a=people[1], attribute="name", value="Annabel Ray")
    assert "fields" not in shown, "nobody ever said that name, so nothing can hold it"
    shown = await preview(world, ann, op="pin", a=people[0], attribute="name", value="Ann Ray")
    assert shown["fields"] == [
        {"customer": people[0], "attribute": "name", "before": "A. Ray", "after": "Ann Ray"}
    ]
    done = await ann.do("decide", op="pin", a=people[0], attribute="name", value="Ann Ray")
    record = await customer(world, ann, people[0])
    name = next(one for one in record["fields"] if one["attribute"] == "name")
    assert (name["chosen"]["value"], name["chosen"]["rule"], name["pin"]) == (
        "Ann Ray",
        "pinned",
        done["decision"],
    )
    assert name["pinned_by"] == "Ann"
    await ann.do("decide", op="revoke", decision=done["decision"])
    name = next(
        one for one in (await customer(world, ann, people[0]))["fields"] if one["attribute"] == "name"
    )
    assert name["chosen"]["value"] == "A. Ray" and "pin" not in name


async def test_an_identifier_is_blocked_and_one_touchpoint_detached(world, tab_of, people, monkeypatch):
    ann = await tab_of("ann")
    shown = await preview(world, ann, op="block", kind="email", identifier="ann@shop.org")
    assert [(one["before"], one["after"], one["touches"]) for one in shown["moves"]] == [
        (people[0], people[2], 1)
    ]
    with monkeypatch.context() as few:
        few.setattr(evidence, "MOST_MOVES", 0)
        unlisted = await preview(world, ann, op="block", kind="email", identifier="ann@shop.org")
    assert ("moves" in unlisted, unlisted["more"], "more" in shown) == (False, 1, False)
    shown = await preview(world, ann, op="detach", a=people[2], kind="email", identifier="ann@shop.org")
    assert [one["some"][0]["id"] for one in shown["moves"]] == [people[2]]
    await ann.do("decide", op="detach", a=people[2], kind="email", identifier="ann@shop.org")
    assert (await ask(world, ann, f"/api/customers/{people[2]}/why"))["customer"] == people[2]
    record = await customer(world, ann, people[2])
    assert [one["op"] for one in record["decisions"]] == ["detach"]


async def test_all_decisions_are_listed_for_admins_with_who_took_them_back(world, tab_of, people):
    ann, admin = await tab_of("ann"), await tab_of("boss")
    done = await ann.do("decide", op="never", a=people[0], b=people[3], note="Two phones")
    await admin.do("decide", op="revoke", decision=done["decision"], note="Same house")
    (row,) = (await ask(world, admin, "/api/decisions"))["items"]
    assert (row["op"], row["author"], row["note"], row["revoked"]) == ("never", "Ann", "Two phones", True)
    assert (row["revoked_note"], row["names"]) == ("Same house", ["A. Ray", "Bo Lee"])
    answer = await world.ask("GET", "/api/decisions", cookie=ann.cookie)
    assert answer.status_code == 403


async def test_what_cannot_be_decided_is_said_beforehand(world, tab_of, people):
    ann = await tab_of("ann")
    shown = await preview(world, ann, op="same", a=people[0], b=people[1])
    assert not shown["changes"] and "one customer already" in shown["answer"]
    made = await ann.do("decide", op="never", a=people[0], b=people[3])
    shown = await preview(world, ann, op="same", a=people[0], b=people[3])
    assert [one["id"] for one in shown["against"]] == [made["decision"]]
    for body in ({"op": "detach", "a": people[0]}, {"op": "block", "kind": "shoe size", "identifier": "38"}):
        answer = await world.ask("POST", "/api/decisions/preview", cookie=ann.cookie, body=body)
        assert answer.status_code == 400
    answer = await world.ask(
        "POST",
        "/api/decisions/preview",
        cookie=ann.cookie,
        body={"op": "pin", "a": "0" * 32, "attribute": "x", "value": "y"},
    )
    assert answer.status_code == 404


async def customer(world, tab, who):
    def read(read):
        return composed(read, identity.resolve(read, bytes.fromhex(who)))

    return msgspec.to_builtins(await world.hub.store.read(read))


async def test_what_was_taken_back_counts_no_more_until_that_is_undone(world, tab_of, people):
    ann, admin = await tab_of("ann"), await tab_of("boss")
    before = [await ask(world, ann, f"/api/customers/{one}/why") for one in people]
    shown = await preview(world, ann, op="retract", a=people[2])
    assert [(one["before"], one["after"]) for one in shown["moves"]] == [(people[0], people[2])]
    assert [await ask(world, ann, f"/api/customers/{one}/why") for one in people] == before

    done = await ann.do("decide", op="retract", a=people[2], note="A letter to somebody else")
    alone = await customer(world, ann, people[2])
    assert (alone["id"], alone.get("identifiers", [])) == (people[2], [])
    left = await ask(world, ann, f"/api/customers/{people[0]}/why")
    assert [one["item"]["id"] for one in left["touches"]] == people[:2]
    (row,) = (await ask(world, admin, "/api/decisions"))["items"]
    assert (row["op"], row["author"], row["note"], row.get("revoked", False)) == (
        "retract", "Ann", "A letter to somebody else", False)  # fmt: skip

    again = await world.hub.store.write(receive, "shop", told(2, "email:ann@shop.org"))
    assert not again.fresh and (await customer(world, ann, people[2]))["id"] == people[2]
    await ann.do("decide", op="revoke", decision=done["decision"])
    after = [await ask(world, ann, f"/api/customers/{one}/why") for one in people]
    assert after == before
    assert await world.hub.store.read(rebuilding.differences) == []


async def test_several_touchpoints_are_seen_retracted_and_brought_back_at_once(world, tab_of, people):
    ann = await tab_of("ann")
    both = people[1:3]
    seen = await preview(world, ann, op="retract", touches=both)
    assert seen["changes"]
    assert sum(move["touches"] for move in seen["moves"]) == 2
    done = await ann.do("decide", op="retract", touches=both, note="a test of the shop")
    assert len(done["decisions"]) == 2
    assert await world.hub.store.read(identity.resolve, bytes.fromhex(both[0])) == bytes.fromhex(both[0])
    again = await preview(world, ann, op="retract", touches=both)
    assert not again["changes"]
    await ann.do("decide", op="revoke", decisions=done["decisions"])
    assert await world.hub.store.read(identity.resolve, bytes.fromhex(both[0])) == bytes.fromhex(people[0])


async def test_consent_is_shown_with_who_said_it_and_what_was_said_before(world, tab_of):
    def stated(n, value):
        said = AttributeClaim(attribute="consent:newsletter", value=value, level=Level.OBSERVED)
        return msgspec.structs.replace(told(n, "user_id!42", "email:ann@shop.org"), attributes=(said,))

    for n, value in enumerate(("yes", "no email:ann@shop.org", "yes email:ann@shop.org")):
        made = await world.hub.store.write(receive, "shop", stated(n, value))
    found = await world.hub.store.read(composed, made.touch)
    everywhere, there = found.consents
    assert (everywhere.purpose, everywhere.granted, everywhere.kind) == ("newsletter", True, "")
    assert (there.granted, there.kind, there.value) == (True, "email", "ann@shop.org")
    assert (there.said.source, there.said.value) == ("shop", "yes email:ann@shop.org")
    assert [one.value for one in there.earlier] == ["no email:ann@shop.org"]
    assert not [field for field in found.fields if field.attribute.startswith("consent")]


async def test_touchpoints_that_say_the_very_same_are_one_by_what_they_say(world, tab_of):
    for n in range(3):
        made = await world.hub.store.write(receive, "shop", told(n, "device:d1", "email?ann@shop.org"))
    found = await ask(world, await tab_of("ann"), f"/api/customers/{made.touch.hex()}/why")
    ((place,),) = [link["touches"] for link in found["links"]]
    assert found["touches"][place]["touches"] == 3
    assert found["identifiers"][found["links"][0]["identifier"]]["kind"] == "email"
    assert found["links"][0]["level"] == "asserted"
    shown = await world.hub.store.read(composed, made.touch)
    assert [(one.kind, one.value) for one in shown.why] == [("email", "ann@shop.org")]


async def test_of_too_much_evidence_the_pieces_are_shown_without_the_chain(
    world, tab_of, people, monkeypatch
):
    monkeypatch.setattr(explaining, "MOST_NODES", 2)
    ann = await tab_of("ann")
    found = await ask(world, ann, f"/api/customers/{people[0]}/why")
    assert found["large"]
    assert "links" not in found
    assert [one["item"]["id"] for one in found["touches"]] == people[:3]


async def test_a_pair_that_is_too_large_together_says_so(world, tab_of, people, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_NODES", 2)
    ann = await tab_of("ann")
    found = await ask(world, ann, f"/api/suggestions/pair?a={people[0]}&b={people[4]}")
    assert found["unseen"]
