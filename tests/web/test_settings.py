"""Settings over HTTP: set, taken back, told to open pages at once; the file's are locked; nothing secret is shown."""

from pathlib import Path

import pytest

from hub.web.settings import LANGUAGES

SITES = """
[sites.open]
origins = ["http://open.test"]
accent = "#112233"
identity_keys = ["env:SHOP_KEY"]
"""


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def world(open_world):
    return await open_world(more=SITES)


@pytest.fixture
async def boss(world):
    return await world.sign_in("boss")


@pytest.fixture
def read(world, boss):
    async def page(site: str = "open") -> dict:
        answer = await world.ask("GET", "/api/settings", cookie=boss)
        return next(one for one in answer.json()["sites"] if one["key"] == site)

    return page


@pytest.fixture
def keep(world, boss, read):
    async def post(site: str = "open", *, seen: int | None = None, cookie: str = boss, **values: object):
        seen = (await read(site)).get("n", 0) if seen is None else seen
        body = {"values": values, "seen": seen}
        return await world.ask("POST", f"/api/settings/sites/{site}", cookie=cookie, body=body)

    return post


def of(site: dict, name: str) -> dict:
    return next(one for one in site["settings"] if one["name"] == name)


async def told(page, **look: object) -> None:
    """Wait until the last word about the site is this."""

    def last() -> dict:
        heard = [frame["site"] for frame in page.line.heard if frame["t"] in ("welcome", "features")]
        return {"open": True, **heard[-1]}

    await page.until(lambda: look.items() <= last().items())


async def test_a_setting_that_the_file_leaves_out_counts_at_once_for_open_and_new_pages(page_of, keep, read):
    page = await page_of("open")
    assert page.welcome["site"]["name"] == "My shop"
    answer = await keep(name="Vases", greeting="Hello!")
    assert answer.status_code == 200
    await told(page, name="Vases", greeting="Hello!")
    assert (await page_of("open")).welcome["site"]["name"] == "Vases"
    name = of(await read(), "name")
    assert (name["value"], name["source"], name["by"]) == ("Vases", "console", "Boss")


async def test_what_the_file_says_is_locked_with_its_place(keep, read, world):
    accent = of(await read(), "accent")
    assert (accent["value"], accent["source"], accent["locked"]) == ("#112233", "file", True)
    assert accent["line"] > 1
    refused = await keep(accent="#ffffff")
    assert refused.status_code == 403
    assert f"hub.toml, line {accent['line']}" in refused.json()["error"]["message"]


@pytest.mark.parametrize("name", ["origins", "identity_keys", "consent", "honour_gpc", "queue", "nonsense"])
async def test_who_may_carry_the_widget_is_the_files_alone(keep, name):
    assert (await keep(**{name: "none"})).status_code == 403


async def test_hours_and_holidays_open_and_close_a_site_while_pages_look(world, page_of, keep, read):
    page = await page_of("open")
    assert page.welcome["site"].get("open", True) is True
    today = (await read())["opening"]["at"][:10]
    assert (await keep(exceptions={today: []})).status_code == 200
    await told(page, open=False)
    opening = (await read())["opening"]
    assert opening["open"] is False
    assert opening["until"] > world.clock() / 1000
    assert (await keep(exceptions=None)).status_code == 200
    await told(page, open=True)


async def test_the_clock_opens_and_closes_a_site_for_open_pages_too(world, page_of, keep, read):
    assert (
        await keep(hours={day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri")})
    ).is_success
    page = await page_of("open")
    before = page.welcome["site"].get("open", True)
    world.clock.move(hours=(24 * 5 if before else 24 * 2))
    await world.hub.hall.look_at_the_clock()
    await told(page, open=not before)


async def test_mistakes_are_all_told_and_nothing_is_kept(keep, read):
    refused = await keep(name="Good", zone="Mars", hours={"mon": ["9-5"], "lundi": []})
    assert refused.status_code == 400
    assert set(refused.json()["error"]["fields"]) == {"zone", "hours.mon[1]", "hours.lundi"}
    assert 'such as "Europe/Berlin"' in refused.json()["error"]["fields"]["zone"]
    assert of(await read(), "name")["source"] == "default"


async def test_a_change_is_undone_and_the_undoing_too(world, boss, keep, read):
    async def undo(n: int = 0):
        change = (await read())["changes"][n]["id"]
        return await world.ask("POST", "/api/settings/sites/open/undo", cookie=boss, body={"change": change})

    await keep(name="One")
    await keep(name="Two", greeting="Hi")
    assert (await undo()).status_code == 200
    site = await read()
    assert (of(site, "name")["value"], of(site, "greeting")["source"]) == ("One", "default")
    assert (await undo()).status_code == 200
    assert of(await read(), "greeting")["value"] == "Hi"
    # What was changed again since is not torn out from under it.
    assert (await undo(3)).status_code == 409
    assert [one.get("may_undo", False) for one in (await read())["changes"]] == [True, False, False, False]


async def test_two_who_change_the_same_are_told_of_each_other(keep, read):
    seen = (await read()).get("n", 0)
    assert (await keep(seen=seen, name="Mine")).status_code == 200
    assert (await keep(seen=seen, greeting="Another setting")).status_code == 200
    refused = await keep(seen=seen, name="Yours")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "taken")
    assert "Boss" in refused.json()["error"]["message"]


async def test_what_was_kept_counts_after_a_restart(tmp_path, open_world):
    world = await open_world(more=SITES)
    cookie = await world.sign_in("boss")
    body = {"values": {"name": "Vases", "alarm_seconds": 99}, "seen": 0}
    assert (await world.ask("POST", "/api/settings/sites/open", cookie=cookie, body=body)).is_success
    await world.stop()
    again = await open_world(more=SITES)
    assert again.hub.config.sites["open"].name == "Vases"
    assert await again.sql("SELECT alarm_seconds FROM site_route WHERE site = 'open'") == [(99,)]
    # The file says something by now: it counts, and the console shows that it does.
    await again.stop()
    third = await open_world(more=SITES.replace("accent", 'name = "Of the file"\naccent'))
    assert third.hub.config.sites["open"].name == "Of the file"
    answer = await third.ask("GET", "/api/settings", cookie=await third.sign_in("boss"))
    site = next(one for one in answer.json()["sites"] if one["key"] == "open")
    assert of(site, "name")["shadowed"] is True


async def test_alarm_and_lingering_follow_the_setting_without_a_restart(world, keep, page_of):
    await page_of("open", page={"url": "http://open.test/checkout", "title": "Checkout"})
    assert (await keep(alarm_seconds=20, lingering=[{"seconds": 5, "pages": "/check*"}])).is_success
    assert await world.sql("SELECT alarm_seconds FROM site_route WHERE site = 'open'") == [(20,)]
    world.clock.move(6)
    await world.hub.hall.sweep()
    assert [row.lingering is not None for row in world.hub.hall.board.rows()] == [True]


async def test_a_draft_is_looked_at_and_not_kept(world, boss, read):
    body = {"values": {"name": "Draft", "zone": "Asia/Tokyo", "hours": {}}}
    answer = await world.ask("POST", "/api/settings/sites/open/preview", cookie=boss, body=body)
    assert (answer.json()["look"]["name"], answer.json()["opening"]["open"]) == ("Draft", False)
    assert of(await read(), "name")["source"] == "default"
    wrong = await world.ask(
        "POST", "/api/settings/sites/open/preview", cookie=boss, body={"values": {"zone": "Mars"}}
    )
    assert list(wrong.json()["problems"]) == ["zone"]


async def test_owners_see_where_their_snippet_works_and_where_it_is_turned_away(world, boss, page_of, read):
    await page_of("open", page={"url": "http://open.test/vase", "title": "Vase"})
    (seen,) = (await read())["seen"]
    assert (seen["origin"], seen["url"]) == ("http://open.test", "http://open.test/vase")
    for origin in ("http://staging.test", "http://staging.test", "not an origin", "http://shop.test"):
        body = {"socket": None, "after": 0, "frames": [{"t": "hello", "site": "open", "tab": "a" * 16, "page": {"url": f"{origin}/x"}}]}  # fmt: skip
        await world.ask("POST", "/visitor/poll", body=body, origin=origin)
    answer = (await world.ask("GET", "/api/settings", cookie=boss)).json()
    turned = {one["origin"]: (one["count"], one.get("site", "")) for one in answer["turned_away"]}
    assert turned == {"http://staging.test": (2, ""), "http://shop.test": (1, "open")}


async def test_the_file_is_shown_with_lines_and_without_secrets(world, boss, keep):
    await keep(name="Vases")
    answer = await world.ask("GET", "/api/settings/file", cookie=boss)
    rows = {row["path"]: row for row in answer.json()["settings"]}
    assert rows["sites.open.accent"]["value"] == '"#112233"'
    assert rows["sites.open.accent"]["line"] > 1
    assert (rows["sites.open.name"]["source"], rows["hub.port"]["source"]) == ("console", "default")
    secret = rows["sites.open.identity_keys"]
    assert (secret["secret"], secret["value"], secret["source"]) == (True, "env:SHOP_KEY", "file")
    assert {"channels.text.enabled", "channels.text.max_length", "plugins.files"} <= rows.keys()
    assert "nobody else has" not in answer.text


async def test_connections_tell_what_waits_and_the_last_error_even_when_it_is_over(world, boss):
    async def bell() -> dict:
        page = (await world.ask("GET", "/api/connections", cookie=boss)).json()
        return {one["name"]: one for one in page["connections"]}["bell"]

    await world.until(lambda: world.hub.runners.connections)
    assert (await bell())["plugin"] == "bell"
    assert (await bell())["line"] > 1
    world.hub.runners.say("bell", "deliver", "failed", "the other side hung up")
    found = await bell()
    assert (found["state"], found["error"]) == ("failed", "the other side hung up")
    again = await world.ask("POST", "/api/connections/bell/again", cookie=boss, body={})
    assert again.status_code == 200
    world.hub.runners.say("bell", "deliver", "healthy", "")
    found = await bell()
    assert (found["state"] in ("healthy", "enabled"), found["error"]) == (True, "the other side hung up")
    world.hub.runners.came_in("bell")
    assert (await bell())["last_in"] > 0


async def test_tabs_are_told_after_how_long_an_answer_is_late(keep, tab_of):
    assert (await keep(target_seconds=120)).is_success
    tab = await tab_of("ann")
    assert tab.welcome["site_targets"]["open"] == 120


def test_the_languages_of_the_widget_are_those_it_has_texts_for():
    texts = Path(__file__).parents[2] / "widget" / "visitor" / "texts"
    assert set(LANGUAGES) == {path.stem for path in texts.glob("*.json")}


async def test_the_chat_of_pages_counts_as_traffic_of_its_connection(world, boss, page_of, tab_of):
    page, ann = await page_of("shop"), await tab_of("ann")
    await page.begin("hello")
    await page.until(lambda: page.talk)
    await ann.do("reply", page.conversation, text="Good morning")
    await page.until(lambda: "Good morning" in page.texts)
    found = (await world.ask("GET", "/api/connections", cookie=boss)).json()["connections"]
    text = next(one for one in found if one["kind"] == "text")
    assert 0 < text["last_in"] <= text["last_out"]
