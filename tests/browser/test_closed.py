"""A closed console: called by push, led to the conversation by a click, and stood in for where the hub cannot be reached."""

import itertools
import json

from playwright.sync_api import expect

from tests.browser.hosts import wait_for

SHOWN = "async () => (await registration.getNotifications()).map((one) => [one.title, one.tag])"


def pushes_to(desk):
    """Delivers pushes without a push service, as developer tools can."""
    session = desk.page.context.new_cdp_session(desk.page)
    found = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    desk.page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    wait_for(lambda: desk.page.evaluate("true") and found, "the worker's registration")

    def push(message):
        asked = {
            "origin": desk.hub_url,
            "registrationId": found[-1]["registrationId"],
            "data": json.dumps(message),
        }
        session.send("ServiceWorker.deliverPushMessage", asked)

    return push


def test_a_closed_console_is_called_and_a_later_round_replaces_an_earlier_one(operator):
    desk = operator("ana", permissions=["notifications"])
    push = pushes_to(desk)
    worker = desk.page.context.service_workers[0]
    desk.page.goto("about:blank")
    conversation = "c" * 32

    def shows(message, *wanted):
        """Pushed until it is seen: under load, developer tools now and then deliver to a worker that is just going to sleep."""
        tries = itertools.count()

        def fact():
            if next(tries) % 100 == 0:
                push(message)
            return sorted(worker.evaluate(SHOWN)) == sorted(wanted)

        wait_for(fact, f"the notifications {wanted}")

    waits = {"kind": "waits", "conversation": conversation, "site": "Shop"}
    late = ["Nobody has answered on Shop", f"hub.{conversation}"]
    shows({**waits, "round": 0}, ["Somebody is waiting on Shop", f"hub.{conversation}"])
    shows({**waits, "round": 1}, late)
    shows({"kind": "test"}, late, ["This is a test", "hub.test"])
    desk.comes()
    expect(desk.rail).to_be_visible()
    wait_for(
        lambda: worker.evaluate(SHOWN) == [["This is a test", "hub.test"]],
        "the end of what is no longer true",
    )


def test_a_browser_without_a_push_service_says_so(operator):
    desk = operator("ana", permissions=["notifications"])
    desk.page.evaluate(
        "() => void (PushManager.prototype.subscribe = () => Promise.reject(new DOMException('no', 'AbortError')))"
    )
    desk.page.get_by_role("button", name="Alarms").click()
    desk.page.get_by_role("menuitem", name="Call me when it is closed").click()
    dialog = desk.page.get_by_role("dialog", name="Test my alarms")
    expect(dialog).to_contain_text("This browser is not called.")
    dialog.get_by_role("button", name="Call me").click()
    expect(dialog).to_contain_text("This browser has no push service here")


def test_where_the_hub_cannot_be_reached_a_page_says_so_and_tries_again(operator, hub, watch):
    watch.forgive(r"ERR_INTERNET_DISCONNECTED|status of 503|ERR_CONNECTION_REFUSED|WebSocket connection")
    desk = operator("ana")
    desk.page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    desk.page.context.set_offline(True)
    desk.page.goto(hub.url)
    expect(desk.page.get_by_role("heading", name="Offline: the hub cannot be reached")).to_be_visible()
    ground = desk.page.evaluate("getComputedStyle(document.querySelector('a')).backgroundColor")
    assert ground == "rgb(18, 86, 107)", "the page's own sheet is let in by its policy"
    desk.page.context.set_offline(False)
    desk.page.get_by_role("link", name="Try again").click()
    expect(desk.rail).to_be_visible()
