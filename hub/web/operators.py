"""An operator as the policy and their own console see them."""

from hub.access import Actor
from hub.actions import people
from hub.actions.choose import Choices
from hub.store import Read
from hub.wire import console as wire
from hub.wire import id_hex


def actor_of(operator: people.Operator) -> Actor:
    """The operator as the policy sees them."""
    return Actor(kind="admin" if operator.role == "admin" else "operator", id=operator.id)


def me_of(
    operator: people.Operator, queues: list[tuple[bytes, str]], presence: str, choices: Choices
) -> wire.Me:
    """The operator as their own console sees them."""
    return wire.Me(
        id=id_hex(operator.id),
        name=operator.name,
        login=operator.login,
        role="admin" if operator.role == "admin" else "operator",
        queues=[wire.QueueBrief(id=id_hex(queue), name=name) for queue, name in queues],
        presence=presence,  # type: ignore[arg-type]  # the column holds exactly these words
        limit=operator.capacity,
        language=choices.language,
        zone=choices.zone,
        idle=operator.idle_minutes,
    )


def all_queues(read: Read) -> list[wire.QueueBrief]:
    """Every queue, for choosing where to transfer to."""
    return [wire.QueueBrief(id=id_hex(queue), name=name) for queue, name in people.queues(read)]
