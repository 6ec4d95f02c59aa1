"""A simulated browser: one open page at a time, speaking the visitor's protocol as the widget does.

It keeps what a browser keeps (the token, the conversation it knows) and opens a socket for each page. It knows the hub by its public
socket and nothing else. It resends nothing, because each command waits for its answer; when the socket ends, `Cut` is raised and
the person comes back as a new page.
"""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Sequence
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from hub.demo.accounts import SITE
from hub.wire import encode, visitor
from hub.wire.common import CartLine, Page, Refused

log = logging.getLogger("hub.demo")

ANSWER = 10.0
"""Seconds a command may take."""
_decode = msgspec.json.Decoder(visitor.ToPage).decode
_Answer = visitor.Sent | visitor.Noted | visitor.Identified | Refused


class Cut(Exception):
    """The page's socket ended before the page was left, or the hub could not be reached."""


class Browser:
    """One simulated browser. What the other side says waits in `replies`, `invitations` and `pushes`."""

    def __init__(
        self, socket_url: str, origin: str, *, address: str = "", language: str = "", zone: str = ""
    ) -> None:
        self._url, self._origin, self._address = socket_url, origin, address
        self._language, self._zone = language, zone
        self.token: str | None = None
        self.conversation: str | None = None
        self.closed = False
        self.replies: deque[str] = deque()
        self.invitations: deque[str] = deque()
        self.pushes: deque[tuple[int, str]] = deque()
        self._have = 0
        self._active = 0.0
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._answers: dict[str, asyncio.Future[Any]] = {}

    # --- what a person does with it

    async def open(self, url: str, title: str, referrer: str = "") -> None:
        """Go to a page; returns when the hub has welcomed it. Raises Cut."""
        await self.leave()
        self._active = 0.0
        try:
            self._socket = await self._dial()
            hello = visitor.Hello(
                site=SITE,
                tab=new_id(),
                token=self.token,
                conversation=self.conversation,
                have=self._have,
                language=self._language,
            )
            self._reading = asyncio.get_running_loop().create_task(self._read(self._socket))
            welcome = await self._ask("welcome", hello)
            if isinstance(welcome, visitor.Welcome) and welcome.tracking == "on":
                page = Page(url=url, title=title, referrer=referrer)
                await self._send(visitor.Look(page=page, zone=self._zone))
        except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, Cut) as error:
            await self.leave()
            raise Cut(str(error) or type(error).__name__) from error

    async def stay(self, seconds: float, *, attentive: bool = True, scroll: int = 0) -> None:
        """Look at the page for so long, or only leave it open, and beat at the end. Raises Cut."""
        await asyncio.sleep(seconds)
        self._active += seconds if attentive else 0.0
        await self._send(visitor.Beat(active=round(self._active, 1), scroll=scroll))

    async def say(
        self,
        text: str,
        typing: float,
        *,
        name: str | None = None,
        email: str | None = None,
        invitation: str | None = None,
    ) -> None:
        """Type for so many seconds, then send; begins a conversation where there is none. Raises Cut."""
        if self.conversation is not None:
            await self._send(visitor.Typing(conversation=self.conversation, on=True))
        await asyncio.sleep(typing)
        client_id = new_id()
        frame: visitor.FromPage
        if self.conversation is None or invitation is not None:
            frame = visitor.Open(
                client_id=client_id, text=text, name=name, email=email, invitation=invitation
            )
        else:
            frame = visitor.Say(client_id=client_id, conversation=self.conversation, text=text)
        answer = await self._ask(client_id, frame)
        if isinstance(answer, visitor.Sent):
            if answer.conversation != self.conversation:
                self.conversation, self._have = answer.conversation, 0
            self._have, self.closed = max(self._have, answer.seq), False

    async def identify(self, token: str) -> None:
        """Hand over what the shop signed. Raises Cut."""
        client_id = new_id()
        await self._ask(client_id, visitor.Identify(client_id=client_id, token=token))

    async def put_cart(self, items: Sequence[CartLine]) -> None:
        """Tell what lies in the cart. Raises Cut."""
        client_id = new_id()
        value = sum(item.price * item.quantity for item in items)
        frame = visitor.Cart(client_id=client_id, items=list(items), value=value, currency="EUR")
        await self._ask(client_id, frame)

    async def track(self, event: str, /, **properties: object) -> None:
        """Tell of something that happened on the page. Raises Cut."""
        client_id = new_id()
        await self._ask(client_id, visitor.Track(client_id=client_id, name=event, properties=properties))

    async def decline(self, invitation: str) -> None:
        """Wave an invitation away. Raises Cut."""
        await self._send(visitor.Answer(invitation=invitation, fate="declined"))

    async def follow(self, seq: int) -> None:
        """Accept a page that an operator pushed as message `seq`. Raises Cut."""
        if self.conversation is not None:
            await self._send(visitor.Followed(conversation=self.conversation, seq=seq, fate="accepted"))

    async def rate(self, score: int) -> None:
        """Say how it was, 1 to 5. Raises Cut."""
        if self.conversation is not None:
            client_id = new_id()
            await self._ask(
                client_id, visitor.Rate(client_id=client_id, conversation=self.conversation, score=score)
            )

    async def leave(self) -> None:
        """Close the page."""
        reading, self._reading = self._reading, None
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()
        if reading is not None:
            reading.cancel()
            await asyncio.wait([reading])
        self._answers.clear()

    # --- the line

    async def _dial(self) -> ClientConnection:
        if self._address:
            try:
                return await self._connect(local_addr=(self._address, 0))
            except OSError:
                # Not every system has all of 127/8; then all visitors come from one address.
                self._address = ""
        return await self._connect()

    async def _connect(self, **more: Any) -> ClientConnection:
        return await connect(
            self._url,
            origin=self._origin,  # type: ignore[arg-type]  # a NewType of str
            compression=None,
            proxy=None,
            open_timeout=ANSWER,
            close_timeout=2,
            ping_interval=None,
            **more,
        )

    async def _send(self, frame: visitor.FromPage) -> None:
        if self._socket is None:
            raise Cut("no page is open")
        try:
            await self._socket.send(encode(frame).decode())
        except ConnectionClosed as error:
            raise Cut("the socket ended") from error

    async def _ask(self, key: str, frame: visitor.FromPage) -> object:
        """Send, and wait for what answers `key`."""
        waiting = self._answers[key] = asyncio.get_running_loop().create_future()
        await self._send(frame)
        try:
            async with asyncio.timeout(ANSWER):
                answer: object = await waiting
        except TimeoutError:
            raise Cut("no answer") from None
        if isinstance(answer, Refused):
            log.debug("a simulated visitor was refused: %s", answer.message)
        return answer

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                await self._hear(_decode(data))
        except (ConnectionClosed, Cut):
            log.debug("a simulated page lost its socket")
        finally:
            for waiting in self._answers.values():
                if not waiting.done():
                    waiting.set_exception(Cut("the socket ended"))
                    waiting.exception()  # nobody may be waiting any more

    async def _hear(self, frame: visitor.ToPage) -> None:
        match frame:
            case visitor.Welcome():
                self._welcomed(frame)
                for said in frame.messages:
                    await self._said(said)
                self._settle("welcome", frame)
            case visitor.Said():
                await self._said(frame)
            case visitor.TalkChanged():
                self.closed = frame.talk.id == self.conversation and frame.talk.status == "closed"
            case visitor.Invited():
                await self._send(visitor.Answer(invitation=frame.invitation, fate="shown"))
                self.invitations.append(frame.invitation)
            case visitor.Sent() | visitor.Noted() | visitor.Identified() | Refused():
                self._answered(frame)
            case _:
                pass

    def _welcomed(self, frame: visitor.Welcome) -> None:
        self.token = frame.token or self.token
        if frame.talk is not None and self.conversation != frame.talk.id:
            # A conversation of an earlier run: what was said then needs no answer now.
            self.conversation, self._have = frame.talk.id, frame.talk.seq

    async def _said(self, said: visitor.Said) -> None:
        if said.conversation != self.conversation or said.seq <= self._have:
            return
        self._have = said.seq
        await self._send(visitor.Cursor(conversation=said.conversation, delivered=said.seq, read=said.seq))
        if said.push is not None:
            self.pushes.append((said.seq, said.push.url))
        elif said.author in ("operator", "bot"):
            self.replies.append(said.text)

    def _answered(self, frame: _Answer) -> None:
        if isinstance(frame, visitor.Identified):
            self.token = frame.token or self.token
        self._settle(frame.client_id or "welcome", frame)

    def _settle(self, key: str, frame: object) -> None:
        waiting = self._answers.pop(key, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)


def new_id() -> str:
    """What a browser calls a tab or a command of its own."""
    return secrets.token_urlsafe(9)
