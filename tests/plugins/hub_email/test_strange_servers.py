"""Servers that are broken, hostile, or merely old: nothing they say harms more than themselves, and the good mails arrive."""

import tracemalloc
from datetime import UTC, datetime

import pytest

import hub
from hub_email import Email
from tests.mail.scripted_imap import strange
from tests.mail.servers import PASSWORD
from tests.plugins.hub_email.mailboxes import Kept, mail, running, until

THREE = {1: mail(1), 2: mail(2), 5: mail(5)}


def context(port: int, **changed) -> Kept:
    settings = {
        "address": "shop@hub.test", "password": hub.Secret(PASSWORD), "imap_host": "127.0.0.1", "imap_port": port,
        "imap_security": "none", "earlier_days": 300, "poll": 0.1, "patience": 1.0, **changed,
    }  # fmt: skip
    made = Kept(Email.settings(**settings))
    made.clock.at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    return made


async def test_a_server_that_cannot_tell_by_itself_is_asked(caplog):
    async with strange(THREE, capabilities="UIDPLUS") as server:
        kept = context(server.port)
        async with running(kept):
            await until(lambda: len(kept.reported) == 3)
            server.mails[6] = mail(6)
            await until(lambda: len(kept.reported) == 4)
        assert "IDLE" not in server.commands


@pytest.mark.parametrize(
    "said",
    [
        b"{tag} NO [EXPUNGEISSUED] it is broken\r\n",
        b"{tag} BAD what\r\n",
    ],
    ids=["no", "bad"],
)
async def test_a_mail_that_the_server_does_not_give_out_is_set_aside_and_those_behind_it_arrive(said):
    async with strange(THREE, {"UID FETCH 2 (UID BODY": said}) as server:
        kept = context(server.port)
        async with running(kept) as errors:
            await until(lambda: len(kept.reported) == 2)
        assert not errors
        assert kept.subjects() == ["Mail 1", "Mail 5"]
        (aside,) = kept.aside.values()
        assert "does not give it out" in aside.why


async def test_a_server_in_trouble_is_asked_again_and_nothing_is_given_up():
    async with strange(THREE, {"UID FETCH 2 (UID BODY": b"{tag} NO [UNAVAILABLE] a disk\r\n"}) as server:
        kept = context(server.port)
        async with running(kept) as errors:
            await until(lambda: len(errors) > 2)
            server.script.clear()
            await until(lambda: len(kept.reported) == 3)
        assert "a disk" in errors[0].why
        assert not kept.aside


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"HELLO": b"* BYE too busy\r\n"}, "too busy"),
        ({"HELLO": b"HTTP/1.1 400 Bad Request\r\n\r\n"}, "does not want to talk"),
        ({"HELLO": b"x" * 3_000_000}, "more than 1048576 bytes"),
        ({"UID FETCH 1 (UID BODY": b"* 1 FETCH (UID 1 BODY[] {999999999999}\r\nx"}, "at most"),
        ({"UID FETCH 1:*": b"* 1 FETCH " + b"(" * 100_000 + b"\r\n{tag} OK\r\n"}, "no IMAP"),
        ({"UID FETCH 1:*": b'* 1 FETCH (UID 1 X "' + b"\\" * 50_000 + b"\r\n{tag} OK\r\n"}, "no IMAP"),
        ({"UID FETCH 1:*": b"* 1 FETCH UID 1)\r\n{tag} OK\r\n"}, "no IMAP"),
        ({"STATUS": b"{tag} OK nothing to say\r\n"}, "did not say where"),
        ({"EXAMINE": b"{tag} OK opened\r\n"}, "no UIDVALIDITY"),
        ({"LOGIN": b"{tag} NO [UNAVAILABLE] later\r\n"}, "later"),
        ({"LOGIN": b"{tag} NO Too many simultaneous connections. (Failure)\r\n"}, "simultaneous"),
        ({"IDLE": b"* BYE shutting down\r\n"}, "shutting down"),
        ({"IDLE": b"+ idling\r\n"}, "has said nothing for"),
    ],
    ids=lambda value: "",
)
async def test_what_is_no_imap_ends_the_line_and_nothing_else(script, words):
    async with strange(THREE, script) as server:
        kept = context(server.port, patience=0.3)
        with pytest.raises(hub.NotReady, match=words):
            await Email().run(kept)
        assert not kept.aside


async def test_a_literal_larger_than_asked_for_takes_no_memory():
    script = {"UID FETCH 1 (UID BODY": b"* 1 FETCH (UID 1 BODY[] {2000000000}\r\n"}
    async with strange(THREE, script) as server:
        tracemalloc.start()
        with pytest.raises(hub.NotReady):
            await Email().run(context(server.port))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize(
    "said", ["[AUTHENTICATIONFAILED] no", "LOGIN failed.", "[EXPIRED] old"], ids=["code", "bare", "expired"]
)
async def test_a_refused_log_in_asks_for_an_operator(said):
    async with strange(
        THREE, {"LOGIN": b"{tag} NO " + said.encode() + b" " + PASSWORD.encode() + b"\r\n"}
    ) as server:
        with pytest.raises(hub.AuthFailed) as raised:
            await Email().run(context(server.port))
    assert PASSWORD not in raised.value.why


async def test_a_server_without_starttls_never_hears_the_password():
    async with strange(THREE, {"STARTTLS": b"{tag} BAD what\r\n"}) as server:
        with pytest.raises(hub.NotReady, match="offers no STARTTLS"):
            await Email().run(context(server.port, imap_security="starttls"))
        assert not any(command.startswith(("LOGIN", "AUTHENTICATE")) for command in server.commands)


async def test_what_a_server_tells_unasked_disturbs_nothing():
    chatter = b"* 9 EXISTS\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* OK [ALERT] maintenance (soon\r\n* 3 EXPUNGE\r\n"
    whole = b'* 1 FETCH (FLAGS () UID 1 RFC822.SIZE 9 INTERNALDATE "22-Nov-2026 10:00:00 +0000")\r\n'
    async with strange(
        {1: mail(1)}, {"UID FETCH 1:*": chatter + whole + chatter + b"{tag} OK\r\n"}
    ) as server:
        kept = context(server.port)
        async with running(kept) as errors:
            await until(lambda: kept.reported)
        assert not errors
        assert kept.subjects() == ["Mail 1"]
