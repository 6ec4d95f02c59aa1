"""Letters by the front door: their files, their layout in a frame that can do nothing, and answers that take along what belongs to them."""

import datetime as dt
from types import SimpleNamespace

import pytest

import hub
from tests.web import running
from tests.web.test_files import kept_by, picture

LETTERBOX = """
import hub


class Letterbox(hub.Channel):
    kind = "letterbox"
    capabilities = hub.Capabilities(addresses="email", subjects=True, files=5_000)

    async def run(self, context):
        contexts.append(context)
        await context.clock.sleep(3600)

    async def deliver(self, message, context):
        sent.append(message)
        return hub.Receipt(external_id=f"<{message.id}@hub>")

    async def again(self, aside, context):
        if broken:
            await context.set_aside(aside.key, aside.raw, "it still has no sender")
            return
        await context.report(read(aside))


contexts, sent, broken, read = [], [], [], None


@hub.hookimpl
def hub_register_channels(register):
    register(Letterbox)
"""
HTML = '<p onclick="x()">Hi <img src="cid:shot@1"><img src="https://t.example/pixel.gif"><script>alert(1)</script></p>'


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def world(open_world, monkeypatch):
    monkeypatch.setitem(running.PLUGINS, "letterbox", LETTERBOX)
    return await open_world(more="[channels.letterbox]\n")


def plugin(world):
    return SimpleNamespace(**world.hub.registry.channels["letterbox"].deliver.__globals__)


def letter(world, ref="<1>", sender="kim@shop-mail.org", **said):
    at = dt.datetime.fromtimestamp(world.clock() / 1_000_000, dt.UTC)
    return hub.Touchpoint(
        channel="letterbox", kind="mail", key=ref, occurred_at=at, thread=sender, site="shop",
        claims=(hub.Claim(kind="email", value=sender, level=hub.Level.OBSERVED),),
        message=hub.IncomingMessage(**{"text": "Hi there", "subject": "Re: The lamp", "refs": (ref,), **said}),
    )  # fmt: skip


def context(world):
    return world.hub.runners._connections["letterbox"].context


async def arrived(world, tab_of, **said):
    """Ann's tab, and the conversation of a letter that came."""
    ann = await tab_of("ann")
    queue = await ann.follow(f"queue:{world.queues['main']}")
    await context(world).report(letter(world, **said))
    await ann.until(lambda: queue.of("row"))
    return ann, queue.one("row"), await ann.follow(f"conversation:{queue.one('row')['id']}")


def files_on_disk(world):
    return sorted(path.name for path in (world.data / "media").glob("??/*"))


async def delivered(world, ann):
    """What left, once the hub knows that it did."""
    await ann.until(lambda: plugin(world).sent)
    while not await world.sql("SELECT 1 FROM outbox WHERE state = 'sent'"):
        await ann.settled()
    return plugin(world).sent[0]


FILES = (
    hub.IncomingFile(name="shot.png", body=picture(), content_id="shot@1"),
    hub.IncomingFile(name="list.txt", body=b"a list"),
    hub.IncomingFile(name="run.exe", body=b"MZ" + bytes(50)),
)


async def test_a_letter_is_shown_with_its_subject_its_files_and_what_was_left_out(world, tab_of):
    _, row, talk = await arrived(world, tab_of, files=FILES, html=HTML, quoted="> earlier")
    assert row["subject"] == "The lamp"
    (message,) = talk.of("message")
    assert [(file["name"], file["type"]) for file in message["attachments"]] == [
        ("shot.png", "image/png"),
        ("list.txt", "text/plain"),
    ]
    mail = message["mail"]
    assert (mail["html"], mail["pictures"], mail["quoted"], mail["proof"]) == (True, 1, True, "verified")
    assert mail["left_out"] == [{"name": "run.exe", "size": 52, "why": "bad_file"}]
    listed = await world.http.get(message["attachments"][1]["url"])
    assert (listed.content, listed.headers["content-disposition"][:10]) == (b"a list", "attachment")


async def test_its_layout_comes_in_a_frame_that_can_do_nothing(world, tab_of):
    ann, row, _ = await arrived(world, tab_of, files=FILES, html=HTML, quoted="> earlier")
    path = f"/api/conversations/{row['id']}/messages/1"
    answer = await world.ask("GET", f"{path}/body", cookie=ann.cookie)
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "script" not in policy.replace("allow-scripts", "!")
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")
    assert "alert" not in answer.text
    assert "t.example" not in answer.text
    link = answer.text.partition('<img src="')[2].partition('"')[0]
    assert (await world.http.get(link)).headers["content-type"] == "image/png"
    shown = await world.ask("GET", f"{path}/body?pictures=1", cookie=ann.cookie)
    assert "https://t.example/pixel.gif" in shown.text
    assert "img-src 'self' data: https:" in shown.headers["content-security-policy"]
    assert (await world.ask("GET", f"{path}/quoted", cookie=ann.cookie)).json() == {"text": "> earlier"}


async def test_a_letter_reported_again_leaves_no_files_behind(world, tab_of):
    await arrived(world, tab_of, files=FILES)
    before = files_on_disk(world)
    await context(world).report(letter(world, files=FILES))
    assert files_on_disk(world) == before


async def test_an_answer_takes_along_what_belongs_to_it(world, tab_of):
    ann, row, talk = await arrived(world, tab_of)
    file = await kept_by(ann, b"the plan", "plan.txt")
    assert (await ann.do("reply", row["id"], text="See the plan.", attachments=[file["id"]]))["t"] == "done"
    out = await delivered(world, ann)
    assert (out.address, out.subject, out.follows, out.quoted) == (
        "kim@shop-mail.org",
        "The lamp",
        ("<1>",),
        "Hi there",
    )
    assert [(one.name, one.type, one.body) for one in out.files] == [("plan.txt", "text/plain", b"the plan")]
    await context(world).report(letter(world, ref="<2>", follows=(f"<{out.id}@hub>",)))
    await ann.until(lambda: len(talk.of("message")) == 3)
    plugin(world).sent.clear()
    await ann.do("reply", row["id"], text="Anything else?")
    await ann.until(lambda: plugin(world).sent)
    assert plugin(world).sent[0].follows == ("<1>", f"<{out.id}@hub>", "<2>")


async def test_files_that_the_channel_cannot_carry_fail_with_the_reason(world, tab_of):
    ann, row, talk = await arrived(world, tab_of)
    file = await kept_by(ann, b"long " * 2_000, "plan.txt")
    await ann.do("reply", row["id"], text="See the plan.", attachments=[file["id"]])
    await ann.until(lambda: any(m.get("delivery") == "failed" for m in talk.of("message")))
    assert "its files come to 10 kB, and this channel carries 5 kB" in talk.of("message")[-1]["why"]


async def test_a_bounce_is_shown_at_the_message_and_the_conversation_waits_again(world, tab_of):
    ann, row, talk = await arrived(world, tab_of)
    await ann.do("reply", row["id"], text="See you.")
    out = await delivered(world, ann)
    said = hub.Receipt(state="failed", why="5.1.1 no such mailbox here")
    assert await context(world).receipt(out.id, said)
    await ann.until(lambda: any(m.get("delivery") == "failed" for m in talk.of("message")))
    assert talk.of("message")[-1]["why"] == "5.1.1 no such mailbox here"
    assert talk.one("row")["waiting_since"] is not None
    assert not await context(world).receipt("0" * 32, said)


async def test_a_message_that_bounced_is_tried_again_at_a_word(world, tab_of):
    ann, row, talk = await arrived(world, tab_of)
    await ann.do("reply", row["id"], text="See you.")
    out = await delivered(world, ann)
    path = f"/api/conversations/{row['id']}/messages/{talk.of('message')[-1]['seq']}/again"
    assert (await world.ask("POST", path, cookie=ann.cookie, body={})).status_code == 409
    await context(world).receipt(out.id, hub.Receipt(state="failed", why="mailbox full"))
    assert (await world.ask("POST", path, cookie=ann.cookie, body={})).status_code == 200
    await ann.until(lambda: len(plugin(world).sent) == 2)
    assert [one.id for one in plugin(world).sent] == [out.id, out.id]


async def test_what_could_not_be_read_waits_beside_the_undelivered_and_is_read_again(world, tab_of):
    boss = await world.sign_in("boss")
    await context(world).set_aside("<bad>", b"From: \xff", "it has no sender")
    ann = await tab_of("ann")
    health = await ann.follow("health")
    await ann.until(
        lambda: any(
            "1 message that could not be read waits" in row.get("reason", "") for row in health.of("health")
        )
    )
    (item,) = (await world.ask("GET", "/api/undelivered", cookie=boss)).json()["items"]
    assert (item["kind"], item["connection"], item["why"], item["raw"]) == (
        "incoming", "letterbox", "it has no sender", "From: \ufffd",
    )  # fmt: skip
    asked = {"connection": "letterbox", "item": item["item"], "verdict": "again"}
    plugin(world).broken.append(1)
    page = (await world.ask("POST", "/api/undelivered", cookie=boss, body=asked)).json()
    assert [(one["why"], one["attempts"]) for one in page["items"]] == [("it still has no sender", 2)]
    plugin(world).broken.clear()
    world.hub.registry.channels["letterbox"].deliver.__globals__["read"] = lambda aside: letter(
        world, ref=aside.key
    )
    page = (await world.ask("POST", "/api/undelivered", cookie=boss, body=asked)).json()
    assert page.get("items", []) == []
    assert await world.sql("SELECT key FROM touchpoint WHERE connection = 'letterbox'") == [("<bad>",)]


async def test_what_is_given_up_is_not_set_aside_again(world, tab_of):
    boss = await world.sign_in("boss")
    for key in ("<bad>", "<worse>"):
        await context(world).set_aside(key, b"raw", "it has no sender")
    page = (
        await world.ask(
            "POST", "/api/undelivered", cookie=boss, body={"connection": "letterbox", "verdict": "give_up"}
        )
    ).json()
    assert page.get("count", 0) == 0
    await context(world).set_aside("<bad>", b"raw", "it has no sender")
    assert (await world.ask("GET", "/api/undelivered", cookie=boss)).json().get("count", 0) == 0


async def test_a_letter_is_found_by_its_subject_until_its_sender_is_erased_with_all_that_came(world, tab_of):
    ann, row, _ = await arrived(
        world, tab_of, text="", subject="The verdigris lantern", files=FILES, html=HTML, quoted="> earlier"
    )
    await context(world).set_aside("<bad>", b"From: kim@shop-mail.org", "it has no sender")

    async def hits(words):
        page = (await world.ask("GET", f"/api/search?q={words}", cookie=ann.cookie)).json()
        return [hit for kind in page.values() if isinstance(kind, list) for hit in kind]

    assert await hits("verdigris")
    boss = await world.sign_in("boss")
    plan = (await world.ask("GET", f"/api/customers/{row['customer']}/erase", cookie=boss)).json()
    answer = await world.ask(
        "POST", f"/api/customers/{row['customer']}/erase", cookie=boss, body={"name": plan["name"]}
    )
    assert answer.status_code == 200
    for table in ("message", "message_body", "message_ref", "attachment"):
        assert await world.sql(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert await world.sql("SELECT key, length(raw) FROM aside") == [("<bad>", 0)]
    assert files_on_disk(world) == []
    assert not await hits("verdigris")
