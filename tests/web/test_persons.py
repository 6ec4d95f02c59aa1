"""A person is handed out whole and erased whole, while the hub runs; nobody else loses a word."""

import io
import json
import zipfile

import jwt
import pytest

from hub import documents, identity, persons
from hub.actions import erase as actions
from hub.contract import Put
from hub.identity.suggester import Suggester
from hub.wire import Refusal
from tests.outbox.receiver import SECRET, Receiver, receiving
from tests.web.database import bytes_on_disk, holding
from tests.web.people import new_id
from tests.web.running import KEYS
from tests.web.test_files import kept, on_disk

TOML = """
[webhooks.crm]
url = "http://127.0.0.1:{port}/crm"
secret = "file:hook.key"
events = ["message.created", "note.created", "customer.changed", "conversation.opened"]
"""
WORDS = (
    "CANARYurl", "CANARYtitle", "CANARYevent", "CANARYcart", "CANARYoffer", "CANARYsaid", "CANARYnote", "CANARYfile", "CANARYname",
    "canarymail", "CANARYuser", "canarytag", "CANARYdoc", "CANARYdecision", "4930555123",
)  # fmt: skip


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def world(open_world, tmp_path):
    (tmp_path / "hook.key").write_text(SECRET)
    async with receiving(Receiver()) as receiver:
        yield await open_world(more=TOML.format(port=receiver.port), networks=["127.0.0.0/8"])


def token(world, sub, **more):
    now = world.clock() // 1_000_000
    return jwt.encode(
        {"sub": sub, "aud": "shop", "exp": now + 600, **more}, KEYS["SHOP_KEY"], algorithm="HS256"
    )


@pytest.fixture
async def canary(page_of, tab_of, world):
    """Somebody of whom everything is stored that can be."""
    page = await page_of(page={"url": "https://shop.test/CANARYurl", "title": "CANARYtitle"})
    said = token(
        world, "CANARYuser", name="CANARYname Berg", email="canarymail@shop.org", phone="+4930555123"
    )
    assert (await page.identify(said))["t"] == "identified"
    await page.ask(
        {"t": "track", "client_id": new_id(), "name": "product", "properties": {"sku": "CANARYevent"}},
        "noted",
    )
    await page.ask(
        {"t": "cart", "client_id": new_id(), "items": [{"name": "CANARYcart", "price": 3.0}]}, "noted"
    )
    ann = await tab_of("ann")
    ((visitor,),) = await world.sql(
        "SELECT visitor FROM visit WHERE id = ?", bytes.fromhex(page.welcome["visit"])
    )
    await ann.do("invite", visitor=visitor.hex(), text="CANARYoffer")
    invited = await page.hear("invited")
    await page.line.send({"t": "answer", "invitation": invited["invitation"], "fate": "declined"})
    file = await kept(page, b"CANARYfile inside", "CANARYfile.txt")
    await page.begin("CANARYsaid something", attachments=[file["id"]])
    await page.until(lambda: page.talk)
    await ann.do("reply", page.conversation, text="CANARYnote: difficult", kind="note")
    await ann.do("reply", page.conversation, text="Dear CANARYname, we are on it")
    assert (await ann.do("tag", page.conversation, add=["canaryTag"]))["t"] == "done"
    customer = await who(world, page)
    put = Put(kind="card", key="1", version=1, body={"mail": "canarymail@shop.org", "about": "CANARYdoc"})
    await world.hub.store.write(documents.put, "bell", [put])
    await world.hub.store.write(_decide, customer)
    await world.hub.hall.write_dwell()
    await Suggester(world.hub.store).look_due()
    return page


def _decide(tx, customer):
    identity.decide(
        tx, "pin", author="Kim", a=customer, attribute="name", value="CANARYname Berg", note="CANARYdecision"
    )


async def who(world, page):
    return await world.hub.store.read(identity.resolve, bytes.fromhex(page.welcome["visit"]))


async def erase(world, tab, customer, name):
    return await world.ask(
        "POST", f"/api/customers/{customer.hex()}/erase", body={"name": name}, cookie=tab.cookie
    )


async def test_the_erased_leave_no_trace_in_any_table_or_file(canary, page_of, tab_of, world):
    other = await page_of()
    assert (await other.identify(token(world, "Bob", name="Bob Stays", email="bob@shop.org")))[
        "t"
    ] == "identified"
    await other.begin("Bob's words stay")
    await other.until(lambda: other.talk)
    boss, customer = await tab_of("boss"), await who(world, canary)
    for word in WORDS:
        assert await holding(world, word) or word == "CANARYfile", word
    assert "match_person" in await holding(world, "canarymail")
    seen = (await world.ask("GET", f"/api/customers/{customer.hex()}/erase", cookie=boss.cookie)).json()
    answer = await erase(world, boss, customer, seen["name"])
    assert answer.status_code == 200, answer.text
    assert seen == {
        "customer": customer.hex(),
        "name": "CANARYname Berg",
        "touches": answer.json()["touches"],
        "conversations": 1,
        "browsers": 1,
        "documents": 1,
    }
    assert {name: answer.json()[name] for name in ("conversations", "files", "documents")} == {
        "conversations": 1,
        "files": 1,
        "documents": 1,
    }

    assert {word: found for word in WORDS if (found := await holding(world, word))} == {}
    assert on_disk(world) == []
    assert (await canary.hear("resync"))["anew"] is True
    assert await world.sql("SELECT count(*) FROM erasing") == [(0,)]
    ((author, done),) = await world.sql("SELECT author, done_at IS NOT NULL FROM erasure")
    assert (author, done) == (world.operators["boss"].hex(), 1)
    assert (
        await world.hub.store.read(
            lambda read: identity.header(read, bytes.fromhex(other.welcome["visit"])).name
        )
        == "Bob Stays"
    )
    topic = await boss.follow(f"conversation:{other.conversation}")
    assert [message["text"] for message in topic.of("message")] == ["Bob's words stay"]
    found = await world.ask("GET", "/api/search?q=canary", cookie=boss.cookie)
    assert found.json() == {"talks": []}

    await world.stop()
    held = (await bytes_on_disk(world)).lower()
    assert [word for word in WORDS if word.lower().encode() in held] == []
    assert b"bob's words stay" in held


async def test_what_is_delivered_again_stays_erased(canary, tab_of, world):
    boss, customer = await tab_of("boss"), await who(world, canary)
    log = await world.sql("SELECT origin FROM touchpoint ORDER BY id")
    await erase(world, boss, customer, "CANARYname Berg")
    assert await world.sql("SELECT origin FROM touchpoint ORDER BY id") == log
    assert await world.sql("SELECT count(*) FROM touchpoint WHERE key <> '' AND kind <> 'visit'") == [(0,)]
    assert len(await world.sql("SELECT DISTINCT customer FROM evidence")) >= 1


async def test_an_open_console_is_told_that_they_are_gone(canary, tab_of, world):
    boss, customer = await tab_of("boss"), await who(world, canary)
    inbox = await boss.follow(f"queue:{world.queues['main']}")
    assert [row["id"] for row in inbox.of("row")] == [canary.conversation]
    await erase(world, boss, customer, "CANARYname Berg")
    await boss.until(lambda: inbox.of("row") == [])


async def test_a_slip_erases_nobody(canary, tab_of, world):
    boss, ann, customer = await tab_of("boss"), await tab_of("ann"), await who(world, canary)
    assert (await erase(world, boss, customer, "Somebody Else")).status_code == 400
    assert (await erase(world, ann, customer, "CANARYname Berg")).status_code == 403
    assert (await erase(world, boss, bytes(16), "x")).status_code == 404
    assert await world.sql("SELECT count(*) FROM erasure") == [(0,)]


async def test_an_erasure_that_was_cut_off_goes_on(canary, world):
    customer = await who(world, canary)
    plan = await world.hub.store.read(actions.plan, customer)
    for planned in (False, True):
        erasure = await world.hub.store.write(actions.begin, "Kim", customer, len(plan.touches))
        await world.hub.store.write(actions.note_plan, erasure, plan.touches[:1])
        if planned:
            await world.hub.store.write(actions.note_plan, erasure, plan.touches)
            await world.hub.store.write(actions.clear, erasure, (), ())
        assert await persons.resume(world.hub.store, world.hub.hall.files.drop) == 1
        assert await holding(world, "CANARYsaid") == []
        assert await world.hub.store.read(actions.unfinished) == []


async def test_everything_that_is_kept_is_handed_out(canary, tab_of, world):
    boss, customer = await tab_of("boss"), await who(world, canary)
    answer = await world.ask("GET", f"/api/customers/{customer.hex()}/export", cookie=boss.cookie)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    texts = {name: json.loads(text) for name, text in held.items() if name.endswith(".json")}
    everything = b"\n".join(held.values()).decode()
    assert [word for word in WORDS if word not in everything and word != "CANARYdoc"] == []
    (record,) = texts["record.json"]
    assert record["name"] == "CANARYname Berg"
    assert [one["chosen"]["value"] for one in record["attributes"]] == ["CANARYname Berg"]
    (talk,) = texts["conversations.json"]
    assert [m["audience"] for m in talk["messages"] if m["kind"] != "system"] == ["all", "staff", "all"]
    assert [row["id"] for row in texts["touchpoints.json"]] == sorted(
        row["id"] for row in texts["touchpoints.json"]
    )
    assert [name for name in held if name.startswith("files/")] == [
        f"files/{talk['files'][0]['id']}-CANARYfile.txt"
    ]
    await world.until(lambda: on_disk(world) == [talk["files"][0]["id"]])  # the zip is not kept


async def test_a_person_is_found_by_what_tells_who_is_meant(canary, page_of, world):
    customer = await who(world, canary)
    for asked in (
        customer.hex(),
        "CanaryMail@shop.org",
        "+49 30 555123",
        "email:canarymail@shop.org",
        "CANARYuser",
    ):
        assert await world.hub.store.read(persons.find, asked) == customer, asked
    stranger = await page_of()
    await stranger.begin("Hello", name="Mallory", email="canarymail@shop.org")
    with pytest.raises(Refusal, match=r"is said of several customers, so it does not tell who is meant"):
        await world.hub.store.read(persons.find, "canarymail@shop.org")
    with pytest.raises(Refusal, match=r"nobody is known as 'nobody@shop\.org'"):
        await world.hub.store.read(persons.find, "nobody@shop.org")
