"""The console in the operator's language: the browser's at the door, their own choice behind it, and the same at the next desk."""

from playwright.sync_api import expect

from tests.browser.hosts import password_of


def at_a_german_door(operator, login: str):
    desk = operator(locale="de-DE", timezone_id="Europe/Berlin")
    expect(desk.page.get_by_role("heading", name="Anmelden")).to_be_visible()
    desk.page.get_by_label("Anmeldename").fill(login)
    desk.page.get_by_label("Passwort").fill(password_of(login))
    desk.page.get_by_role("button", name="Anmelden").click()
    return desk


def test_an_operators_language_and_zone_follow_them_to_another_browser(operator):
    desk = at_a_german_door(operator, "ana")
    expect(desk.page.get_by_role("navigation", name="Bereiche")).to_be_visible()
    assert desk.page.evaluate("document.documentElement.lang") == "de"
    desk.page.locator(".rail-me").click()
    desk.page.get_by_role("menuitem", name="Über mich").click()
    dialog = desk.page.get_by_role("dialog", name="Über mich")
    dialog.get_by_label("Zeitzone").select_option("Asia/Tokyo")
    in_tokyo = "new Date().toLocaleTimeString('de-DE', {timeZone: 'Asia/Tokyo', hour: '2-digit'})"
    expect(dialog).to_contain_text(f"ist es jetzt {desk.page.evaluate(in_tokyo)[:2]}:")
    dialog.get_by_label("Sprache").select_option("en")
    expect(desk.page.get_by_role("dialog", name="About me")).to_be_visible()

    elsewhere = at_a_german_door(operator, "ana")
    expect(elsewhere.page.get_by_role("navigation", name="Areas")).to_be_visible()
    assert elsewhere.page.evaluate("document.documentElement.lang") == "en"
    elsewhere.page.locator(".rail-me").click()
    elsewhere.page.get_by_role("menuitem", name="About me").click()
    expect(elsewhere.page.get_by_role("dialog").get_by_label("Time zone")).to_have_value("Asia/Tokyo")
