"""Who may do what: one table, one function, deny by default.

Every HTTP route, every frame a page or a tab may send and every topic has a row here; what has none is refused, and a test walks
all of them against everybody. Rows name the least somebody must be:

    public    anybody, without a word of who they are
    visitor   a page whose hello was accepted; for a conversation, its own one
    operator  signed in
    team      signed in and serving the conversation's queue, or an admin
    admin     signed in as an admin

Customers and visitors of the sites are open to all operators (one hub is one business, and one view of the customer is its point);
what is said in a conversation is open to its team.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from hub.wire import Refusal

Need = Literal["public", "visitor", "operator", "team", "admin"]
Kind = Literal["nobody", "visitor", "operator", "admin"]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks. `id` is the operator's or the visitor's."""

    kind: Kind
    id: bytes = b""


NOBODY = Actor(kind="nobody")

ACCESS: Mapping[str, Need] = MappingProxyType(
    {
        # routes
        "GET /": "public",
        "GET /manifest.webmanifest": "public",
        "GET /icons/{name}": "public",
        "GET /console-sw.js": "public",
        "GET /widget.js": "public",
        "GET /assets/{file}": "public",
        "GET /p/{feature}/{file:path}": "public",
        "GET /media/{link}": "public",
        "GET /transcript/{link}": "public",
        "POST /visitor/files": "public",
        "OPTIONS /visitor/files": "public",
        "POST /console/files": "operator",
        "GET /healthz": "public",
        "POST /visitor/poll": "public",
        "POST /api/sign-in": "public",
        "POST /api/sign-out": "operator",
        "GET /api/me": "operator",
        "POST /api/me/choices": "operator",
        "POST /api/me/picture": "operator",
        "DELETE /api/me/picture": "operator",
        "GET /api/suggestions": "operator",
        "POST /api/suggestions": "operator",
        "GET /api/suggestions/pair": "operator",
        "GET /api/webpush": "operator",
        "POST /api/webpush/keep": "operator",
        "POST /api/webpush/end": "operator",
        "POST /api/webpush/quiet": "operator",
        "POST /api/webpush/test": "operator",
        "POST /console/poll": "operator",
        "GET /api/conversations": "operator",
        "GET /api/tags": "operator",  # those of the asker's queues
        "GET /api/sites/{site}/pages": "operator",
        "GET /api/queues": "operator",  # figures, no words
        "GET /api/conversations/{conversation}/find": "team",
        "GET /api/search": "operator",  # the query itself leaves out what other teams were told
        "GET /api/conversations/{conversation}/messages": "team",
        "GET /api/conversations/{conversation}/messages/{seq}/body": "team",
        "GET /api/conversations/{conversation}/messages/{seq}/quoted": "team",
        "POST /api/conversations/{conversation}/messages/{seq}/again": "team",
        "GET /api/conversations/{conversation}/case": "team",
        "GET /api/conversations/{conversation}/ways": "team",
        "GET /api/conversations/{conversation}/sheet": "team",
        "POST /api/conversations/{conversation}/case": "team",  # and of the other's team
        "GET /api/customers/{customer}/timeline": "operator",
        "GET /api/customers/{customer}/panels": "operator",  # beside a conversation: asked of its team in the read
        "POST /api/customers/{customer}/panels/{panel}": "operator",  # likewise
        "GET /api/customers/{customer}/why": "operator",
        "GET /api/decisions": "admin",
        "POST /api/decisions/preview": "operator",  # reads
        "GET /api/customers/{customer}/export": "admin",
        "GET /api/customers/{customer}/erase": "admin",
        "POST /api/customers/{customer}/erase": "admin",
        "GET /api/visits/{visit}": "operator",
        "GET /api/tracking/problems": "operator",
        "GET /api/canned/own": "operator",
        "POST /api/canned/own/import": "operator",
        "GET /api/canned/shared": "operator",
        "POST /api/canned/shared/import": "admin",
        "GET /api/connections": "admin",
        "POST /api/connections/{connection}/again": "admin",
        "GET /api/undelivered": "admin",
        "POST /api/undelivered": "admin",
        "GET /api/identity/rules": "admin",
        "POST /api/identity/rules": "admin",
        "POST /api/identity/rules/try": "admin",
        "POST /api/identity/rules/undo": "admin",
        "GET /api/routing": "admin",
        "POST /api/routing": "admin",
        "POST /api/routing/restore": "admin",
        "POST /api/routing/try": "admin",
        "GET /api/conversations/{conversation}/routing": "team",
        "GET /preview": "admin",
        "GET /api/settings": "admin",
        "GET /api/settings/file": "admin",
        "POST /api/settings/sites/{site}": "admin",
        "POST /api/settings/sites/{site}/undo": "admin",
        "POST /api/settings/sites/{site}/preview": "admin",
        "POST /api/operators/invite": "admin",
        "POST /api/operators/{operator}/link": "admin",
        "GET /api/operators/{operator}/sessions": "admin",
        "POST /api/operators/{operator}/sessions/end": "admin",
        "POST /api/links/look": "public",  # the link's token opens
        "POST /api/links/use": "public",
        "POST /api/password": "operator",
        "GET /api/sessions": "operator",
        "POST /api/sessions/end": "operator",
        "POST /v1/{call}": "public",
        "POST /beacon/v1/batch": "public",
        "GET /sourceConfig": "public",
        "GET /v1/projects/{key}/settings": "public",
        # sockets
        "WS /visitor": "public",
        "WS /console": "operator",
        # frames of a page
        "visitor hello": "public",
        "visitor page": "visitor",
        "visitor beat": "visitor",
        "visitor consent": "visitor",
        "visitor track": "visitor",
        "visitor cart": "visitor",
        "visitor answer": "visitor",
        "visitor followed": "visitor",
        "visitor rate": "visitor",
        "visitor transcript": "visitor",
        "visitor mine": "visitor",
        "visitor forget": "visitor",
        "visitor open": "visitor",
        "visitor say": "visitor",
        "visitor typing": "visitor",
        "visitor cursor": "visitor",
        "visitor reach": "visitor",
        "visitor end": "visitor",
        "visitor identify": "visitor",
        "visitor come_back": "visitor",
        "visitor reset": "visitor",
        "visitor feature": "visitor",
        # frames of a tab
        "console hello": "operator",
        "console beat": "operator",
        "console subscribe": "operator",
        "console unsubscribe": "operator",
        "console reply": "team",
        "console push": "team",
        "console invite": "operator",
        "console take": "team",
        "console seen": "team",
        "console transfer": "team",
        "console untransfer": "operator",  # the action asks whether it was theirs to give
        "console tag": "team",
        "console close": "team",
        "console reopen": "team",
        "console block": "team",
        "console presence": "operator",
        "console idle": "operator",
        "console operator_change": "admin",
        "console operator_active": "admin",
        "console link_drop": "admin",
        "console queue_save": "admin",
        "console queue_archive": "admin",
        "console queue_restore": "admin",
        "console decide": "operator",
        "console canned_save": "operator",
        "console canned_drop": "operator",
        "console shared_save": "admin",
        "console shared_drop": "admin",
        "console watch": "operator",
        "console edit": "operator",
        "console take_back": "operator",
        "console cursor": "team",
        "console typing": "team",
        "console viewing": "team",
        # topics
        "topic queue": "team",
        "topic conversation": "team",
        "topic live": "team",
        "topic eyes": "team",
        "topic customer": "operator",
        "topic visitors": "operator",
        "topic team": "operator",
        "topic queues": "operator",
        "topic operators": "admin",
        "topic health": "operator",
        "topic suggestions": "operator",
        "topic offers": "operator",
        "topic mentions": "operator",  # `mentions:ID` is its operator's alone
        "topic canned": "operator",  # `canned:ID` is its operator's alone
        "topic watching": "operator",  # as `canned:ID`
    }
)


def demand(actor: Actor, what: str, *, serves: bool = False) -> None:
    """Let the actor do `what`, or raise a `Refusal`: not_signed_in, or forbidden.

    `serves`: whether the operator belongs to the team of the queue in question; asked in the same transaction.
    """
    need = ACCESS.get(what)
    if need is None:
        raise Refusal("forbidden", f"{what}: not in the table of who may do what, so nobody may")
    if _enough(actor, need, serves):
        return
    if actor.kind in ("nobody", "visitor") and need != "visitor":
        raise Refusal("not_signed_in", "sign in first")
    raise Refusal("forbidden", f"{what}: needs {_WORDS[need]}")


_WORDS = {
    "public": "nothing",
    "visitor": "an accepted hello",
    "operator": "an operator",
    "team": "an operator of this conversation's team",
    "admin": "an admin",
}


def _enough(actor: Actor, need: Need, serves: bool) -> bool:
    if need == "public":
        return True
    if need == "visitor":
        return actor.kind == "visitor"
    if actor.kind == "admin":
        return True
    return actor.kind == "operator" and (need == "operator" or (need == "team" and serves))
