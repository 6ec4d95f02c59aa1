"""Whether somebody's words are about a matter that is open already: weighed from what both say, with the reasons in words.

Most mails that follow an earlier one do not say so: seven of ten come under another subject. So a reply's subject is one
witness among several, and none of them decides alone. Each reason adds its log odds (logistic regression, fitted by
`tests/bench/fit_following.py` on a labelled mailbox and judged on phrases it has not seen), and the sum is a probability
that an operator sees together with its reasons. It never joins anything by itself.

Pure: no clock, no database.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

Word = Literal[
    "code", "other_code", "subject", "words", "no_words", "asking", "waits", "soon", "late", "page", "named"
]

WEIGHTS: dict[str, float] = {
    "base": -1.3,
    "code": 2.2,
    "other_code": -2.0,
    "subject": 1.8,
    "words": 3.0,
    "no_words": -1.0,
    "asking": 1.6,
    "waits": 0.3,
    "soon": 0.2,
    "late": -0.4,
    "page": 0.5,
    "named": 3.5,
}
"""Log odds. `words` is per unit of likeness (0 to 1), the others are there or not. The last five are set by hand: no labelled mailbox
tells of them. Four are small; what a letter itself says that it follows is not, and all that it lacks is a proof of its sender."""
HOUR = 3_600_000_000
SOON, LATE = 48 * HOUR, 14 * 24 * HOUR
MOST_WORDS = 2_000
"""Words that are looked at of each side: who writes more has said it by then."""

MOST_LETTERS = 40_000
LONGEST_SUBJECT = 500

_TOKEN = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*")
_PREFIX = re.compile(
    r"^\s*(?:re|aw|fwd?|wg|sv|vs|antw|rv|tr|r|odp|回复|答复|返信|رد|תגובה|ynt)\s*(?:\[\d+\])?\s*[:：]\s*",
    re.IGNORECASE,
)
_ASKING = frozenset(
    {
        *("again", "still", "reminder", "update", "waiting", "heard", "yet", "chasing", "news"),
        *("nochmal", "immer", "erinnerung", "nachfrage", "warte", "weiterhin", "bisher"),
        *("encore", "toujours", "relance", "rappel", "attends", "nouvelles"),
        *("todavía", "todavia", "aún", "aun", "sigo", "esperando", "recordatorio", "novedades"),
        *("ancora", "sollecito", "aspetto", "aggiornamenti", "nuovamente"),
        *("ainda", "lembrete", "aguardo", "aguardando", "novamente"),
        *("nogmaals", "nog", "steeds", "herinnering", "wacht"),
        *("nadal", "ponownie", "przypomnienie", "czekam", "wciąż"),
        *("hâlâ", "hala", "tekrar", "hatırlatma", "bekliyorum"),
        *("опять", "снова", "ещё", "еще", "напоминание", "жду"),
        *("досі", "нагадування", "чекаю"),
        *("مرة", "أخرى", "تذكير", "انتظر"),
        *("שוב", "עדיין", "תזכורת", "מחכה"),
    }
)
"""What people write when they write a second time, in the languages the console and the widget speak."""


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """One side: what was said (the customer's and ours), under which subject. `at`: of its first or last word, UTC microseconds."""

    text: str
    subject: str = ""
    at: int = 0
    page: str = ""
    """The page or cart it was about, where that is known."""
    ours_last: bool = False
    """The last word was ours: they were waited for."""
    names: bool = False
    """It says itself that it follows the other side's letters."""


class Reason(msgspec.Struct, frozen=True):
    """One thing that speaks for (positive) or against it; `shown` are the words it was found in."""

    word: str
    weight: float
    shown: tuple[str, ...] = ()


class Weighed(msgspec.Struct, frozen=True):
    """How likely it is, 0 to 1, and why: the strongest reason first."""

    probability: float
    reasons: tuple[Reason, ...]


def weigh(said: Spoken, matter: Spoken, common: Iterable[str] = ()) -> Weighed:
    """How likely `said` belongs to `matter`. `common`: words that say nothing at this site, because everybody uses them."""
    found = list(_reasons(said, matter, frozenset(common)))
    reasons = [Reason(word, WEIGHTS[word] * amount, shown) for word, amount, shown in found]
    odds = WEIGHTS["base"] + sum(reason.weight for reason in reasons)
    ordered = sorted(reasons, key=lambda reason: (-reason.weight, reason.word))
    return Weighed(1 / (1 + math.exp(-odds)), tuple(ordered))


def stem_of(subject: str) -> str:
    """A subject as it is compared: without `Re:`, `AW:` …, however many, in one case."""
    before, subject = None, subject[:LONGEST_SUBJECT]
    while before != subject:
        before, subject = subject, _PREFIX.sub("", subject, count=1)
    return " ".join(unicodedata.normalize("NFKC", subject).casefold().split())


def likeness(a: str, b: str) -> float:
    """How much two short texts share, 0 to 1: the words that mean something, of the longer one's."""
    one, other = (_content(_tokens(Spoken(text=text)), frozenset()) for text in (a, b))
    return len(one & other) / max(len(one), len(other)) if one and other else 0.0


def features(said: Spoken, matter: Spoken, common: frozenset[str] = frozenset()) -> dict[str, float]:
    """What `weigh` sees, as figures: for whoever fits the weights."""
    return {word: amount for word, amount, _ in _reasons(said, matter, common)}


def _reasons(
    said: Spoken, matter: Spoken, common: frozenset[str]
) -> Iterable[tuple[Word, float, tuple[str, ...]]]:
    mine, theirs = _tokens(said), _tokens(matter)
    yield from _codes(mine, theirs)
    if (stem := stem_of(said.subject)) and stem == stem_of(matter.subject):
        yield "subject", 1.0, (stem[:80],)
    yield from _words(mine, theirs, common)
    if asking := [token for token in mine if token in _ASKING][:3]:
        yield "asking", 1.0, tuple(asking)
    if matter.ours_last:
        yield "waits", 1.0, ()
    gap = said.at - matter.at
    if said.at and matter.at:
        if gap <= SOON:
            yield "soon", 1.0, ()
        elif gap > LATE:
            yield "late", 1.0, ()
    if said.page and said.page == matter.page:
        yield "page", 1.0, (said.page[:80],)
    if said.names:
        yield "named", 1.0, ()


def _tokens(side: Spoken) -> list[str]:
    # One letter may become eighteen.
    text = unicodedata.normalize("NFKC", f"{side.subject} {side.text}"[:MOST_LETTERS])[
        :MOST_LETTERS
    ].casefold()
    return _TOKEN.findall(text)[:MOST_WORDS]


def _codes(mine: Sequence[str], theirs: Sequence[str]) -> Iterable[tuple[Word, float, tuple[str, ...]]]:
    """Numbers of orders, tickets, invoices: four digits or more, perhaps with letters; no years."""
    ours, other = _code_set(mine), _code_set(theirs)
    if shared := sorted(ours & other):
        yield "code", 1.0, tuple(shared[:3])
    elif ours and other:
        yield "other_code", 1.0, tuple(sorted(ours)[:3])


def _code_set(tokens: Sequence[str]) -> frozenset[str]:
    found = (token.replace("-", "").replace("/", "") for token in tokens)
    return frozenset(
        code
        for code in found
        if sum(c.isdigit() for c in code) >= 4 and not (code.isdigit() and 1900 <= int(code[:5]) < 2100)
    )


def _words(
    mine: Sequence[str], theirs: Sequence[str], common: frozenset[str]
) -> Iterable[tuple[Word, float, tuple[str, ...]]]:
    """Likeness: the share of the rarer words of the shorter side that the other has too."""
    ours, other = _content(mine, common), _content(theirs, common)
    if not ours or not other:
        return
    shared = ours & other
    if not shared:
        yield "no_words", 1.0, ()
        return
    likeness = len(shared) / math.sqrt(min(len(ours), 40) * min(len(other), 40))
    yield "words", min(1.0, likeness), tuple(sorted(shared, key=lambda w: (-len(w), w))[:5])


def _content(tokens: Sequence[str], common: frozenset[str]) -> frozenset[str]:
    """Words long enough to mean something (CJK: any), cut to a stem of six letters, so that endings do not matter."""
    return frozenset(
        token[:6]
        for token in tokens
        if token not in common and not token.isdigit() and (len(token) >= 4 or not token.isascii())
    )
