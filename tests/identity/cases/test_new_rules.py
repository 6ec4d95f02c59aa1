"""What happens when identifiers are read otherwise than before: who is who follows, decisions and pins stay."""

import datetime as dt

import pytest

from hub import identity, upkeep
from hub.actions.receive import receive
from hub.clock import wall
from hub.contract import AttributeClaim, Claim, Level, Touchpoint
from hub.identity import rebuilding
from hub.intake import again, emails, normalise
from hub.store import Store


@pytest.fixture
async def store(tmp_path):
    store = await Store.open(tmp_path / "hub.db", clock=wall, publish=lambda topic, event: None)
    yield store
    await store.close()


def report(key, email, *more, name=""):
    claims = (Claim(kind="email", value=email, level=Level.OBSERVED), *more)
    said = (AttributeClaim(attribute="name", value=name),) if name else ()
    at = dt.datetime(2023, 5, 1, 12, int(key), tzinfo=dt.UTC)
    return Touchpoint(channel="email", kind="mail", key=key, occurred_at=at, claims=claims, attributes=said)


async def test_a_change_of_the_rules_is_followed_and_keeps_decisions_and_pins(store, monkeypatch):
    await upkeep.read_anew(store)
    touches = [
        (await store.write(receive, "post", touchpoint)).touch
        for touchpoint in (
            report("1", "ann+shop@club.org", name="Ann"), report("2", "ann@club.org", name="Annabel"),
            report("3", "bob@shop.org", name="Bob"), report("4", "rob@shop.org", name="Bob"), report("5", "eve@shop.org"), report("6", "eve@shop.org"),
        )
    ]  # fmt: skip

    def decide(tx, op, **more):
        return identity.decide(tx, op, author="Kim", **more)

    await store.write(decide, "same", a=touches[2], b=touches[3])
    await store.write(decide, "never", a=touches[4], b=touches[5])
    await store.write(decide, "pin", a=touches[0], attribute="name", value="Ann")

    async def who():
        found = [await store.read(identity.resolve, touch) for touch in touches]
        return [found.index(customer) + 1 for customer in found]

    assert await who() == [1, 2, 3, 3, 5, 6]
    before, fold = normalise.version(), emails.fold
    monkeypatch.setattr(normalise, "VERSION", normalise.VERSION + 1)
    monkeypatch.setattr(emails, "fold", lambda raw: (found := fold(raw)) and found.replace("+shop", ""))
    assert await store.read(again.made_with) == before
    assert await upkeep.read_anew(store) > 0
    assert await who() == [1, 1, 3, 3, 5, 6]
    assert (await store.read(identity.header, touches[1])).name == "Ann", "the pin counts for both now"
    assert await store.read(rebuilding.differences) == []
    assert await store.read(again.made_with) == normalise.version()
    assert await upkeep.read_anew(store) == 0
