"""Fit the weights by which a mail is proposed for an open matter: `python -m tests.bench.fit_following`.

Logistic regression by plain gradient ascent over the features of `hub.conversations.following`, on one half of the mailbox's
phrases; precision and recall are printed for both halves, beside what is used. Nothing is written: a person copies the figures, rounded.
"""

import math
import random
from collections.abc import Iterator

from hub.conversations import following
from hub.conversations.following import Spoken, features
from tests.conversations.mailbox import Closing, Mail, mailbox

STEPS, RATE, SHRINK = 400, 4.0, 0.0005


def pairs(events: list[Mail | Closing]) -> Iterator[tuple[Mail, int, dict[str, float], bool]]:
    """Each mail with each matter its customer has open: (mail, matter, features, whether it is about it)."""
    matters: dict[int, tuple[int, Spoken]] = {}
    for event in events:
        if isinstance(event, Closing):
            matters.pop(event.matter, None)
            continue
        said = Spoken(text=event.text, subject=event.subject, at=event.at)
        for matter, (customer, about) in matters.items():
            if customer == event.customer:
                yield event, matter, {**features(said, about), "base": 1.0}, matter == event.matter
        if event.matter in matters or not event.follows:
            matters[event.matter] = (event.customer, _longer(matters.get(event.matter), event))


def fit(seed: int = 1) -> dict[str, float]:
    """Weights for one half of the phrases."""
    data = [(seen, float(same)) for _, _, seen, same in pairs(mailbox(seed, 20_000, half=0))]
    weights = dict.fromkeys(following.WEIGHTS, 0.0)
    for _ in range(STEPS):
        slope = dict.fromkeys(weights, 0.0)
        for seen, same in data:
            miss = same - likelihood(weights, seen)
            for word, amount in seen.items():
                slope[word] += miss * amount
        for word in weights:
            weights[word] += RATE * (slope[word] / len(data) - SHRINK * weights[word])
    return weights


def likelihood(weights: dict[str, float], seen: dict[str, float]) -> float:
    """The probability those weights give."""
    return 1 / (1 + math.exp(-sum(weights[word] * amount for word, amount in seen.items())))


def judge(weights: dict[str, float], half: int, bar: float = 0.5) -> tuple[float, float]:
    """Precision and recall of the likeliest matter, where it is at least `bar` likely."""
    each: dict[Mail, list[tuple[float, int, bool]]] = {}
    for mail, matter, seen, same in pairs(mailbox(7, 4_000, half)):
        each.setdefault(mail, []).append((likelihood(weights, seen), matter, same))
    best = [max(found) for found in each.values()]
    proposed = [same for likely, _, same in best if likely >= bar]
    true = sum(any(same for *_, same in found) for found in each.values())
    return sum(proposed) / max(1, len(proposed)), sum(proposed) / max(1, true)


def _longer(before: tuple[int, Spoken] | None, mail: Mail) -> Spoken:
    if before is None:
        ours = random.Random(mail.matter).random() < 0.5
        return Spoken(text=mail.text, subject=mail.subject, at=mail.at, ours_last=ours)
    about = before[1]
    return Spoken(
        text=f"{about.text}\n{mail.text}", subject=about.subject, at=mail.at, ours_last=about.ours_last
    )


if __name__ == "__main__":
    fitted = fit()
    print({word: round(weight, 2) for word, weight in fitted.items()})
    for name, weights in (("in use", following.WEIGHTS), ("fitted", fitted)):
        for half in (0, 1):
            precision, recall = judge(weights, half)
            print(f"{name:7} phrases {half}: precision {precision:.3f} recall {recall:.3f}")
