"""Libraries for servers: what they send is in the record once, at the level their key deserves, whatever the network did."""

import json

import pytest

from tests.sdk.conftest import SERVER, WRITE, Collector

LIBRARIES = ["segment_python.py", "segment_node.mjs", "rudder_node.cjs"]


@pytest.fixture(params=LIBRARIES)
def library(request, collector: Collector):
    """`await library(key)`: a program that uses one of the libraries, from its first call to its end."""
    script = str(request.param)

    async def run(key: str) -> None:
        if script.endswith(".py"):
            pytest.importorskip(
                "segment", reason="no library to test with: pip install segment-analytics-python"
            )
            await collector.python(script, key)
        else:
            await collector.node(script, key)

    return run


async def everything(collector: Collector) -> list[str]:
    return [row[0] for row in await collector.rows("SELECT kind FROM touchpoint ORDER BY kind")]


ALL = ["alias", "event", "event", "group", "identify", "order"]


async def test_with_the_secret_key_its_word_on_who_is_believed(library, collector):
    await library(SERVER)
    assert await everything(collector) == ALL
    assert await collector.claims() == {
        ("user_id", "u1", "verified"),
        ("email", "ann@shop-mail.org", "observed"),
        ("user_id", "guest-9", "asserted"),
    }
    attributes = set(await collector.rows("SELECT attribute, value, level FROM attribute"))
    assert attributes == {("name", "Ann Lee", "observed"), ("company", "Lee Ltd", "observed")}
    assert await collector.one("SELECT count(DISTINCT customer) FROM evidence") == 1
    order = json.loads(await collector.one("SELECT payload FROM touchpoint WHERE kind = 'order'"))
    assert (order["id"], order["value"]) == ("77", 12.5)


async def test_with_the_public_key_it_only_asserts(library, collector):
    await library(WRITE)
    assert await everything(collector) == ALL
    assert {level for _, _, level in await collector.claims()} == {"asserted"}


async def test_what_it_sends_again_is_stored_once(library, collector):
    collector.faults.plan = ["stored", "busy"]
    await library(SERVER)
    assert collector.faults.met[:3] == ["stored", "busy", "none"]
    assert await everything(collector) == ALL
