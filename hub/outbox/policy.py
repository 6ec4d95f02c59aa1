"""When to try again: pure functions of what is known about a delivery.

What has no end of its own follows the schedule that the Standard Webhooks specification gives: ten tries over some 75 hours. Its slots
lie one after another and each try is at a random instant of its own (full jitter), so that what failed together does not come back
together; the last one waits for the end of its slot, so that an outage of 75 hours is survived whatever the dice say.
What expires (a reply window, a bot's question) is tried with exponential pauses and full jitter until its end.
"""

import random
from collections.abc import Callable

SECOND = 1_000_000
HOUR = 3600.0

SCHEDULE = (5.0, 300.0, 1800.0, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds between the tries of what does not expire."""
TRIES = len(SCHEDULE) + 1
LEAST = 0.25
LONGEST = 300.0
"""Between the tries of what expires."""
LAST_CHANCE = 1.0
"""Seconds before its end at which what expires is tried a last time."""
MOST_RETRY_AFTER = 24 * HOUR
"""What the other side may ask for; more is a mistake of theirs, or a trap."""

Chance = Callable[[float, float], float]


def next_try(
    *,
    attempt: int,
    first_at: int,
    now: int,
    expires_at: int | None = None,
    retry_after: float | None = None,
    chance: Chance = random.uniform,
) -> int | None:
    """When to make another try after `attempt` of them (from 1), in UTC microseconds; None: never.

    `first_at` is when the first was made. `retry_after` (seconds) is the other side's own wish and is never undercut.
    """
    asked = now + int(min(retry_after or 0.0, MOST_RETRY_AFTER) * SECOND)
    if expires_at is None:
        return None if attempt >= TRIES else max(asked, _scheduled(attempt, first_at, now, chance))
    last = expires_at - int(LAST_CHANCE * SECOND)
    pause = max(LEAST, chance(0.0, min(LONGEST, 2.0 ** min(attempt, 30))))
    at = max(asked, min(now + int(pause * SECOND), last))
    return at if now < at <= last else None


def _scheduled(attempt: int, first_at: int, now: int, chance: Chance) -> int:
    pause = int(SCHEDULE[attempt - 1] * SECOND)
    begins = first_at + int(sum(SCHEDULE[: attempt - 1]) * SECOND)
    # A try that came late (the hub was down, the row waited for others) must not drag the next one after itself at once.
    low = max(begins, now + pause // 4)
    high = begins + pause if begins + pause >= low else now + pause
    return high if attempt == TRIES - 1 else int(chance(low, high))
