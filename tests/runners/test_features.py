"""Page features: offers with a deadline, frames in order, nothing undeclared, nothing too large, nothing too fast."""

import pytest

import hub
from hub.runners import FrameRefused, Pace
from hub.wire import REFUSALS

FEATURE = """
import asyncio, time
class Acme(hub.Channel):
    kind = "acme"
class Bell(hub.PageFeature):
    name = "bell"
    channel = "acme"
    frames = ("bell.ring", "bell.rang")
    core_conversation = {core}
    async def offer(self, visit, context):
        {offer}
    async def on_frame(self, frame, visitor, context):
        {on_frame}
@hub.hookimpl
def hub_register_channels(register):
    register(Acme)
@hub.hookimpl
def hub_register_page_features(register):
    register(Bell)
"""

VISITOR = hub.Visitor(id="v" * 32, site="main")
VISIT = hub.Visit(visitor=VISITOR)


def feature(
    offer: str = "return hub.Offer(label=visit.visitor.site)", on_frame: str = "pass", core: bool = False
) -> str:
    return FEATURE.replace("{offer}", offer).replace("{on_frame}", on_frame).replace("{core}", str(core))


def ring(**data) -> hub.Frame:
    return hub.Frame(name="bell.ring", data=data)


async def test_a_visit_gets_what_the_feature_offers(bench):
    made = await bench(feature(), "[channels.acme]")
    (offer,) = await made.runners.offers(VISIT)
    assert (offer.name, offer.label, offer.script) == ("bell", "main", None)


async def test_a_feature_without_a_configured_channel_is_absent(bench):
    made = await bench(feature(), "[hub]")
    assert await made.runners.offers(VISIT) == []
    with pytest.raises(FrameRefused, match="no page feature") as refused:
        made.runners.on_frame(ring(), VISITOR)
    assert refused.value.code == "unknown_feature"


async def test_a_frame_reaches_the_plugin_and_its_answer_the_visitor(bench):
    on_frame = "await context.to_visitor(visitor, hub.Frame(name='bell.rang', data={'n': frame.data['n']}))"
    made = await bench(feature(on_frame=on_frame), "[channels.acme]")
    for n in range(20):
        made.runners.on_frame(ring(n=n), VISITOR)
    await made.until(lambda: len(made.frames) == 20)
    assert [(visitor, frame.data["n"]) for visitor, frame in made.frames] == [
        (VISITOR.id, n) for n in range(20)
    ]


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (hub.Frame(name="bell.steal", data={}), "is not declared"),
        (hub.Frame(name="bell.ring", data={"x": "y" * 17_000}), "at most 16384"),
    ],
)
async def test_undeclared_and_oversized_frames_are_refused(bench, frame, why):
    made = await bench(feature(), "[channels.acme]")
    with pytest.raises(FrameRefused, match=why) as refused:
        made.runners.on_frame(frame, VISITOR)
    assert refused.value.code == "bad_frame"


async def test_too_many_frames_are_refused_for_this_visitor_alone(bench):
    made = await bench(feature(), "[channels.acme]")
    with pytest.raises(FrameRefused) as refused:
        for _ in range(200):
            made.runners.on_frame(ring(), VISITOR)
    assert refused.value.code == "rate_limited"
    made.runners.on_frame(ring(), hub.Visitor(id="w" * 32, site="main"))


async def test_a_frame_that_is_not_declared_cannot_be_sent_to_a_visitor_either(bench):
    on_frame = "await context.to_visitor(visitor, hub.Frame(name='text.say'))"
    made = await bench(feature(on_frame=on_frame), "[channels.acme]")
    made.runners.on_frame(ring(), VISITOR)
    await made.until(lambda: made.state("acme") == "failed")
    assert "frame 'text.say' is not declared" in made.health("acme").why
    assert made.frames == []


async def test_a_feature_that_hangs_on_frames_is_cut_off_after_five(bench):
    made = await bench(feature(on_frame="await asyncio.sleep(3600)"), "[channels.acme]")
    for n in range(5):
        made.runners.on_frame(ring(), hub.Visitor(id=str(n), site="main"))
    await made.until(lambda: made.health("acme").failures >= 5)
    with pytest.raises(FrameRefused) as refused:
        made.runners.on_frame(ring(), VISITOR)
    assert refused.value.code == "unavailable"
    assert "no answer within" in made.health("acme").why


async def test_a_feature_that_recovers_is_well_again(bench):
    made = await bench(feature(on_frame="assert frame.data['good']"), "[channels.acme]")
    made.runners.on_frame(ring(good=False), VISITOR)
    await made.until(lambda: made.state("acme") == "failed")
    made.runners.on_frame(ring(good=True), VISITOR)
    await made.until(lambda: made.state("acme") == "healthy")


@pytest.mark.parametrize("offer", ["await asyncio.sleep(3600)", "raise KeyError('x')", "return 'yes'"])
async def test_a_failing_offer_is_no_offer(bench, offer):
    made = await bench(feature(offer), "[channels.acme]")
    assert await made.runners.offers(VISIT) == []
    assert made.state("acme") == "failed"


async def test_a_feature_on_the_cores_conversation_is_offered_even_while_plugins_are_blocked(bench):
    made = await bench(
        feature("time.sleep(0.8); return hub.Offer(label='late')", core=True), "[channels.acme]"
    )
    (offer,) = await made.runners.offers(VISIT)
    assert (offer.name, offer.label) == ("bell", "")


async def test_a_stuck_feature_costs_a_bounded_number_of_waiting_frames(bench):
    pace = Pace(frames_waiting_in_all=10, frame=30)
    made = await bench(feature(on_frame="await asyncio.sleep(3600)"), "[channels.acme]", pace=pace)
    with pytest.raises(FrameRefused) as refused:
        for n in range(100):
            made.runners.on_frame(ring(), hub.Visitor(id=str(n), site="main"))
            made.runners.on_frame(ring(), hub.Visitor(id=str(n), site="main"))
    assert refused.value.code == "rate_limited"


async def test_frames_dropped_by_the_breaker_free_their_places(bench):
    made = await bench(feature(on_frame="raise KeyError"), "[channels.acme]")
    for _ in range(30):
        made.runners.on_frame(ring(), VISITOR)
    await made.until(lambda: made.health("acme").failures >= 5)
    feature_of = made.runners.features["bell"]
    await made.until(lambda: feature_of._count == 0)


def test_every_code_of_a_refused_frame_is_one_the_browser_knows():
    assert {"unknown_feature", "bad_frame", "rate_limited", "unavailable"} <= set(REFUSALS)
