"""What a page's frames about talking do. Each verb takes the session and the frame."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from hub.actions import alarm, arrive, invite, returning, talk, transcribe
from hub.clock import on_the_wall
from hub.contract import Frame as PluginFrame
from hub.contract import Visitor
from hub.conversations.thread import Stored
from hub.runners import FrameRefused
from hub.visits.track import web_url
from hub.web import limits, site_tokens
from hub.wire import Refusal, hex_id, id_hex, millis
from hub.wire import visitor as wire
from hub.wire.console import TypingRow

if TYPE_CHECKING:
    from hub.web.visitor import VisitorSession as Page

Verb = Callable[["Page", Any], Awaitable[None]]


async def open_chat(page: "Page", asked: wire.Open) -> None:
    """The first message. A page that was not tracked becomes a visitor by it: talking is asking to be answered."""
    page.hall.limits.take("messages", id_hex(page.visitor) or page.address, limits.MESSAGES)
    _fits(page, asked.text)
    if not page.visitor or await page.hall.store.read(talk.would_begin, page.visitor, asked.client_id):
        page.hall.limits.take("conversations", page.address, limits.CONVERSATIONS)
    try:
        if page.visitor:
            stored = await page.hall.store.write(talk.open_chat, page.site_key, page.visitor, asked)
        else:
            stored = await _open_as_nobody(page, asked)
    except ValueError as error:
        raise Refusal("bad_request", str(error)) from None
    _sent(page, asked.client_id, stored)


async def _open_as_nobody(page: "Page", asked: wire.Open) -> Stored:
    assert page.hello is not None
    visitor = arrive.untracked_id(page.site_key, page.tab, asked.client_id)
    # Listening before the first word is stored: what is announced with it must not be missed.
    page.become(page.hello, visitor)
    try:
        token, stored = await page.hall.store.write(talk.open_untracked, page.site_key, visitor, asked)
    except BaseException:
        page.become(page.hello, b"")
        raise
    page.say(wire.Identified(client_id=asked.client_id, level="observed", token=token))
    return stored


async def say(page: "Page", asked: wire.Say) -> None:
    """One more message."""
    page.hall.limits.take("messages", id_hex(page.visitor), limits.MESSAGES)
    _fits(page, asked.text)
    _sent(page, asked.client_id, await page.hall.store.write(talk.say, page.visitor, asked))


async def reach(page: "Page", asked: wire.Reach) -> None:
    """Nobody could answer so far; the answer may come by e-mail."""
    page.hall.limits.take("messages", id_hex(page.visitor), limits.MESSAGES)
    conversation = hex_id(asked.conversation)
    try:
        await page.hall.store.write(alarm.reach, page.visitor, conversation, asked.client_id, asked.email)
    except ValueError as error:
        raise Refusal("bad_request", str(error)) from None
    page.say(wire.Noted(client_id=asked.client_id))


async def types(page: "Page", asked: wire.Typing) -> None:
    """The visitor began or stopped typing."""
    await page.hall.store.read(talk.own, page.visitor, hex_id(asked.conversation))
    page.stop_typing()
    if asked.on:
        page.typing = asked.conversation
        row = TypingRow(id="visitor", who="visitor", name="", typing=True)
        page.hall.live.put(f"live:{asked.conversation}", "visitor", row)


async def cursor(page: "Page", asked: wire.Cursor) -> None:
    """Received and seen."""
    conversation = hex_id(asked.conversation)
    await page.hall.store.write(talk.move_cursor, page.visitor, conversation, asked.delivered, asked.read)


async def end(page: "Page", asked: wire.End) -> None:
    """The visitor closes the conversation."""
    ended = await page.hall.store.write(talk.end, page.visitor, hex_id(asked.conversation))
    page.say(
        wire.Sent(
            client_id=asked.client_id, conversation=asked.conversation, seq=0, at=millis(ended.opened_at)
        )
    )


async def answer(page: "Page", asked: wire.Answer) -> None:
    """What the visitor did with an invitation."""
    await page.hall.store.write(invite.answer, page.visitor, hex_id(asked.invitation), asked.fate)


async def followed(page: "Page", asked: wire.Followed) -> None:
    """What the visitor did with a pushed page."""
    conversation = hex_id(asked.conversation)
    await page.hall.store.write(talk.follow_push, page.visitor, conversation, asked.seq, asked.fate)


async def rate(page: "Page", asked: wire.Rate) -> None:
    """How it was."""
    page.hall.limits.take("messages", id_hex(page.visitor), limits.MESSAGES)
    conversation = hex_id(asked.conversation)
    await page.hall.store.write(talk.rate, page.visitor, conversation, asked.score, asked.remark)
    page.say(wire.Noted(client_id=asked.client_id))


async def transcript(page: "Page", asked: wire.Transcript) -> None:
    """Where to download what was said."""
    await page.hall.store.read(talk.own, page.visitor, hex_id(asked.conversation))
    assert page.hello is not None
    language = asked.language or page.hello.language or page.site.languages[0]
    if asked.email:
        page.hall.limits.take("messages", id_hex(page.visitor), limits.MESSAGES)
        conversation = hex_id(asked.conversation)
        await page.hall.store.write(
            transcribe.by_mail, page.visitor, conversation, asked.client_id, asked.email, language
        )
        page.say(wire.Noted(client_id=asked.client_id))
        return
    zone = asked.zone or (page.seen.zone if page.seen else "") or page.site.zone
    link = page.hall.transcript_link(asked.conversation, language, zone)
    page.say(wire.Link(client_id=asked.client_id, url=link))


async def identify(page: "Page", asked: wire.Identify) -> None:
    """The site's own server vouches for who sits there."""
    said = site_tokens.verify(asked.token, page.site, page.site_key, on_the_wall(page.hall.clock) / 1_000_000)
    if not page.visit:
        # Not tracked: who it is may not be kept either.
        page.say(wire.Identified(client_id=asked.client_id, level="observed"))
        return
    try:
        done = await page.hall.store.write(arrive.identify, page.site_key, page.visitor, page.visit, said)
    except ValueError as error:
        raise Refusal("bad_token", f"identity token: {error}") from None
    page.say(wire.Identified(client_id=asked.client_id, level="verified", token=done.token))
    if done.moved:
        # Somebody else sits there now, who sees nothing of what was: the page forgets it, and goes on as that visitor.
        page.say(wire.Resync())
        await page.again(done.visitor)


async def come_back(page: "Page", asked: wire.ComeBack) -> None:
    """The visitor followed the link in a mail. A page that was not tracked becomes a visitor by it, as by talking."""
    page.hall.limits.take("messages", id_hex(page.visitor) or page.address, limits.MESSAGES)
    followed = page.hall.returning.read(asked.token)
    if page.visitor:
        await page.hall.store.write(returning.come_back, page.site_key, page.visitor, followed)
    else:
        visitor = arrive.untracked_id(page.site_key, page.tab, asked.client_id)
        token = await page.hall.store.write(returning.come_back_as_nobody, page.site_key, visitor, followed)
        assert page.hello is not None
        page.become(page.hello, visitor)
        page.say(wire.Identified(client_id=asked.client_id, level="observed", token=token))
        page.say(wire.Resync())
    page.say(wire.Noted(client_id=asked.client_id))


async def reset(page: "Page", asked: wire.Reset) -> None:
    """The visitor logged out of the shop."""
    visitor = page.visitor
    pages = page.hall.pages_of(visitor) or [page]
    if visitor:
        await page.hall.store.write(arrive.reset, visitor)
    for each in pages:
        each.begin_anew()


async def feature(page: "Page", asked: wire.Feature) -> None:
    """A frame for a page feature's plugin."""
    data = asked.data if isinstance(asked.data, dict) else {"value": asked.data}
    visitor = Visitor(
        id=id_hex(page.place),
        site=page.site_key,
        visit=id_hex(page.visit),
        url=web_url(page.seen.page.url) if page.seen else "",
    )
    try:
        page.hall.features.on_frame(PluginFrame(name=asked.name, data=data), visitor)
    except FrameRefused as error:
        raise Refusal(error.code, error.why) from None


def _fits(page: "Page", text: str) -> None:
    longest = page.hall.longest_text
    if len(text) > longest:
        raise Refusal(
            "bad_request", f"text: expected at most {longest} characters, got {len(text)}; send it in parts"
        )


def _sent(page: "Page", client_id: str, stored: Stored) -> None:
    page.stop_typing()
    page.hall.chat_in = page.hall.clock()
    page.say(
        wire.Sent(
            client_id=client_id,
            conversation=id_hex(stored.conversation),
            seq=stored.leg_seq or 0,
            at=millis(stored.at),
        )
    )


TALK: Mapping[type, Verb] = {
    wire.Open: open_chat,
    wire.Say: say,
    wire.Reach: reach,
    wire.Typing: types,
    wire.Cursor: cursor,
    wire.End: end,
    wire.Answer: answer,
    wire.Followed: followed,
    wire.Rate: rate,
    wire.Transcript: transcript,
    wire.Identify: identify,
    wire.ComeBack: come_back,
    wire.Reset: reset,
    wire.Feature: feature,
}
