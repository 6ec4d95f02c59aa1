"""Cases over HTTP: what a conversation is proposed for and why, joining it, splitting it, and who may."""

import datetime as dt

import pytest

from hub import Claim, IncomingMessage, Level, Touchpoint
from hub.actions import cases, serve
from hub.actions.receive import receive


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def mails(world):
    """Two mails of one customer about one matter, and one of somebody else; their conversations."""
    found = []
    for n, (sender, text) in enumerate(
        (
            ("lena@mailbox.at", "The grinder from order A44871 has not arrived, where is the parcel?"),
            ("lena@mailbox.at", "Still no parcel. Please ask the courier about A44871."),
            ("tom@mailbox.at", "Where is my parcel with order A44871?"),
        )
    ):
        came = Touchpoint(
            channel="post", kind="mail", key=f"m{n}", occurred_at=dt.datetime(2026, 1, 1 + n, tzinfo=dt.UTC), thread=f"{sender}#{n}",
            claims=(Claim(kind="email", value=sender, level=Level.OBSERVED),), message=IncomingMessage(text=text),
        )  # fmt: skip
        stored = (await world.hub.store.write(receive, "post", came)).message
        found.append(stored.conversation.hex())
    return found


async def ask(world, tab, conversation, **body):
    method = "POST" if body else "GET"
    return await world.ask(
        method, f"/api/conversations/{conversation}/case", cookie=tab.cookie, body=body or None
    )


async def test_an_open_matter_is_proposed_with_its_reasons(world, tab_of, mails):
    ann = await tab_of("ann")
    page = (await ask(world, ann, mails[1])).json()
    (proposal,) = page["proposals"]
    assert proposal["row"]["id"] == mails[0]
    assert proposal["probability"] >= page["likely"]
    assert {"word": "code", "weight": 2.2, "shown": ["a44871"]} in proposal["reasons"]


async def test_it_is_joined_and_split_in_one_click_each_and_the_list_hears_of_it(world, tab_of, mails):
    ann = await tab_of("ann")
    joined = (await ask(world, ann, mails[1], verdict="join", other=mails[0])).json()
    assert [row["id"] for row in joined["members"]] == mails[:2]
    assert joined["members"][1]["case"] == mails[0]
    assert joined["steps"][0]["name"]
    assert (await ask(world, ann, mails[0])).json()["steps"] == joined["steps"], (
        "and says why, wherever one looks"
    )
    split = (await ask(world, ann, mails[1], verdict="split")).json()
    assert split["members"] == []
    assert [step["op"] for step in split["steps"]] == ["split", "joined"]


async def test_a_no_is_kept(world, tab_of, mails):
    ann = await tab_of("ann")
    assert (await ask(world, ann, mails[1], verdict="decline", other=mails[0])).json()["proposals"] == []


async def test_nobody_joins_what_another_team_serves_or_reads_it_by_joining(world, tab_of, mails):
    """Ann serves the shop, and so does Cat, who serves the books as well; the first mail is with the books."""
    ann = await tab_of("ann")
    await world.hire("cat", queues=["main", "books"])
    first, second = (bytes.fromhex(one) for one in mails[:2])
    cat = world.operators["cat"]
    await world.hub.store.write(serve.transfer_to_queue, cat, first, bytes.fromhex(world.queues["books"]), "")
    page = (await ask(world, ann, mails[1])).json()
    assert (page["proposals"], page["members"]) == ([], [])
    refused = await ask(world, ann, mails[1], verdict="join", other=mails[0])
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    sheet = (await world.ask("GET", f"/api/conversations/{mails[1]}/sheet", cookie=ann.cookie)).json()
    assert "grinder" not in str(sheet)
    await world.hub.store.write(cases.join, cat, second, first)
    assert (await ask(world, ann, mails[1])).status_code == 403, "it is with the books now"


async def test_what_was_said_to_another_team_is_known_on_the_sheet_and_its_words_are_not(
    world, tab_of, mails
):
    ann = await tab_of("ann")
    boss = world.operators["boss"]
    await world.hub.store.write(
        serve.transfer_to_queue, boss, bytes.fromhex(mails[0]), bytes.fromhex(world.queues["books"]), ""
    )
    sql = "UPDATE message SET text = 'Order B10022, size 38' WHERE conversation = ?"
    await world.hub.store.write(lambda tx: tx.run(sql, (bytes.fromhex(mails[0]),)))
    page = (await world.ask("GET", f"/api/conversations/{mails[1]}/sheet", cookie=ann.cookie)).json()
    size = next(one for one in page["facts"] if one["kind"] == "size")
    assert (size["value"], size["where"], size.get("conversation")) == ("", "books", None)
    assert "B10022" not in str(page) and "38" not in str([one["value"] for one in page["facts"]])


async def test_two_customers_are_never_joined(world, tab_of, mails):
    ann = await tab_of("ann")
    refused = await ask(world, ann, mails[2], verdict="join", other=mails[0])
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "body", [{"verdict": "join"}, {"verdict": "marry"}, {"verdict": "join", "other": "x"}]
)
async def test_a_word_that_means_nothing_is_refused(world, tab_of, mails, body):
    ann = await tab_of("ann")
    assert (await ask(world, ann, mails[1], **body)).status_code == 400
