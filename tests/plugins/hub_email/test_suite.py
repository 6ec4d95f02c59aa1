"""E-mail as the suite of all channels sees it: a real mailbox to read, and a server that takes what is sent, or does not."""

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, ClassVar

import pytest

import hub
from hub.testing import ChannelSuite, Heard, Peer, Said
from hub_email import Email
from tests.mail.scripted import scripted
from tests.mail.servers import PASSWORD, Dovecot, free_ports
from tests.plugins.hub_email.mailboxes import Mailbox

LOGIN = {"EHLO": "250-peer\r\n250 AUTH PLAIN", "AUTH": "235 2.7.0 come in"}
SCRIPTS: dict[str | None, dict[str, str]] = {
    None: {},
    "away": {"HELLO": ""},
    "busy": {"RCPT": "451 4.3.2 come again later"},
    "credentials": {"AUTH": f"535 5.7.8 {PASSWORD} is not your password"},
    "refuses": {"RCPT": "550 5.1.1 nobody of that name"},
    "lost": {".": ""},
}
"""A server that repeats a wrong password to whoever reads the log is rare, but not unheard of."""


class MailPeer(Peer):
    """Customers write by LMTP into the shop's real mailbox; what the shop sends goes to a server that does what a test says."""

    troubles = ("away", "busy", "credentials", "refuses", "lost")
    secrets = (PASSWORD,)
    server: ClassVar[Dovecot]

    async def open(self, url: str) -> None:
        self.mailbox = Mailbox(self.server)
        self.context = scripted()
        self.smtp = await self.context.__aenter__()
        self.smtp.script = [LOGIN]

    async def close(self) -> None:
        await self.context.__aexit__(None, None, None)

    def settings(self) -> dict[str, Any]:
        made = self.mailbox.settings(smtp_port=self.smtp.port, keep_sent=False, earlier_days=3, patience=2.0)
        plain = {
            name: getattr(made, name)
            for name in made.model_fields_set
            if name not in ("password", "smtp_password")
        }
        return {**plain, "password": PASSWORD}

    async def say(self, said: Said) -> None:
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"], mail["To"], mail["Subject"] = (
            f"Ann <{said.sender}>",
            self.mailbox.user,
            f"Mail {said.key}",
        )
        mail["Message-ID"], mail["Date"] = f"<{said.key}@customers.test>", format_datetime(said.at)
        mail.set_content(said.text.replace("\x00", "\ufffd"), cte="base64")
        await asyncio.to_thread(self.mailbox.deliver, mail.as_bytes())

    async def heard(self) -> list[Heard]:
        return [_heard(raw) for raw in self.smtp.contents]

    async def make(self, trouble: str | None) -> None:
        self.smtp.script = [LOGIN | SCRIPTS[trouble]]


def _heard(raw: bytes) -> Heard:
    mail = message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    text = str(body.get_content()).replace("\r\n", "\n")
    new = text.partition("\n\nYou wrote:\n")[0]  # below it stands what the customer said
    files = {
        str(part.get_filename()): part.get_payload(decode=True) or b"" for part in mail.iter_attachments()
    }
    return Heard(text=new, to=str(mail["To"]), id=str(mail["Message-ID"]), files=files)


@pytest.fixture(autouse=True, scope="module")
def server(dovecot: Dovecot) -> None:
    MailPeer.server = dovecot


class TestEmail(ChannelSuite):
    channel = Email
    peer = MailPeer
    settings = {
        "address": "shop@hub.test", "password": hub.Secret("a-password"), "imap_host": "127.0.0.1",
        "imap_port": free_ports(1)[0], "smtp_port": free_ports(1)[0],
    }  # fmt: skip
