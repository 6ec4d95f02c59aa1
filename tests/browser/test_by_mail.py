"""From the chat into a real mailbox and back: one conversation, which the customer and the operator both go on with where they are.

Dovecot holds the shop's mailbox and the customer's. What the shop sends goes through its submission to a relay, which files it there;
the customer answers over LMTP.
"""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import expect

from hub.registry import Registry
from tests.browser.hosts import wait_for
from tests.mail.servers import PASSWORD, Dovecot, missing_dovecot
from tests.mail.world import World
from tests.plugins.hub_email.hubs import PLUGIN

SHOP, ANN = "shop@hub.test", "ann.lee@hub.test"


@pytest.fixture(scope="module")
def post():
    """The mail server, and the relay that brings what is sent into its mailboxes."""
    if why := missing_dovecot():
        pytest.skip(why)
    world = World()
    world.start()  # before the other looks for free ports
    dovecot = Dovecot(relay=world.port)
    world.then = lambda mail: dovecot.deliver(mail.content, *mail.rcpt_tos, sender=mail.mail_from or "")
    dovecot.start()
    yield dovecot
    dovecot.stop()
    dovecot.remove()
    world.stop()


@pytest.fixture
def registry(tmp_path) -> Registry:
    text = Path(__file__).parents[2] / "plugins" / "hub_text" / "__init__.py"
    files = {"email_here.py": PLUGIN, "hub_text.py": text.read_text()}
    for name, source in files.items():
        (tmp_path / name).write_text(source)
    found = Registry(paths=[])
    found.load([tmp_path / name for name in files], strict=True)
    return found


@pytest.fixture
def more_toml(post, tmp_path) -> str:
    key = tmp_path / "mail.key"
    key.write_text(PASSWORD)
    return f"""
[channels.text]
[channels.support]
kind = "email"
address = "{SHOP}"
password = "file:{key}"
poll = 0.2
imap_host = "127.0.0.1"
imap_port = {post.imap}
imap_security = "none"
smtp_host = "127.0.0.1"
smtp_port = {post.submission}
smtp_security = "none"
"""


def newest(post, count: int) -> EmailMessage:
    """The customer's newest mail, when there are so many."""
    mails = wait_for(
        lambda: len(found := post.mails(ANN)) >= count and found, f"mail {count} for the customer"
    )
    return message_from_bytes(mails[-1][1], policy=policy.default)


def words(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def answers(post, to: EmailMessage, text: str) -> None:
    """The customer answers a mail in their mail program, which repeats it below."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Ann Lee <{ANN}>", SHOP, f"Re: {to['Subject']}"
    mail["Message-ID"], mail["In-Reply-To"] = f"<{abs(hash(text))}@hub.test>", to["Message-ID"]
    mail["Date"] = "Sun, 22 Nov 2026 10:00:00 +0000"
    quoted = "".join(f"> {line}\n" for line in words(to).splitlines())
    mail.set_content(f"{text}\n\nOn Sun, 22 Nov 2026, the shop wrote:\n{quoted}")
    post.deliver(mail.as_bytes(), SHOP, sender=ANN)


def test_a_chat_goes_on_in_the_mailbox_and_comes_back_to_the_widget(hub, post, shopper, operator):
    desk, visitor = operator("ana"), shopper().visits("/vase")
    visitor.opens_the_chat()
    visitor.panel.get_by_label("E-mail").fill(ANN)
    visitor.writes("Is the blue one in stock?")
    expect(
        visitor.panel.get_by_text(re.compile("If you leave this page, our answer will come by e-mail"))
    ).to_be_visible()
    desk.opens_the_longest_wait()
    desk.takes()
    expect(desk.pane().locator(".goes")).to_contain_text("On the site")

    # They leave; the answer follows them into their mailbox.
    visitor.page.goto("about:blank")
    expect(desk.pane().locator(".goes")).to_contain_text(f"By e-mail to {ANN}", timeout=30_000)
    desk.writes("It is. Shall I put one aside?")
    expect(desk.pane().locator(".said-way").last).to_contain_text(f"by e-mail to {ANN}")
    hub.clock.move(hours=1 / 60)
    hub.hub.runners.wake("support")
    first = newest(post, 1)
    assert "It is. Shall I put one aside?" in words(first)
    assert "Is the blue one" not in words(first)
    link = re.search(r"http\S+#hub:go-on=\S+", words(first))[0]

    # Their mail comes into the same thread, and is answered by mail.
    answers(post, first, "Two, please. My telephone is 555 0199.")
    desk.sees("Two, please. My telephone is 555 0199.")
    expect(desk.pane().locator(".said.theirs .said-way").last).to_contain_text("by e-mail")
    expect(desk.inbox.locator(".talk-row")).to_have_count(1)
    desk.writes("Two it is.")
    assert "Two it is." in words(newest(post, 2))

    # Back on the page, nothing of it is shown to whoever sits there …
    visitor.visits("/vase")
    visitor.sees("It is. Shall I put one aside?")
    expect(visitor.panel.get_by_text(re.compile("went on by e-mail"))).to_be_visible()
    expect(visitor.log).not_to_contain_text("555 0199")

    # … until the link in the mail was followed, and a hand has said yes.
    visitor.page.goto("about:blank")
    visitor.page.goto(link)
    expect(visitor.panel.get_by_text("You come from our e-mail")).to_be_visible()
    assert "hub:" not in visitor.page.url
    visitor.panel.get_by_role("button", name="Go on here").click()
    visitor.sees("Two, please. My telephone is 555 0199.")
    visitor.sees("Two it is.")
    visitor.writes("Thank you!")
    desk.sees("Thank you!")
    expect(desk.pane().locator(".goes")).to_contain_text("On the site", timeout=30_000)
    desk.writes("You are welcome.")
    visitor.sees("You are welcome.")
