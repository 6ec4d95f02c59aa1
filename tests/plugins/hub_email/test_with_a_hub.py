"""A whole hub, real Dovecot and Postfix: mail becomes conversations, answers become mail, and what fails says so."""

import asyncio
from email import message_from_bytes, policy

from hub.intake import asides
from hub_email import filing
from tests.mail.scripted import scripted
from tests.plugins.hub_email.hubs import SQL_LEAVING, SQL_TALKS, mail_hub
from tests.plugins.hub_email.mailboxes import mail


async def test_a_mail_waits_its_answer_leaves_and_the_reply_goes_on_in_the_same_conversation(
    tmp_path, mailbox, world
):
    async with mail_hub(tmp_path, mailbox) as hub:
        mailbox.deliver(mail(1, "Do you have red ones?"))
        await hub.until(hub.texts)
        before = len(world.mails)
        await hub.answer("Yes, we do.")
        await hub.until(lambda: _true(len(world.mails) > before))
        ours = world.parsed()[-1]
        assert (ours["Subject"], ours["In-Reply-To"]) == ("Re: Mail 1", "<1@example.org>")
        reply = mail(2, "Then I take one.", head=f"In-Reply-To: {ours['Message-ID']}\r\n")
        mailbox.deliver(reply)
        await hub.until(lambda: _count(hub, 3))
        assert len(await hub.rows(SQL_TALKS)) == 1
        # The copy among the sent mails is read as well, and known to be what the hub has said itself.
        await asyncio.sleep(0.6)
        assert len(await hub.texts()) == 3


async def test_what_the_owner_answers_elsewhere_is_there_and_nobody_waits_any_more(tmp_path, mailbox):
    async with mail_hub(tmp_path, mailbox) as hub:
        mailbox.deliver(mail(1))
        await hub.until(hub.texts)
        theirs = mail(2, "From my telephone.", sender=mailbox.user, head="In-Reply-To: <1@example.org>\r\n")
        mailbox.server.append(
            mailbox.user, "Sent", theirs.replace(b"To: shop@hub.test", b"To: ann@example.org")
        )
        await hub.until(lambda: _count(hub, 2))
        assert [status for _, status in await hub.rows(SQL_TALKS)] == ["closed"]


WITH_A_FILE = """From: Ann <ann@example.org>
To: shop@hub.test
Subject: Mail 3
Message-ID: <3@example.org>
Date: Sun, 22 Nov 2026 10:00:03 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Here is the list.
--b
Content-Type: text/plain; name="list.txt"
Content-Disposition: attachment; filename="list.txt"
Content-Transfer-Encoding: base64

cmVkLCBibHVlLCBncmVlbgo=
--b--
"""


async def test_poison_waits_aside_and_everything_around_it_arrives_files_included(
    tmp_path, mailbox, monkeypatch
):
    real = filing.parsing.parse

    def breaks(raw):
        if b"Mail 2" in raw:
            raise ZeroDivisionError("a fault of ours")
        return real(raw)

    monkeypatch.setattr(filing.parsing, "parse", breaks)
    async with mail_hub(tmp_path, mailbox) as hub:
        mailbox.fill(1, 2)
        mailbox.server.append(mailbox.user, "INBOX", b"no mail at all \xff\x00" * 30)
        mailbox.deliver(WITH_A_FILE.replace("\n", "\r\n").encode())
        await hub.until(lambda: _count(hub, 2))
        assert await hub.texts() == ["1: Hello", "Here is the list."]
        assert await hub.rows("SELECT name FROM attachment") == [("list.txt",)]
        kept = await hub.hub.store.read(asides.listed)
        assert sorted("a fault of ours" in it.why for it in kept) == [False, True]
        assert hub.health() == "healthy"
        # A release later it can be read, and an operator says so.
        monkeypatch.undo()
        held = [await hub.hub.store.read(asides.one, it.id) for it in kept]
        said = [await hub.hub.runners.read_again("mail", it.aside) for it in held]
        assert sorted(said) == ["", "it cannot be read now either"], "what is no mail is none a release later"
        assert sorted(await hub.texts()) == ["1: Hello", "2: Hello", "Here is the list."]


async def test_a_doubtful_mail_goes_out_once_more_at_most_with_the_same_message_id(tmp_path, mailbox):
    async with (
        scripted() as peer,
        mail_hub(tmp_path, mailbox, smtp_port=peer.port, smtp_user="-", keep_sent=False) as hub,
    ):
        peer.script = [{".": ""}]
        mailbox.deliver(mail(1))
        await hub.until(hub.texts)
        await hub.answer("Yes.")
        await hub.until(lambda: _true(len(peer.contents) == 1))
        await hub.until(lambda: _ended(hub, peer))
        ((state, why, _, _),) = await hub.rows(SQL_LEAVING)
        assert state == "quarantined"
        assert "nobody knows whether it arrived" in why
        ids = {message_from_bytes(it, policy=policy.default)["Message-ID"] for it in peer.contents}
        assert (len(peer.contents), len(ids)) == (2, 1)


async def test_a_4xx_answer_is_waited_out_and_a_5xx_answer_is_said(tmp_path, mailbox):
    async with (
        scripted() as peer,
        mail_hub(tmp_path, mailbox, smtp_port=peer.port, smtp_user="-", keep_sent=False) as hub,
    ):
        peer.script = [{"RCPT": "450 4.2.0 greylisted"}, {}, {"RCPT": "550 5.1.1 no such user"}]
        mailbox.deliver(mail(1))
        await hub.until(hub.texts)
        await hub.answer("Yes.")
        await hub.until(lambda: _true(peer.connections == 1))
        await hub.until(lambda: _all_in(hub, "sent"))
        await hub.answer("And another one.")
        await hub.until(lambda: _all_in(hub, "sent", "failed"))
        assert [(state, why) for state, why, *_ in await hub.rows(SQL_LEAVING)][1] == (
            "failed", "127.0.0.1: 550 5.1.1 no such user",
        )  # fmt: skip
        assert len(peer.taken) == 1


async def test_an_address_that_bounces_is_said_beside_the_message_and_answered_by_nobody(
    tmp_path, mailbox, postfix, world
):
    world.refuse = lambda address: "550 5.1.1 no such mailbox" if address.startswith("gone") else None
    async with mail_hub(tmp_path, mailbox, smtp_port=postfix.smtp, smtp_user="-", keep_sent=False) as hub:
        mailbox.deliver(mail(1, sender="gone@example.org"))
        await hub.until(hub.texts)
        before = len(world.mails)
        await hub.answer("Yes.")
        await hub.until(lambda: _all_in(hub, "failed"))
        ((_, why, _, _),) = await hub.rows(SQL_LEAVING)
        assert "no such mailbox" in why.lower()
        await asyncio.sleep(0.5)
        assert len(world.mails) == before, "nothing answers a bounce"


async def _true(fact: bool) -> bool:
    return fact


async def _count(hub, count: int) -> bool:
    return len(await hub.texts()) >= count


async def _ended(hub, peer) -> bool:
    hub.move(60)
    return all(state != "waiting" for state, *_ in await hub.rows(SQL_LEAVING))


async def _all_in(hub, *states: str) -> bool:
    hub.move(30)
    found = [row[0] for row in await hub.rows(SQL_LEAVING)]
    return bool(found) and found == list(states)
