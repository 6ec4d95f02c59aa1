"""The rest of the world, as far as mail goes: an SMTP server that takes what it is given, or answers as a script says."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.mail.servers import free_ports


class World:
    """`mails` keeps what came. `refuse` may give an answer such as "550 no such user" to a recipient; `then` is called with each mail."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.refuse: Callable[[str], str | None] = lambda _: None
        self.then: Callable[[Envelope], None] = lambda _: None
        (self.port,) = free_ports(1)
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, data_size_limit=60_000_000, enable_SMTPUTF8=True
        )

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802  # aiosmtpd calls it so
        if answer := self.refuse(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        self.then(envelope)
        return "250 taken"

    def parsed(self) -> list[EmailMessage]:
        """The mails as the standard library reads them."""
        return [message_from_bytes(it.content, policy=policy.default) for it in self.mails]

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()
