"""Cases over HTTP: what a conversation is proposed for and why, joining it, splitting it, and who may."""

import datetime as dt

import pytest

from hub import Claim, IncomingMessage, Level, Touchpoint
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
    split = (await ask(world, ann, mails[1], verdict="split")).json()
    assert split["members"] == []
    assert [step["op"] for step in split["steps"]] == ["split", "joined"]


async def test_a_no_is_kept(world, tab_of, mails):
    ann = await tab_of("ann")
    assert (await ask(world, ann, mails[1], verdict="decline", other=mails[0])).json()["proposals"] == []


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
