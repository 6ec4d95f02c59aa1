"""Suggestions: found when records change, judged by operators, gone and back with the decisions; and never a merge by score."""

import msgspec
import pytest

from hub import identity
from hub.actions import decide, suggest
from hub.contract import AttributeClaim
from hub.identity import shelves, suggesting
from hub.identity.matching import SHIPPED, person
from hub.identity.matching.counting import Counts
from hub.identity.matching.site import Learned, from_text, learn, small, taught, to_text
from hub.identity.suggester import Suggester
from hub.store import Store
from hub.wire import Refusal

START = 1_700_000_000_000_000
SCORER = Learned(small(300), Counts()).scorer()
HOUSE = {"street": "Rosenweg", "number": "12", "postcode": "70173", "city": "Stuttgart"}
ANNA = {"name": "Anna Berg", "birthday": "1980-03-14", **HOUSE}


def says(shop, *claims, **attributes):
    said = tuple(AttributeClaim(attribute=name, value=value) for name, value in attributes.items())
    touchpoint = shop.touchpoint(*claims)
    return shop.accept(
        type(touchpoint)(
            **{**{f: getattr(touchpoint, f) for f in touchpoint.__struct_fields__}, "attributes": said}
        )
    )[0].touch_id


def look(shop):
    while suggesting.look(shop.tx, SCORER):
        pass


def queue(shop):
    look(shop)
    return [(found.a, found.b) for found in shelves.page(shop.tx, "queue")]


def two_annas(shop):
    return (
        says(shop, "email!anna.berg@gmx.de", **ANNA),
        says(shop, "email!anna@berg.example", **{**ANNA, "name": "Berg, Ana"}),
    )


def test_two_records_of_one_person_are_suggested_and_not_merged(shop):
    anna, ana = two_annas(shop)
    assert queue(shop) == [(anna, ana)]
    assert shop.who(anna, ana) == [1, 2]


def test_a_suggestion_tells_why_with_bits_that_add_up(shop):
    two_annas(shop)
    look(shop)
    (found,) = shelves.page(shop.tx, "queue")
    assert found.prior + sum(bits for *_, bits in found.steps) == pytest.approx(found.bits, abs=0.01)
    assert {field: level for field, level, _ in found.steps}["given"] == "typo"


def test_spouses_are_not_suggested(shop):
    says(shop, "email!anna@berg.example", **ANNA)
    says(shop, "email!jorg@berg.example", **{**ANNA, "name": "Jörg Berg", "birthday": "1978-11-02"})
    assert queue(shop) == []


def test_an_anonymous_visit_makes_nobody_due(shop):
    look(shop)
    shop.report("device:d1", "session:s1")
    assert not suggesting.pending(shop.tx)


def test_accepting_makes_one_person_and_revoking_brings_the_suggestion_back(shop):
    anna, ana = two_annas(shop)
    queue(shop)
    customer, decision = suggest.judge(shop.tx, "Kim", anna, ana, "accept")
    assert shop.who(anna, ana) == [1, 1]
    assert identity.resolve(shop.tx, customer) == identity.resolve(shop.tx, ana)
    assert queue(shop) == []
    decide.revoke(shop.tx, "Kim", decision)
    assert queue(shop) == [(anna, ana)]


def test_dismissing_is_a_never_and_revoking_brings_the_suggestion_back(shop):
    anna, ana = two_annas(shop)
    queue(shop)
    _, decision = suggest.judge(shop.tx, "Kim", ana, anna, "dismiss")
    says(shop, "email!anna.berg@gmx.de", **ANNA, company="Berg & Co")
    assert queue(shop) == []
    with pytest.raises(Refusal, match="no suggestion any more"):
        suggest.judge(shop.tx, "Kim", anna, ana, "accept")
    decide.revoke(shop.tx, "Kim", decision)
    assert queue(shop) == [(anna, ana)]


def test_what_is_put_off_comes_back_on_its_day(shop):
    anna, ana = two_annas(shop)
    queue(shop)
    suggest.judge(shop.tx, "Kim", anna, ana, "unsure", days=3)
    says(shop, "email!anna.berg@gmx.de", **ANNA, company="Berg & Co")
    assert queue(shop) == []
    shop.tx.now += 3 * suggest.DAY
    assert queue(shop) == [(anna, ana)]


def test_what_is_put_off_follows_its_people_into_other_records(shop):
    anna, ana = two_annas(shop)
    queue(shop)
    suggest.judge(shop.tx, "Kim", anna, ana, "unsure")
    early = shop.report("email!anna.berg@gmx.de", at=-5)
    assert identity.resolve(shop.tx, anna) == early
    assert queue(shop) == []
    shop.tx.now += 40 * suggest.DAY
    assert [set(pair) for pair in queue(shop)] == [{early, ana}]


def test_a_record_that_changed_is_scored_anew(shop):
    anna, ana = two_annas(shop)
    assert queue(shop) == [(anna, ana)]
    says(shop, "email!anna@berg.example", name="Berg, Ana", birthday="1999-01-01")
    says(shop, "email!anna.berg@gmx.de", name="Anna Berg", birthday="1955-05-05")
    shop.decide("never", anna, ana)
    assert queue(shop) == []


def test_a_merge_in_another_way_takes_the_suggestion_away(shop):
    anna, ana = two_annas(shop)
    assert queue(shop)
    shop.decide("same", anna, ana)
    assert shop.who(anna, ana) == [1, 1]
    assert queue(shop) == []
    assert shop.tx.all("SELECT * FROM suggestion") == []


def test_two_verified_accounts_are_marked_as_such(shop):
    says(shop, "user_id!U1", **ANNA)
    says(shop, "user_id!U2", **ANNA)
    look(shop)
    (found,) = shelves.page(shop.tx, "queue")
    assert found.accounts
    assert shop.who(found.a, found.b) == [1, 2]


def test_what_is_taken_back_leaves_no_trace_at_once(shop):
    anna, _ = two_annas(shop)
    look(shop)
    shop.tx.run(
        "DELETE FROM attribute WHERE evidence = (SELECT evidence FROM touchpoint WHERE id = ?)", (anna,)
    )
    assert shop.tx.all("SELECT 1 FROM match_person WHERE customer = ?", (anna,)) == []
    assert shop.tx.all("SELECT 1 FROM match_key WHERE customer = ?", (anna,)) == []
    assert suggesting.pending(shop.tx)


def test_the_order_of_arrival_changes_no_suggestion(shop):
    annas = two_annas(shop)
    look(shop)
    before = shop.tx.all("SELECT a, b, bits, steps FROM suggestion")
    for side in annas:
        shop.tx.run("INSERT INTO match_due (customer) VALUES (?)", (side,))
    for table in ("match_person", "match_key", "suggestion"):
        shop.tx.run(f"DELETE FROM {table}")
    shop.tx.now += 1
    for side in reversed(annas):
        suggesting._look_at(shop.tx, side, SCORER)
    assert shop.tx.all("SELECT a, b, bits, steps FROM suggestion") == before


def test_pages_follow_one_another_and_shelves_are_counted(shop):
    for n in range(5):
        for spelling in ("Anna", "Ana"):
            says(
                shop,
                f"email!{spelling}{n}@berg.example",
                **{
                    **ANNA,
                    "name": f"{spelling} Berg",
                    "street": f"Weg{n}{n}{n}",
                    "birthday": f"19{50 + 7 * n}-03-1{n}",
                },
            )
    look(shop)
    first = shelves.page(shop.tx, "queue", limit=3)
    last = first[-1]
    rest = shelves.page(shop.tx, "queue", (last.bits, last.a, last.b), limit=30)
    assert len(first) == 3
    assert len(first) + len(rest) == shelves.waiting(shop.tx, "queue")
    assert not {(s.a, s.b) for s in first} & {(s.a, s.b) for s in rest}
    assert len(shelves.of_customer(shop.tx, last.a)) >= 1


# --- learning


def crowd(size):
    return [
        person(
            str(n),
            {
                "name": [
                    f"{['Anna', 'Jonas', 'Lena', 'Paul', 'Marie'][n % 5]} {['Berg', 'Kuhn', 'Stein', 'Vogel'][n % 4]}{n % 37}"
                ],
                "postcode": [str(70000 + n % 50)],
            },
        )
        for n in range(size)
    ]


def test_a_small_site_works_with_what_ships(shop):
    people = crowd(50)
    learned = learn(people, Counts(people), 50)
    assert learned.weights.m == SHIPPED.m
    assert learned.weights.match == pytest.approx(2 * 0.15 / 50)


def test_a_site_learns_chance_and_priors_and_never_m():
    people = crowd(600)
    learned = learn(people, Counts(people), 600)
    assert learned.weights.u != SHIPPED.u
    for field, row in learned.weights.m.items():
        assert row == pytest.approx(SHIPPED.m[field], abs=1e-5)
    assert from_text(to_text(learned)).weights.u["given"] == pytest.approx(learned.weights.u["given"])
    assert from_text(to_text(learned)).counts.frequency("given", "anna") == learned.counts.frequency(
        "given", "anna"
    )


def test_operators_teach_only_when_many_and_only_what_is_better():
    surname_and_dob = tuple({"surname": 4, "given": 0, "dob": 4}.get(field) for field in SHIPPED.m)
    names = tuple({"surname": 4, "given": 7}.get(field) for field in SHIPPED.m)
    verdicts = [(surname_and_dob, True)] * 300 + [(names, False)] * 300
    before = small(1000)
    assert taught(verdicts[:400], before) is None
    better = taught(verdicts, before)
    assert better is not None
    assert better.m["given"][0] > before.m["given"][0]


@pytest.fixture
async def store(tmp_path):
    store = await Store.open(tmp_path / "hub.db", clock=lambda: START, publish=lambda topic, event: None)
    yield store
    await store.close()


def keep_people(tx, people):
    for n, (given, surname) in enumerate(people):
        said = {"name": [f"{given} {surname}"], "dob": [f"19{50 + n % 40}-03-1{n % 9}"]}
        tx.run(
            suggesting.SQL_KEEP_PERSON,
            {"customer": n.to_bytes(16), "said": msgspec.json.encode(said).decode(), "proven": False},
        )


async def test_the_site_is_learned_from_once_a_day(store):
    suggester = Suggester(store)
    await suggester.learn_due()
    assert await store.read(lambda read: read.one("SELECT count(*) FROM match_model")) == (0,)
    people = [(f"{['Anna', 'Jonas', 'Lena', 'Paul'][n % 4]}", f"Berg{chr(97 + n % 26)}") for n in range(320)]
    await store.write(keep_people, people)
    await suggester.learn_due()
    assert await store.read(lambda read: read.one("SELECT people FROM match_model")) == (320,)
    assert await store.read(suggesting.pending)
    await suggester.look_due()
    assert not await store.read(suggesting.pending)
    await suggester.learn_due()
    assert await store.read(lambda read: read.one("SELECT max(id) FROM match_model")) == (1,)
