"""What an operator's tab may have done: one function per command, each one transaction, each answered by `done` when it is durable.

Whether the operator may is asked inside that transaction (`actions.guard`), so nothing can change between the two. Refusals are the
answers of `hub.wire.refusal`; the session sends them.
"""

from hub.access import Actor
from hub.actions import alarm, canned, decide, edit, guard, invite, presence, serve, tags
from hub.actions import watch as watching
from hub.web import canned as canned_door
from hub.web import evidence, teams
from hub.web.hall import Hall
from hub.wire import Refusal, hex_id, id_hex, millis
from hub.wire import console as wire


async def reply(hall: Hall, actor: Actor, asked: wire.Reply) -> wire.Done:
    conversation = hex_id(asked.conversation)
    if asked.kind == "note":
        whom = [hex_id(one) for one in asked.mentions]
        stored = await hall.store.write(
            guard.act,
            actor,
            "console reply",
            serve.note,
            conversation,
            asked.id,
            asked.text,
            asked.attachments,
            whom,
        )
    elif asked.mentions:
        raise Refusal("bad_request", "reply: only a note mentions colleagues")
    else:
        stored = await hall.store.write(
            guard.act,
            actor,
            "console reply",
            serve.reply,
            conversation,
            asked.id,
            asked.text,
            asked.attachments,
            way=asked.way,
            here=hall.is_here,
        )
    return wire.Done(id=asked.id, seq=stored.seq, at=millis(stored.at))


async def push(hall: Hall, actor: Actor, asked: wire.PushPage) -> wire.Done:
    stored = await hall.store.write(
        guard.act,
        actor,
        "console push",
        serve.push,
        hex_id(asked.conversation),
        asked.id,
        asked.url,
        asked.title,
        origins=hall.origins.of_sites(),
    )
    return wire.Done(id=asked.id, seq=stored.seq, at=millis(stored.at))


async def offer(hall: Hall, actor: Actor, asked: wire.Invite) -> wire.Done:
    visitor = hex_id(asked.visitor)
    presence = hall.board.get(visitor)
    if presence is None:
        raise Refusal("not_found", "this visitor has left; there is nobody to invite")
    if presence.told_by:
        raise Refusal(
            "no_change", "only another tracker tells of this visitor; their page has no widget to show it in"
        )
    await hall.store.write(invite.invite, actor.id, visitor, asked.text)
    return wire.Done(id=asked.id)


async def take(hall: Hall, actor: Actor, asked: wire.Take) -> wire.Done:
    await hall.store.write(guard.act, actor, "console take", serve.take, hex_id(asked.conversation))
    return wire.Done(id=asked.id)


async def seen(hall: Hall, actor: Actor, asked: wire.Seen) -> wire.Done:
    await hall.store.write(guard.act, actor, "console seen", alarm.acknowledge, hex_id(asked.conversation))
    return wire.Done(id=asked.id)


async def transfer(hall: Hall, actor: Actor, asked: wire.Transfer) -> wire.Done:
    if (asked.operator is None) == (asked.queue is None):
        raise Refusal("bad_request", "transfer: name either an operator or a queue")
    action = serve.transfer_to if asked.operator else serve.transfer_to_queue
    target = hex_id(asked.operator or asked.queue or "")
    await hall.store.write(
        guard.act,
        actor,
        "console transfer",
        action,
        hex_id(asked.conversation),
        target,
        asked.note,
        asked.id,
    )
    return wire.Done(id=asked.id)


async def untransfer(hall: Hall, actor: Actor, asked: wire.Untransfer) -> wire.Done:
    await hall.store.write(serve.take_back, actor.id, hex_id(asked.conversation), asked.command)
    return wire.Done(id=asked.id)


async def tag(hall: Hall, actor: Actor, asked: wire.Tag) -> wire.Done:
    conversation = hex_id(asked.conversation)
    await hall.store.write(guard.act, actor, "console tag", tags.tag, conversation, asked.add, asked.drop)
    return wire.Done(id=asked.id)


async def close(hall: Hall, actor: Actor, asked: wire.Close) -> wire.Done:
    conversation = hex_id(asked.conversation)
    await hall.store.write(
        guard.act, actor, "console close", serve.close, conversation, asked.outcome, asked.tags
    )
    return wire.Done(id=asked.id)


async def reopen(hall: Hall, actor: Actor, asked: wire.Reopen) -> wire.Done:
    await hall.store.write(guard.act, actor, "console reopen", serve.reopen, hex_id(asked.conversation))
    return wire.Done(id=asked.id)


async def block(hall: Hall, actor: Actor, asked: wire.Block) -> wire.Done:
    await hall.store.write(
        guard.act, actor, "console block", serve.block, hex_id(asked.conversation), on=asked.on
    )
    return wire.Done(id=asked.id)


async def be(hall: Hall, actor: Actor, asked: wire.SetPresence) -> wire.Done:
    await hall.touched(actor.id, 0.0)
    await hall.store.write(presence.choose, actor.id, asked.state)
    return wire.Done(id=asked.id)


async def judge(hall: Hall, actor: Actor, asked: wire.Decide) -> wire.Done:
    author = id_hex(actor.id)
    if asked.touches or asked.decisions:
        return await _judge_several(hall, author, asked)
    named = evidence.named(asked)
    if asked.op == "revoke":
        if named.decision is None:
            raise Refusal("bad_request", "revoke: name the decision")
        made = await hall.store.write(decide.revoke, author, named.decision, asked.note)
    else:
        made = await hall.store.write(
            decide.decide, author, asked.op, named.a, named.b, asked.note,
            attribute=asked.attribute, value=asked.value,
        )  # fmt: skip
    await hall.pairs.look()
    decision = id_hex(made.decision) if made.decision else None
    return wire.Done(id=asked.id, decision=decision, message=made.answer)


async def _judge_several(hall: Hall, author: str, asked: wire.Decide) -> wire.Done:
    if asked.op == "revoke":
        keys = [hex_id(one) for one in asked.decisions]
        made = await hall.store.write(decide.revoke_several, author, keys, asked.note)
    else:
        touches = [hex_id(one) for one in asked.touches]
        made = await hall.store.write(decide.decide_several, author, asked.op, touches, asked.note)
    await hall.pairs.look()
    ids = [id_hex(one) for one in made.decisions]
    return wire.Done(id=asked.id, decision=ids[0] if ids else None, decisions=ids, message=made.answer)


async def save_canned(hall: Hall, actor: Actor, asked: wire.SaveCanned | wire.SaveShared) -> wire.Done:
    owner = actor.id if isinstance(asked, wire.SaveCanned) else None
    await canned_door.keep(hall, actor.id, owner, asked)
    return wire.Done(id=asked.id)


async def drop_canned(hall: Hall, actor: Actor, asked: wire.DropCanned | wire.DropShared) -> wire.Done:
    owner = actor.id if isinstance(asked, wire.DropCanned) else None
    await hall.store.write(canned.drop, owner, hex_id(asked.reply))
    return wire.Done(id=asked.id)


async def watch(hall: Hall, actor: Actor, asked: wire.Watch) -> wire.Done:
    await hall.store.write(watching.watch, actor.id, hex_id(asked.customer), on=asked.on)
    return wire.Done(id=asked.id)


async def edit_record(hall: Hall, actor: Actor, asked: wire.EditRecord) -> wire.Done:
    customer = hex_id(asked.customer)
    touch = await hall.store.write(edit.edit, actor.id, customer, asked.id, asked.field, asked.value)
    return wire.Done(id=asked.id, message=id_hex(touch))


async def take_back(hall: Hall, actor: Actor, asked: wire.TakeBack) -> wire.Done:
    await hall.store.write(edit.take_back, actor.id, hex_id(asked.touch))
    return wire.Done(id=asked.id)


async def cursor(hall: Hall, actor: Actor, asked: wire.Cursor) -> None:
    await hall.store.write(
        guard.act,
        actor,
        "console cursor",
        serve.move_cursor,
        hex_id(asked.conversation),
        asked.delivered,
        asked.read,
    )


COMMANDS: dict[type, teams.Command] = {
    wire.Reply: reply,
    wire.PushPage: push,
    wire.Invite: offer,
    wire.Take: take,
    wire.Seen: seen,
    wire.Transfer: transfer,
    wire.Untransfer: untransfer,
    wire.Tag: tag,
    wire.Close: close,
    wire.Reopen: reopen,
    wire.Block: block,
    wire.SetPresence: be,
    wire.Decide: judge,
    wire.SaveCanned: save_canned,
    wire.SaveShared: save_canned,
    wire.DropCanned: drop_canned,
    wire.DropShared: drop_canned,
    wire.Watch: watch,
    wire.EditRecord: edit_record,
    wire.TakeBack: take_back,
    wire.Cursor: cursor,
    **teams.COMMANDS,
}
