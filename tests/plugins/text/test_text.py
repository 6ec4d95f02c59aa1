"""The text channel: bundled, and nothing special."""

import hub
import hub_text
from hub.testing import FakeContext


async def test_every_visit_is_offered_the_panel_with_its_limit():
    context = FakeContext(hub_text.TextSettings(max_length=100))
    visit = hub.Visit(visitor=hub.Visitor(id="v" * 32, site="main"))
    offer = await hub_text.TextPanel().offer(visit, context)
    assert offer is not None
    assert offer.data == {"max_length": 100}


def test_the_panel_lives_on_the_cores_conversation_frames():
    assert hub_text.TextPanel.core_conversation
    assert hub_text.TextPanel.frames == ()
    assert hub_text.TextPanel.script is None
