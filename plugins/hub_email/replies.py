"""What is new in a reply, and what it repeats: cut at the line where the mail program began to quote.

By lines, with tables of words (`phrases`) instead of long patterns: libraries for this need minutes for lines made to hurt them. The
rule is shy, because a word of the customer that goes missing is worse than one of ours that is shown twice: what is cut stays
readable beside the message, answers written between quoted lines keep the lines they answer, and what is forwarded is never cut.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from hub_email.phrases import (
    FORWARDED,
    FORWARDED_SUBJECTS,
    FROM,
    OPENERS,
    ORIGINAL,
    OTHERS,
    SENT_FROM,
    VERBS,
    folded,
)

MOST_LINES: Final = 2_000
"""Lines among which the beginning of a quote is looked for; nobody writes more above one."""
LONGEST_LINE: Final = 300
"""Characters of a line that are looked at for the words of mail programs."""
WRAPPED: Final = 4
"""Lines over which the line above a quote may be broken."""

ROW: Final = re.compile(r"[\s*>]*(?:[-_=*—–]\s?){2,80}")
MOMENT: Final = re.compile(
    r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d年\d|[^\s@]@[^\s@]"
)
DATE_FIRST: Final = re.compile(
    r"(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
)
INVISIBLE: Final = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
LABELS: Final = FROM | OTHERS
OPENINGS: Final = (*(f"{opener} " for opener in OPENERS), "在", "于", "於", "ב", "في")
ENDS: Final = (".", "!", "?", ":", "。", "！", "？", "：")
UNDERSCORES: Final = re.compile(r"\s*[_-]{20,}\s*")


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """`said` is new; `quoted` what it repeats, with the line above it; `signature` what stands below a person's words."""

    said: str
    quoted: str = ""
    signature: str = ""


def split(text: str, subject: str = "") -> Reply:
    """Cuts a mail's text. With nothing new in it, all of it is `said`; so is all of a forwarded mail."""
    lines = text.split("\n")
    if folded(subject.strip()).startswith(FORWARDED_SUBJECTS):
        return Reply(said=text.strip())
    looked = [_bare(line) for line in lines]
    cut = _cut(lines, looked)
    own, quoted = lines[:cut], lines[cut:]
    below = _below(quoted, looked[cut:])
    if below is None:  # answers between the lines: what they answer stays with them
        own, quoted = lines, []
        end = _trailing_quote(lines)
        own, quoted = lines[:end], lines[end:]
    elif below:
        own, quoted = [*own, *quoted[below:]], quoted[:below]
    own, signature = _signature(own)
    said = "\n".join(own).strip()
    if not said:
        return Reply(said=text.strip())
    return Reply(said=said, quoted="\n".join(quoted).strip(), signature="\n".join(signature).strip())


def _bare(line: str) -> str:
    start = " ".join(line[:LONGEST_LINE].split())
    if not start.isascii():
        start = INVISIBLE.sub("", start).strip()
    return folded(start) if start else start


def _cut(lines: list[str], looked: list[str]) -> int:
    """The number of the line where the quote begins; the number of lines when there is none."""
    for at, line in enumerate(looked[:MOST_LINES]):
        if not line:
            continue
        if _is_forward(line):
            return len(lines)
        if _is_separator(line) or _is_header(looked, at) or _is_attribution(looked, at):
            return _before_row(looked, at)
        if line.startswith(">") and not _is_inline(looked, at):
            return at
    return len(lines)


def _is_forward(line: str) -> bool:
    inner = line.strip("-—–=_*>: ")
    return inner.startswith(FORWARDED) and len(inner) < 80 and (inner != line or line.endswith(":"))


def _is_separator(line: str) -> bool:
    """-----Original Message-----"""
    inner = line.strip("-—–=_*># ")
    return (
        len(line) - len(inner) >= 4
        and ROW.match(line) is not None
        and inner.strip().startswith(ORIGINAL)
        and len(inner) < 60
    )


def _is_header(looked: list[str], at: int) -> bool:
    """From:, Sent:, To:, Subject: and their like, in any order; with an address among them, or all four and a time."""
    if _label(looked[at]) not in LABELS:
        return False
    block = [line for line in looked[at : at + 9] if line][:6]
    labels = {label for line in block if (label := _label(line)) in LABELS}
    if not labels & FROM or len(labels) < 3:
        return False
    whole = " ".join(block)
    return "@" in whole or (len(labels) >= 4 and MOMENT.search(whole) is not None)


def _label(line: str) -> str:
    """What stands before the first colon."""
    start = line[:60].replace("：", ":")
    return start.partition(":")[0].strip(" \t>*_\xa0") if ":" in start else ""


def _is_attribution(looked: list[str], at: int) -> bool:
    """On Monday, 23 November 2026 at 10:15, Ann Berg <ann@shop.example> wrote:"""
    joined = ""
    for n in range(at, min(at + WRAPPED, len(looked))):
        if not looked[n]:
            return False
        joined = f"{joined} {looked[n].lstrip('> ')}".strip()
        if len(joined) > 3 * LONGEST_LINE:
            return False
        if _ends_attribution(joined) and MOMENT.search(joined) is not None:
            return _speaks(joined, quoted=_quotes_next(looked, n + 1))
    return False


def _ends_attribution(line: str) -> bool:
    return line.rstrip("*_ ").endswith((":", "：", "----", "写道", "寫道"))


def _speaks(joined: str, *, quoted: bool) -> bool:
    """Whether a line that ends as it should is one: by its verb, or by a date before an address."""
    verb = any(verb in joined for verb in VERBS)
    dated = DATE_FIRST.match(joined) is not None and ("@" in joined or quoted)
    if quoted:
        return verb or dated
    opens = joined.startswith(OPENINGS)
    return dated or (verb and (opens or "@" in joined or joined[0].isdigit()))


def _quotes_next(looked: list[str], at: int) -> bool:
    following = next((line for line in looked[at : at + 4] if line), "")
    return following.startswith((">", "|"))


def _before_row(looked: list[str], at: int) -> int:
    """With the row of underscores that Outlook draws above."""
    above = at - 1
    while above >= 0 and not looked[above]:
        above -= 1
    return above if above >= 0 and UNDERSCORES.fullmatch(looked[above]) is not None else at


def _is_inline(looked: list[str], at: int) -> bool:
    """A quoted line without a word above it, and something written after it."""
    return any(line and not line.startswith(">") for line in looked[at + 1 :])


def _below(quoted: list[str], looked: list[str]) -> int | None:
    """Where an answer below the quote begins (0: there is none); None when answers stand between quoted lines."""
    marked = [at for at, line in enumerate(looked) if line.startswith(">")]
    if not marked:
        return 0  # the kind of quote that has no marks: all that follows is older
    written = [at for at in range(marked[0], len(looked)) if looked[at] and not looked[at].startswith(">")]
    written = [at for at in written if not _continues_quote(looked, at)]
    if not written or all(_is_tail(looked, at) for at in written):
        return 0
    if any(mark > written[0] for mark in marked):
        return None
    return written[0]


def _continues_quote(looked: list[str], at: int) -> bool:
    """The rest of a quoted line that a program has broken without marking it: a long line before, in the middle of a sentence."""
    if not 0 < at < len(looked) - 1:
        return False
    before, after = looked[at - 1], looked[at + 1]
    return before.startswith(">") and after.startswith(">") and len(before) > 60 and not before.endswith(ENDS)


def _is_tail(looked: list[str], at: int) -> bool:
    """What programs leave below a quote: a signature, or their own name."""
    return looked[at].startswith(SENT_FROM) or any(
        line.rstrip() == "--" for line in looked[max(at - 15, 0) : at + 1]
    )


def _trailing_quote(lines: list[str]) -> int:
    """Where the quoted lines begin that nobody has answered."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    return end


def _signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """(what was said, what stands below it): after a line of `--`, and the line telephones add."""
    cut = next(
        (at for at, line in enumerate(lines) if at and line.rstrip() in ("--", "— ", "-- ")), len(lines)
    )
    if not any(line.strip() for line in lines[:cut]):
        cut = len(lines)
    last = cut
    while last and not lines[last - 1].strip():
        last -= 1
    for _ in range(2):
        at = last - 1
        if at > 0 and len(lines[at]) < 120 and _bare(lines[at]).lstrip("-—_*<[( ").startswith(SENT_FROM):
            last = at
            while last and not lines[last - 1].strip():
                last -= 1
    return lines[:last], lines[last:]
