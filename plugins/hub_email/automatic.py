"""Was this written by a person? The marks of RFC 3834, and those that programs used before and beside it.

A wrong *no* makes two machines write to each other; a wrong *yes* only means that nobody is alarmed and nothing is answered by itself:
the mail is shown all the same. So any mark is enough.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

from hub_email.mail import Mail
from hub_email.phrases import AWAY, UNDELIVERED, folded

DAEMONS: Final = frozenset(
    ["mailer-daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mailsystem", "mdaemon", "mta-daemon"]
)
NOBODY: Final = re.compile(
    r"(?:no|not|do-?not|please-?do-?not|ne-?pas|nicht)[-_.]?(?:reply|respond|repondre|antworten)|bounces?|notifications?|newsletter"
)
LISTS: Final = (
    "list-id",
    "list-post",
    "list-unsubscribe",
    "list-help",
    "list-subscribe",
    "list-owner",
    "mailing-list",
    "feedback-id",
)
REPLY_MARKS: Final = (
    "x-autoreply", "x-autorespond", "x-auto-respond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply", "x-vacation",
    "x-away-message", "x-ms-exchange-inbox-rules-loop", "x-amazon-auto-reply",
)  # fmt: skip
SUPPRESSED: Final = frozenset(("all", "oof", "autoreply"))
LONGEST_START: Final = 120


class Automatic(msgspec.Struct, frozen=True, kw_only=True):
    """`kind` as in `hub.IncomingMessage.automatic`; `why` names the mark."""

    kind: Literal["", "reply", "bulk", "bounce"] = ""
    why: str = ""


def automatic(mail: Mail) -> Automatic:
    """What kind of machine wrote `mail`, or an empty kind for a person's."""
    for rule in (_report, _daemon, _submitted, _own_marks, _bulk, _null_sender, _subject, _nobody):
        found = rule(mail)
        if found is not None:
            return found
    return Automatic()


def _report(mail: Mail) -> Automatic | None:
    if mail.structure == "message/delivery-status":
        return Automatic(kind="bounce", why="a delivery report")
    if mail.structure != "multipart/report":
        return None
    match mail.report_type:
        case "disposition-notification":
            return Automatic(kind="reply", why="a receipt that the mail was opened")
        case "feedback-report":
            return Automatic(kind="bulk", why="a complaint forwarded by a provider")
        case "tlsrpt" | "dmarc":
            return Automatic(kind="bulk", why="a report about mail transport")
    return Automatic(kind="bounce", why="a delivery report")


def _daemon(mail: Mail) -> Automatic | None:
    """Reports of old servers, in words only. A postmaster may be a person; a mailer daemon is none."""
    failed = mail.first("x-failed-recipients") or any(
        folded(mail.subject[:LONGEST_START]).startswith(start) for start in UNDELIVERED
    )
    for address in _from(mail):
        if address in DAEMONS or (address == "postmaster" and (failed or _has_null_sender(mail))):
            return Automatic(kind="bounce", why=f"written by {address}")
    if failed and (_has_null_sender(mail) or mail.first("x-failed-recipients")):
        return Automatic(kind="bounce", why="a delivery report")
    return None


def _submitted(mail: Mail) -> Automatic | None:
    """Auto-Submitted (RFC 3834 §5): whatever is not `no`."""
    said = mail.first("auto-submitted").partition(";")[0].split("(")[0].strip().lower()
    if said in ("", "no"):
        return None
    return Automatic(
        kind="reply" if said.startswith("auto-replied") else "bulk", why=f"Auto-Submitted: {said[:40]}"
    )


def _own_marks(mail: Mail) -> Automatic | None:
    for name in REPLY_MARKS:
        if mail.first(name).strip().lower() not in ("", "no", "false", "0"):
            return Automatic(kind="reply", why=name.title())
    precedence = mail.first("precedence").strip().lower()
    if precedence in ("auto_reply", "auto-reply", "autoreply"):
        return Automatic(kind="reply", why=f"Precedence: {precedence}")
    suppress = {word.strip().lower() for word in mail.first("x-auto-response-suppress").split(",")}
    if suppress & SUPPRESSED:
        return Automatic(kind="reply" if _says_away(mail) else "bulk", why="X-Auto-Response-Suppress")
    return None


def _bulk(mail: Mail) -> Automatic | None:
    precedence = mail.first("precedence").strip().lower()
    if precedence in ("bulk", "junk", "list"):
        return Automatic(kind="reply" if _says_away(mail) else "bulk", why=f"Precedence: {precedence}")
    for name in LISTS:
        if mail.first(name):
            return Automatic(kind="bulk", why=name.title())
    return None


def _null_sender(mail: Mail) -> Automatic | None:
    return Automatic(kind="reply", why="no return path") if _has_null_sender(mail) else None


def _subject(mail: Mail) -> Automatic | None:
    return Automatic(kind="reply", why="an out-of-office subject") if _says_away(mail) else None


def _nobody(mail: Mail) -> Automatic | None:
    for local in _from(mail):
        if NOBODY.fullmatch(local[:64]) is not None:
            return Automatic(kind="bulk", why=f"written by {local[:64]}")
    return None


def _from(mail: Mail) -> list[str]:
    """The local parts of the senders; a daemon may have no domain."""
    locals_ = [address.normal.rpartition("@")[0] for address in mail.senders]
    if not locals_:
        bare = mail.first("from")[:200].split("(")[0].strip(' "<>').lower()
        locals_ = [bare] if bare else []
    return locals_


def _has_null_sender(mail: Mail) -> bool:
    return any(value.replace(" ", "") == "<>" for value in mail.all("return-path")[:1])


def _says_away(mail: Mail) -> bool:
    start = folded(mail.subject[:LONGEST_START]).lstrip(" [(*-")
    return any(start.startswith(phrase) for phrase in AWAY)
