"""What stands beside a customer's record and is asked anew each time: panels of plugins with their buttons, and carts.

Whatever a plugin answers has been checked by the runner; here it is only carried. A panel beside a conversation is its team's.
"""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import identity
from hub.access import Actor
from hub.actions import guard
from hub.contract import KnownIdentifier, Rejected, Subject
from hub.conversations import thread
from hub.runners.panels import Shown
from hub.store import Read
from hub.visits import events
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.wire import Refusal, hex_id, millis
from hub.wire.common import CartLine
from hub.wire.console import CartNow, PanelAnswer, PanelButton, PanelLine, PanelPage, PanelView

_IS_VISITOR = re.compile("[0-9a-f]{32}")
BESIDE = "console viewing"
"""The row that is asked for a panel beside a conversation: those of the routes let every operator see a customer's record."""


class _Pressed(msgspec.Struct, forbid_unknown_fields=True):
    action: str
    conversation: str | None = None


def routes(route: Router, hall: Hall) -> list[Route]:
    """Panels, for the sitemap; `route` asks the policy first."""

    async def shown(request: Request, asks: Asks) -> Response:
        talk = request.query_params.get("conversation")
        subject = await _subject(hall, asks.actor, request.path_params["customer"], talk)
        carts = await hall.store.read(carts_of, subject)
        return Json(PanelPage(panels=await _views(hall, subject), carts=carts))

    async def pressed(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, _Pressed)
        subject = await _subject(hall, asks.actor, request.path_params["customer"], asked.conversation)
        name = request.path_params["panel"]
        panel = hall.features.panel(name)
        if panel is None:
            raise Refusal("not_found", f"no panel {name[:40]!r}; the plugin may have been switched off")
        try:
            message = await panel.act(asked.action, subject)
        except Rejected as error:
            raise Refusal("declined", error.why) from None
        return Json(PanelAnswer(message=message, panels=await _views(hall, subject)))

    return [
        route("GET", "/api/customers/{customer}/panels", shown),
        route("POST", "/api/customers/{customer}/panels/{panel}", pressed),
    ]


async def _subject(hall: Hall, actor: Actor, customer: str, conversation: str | None) -> Subject:
    talk = hex_id(conversation) if conversation else None
    return await hall.store.read(subject_of, actor, hex_id(customer), talk)


def subject_of(read: Read, actor: Actor, anchor: bytes, conversation: bytes | None) -> Subject:
    """What a plugin is told of a customer. Refusals: not_found, also for a conversation with somebody else; forbidden."""
    try:
        record = identity.record(read, identity.resolve(read, anchor))
    except identity.UnknownAnchor:
        raise Refusal("not_found", f"no customer {anchor.hex()}") from None
    site = ""
    if conversation is not None:
        guard.may_see(read, actor, BESIDE, conversation)
        talk = thread.get(read, conversation)
        if identity.resolve(read, talk.anchor) != record.customer:
            raise Refusal("not_found", "this conversation is with another customer; open the record anew")
        site = talk.site
    return Subject(
        customer=record.customer.hex(),
        name=record.name,
        level=record.level,
        identifiers=tuple(
            KnownIdentifier(kind=it.kind, value=it.value, level=it.level, joins=it.status == "links")
            for it in record.identifiers
        ),
        conversation=conversation.hex() if conversation else None,
        site=site,
    )


def carts_of(read: Read, subject: Subject) -> list[CartNow]:
    """What lies in the carts of this customer's browsers, the fullest first."""
    devices = [
        it.value for it in subject.identifiers if it.kind == "device" and _IS_VISITOR.fullmatch(it.value)
    ]
    found = [(device, events.cart_of(read, bytes.fromhex(device))) for device in devices]
    carts = [
        CartNow(
            visitor=device,
            at=millis(cart.at),
            lines=[CartLine(**msgspec.structs.asdict(item)) for item in cart.items],
            value=cart.value,
            currency=cart.currency,
        )
        for device, cart in found
        if cart is not None
    ]
    return sorted(carts, key=lambda cart: cart.value, reverse=True)


async def _views(hall: Hall, subject: Subject) -> list[PanelView]:
    return [_view(panel) for panel in await hall.features.panels(subject)]


def _view(shown: Shown) -> PanelView:
    content = shown.content
    if content is None:
        return PanelView(name=shown.name, title=shown.title, silent=True)
    return PanelView(
        name=shown.name,
        title=shown.title,
        note=content.note,
        rows=[PanelLine(label=it.label, value=it.value, url=it.url) for it in content.rows],
        links=[PanelLine(label=it.label, value=it.value, url=it.url) for it in content.links],
        actions=[PanelButton(name=it.name, label=it.label, confirm=it.confirm) for it in content.actions],
    )
