"""Canned replies in a real browser: kept by hand, found by a slash, and never sent with a place still open."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_reading import AXE, SCHEMES, check

AXE_THERE = pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make page-tools")


def test_a_reply_is_kept_found_by_a_slash_and_said(shopper, operator):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    keys = desk.page.keyboard
    desk.goes_to("Canned replies")
    expect(desk.page.get_by_role("heading", name="Canned replies", exact=True)).to_be_visible()
    for shortcut, text in (
        ("hi", "Hello {{customer.first_name|there}}!"),
        ("who", "Are you {{customer.name}}?"),
    ):
        desk.presses("n")
        dialog = desk.page.get_by_role("dialog", name="New canned reply")
        dialog.get_by_label("Shortcut").fill(shortcut)
        dialog.get_by_label("Text").fill(text)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)
    expect(desk.page.locator(".reply-name b")).to_have_text(["/hi", "/who"])
    visitor.opens_the_chat()
    visitor.writes("Hello?")
    desk.goes_to("Desk")
    desk.opens_the_longest_wait()
    desk.takes()
    desk.composer().press("/")
    options = desk.page.get_by_role("option")
    expect(options).to_have_count(2)
    keys.type("hi")
    expect(options).to_have_count(1)
    desk.presses("Enter")
    expect(desk.composer()).to_have_value("Hello there! ")
    keys.type("/who")
    desk.presses("Enter", "Enter")
    expect(desk.page.get_by_role("alert").filter(has_text="Before this can be sent")).to_be_visible()
    keys.type("Ana")
    expect(desk.composer()).to_have_value(
        re.compile("^Hello there! Are you Ana$|^Hello there! Are you Ana\\? $")
    )
    desk.presses("Enter")
    visitor.sees("Hello there! Are you Ana?")


def test_a_file_goes_out_and_a_bad_one_says_all_that_is_wrong(operator, tmp_path, watch):
    watch.forgive(r"status of 400 .*/api/canned/own/import$")
    desk = operator("ana")
    desk.goes_to("Canned replies")
    desk.page.get_by_role("button", name="Files").click()
    desk.page.get_by_role("menuitem", name="Import").click()
    dialog = desk.page.get_by_role("dialog", name="Import")
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("shortcut,text\ntwo words,{{customer.nmae}}\n")
    good.write_text("shortcut,text\nhi,=Hello\n")
    dialog.get_by_label("File").set_input_files(bad)
    dialog.get_by_role("button", name="Import").click()
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    dialog.get_by_label("File").set_input_files(good)
    dialog.get_by_role("button", name="Import").click()
    desk.is_told("Imported: 1 new, 0 changed.")
    expect(desk.page.locator(".reply-text")).to_have_text("=Hello")
    desk.page.get_by_role("button", name="Files").click()
    with desk.page.expect_download() as download:
        desk.page.get_by_role("menuitem", name="CSV").last.click()
    assert "'=Hello" in download.value.path().read_text()


@SCHEMES
@AXE_THERE
def test_nothing_about_them_is_hard_to_read(shopper, operator, hub, scheme):
    desk, visitor = operator("ana", color_scheme=scheme), shopper().visits("/vase")
    desk.goes_to("Canned replies")
    expect(desk.page.get_by_role("heading", name="Canned replies", exact=True)).to_be_visible()
    check(desk.page, "no replies")
    desk.presses("n")
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Shortcut").fill("who")
    dialog.get_by_label("Title").fill("Who are you?")
    dialog.get_by_label("Text").fill("Are you {{customer.name}} on {{page.title}}?")
    check(desk.page, "a reply")
    dialog.get_by_role("button", name="Save").click()
    expect(desk.page.locator(".reply-row")).to_have_count(1)
    check(desk.page, "replies")
    visitor.opens_the_chat()
    visitor.writes("Hello?")
    desk.goes_to("Desk")
    desk.opens_the_longest_wait()
    desk.takes()
    desk.composer().press("/")
    expect(desk.page.get_by_role("option")).to_have_count(1)
    check(desk.page, "the list")
    desk.presses("Enter")
    expect(desk.page.locator(".gap-line")).to_be_visible()
    check(desk.page, "an open place")
