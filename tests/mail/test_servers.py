"""The servers that other tests rely on: a mail goes all the way round, and nothing is left behind."""

import os
import smtplib
import time

from tests.mail.servers import PASSWORD, Dovecot

MAIL = b"From: ann@example.org\r\nTo: shop@hub.test\r\nSubject: Hello\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n"


def arrived(dovecot: Dovecot, user: str, count: int = 1) -> list[bytes]:
    end = time.monotonic() + 10
    while len(found := dovecot.mails(user)) < count and time.monotonic() < end:
        time.sleep(0.02)
    return [mail for _, mail in found]


def test_mail_for_us_arrives_and_mail_from_us_leaves(dovecot, postfix, world):
    with smtplib.SMTP("127.0.0.1", postfix.smtp) as outside:
        outside.sendmail("ann@example.org", ["shop@hub.test"], MAIL)
    assert b"Subject: Hello" in arrived(dovecot, "shop@hub.test")[0]
    with smtplib.SMTP("127.0.0.1", dovecot.submission) as inside:
        inside.login("shop@hub.test", PASSWORD)
        inside.sendmail("shop@hub.test", ["ann@example.org"], MAIL)
    assert world.mails[-1].rcpt_tos == ["ann@example.org"]


def test_a_server_ends_with_its_process_and_its_folder(world):
    made = Dovecot(relay=world.port)
    made.start()
    pid = made._process.pid
    made.remove()
    assert not made.base.exists()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return
    raise AssertionError("it still runs")
