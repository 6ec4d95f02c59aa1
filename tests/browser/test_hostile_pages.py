"""Pages that make life hard for guests, and people who write code where words belong."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import both_end_with, comes_to_rest

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.mark.parametrize("hostility", ["styles", "frozen", "overrides"])
def test_the_chat_works_in_a_page_of(hostility, shop, shopper, operator):
    shop.hostility = hostility
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("Does it work here?")
    desk.opens_the_longest_wait()
    desk.takes()
    desk.writes("It does.")
    visitor.sees("It does.")
    visitor.sees_state("Does it work here?", "Read")
    desk.sees_state("Read")
    visitor.follows("Checkout")
    visitor.sees("It does.")
    both_end_with(visitor, desk, [("me", "Does it work here?"), ("them", "It does.")])


def test_the_chat_works_where_sockets_and_storage_throw(shop, shopper, operator):
    shop.hostility = "broken"
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("Does it work here?")
    desk.opens_the_longest_wait()
    desk.takes()
    desk.writes("It does.")
    visitor.sees("It does.")
    desk.sees_state("Read")
    both_end_with(visitor, desk, [("me", "Does it work here?"), ("them", "It does.")])
    # Nothing can be kept here, so on the next page this is somebody new.
    visitor.follows("Checkout")
    expect(visitor.composer).to_be_visible()
    assert visitor.transcript() == []


def test_the_shops_styles_stay_out_of_the_widget(shop, shopper):
    plain = shopper().visits("/vase")
    plain.opens_the_chat()
    plain.writes("How do I look?")
    plain.sees_state("How do I look?", "Sent")
    shop.hostility = "styles"
    styled = shopper().visits("/vase")
    styled.opens_the_chat()
    styled.writes("How do I look?")
    styled.sees_state("How do I look?", "Sent")
    assert looks(styled) == looks(plain)
    expect(styled.page.get_by_role("heading", level=1)).to_have_css("color", "rgb(255, 0, 255)")


def looks(visitor):
    """Place, size, type and colours of everything in the widget that is not for ears only."""
    comes_to_rest(visitor.page)
    return visitor.page.locator("touchpoint-hub").evaluate(
        """(host) => [...host.shadowRoot.querySelectorAll(".hub *:not(.sr)")].map((one) => {
          const {x, y, width, height} = one.getBoundingClientRect();
          const style = getComputedStyle(one);
          return [one.className.baseVal ?? one.className, x, y, width, height, style.fontSize, style.color, style.backgroundColor,
            style.display, style.textTransform, style.direction].join(" ");
        })"""
    )


def test_script_in_names_messages_titles_and_addresses_is_only_words(shop, shopper, operator):
    shop.title = f"Sale {SCRIPT}"
    desk = operator("ana")
    visitor = shopper().visits(f"/as/{SCRIPT.replace('/', '%2F')}?q={SCRIPT}#{SCRIPT}")
    visitor.opens_the_chat()
    visitor.writes(f"{SCRIPT} javascript:alert(3) https://example.org/{SCRIPT}")
    desk.opens_the_longest_wait()
    desk.takes()
    desk.writes(f"{SCRIPT} javascript:alert(4)")
    visitor.sees(f"{SCRIPT} javascript:alert(4)")
    desk.sees(f"{SCRIPT} javascript:alert(3)")
    desk.notes(SCRIPT)
    expect(desk.record.get_by_text("On the site now")).to_be_visible()
    desk.goes_to("Visitors")
    row = desk.sees_visitor_on(f"Sale {SCRIPT}")
    row.locator(".who").click()
    expect(desk.record.get_by_text(f"Sale {SCRIPT}").first).to_be_visible()
    hrefs = [
        href
        for page in (desk.page, visitor.page)
        for href in page.locator("a[href]").evaluate_all("all => all.map((one) => one.href)")
    ]
    assert hrefs
    assert not [href for href in hrefs if not href.startswith("http")]
    assert desk.page.locator("img[src='x'], script:not([src])").count() == 0
    assert visitor.page.locator("touchpoint-hub img, touchpoint-hub script").count() == 0
