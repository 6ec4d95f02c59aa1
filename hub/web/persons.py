"""What is kept of a person, at the door: all of it as a download, and all of it erased. Admins only, and never by a slip: erasing asks
for the name the record shows.
"""

import secrets
from collections.abc import Sequence

import msgspec
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from hub import documents, identity, persons
from hub.actions import erase as actions
from hub.media.serving import disposition
from hub.store import Read
from hub.web.answers import Json
from hub.web.asking import Asks, Router, json_of
from hub.web.hall import Hall
from hub.wire import Refusal, hex_id, id_hex
from hub.wire.evidence import ErasurePlan


class Erase(msgspec.Struct, frozen=True):
    """`name` is the record's name, or its id where it shows none: said again, so that it is the right one."""

    name: str


def routes(route: Router, hall: Hall) -> list[Route]:
    """For the sitemap; `route` asks the policy first."""

    async def export(request: Request, asks: Asks) -> Response:
        return await exported(hall, hex_id(request.path_params["customer"]))

    async def planned(request: Request, asks: Asks) -> Response:
        return Json(await hall.store.read(_planned, hex_id(request.path_params["customer"])))

    async def erase(request: Request, asks: Asks) -> Response:
        asked = await json_of(hall, request, Erase)
        customer = hex_id(request.path_params["customer"])
        return Json(await erased(hall, customer, asks.actor.id.hex(), asked.name))

    return [
        route("GET", "/api/customers/{customer}/export", export),
        route("GET", "/api/customers/{customer}/erase", planned),
        route("POST", "/api/customers/{customer}/erase", erase),
    ]


async def exported(hall: Hall, customer: bytes) -> Response:
    """The zip. It is written where uploads are, which every start empties, and deleted when it has been sent."""
    path = hall.files.scratch(f"export-{secrets.token_hex(8)}.zip")
    found = await persons.export(hall.store, customer, path, hall.files.path)
    headers = {
        "content-disposition": disposition(f"customer-{id_hex(found.customer)}.zip", inline=False),
        "cache-control": "no-store",
    }
    return FileResponse(
        path, 200, headers, "application/zip", background=BackgroundTask(path.unlink, missing_ok=True)
    )


def _planned(read: Read, customer: bytes) -> ErasurePlan:
    plan = actions.plan(read, customer)
    return ErasurePlan(
        customer=id_hex(plan.customer),
        name=_asked_for(plan.name, plan.customer),
        touches=len(plan.touches),
        conversations=len(plan.conversations),
        browsers=len(plan.visitors),
        documents=len(documents.holding(read, plan.words)),
    )


def _asked_for(name: str, customer: bytes) -> str:
    """What has to be said to erase them."""
    return name or id_hex(customer)


async def erased(hall: Hall, customer: bytes, author: str, name: str) -> dict[str, object]:
    """Erase, and say what it came to. Refusals: not_found; bad_request when the name is another one."""
    try:
        shown = await hall.store.read(identity.header, customer)
    except identity.UnknownAnchor:
        raise Refusal("not_found", f"no customer {id_hex(customer)}") from None
    if name.strip() != _asked_for(shown.name, shown.customer).strip():
        raise Refusal(
            "bad_request",
            "name: expected the name that the record shows",
            fields={"name": "expected the record's name"},
        )
    done = await erase(hall, customer, author)
    return {"customer": id_hex(done.customer), "touches": done.touches, "conversations": done.conversations, "files": done.files,
            "documents": done.documents}  # fmt: skip


async def erase(hall: Hall, customer: bytes, author: str) -> persons.Erased:
    """Erase a person while their pages may be open: those tell no more from the first moment, and begin anew at the end."""

    def stop(visitors: Sequence[bytes]) -> None:
        for visitor in visitors:
            for page in hall.pages_of(visitor):
                page.untrack()

    def anew(visitors: Sequence[bytes]) -> None:
        for visitor in visitors:
            for page in hall.pages_of(visitor):
                page.begin_anew()

    return await persons.erase(hall.store, customer, author, drop=hall.files.drop, before=stop, after=anew)
