"""Delivery reports: which of our messages did not arrive, for good or not yet, and why, in a sentence for operators.

Reports for machines (RFC 3464) are read where there are any; otherwise the words of the mail (qmail, old Exchange, Postfix without
its report). Which message it was is only believed of an id with our proof in it, because anybody can write a report.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

from hub_email import headers
from hub_email.automatic import automatic
from hub_email.charsets import decoded
from hub_email.ids import Ids
from hub_email.mail import Mail, Part
from hub_email.phrases import DELAYED, folded

State = Literal["failed", "delayed", "delivered", "read"]

MOST_RECIPIENTS: Final = 20
LOOKED_AT: Final = 200_000
STATUS: Final = ("message/delivery-status", "message/global-delivery-status")
OPENED: Final = ("message/disposition-notification", "message/global-disposition-notification")
RETURNED: Final = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)
CODE: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
REPLY: Final = re.compile(r"\b([45]\d\d)[ \-#]")
MESSAGE_ID: Final = re.compile(
    r"^[> \t]{0,20}message-id:\s{0,5}(<[^<>\n]{3,400}>)", re.IGNORECASE | re.MULTILINE
)

SENTENCES: Final = {
    "1.1": "There is no such mailbox.", "1.2": "There is no such domain.", "1.3": "The address is not valid.",
    "1.6": "The mailbox has moved and left no address.", "1.10": "The domain takes no mail.", "2.0": "The mailbox takes no mail.",
    "2.1": "The mailbox is switched off.", "2.2": "The mailbox is full.", "2.3": "The mail is larger than the mailbox takes.",
    "3.4": "The mail is larger than the server takes.", "4.1": "The server does not answer.", "4.4": "The domain takes no mail.",
    "4.7": "It could not be delivered in time.", "4.6": "Their servers send it in a circle.",
    "7.1": "The server refuses our mail.", "7.26": "The server refuses our mail: our domain does not vouch for it (SPF, DKIM).",
}  # fmt: skip
GROUPS: Final = {
    "1": "The address is wrong.", "2": "The mailbox takes no mail.", "3": "Their server cannot take it.",
    "4": "Their server cannot be reached.", "5": "Their server does not understand ours.", "6": "Their server cannot read it.",
    "7": "The server refuses our mail.",
}  # fmt: skip


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message of ours: `message` is the hub's id of it, `why` a sentence, empty for good news."""

    message: str
    state: State
    recipient: str = ""
    why: str = ""


def reports(mail: Mail, ids: Ids) -> tuple[Report, ...]:
    """What `mail`, a delivery report or a receipt, says about messages of ours. Nothing when it names none."""
    told = [part for part in mail.files if part.type in STATUS or part.type in OPENED]
    if automatic(mail).kind != "bounce" and not told:
        return ()
    message = _message(mail, ids)
    if not message:
        return ()
    if not told:
        return (_in_words(message, mail),)
    found: list[Report] = []
    for part in told:
        found += _recipients(message, part) if part.type in STATUS else _opened(message, part)
    return tuple(found[:MOST_RECIPIENTS])


def _message(mail: Mail, ids: Ids) -> str:
    """The message it is about: by the returned header, else by what the report follows, else by the words."""
    for part in mail.files:
        if part.type in RETURNED:
            fields = headers.fields(headers.split(part.body)[0])
            proved = ids.proved(value for name, value in fields if name == "message-id")
            if proved:
                return proved[0]
        if part.type in OPENED or part.type in STATUS:
            proved = ids.proved(block.get("original-message-id", "") for block in _blocks(part))
            if proved:
                return proved[0]
    text = mail.text[:LOOKED_AT]
    named = ids.proved(MESSAGE_ID.findall(text))
    followed = ids.proved((*mail.in_reply_to, *reversed(mail.references)))
    return next(iter((*named, *followed, *ids.proved([text]))), "")


def _blocks(part: Part) -> list[dict[str, str]]:
    """The groups of fields of a report: about the message, then one for each recipient."""
    text = part.body[:LOOKED_AT].replace(b"\r\n", b"\n").strip(b"\n")
    groups = [
        dict(reversed(headers.fields(block)))
        for block in re.split(rb"\n[ \t]*\n", text)[: MOST_RECIPIENTS + 1]
    ]
    return groups or [{}]


def _recipients(message: str, part: Part) -> list[Report]:
    found = []
    for fields in _blocks(part):
        action = fields.get("action", "").split("(")[0].strip().lower()
        recipient = (
            (fields.get("original-recipient") or fields.get("final-recipient", "")).rpartition(";")[2].strip()
        )
        code, said = fields.get("status", ""), fields.get("diagnostic-code", "")
        if action in ("failed", "delayed"):
            state: State = "failed" if action == "failed" else "delayed"
            found.append(
                Report(message=message, state=state, recipient=recipient[:320], why=sentence(code, said))
            )
        elif action == "delivered":
            found.append(Report(message=message, state="delivered", recipient=recipient[:320]))
    return found


def _opened(message: str, part: Part) -> list[Report]:
    said = next((block["disposition"] for block in _blocks(part) if "disposition" in block), "").lower()
    return [Report(message=message, state="read")] if "displayed" in said else []


def _in_words(message: str, mail: Mail) -> Report:
    """A report without a part for machines: its codes and its words."""
    text = mail.text[:20_000]
    words = folded(f"{mail.subject[:500]}\n{text[:2_000]}")
    lines = [line.strip() for line in text.split("\n")]
    telling = next((line for line in lines if CODE.search(line[:500]) or REPLY.search(line[:500])), "")
    code = CODE.search(telling)
    delayed = any(phrase in words for phrase in DELAYED) if code is None else code[1] == "4"
    return Report(
        message=message,
        state="delayed" if delayed else "failed",
        recipient=(mail.first("x-failed-recipients") or _named(lines))[:320],
        why=sentence(code[0] if code is not None else "", telling),
    )


def _named(lines: list[str]) -> str:
    """qmail and Exim write the address on a line of its own."""
    for line in lines[:200]:
        bare = line[:330].strip("<>: ")
        if bare.count("@") == 1 and " " not in bare:
            return bare
    return ""


def sentence(code: str, said: str) -> str:
    """Why, for an operator: what the code means, and what the other server said."""
    found = CODE.search(code) or CODE.search(said[:500])
    meaning = ""
    if found is not None:
        meaning = SENTENCES.get(f"{found[2]}.{found[3]}") or GROUPS.get(found[2], "")
    words = " ".join(decoded(said.encode("utf-8", "replace")).partition("smtp;")[2].split() or said.split())[
        :300
    ]
    meaning = meaning or "The mail did not arrive."
    return f"{meaning} Their server said: {words}" if words else meaning
