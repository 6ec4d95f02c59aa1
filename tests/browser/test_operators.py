"""Operators administered in the console: invited by a link that works once, seen at work by the admin, and put out."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hosts import password_of
from tests.browser.people import OperatorDesk
from tests.browser.test_reading import AXE, SCHEMES, check
from tests.browser.test_team import asked

PASSWORD = "a sentence is good"
AXE_THERE = pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make page-tools")


@pytest.fixture
def boss(hub, operator):
    hub.add_operator("boss", "Bo Admin", role="admin")
    return operator("boss")


def settings(desk, page):
    desk.goes_to("Settings")
    desk.page.get_by_role("navigation", name="Pages of the settings").get_by_role("button", name=page).click()
    expect(desk.page.get_by_role("heading", level=2, name=page)).to_be_visible()


def test_an_admin_invites_somebody_who_joins_takes_a_chat_and_is_put_out(boss, shopper, contexts, hub, watch):
    watch.forgive(r"status of 404 .*/api/links/look$")
    watch.forgive(r"status of 401 .*/api/me$")
    settings(boss, "Operators")
    people = boss.page.get_by_role("list", name="Operators")
    boss.page.get_by_role("button", name="Invite").click()
    dialog = boss.page.get_by_role("dialog", name="Invite an operator")
    dialog.get_by_label("Whom it is for").fill("Kim, mornings")
    dialog.get_by_label("main").check()
    dialog.get_by_role("button", name="Make the link").click()
    made = boss.page.get_by_role("dialog", name="The link for Kim, mornings")
    link = made.get_by_label("The link").input_value()
    made.get_by_role("button", name="Close").last.click()
    expect(boss.page.get_by_role("list", name="Links that were not used yet")).to_contain_text(
        "Kim, mornings"
    )

    kim = OperatorDesk(contexts().new_page(), hub.url)
    kim.page.goto(link)
    kim.page.get_by_label("Name that customers see").fill("Kim Park")
    kim.page.get_by_label("Login").fill("kim")
    kim.page.get_by_label("New password").fill(PASSWORD)
    kim.page.get_by_role("button", name="Begin").click()
    expect(kim.rail).to_be_visible()
    assert "join" not in kim.page.url
    expect(people.locator(".people-row", has_text="Kim Park")).to_contain_text("Available")
    expect(boss.page.get_by_role("list", name="Links that were not used yet")).to_have_count(0)
    again = contexts().new_page()
    again.goto(link)
    expect(again.get_by_role("heading", name="This link does not work")).to_be_visible()

    visitor = asked(shopper, "Do you deliver?")
    boss.presses("g", "t")
    team = boss.page.get_by_role("main")
    expect(team.locator(".team-queue")).to_contain_text("waits longest")
    kim.opens_the_longest_wait()
    kim.takes()
    visitor.sees_headline("Kim Park")
    person = team.locator(".team-person", has_text="Kim Park")
    expect(person.get_by_role("img", name="1 of 4 in hand")).to_be_visible()
    expect(person.locator(".team-talk .wait")).to_be_visible()
    person.locator(".team-talk").click()
    expect(boss.pane().locator(".transcript")).to_contain_text("Do you deliver?")
    expect(boss.pane().locator(".pane-acts .avatar")).to_have_count(1)  # Kim looks at it too
    expect(boss.inbox.get_by_role("img", name="Kim Park is here too")).to_be_visible()

    settings(boss, "Operators")
    people.locator(".people-row", has_text="Kim Park").get_by_role("button", name="What to do").click()
    boss.page.get_by_role("menuitem", name="Deactivate").click()
    boss.page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    kim.is_before_the_door()
    expect(people.locator(".people-row", has_text="Kim Park")).to_contain_text("Deactivated")
    boss.goes_to("Desk")
    boss.sees_waiting("Do you deliver?")
    watch.forgive(r"status of 401 .*/api/sign-in$")
    kim.tries_to_sign_in("kim", PASSWORD)
    expect(kim.page.get_by_role("alert")).to_contain_text("do not go together")


def test_a_queue_is_made_served_and_archived_while_its_operator_watches(boss, operator, shopper):
    ana = operator("ana")
    visitor = asked(shopper, "A question of returns")
    settings(boss, "Queues")
    boss.page.get_by_role("button", name="New queue").click()
    dialog = boss.page.get_by_role("dialog", name="New queue")
    dialog.get_by_label("Name").fill("Returns")
    dialog.get_by_label("Ben Okafor").check()
    dialog.get_by_role("button", name="Save").click()
    row = boss.page.locator(".queue-row", has_text="Returns")
    expect(row).to_contain_text("Ben Okafor")
    ana.opens_the_longest_wait()
    ana.hands_over_to("Returns", "")
    ana.is_told("The conversation is with another team now.")
    expect(ana.page.locator(".pane")).to_have_count(0)
    expect(row).to_contain_text("1 waiting")
    row.get_by_role("button", name="Archive").click()
    where = boss.page.get_by_role("dialog", name="Archive Returns?")
    where.get_by_text("main").click()
    where.get_by_role("button", name="Archive").click()
    expect(boss.page.get_by_role("list", name="Archived")).to_contain_text("Returns")
    ana.sees_waiting("A question of returns")
    visitor.sees("A question of returns")


@AXE_THERE
@SCHEMES
def test_the_pages_read_well(boss, operator, scheme, contexts, hub, watch):
    watch.forgive(r"status of 404 .*/api/links/look$")
    boss.page.emulate_media(color_scheme=scheme)
    operator("ana")
    settings(boss, "Operators")
    expect(boss.page.locator(".people-row")).to_have_count(3)
    check(boss.page, "operators")
    boss.page.get_by_role("button", name="Invite").click()
    check(boss.page, "invite")
    boss.page.get_by_role("button", name="Make the link").click()
    expect(boss.page.get_by_role("textbox", name="The link")).to_be_visible()
    check(boss.page, "link")
    link = boss.page.get_by_role("dialog").get_by_role("textbox").input_value()
    boss.presses("Escape")
    boss.page.locator(".people-row").first.get_by_role("button", name="What to do").click()
    check(boss.page, "menu")
    boss.page.get_by_role("menuitem", name=re.compile("signed in")).click()
    expect(boss.page.locator(".sessions li").first).to_be_visible()
    check(boss.page, "sessions")
    boss.presses("Escape")
    settings(boss, "Queues")
    check(boss.page, "queues")
    boss.page.get_by_role("button", name="New queue").click()
    check(boss.page, "new queue")
    boss.presses("Escape")
    boss.goes_to("Team")
    check(boss.page, "team")
    joining = contexts(color_scheme=scheme).new_page()
    joining.goto(link)
    expect(joining.get_by_role("heading", name="Welcome to the team")).to_be_visible()
    check(joining, "join")


@AXE_THERE
def test_ones_own_password_and_the_browsers_one_is_signed_in_with(operator):
    here, elsewhere = operator("ana"), operator("ana")
    here.rail.get_by_role("button", name="presence, look, sign out").click()
    here.page.get_by_role("menuitem", name="Presence and password").click()
    dialog = here.page.get_by_role("dialog", name="Presence and password")
    rows = dialog.locator(".sessions li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="This browser")).to_have_count(1)
    check(here.page, "presence and password")
    dialog.get_by_role("button", name="Sign out: ").click()
    elsewhere.is_before_the_door()
    expect(rows).to_have_count(1)
    dialog.get_by_label("Your password now").fill(password_of("ana"))
    dialog.get_by_label("New password").fill(PASSWORD)
    dialog.get_by_role("button", name="Change password").click()
    here.is_told("Your password is changed")
    dialog.get_by_label("Away by itself").select_option("2")
    here.presses("Escape")
    here.signs_out()
    here.signs_in("ana", PASSWORD)
    here.rail.get_by_role("button", name="presence, look, sign out").click()
    here.page.get_by_role("menuitem", name="Presence and password").click()
    expect(dialog.get_by_label("Away by itself")).to_have_value("2")
