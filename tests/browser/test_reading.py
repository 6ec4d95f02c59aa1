"""What screen readers and weak eyes meet: axe-core finds nothing to object to, in light and in dark."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import comes_to_rest

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])

pytestmark = pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make page-tools")


def check(page, what, inside="html"):
    """No violation in an element and the shadow roots in it."""
    comes_to_rest(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"() => {{ {AXE.read_text()} }}")
    run = "async (inside) => { const {passes, violations} = await axe.run(inside); return [passes.length, violations]; }"
    passed, found = page.evaluate(run, inside)
    assert passed > 5, f"{what}: axe looked at nothing"
    told = [
        f"{what}: {one['id']}: {one['help']}: {node['target']} {node['html'][:160]}\n      {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
    assert not told, "\n  ".join(["", *told])


@SCHEMES
def test_the_console(shopper, operator, scheme):
    desk = operator(color_scheme=scheme)
    expect(desk.page.get_by_label("Login")).to_be_visible()
    check(desk.page, "sign-in")
    desk.signs_in("ana")
    check(desk.page, "empty desk")
    desk.goes_to("Visitors")
    expect(desk.page.get_by_text("Nobody is on your site")).to_be_visible()
    check(desk.page, "no visitors")
    desk.goes_to("Health")
    check(desk.page, "health")
    visitor = shopper().visits("/as/maria")
    visitor.opens_the_chat()
    visitor.writes("Is there a bigger one?")
    desk.goes_to("Desk")
    desk.sees_waiting("Is there a bigger one?")
    check(desk.page, "waiting")
    desk.opens_the_longest_wait()
    check(desk.page, "before taking")
    desk.takes()
    desk.writes("There is.")
    desk.sees_state("Read")
    desk.notes("She has asked before")
    check(desk.page, "conversation and record")
    for key, what in (("m", "hand over"), ("x", "finish"), ("?", "keys")):
        desk.composer().press("Escape")
        desk.presses(key)
        expect(desk.page.get_by_role("dialog")).to_be_visible()
        check(desk.page, what)
        desk.presses("Escape")
        expect(desk.page.get_by_role("dialog")).to_have_count(0)
    desk.rail.get_by_role("button", name="presence, look, sign out").click()
    check(desk.page, "menu")
    desk.presses("Escape")
    desk.goes_to("Visitors")
    desk.visitor_rows.first.locator(".who").click()
    expect(desk.record.get_by_role("heading", level=2)).to_have_text("Maria")
    check(desk.page, "visitors")
