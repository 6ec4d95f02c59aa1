"""What a simulated person says: a question when there is one, answers when the other side replies, thanks at the end.

It reacts to what came rather than following a clock, so that an operator may take as long as operators take. It does not
understand a word: the answers are written so that they fit whatever a friendly person would have said.
"""

import random

from hub.demo.browser import Browser
from hub.demo.personas import Memory, Persona

ACCEPTS = 0.7
RATES = 0.7
_WELCOMED = (
    "Oh hello! I'm just looking, but since you ask: which one would you take for a small kitchen?",
    "That sounds right. I'll have a think, thank you!",
)


class Dialogue:
    """One person's talking. `pace` multiplies every second taken."""

    def __init__(
        self, who: Persona, memory: Memory, browser: Browser, chance: random.Random, pace: float
    ) -> None:
        self._who, self._memory, self._browser = who, memory, browser
        self._random, self._pace = chance, pace
        self._before = memory.asked
        self._answers: list[str] = []
        self._rated = True

    @property
    def open(self) -> bool:
        """Whether there is something left to say when the other side replies."""
        return bool(self._answers)

    def wants_to_ask(self) -> bool:
        """Whether there is something to ask in this visit; nobody asks the same twice within one run."""
        asked = self._memory.asked - self._before
        return asked < len(self._who.topics) and (asked == 0 or self._random.random() < 0.6)

    async def ask(self) -> None:
        """Begin with the next topic. Raises Cut."""
        topic = self._who.topics[self._memory.asked % len(self._who.topics)]
        self._memory.asked += 1
        await self._begin(topic)

    async def react(self) -> None:
        """Answer what has come since the last call: an invitation, a reply, the end of the conversation. Raises Cut."""
        if self._browser.invitations:
            await self._invited(self._browser.invitations.popleft())
        elif self._browser.replies and self._answers:
            self._browser.replies.clear()
            text = self._answers.pop(0)
            await self._browser.stay(self._random.uniform(2, 4) * self._pace)
            await self._browser.say(text, self._typing(text))
        elif self._browser.closed and not self._rated:
            self._rated = True
            if self._random.random() < RATES:
                await self._browser.rate(self._random.choice((4, 5, 5)))

    async def _invited(self, invitation: str) -> None:
        await self._browser.stay(self._random.uniform(2, 6) * self._pace)
        if self._random.random() < ACCEPTS:
            await self._begin(_WELCOMED, invitation)
        else:
            await self._browser.decline(invitation)

    async def _begin(self, topic: tuple[str, ...], invitation: str | None = None) -> None:
        question, *self._answers = topic
        self._browser.replies.clear()
        self._rated = False
        typing = self._typing(question) if invitation else 0.0
        await self._browser.say(
            question, typing, name=self._who.name, email=self._who.email, invitation=invitation
        )

    def _typing(self, text: str) -> float:
        return min(7.0, 1.5 + len(text) / 14) * self._pace
