"""Why a record is one person: merging with a preview, reading the explanation, and taking it back; pinning and blocking likewise."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from hub import AttributeClaim, Claim, Level, Touchpoint
from hub.actions.receive import receive
from tests.browser.test_knowing import looks


def told(n, *claims, kind="order", **says):
    """Claims are written `user_id!42` (verified), `email:a@shop.org` (observed) or `phone?+49…` (asserted)."""
    levels = {"!": Level.VERIFIED, ":": Level.OBSERVED, "?": Level.ASSERTED}
    said = []
    for text in claims:
        sign = next(one for one in text if one in levels)
        what, value = text.split(sign, 1)
        said.append(Claim(kind=what, value=value, level=levels[sign]))
    attributes = tuple(
        AttributeClaim(attribute=key, value=value, level=said[0].level) for key, value in says.items()
    )
    return Touchpoint(
        channel="shop", kind=kind, key=f"t{n}", occurred_at=dt.datetime(2025, 5, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=n),
        claims=tuple(said), attributes=attributes, payload={"title": f"Order {4711 + n}"},
    )  # fmt: skip


@pytest.fixture
def people(hub):
    """Lena in two records, and a stranger who gave her number."""
    for one in (
        told(0, "user_id!42", "email:lena@shop.org", name="Lena Weiß", city="Berlin"),
        told(1, "user_id!42", "phone:+49301234567", name="L. Weiss"),
        told(2, "email:lena@shop.org"),
        told(3, "user_id!77", "phone?+49301234567", name="Bo Lee"),
        told(4, "email?lena.weiss@home.org", name="Lena Weiss", city="Potsdam"),
    ):
        hub.write(receive, "shop", one)


def finds(desk, words):
    desk.page.keyboard.press("Control+k")
    desk.page.get_by_role("dialog").get_by_role("combobox").fill(words)
    desk.page.get_by_role("option").filter(has_text=words).first.click()


def test_a_merge_is_seen_explained_and_taken_back(operator, hub, people):
    desk = operator("ana")
    page, record = desk.page, desk.record
    finds(desk, "lena@shop.org")
    expect(record.locator("h2")).to_have_text("L. Weiss")
    name = record.locator(".record-field", has_text="Name").first
    name.locator(".tell").click()
    expect(name.locator(".told")).to_contain_text("proved by a system we trust")
    expect(name.locator(".told")).to_contain_text("said last")
    looks(page, "a value that tells where it is from")

    dialog = page.get_by_role("dialog")
    name.get_by_role("button", name="Pin: Lena Weiß").click()
    expect(
        dialog.get_by_role("region", name="What would happen").or_(dialog.locator(".preview"))
    ).to_contain_text("Lena Weiß")
    dialog.get_by_role("button", name="Pin", exact=True).click()
    expect(record.locator("h2")).to_have_text("Lena Weiß")
    expect(name.locator(".told")).to_contain_text("Pinned by Ana Ruiz")

    record.get_by_role("button", name="Same person as…").click()
    dialog.get_by_role("searchbox").fill("lena.weiss@home.org")
    dialog.locator(".choice", has_text="Lena Weiss").click()
    expect(dialog.locator(".preview")).to_contain_text("1 touchpoint goes from Lena Weiss to Lena Weiß")
    expect(dialog.locator(".preview-moves")).to_contain_text("Order 4715")
    looks(page, "a merge before it is made")
    dialog.get_by_label("Why").fill("Said so on the phone")
    dialog.get_by_role("button", name="Same person", exact=True).click()
    toast = page.locator(".toast", has_text="are one person now")
    expect(record.locator(".decisions")).to_contain_text("Said so on the phone")

    record.get_by_role("button", name="Why is this one person?").click()
    chain = dialog.locator("ol.why")
    expect(chain).to_contain_text(
        "Order 4711, 1 May 2025 and Order 4712, 2 May 2025 carry the same account 42 (verified)"
    )
    expect(chain).to_contain_text("Ana Ruiz decided that this is one person")
    expect(dialog.get_by_role("region", name="What stayed apart")).to_contain_text("Bo Lee")
    first = dialog.locator(".graph-box").first
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(dialog.locator(".graph-box").nth(1)).to_be_focused()
    looks(page, "an explanation")
    page.keyboard.press("Escape")

    toast.get_by_role("button", name="Undo").click()
    expect(record.locator(".decisions .revoked")).to_contain_text("Undone by Ana Ruiz")
    expect(record.locator(".record-field", has_text="lena.weiss@home.org")).to_have_count(0)

    mail = record.locator(".record-field", has_text="lena@shop.org")
    mail.locator(".tell").click()
    mail.get_by_role("button", name="Block…").click()
    expect(dialog.locator(".preview-moves")).to_contain_text("Order 4713")
    dialog.get_by_role("button", name="Block", exact=True).click()
    expect(mail.locator(".others")).to_have_text("blocked")
    page.locator(".toast", has_text="joins nobody any longer").get_by_role("button", name="Undo").click()
    expect(mail.locator(".others")).to_have_count(0)
