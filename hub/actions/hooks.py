"""What the owner's endpoints are told of: composed here, in the transaction that causes it, and only when one of them wants it.

Ids are those of the console; times are RFC 3339. Lines of the system are told as what they are about (`conversation.closed`), never as
messages; notes are an event of their own, so that nobody's receiver gets colleagues' words by accident.
"""

import datetime as dt
from typing import Any, Literal

from hub import identity
from hub.conversations import routing, tags, thread
from hub.outbox import webhooks
from hub.store import Tx
from hub.wire import hex_id, id_hex
from hub.wire.console import Message


def message(tx: Tx, item: Message, *, note: bool) -> None:
    """A message was stored."""
    if item.kind == "system":
        return
    conversation = hex_id(item.conversation)

    def data() -> dict[str, Any]:
        talk = thread.get(tx, conversation)
        return {
            "id": item.id,
            "conversation": item.conversation,
            "customer": id_hex(identity.resolve(tx, talk.anchor)),
            "site": talk.site,
            "channel": item.channel or talk.channel,
            "seq": item.seq,
            "author": item.author,
            "name": item.name,
            "kind": item.kind,
            "text": item.text,
            "at": _moment(item.at * 1000),
            "attachments": [
                {"name": one.name, "type": one.type, "size": one.size} for one in item.attachments
            ],
        }

    event = "note.created" if note else "message.created"
    webhooks.emit(tx, event, data, customer=lambda: _customer(tx, conversation), beside=conversation)


def conversation(
    tx: Tx,
    what: Literal["opened", "closed"],
    changed: bytes,
    *,
    outcome: str | None = None,
    again: bool = False,
) -> None:
    """A conversation has begun, or begun `again`; or it has ended."""

    def data() -> dict[str, Any]:
        talk = thread.get(tx, changed)
        return {
            "id": id_hex(talk.id),
            "customer": id_hex(identity.resolve(tx, talk.anchor)),
            "site": talk.site,
            "channel": talk.channel,
            "queue": routing.queue_name(tx, talk.queue),
            "operator": routing.name_of(tx, talk.operator) if talk.operator else None,
            "opened_at": _moment(talk.opened_at),
            **(
                {"reopened": again}
                if what == "opened"
                else {"outcome": outcome, "messages": talk.seq, "tags": tags.of(tx, talk.id)}
            ),
        }

    webhooks.emit(tx, f"conversation.{what}", data, customer=lambda: _customer(tx, changed), beside=changed)


def record(tx: Tx, event: identity.RecordEvent) -> None:
    """A customer's record was merged, split or changed."""
    if event.other is not None and event.kind != "split":
        webhooks.together(tx, event.customer, event.other)

    def data() -> dict[str, Any] | None:
        customer = identity.resolve(tx, event.customer)
        # A bare browser is nobody yet: what it does is told when it says, or proves, who it is.
        if event.kind == "changed" and not identity.header(tx, customer).name:
            return None
        found = identity.record(tx, customer)
        return {
            "customer": id_hex(event.customer),
            "other": id_hex(event.other) if event.other else None,
            "name": found.name,
            "level": found.level.value,
            "attributes": {one.attribute: one.chosen.value for one in found.attributes},
            "identifiers": [
                {"kind": one.kind, "value": one.value, "level": one.level.value}
                for one in found.identifiers
                if one.kind not in ("device", "session") and one.status != "junk"
            ],
        }

    beside = event.other or event.customer
    webhooks.emit(tx, f"customer.{event.kind}", data, customer=event.customer, beside=beside)


def _customer(tx: Tx, conversation: bytes) -> bytes:
    return identity.resolve(tx, thread.get(tx, conversation).anchor)


def _moment(micros: int) -> str:
    moment = dt.datetime.fromtimestamp(micros / 1_000_000, dt.UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")
