"""From is a claim. How far it can be believed is what the receiving server found out, and nothing else in the mail.

The owner names his server's id (`authserv_ids`); only the topmost Authentication-Results field (RFC 8601) with that id counts, because
each server adds its fields on top and whatever lies below may have been written by the sender. The server has to remove or outdo such
fields that strangers bring along (RFC 8601 §5; the big ones do), else nothing may be configured. A field with any doubt in its form
proves nothing, nor does a mail in which two programs could see two different senders.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import msgspec

import hub
from hub_email.addresses import host_of
from hub_email.mail import Address, Mail

LONGEST: Final = 16_384
METHOD: Final = re.compile(r"[a-z][a-z0-9-]{0,30}(?:/[0-9]{1,3})?")
HOST: Final = re.compile(r"(?:[a-z0-9_-]{1,63}\.){1,20}[a-z0-9-]{2,63}")
UNSURE: Final = ("fail", "temperror", "permerror", "policy", "softfail", "quarantine", "reject")


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """`level`: OBSERVED when the receiving server vouches for the sender, else ASSERTED; `why` in a sentence for operators."""

    level: hub.Level = hub.Level.ASSERTED
    why: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One method's result: `dkim=pass header.d=shop.example`."""

    method: str
    result: str
    properties: dict[str, str]


def proof(mail: Mail, authserv_ids: Collection[str]) -> Proof:
    """How far the From line of `mail` is proved; `authserv_ids` are what the owner's servers call themselves."""
    sender = only_sender(mail)
    if sender is None:
        return Proof(why="The From line is not one plain address.")
    if mail.reply_to and {address.normal for address in mail.reply_to} != {sender.normal}:
        return Proof(why="Answers are to go to another address than the sender's.")
    trusted = {name.lower() for name in authserv_ids}
    if not trusted:
        return Proof(why="No receiving server is configured to be believed.")
    for value in mail.all("authentication-results"):
        parsed = results(value)
        if parsed is not None and parsed[0] in trusted:
            return _judged(parsed[1], sender.domain)
        if parsed is None and _named(value) in trusted:
            return Proof(why="The receiving server's result cannot be read.")
    return Proof(why="The receiving server says nothing about the sender.")


def only_sender(mail: Mail) -> Address | None:
    """The sender, when all programs must agree who it is: one From field, one sound address in it, no group, nothing odd around."""
    values = mail.all("from")
    if len(values) != 1 or len(mail.senders) != 1 or not mail.senders[0].sound:
        return None
    bare = _bare(values[0])
    odd = bare is None or bare.count("@") != 1 or bare.count("<") > 1 or set(bare) & set(",;:")
    return None if odd else mail.senders[0]


def results(value: str) -> tuple[str, list[Result]] | None:
    """(authserv-id, results) of an Authentication-Results field; None when its form leaves any doubt."""
    if len(value) > LONGEST or not value.isascii() or (bare := _bare(value, keep_quotes=True)) is None:
        return None
    head, *rest = _cut(bare)
    words = head.split()
    if not 1 <= len(words) <= 2 or "=" in head:
        return None
    found = []
    for item in rest:
        if item.strip().lower() in ("", "none"):
            continue
        result = _result(item)
        if result is None:
            return None
        found.append(result)
    return words[0].lower(), found


def _judged(found: list[Result], domain: str) -> Proof:
    """DMARC where there is a result; else a signature or an envelope of the very same domain."""
    dmarc = [result for result in found if result.method == "dmarc"]
    if any(result.result in UNSURE for result in dmarc):
        return Proof(why=f"The receiving server says that {domain} does not vouch for this mail (DMARC).")
    if dmarc and all(
        r.result == "pass" and _host(r.properties.get("header.from", "")) == domain for r in dmarc
    ):
        return Proof(level=hub.Level.OBSERVED, why=f"{domain} vouches for this mail (DMARC).")
    for result in found:
        if result.result == "pass" and _aligned(result, domain):
            name = {"dkim": "DKIM", "spf": "SPF"}[result.method]
            return Proof(level=hub.Level.OBSERVED, why=f"{domain} vouches for this mail ({name}).")
    return Proof(why=f"The receiving server has no proof that {domain} sent this.")


def _aligned(result: Result, domain: str) -> bool:
    """The very domain, or for a signature one above it. One below it may be somebody else's."""
    said = result.properties
    if result.method == "dkim":
        signer = _host(said.get("header.d", "") or said.get("header.i", "").rpartition("@")[2])
        return bool(signer) and (domain == signer or domain.endswith(f".{signer}"))
    return result.method == "spf" and _host(said.get("smtp.mailfrom", "").rpartition("@")[2]) == domain


def _host(text: str) -> str:
    host = host_of(text.rpartition("@")[2])
    return host if HOST.fullmatch(host) is not None else ""


def _result(item: str) -> Result | None:
    """`method=result` and its properties; None when a part has no `=` or a name comes twice."""
    words = _words(item)
    if not words or any("=" not in word for word in words):
        return None
    method, _, result = words[0].partition("=")
    if METHOD.fullmatch(method.lower()) is None or not result.isalpha():
        return None
    properties: dict[str, str] = {}
    for word in words[1:]:
        name, _, value = word.partition("=")
        if properties.setdefault(name.lower(), value) != value:
            return None
    return Result(method=method.lower().partition("/")[0], result=result.lower(), properties=properties)


def _words(item: str) -> list[str]:
    """At spaces outside of quotes; spaces around `=` belong to it. The quotes themselves go."""
    words: list[str] = []
    word, quoted = "", False
    for char in item:
        if char == '"':
            quoted = not quoted
        elif char.isspace() and not quoted:
            if word and not word.endswith("="):
                words.append(word)
                word = ""
        elif char == "=" and not quoted and not word and words:
            word = words.pop() + "="
        else:
            word += char
    return [*words, word] if word else words


def _cut(text: str) -> list[str]:
    pieces, start, quoted = [], 0, False
    for at, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


def _named(value: str) -> str:
    return value[:300].strip().partition(";")[0].split(" ")[0].lower()


def _bare(text: str, *, keep_quotes: bool = False) -> str | None:
    """Without comments, and without quoted strings unless they are kept; None when one of them never ends."""
    kept: list[str] = []
    quoted, depth, escaped = False, 0, False
    for char in text:
        if escaped:
            escaped = False
            if quoted and keep_quotes:
                return None  # an escape inside a result is no honest server's
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
            kept += [char] if keep_quotes else []
        elif char in "()" and not quoted:
            depth += 1 if char == "(" else -1
            if depth < 0:
                return None
            kept.append(" ")
        elif not depth and (keep_quotes or not quoted):
            kept.append(char)
    return None if quoted or depth or escaped else "".join(kept)
