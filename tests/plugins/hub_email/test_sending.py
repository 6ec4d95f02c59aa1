"""Answers go out once, and what a server says about it becomes what the hub is to do."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import msgspec
import pytest

import hub
from hub_email import Email
from tests.mail.scripted import scripted

MESSAGE = hub.OutgoingMessage(
    id="ab" * 16,
    conversation="c" * 32,
    address="ann@example.org",
    text="Yes, we have red ones.\n.\n..and a line of dots\n",
    at=datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    subject="Red ones?",
    author="Bob",
)


def peer_settings(port: int) -> dict[str, Any]:
    """A scripted server takes everybody; there is nowhere to keep what was sent."""
    return {"smtp_port": port, "smtp_user": "-", "keep_sent": False, "patience": 0.5}


async def sent(mailbox, peer, message: hub.OutgoingMessage = MESSAGE, **changed: Any) -> hub.Receipt:
    return await Email().deliver(message, mailbox.context(**{**peer_settings(peer.port), **changed}))


async def test_an_answer_leaves_by_the_owners_server_and_lies_with_the_sent_ones(mailbox, world):
    receipt = await Email().deliver(MESSAGE, mailbox.context())
    assert receipt.state == "sent"
    envelope, mail = world.mails[-1], world.parsed()[-1]
    assert (envelope.mail_from, envelope.rcpt_tos) == (mailbox.user, ["ann@example.org"])
    assert mail["Message-ID"] == f"<{receipt.external_id}>"
    assert "\n.\n..and a line of dots" in mail.get_content().replace("\r\n", "\n")
    ((flags, kept),) = mailbox.server.mails(mailbox.user, "Sent")
    assert b"\\Seen" in flags
    assert message_from_bytes(kept, policy=policy.default)["Message-ID"] == mail["Message-ID"]


async def test_an_attempt_that_is_made_again_has_the_same_id_and_is_kept_once(mailbox, world):
    context = mailbox.context()
    await Email().deliver(MESSAGE, context)
    await Email().deliver(msgspec.structs.replace(MESSAGE, attempt=2), context)
    first, second = world.parsed()[-2:]
    assert first["Message-ID"] == second["Message-ID"]
    assert len(mailbox.server.mails(mailbox.user, "Sent")) == 1


async def test_a_folder_of_sent_mail_that_cannot_be_reached_fails_no_mail(mailbox, world, caplog):
    context = mailbox.context(imap_port=1)
    assert (await Email().deliver(MESSAGE, context)).state == "sent"
    assert "could not be put with the sent ones" in caplog.text


async def test_a_wrong_password_asks_for_an_operator(mailbox):
    context = mailbox.context(smtp_password=hub.Secret("wrong-and-secret"))
    with pytest.raises(hub.AuthFailed, match="535") as raised:
        await Email().deliver(MESSAGE, context)
    assert "wrong-and-secret" not in raised.value.why


async def test_what_the_servers_server_refuses_is_said_in_its_own_words(mailbox, world):
    world.refuse = lambda address: "550 5.1.1 nobody of that name" if address.startswith("nobody") else None
    with pytest.raises(hub.Rejected, match=r"127.0.0.1: 550 .*nobody of that name"):
        await Email().deliver(
            msgspec.structs.replace(MESSAGE, address="nobody@example.org"), mailbox.context()
        )


@pytest.mark.parametrize(
    ("script", "raised", "words"),
    [
        ({"HELLO": "421 too busy"}, hub.NotReady, "too busy"),
        ({"HELLO": "554 not you"}, hub.NotReady, "not you"),
        ({"MAIL": "451 later"}, hub.NotReady, "451 later"),
        ({"MAIL": "550 5.7.1 not this sender"}, hub.Rejected, "not this sender"),
        ({"MAIL": "530 5.7.0 log in first"}, hub.AuthFailed, "log in first"),
        ({"RCPT": "450 4.2.0 greylisted"}, hub.NotReady, "greylisted"),
        ({"RCPT": "550 5.1.1 no such user"}, hub.Rejected, "127.0.0.1: 550 5.1.1 no such user"),
        ({"DATA": "452 no space"}, hub.NotReady, "no space"),
        ({"DATA": "554 no"}, hub.Rejected, "554 no"),
        ({".": "451 4.3.0 try again"}, hub.NotReady, "try again"),
        ({".": "554 5.6.0 we take no such content"}, hub.Rejected, "no such content"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_an_answer_of_the_server_says_what_to_do(mailbox, script, raised, words):
    async with scripted() as peer:
        peer.script = [script]
        with pytest.raises(raised, match=words) as error:
            await sent(mailbox, peer)
        assert not getattr(error.value, "doubtful", False), "the server has said it"
        assert not peer.taken


@pytest.mark.parametrize("end", ["", "stall"], ids=["cut", "stalled"])
@pytest.mark.parametrize("verb", ["HELLO", "EHLO", "MAIL", "RCPT", "DATA"])
async def test_a_line_that_ends_before_the_content_leaves_no_doubt(mailbox, verb, end):
    async with scripted() as peer:
        peer.script = [{verb: end}]
        with pytest.raises(hub.NotReady) as error:
            await sent(mailbox, peer)
        assert not error.value.doubtful
        assert not peer.contents


@pytest.mark.parametrize("end", ["", "stall"], ids=["cut", "stalled"])
async def test_a_line_that_ends_between_the_content_and_its_answer_leaves_doubt(mailbox, end):
    async with scripted() as peer:
        peer.script = [{".": end}]
        with pytest.raises(hub.NotReady, match="had the mail and ended without an answer") as error:
            await sent(mailbox, peer)
        assert error.value.doubtful
        assert len(peer.contents) == 1


async def test_a_line_that_ends_after_the_answer_changes_nothing(mailbox):
    async with scripted() as peer:
        peer.script = [{".": "250 taken cut"}]
        assert (await sent(mailbox, peer)).state == "sent"


async def test_the_content_arrives_as_it_was_made_dots_included(mailbox):
    async with scripted() as peer:
        await sent(mailbox, peer)
        content = peer.taken[0].replace(b"\r\n..", b"\r\n.")
    text = message_from_bytes(content, policy=policy.default).get_content()
    assert text.replace("\r\n", "\n").startswith(MESSAGE.text.rstrip("\n"))


async def test_automatic_mail_has_nobody_to_answer_to(mailbox):
    automatic = msgspec.structs.replace(MESSAGE, automatic=True)
    async with scripted() as peer:
        await sent(mailbox, peer, automatic)
        assert any(command.startswith("MAIL FROM:<>") for command in peer.commands)
        assert b"auto-submitted: auto-" in peer.taken[0].lower()


async def test_where_nobody_may_be_nobody_the_address_is_given(mailbox):
    automatic = msgspec.structs.replace(MESSAGE, automatic=True)
    async with scripted() as peer:
        real = peer._talk

        class Once(dict):
            def get(self, verb, usual=None):
                if verb == "MAIL" and peer.commands[-1].startswith("MAIL FROM:<>"):
                    return "550 5.7.60 you may not send as nobody"
                return super().get(verb, usual)

        peer._talk = lambda reader, writer, answers: real(reader, writer, Once(answers))
        await sent(mailbox, peer, automatic)
        assert any(command.startswith(f"MAIL FROM:<{mailbox.user}>") for command in peer.commands)
        assert len(peer.taken) == 1


async def test_an_address_beyond_ascii_goes_only_where_it_is_understood(mailbox):
    foreign = msgspec.structs.replace(MESSAGE, address="jürgen@example.org")
    async with scripted() as peer:
        with pytest.raises(hub.Rejected, match="plain addresses only"):
            await sent(mailbox, peer, foreign)
        peer.script = [{"EHLO": "250-peer\r\n250 SMTPUTF8"}]
        await sent(mailbox, peer, foreign)
        assert any("SMTPUTF8" in command for command in peer.commands)


async def test_no_header_can_be_smuggled_in(mailbox):
    evil = msgspec.structs.replace(MESSAGE, subject="Hi\r\nBcc: all@example.org", author="Bob\r\nX-Evil: 1")
    async with scripted() as peer:
        await sent(mailbox, peer, evil)
        parsed = message_from_bytes(peer.taken[0], policy=policy.default)
    assert parsed["Bcc"] is None
    assert parsed["X-Evil"] is None


async def test_certificates_are_checked_before_the_password_is_said(mailbox):
    context = mailbox.context(
        smtp_host="localhost", smtp_port=mailbox.server.tls, smtp_security="tls", keep_sent=False
    )
    with pytest.raises(hub.NotReady, match="certificate"):
        await Email().deliver(MESSAGE, context)
