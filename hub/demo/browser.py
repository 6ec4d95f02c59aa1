"""A simulated browser: one open page at a time, speaking the visitor's protocol as the widget does.

It keeps what a browser keeps (the token, the conversation it knows), opens a socket a page, beats, resends nothing because it
waits for `sent`, and comes back after a cut. It knows the hub by its public socket and nothing else.
"""

import asyncio
import logging
import secrets
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from hub.demo.accounts import SITE
from hub.wire import encode, visitor
from hub.wire.common import Page, Refused

log = logging.getLogger("hub.demo")

ANSWER = 10.0
"""Seconds a command may take."""
_decode = msgspec.json.Decoder(visitor.ToPage).decode


class Cut(Exception):
    """The page's socket ended before the page was left, or the hub could not be reached."""


class Browser:
    """One simulated browser. `heard` is called with every message of the other side."""

    def __init__(
        self, socket_url: str, origin: str, *, address: str = "", language: str = "", zone: str = ""
    ) -> None:
        self._url, self._origin, self._address = socket_url, origin, address
        self._language, self._zone = language, zone
        self.token: str | None = None
        self.conversation: str | None = None
        self.have = 0
        self.replies: asyncio.Queue[str] = asyncio.Queue()
        self._socket: ClientConnection | None = None
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def open(self, url: str, title: str, referrer: str = "") -> None:
        """Go to a page; returns when the hub has welcomed it. Raises Cut."""
        await self.leave()
        try:
            self._socket = await self._connected()
            page = Page(url=url, title=title, referrer=referrer)
            hello = visitor.Hello(
                site=SITE,
                tab=new_id(),
                page=page,
                token=self.token,
                conversation=self.conversation,
                have=self.have,
                language=self._language,
                zone=self._zone,
            )
            welcomed = self._expect("welcome")
            await self._socket.send(encode(hello).decode())
            self._reading = asyncio.get_running_loop().create_task(self._read(self._socket))
            async with asyncio.timeout(ANSWER):
                await welcomed
        except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake) as error:
            await self.leave()
            raise Cut(str(error) or type(error).__name__) from error

    async def stay(self, seconds: float, active_share: float = 0.8, beat: float = 5.0) -> None:
        """Look at the page for so long, beating. Raises Cut."""
        spent = 0.0
        while spent < seconds:
            step = min(beat, seconds - spent)
            await asyncio.sleep(step)
            spent += step
            await self._send(visitor.Beat(active=round(spent * active_share, 1)))

    async def say(self, text: str, typing: float, name: str | None = None, email: str | None = None) -> None:
        """Type for so long, then send; begins a conversation where there is none. Raises Cut."""
        if self.conversation is not None:
            await self._send(visitor.Typing(conversation=self.conversation, on=True))
        await asyncio.sleep(typing)
        client_id = new_id()
        frame: visitor.FromPage
        if self.conversation is None:
            frame = visitor.Open(client_id=client_id, text=text, name=name, email=email)
        else:
            frame = visitor.Say(client_id=client_id, conversation=self.conversation, text=text)
        answer = await self._ask(client_id, frame)
        if isinstance(answer, visitor.Sent):
            self.conversation, self.have = answer.conversation, max(self.have, answer.seq)

    async def identify(self, token: str) -> None:
        """Hand over what the shop signed. Raises Cut."""
        client_id = new_id()
        await self._ask(client_id, visitor.Identify(client_id=client_id, token=token))

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

    # --- beside

    async def _connected(self) -> ClientConnection:
        def dial(**more: Any) -> Any:
            return connect(
                self._url,
                origin=self._origin,  # type: ignore[arg-type]  # a NewType of str
                compression=None,
                proxy=None,
                open_timeout=ANSWER,
                close_timeout=2,
                ping_interval=None,
                **more,
            )

        if not self._address:
            return await dial()  # type: ignore[no-any-return]
        try:
            return await dial(local_addr=(self._address, 0))  # type: ignore[no-any-return]
        except OSError:
            # Not every system has all of 127/8; then all visitors come from one address.
            self._address = ""
            return await dial()  # type: ignore[no-any-return]

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                await self._hear(socket, _decode(data))
        except ConnectionClosed:
            log.debug("a simulated page lost its socket")
        finally:
            for waiting in self._answers.values():
                if not waiting.done():
                    waiting.set_exception(Cut("the socket ended"))
                    waiting.exception()  # seen: nobody may be waiting any more

    async def _hear(self, socket: ClientConnection, frame: visitor.ToPage) -> None:
        match frame:
            case visitor.Welcome():
                self._welcome(frame)
                for said in frame.messages:
                    await self._said(socket, said)
            case visitor.Said():
                await self._said(socket, frame)
            case visitor.Sent() | visitor.Identified() | Refused():
                self._answered(frame)
            case _:
                pass

    def _welcome(self, frame: visitor.Welcome) -> None:
        self.token = frame.token or self.token
        if frame.talk is not None:
            if self.conversation != frame.talk.id:
                self.have = 0
            self.conversation = frame.talk.id
        self._resolve("welcome", frame)

    async def _said(self, socket: ClientConnection, said: visitor.Said) -> None:
        if said.conversation != self.conversation or said.seq <= self.have:
            return
        self.have = said.seq
        await socket.send(
            encode(visitor.Cursor(conversation=said.conversation, delivered=said.seq, read=said.seq)).decode()
        )
        if said.author in ("operator", "bot"):
            self.replies.put_nowait(said.text)

    def _answered(self, frame: visitor.Sent | visitor.Identified | Refused) -> None:
        if isinstance(frame, visitor.Identified):
            self.token = frame.token or self.token
        if isinstance(frame, Refused):
            log.debug("a simulated visitor was refused: %s", frame.message)
        if frame.client_id is not None:
            self._resolve(frame.client_id, frame)
        elif isinstance(frame, Refused):
            self._resolve("welcome", frame)

    async def _ask(self, client_id: str, frame: visitor.FromPage) -> Any:
        answer = self._expect(client_id)
        await self._send(frame)
        try:
            async with asyncio.timeout(ANSWER):
                return await answer
        except TimeoutError:
            raise Cut("no answer") from None

    async def _send(self, frame: visitor.FromPage) -> None:
        if self._socket is None:
            raise Cut("no page is open")
        try:
            await self._socket.send(encode(frame).decode())
        except ConnectionClosed as error:
            raise Cut("the socket ended") from error

    def _expect(self, key: str) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[key] = future
        return future

    def _resolve(self, key: str, frame: object) -> None:
        waiting = self._answers.pop(key, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)


def new_id() -> str:
    """What a browser calls a tab or a command of its own."""
    return secrets.token_urlsafe(9)
