"""Machines that answer machines: two hubs, a holiday notice, an answerer without manners. Somebody stops, and it is us.

The rule of each hub answers whatever begins a conversation, which is the worst that an owner can set up.
"""

import asyncio
import itertools
from contextlib import asynccontextmanager
from email import message_from_bytes, policy

import pytest

from tests.mail.world import World
from tests.plugins.hub_email.hubs import mail_hub
from tests.plugins.hub_email.mailboxes import Mailbox, mail

QUIET = 1.5
"""Seconds without a mail after which nothing more comes: a round takes a tenth of that."""


class Road(World):
    """A relay between two hubs: carries every mail into the mailbox it is for. `bare`: marks of automatic mail are lost on it."""

    def __init__(self, server, *, bare: bool = False) -> None:
        super().__init__()
        self.server, self.bare = server, bare
        self.then = self.carry

    def carry(self, envelope) -> None:
        content = envelope.content
        if self.bare:
            parsed = message_from_bytes(content, policy=policy.SMTP)
            for name in ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress"):
                del parsed[name]
            content = parsed.as_bytes()
        sender = "machine@hub.test" if self.bare else envelope.mail_from
        for address in envelope.rcpt_tos:
            self.server.deliver(content, address, sender=sender)

    async def quiet(self) -> int:
        """Wait until nothing travels any more; the number of mails that did."""
        seen = -1
        while seen != len(self.mails):
            seen = len(self.mails)
            assert seen < 20, "they go on"
            await asyncio.sleep(QUIET)
        return seen


@asynccontextmanager
async def road(server, *, bare: bool = False):
    made = Road(server, bare=bare)
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.mark.parametrize("bare", [False, True], ids=["marked", "marks lost on the way"])
async def test_two_hubs_that_write_to_each_other_stop_after_one_automatic_mail_each(tmp_path, dovecot, bare):
    one, two = Mailbox(dovecot), Mailbox(dovecot)
    async with road(dovecot, bare=bare) as between:
        line = {"smtp_port": between.port, "smtp_user": "-", "keep_sent": False}
        async with (
            mail_hub(tmp_path / "one", one, **line) as first,
            mail_hub(tmp_path / "two", two, **line) as second,
        ):
            await first.answers_everything("We have your mail.")
            await second.answers_everything("We have yours, too.")
            # Somebody of the second house writes to the first by hand, and the other way round.
            one.deliver(mail(1, sender=two.user))
            two.deliver(mail(2, sender=one.user))
            await first.until(first.texts)
            await second.until(second.texts)
            await between.quiet()
            senders = [message_from_bytes(it.content)["From"] for it in between.mails]
            for box in (one, two):
                assert sum(box.user in sender for sender in senders) == 1, senders
            assert all(b"auto-submitted: auto-" in it.content.lower() for it in between.mails)
            assert {it.mail_from for it in between.mails} == {"<>"}, "nobody can answer the envelope"


async def test_a_holiday_notice_is_shown_and_answered_by_nobody(tmp_path, mailbox, world):
    notice = "Auto-Submitted: auto-replied\r\nPrecedence: bulk\r\n"
    numbers = itertools.count(10)

    def away(envelope) -> None:
        mailbox.deliver(mail(next(numbers), "I am away.", head=notice))

    world.then = away
    try:
        async with mail_hub(tmp_path, mailbox) as hub:
            await hub.answers_everything("We have your mail.")
            before = len(world.mails)
            mailbox.deliver(mail(1))
            await hub.until(lambda: _says(hub, "10: I am away."))
            await asyncio.sleep(QUIET)
            assert len(world.mails) == before + 1
    finally:
        world.then = lambda _: None


async def test_an_answerer_that_says_nothing_of_being_one_is_answered_once(tmp_path, mailbox, world):
    numbers = itertools.count(20)
    world.then = lambda _: mailbox.deliver(mail(next(numbers), "Your request has a number."))
    try:
        async with mail_hub(tmp_path, mailbox) as hub:
            await hub.answers_everything("We have your mail.")
            before = len(world.mails)
            mailbox.deliver(mail(1))
            await hub.until(lambda: _says(hub, "20: Your request has a number."))
            await asyncio.sleep(QUIET)
            assert len(world.mails) == before + 1
    finally:
        world.then = lambda _: None


async def _says(hub, text: str) -> bool:
    return text in await hub.texts()


BOUNCE = """From: MAILER-DAEMON@mx{number}.example (Mail Delivery System)
To: {user}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{number}@mx.example>
Date: Sun, 22 Nov 2026 10:00:00 +0000
{marks}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; gone{number}@example.org
Action: failed
Status: 5.1.1
--b--
"""


async def test_a_hundred_and_thirty_bounces_are_answered_by_nobody(tmp_path, mailbox, world):
    marks = ["", "Auto-Submitted: auto-replied\n", "Precedence: bulk\n"]
    async with mail_hub(tmp_path, mailbox) as hub:
        await hub.answers_everything("We have your mail.")
        before = len(world.mails)
        bounces = [
            BOUNCE.format(number=number, user=mailbox.user, marks=marks[number % 3]).replace("\n", "\r\n")
            for number in range(130)
        ]
        mailbox.deliver(*(bounce.encode() for bounce in bounces))
        mailbox.deliver(mail(1))  # the last one is a person's, and gets the answer
        await hub.until(lambda: _count(hub, 132), 30)
        await asyncio.sleep(0.5)
        assert len(world.mails) == before + 1


@pytest.mark.heavy
async def test_a_minute_on_a_real_server_brings_one_automatic_mail_each_way(tmp_path, dovecot, postfix):
    one, two = Mailbox(dovecot), Mailbox(dovecot)
    line = {"smtp_port": postfix.smtp, "smtp_user": "-", "keep_sent": False}
    async with (
        mail_hub(tmp_path / "one", one, **line) as first,
        mail_hub(tmp_path / "two", two, **line) as second,
    ):
        await first.answers_everything("We have your mail.")
        await second.answers_everything("We have yours, too.")
        for number in range(1, 11):
            one.deliver(mail(number, sender=two.user))
            two.deliver(mail(100 + number, sender=one.user))
        await asyncio.sleep(60)
        for box in (one, two):
            mails = [found for _, found in dovecot.mails(box.user)]
            assert len(mails) == 11, "ten by hand, and one by itself"
            assert sum(b"\r\nAuto-Submitted: auto-" in found for found in mails) == 1


async def _count(hub, count: int) -> bool:
    return len(await hub.texts()) >= count
