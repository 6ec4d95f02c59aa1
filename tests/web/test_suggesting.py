"""The suggestions desk over HTTP: what it shows, and an operator's word on it."""

import datetime as dt

import pytest

from hub import AttributeClaim, Claim, Level, Touchpoint
from hub.actions.receive import receive
from hub.identity.suggester import Suggester

HOUSE = {"birthday": "1980-03-14", "street": "Rosenweg", "number": "12", "postcode": "70173"}


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def annas(world):
    """Two customers who are one person; their ids."""
    found = []
    for n, (name, mail) in enumerate((("Anna Berg", "anna.berg@gmx.de"), ("Berg, Ana", "anna@berg.test"))):
        said = tuple(
            AttributeClaim(attribute=key, value=value) for key, value in {**HOUSE, "name": name}.items()
        )
        touchpoint = Touchpoint(
            channel="crm", kind="record", key=f"r{n}", occurred_at=dt.datetime(2025, 1, 1 + n, tzinfo=dt.UTC),
            claims=(Claim(kind="email", value=mail, level=Level.VERIFIED),), attributes=said,
        )  # fmt: skip
        found.append((await world.hub.store.write(receive, "crm", touchpoint)).touch.hex())
    await Suggester(world.hub.store).look_due()
    return found


async def ask(world, tab, method="GET", path="", **body):
    return await world.ask(method, f"/api/suggestions{path}", cookie=tab.cookie, body=body or None)


async def test_the_desk_shows_both_sides_and_why(world, tab_of, annas):
    ann = await tab_of("ann")
    page = (await ask(world, ann)).json()
    assert (page["queue"], page.get("more", 0)) == (1, 0)
    (found,) = page["items"]
    assert [found[side]["customer"] for side in "ab"] == annas
    assert {found["a"]["name"], found["b"]["name"]} == {"Anna Berg", "Berg, Ana"}
    assert found["probability"] >= 0.95
    assert found["prior"] + sum(step["bits"] for step in found["steps"]) == pytest.approx(
        found["bits"], abs=0.02
    )
    given = next(step for step in found["steps"] if step["field"] == "given")
    assert (given["level"], given["a"], given["b"]) == ("typo", "Anna Berg", "Berg, Ana")
    assert found["accounts"] is True
    of_one = (await ask(world, ann, path=f"?customer={annas[1]}")).json()
    assert of_one["items"] == page["items"]
    assert (await ask(world, ann, path="?shelf=more")).json()["items"] == []


async def test_accepting_merges_and_its_decision_takes_that_back(world, tab_of, annas):
    ann = await tab_of("ann")
    answer = (await ask(world, ann, "POST", a=annas[0], b=annas[1], verdict="accept")).json()
    assert answer["customer"] == annas[0]
    assert (await ask(world, ann)).json()["items"] == []
    again = await ask(world, ann, "POST", a=annas[0], b=annas[1], verdict="dismiss")
    assert (again.status_code, again.json()["error"]["code"]) == (404, "not_found")
    await ann.do("decide", op="revoke", decision=answer["decision"])
    await Suggester(world.hub.store).look_due()
    assert len((await ask(world, ann)).json()["items"]) == 1


async def test_what_is_put_off_is_gone_and_comes_back(world, tab_of, annas):
    ann = await tab_of("ann")
    answer = await ask(world, ann, "POST", a=annas[1], b=annas[0], verdict="unsure", days=2)
    assert answer.json()["customer"] == annas[1]
    assert (await ask(world, ann)).json()["items"] == []
    world.clock.move(hours=49)
    ann = await tab_of("ann")
    assert (await ask(world, ann)).json()["items"][0]["until"] > 0


async def test_what_cannot_be_read_is_refused(world, tab_of):
    ann = await tab_of("ann")
    for path in ("?shelf=attic", "?before=xyz", "?customer=12"):
        assert (await ask(world, ann, path=path)).status_code == 400
    assert (await ask(world, ann, path="?customer=" + "0" * 32)).status_code == 404


async def test_an_undone_decision_may_be_taken_again_at_once(world, tab_of, annas):
    ann = await tab_of("ann")
    for verdict in ("dismiss", "accept", "dismiss"):
        answer = await ask(world, ann, "POST", a=annas[0], b=annas[1], verdict=verdict)
        assert answer.status_code == 200, answer.text
        assert (await ask(world, ann)).json()["items"] == []
        await ann.do("decide", op="revoke", decision=answer.json()["decision"])
        page = (await ask(world, ann)).json()
        assert (page["queue"], len(page["items"])) == (1, 1)
    assert (await ask(world, ann, "POST", a=annas[0], b=annas[1], verdict="unsure")).status_code == 200
    assert (await ask(world, ann)).json()["items"] == []
    assert (await ask(world, ann, "POST", a=annas[0], b=annas[1], verdict="again")).status_code == 200
    (back,) = (await ask(world, ann)).json()["items"]
    assert back.get("until") is None


async def test_a_pair_is_shown_whole_and_as_what_it_would_become(world, tab_of, annas):
    ann = await tab_of("ann")
    pair = (await ask(world, ann, path=f"/pair?a={annas[0]}&b={annas[1]}")).json()
    assert [pair[side]["id"] for side in "ab"] == annas
    assert (pair["touchpoints"], pair.get("others", 0)) == (2, 0)
    assert [pair[side][0]["kind"] for side in ("latest_a", "latest_b")] == ["record", "record"]
    await ask(world, ann, "POST", a=annas[0], b=annas[1], verdict="accept")
    merged = (await ann.follow(f"customer:{annas[0]}")).of("customer")[0]
    assert pair["fields"] == merged["fields"]
    gone = await ask(world, ann, path=f"/pair?a={annas[0]}&b={annas[1]}")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "not_found")


async def test_who_decides_takes_the_pair_from_everybodys_desk(world, tab_of, annas):
    ann, bob = await tab_of("ann"), await tab_of("bob")
    await world.hub.hall.pairs.look()
    desk = await bob.follow("suggestions")
    row = desk.one("suggestions")
    assert (row["queue"], row.get("judged", [])) == (1, [])
    await ask(world, ann, "POST", a=annas[0], b=annas[1], verdict="dismiss")
    row = await bob.until(lambda: desk.one("suggestions") if desk.one("suggestions").get("judged") else None)
    assert row.get("queue", 0) == 0
    assert [(one["a"], one["b"]) for one in row["judged"]] == [tuple(annas)]
    assert row["judged"][0]["name"] == "Ann"
