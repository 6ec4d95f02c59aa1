"""A whole population: candidates, learning without labels, files in and out."""

import csv
import random

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.identity.matching import link, person
from hub.identity.matching.blocking import keys, pairs
from hub.identity.matching.clustering import clusters
from hub.identity.matching.person import Person, day, email, fold, phone, split_name, words
from hub.identity.matching.reading import NoPeople, read

SURNAMES = sorted(
    words(
        "Berg Kuhn Stein Vogel Winter Roth Adler Busch Haas Frank Lenz Horn Kraft Moser Nagel Pohl Reuter Sommer Thiel Wolf"
    )
)
GIVEN = sorted(
    words(
        "Anna Jonas Lena Paul Marie Felix Clara Emil Greta Oskar Ida Anton Nora Hugo Ella Bruno Frieda Karl Lotte Otto"
    )
)


def town(households: int, seed: int = 1) -> tuple[list[Person], list[int]]:
    """Couples at one address with one telephone, two records each, now and then with a slip; and who is who."""
    dice, people, truth = random.Random(seed), [], []
    for n in range(households):
        surname, street, number = (
            dice.choice(SURNAMES),
            f"{dice.choice(SURNAMES)}weg",
            str(dice.randint(1, 90)),
        )
        telephone = f"0711{dice.randint(1000000, 9999999)}"
        for m, given_name in enumerate(dice.sample(GIVEN, 2)):
            born = f"{dice.randint(1940, 2000)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
            for _ in range(2):
                slip = given_name[:-1] + "x" if dice.random() < 0.1 else given_name
                said = {
                    "name": [f"{slip} {surname}"],
                    "street": [street],
                    "number": [number],
                    "phone": [telephone],
                }
                if dice.random() < 0.97:
                    said["dob"] = [born]
                people.append(person(str(len(people)), said))
                truth.append(2 * n + m)
    return people, truth


def test_couples_are_told_apart_without_a_label():
    people, truth = town(250)
    labels = link(people).labels
    together = {(a, b) for b in range(len(people)) for a in range(b) if labels[a] == labels[b]}
    right = {(a, b) for a, b in together if truth[a] == truth[b]}
    assert len(right) >= 0.97 * len(together)
    assert len(right) >= 0.85 * len(people) / 2


def test_a_crowd_behind_one_key_is_left_out():
    crowd = [
        person(str(n), {"phone": ["0711234567"], "name": [f"{GIVEN[n % 20]}{'abcdefgh'[n // 20]} X{n}"]})
        for n in range(100)
    ]
    assert len(pairs(crowd, keys)) < 200


def test_one_slip_in_an_address_still_shares_a_key():
    one = person("a", {"email": ["katharina.berg@gmx.de"]})
    for slip in ("katharina.brg@gmx.de", "katharinna.berg@gmx.de", "katharima.berg@web.de"):
        assert keys(one) & keys(person("b", {"email": [slip]})), slip


def test_a_single_person_and_nobody_link():
    assert link([]).labels == ()
    assert link([person("a", {"name": ["Anna Berg"]})]).labels == (0,)


def test_clusters_are_what_pairs_connect():
    assert clusters(5, [(3, 4), (0, 3)]) == [0, 1, 2, 0, 0]


@pytest.mark.parametrize(
    ("raw", "folded"),
    [("1971-06-24", "19710624"), ("19710624", "19710624"), ("24.06.1971", "19710624"), ("06/24/1971", "19710624"),
     ("1971", "19710000"), ("1971-06-24T00:00:00Z", "19710624"), ("yesterday", ""), ("", "")],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(raw, folded):
    assert day(raw) == folded


def test_values_are_folded_once():
    assert fold("  Straße-Ñandú ") == "strasse nandu"
    assert phone("+49 (0) 711/234567-8") == phone("0711 2345678") == "112345678"
    assert split_name("Dr. Berg, Anna") == split_name("Anna Berg") == ("anna", "berg")
    assert email("A.B+x@GoogleMail.com").address == "ab@gmail.com"
    assert email("nobody") is None


# --- files


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_files_of_any_header_are_scored(tmp_path):
    file, out = tmp_path / "kunden.csv", tmp_path / "out" / "pairs.csv"
    out.parent.mkdir()
    file.write_text(
        "Vorname; Nachname; E-Mail; Geburtsdatum; Truth\n"
        "Anna; Berg; anna.berg@gmx.de; 14.03.1980; 1\nAna; Berg; anna.berg@gmx.de; 1980-03-14; 1\nOtto; Wolf; ; 01.02.1950; 2\n",
        encoding="utf-8",
    )
    answer = CliRunner().invoke(app, ["identity", "score", str(file), "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    assert "Left aside: Truth." in answer.output
    first = rows(out)[0]
    assert (first["id_a"], first["id_b"]) == ("1", "2")
    assert float(first["probability"]) > 0.95
    assert rows(tmp_path / "out" / "pairs.clusters.csv") == [
        {"id": "1", "cluster": "1"}, {"id": "2", "cluster": "1"}, {"id": "3", "cluster": "3"},
    ]  # fmt: skip


def test_two_files_are_one_population(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("id,name,dob\n1,Anna Berg,1980-03-14\n")
    assert [who.key for who in read([tmp_path / "a.csv", tmp_path / "b.csv"]).people] == ["a:1", "b:1"]


def test_a_column_that_names_people_is_no_record_id(tmp_path):
    (tmp_path / "a.csv").write_text("id,rec_id,name\n7,r1,Anna Berg\n7,r2,Anna Berg\n")
    assert [who.key for who in read([tmp_path / "a.csv"]).people] == ["r1", "r2"]


def test_a_file_without_people_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "a.csv").write_text("colour,price\nred,1\n")
    with pytest.raises(NoPeople, match="expected a header"):
        read([tmp_path / "a.csv"])
    answer = CliRunner().invoke(app, ["identity", "score", str(tmp_path / "none.csv")])
    assert answer.exit_code == 1
    assert "there is no such file" in answer.output
