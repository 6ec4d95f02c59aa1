"""Who may do what, walked through the running hub: everybody tries everything, and one reviewed table says what must come of it.

Whatever the hub offers and the table does not list fails here, and so does a row of `access.ACCESS` that nobody tries. Columns:

    nobody · visitor A (whose conversation it is) · visitor B · ann (its team) · bob (another team) · boss (admin)

Over HTTP a cell is a status, on sockets `ok`, the code of the refusal, or how the door is shut: `403` at the handshake, `4400` for who
never said hello, `4401` for who is not signed in.
"""

import asyncio
import os
from typing import get_args

import jwt
import pytest
from websockets.exceptions import InvalidStatus

from hub import access
from hub.actions import teams
from hub.web import items
from hub.wire import console, visitor
from tests.web.people import Page, Tab, new_id
from tests.web.running import KEYS, World, open_world, static

__all__ = ["open_world", "static"]

WHO = ("nobody", "a", "b", "ann", "bob", "boss")

ROUTES = {
    "GET /": "200 200 200 200 200 200",
    "GET /manifest.webmanifest": "200 200 200 200 200 200",
    "GET /icons/{name}": "200 200 200 200 200 200",
    "GET /console-sw.js": "200 200 200 200 200 200",
    "GET /widget.js": "200 200 200 200 200 200",
    "GET /assets/{file}": "200 200 200 200 200 200",
    "GET /p/{feature}/{file:path}": "404 404 404 404 404 404",  # no feature of this hub has a script
    "GET /media/{link}": "404 404 404 404 404 404",  # only a signed link opens
    "GET /transcript/{link}": "404 404 404 404 404 404",
    "POST /visitor/files": "403 401 401 403 403 403",  # the origin first, then the token
    "OPTIONS /visitor/files": "403 204 204 403 403 403",
    "GET /healthz": "200 200 200 200 200 200",
    "POST /visitor/poll": "403 200 200 403 403 403",
    "POST /api/sign-in": "401 403 403 401 401 401",  # with a wrong password
    "POST /api/sign-out": "401 401 401 200 200 200",
    "GET /api/me": "401 401 401 200 200 200",
    "POST /api/me/choices": "401 401 401 200 200 200",
    "POST /api/me/picture": "401 401 401 415 415 415",  # no picture at all
    "DELETE /api/me/picture": "401 401 401 204 204 204",
    "GET /api/suggestions": "401 401 401 200 200 200",
    "GET /api/suggestions/pair": "401 401 401 400 400 400",  # no pair is named
    "POST /api/suggestions": "401 401 401 400 400 400",  # an empty object judges nothing
    "GET /api/webpush": "401 401 401 200 200 200",
    "POST /api/webpush/keep": "401 401 401 400 400 400",  # an empty object is no subscription
    "POST /api/webpush/end": "401 401 401 200 200 200",
    "POST /api/webpush/quiet": "401 401 401 400 400 400",
    "POST /api/webpush/test": "401 401 401 404 404 404",  # no browser of theirs is called
    "POST /console/poll": "401 401 401 200 200 200",
    "POST /console/files": "401 401 401 415 415 415",  # an empty file is of no type
    "GET /api/conversations": "401 401 401 200 200 200",
    "GET /api/tags": "401 401 401 200 200 200",
    "GET /api/sites/{site}/pages": "401 401 401 200 200 200",
    "GET /api/queues": "401 401 401 200 200 200",
    "GET /api/conversations/{conversation}/find": "401 401 401 200 403 200",
    "GET /api/search": "401 401 401 200 200 200",
    "GET /api/conversations/{conversation}/messages": "401 401 401 200 403 200",
    "GET /api/conversations/{conversation}/messages/{seq}/body": "401 401 401 404 403 404",  # a chat's message is its words alone
    "GET /api/conversations/{conversation}/messages/{seq}/quoted": "401 401 401 404 403 404",
    "POST /api/conversations/{conversation}/messages/{seq}/again": "401 401 401 409 403 409",  # it has not failed
    "GET /api/conversations/{conversation}/case": "401 401 401 200 403 200",
    "GET /api/conversations/{conversation}/ways": "401 401 401 200 403 200",
    "GET /api/conversations/{conversation}/sheet": "401 401 401 200 403 200",
    "POST /api/conversations/{conversation}/case": "401 401 401 400 400 400",  # an empty object decides nothing
    "GET /api/customers/{customer}/timeline": "401 401 401 200 200 200",
    "GET /api/customers/{customer}/panels": "401 401 401 200 200 200",
    "POST /api/customers/{customer}/panels/{panel}": "401 401 401 400 400 400",  # an empty object presses nothing
    "GET /api/customers/{customer}/export": "401 401 401 403 403 200",
    "GET /api/decisions": "401 401 401 403 403 200",
    "GET /api/customers/{customer}/why": "401 401 401 200 200 200",
    "POST /api/decisions/preview": "401 401 401 400 400 400",
    "GET /api/customers/{customer}/erase": "401 401 401 403 403 200",
    "POST /api/customers/{customer}/erase": "401 401 401 403 403 400",  # an empty object names nobody
    "GET /api/visits/{visit}": "401 401 401 200 200 200",
    "GET /api/tracking/problems": "401 401 401 200 200 200",
    "GET /api/canned/own": "401 401 401 200 200 200",
    "POST /api/canned/own/import": "401 401 401 400 400 400",  # an empty object is no file of replies
    "GET /api/canned/shared": "401 401 401 200 200 200",
    "POST /api/canned/shared/import": "401 401 401 403 403 400",
    "GET /api/routing": "401 401 401 403 403 200",
    "POST /api/routing": "401 401 401 403 403 400",  # an empty object has no rules
    "POST /api/routing/restore": "401 401 401 403 403 400",
    "POST /api/routing/try": "401 401 401 403 403 400",
    "GET /api/conversations/{conversation}/routing": "401 401 401 200 403 200",
    "GET /api/connections": "401 401 401 403 403 200",
    "POST /api/connections/{connection}/again": "401 401 401 403 403 404",  # there is none of that name
    "GET /api/undelivered": "401 401 401 403 403 200",
    "POST /api/undelivered": "401 401 401 403 403 400",  # an empty object decides nothing
    "GET /preview": "401 401 401 403 403 200",
    "GET /api/identity/rules": "401 401 401 403 403 200",
    "POST /api/identity/rules": "401 401 401 403 403 400",
    "POST /api/identity/rules/try": "401 401 401 403 403 400",
    "POST /api/identity/rules/undo": "401 401 401 403 403 400",
    "GET /api/settings": "401 401 401 403 403 200",
    "GET /api/settings/file": "401 401 401 403 403 200",
    "POST /api/settings/sites/{site}": "401 401 401 403 403 400",  # an empty object sets nothing
    "POST /api/settings/sites/{site}/undo": "401 401 401 403 403 400",
    "POST /api/settings/sites/{site}/preview": "401 401 401 403 403 400",
    "POST /api/operators/invite": "401 401 401 403 403 400",  # without a role
    "POST /api/operators/{operator}/link": "401 401 401 403 403 200",
    "GET /api/operators/{operator}/sessions": "401 401 401 403 403 200",
    "POST /api/operators/{operator}/sessions/end": "401 401 401 403 403 200",
    "POST /api/links/look": "400 403 403 400 400 400",  # without a token
    "POST /api/links/use": "400 403 403 400 400 400",
    "POST /api/password": "401 401 401 400 400 400",
    "GET /api/sessions": "401 401 401 200 200 200",
    "POST /api/sessions/end": "401 401 401 200 200 200",
    "POST /v1/{call}": "401 401 401 401 401 401",  # a write key opens, and none of these is one
    "POST /beacon/v1/batch": "401 401 401 401 401 401",  # its key stands in the body, and there is none
    "GET /sourceConfig": "401 401 401 401 401 401",
    "GET /v1/projects/{key}/settings": "401 401 401 401 401 401",
}
SOCKETS = {
    "WS /visitor": "403 ok ok 403 403 403",
    "WS /console": "4401 403 403 ok ok ok",
}
SHUT_OUT = "4400 {} {} 4400 4400 4400"
"""What a page says: operators are nobody here, and nobody has said hello."""
PAGE_FRAMES = {
    "visitor hello": "ok ok ok ok ok ok",
    "visitor page": SHUT_OUT.format("ok", "ok"),
    "visitor beat": SHUT_OUT.format("ok", "ok"),
    "visitor consent": SHUT_OUT.format("ok", "ok"),
    "visitor track": SHUT_OUT.format("ok", "ok"),
    "visitor cart": SHUT_OUT.format("ok", "ok"),
    "visitor answer": SHUT_OUT.format("ok", "ok"),  # B's word about A's invitation changes nothing, see below
    "visitor followed": SHUT_OUT.format("ok", "not_found"),
    "visitor rate": SHUT_OUT.format("ok", "not_found"),
    "visitor transcript": SHUT_OUT.format("ok", "not_found"),
    "visitor mine": SHUT_OUT.format("ok", "ok"),
    "visitor forget": SHUT_OUT.format("ok", "ok"),
    "visitor open": SHUT_OUT.format("ok", "ok"),
    "visitor say": SHUT_OUT.format("ok", "not_found"),
    "visitor typing": SHUT_OUT.format("ok", "not_found"),
    "visitor cursor": SHUT_OUT.format("ok", "not_found"),
    "visitor reach": SHUT_OUT.format("ok", "not_found"),
    "visitor end": SHUT_OUT.format("ok", "not_found"),
    "visitor identify": SHUT_OUT.format("ok", "ok"),
    "visitor come_back": SHUT_OUT.format("not_found", "not_found"),  # a link nobody was sent
    "visitor reset": SHUT_OUT.format("ok", "ok"),
    "visitor feature": SHUT_OUT.format("ok", "ok"),
}
ADMINS = "4401 403 403 forbidden forbidden ok"
ANYBODY_HERE, ITS_TEAM = "4401 403 403 ok ok ok", "4401 403 403 ok forbidden ok"
TAB_FRAMES = {
    "console hello": ANYBODY_HERE,
    "console beat": ANYBODY_HERE,
    "console subscribe": ANYBODY_HERE,
    "console unsubscribe": ANYBODY_HERE,
    "console presence": ANYBODY_HERE,
    "console decide": ANYBODY_HERE,
    "console idle": ANYBODY_HERE,
    "console operator_change": ADMINS,
    "console operator_active": ADMINS,
    "console link_drop": ADMINS,
    "console queue_save": ADMINS,
    "console queue_archive": ADMINS,
    "console queue_restore": ADMINS,
    "console invite": ANYBODY_HERE,
    "console canned_save": ANYBODY_HERE,
    "console canned_drop": ANYBODY_HERE,
    "console watch": ANYBODY_HERE,
    "console edit": ANYBODY_HERE,
    "console take_back": "4401 403 403 not_found not_found not_found",  # nobody said anything there
    "console shared_save": ADMINS,
    "console shared_drop": ADMINS,
    "console reply": ITS_TEAM,
    "console push": ITS_TEAM,
    "console take": ITS_TEAM,
    "console seen": ITS_TEAM,
    "console transfer": ITS_TEAM,
    "console untransfer": "4401 403 403 no_change no_change no_change",  # none of them has given it away
    "console tag": ITS_TEAM,
    "console close": ITS_TEAM,
    "console reopen": ITS_TEAM,
    "console block": ITS_TEAM,
    "console cursor": ITS_TEAM,
    "console typing": ITS_TEAM,
    "console viewing": ITS_TEAM,
}
TOPICS = {
    "topic queue": ITS_TEAM,
    "topic conversation": ITS_TEAM,
    "topic live": ITS_TEAM,
    "topic eyes": ITS_TEAM,
    "topic customer": ANYBODY_HERE,
    "topic visitors": ANYBODY_HERE,
    "topic team": ANYBODY_HERE,
    "topic queues": ANYBODY_HERE,
    "topic operators": ADMINS,
    "topic health": ANYBODY_HERE,
    "topic suggestions": ANYBODY_HERE,
    "topic offers": ANYBODY_HERE,
    "topic mentions": "4401 403 403 ok forbidden forbidden",  # those of ann
    "topic canned": ANYBODY_HERE,  # the shared ones; nobody sees those of another, see below
    "topic watching": "4401 403 403 ok forbidden forbidden",  # ann's own
}

ANSWERS = {
    "welcome",
    "beat",
    "sent",
    "noted",
    "link",
    "stored",
    "identified",
    "resync",
    "done",
    "snapshot",
    "refused",
}


class Scene:
    """A visitor A with a conversation in ann's queue, a visitor B, and everybody's cookies."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cookies: dict[str, str] = {}

    async def set(self) -> None:
        await self.world.hub.store.write(lambda tx: tx.run("UPDATE operator SET capacity = 1000"))
        for login in ("ann", "bob", "boss"):
            self.cookies[login] = await self.world.sign_in(login)

    async def queue(self) -> str:
        """A queue that nobody serves and nothing waits in."""
        queue = os.urandom(16)
        await self.world.hub.store.write(teams.save, queue, new_id("queue"), [])
        return queue.hex()

    async def page(self) -> Page:
        page = Page(self.world, "socket")
        self.world.parties.append(page)
        return await page.come()

    async def tab(self, login: str) -> Tab:
        tab = Tab(self.world, "socket", self.cookies[login])
        self.world.parties.append(tab)
        return await tab.come()

    async def visitor_of(self, page: Page) -> tuple[str, str]:
        """(visitor, visit) of a page."""
        visit = page.welcome["visit"]
        ((visitor,),) = await self.world.sql("SELECT visitor FROM visit WHERE id = ?", bytes.fromhex(visit))
        return visitor.hex(), visit

    async def talking(self, *, pushed: bool = False, closed: bool = False) -> Page:
        """A page with a conversation that waits in ann's queue; with a pushed page in it, or closed."""
        page = await self.page()
        await page.begin("hello")
        await page.until(lambda: page.talk)
        if pushed or closed:
            boss = await self.tab("boss")
            if pushed:
                await boss.do("push", page.conversation, url="http://shop.test/new")
                await page.until(lambda: len(page.messages) == 2)
            if closed:
                await boss.do("close", page.conversation, outcome="resolved")
        return page

    async def invited(self) -> tuple[Page, str]:
        page = await self.page()
        who, _ = await self.visitor_of(page)
        assert (await (await self.tab("boss")).do("invite", visitor=who, text="May I help?"))["t"] == "done"
        return page, (await page.hear("invited"))["invitation"]


@pytest.fixture
async def scene(open_world) -> Scene:
    made = Scene(await open_world())
    await made.set()
    return made


def expected(table: dict[str, str]) -> dict[str, dict[str, str]]:
    return {what: dict(zip(WHO, row.split(), strict=True)) for what, row in table.items()}


async def outcome(party: Page | Tab, frame: dict) -> str:
    """What comes of one frame: the first answer to it, a beat behind it telling when there is none."""
    before = len(party.line.heard)
    await party.line.send(frame)
    if frame["t"] not in ("hello", "beat"):
        await party.line.send({"t": "beat"})
    async with asyncio.timeout(10):
        while True:
            for heard in party.line.heard[before:]:
                if heard["t"] in ANSWERS:
                    if party.line.closed is None and heard.get("code") == "bad_frame":
                        return str(await party.ended())
                    return heard["code"] if heard["t"] == "refused" else "ok"
            if party.line.closed is not None:
                return str(party.line.closed)
            await party.line.changed()


# --- nothing is forgotten


def test_the_tables_list_all_there_is(scene_free_site):
    offered = {
        f"{method} {route.path}" for route in scene_free_site.routes() for method in route.methods - {"HEAD"}
    }
    of_tracking = {
        "POST /v1/{call}",
        "POST /beacon/v1/batch",
        "GET /sourceConfig",
        "GET /v1/projects/{key}/settings",
    }
    assert offered | of_tracking == set(ROUTES)
    assert set(PAGE_FRAMES) == {
        f"visitor {frame.__struct_config__.tag}" for frame in get_args(visitor.FromPage)
    }
    assert set(TAB_FRAMES) == {
        f"console {frame.__struct_config__.tag}" for frame in get_args(console.FromTab)
    }
    assert set(TOPICS) == {f"topic {name}" for name in items.DURABLE + items.LIVE}
    assert set(access.ACCESS) == {*ROUTES, *SOCKETS, *PAGE_FRAMES, *TAB_FRAMES, *TOPICS}


@pytest.fixture
async def scene_free_site(open_world):
    return (await open_world()).hub._front._site


def test_what_has_no_row_is_refused():
    with pytest.raises(access.Refusal, match="nobody may"):
        access.demand(access.Actor(kind="admin", id=b"x"), "console sing")


# --- routes


async def test_every_route_answers_as_the_table_says(scene):
    page = await scene.talking(closed=True)
    _, visit = await scene.visitor_of(page)
    found: dict[str, dict[str, str]] = {}
    for what in ROUTES:
        method, path = what.split(" ")
        path = (
            path.replace("{file}", "console.AAAA.js").replace("{feature}/{file:path}", "bell/bell.js")
            .replace("{conversation}", page.conversation).replace("{customer}", visit).replace("{visit}", visit).replace("{seq}", "1")
            .replace("{operator}", scene.world.operators["bob"].hex()).replace("{link}", "x").replace("{site}", "shop").replace("{name}", "round-192.png")
            .replace("{panel}", "rings").replace("{call}", "track").replace("{key}", "k")
        ) + ("?site=shop" if path == "/visitor/files" else "")  # fmt: skip
        found[what] = {who: await _request(scene, who, method, path) for who in WHO}
    assert found == expected(ROUTES)


async def _request(scene: Scene, who: str, method: str, path: str) -> str:
    cookie = await scene.world.sign_in(who) if who in scene.cookies else ""
    origin = "http://shop.test" if who in ("a", "b") else scene.world.url
    body: object = None
    if method == "POST":
        hello = {"t": "hello", "site": "shop", "tab": new_id(), "page": {"url": "http://shop.test/"}}
        body = {"socket": None, "after": 0, "frames": [hello]} if path.endswith("/poll") else {}
        body = {"login": "ann", "password": "wrong"} if path.endswith("sign-in") else body
        body = b"" if "files" in path else body
    site = (
        {"sec_fetch_site": "cross-site" if who in ("a", "b") else "same-origin"} if method == "POST" else {}
    )
    answer = await scene.world.ask(method, path, cookie=cookie, body=body, origin=origin, **site)
    return str(answer.status_code)


# --- sockets


async def _dial(scene: Scene, path: str, who: str) -> Page | Tab | str:
    """An open line without a hello, or how the door was shut."""
    origin = "http://shop.test" if who in ("a", "b") else scene.world.url
    party = Page(scene.world, "socket") if path == "/visitor" else Tab(scene.world, "socket", "")
    scene.world.parties.append(party)
    cookie = {"cookie": scene.cookies[who]} if who in scene.cookies else {}
    try:
        await party.connect(path, {"origin": origin, **cookie})
    except InvalidStatus as error:
        return str(error.response.status_code)
    return party


async def test_every_socket_opens_as_the_table_says(scene):
    found: dict[str, dict[str, str]] = {}
    for what in SOCKETS:
        path = what.split(" ")[1]
        found[what] = {}
        for who in WHO:
            line = await _dial(scene, path, who)
            if isinstance(line, Page):
                line = await outcome(line, line.hello())
            elif isinstance(line, Tab):
                line = await outcome(line, {"t": "hello", "tab": line.tab})
            found[what][who] = line
    assert found == expected(SOCKETS)


# --- what a page says


async def test_every_frame_of_a_page_is_answered_as_the_table_says(scene):
    found: dict[str, dict[str, str]] = {}
    for what in PAGE_FRAMES:
        tag = what.split(" ")[1]
        found[what] = {}
        for who in WHO:
            a, frame = await _page_frame(scene, tag)
            speaker = a if who == "a" else await scene.page() if who == "b" else Page(scene.world, "socket")
            if who not in ("a", "b"):
                scene.world.parties.append(speaker)
                await speaker.dial(**({"cookie": scene.cookies[who]} if who in scene.cookies else {}))
            found[what][who] = await outcome(speaker, frame)
            if what == "visitor answer" and who == "b":
                told = await scene.world.sql(
                    "SELECT fate FROM invitation WHERE id = ?", bytes.fromhex(frame["invitation"])
                )
                assert told == [("offered",)]
    assert found == expected(PAGE_FRAMES)


async def _page_frame(scene: Scene, tag: str) -> tuple[Page, dict]:
    """A's page in the state in which the frame makes sense, and the frame."""
    if tag == "answer":
        page, invitation = await scene.invited()
        return page, {"t": tag, "invitation": invitation, "fate": "declined"}
    page = await scene.talking(pushed=tag == "followed")
    conversation, client_id = page.conversation, new_id()
    token = jwt.encode(
        {"sub": new_id("u"), "aud": "shop", "exp": scene.world.clock() // 1_000_000 + 600}, KEYS["SHOP_KEY"]
    )
    frames = {
        "hello": page.hello(),
        "page": {"page": {"url": "http://shop.test/next"}},
        "beat": {"active": 1.0},
        "consent": {"granted": True},
        "track": {"client_id": client_id, "name": "search"},
        "cart": {"client_id": client_id, "items": []},
        "followed": {"conversation": conversation, "seq": 2, "fate": "accepted"},
        "rate": {"client_id": client_id, "conversation": conversation, "score": 5},
        "transcript": {"client_id": client_id, "conversation": conversation},
        "mine": {"client_id": client_id},
        "forget": {"client_id": client_id},
        "open": {"client_id": client_id, "text": "hello"},
        "say": {"client_id": client_id, "conversation": conversation, "text": "hello"},
        "typing": {"conversation": conversation, "on": True},
        "cursor": {"conversation": conversation, "delivered": 1, "read": 1},
        "reach": {"client_id": client_id, "conversation": conversation, "email": "eva@mail.example"},
        "end": {"client_id": client_id, "conversation": conversation},
        "identify": {"client_id": client_id, "token": token},
        "come_back": {"client_id": client_id, "token": "x" * 48},
        "reset": {},
        "feature": {"name": "bell.ring", "data": {}},
    }
    return page, {"t": tag, **frames[tag]}


# --- what a tab says


async def test_every_command_of_a_tab_is_answered_as_the_table_says(scene):
    found: dict[str, dict[str, str]] = {}
    for what in TAB_FRAMES:
        tag = what.split(" ")[1]
        found[what] = {who: await _tab_says(scene, who, await _tab_frame(scene, tag)) for who in WHO}
    assert found == expected(TAB_FRAMES)


async def _tab_says(scene: Scene, who: str, frame: dict) -> str:
    line = await _dial(scene, "/console", who)
    if isinstance(line, str):
        return line
    if who == "nobody":
        return str(await line.ended())
    if frame["t"] != "hello":
        await line.line.send({"t": "hello", "tab": line.tab})
        await line.hear("welcome")
    told = await outcome(line, frame)
    await line.line.hang_up()
    return told


async def _tab_frame(scene: Scene, tag: str) -> dict:
    bob = scene.world.operators["bob"].hex()
    queue = await scene.queue() if tag in ("queue_archive", "queue_restore") else ""
    alone = {
        "hello": {"tab": new_id()},
        "beat": {},
        "subscribe": {"topic": "team"},
        "unsubscribe": {"topic": "team"},
        "presence": {"id": new_id(), "state": "available"},
        "canned_save": {"id": new_id(), "reply": os.urandom(16).hex(), "shortcut": new_id(), "text": "Hello"},
        "shared_save": {"id": new_id(), "reply": os.urandom(16).hex(), "shortcut": new_id(), "text": "Hello"},
        "idle": {"id": new_id(), "minutes": 10},
        "operator_change": {
            "id": new_id(),
            "operator": bob,
            "role": "operator",
            "limit": 100,
            "queues": [scene.world.queues["books"]],
        },
        "operator_active": {"id": new_id(), "operator": bob, "on": True},
        "link_drop": {"id": new_id(), "link": "0" * 32},
        "queue_save": {"id": new_id(), "queue": os.urandom(16).hex(), "name": new_id()},
        "queue_archive": {"id": new_id(), "queue": queue},
        "queue_restore": {"id": new_id(), "queue": queue},
        "canned_drop": {"id": new_id(), "reply": "0" * 32},
        "shared_drop": {"id": new_id(), "reply": "0" * 32},
        "take_back": {"id": new_id(), "touch": "0" * 32},
    }
    if tag in alone:
        return {"t": tag, **alone[tag]}
    if tag == "invite":
        who, _ = await scene.visitor_of(await scene.page())
        return {"t": tag, "id": new_id(), "visitor": who, "text": "May I help?"}
    if tag in ("watch", "edit"):
        _, visit = await scene.visitor_of(await scene.page())
        said = {"field": "city", "value": "Berlin"} if tag == "edit" else {}
        return {"t": tag, "id": new_id(), "customer": visit, **said}
    if tag == "decide":
        (_, one), (_, two) = [await scene.visitor_of(await scene.page()) for _ in range(2)]
        return {"t": tag, "id": new_id(), "op": "same", "a": one, "b": two}
    page = await scene.talking(closed=tag == "reopen")
    more = {
        "reply": {"text": "hello"},
        "push": {"url": "http://shop.test/new"},
        "transfer": {"queue": scene.world.queues["main"]},
        "untransfer": {"command": new_id()},
        "tag": {"add": ["vip"]},
        "close": {"outcome": "resolved"},
        "typing": {"on": True},
        "viewing": {"on": True},
        "cursor": {"read": 1},
    }
    command = {} if tag in ("cursor", "typing", "viewing") else {"id": new_id()}
    return {"t": tag, "conversation": page.conversation, **command, **more.get(tag, {})}


# --- topics


async def test_every_topic_is_shown_as_the_table_says(scene):
    page = await scene.talking()
    _, visit = await scene.visitor_of(page)
    keys = {
        "queue": scene.world.queues["main"],
        "eyes": scene.world.queues["main"],
        "conversation": page.conversation,
        "live": page.conversation,
        "mentions": scene.world.operators["ann"].hex(),
        "customer": visit,
        "watching": scene.world.operators["ann"].hex(),
    }
    found: dict[str, dict[str, str]] = {}
    for what in TOPICS:
        name = what.split(" ")[1]
        topic = f"{name}:{keys[name]}" if name in keys else name
        frame = {"t": "subscribe", "topic": topic}
        found[what] = {who: await _tab_says(scene, who, frame) for who in WHO}
    assert found == expected(TOPICS)


async def test_private_replies_are_their_owners_alone(scene):
    operators = scene.world.operators
    for who in ("ann", "bob", "boss"):
        tab = await scene.tab(who)
        told = {}
        for login in ("ann", "bob", "boss"):
            await tab.line.send({"t": "subscribe", "topic": f"canned:{operators[login].hex()}"})
            heard = await tab.hear("snapshot" if login == who else "refused")
            told[login] = heard.get("code", "ok")
        assert told == {"ann": "forbidden", "bob": "forbidden", "boss": "forbidden"} | {who: "ok"}


@pytest.mark.parametrize(
    "topic",
    ["queue:%", "queue", "conversation:_", "visitors:" + "0" * 32, "team:*", "secrets", "live:" + "0" * 32],
)
async def test_a_topic_that_is_none_is_refused_and_leaks_nothing(scene, topic):
    await scene.talking()
    frame = {"t": "subscribe", "topic": topic}
    bob = await scene.tab("bob")
    assert await outcome_on(bob, frame) in ("bad_frame", "not_found")
    assert "hello" not in bob.everything()


async def outcome_on(tab: Tab, frame: dict) -> str:
    await tab.line.send(frame)
    return (await tab.hear("refused"))["code"]


async def test_a_team_no_longer_hears_who_types_in_a_conversation_that_leaves_it(scene):
    page = await scene.talking()
    ann, boss = await scene.tab("ann"), await scene.tab("boss")
    live = f"live:{page.conversation}"
    await ann.follow(live)
    await ann.line.send({"t": "viewing", "conversation": page.conversation, "on": True})
    await ann.settled()
    await boss.do("transfer", page.conversation, queue=scene.world.queues["books"])
    bob = await scene.tab("bob")
    there = await bob.follow(live)
    assert not there.of("typing")
    before = len(ann.line.heard)
    await page.line.send({"t": "typing", "conversation": page.conversation, "on": True})
    await bob.line.send({"t": "typing", "conversation": page.conversation, "on": True})
    await bob.until(lambda: len(there.of("typing")) == 2)
    await ann.settled()
    assert [frame for frame in ann.line.heard[before:] if frame.get("topic") == live] == []
    assert await outcome_on(ann, {"t": "subscribe", "topic": live}) == "forbidden"
    await boss.follow(live)
    await boss.do("transfer", page.conversation, queue=scene.world.queues["main"])
    await page.line.send({"t": "typing", "conversation": page.conversation, "on": False})
    await boss.until(lambda: not [row for row in boss.topics[live].of("typing") if row["who"] == "visitor"])


async def test_the_note_of_a_transfer_is_for_the_new_team(scene):
    page = await scene.talking()
    ann, bob, boss = [await scene.tab(login) for login in ("ann", "bob", "boss")]
    await ann.follow(f"conversation:{page.conversation}")
    await boss.follow(f"conversation:{page.conversation}")
    queue = scene.world.queues["books"]
    await boss.do("transfer", page.conversation, queue=queue, note="CANARY for the books")
    await ann.settled()
    assert "CANARY" not in ann.everything()
    assert "CANARY" in boss.everything()
    shown = await bob.follow(f"conversation:{page.conversation}")
    assert "CANARY for the books" in [message["text"] for message in shown.of("message")]


async def test_a_team_loses_sight_of_a_conversation_that_leaves_it(scene):
    page = await scene.talking()
    ann, boss = await scene.tab("ann"), await scene.tab("boss")
    topic = await ann.follow(f"conversation:{page.conversation}")
    await boss.do("transfer", page.conversation, queue=scene.world.queues["books"])
    await page.say("CANARY after the transfer")
    await boss.do("reply", page.conversation, text="CANARY of another team", kind="note")
    await ann.settled()
    assert "CANARY" not in ann.everything()
    assert topic.n is not None
    assert (
        await outcome_on(ann, {"t": "subscribe", "topic": f"conversation:{page.conversation}", "n": topic.n})
    ) == "forbidden"


async def test_panels_beside_a_conversation_are_for_its_team_and_for_its_customer(scene):
    page, other = await scene.talking(), await scene.talking()
    (_, who), (_, somebody_else) = await scene.visitor_of(page), await scene.visitor_of(other)
    found = {}
    for login in ("ann", "bob", "boss"):  # bob serves another queue
        for customer in (who, somebody_else):
            path = f"/api/customers/{customer}/panels"
            shown = await _ask(scene, login, "GET", f"{path}?conversation={page.conversation}")
            pressed = await _ask(
                scene, login, "POST", f"{path}/rings", {"action": "ring", "conversation": page.conversation}
            )
            found[login, customer == who] = shown, pressed
    assert {pair for (login, _), pair in found.items() if login == "bob"} <= {("403", "403"), ("404", "404")}
    assert found["bob", True] == ("403", "403")
    assert found["ann", False] == found["boss", False] == ("404", "404")
    assert found["ann", True] == found["boss", True]
    assert found["ann", True][0] == "200"


async def _ask(scene: Scene, login: str, method: str, path: str, body: object = None) -> str:
    cookie = await scene.world.sign_in(login)
    answer = await scene.world.ask(method, path, cookie=cookie, body=body)
    return str(answer.status_code)
