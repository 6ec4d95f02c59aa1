"""What a customer does at the end: say how it was, and take home what was said."""

import datetime as dt
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from hub.conversations.transcript import WORDS
from tests.web.people import new_id


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def talked(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    await page.begin("Is it <b>blue</b>?")
    await page.until(lambda: page.talk)
    await ann.do("reply", page.conversation, text="As the sea.")
    await ann.do("reply", page.conversation, text="CANARY: a difficult customer", kind="note")
    queue = await ann.follow(f"conversation:{page.conversation}")
    return page, ann, queue


async def rate(page, score: int, remark: str = "", conversation: str | None = None):
    frame = {
        "t": "rate",
        "client_id": new_id(),
        "conversation": conversation or page.conversation,
        "score": score,
        "remark": remark,
    }
    return await page.ask(frame, "noted")


async def transcript(page, conversation: str | None = None, **more: str):
    frame = {"t": "transcript", "client_id": new_id(), "conversation": conversation or page.conversation}
    return await page.ask(frame | more, "link")


async def test_a_rating_reaches_the_operators_and_the_last_word_counts(talked):
    page, ann, topic = talked
    assert (await rate(page, 2, "slow"))["t"] == "noted"
    assert (await rate(page, 5, "sorry, wonderful"))["t"] == "noted"
    await ann.until(
        lambda: (topic.one("row").get("score"), topic.one("row").get("remark")) == (5, "sorry, wonderful")
    )
    await page.until(lambda: page.talk.get("rated") == 5)


async def test_the_same_rating_twice_is_one_line_in_the_conversation(talked):
    page, ann, topic = talked
    for _ in range(3):
        await rate(page, 4)
    await ann.until(lambda: topic.one("row").get("score") == 4)
    await ann.settled()
    assert [
        m["text"] for m in topic.of("message") if m.get("kind") == "system" and m["text"].startswith("rated")
    ] == ["rated:4"]


async def test_a_closed_conversation_can_be_rated_and_stays_closed(talked):
    page, ann, _ = talked
    await ann.do("close", page.conversation, outcome="resolved")
    assert (await rate(page, 1, "gone too soon"))["t"] == "noted"
    assert await page.world.sql("SELECT status, score FROM conversation") == [("closed", 1)]


async def test_nobody_rates_or_reads_another_ones_conversation(talked, page_of):
    page, *_ = talked
    other = await page_of()
    assert (await rate(other, 1, conversation=page.conversation))["code"] == "not_found"
    assert (await transcript(other, page.conversation))["code"] == "not_found"


async def test_a_score_is_one_to_five(talked):
    page, *_ = talked
    for score in (0, 6):
        await page.line.send(
            {"t": "rate", "client_id": new_id(), "conversation": page.conversation, "score": score}
        )
        assert (await page.hear("refused"))["code"] == "bad_frame"


async def test_a_transcript_holds_the_customers_leg_and_no_notes(talked):
    page, *_ = talked
    answer = await page.world.http.get((await transcript(page))["url"])
    assert answer.status_code == 200
    assert "Is it <b>blue</b>?" in answer.text and "Ann\nAs the sea." in answer.text
    assert "CANARY" not in answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert (
        answer.headers["x-content-type-options"],
        "sandbox" in answer.headers["content-security-policy"],
    ) == ("nosniff", True)
    assert answer.headers["cache-control"] == "private, no-store"


async def test_a_transcript_speaks_the_visitors_language_and_tells_their_time(talked, world):
    page, *_ = talked
    await page.line.send({"t": "page", "page": {"url": page.url}, "zone": "Asia/Tokyo"})
    await page.settled()
    at = dt.datetime.fromtimestamp(page.messages[1]["at"] / 1000, ZoneInfo("Asia/Tokyo"))
    as_on_the_visit = await world.http.get((await transcript(page))["url"])
    assert f"{at:%Y-%m-%d %H:%M} JST  You\n" in as_on_the_visit.text
    as_the_panel_says = await transcript(page, language="de-AT", zone="Europe/Vienna")
    answer = await world.http.get(as_the_panel_says["url"])
    assert f"{at.astimezone(ZoneInfo('Europe/Vienna')):%Y-%m-%d %H:%M %Z}  Sie\n" in answer.text
    assert answer.headers["content-language"] == "de"
    for zone in ("No/Where", "../../etc/passwd", "Europe", "\x00"):
        nowhere = await transcript(page, language="xx", zone=zone)
        assert (
            f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC  You\n"
            in (await world.http.get(nowhere["url"])).text
        )


def test_transcripts_speak_every_language_that_the_widget_speaks():
    texts = Path(__file__).parents[2] / "widget" / "visitor" / "texts"
    assert set(WORDS) == {path.stem for path in texts.glob("*.json")}


async def test_a_link_to_a_transcript_ends_within_the_hour(talked, world):
    page, *_ = talked
    link = (await transcript(page))["url"]
    world.clock.move(minutes=29)
    assert (await world.http.get(link)).status_code == 200
    world.clock.move(minutes=32)
    assert (await world.http.get(link)).status_code == 404


async def test_a_link_that_was_altered_opens_nothing(talked, page_of):
    page, *_ = talked
    other = await page_of()
    await other.begin("Mine")
    await other.until(lambda: other.talk)
    link = (await transcript(page))["url"]
    conversation, until, how, signature = link.rpartition("/")[2].split(".")
    altered = [
        f"{other.conversation}.{until}.{how}.{signature}", f"{conversation}.{int(until) + 1}.{how}.{signature}", f"{conversation}.{until}.{how}.{signature[::-1]}",
        f"{conversation}.{until}.{how}.", f"{conversation}..{how}.{signature}", conversation, f"{conversation}.{'9' * 40}.{how}.{signature}",
        f"x.{until}.{how}.{signature}", f"{conversation}.{until}.{how}.{signature}\u00e9", f"{conversation}.\u0661.{how}.{signature}",
        f"{conversation}.{until}.{signature}", f"{conversation}.{until}.eHg.{signature}", f"{conversation}.{until}.{how}x.{signature}",
    ]  # fmt: skip
    for one in altered:
        assert (await page.world.http.get("/transcript/" + quote(one))).status_code == 404, one


async def test_operators_see_where_the_answer_is_wanted(page_of, tab_of):
    page, ann = await page_of(), await tab_of("ann")
    queue = await ann.follow(f"queue:{ann.world.queues['main']}")
    await page.begin("Call me", answer_by="phone", phone="+44 20 7946 0000")
    await ann.until(lambda: queue.of("row") and queue.one("row").get("answer_by") == "phone")
