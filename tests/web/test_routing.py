"""Routing rules through the front door: kept by admins, tried on what was, carried out as conversations begin, and explained."""

import datetime as dt

import pytest

from hub.actions import canned
from hub.actions.receive import receive
from hub.contract import Claim, IncomingMessage, Level, Touchpoint
from hub.conversations import erasing, thread, waiting
from hub.conversations.canned import Draft
from tests.web.people import new_id

HOURS = """
[sites.closed]
origins = ["http://closed.test"]
hours = { mon = [] }
"""


@pytest.fixture
def wire():
    return "socket"


@pytest.fixture
async def world(open_world):
    return await open_world(more=HOURS)


@pytest.fixture
async def boss(world):
    return await world.sign_in("boss")


@pytest.fixture
def ask(world, boss):
    async def send(method: str, path: str, **body: object):
        answer = await world.ask(method, path, cookie=boss, body=body or None)
        return answer.json() if answer.status_code == 200 else (answer.status_code, answer.json()["error"])

    return send


@pytest.fixture
def keep(ask):
    """`await keep(rule, …)`: let these be the rules, made from the newest edition."""

    async def post(*written: dict, **more: object):
        seen = (await ask("GET", "/api/routing"))["edition"]
        return await ask("POST", "/api/routing", **{"rules": written, "seen": seen, **more})

    return post


@pytest.fixture
def say(world):
    """`await say(text)`: a new conversation by the bell, from an address of its own; its id."""
    count = iter(range(1000))

    async def ring(text: str, *, sender: str = "", message: dict | None = None, **more: object) -> bytes:
        n = next(count)
        at = dt.datetime.fromtimestamp(world.clock() / 1_000_000, dt.UTC)
        claim = Claim(kind="email", value=sender or f"kim{n}@mail.test", level=Level.OBSERVED)
        said = IncomingMessage(text=text, **(message or {}))
        fields = {"site": "shop", **more}
        letter = bool(sender)  # of letters, each begins a conversation
        touch = Touchpoint(channel="bell", kind="chat", key=f"ring-{n}", occurred_at=at, thread=sender or f"t{n}",
                           claims=(claim,), message=said, **fields)  # fmt: skip
        received = await world.hub.store.write(receive, "bell", touch, subjects=letter)
        return received.message.conversation

    return ring


@pytest.fixture
def row(world):
    async def of(conversation: bytes):
        sql = "SELECT queue, priority, status, outcome FROM conversation WHERE id = ?"
        queue, priority, status, outcome = (await world.sql(sql, conversation))[0]
        name = next(name for name, one in world.queues.items() if one == queue.hex())
        return name, ("urgent", "normal", "low")[priority], status, outcome

    return of


@pytest.fixture
def reply(world):
    """`await reply(text)`: the id of a shared canned reply."""

    async def make(text: str) -> str:
        made = new_id("reply").encode().ljust(16, b"-")[:16]
        draft = Draft(shortcut=made.hex(), text=text)
        await world.hub.store.write(canned.save, world.operators["boss"], None, made, draft)
        return made.hex()

    return make


def rule(n: int = 1, *when: dict, name: str = "", **more: object) -> dict:
    when = when or ({"fact": "words", "op": "has", "value": ["book*"]},)
    return {"id": f"{n:032x}", "name": name or f"rule {n}", "when": list(when), "enabled": True, **more}


def has(*value: str, fact: str = "words", op: str = "has") -> dict:
    return {"fact": fact, "op": op, "value": list(value)}


async def test_a_matching_rule_decides_queue_priority_and_tags_and_says_why_to_the_team(
    world, keep, say, row, tab_of, ask
):
    then = {"queue": world.queues["books"], "priority": "urgent", "tags": ["Books"]}
    await keep(
        rule(1, has("nothing"), then={"priority": "low"}), rule(2, has("book*"), then=then, name="Books")
    )
    bob = await tab_of("bob")
    queue = await bob.follow(f"queue:{world.queues['books']}")
    talk = await say("Do you have BOOKS about vases?")
    await bob.until(lambda: queue.of("row") and queue.one("row").get("tags"))
    shown = queue.one("row")
    assert (shown["priority"], shown["tags"], shown["last_text"]) == ("urgent", ["books"], "Do you have BOOKS about vases?")  # fmt: skip
    why = await ask("GET", f"/api/conversations/{talk.hex()}/routing")
    assert (why["decided"], why["queue"], why.get("usual", True)) == (True, "books", False)
    first, second = why["steps"]
    assert (first["matched"], first["because"][0]["op"], first.get("then", {})) == (False, "has", {})
    assert second["because"] == [
        {"fact": "words", "op": "has", "value": ["book*"], "found": "books", "held": True}
    ]
    assert second["counted"] == ["queue", "priority", "tags"]
    line = await world.sql(
        "SELECT text, audience FROM message WHERE conversation = ? AND author = 'system'", talk
    )
    assert line == [("routed:Books", "staff")]
    assert (await say("hello there")) and (await row(await say("hello"))) == (
        "main",
        "normal",
        "waiting",
        None,
    )


async def test_a_chat_from_a_page_is_routed_like_anything_else_and_the_page_hears_nothing_of_why(
    world, keep, page_of
):
    await keep(
        rule(1, has("book*"), then={"queue": world.queues["books"], "tags": ["secret"]}, name="Hidden words")
    )
    page = await page_of("shop")
    await page.begin("a book, please")
    await page.settled()
    assert (await world.sql("SELECT queue FROM conversation"))[0][0].hex() == world.queues["books"]
    assert page.texts == ["a book, please"]
    assert "Hidden" not in page.everything()
    assert "secret" not in page.everything()


async def test_only_the_beginning_is_routed(world, keep, page_of, row):
    page = await page_of("shop")
    await page.begin("hello")
    await keep(rule(1, has("book*"), then={"queue": world.queues["books"]}))
    await page.say("about a book")
    assert (await world.sql("SELECT count(*) FROM routing_decision")) == [(0,)]
    assert (await row(bytes.fromhex(page.conversation)))[0] == "main"


async def test_a_rule_that_is_switched_off_does_nothing_and_can_be_tried(world, keep, say, row, ask):
    talk = await say("a book")
    other = await say("a vase")
    off = rule(1, has("book*"), then={"queue": world.queues["books"], "tags": ["b"]}, enabled=False)
    await keep(off)
    assert (await row(await say("another book")))[0] == "main"
    tried = await ask("POST", "/api/routing/try", rules=[off], last=10)
    assert (tried["looked_at"], tried["rules"]) == (3, [{"rule": off["id"], "matched": 2, "differing": 2}])
    first = next(one for one in tried["tried"] if one["conversation"] == talk.hex())
    assert (first["queue"], first["queue_was"], first["tags"]) == ("books", "main", ["b"])
    assert other.hex() not in str(tried)
    assert await world.sql("SELECT count(*) FROM routing_decision") == [(0,)]
    assert await world.sql("SELECT count(*) FROM conversation_tag") == [(0,)]


async def test_what_a_rule_would_have_done_as_people_did_is_no_difference(world, keep, say, ask, tab_of):
    talk = await say("a book")
    boss = await tab_of("boss")
    await boss.do("transfer", talk.hex(), queue=world.queues["books"])
    tried = await ask(
        "POST", "/api/routing/try", rules=[rule(1, then={"queue": world.queues["books"]})], last=10
    )
    assert tried["rules"] == [{"rule": f"{1:032x}", "matched": 1}]


async def test_facts_of_sender_customer_language_site_and_hours_are_asked(world, keep, say, row):
    books = {"queue": world.queues["books"]}
    await keep(
        rule(1, has("*@vip.test", fact="from", op="is"), then={"priority": "urgent"}),
        rule(2, has("de", fact="language", op="is"), then={"tags": ["german"]}),
        rule(3, {"fact": "open_cases", "op": "at least", "value": 1}, then={"tags": ["again"]}),
        rule(4, {"fact": "open", "op": "is", "value": False}, then=books),
        rule(5, has("sales@*", fact="to", op="is"), has("urgent", fact="subject"), then={"tags": ["sales"]}),
        rule(6, {"fact": "known", "op": "is", "value": True}, {"fact": "verified", "op": "is", "value": False},
             {"fact": "orders", "op": "at most", "value": 0}, {"fact": "blocked", "op": "is", "value": False},
             then={"tags": ["stranger"]}),
    )  # fmt: skip

    async def tags(talk):
        return {
            tag for (tag,) in await world.sql("SELECT tag FROM conversation_tag WHERE conversation = ?", talk)
        }

    first = await say("Guten Tag, wo ist meine Bestellung bitte?", sender="eva@vip.test")
    assert (await row(first))[:2] == ("main", "urgent")
    assert await tags(first) == {"german", "stranger"}
    second = await say("And this?", sender="eva@vip.test")
    assert await tags(second) == {"again", "stranger"}
    assert (await row(await say("hello", site="closed")))[0] == "books"
    mail = {"subject": "Urgent: a vase", "to": ("Sales@shop.test",)}
    assert "sales" in await tags(await say("hello", message=mail))


async def test_hours_that_are_set_in_the_console_count_at_once(world, ask, keep, say, row):
    await keep(rule(1, {"fact": "open", "op": "is", "value": False}, then={"priority": "low"}))
    assert (await row(await say("hello")))[1] == "normal"
    await ask("POST", "/api/settings/sites/shop", values={"hours": {"mon": []}}, seen=0)
    assert (await row(await say("hello")))[1] == "low"


async def test_a_canned_answer_goes_out_once_a_day_to_an_address_and_never_to_a_machine(
    world, keep, say, reply, ask
):
    words = await reply("Hello {{customer.first_name|there}}, we answer tomorrow.")
    await keep(rule(1, has("book*"), then={"answer": words}))
    sent = "SELECT m.text, m.author, m.leaves FROM message m WHERE m.conversation = ? AND m.author = 'bot'"

    async def answered(talk):
        return (await world.sql("SELECT answered FROM routing_decision WHERE conversation = ?", talk))[0][0]

    first = await say("a book", sender="Kim@mail.test")
    assert await world.sql(sent, first) == [("Hello there, we answer tomorrow.", "bot", 1)]
    assert await answered(first) == "sent"
    (message, leg), *_ = await world.sql(
        "SELECT id, leg FROM message WHERE conversation = ? AND author = 'bot'", first
    )
    leaving = await world.hub.store.read(thread.leaving, message, leg)
    assert leaving.automatic, "a channel must be able to mark it as what no person wrote"
    again = await say("a book", sender="kim@MAIL.test")
    assert (await world.sql(sent, again), await answered(again)) == ([], "lately")
    machine = await say("a book", sender="daemon@mail.test", message={"automatic": "reply"})
    assert (await world.sql(sent, machine), await answered(machine)) == ([], "automatic")
    assert await answered(await say("a book", sender="lee@mail.test")) == "sent"
    world.clock.move(hours=25)
    assert await answered(await say("a book", sender="kim@mail.test")) == "sent"
    waits = await world.sql(
        "SELECT waiting_since IS NOT NULL, last_author FROM conversation WHERE id = ?", first
    )
    assert waits == [(1, "visitor")], (
        "what goes out by itself answers no question, nor stands for their words"
    )


async def test_spam_is_closed_as_it_comes_and_opens_again_by_the_next_word(world, keep, page_of, row):
    await keep(rule(1, has("casino"), then={"close": "spam"}))
    page = await page_of("shop")
    await page.begin("casino casino")
    talk = bytes.fromhex(page.conversation)
    assert (await row(talk))[2:] == ("closed", "spam")
    await page.say("no, really: a vase")
    assert (await row(talk))[2:] == ("waiting", None)


async def test_what_machines_write_and_what_we_said_elsewhere_harms_no_rule(world, keep, say, row):
    await keep(rule(1, has("casino"), then={"close": "spam", "tags": ["x"]}))
    machine = await say("casino", sender="list@mail.test", message={"automatic": "bulk"})
    assert (await row(machine))[2:] == ("closed", None), "it was closed before the rule could"
    await say("casino", sender="kim@mail.test", message={"ours": True, "author": "Ann"})
    assert await world.sql("SELECT count(*) FROM routing_decision") == [(1,)]


async def test_the_urgent_are_served_before_those_who_waited_longer(world, keep, page_of):
    await keep(
        rule(1, has("fire"), then={"priority": "urgent"}), rule(2, has("later"), then={"priority": "low"})
    )
    for text in ("later", "hello", "fire"):
        page = await page_of("shop")
        await page.begin(text)
    order = await world.hub.store.read(waiting.line, bytes.fromhex(world.queues["main"]))
    texts = [
        (await world.sql("SELECT last_text FROM conversation WHERE id = ?", talk))[0][0] for talk, _ in order
    ]
    assert texts == ["fire", "hello", "later"]


async def test_a_rule_whose_queue_was_archived_harms_nobody(world, keep, say, row, ask, tab_of):
    await keep(rule(1, then={"queue": world.queues["books"], "tags": ["b"]}))
    await world.hub.store.write(lambda tx: tx.run("UPDATE queue SET archived_at = 1 WHERE name = 'books'"))
    talk = await say("a book")
    assert (await row(talk))[0] == "main"
    assert (await ask("GET", f"/api/conversations/{talk.hex()}/routing"))["queue"] == "main"
    status, error = await keep(rule(1, then={"queue": world.queues["books"]}))
    assert (status, list(error["fields"])) == (400, ["rules[0].then.queue"])


async def test_who_changes_rules_that_somebody_changed_meanwhile_hears_of_it(keep, ask):
    page = await keep(rule(1))
    assert page["edition"] == 1
    status, error = await ask("POST", "/api/routing", rules=[rule(2)], seen=0)
    assert (status, error["code"]) == (409, "taken")
    same = await keep(rule(1))
    assert same["edition"] == 1, "keeping what is kept is no change"


async def test_every_change_stands_in_the_history_and_any_can_be_gone_back_to(keep, ask):
    await keep(rule(1, name="One"), rule(2, name="Two"))
    await keep(rule(2, name="Two"), rule(1, has("vase"), name="One"))
    page = await keep(rule(1, has("vase"), name="One"))
    last, second, first = page["history"]
    assert first["added"] == ["One", "Two"]
    assert (second["changed"], second["moved"]) == (["One"], True)
    assert last["dropped"] == ["Two"]
    assert last["by"] == "Boss"
    back = await ask("POST", "/api/routing/restore", edition=1, seen=3)
    assert (back["edition"], [one["name"] for one in back["rules"]]) == (4, ["One", "Two"])
    assert (await ask("POST", "/api/routing/restore", edition=77, seen=4))[0] == 404
    assert (await ask("POST", "/api/routing/restore", edition=0, seen=4))["rules"] == []


async def test_a_rule_that_was_changed_since_is_explained_as_it_was(keep, say, ask):
    await keep(rule(1, has("book*"), name="Books", then={"tags": ["b"]}))
    talk = await say("a book")
    await keep(rule(1, has("vase"), name="Vases", then={"tags": ["v"]}))
    (step,) = (await ask("GET", f"/api/conversations/{talk.hex()}/routing"))["steps"]
    assert (step["name"], step["because"][0]["value"], step["then"], step["changed"]) == ("Books", ["book*"], {"tags": ["b"]}, True)  # fmt: skip


async def test_an_answer_that_would_repeat_a_strangers_words_or_is_nobodys_is_refused(keep, reply, ask):
    bare = await reply("Hello {{customer.name}}!")
    for answer in (bare, "0" * 32):
        status, error = await keep(rule(1, then={"answer": answer}))
        assert (status, list(error["fields"])) == (400, ["rules[0].then.answer"])
    good = await reply("Hello!")
    assert [one["value"] for one in (await ask("GET", "/api/routing"))["replies"]] == [good]


async def test_an_answer_whose_reply_was_deleted_since_is_not_sent(world, keep, reply, say, ask):
    words = await reply("Hello!")
    await keep(rule(1, then={"answer": words}))
    await world.hub.store.write(canned.drop, None, bytes.fromhex(words))
    talk = await say("a book")
    assert (await ask("GET", f"/api/conversations/{talk.hex()}/routing"))["answered"] == "gone"


@pytest.mark.parametrize(
    "body",
    [
        {"rules": [{"id": "x"}]}, {"rules": "no"}, {"rules": [rule(1, has(*["a"] * 101))]},
        {"rules": [rule(1, has("a" * 101))]}, {"rules": [rule(1, {"fact": "__class__", "op": "is", "value": ["x"]})]},
        {"rules": [rule(1, has("\0"))]}, {"rules": [rule(n) for n in range(101)]}, {"rules": [rule(1), rule(1)]},
        {"rules": [rule(1, has(*["a b"] * 100, ), *[has(*["a"] * 100)] * 10)]},
    ],
)  # fmt: skip
async def test_what_is_no_rule_is_refused_and_nothing_kept(body, ask, world):
    status, error = await ask("POST", "/api/routing", **{"seen": 0, **body})
    assert (status, error["code"]) == (400, "bad_request")
    assert await world.sql("SELECT count(*) FROM routing_edition") == [(0,)]


async def test_a_megabyte_of_rules_is_too_large(world, boss):
    answer = await world.ask(
        "POST", "/api/routing", cookie=boss, body=b'{"rules": [' + b" " * 1_000_000 + b"]}"
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "book " * 200_000, "\0 book", "\u202ebook\0", "\U0001f4da" * 10_000],
    ids=("one long word", "many words", "nul", "right to left", "emoji"),
)
async def test_no_text_keeps_a_message_from_arriving(text, keep, say, row, world):
    await keep(
        rule(1, has("book"), has("de", fact="language", op="is not"), then={"queue": world.queues["books"]})
    )
    talk = await say(text)
    assert (await row(talk))[0] == ("books" if "book" in text else "main")


async def test_a_conversation_from_before_all_rules_has_no_reason_and_other_teams_may_not_ask(
    world, say, ask
):
    talk = await say("hello")
    assert await ask("GET", f"/api/conversations/{talk.hex()}/routing") == {"decided": False}
    bob = await world.sign_in("bob")
    assert (await world.ask("GET", f"/api/conversations/{talk.hex()}/routing", cookie=bob)).status_code == 403


async def test_erasing_a_conversation_erases_why_it_was_here(world, keep, say, boss):
    await keep(rule(1, then={"tags": ["b"]}))
    talk = await say("a book", sender="kim@mail.test")
    await world.hub.store.write(erasing.erase_messages, talk, 100)
    await world.hub.store.write(erasing.erase, talk)
    assert await world.sql("SELECT count(*) FROM routing_decision") == [(0,)]
