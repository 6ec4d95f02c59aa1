"""What is refused for now keeps its place in the line.

A page sends several messages before the first is acknowledged. When one cannot be stored just now (a full disk, a rate) and the next
can, the customer's words would change their order for good. So what comes behind one that was refused for now is refused for now as
well, until it has been stored, has been refused for good, or its sender has given it up.

Nothing is kept for a socket on which nothing was refused.
"""

from hub.wire import Refusal

GIVEN_UP = 20.0
"""Seconds after which a message that did not come again no longer holds up those behind it."""
SHORTLY = 0.5
MOST = 200
"""Messages whose order is kept per conversation; who sends more at once has long been told to slow down."""


class InOrder:
    """The lines of one socket, by conversation. Times are seconds of the monotonic clock."""

    __slots__ = ("_lines",)

    def __init__(self) -> None:
        self._lines: dict[str, list[tuple[str, float]]] | None = None

    def demand_turn(self, talk: str, client_id: str, now: float) -> None:
        """Whether this message may be stored now. Refusals: unavailable, while an earlier one is to come again."""
        if self._lines is None or (line := self._lines.get(talk)) is None:
            return
        while line and line[0][0] != client_id and line[0][1] + GIVEN_UP < now:
            del line[0]
        if line and line[0][0] != client_id:
            raise Refusal(
                "unavailable", "an earlier message is not stored yet and goes first", retry_after=SHORTLY
            )

    def refused(self, talk: str, client_id: str, now: float, error: Refusal) -> None:
        """For now: it will come again, and those behind it wait. For good: the next one's turn."""
        if error.retry_after is None:
            self.settled(talk, client_id)
            return
        if self._lines is None:
            self._lines = {}
        self._line_up(self._lines.setdefault(talk, []), client_id, now)

    def settled(self, talk: str, client_id: str) -> None:
        """It is stored: the next one's turn."""
        if self._lines is None or (line := self._lines.get(talk)) is None:
            return
        line[:] = [it for it in line if it[0] != client_id]
        if not line:
            del self._lines[talk]
            self._lines = self._lines or None

    @staticmethod
    def _line_up(line: list[tuple[str, float]], client_id: str, now: float) -> None:
        for place, (waiting, _) in enumerate(line):
            if waiting == client_id:
                line[place] = (client_id, now)
                return
        if len(line) < MOST:
            line.append((client_id, now))
