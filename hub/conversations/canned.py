"""Canned replies: texts to be said again, everybody's or one operator's own.

A reply is found by its shortcut, which is unique among its owner's whatever its case. Its text may leave places open for what the
console knows when the reply is used: `{{customer.first_name}}`, or `{{customer.first_name|there}}` with words for when nothing is known.
A variable that does not exist is refused when the reply is saved; one that stayed open is refused when it is said (`demand_filled`).
"""

import re
import unicodedata
from typing import Any, get_args

import msgspec

from hub.store import Read, Tx
from hub.wire import Refusal, id_hex, millis
from hub.wire.console import CannedReply, Variable

MOST = 500
"""Replies that everybody, or one operator, may have."""
LONGEST_SHORTCUT, LONGEST_TITLE, LONGEST_TEXT = 32, 100, 8_000
VARIABLES: tuple[str, ...] = get_args(Variable)
LIST = ", ".join("{{" + name + "}}" for name in VARIABLES)

_OPEN = re.compile(r"\{\{([^{}]*)\}\}")
_UNFILLED = re.compile(r"\{\{\s*(?:" + "|".join(map(re.escape, VARIABLES)) + r")\s*(?:\|[^{}]*)?\}\}")

_REPLY = "c.id, c.shortcut, c.title, c.text, c.owner, c.queue, c.updated_at, o.name"
_FROM = "FROM canned_reply c LEFT JOIN operator o ON o.id = c.updated_by"
SQL_ALL = f"SELECT {_REPLY} {_FROM} WHERE c.owner IS :owner ORDER BY c.folded"
SQL_ONE = f"SELECT {_REPLY} {_FROM} WHERE c.id = :id"
SQL_COUNT = "SELECT count(*) FROM canned_reply WHERE owner IS :owner"
SQL_NAMED = "SELECT id FROM canned_reply WHERE owner IS :owner AND folded = :folded"
SQL_SAVE = """
INSERT INTO canned_reply (id, owner, shortcut, folded, title, text, queue, updated_at, updated_by)
VALUES (:id, :owner, :shortcut, :folded, :title, :text, :queue, :now, :by)
ON CONFLICT (id) DO UPDATE SET shortcut = excluded.shortcut, folded = excluded.folded, title = excluded.title, text = excluded.text,
queue = excluded.queue, updated_at = excluded.updated_at, updated_by = excluded.updated_by"""
SQL_DROP = "DELETE FROM canned_reply WHERE id = :id AND owner IS :owner"
SQL_IS_QUEUE = "SELECT 1 FROM queue WHERE id = :queue"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to keep. `queue` None: for conversations of every queue."""

    shortcut: str
    text: str
    title: str = ""
    queue: bytes | None = None


def tidy(draft: Draft) -> Draft:
    """The same without what nobody sees: spaces around it, and two spellings of one letter."""
    shortcut = unicodedata.normalize("NFC", draft.shortcut.strip().removeprefix("/"))
    return msgspec.structs.replace(
        draft, shortcut=shortcut, title=draft.title.strip(), text=draft.text.replace("\r\n", "\n").strip()
    )


def fold(shortcut: str) -> str:
    """A shortcut as it is compared."""
    return unicodedata.normalize("NFC", shortcut.casefold())


def problems(draft: Draft) -> dict[str, str]:
    """Everything that is wrong with a (tidy) draft: field → sentence."""
    found = {
        "shortcut": _about_shortcut(draft.shortcut),
        "title": _about_title(draft.title),
        "text": _about_text(draft.text),
    }
    return {field: words for field, words in found.items() if words}


def _about_shortcut(shortcut: str) -> str:
    if not 1 <= len(shortcut) <= LONGEST_SHORTCUT:
        return f"expected 1 to {LONGEST_SHORTCUT} characters, got {len(shortcut)}"
    if any(c.isspace() or c == "/" or unicodedata.category(c).startswith(("C", "Z")) for c in shortcut):
        return f"expected one word without spaces or slashes, got {shortcut!r}"
    return ""


def _about_title(title: str) -> str:
    if len(title) > LONGEST_TITLE:
        return f"expected at most {LONGEST_TITLE} characters, got {len(title)}"
    if any(unicodedata.category(c) == "Cc" for c in title):
        return "expected one line"
    return ""


def _about_text(text: str) -> str:
    if not 1 <= len(text) <= LONGEST_TEXT:
        return f"expected 1 to {LONGEST_TEXT:,} characters, got {len(text):,}"
    unknown = [name for name in _named(text) if name not in VARIABLES]
    if unknown:
        return f"there is no variable {' or '.join(map(repr, unknown))}; there are {LIST}"
    if "{{" in (rest := _OPEN.sub("", text)) or "}}" in rest:
        return "expected {{ and }} around the name of a variable, with |words for when it is not known; one of them stands alone"
    return ""


def _named(text: str) -> list[str]:
    return list(dict.fromkeys(inside.partition("|")[0].strip() for inside in _OPEN.findall(text)))


def demand_filled(text: str) -> None:
    """Let words to a customer pass, or raise `Refusal` bad_request: a variable of a canned reply stands in them yet."""
    found = _UNFILLED.search(text)
    if found:
        raise Refusal(
            "bad_request",
            f"text: {found[0]} is still open; write what should stand there",
            fields={"text": found[0]},
        )


def by_itself(text: str) -> str | None:
    """A reply as it may go out with nobody looking: every variable gives way to its words for when it is not known.

    What strangers call themselves has no place in what we say by ourselves. None where a variable has no such words.
    """
    inside = [one.partition("|") for one in _OPEN.findall(text)]
    if any(not bar for _, bar, _ in inside):
        return None
    return _OPEN.sub(lambda found: found[1].partition("|")[2].strip(), text).strip() or None


def of(read: Read, owner: bytes | None) -> list[CannedReply]:
    """The replies of an operator, or with None those of everybody, by shortcut."""
    return [_reply(row) for row in read.all(SQL_ALL, {"owner": owner})]


def one(read: Read, reply: bytes) -> CannedReply | None:
    """A reply as it is now."""
    row = read.one(SQL_ONE, {"id": reply})
    return _reply(row) if row else None


def named(read: Read, owner: bytes | None, shortcut: str) -> bytes | None:
    """The reply with this shortcut among its owner's."""
    row = read.one(SQL_NAMED, {"owner": owner, "folded": fold(shortcut)})
    return row[0] if row else None


def count(read: Read, owner: bytes | None) -> int:
    """How many replies an operator, or with None everybody, has."""
    row = read.one(SQL_COUNT, {"owner": owner})
    assert row is not None
    found: int = row[0]
    return found


def save(tx: Tx, owner: bytes | None, reply: bytes, draft: Draft, author: bytes) -> CannedReply:
    """Keep a reply, new or changed. Refusals: bad_request (with every field that is wrong), not_found (it is another's, or its
    queue is gone), taken (the shortcut), at_limit."""
    draft = tidy(draft)
    if wrong := problems(draft):
        words = "; ".join(f"{field}: {sentence}" for field, sentence in wrong.items())
        raise Refusal("bad_request", words, fields=wrong)
    before = one(tx, reply)
    if before is not None and before.owner != (id_hex(owner) if owner else None):
        raise Refusal("not_found", "canned reply: this one is not among those you change")
    if draft.queue is not None and not tx.one(SQL_IS_QUEUE, {"queue": draft.queue}):
        raise Refusal(
            "not_found", "canned reply: there is no such queue", fields={"queue": "there is no such queue"}
        )
    if named(tx, owner, draft.shortcut) not in (None, reply):
        said = f"there is a reply /{draft.shortcut} already; choose another shortcut"
        raise Refusal("taken", said, fields={"shortcut": said})
    if before is None and count(tx, owner) >= MOST:
        raise Refusal("at_limit", f"there are {MOST} replies already, and no more fit; delete one first")
    row = {"id": reply, "owner": owner, **msgspec.structs.asdict(draft), "folded": fold(draft.shortcut)}
    tx.run(SQL_SAVE, {**row, "now": tx.now, "by": author})
    kept = one(tx, reply)
    assert kept is not None, "a reply that was saved exists"
    return kept


def drop(tx: Tx, owner: bytes | None, reply: bytes) -> bool:
    """Delete a reply of this owner; False when there is none."""
    return tx.run(SQL_DROP, {"id": reply, "owner": owner}) > 0


def _reply(row: tuple[Any, ...]) -> CannedReply:
    return CannedReply(
        id=id_hex(row[0]),
        shortcut=row[1],
        title=row[2],
        text=row[3],
        owner=id_hex(row[4]) if row[4] else None,
        queue=id_hex(row[5]) if row[5] else None,
        at=millis(row[6]),
        by=row[7] or "",
    )
