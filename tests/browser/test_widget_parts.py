"""The parts of the widget that most visits never need: forms, files, invitations, suggested pages, rating, what is stored, consent."""

import json
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from hub.actions import invite, people, serve
from tests.browser.hosts import wait_for

STORAGE = "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"


def rows(hub, sql):
    return hub.read(lambda read: read.all(sql))


def one(hub, sql):
    return rows(hub, sql)[0][0]


def sent_by(visitor) -> list[str]:
    """All that leaves the page for the hub from now on: frames, and requests with what is in them."""
    sent: list[str] = []
    visitor.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))

    def asked(request):
        if "/widget.js" in request.url or "/assets/" in request.url or "/visitor" in request.url:
            sent.append(json.dumps([request.url, request.headers, request.post_data]))

    visitor.page.on("request", asked)
    return sent


@pytest.fixture
def ana(hub):
    return hub.read(people.by_login, "ana")[0].id


@pytest.fixture
def served(shopper, operator):
    """Somebody who talks with Ana."""
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.writes("Is there a bigger one?")
    desk.opens_the_longest_wait()
    desk.takes()
    visitor.sees_headline("Ana Ruiz")
    return desk, visitor


def test_nobody_there_an_answer_by_mail_needs_an_address_and_says_where_it_comes(shopper, hub):
    visitor = shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.panel.get_by_label("By e-mail").check()
    visitor.writes("Is there a bigger one?")
    expect(visitor.panel.get_by_role("alert").filter(has_text="Please enter your e-mail")).to_be_visible()
    expect(visitor.panel.get_by_label("E-mail", exact=True)).to_be_focused()
    assert visitor.transcript() == []
    visitor.panel.get_by_label("E-mail", exact=True).fill("lena@example.org")
    visitor.composer.press("Enter")
    visitor.sees("Is there a bigger one?")
    expect(visitor.panel.get_by_text("by e-mail")).to_contain_text("lena@example.org")
    assert wait_for(lambda: rows(hub, "SELECT answer_by FROM conversation"), "the conversation") == [
        ("email",)
    ]


def test_the_form_before_a_chat_is_no_gate_and_asks_once(shopper, operator):
    operator("ana")
    visitor = shopper().visits("/vase")
    visitor.opens_the_chat()
    name = visitor.panel.get_by_label("Name")
    expect(name).to_be_visible()
    visitor.panel.get_by_role("button", name="Skip").press("Enter")
    expect(name).to_have_count(0)
    expect(visitor.composer).to_be_focused()
    visitor.reloads()
    expect(visitor.panel).to_be_visible()
    expect(name).to_have_count(0)


def test_what_is_told_before_a_chat_reaches_the_operator(shopper, operator):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.panel.get_by_label("Name").fill("Lena")
    visitor.panel.get_by_label("Name").press("Enter")
    visitor.writes("Is there a bigger one?")
    desk.sees_waiting("Lena")


def test_files_go_with_a_message_and_programs_do_not(served, hub):
    _, visitor = served
    picker = visitor.page.locator("touchpoint-hub input[type=file]")
    picker.set_input_files({"name": "virus.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    expect(visitor.panel.get_by_text("virus.exe is of a kind")).to_be_visible()
    picker.set_input_files({"name": "sizes.txt", "mimeType": "text/plain", "buffer": b"31 cm"})
    expect(visitor.panel.get_by_role("button", name="Remove sizes.txt")).to_be_visible()
    visitor.composer.press("Enter")
    link = visitor.log.get_by_role("link", name=re.compile("sizes.txt"))
    expect(link).to_have_attribute("href", re.compile(r"/media/"))
    assert visitor.page.request.get(link.get_attribute("href")).text() == "31 cm"
    visitor.reloads()
    expect(link).to_be_visible()


def test_an_invitation_takes_no_focus_and_its_answer_reaches_who_invited(shopper, operator, hub, ana):
    operator("ana")
    visitor = shopper().visits("/vase")
    expect(visitor.button).to_be_visible()
    who = wait_for(lambda: rows(hub, "SELECT visitor FROM visit"), "the visit")[0][0]
    hub.write(invite.invite, ana, who, "Shall I show you the taller one?")
    bubble = visitor.page.locator("touchpoint-hub .invite")
    expect(bubble).to_contain_text("Shall I show you the taller one?")
    assert visitor.page.evaluate("document.activeElement === document.body")
    bubble.get_by_role("button", name="Reply").click()
    expect(visitor.composer).to_be_focused()
    visitor.writes("Yes, please")
    visitor.sees_headline("Ana Ruiz")
    wait_for(
        lambda: visitor.transcript() == [("them", "Shall I show you the taller one?"), ("me", "Yes, please")],
        "both messages",
    )
    assert one(hub, "SELECT fate FROM invitation") == "accepted"


def test_a_declined_invitation_goes_away(shopper, operator, hub, ana):
    operator("ana")
    visitor = shopper().visits("/vase")
    expect(visitor.button).to_be_visible()
    who = wait_for(lambda: rows(hub, "SELECT visitor FROM visit"), "the visit")[0][0]
    hub.write(invite.invite, ana, who, "May I help?")
    visitor.page.locator("touchpoint-hub .invite").get_by_role("button", name="No, thank you").click()
    wait_for(lambda: one(hub, "SELECT fate FROM invitation") == "declined", "the answer")
    visitor.reloads()
    expect(visitor.button).to_be_visible()
    expect(visitor.page.locator("touchpoint-hub .invite:visible")).to_have_count(0)


def test_an_operators_picture_is_seen_by_customers_and_colleagues(hub, served, watch, tmp_path, monkeypatch):
    watch.forgive(r"status of 415 .*/api/me/picture$")
    monkeypatch.setattr(hub.shop, "pictures_from_the_hub", True)
    desk, visitor = served
    Image.new("RGB", (600, 400), (190, 60, 120)).save(tmp_path / "me.png")
    (tmp_path / "me.txt").write_text("not a picture")
    desk.page.locator(".rail-me").click()
    desk.page.get_by_role("menuitem", name="About me").click()
    dialog = desk.page.get_by_role("dialog")
    picker = dialog.locator("input[type=file]")
    picker.set_input_files(tmp_path / "me.txt")
    expect(dialog.get_by_role("alert")).to_have_text("Expected a PNG, a JPEG or a WebP.")
    picker.set_input_files(tmp_path / "me.png")
    expect(dialog.locator(".avatar img")).to_be_visible()
    expect(desk.page.locator(".rail-me .avatar img")).to_be_visible()
    visitor.reloads()
    expect(visitor.panel.locator(".head .portrait")).to_be_visible()
    drawn = "(image) => image.decode().then(() => image.naturalWidth)"
    assert visitor.panel.locator(".head .portrait").evaluate(drawn) == 160
    dialog.get_by_role("button", name="Remove it").click()
    expect(desk.page.locator(".rail-me .avatar img")).to_have_count(0)
    visitor.reloads()
    visitor.sees_headline("Ana Ruiz")
    expect(visitor.panel.locator(".head .face")).to_have_text("AR")
    expect(visitor.panel.locator(".portrait")).to_have_count(0)


def test_a_suggested_page_is_opened_only_on_a_yes_and_the_way_back_brings_what_was_typed(served, hub, ana):
    _, visitor = served
    visitor.page.evaluate(
        "() => document.querySelector('main').append(Object.assign(document.createElement('input'), {name: 'note'}))"
    )
    visitor.page.locator("input[name=note]").fill("as a present")
    talk = one(hub, "SELECT id FROM conversation")
    hub.write(
        serve.push,
        ana,
        talk,
        "push-push-1",
        f"{visitor.shop_url}/checkout",
        "Checkout",
        origins={"shop": [visitor.shop_url]},
    )
    card = visitor.log.locator(".push")
    expect(card).to_contain_text("Ana Ruiz suggests this page")
    expect(visitor.page).to_have_url(re.compile("/vase$"))
    card.get_by_role("button", name="Open page").click()
    expect(visitor.page).to_have_url(re.compile("/checkout$"))
    kept = json.loads(visitor.page.evaluate("() => sessionStorage.getItem('hub:shop:back')"))
    assert [(field["name"], field["value"]) for field in kept["fields"]] == [("note", "as a present")]
    visitor.page.get_by_role("button", name="Back to where you were").click()
    expect(visitor.page).to_have_url(re.compile("/vase$"))
    expect(visitor.log.locator(".push-fate")).to_have_text("You opened it")
    expect(visitor.page.locator("touchpoint-hub .back")).to_have_count(0)


def test_at_the_end_one_may_say_how_it_was(served, hub):
    desk, visitor = served
    desk.writes("There is.")
    visitor.sees("There is.")
    desk.finishes("Resolved")
    visitor.panel.get_by_role("radio", name="Good", exact=True).check(force=True)
    visitor.panel.get_by_label("Anything to add?").fill("Quick!")
    visitor.panel.get_by_role("button", name="Send rating").click()
    expect(visitor.panel.get_by_text("Thank you.")).to_be_visible()
    wait_for(
        lambda: rows(hub, "SELECT score FROM conversation WHERE score = 4 AND remark = 'Quick!'"),
        "the rating",
    )
    visitor.reloads()
    expect(visitor.panel).to_be_visible()
    expect(visitor.panel.get_by_role("radio")).to_have_count(0)


def test_ending_is_asked_twice_and_the_conversation_can_be_downloaded(served):
    _, visitor = served
    more = visitor.panel.get_by_role("button", name="More")
    more.click()
    with visitor.page.context.expect_event("request", lambda request: "/transcript/" in request.url) as asked:
        visitor.panel.get_by_role("button", name="Download conversation").click()
    answer = visitor.page.request.get(asked.value.url)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "Is there a bigger one?" in answer.text()
    more.click()
    visitor.panel.get_by_role("button", name="End conversation").click()
    visitor.panel.get_by_role("button", name="Cancel").click()
    expect(more).to_be_focused()
    more.click()
    visitor.panel.get_by_role("button", name="End conversation").click()
    visitor.panel.get_by_role("button", name="End conversation").click()
    expect(visitor.panel.get_by_text("Conversation ended. Write to begin a new one.")).to_be_visible()


def test_emoji_by_keyboard(served):
    _, visitor = served
    visitor.panel.get_by_role("button", name="Emoji").press("Enter")
    expect(visitor.panel.get_by_role("group", name="Emoji").get_by_text("🙂")).to_be_focused()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.keyboard.press("Enter")
    expect(visitor.composer).to_have_value("😀")
    expect(visitor.composer).to_be_focused()


def test_what_is_stored_is_told_and_deleted(served, hub):
    _, visitor = served
    visitor.panel.get_by_role("button", name="More").click()
    visitor.panel.get_by_role("button", name="What is stored about me").click()
    expect(visitor.panel.get_by_text("Your messages: 1")).to_be_visible()
    visitor.panel.get_by_role("button", name="Delete this").click()
    visitor.panel.get_by_role("button", name="Delete this").click()
    expect(visitor.panel.get_by_text("Deleted.")).to_be_visible()
    wait_for(lambda: one(hub, "SELECT count(*) FROM page_view") == 0, "nothing stored")
    left = json.loads(visitor.page.evaluate(STORAGE))[0]
    assert left == {"hub:shop:consent": "denied"}
    visitor.follows("Checkout")
    expect(visitor.button).to_be_visible()
    assert one(hub, "SELECT count(*) FROM page_view") == 0


class TestConsent:
    @pytest.fixture
    def more_toml(self):
        return 'consent = "required"'

    def test_nothing_about_the_page_leaves_or_is_stored_before_a_yes_and_then_it_is(self, shopper, hub):
        visitor = shopper()
        sent = sent_by(visitor)
        visitor.page.add_init_script("history.replaceState(null, '', location.pathname + '?from=newsletter')")
        visitor.visits("/vase")
        card = visitor.page.get_by_role("region", name="Recording of your visit")
        expect(card).to_be_visible()
        visitor.page.evaluate(
            "hub('track', 'product', {sku: 'vase'}), hub('cart', {items: [{name: 'vase'}]})"
        )
        visitor.page.evaluate("history.pushState(null, '', '/vase?second'), hub('page'), scrollTo(0, 200)")
        visitor.page.evaluate("dispatchEvent(new Event('online'))")  # a beat
        visitor.opens_the_chat()
        wait_for(lambda: any('"beat"' in said for said in sent), "a beat")
        title = visitor.page.title()
        for told in (
            "/vase",
            "newsletter",
            "second",
            title,
            "referrer",
            "active",
            "scroll",
            "zone",
            "device",
        ):
            assert not [said for said in sent if told in said], told
        stored = json.loads(visitor.page.evaluate(STORAGE))
        assert (stored[0], list(stored[1])) == ({}, ["hub:shop:open"])
        assert one(hub, "SELECT count(*) FROM visit") == one(hub, "SELECT count(*) FROM visitor") == 0
        card.get_by_role("button", name="Yes, you may").click()
        expect(card).to_have_count(0)
        wait_for(lambda: rows(hub, "SELECT name FROM visit_event") == [("product",)], "the event")
        assert [url.partition("/vase")[2] for (url,) in rows(hub, "SELECT url FROM page_view")] == ["?second"]
        visitor.page.title()  # what was seen of the line comes with the answer to a question
        assert [said for said in sent if title in said and '"device":"desktop"' in said]
        visitor.reloads()
        expect(visitor.button).to_be_visible()
        expect(card).to_have_count(0)
        assert one(hub, "SELECT count(*) FROM visit") == 1

    def test_after_a_no_chatting_works_and_the_mind_can_be_changed(self, shopper, hub):
        visitor = shopper().visits("/vase")
        visitor.page.get_by_role("button", name="No, thank you").click()
        visitor.opens_the_chat()
        visitor.writes("Is there a bigger one?")
        visitor.sees_state("Is there a bigger one?", "Sent")
        assert one(hub, "SELECT count(*) FROM page_view") == 0
        visitor.panel.get_by_role("button", name="More").click()
        visitor.panel.get_by_role("button", name="Allow recording my visit").click()
        wait_for(lambda: one(hub, "SELECT count(*) FROM page_view") == 1, "the page")
        assert visitor.transcript() == [("me", "Is there a bigger one?")]


class TestOwnBanner:
    @pytest.fixture
    def more_toml(self):
        return 'consent = "wait"'

    def test_where_the_shops_own_banner_asks_the_widget_waits_for_it(self, shopper, hub):
        visitor = shopper().visits("/vase")
        expect(visitor.button).to_be_visible()
        visitor.page.evaluate("hub('track', 'product', {sku: 'vase'})")
        visitor.opens_the_chat()
        expect(visitor.page.get_by_role("region", name="Recording of your visit")).to_have_count(0)
        assert one(hub, "SELECT count(*) FROM visitor") == 0
        visitor.page.evaluate("hub('consent', true)")
        wait_for(lambda: rows(hub, "SELECT name FROM visit_event") == [("product",)], "the event")


def test_the_page_tells_what_happens_on_it(shopper, hub):
    visitor = shopper().visits("/vase")
    expect(visitor.button).to_be_visible()
    visitor.page.evaluate(
        """() => {
          hub("track", "search", {query: "vase", results: 0});
          hub("cart", {items: [{name: "Blue vase", price: 34, qty: 2}], currency: "eur"});
          const form = document.createElement("form");
          const field = document.createElement("input");
          Object.assign(field, {name: "email", required: true});
          form.append(field);
          document.body.append(form);
          form.reportValidity();
        }"""
    )
    wait_for(lambda: len(rows(hub, "SELECT name FROM visit_event")) == 2, "both events")
    told = {name: json.loads(given) for name, given in rows(hub, "SELECT name, properties FROM visit_event")}
    assert told["search"] == {"query": "vase", "results": 0}
    assert told["form_error"]["field"] == "email"
    wait_for(lambda: rows(hub, "SELECT currency, value FROM cart") == [("EUR", 68.0)], "the cart")
    wait_for(lambda: visitor.page.evaluate(STORAGE).count("event:") == 0, "everything noted")
