"""What an address asks of lists: which conversations, and from where on."""

from collections.abc import Mapping
from typing import get_args

from hub.conversations import tags
from hub.conversations.listing import Wanted
from hub.wire import Refusal, hex_id
from hub.wire.common import Outcome, Status

_STATES = get_args(Status)
_LONGEST = 200


def asked(query: Mapping[str, str], operator: bytes) -> tuple[Wanted, tuple[int, bytes] | None]:
    """The filters of `GET /api/conversations` that `operator` asks, and its cursor. Raises `Refusal` bad_request."""
    status = _one_of(query, "status", (*_STATES, "all")) or "closed"
    unanswered = number(query.get("unanswered"), "unanswered")
    wanted = Wanted(
        **{state: status in (state, "all") for state in _STATES},
        queue=_id(query, "queue"),
        operator=_id(query, "operator"),
        site=query.get("site", "")[:_LONGEST] or None,
        channel=query.get("channel", "")[:_LONGEST] or None,
        outcome=_one_of(query, "outcome", get_args(Outcome)),
        rated={"1": True, "0": False}.get(_one_of(query, "rated", ("0", "1")) or ""),
        unanswered=None if unanswered is None else unanswered * 1_000,
        tag=tags.tidy(query["tag"]) if query.get("tag") else None,
        mentioned=operator if _one_of(query, "mentioned", ("1",)) else None,
    )
    return wanted, _cursor(query.get("before"))


def number(text: str | None, name: str) -> int | None:
    """A count in an address. Raises `Refusal` bad_request."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Refusal("bad_request", f"{name}: expected a number, got {text[:40]!r}")
    return int(text)


def _cursor(text: str | None) -> tuple[int, bytes] | None:
    if text is None:
        return None
    at, _, last = text.partition("-")
    return number(at, "before") or 0, hex_id(last)


def _id(query: Mapping[str, str], name: str) -> bytes | None:
    return hex_id(query[name]) if query.get(name) else None


def _one_of(query: Mapping[str, str], name: str, words: tuple[str, ...]) -> str | None:
    text = query.get(name)
    if not text:
        return None
    if text not in words:
        raise Refusal("bad_request", f"{name}: expected one of {', '.join(words)}, got {text[:40]!r}")
    return text
