"""`hub customer …` where no hub runs: by the same code, under the lock."""

import asyncio
import datetime as dt
import json
import zipfile
from contextlib import closing
from sqlite3 import connect

import pytest

from hub.actions.receive import receive
from hub.clock import wall
from hub.contract import AttributeClaim, Claim, IncomingMessage, Touchpoint
from hub.store import Store


@pytest.fixture
def known(made):
    """A database in which Ann has written a mail."""

    async def write():
        store = await Store.open(made / "data" / "hub.db", clock=wall, publish=lambda topic, event: None)
        mail = Touchpoint(
            channel="email", kind="mail", key="1", occurred_at=dt.datetime.now(dt.UTC), site="main", thread="ann@shop.org",
            claims=(Claim(kind="email", value="ann@shop.org"),), attributes=(AttributeClaim(attribute="name", value="Ann Berg"),),
            message=IncomingMessage(text="Is the vase in stock?"),
        )  # fmt: skip
        await store.write(receive, "post", mail)
        await store.close()

    asyncio.run(write())
    return made


def test_a_person_is_handed_out_and_erased(hub, known):
    result = hub("customer", "export", "ann@shop.org", "--out", "ann.zip")
    assert result.exit_code == 0 and "Ann Berg, 1 touchpoints, 1 conversations, 0 files" in result.output
    with zipfile.ZipFile(known / "ann.zip") as archive:
        (talk,) = json.loads(archive.read("conversations.json"))
    assert [message["text"] for message in talk["messages"]] == ["Is the vase in stock?"]
    assert (known / "ann.zip").stat().st_mode & 0o777 == 0o600
    assert hub("customer", "export", "ann@shop.org", "--out", "ann.zip").exit_code == 1, (
        "never over another file"
    )

    assert "nothing was erased" in hub("customer", "erase", "Ann@Shop.org", typed="n\n").output
    result = hub("customer", "erase", "Ann@Shop.org", "--yes")
    assert result.exit_code == 0 and "Backups made before still hold it" in result.output
    with closing(connect(known / "data" / "hub.db")) as database:
        assert database.execute("SELECT count(*) FROM message").fetchone() == (0,)
        assert database.execute("SELECT author FROM erasure").fetchone() == ("the command line",)
    assert b"ann@shop.org" not in (known / "data" / "hub.db").read_bytes()
    result = hub("customer", "erase", "ann@shop.org", "--yes")
    assert result.exit_code == 1 and "nobody is known as 'ann@shop.org'" in result.output
