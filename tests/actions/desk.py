"""A desk for cases: two operators of one queue, and customers who write mails and chat."""

import datetime as dt

from hub.actions import people, talk
from hub.actions.arrive import greet
from hub.actions.receive import receive
from hub.contract import Claim, IncomingMessage, Level, Touchpoint
from hub.conversations import thread
from hub.store import Tx
from hub.wire.visitor import Hello, Open

LATE = "My delivery of the grinder from order A44871 is overdue, the parcel has not arrived."
STILL = "Still no parcel. Please ask the courier about A44871."

CONVERSATION_TABLES = (
    "conversation", "leg", "message", "reader", "conversation_tag", "case_member", "mention", "outbox"
)  # fmt: skip


class Desk:
    """Two operators of one queue, and customers who write mails: each mail that threads nowhere begins a conversation."""

    def __init__(self, tx: Tx) -> None:
        self.tx, self.written = tx, 0
        people.route_sites(tx, [people.Route("shop", "main", "")])
        self.ann, self.bob = (
            people.add(
                tx,
                login=name,
                name=name.title(),
                password_hash="x",
                role="operator",
                queues=["main"],
                capacity=99,
            )
            for name in ("ann", "bob")
        )

    def mail(self, address: str, text: str, subject: str = "", level: Level = Level.OBSERVED) -> bytes:
        """The conversation the mail began."""
        self.written += 1
        self.tx.now += 60_000_000
        came = Touchpoint(
            channel="post", kind="mail", key=f"m{self.written}", occurred_at=dt.datetime.fromtimestamp(self.tx.now / 1e6, dt.UTC),
            claims=(Claim(kind="email", value=address, level=level),), thread=f"{address}#{self.written}",
            message=IncomingMessage(
                text=text, subject=subject, refs=(f"m{self.written}",), data={"mail": {"subject": subject}}
            ),
        )  # fmt: skip
        stored = receive(self.tx, "post", came).message
        assert stored is not None
        return stored.conversation

    def chat(self, address: str, text: str, visitor: bytes | None = None) -> tuple[bytes, bytes]:
        """The conversation that a browser (a new one, where none is told) has open then, and the browser."""
        self.written += 1
        self.tx.now += 60_000_000
        hello = Hello(site="shop", tab=f"tab-{self.written:08}")
        visitor = visitor or greet(self.tx, "shop", hello).visitor
        opened = Open(client_id=f"c-{self.written:08}", text=text, email=address)
        return talk.open_chat(self.tx, "shop", visitor, opened).conversation, visitor

    def writes_again(self, conversation: bytes, text: str = "And now?") -> None:
        """Its customer answers by mail: `receive` puts it where it belongs, and reopens that."""
        self.written += 1
        self.tx.now += 60_000_000
        (thread_of,) = self.tx.one("SELECT thread FROM leg WHERE conversation = ?", (conversation,))
        address = thread_of.partition("#")[0]
        (ref,) = self.tx.one("SELECT ref FROM message_ref WHERE conversation = ? LIMIT 1", (conversation,))
        came = Touchpoint(
            channel="post", kind="mail", key=f"m{self.written}", occurred_at=dt.datetime.fromtimestamp(self.tx.now / 1e6, dt.UTC),
            claims=(Claim(kind="email", value=address, level=Level.OBSERVED),), thread=thread_of,
            message=IncomingMessage(text=text, refs=(f"m{self.written}",), follows=(ref,)),
        )  # fmt: skip
        stored = receive(self.tx, "post", came, subjects=True).message
        assert stored is not None and stored.conversation == conversation

    def hands(self, conversation: bytes) -> tuple[str, bytes | None]:
        found = thread.get(self.tx, conversation)
        return found.status, found.operator

    def waits(self, conversation: bytes) -> bool:
        (since,) = self.tx.one("SELECT waiting_since FROM conversation WHERE id = ?", (conversation,))
        return since is not None

    def rows(self) -> dict[str, list[tuple]]:
        return {
            table: sorted(self.tx.all(f"SELECT * FROM {table}"), key=repr) for table in CONVERSATION_TABLES
        }
