"""Two who talk through socket.io on Node (`relay.cjs`), loaded by the same generator as the hub."""

import asyncio
import json
import time
from itertools import count

from tests.bench.load import Line, Server, connect

TEXT = "Is the blue one in stock in size 42? " * 3


class Relayed:
    """The same message through socket.io: acknowledged to its sender, relayed to the other one in the room, stored nowhere."""

    def __init__(self) -> None:
        self.visitor: Line
        self.operator: Line
        self.acknowledged: list[float] = []
        self.delivered: list[float] = []
        self._room = ""
        self._ids = count()
        self._began = 0.0
        self._missing = 0
        self._turn: asyncio.Future[None]

    async def open(self, server: Server, number: int) -> None:
        self._room = f"{number:032d}"
        self.visitor, self.operator = [await self._joined(server) for _ in range(2)]

    async def ask(self) -> None:
        said = {"client_id": f"command-{next(self._ids):08d}", "conversation": self._room, "text": TEXT}
        await self._say(self.visitor, b"421" + json.dumps(["say", said]).encode(), 2)

    async def converse(self) -> None:
        await self.ask()
        self.visitor, self.operator = self.operator, self.visitor

    @property
    def frames(self) -> int:
        return self.visitor.frames + self.operator.frames

    def close(self) -> None:
        self.visitor.close()
        self.operator.close()

    async def _joined(self, server: Server) -> Line:
        made: list[Line] = []
        path = "/socket.io/?EIO=4&transport=websocket"
        made.append(await connect(server.port, path, "", lambda packet: self._hears(made, packet)))
        await self._say(made[0], b"40", 1)
        await self._say(made[0], b"420" + json.dumps(["join", self._room]).encode(), 1)
        return made[0]

    async def _say(self, line: Line, packet: bytes, answers: int) -> None:
        self._turn = asyncio.get_running_loop().create_future()
        self._missing = answers
        self._began = time.perf_counter()
        line.send(packet)
        await self._turn

    def _hears(self, made: list[Line], packet: bytes) -> None:
        if packet == b"2":
            made[0].send(b"3")
        elif packet.startswith((b"40", b"42", b"43")):
            {b"431": self.acknowledged, b"42[": self.delivered}.get(packet[:3], []).append(
                time.perf_counter() - self._began
            )
            self._missing -= 1
            if self._missing == 0:
                self._turn.set_result(None)
