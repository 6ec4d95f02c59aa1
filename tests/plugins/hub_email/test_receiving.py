"""Mail comes in, once each and in order, from a real server that is cut off, restarted, renumbered and silent."""

import asyncio
import imaplib
import time

import pytest

import hub
from hub_email import Email
from hub_email.receiving import COMPARED, CURSOR, FILED
from tests.mail.cutting import cutting
from tests.mail.servers import Dovecot
from tests.plugins.hub_email.mailboxes import Mailbox, mail, running, until


def subjects(*numbers: int) -> list[str]:
    return [f"Mail {number}" for number in numbers]


async def test_what_is_there_and_what_arrives_is_reported_in_order_and_at_once(mailbox):
    mailbox.fill(1, 2)
    context = mailbox.context(poll=60)
    async with running(context) as errors:
        await until(lambda: len(context.reported) == 2)
        started = time.monotonic()
        mailbox.fill(3)
        await until(lambda: len(context.reported) == 3)
    assert time.monotonic() - started < 5, "the server tells by itself"
    assert context.subjects() == subjects(1, 2, 3)
    assert not errors
    assert all(b"\\Seen" not in flags for flags, _ in mailbox.server.mails(mailbox.user))


async def test_mail_from_before_the_first_start_is_left_alone_unless_asked_for(mailbox):
    mailbox.fill(1)
    context = mailbox.context(earlier_days=0)
    async with running(context):
        await until(lambda: (CURSOR, "INBOX") in context.documents.kept)
        mailbox.fill(2)
        await until(lambda: context.reported)
    assert context.subjects() == subjects(2)


async def test_a_start_goes_on_where_the_last_one_ended(mailbox):
    mailbox.fill(1)
    context = mailbox.context()
    async with running(context):
        await until(lambda: context.reported)
    mailbox.fill(2, 3)
    async with running(context):
        await until(lambda: len(context.reported) == 3)
    assert context.calls == [it.key for it in context.reported], "nothing was even fetched twice"


async def test_several_folders_are_read_over_one_line(mailbox):
    with mailbox.server.mailbox(mailbox.user) as program:
        program.create("Orders &- Entw&APw-rfe".replace(" ", "_"))
    context = mailbox.context(mailboxes=["INBOX", "Orders_&_Entwürfe"])
    async with cutting(mailbox.server.imap) as line:
        context.settings = mailbox.settings(mailboxes=context.settings.mailboxes, imap_port=line.port)
        async with running(context):
            mailbox.fill(1)
            await until(lambda: len(context.reported) == 1)
            mailbox.server.append(mailbox.user, "Orders_&-_Entw&APw-rfe", mail(2))
            await until(lambda: len(context.reported) == 2)
            assert len(line.carried) == 1


async def test_mail_is_marked_as_read_only_when_that_is_wanted_and_only_when_it_is_safe(mailbox):
    context = mailbox.context(mark_seen=True)
    context.full = True
    mailbox.fill(1)

    def flags() -> bytes:
        return mailbox.server.mails(mailbox.user)[0][0]

    async with running(context) as errors:
        await until(lambda: len(errors) > 3)
        assert b"\\Seen" not in flags()
        context.full = False
        await until(lambda: context.reported)
        await until(lambda: b"\\Seen" in flags())
    assert context.subjects() == subjects(1)


async def test_a_server_that_numbers_its_mail_anew_costs_nothing_and_doubles_nothing(mailbox):
    mailbox.fill(1, 2)
    context = mailbox.context()
    async with running(context):
        await until(lambda: len(context.reported) == 2)
    mailbox.server.renumber(mailbox.user)
    mailbox.fill(3)
    async with running(context):
        await until(lambda: len(context.reported) == 3)
        mailbox.fill(4)
        await until(lambda: len(context.reported) == 4)
    assert context.subjects() == subjects(1, 2, 3, 4)


async def test_renumbering_does_not_bring_in_what_was_there_before_the_hub(mailbox):
    with mailbox.server.mailbox(mailbox.user) as program:
        program.append("INBOX", None, imaplib.Time2Internaldate(time.time() - 3600), mail(1))
    context = mailbox.context(earlier_days=0)
    async with running(context):
        await until(lambda: (CURSOR, "INBOX") in context.documents.kept)
        mailbox.fill(2)
        await until(lambda: context.reported)
    mailbox.server.renumber(mailbox.user)
    async with running(context):
        mailbox.fill(3)
        await until(lambda: len(context.reported) == 2)
    assert context.subjects() == subjects(2, 3)


async def test_the_owners_own_replies_appear_as_ours(mailbox):
    context = mailbox.context()
    async with running(context):
        await until(lambda: (CURSOR, "Sent") in context.documents.kept)
        theirs = mail(1, sender=mailbox.user).replace(b"To: shop@hub.test", b"To: ann@example.org")
        mailbox.server.append(mailbox.user, "Sent", theirs)
        await until(lambda: context.reported)
    (reported,) = context.reported
    assert reported.message.ours
    assert reported.thread == "ann@example.org"


async def test_poison_is_set_aside_and_the_good_mails_around_it_arrive(mailbox):
    mailbox.fill(1)
    mailbox.server.append(mailbox.user, "INBOX", b"\r\n\r\n")
    mailbox.fill(2)
    mailbox.server.append(mailbox.user, "INBOX", b"no header at all\x00\xff" * 40)
    mailbox.fill(3)
    context = mailbox.context()
    async with running(context) as errors:
        await until(lambda: len(context.reported) == 3)
    assert not errors
    assert context.subjects() == subjects(1, 2, 3)
    assert sorted(bool(it.raw and it.why) for it in context.aside.values()) == [True, True]


async def test_a_mail_that_our_own_reading_breaks_on_is_set_aside_with_its_source_and_read_again_later(
    mailbox, monkeypatch
):
    from hub_email import filing

    real = filing.parsing.parse

    def breaks(raw):
        if b"Mail 2" in raw:
            raise ZeroDivisionError("a fault of ours")
        return real(raw)

    monkeypatch.setattr(filing.parsing, "parse", breaks)
    mailbox.fill(1, 2, 3)
    context = mailbox.context()
    async with running(context):
        await until(lambda: len(context.reported) == 2 and context.aside)
    assert context.subjects() == subjects(1, 3)
    (aside,) = context.aside.values()
    assert "a fault of ours" in aside.why
    with pytest.raises(hub.Rejected):
        await Email().again(aside, context)
    monkeypatch.undo()
    await Email().again(aside, context)
    assert context.subjects() == subjects(1, 3, 2)


async def test_of_a_mail_that_is_too_large_the_beginning_is_taken_and_said_to_be(mailbox):
    mailbox.deliver(mail(1, "The beginning. " + "x" * 60_000))
    mailbox.fill(2)
    context = mailbox.context(max_size=20_000)
    async with running(context):
        await until(lambda: len(context.reported) == 2)
    text = context.reported[0].message.text
    assert text.startswith("1: The beginning.")
    assert text.endswith("are in the mailbox.]")


async def test_a_wrong_password_asks_for_an_operator_and_shows_nobody_the_password(mailbox):
    context = mailbox.context(password=hub.Secret("wrong-and-secret"))
    with pytest.raises(hub.AuthFailed) as raised:
        await Email().run(context)
    assert mailbox.user in raised.value.why
    assert "wrong-and-secret" not in raised.value.why


async def test_a_folder_that_does_not_exist_is_said_with_those_that_do(mailbox):
    with pytest.raises(hub.Rejected, match=r"no folder 'Inbox/Orders'.*INBOX, Sent"):
        await Email().run(mailbox.context(mailboxes=["INBOX", "Inbox/Orders"]))


async def test_too_many_connections_are_waited_out(world):
    server = Dovecot(relay=world.port, connections=1)
    server.start()
    try:
        mailbox = Mailbox(server)
        mailbox.fill(1)
        context = mailbox.context()
        with server.mailbox(mailbox.user):
            async with running(context) as errors:
                await until(lambda: len(errors) > 1)
                assert "does not let" in errors[0].why
        async with running(context):
            await until(lambda: context.reported)
    finally:
        server.remove()


async def test_a_server_that_restarts_is_found_again(world):
    server = Dovecot(relay=world.port)
    server.start()
    try:
        mailbox = Mailbox(server)
        mailbox.fill(1)
        context = mailbox.context()
        async with running(context) as errors:
            await until(lambda: context.reported)
            await asyncio.to_thread(server.stop)
            await until(lambda: errors)
            await asyncio.to_thread(server.start)
            mailbox.fill(2)
            await until(lambda: len(context.reported) == 2)
        assert context.subjects() == subjects(1, 2)
    finally:
        server.remove()


async def test_certificates_are_checked(mailbox):
    mailbox.fill(1)
    for security, port in (("tls", mailbox.server.tls), ("starttls", mailbox.server.imap)):
        line = {"imap_host": "localhost", "imap_security": security, "imap_port": port}
        with pytest.raises(hub.NotReady, match="certificate of localhost"):
            await Email().run(mailbox.context(**line))
        context = mailbox.context(**line, ca_file=str(mailbox.server.ca))
        async with running(context) as errors:
            await until(lambda c=context: c.reported)
        assert not errors


@pytest.mark.parametrize("silent", [False, True], ids=["cut", "stalled"])
async def test_a_line_that_breaks_anywhere_loses_and_doubles_nothing(mailbox, silent):
    """A sample of what the heavy test does at every tenth byte."""
    mailbox.fill(1, 2, 3)
    async with cutting(mailbox.server.imap) as line:
        line.silent = silent
        whole = await one_reading(mailbox, line, [])
        for at in range(3, whole, whole // (6 if silent else 40)):
            await one_reading(mailbox, line, [at])


@pytest.mark.heavy
async def test_a_line_that_breaks_at_every_tenth_byte_loses_and_doubles_nothing(mailbox):
    nasty = "brackets ((( and {10}\r\n* 5 EXISTS\r\nH9 OK\r\n"
    mailbox.deliver(mail(1), mail(2, nasty * 5), mail(3, "é" * 200), mail(4))
    async with cutting(mailbox.server.imap) as line:
        whole = await one_reading(mailbox, line, [], count=4)
        for at in range(0, whole + 10, 10):
            await one_reading(mailbox, line, [at, whole - at // 2], count=4)


async def one_reading(mailbox, line, cuts: list[int], count: int = 3) -> int:
    """Read the mailbox from the beginning over a line that is cut; returns the bytes that came."""
    line.cuts, line.carried = cuts, []
    context = mailbox.context(imap_port=line.port, patience=0.1 if line.silent and cuts else 5.0, poll=30)
    async with running(context):
        await until(lambda: len(context.reported) >= count, 20)
    assert context.subjects() == subjects(*range(1, count + 1)), f"cut at {cuts}"
    assert len(context.calls) == count, f"cut at {cuts}: something was reported twice"
    return sum(line.carried)


async def test_a_line_that_only_looks_open_is_given_up_after_its_patience(mailbox):
    context = mailbox.context()
    async with cutting(mailbox.server.imap) as line:
        whole = await one_reading_of(context, mailbox, line)
        line.cuts, line.carried, line.silent = [whole + 60], [], True  # in the middle of waiting
        context.settings = mailbox.settings(imap_port=line.port, patience=0.2, poll=0.3)
        async with running(context) as errors:
            await until(lambda: errors)
            assert "has said nothing for 0.2 seconds" in errors[0].why
            mailbox.fill(2)
            await until(lambda: len(context.reported) == 2)


async def one_reading_of(context, mailbox, line) -> int:
    mailbox.fill(1)
    context.settings = mailbox.settings(imap_port=line.port, poll=30)
    async with running(context):
        await until(lambda: context.reported)
        await asyncio.sleep(0.2)
        return line.carried[0]


async def test_what_was_passed_over_is_found_by_the_daily_comparison_and_said(mailbox, caplog):
    mailbox.fill(1, 2, 3)
    context = mailbox.context()
    async with running(context):
        await until(lambda: len(context.reported) == 3)
        await until(lambda: (COMPARED, "INBOX") in context.documents.kept)
    # As if the second had become visible only after the third.
    second = next(key for key in context.documents.kept if key[0] == FILED and key[1].endswith("/2"))
    del context.documents.kept[second], context.reported[1]
    context._keys.clear()
    async with running(context):
        await until(lambda: context.documents.kept[CURSOR, "INBOX"])
        await asyncio.sleep(0.3)
    assert context.subjects() == subjects(1, 3), "it is compared once a day, also over a restart"
    context.clock.forward(86_500)
    async with running(context):
        await until(lambda: len(context.reported) == 3)
    assert context.subjects() == subjects(1, 3, 2)
    assert "INBOX: 1 mails of the last 7 days had been passed over" in caplog.text


async def test_notes_of_what_was_filed_are_dropped_in_time(mailbox):
    mailbox.fill(1)
    context = mailbox.context()
    async with running(context):
        await until(lambda: (COMPARED, "INBOX") in context.documents.kept)
    context.clock.forward(20 * 86_400)
    async with running(context):
        await until(lambda: not any(kind == FILED for kind, _ in context.documents.kept))
