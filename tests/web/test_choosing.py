"""What operators choose for themselves: it follows them to the next browser, is nobody else's, and has a shape."""

import pytest


async def test_language_and_zone_follow_their_operator_to_every_browser(world, tab_of):
    here, there, other = [await world.sign_in(login) for login in ("ann", "ann", "bob")]
    chosen = {"language": "de", "zone": "America/Argentina/Buenos_Aires"}
    answer = await world.ask("POST", "/api/me/choices", cookie=here, body=chosen)
    assert (answer.status_code, answer.json()) == (200, chosen)
    me = (await world.ask("GET", "/api/me", cookie=there)).json()
    assert {name: me[name] for name in chosen} == chosen
    assert (await world.ask("GET", "/api/me", cookie=other)).json().get("language", "") == ""
    assert chosen.items() <= (await tab_of("ann")).welcome["me"].items()
    await world.ask("POST", "/api/me/choices", cookie=here, body={})
    assert (await world.ask("GET", "/api/me", cookie=there)).json().get("zone", "") == ""


@pytest.mark.parametrize(
    "body",
    [{"language": "Deutsch"}, {"language": 1}, {"zone": "Europe/Berlin\n"}, {"zone": "x" * 65}, {"colour": "red"}, []],
)  # fmt: skip
async def test_what_has_no_such_shape_is_not_kept(world, body):
    cookie = await world.sign_in("ann")
    answer = await world.ask("POST", "/api/me/choices", cookie=cookie, body=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
